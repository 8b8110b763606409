import { OPERATIONS } from "../../directory/account-directory-do.ts";
import { callDirectory } from "../../directory/directory-client.ts";
import { deploymentTotals } from "../../directory/deployment-totals.ts";
import { total } from "../../observe/exposition.ts";
import { EMBEDDING, QUERY } from "../../outbound/cache-keys.ts";
import { countCached } from "../../outbound/kv-cache.ts";
import { isoTime } from "../../shared/time.ts";

/** Totals of the deployment, for an operator's first look. Null while a counter does not answer. */
export async function countAll(env: Env) {
  try {
    const [counters, totals, answers, embeddings, jobs, messages] = await Promise.all([
      callDirectory(env, OPERATIONS, (directory) => directory.metrics()),
      deploymentTotals(env),
      countCached(env.CACHE, [QUERY]),
      countCached(env.CACHE, [EMBEDDING]),
      env.JOBS.metrics(),
      env.MESSAGES.metrics(),
    ]);
    const waiting = [jobs, messages].flatMap(({ oldestMessageTimestamp: oldest }) =>
      oldest ? [oldest.getTime()] : [],
    );
    return {
      queries: total(counters, "turns_total"),
      // KV counts up to 1,000 at once.
      cached_answers: answers,
      cached_embeddings: embeddings,
      live_sessions: totals.live_sessions,
      archived_sessions: totals.archived_sessions,
      backups_made: total(counters, "backups_total"),
      jobs_waiting: jobs.backlogCount + messages.backlogCount,
      oldest_job_at: waiting.length === 0 ? null : isoTime(Math.min(...waiting)),
    };
  } catch {
    return null;
  }
}
