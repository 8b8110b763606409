import { z } from "zod";

import { OPERATIONS } from "../../../directory/account-directory-do.ts";
import type { CronRun } from "../../../directory/cron-runs-table.ts";
import { callDirectory } from "../../../directory/directory-client.ts";
import { isoTime } from "../../../shared/time.ts";
import { listOf } from "../../list-response.ts";
import * as s from "../../openapi/schema.ts";
import { pageQuery } from "../../read-request.ts";
import { route } from "../../route.ts";

/** Runs in an operator's first look. */
const LAST_RUNS = 10;
const RUN_RULE = "takes the id of a run, or of no run";

const cronRun = s.named("CronRun", () =>
  s.object({
    object: s.only("cron_run"),
    id: s.text,
    errand: s.only("sweep", "maintain"),
    started_at: s.time,
    queued_at: s.maybe(s.time),
    accounts: s.whole,
    done: s.whole,
    sessions: s.whole,
    bytes: s.whole,
    errors: s.whole,
    error: s.maybe(s.text),
    failures: s.many(s.object({ account_id: s.text, reason: s.text, at: s.time })),
  }),
);
const queue = () => s.object({ waiting: s.whole, oldest_at: s.maybe(s.time) });

export const adminOperations = [
  route("GET /admin/cron-runs", {
    id: "listCronRuns",
    summary: "Lists the crons' last runs, with what failed",
    scope: "admin",
    query: () =>
      z.strictObject({
        limit: pageQuery({ order: "desc" }).limit,
        after: z.string().max(64, RUN_RULE).optional(),
      }),
    reply: () => s.listOf(cronRun),
    handle: async ({ c, query: { limit, after = null } }) => {
      const found = await callDirectory(c.env, OPERATIONS, (each) =>
        each.cronRuns(after, limit + 1),
      );
      const data = found.slice(0, limit);
      return listOf({ data, has_more: found.length > limit }, runBody, ({ run_id }) => run_id);
    },
  }),
  route("GET /admin/operations", {
    id: "getOperations",
    summary: "Reads what the deployment is doing: circuits, queues, crons, dead letters",
    scope: "admin",
    reply: () =>
      s.object({
        object: s.only("operations"),
        circuits: s.many(
          s.object({ name: s.text, opened_at: s.time, until: s.time, failures: s.whole }),
        ),
        queues: s.object({ jobs: queue(), messages: queue() }),
        dead_letters: s.whole,
        failing_maintenance: s.many(
          s.object({
            account_id: s.text,
            since: s.time,
            at: s.time,
            errors: s.whole,
            failed_steps: s.many(s.text),
          }),
        ),
        cron_runs: s.many(cronRun),
      }),
    handle: async ({ c: { env }, now }) => {
      const [{ circuits, dead_letters, failing_maintenance = [], runs }, jobs, messages] =
        await Promise.all([
          callDirectory(env, OPERATIONS, (each) => each.operations(LAST_RUNS, now)),
          env.JOBS.metrics(),
          env.MESSAGES.metrics(),
        ]);
      return {
        object: "operations",
        circuits: circuits.map(({ name, opened_at, until, failures }) => ({
          name,
          opened_at: isoTime(opened_at),
          until: isoTime(until),
          failures,
        })),
        queues: { jobs: queueBody(jobs), messages: queueBody(messages) },
        dead_letters,
        failing_maintenance: failing_maintenance.map(({ since, at, ...account }) => ({
          ...account,
          since: isoTime(since),
          at: isoTime(at),
        })),
        cron_runs: runs.map(runBody),
      };
    },
  }),
];

const queueBody = ({ backlogCount, oldestMessageTimestamp: oldest }: QueueMetrics) => ({
  waiting: backlogCount,
  oldest_at: oldest ? isoTime(oldest.getTime()) : null,
});

const runBody = ({ run_id, started_at, queued_at, failures, ...run }: CronRun) => ({
  object: "cron_run" as const,
  id: run_id,
  started_at: isoTime(started_at),
  queued_at: queued_at === null ? null : isoTime(queued_at),
  ...run,
  failures: failures.map(({ at, ...failure }) => ({ ...failure, at: isoTime(at) })),
});
