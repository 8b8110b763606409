import { OPERATIONS } from "../directory/account-directory-do.ts";
import { callDirectory } from "../directory/directory-client.ts";
import type { DeadLetter } from "../directory/failed-jobs-table.ts";
import { log, logError } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import { requestIdField } from "../observe/request-context.ts";
import { parseJson } from "../shared/json.ts";
import { failedJob } from "./batch-report.ts";

/** Jobs of users who wait. */
const MESSAGE_TYPES: ReadonlySet<string> = new Set(["whatsapp", "response"]);

/** Whether a queue is the one of jobs that were given up, in production or in an environment. */
export const isDeadLetterQueue = (queue: string): boolean => /-dead(-[a-z]+)?$/.test(queue);

/** Notes jobs that a queue gave up. They are noted at least once, as one row each. */
export async function noteDeadLetters(batch: MessageBatch, env: Env): Promise<void> {
  const dead = batch.messages.map(({ body }) => failedJob(body, null));
  try {
    await callDirectory(env, OPERATIONS, (directory) => directory.noteDeadJobs(dead, Date.now()));
    batch.ackAll();
  } catch (error) {
    logError("jobs.unnoted", "dead letters could not be noted; they are tried again", error);
    batch.retryAll();
    return;
  }
  for (const { type, account_id, request_id } of dead) {
    count("jobs_dead_total", { type });
    log("job.dead", "[Queue] A job was given up: see GET /admin/dead-letters", {
      type,
      account_id,
      queued_by: request_id,
    });
  }
}

/** Queues the job again. Jobs are idempotent: one that was done meanwhile finds nothing to do. */
export async function retryDeadLetter(env: Env, { job, type, id }: DeadLetter): Promise<void> {
  const body = { ...(parseJson(job) as object), ...requestIdField() };
  const queue = MESSAGE_TYPES.has(type) ? env.MESSAGES : env.JOBS;
  await queue.send(body);
  await callDirectory(env, OPERATIONS, (directory) => directory.dropFailedJob(id));
}
