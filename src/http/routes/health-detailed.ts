import { OPERATIONS } from "../../directory/account-directory-do.ts";
import { callDirectory } from "../../directory/directory-client.ts";
import { total } from "../../observe/exposition.ts";
import { isoTime } from "../../shared/time.ts";
import { json } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { noFields } from "../read-request.ts";
import { route } from "../route.ts";
import { countAll } from "./health-counts.ts";
import { checkHealth } from "./health-checks.ts";

const healthReply = s.named("Health", () =>
  s.object({
    status: s.only("up", "degraded", "down"),
    counts: s.maybe(
      s.object({
        queries: s.whole,
        cached_answers: s.whole,
        cached_embeddings: s.whole,
        live_sessions: s.whole,
        archived_sessions: s.whole,
        backups_made: s.whole,
        jobs_waiting: s.whole,
        oldest_job_at: s.maybe(s.time),
      }),
    ),
    repairs: s.maybe(
      s.object({ turns: s.whole, archived_sessions: s.whole, unreadable_objects: s.whole }),
    ),
    checks: s.many(
      s.object({
        name: s.text,
        needed: s.truth,
        status: s.only("up", "degraded", "down"),
        latency_ms: s.number,
        detail: s.maybe(s.text),
        since: s.time,
      }),
    ),
  }),
);

export const detailedHealth = [
  route("GET /health/detailed", {
    id: "getHealthDetailed",
    summary: "Checks storage, R2, queue and models",
    scope: "admin",
    query: noFields,
    exempt: "rate limit",
    reply: () => healthReply,
    replies: () => ({
      503: { ...json(healthReply), description: "A service that it needs is down" },
    }),
    handle: async ({ c }) => {
      const [{ status, checks }, repairs, counts] = await Promise.all([
        checkHealth(c.env),
        repairsSoFar(c.env),
        countAll(c.env),
      ]);
      return c.json(
        {
          status,
          counts,
          repairs,
          checks: checks.map(({ since, ...check }) => ({ ...check, since: isoTime(since) })),
        },
        status === "down" ? 503 : 200,
      );
    },
  }),
];

/** Values out of bounds that maintenance brought inside, over all accounts. Null while the directory does not answer. */
async function repairsSoFar(env: Env) {
  try {
    const counters = await callDirectory(env, OPERATIONS, (directory) => directory.metrics());
    return {
      turns: total(counters, "repaired_turns_total"),
      archived_sessions: total(counters, "repaired_sessions_total"),
      unreadable_objects: total(counters, "unreadable_objects_total"),
    };
  } catch {
    return null;
  }
}
