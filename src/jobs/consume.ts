import { z } from "zod";

import { ApiError } from "../shared/errors.ts";
import { noteDataAction } from "../directory/account-log.ts";
import type { DataAction } from "../directory/account-log.ts";
import { flushCounts } from "../directory/flush-metrics.ts";
import { logError } from "../observe/log.ts";
import { noteInContext, requestIdField, runInContext } from "../observe/request-context.ts";
import { count } from "../observe/metrics.ts";
import { backupJob, runBackup } from "./backup.ts";
import { BatchReport } from "./batch-report.ts";
import type { JobReport } from "./batch-report.ts";
import { isDeadLetterQueue, noteDeadLetters } from "./dead-letters.ts";
import { factsJob, rememberTurn } from "./extract-facts.ts";
import { maintainAccount, maintainJob } from "./maintain.ts";
import { respondInBackground, respondJob } from "./respond.ts";
import { sweepAccount, sweepJob } from "./sweep.ts";
import { answerWhatsApp, whatsappJob } from "./whatsapp.ts";

const job = z.discriminatedUnion("type", [
  sweepJob,
  maintainJob,
  backupJob,
  whatsappJob,
  respondJob,
  factsJob,
]);
type Job = z.infer<typeof job>;

/** The request that queued the job, for the log. */
const queuedBy = z.looseObject({ request_id: z.string() });

/**
 * Runs queued jobs one by one. A failed job is retried alone, and ends in the dead-letter queue. Queues deliver at least
 * once, so every job is idempotent.
 */
export async function consume(batch: MessageBatch, env: Env): Promise<void> {
  if (isDeadLetterQueue(batch.queue)) await noteDeadLetters(batch, env);
  else await consumeAll(batch, env);
  await flushCounts(env);
}

async function consumeAll(batch: MessageBatch, env: Env): Promise<void> {
  const report = new BatchReport();
  for (const message of batch.messages) {
    const { data } = queuedBy.safeParse(message.body);
    const request_id = data?.request_id ?? `job_${message.id}`;
    const own = report.of(request_id, message.id);
    await runInContext({ request_id }, () => consumeOne(message, env, own));
  }
  await report.send(env, Date.now());
}

async function consumeOne(message: Message, env: Env, report: JobReport): Promise<void> {
  try {
    const queued = job.parse(message.body);
    noteInContext({ account_id: queued.account_id });
    const { rest, totals, action } = await work(env, queued, report);
    if (rest !== null) await env.JOBS.send({ ...rest, ...requestIdField() });
    // Nothing fails from here on: a retry would count it again.
    if (totals) report.add(totals);
    if (action) await noteDataAction(env, action);
    message.ack();
  } catch (error) {
    logError("job.failed", "a queued job failed", error, {
      message_id: message.id,
      attempts: message.attempts,
    });
    count("jobs_failed_total");
    report.failed(message.body, error, Date.now());
    message.retry();
  }
}

/** What a job has done. */
interface Outcome {
  /** The job that continues when the time is up, or that comes next; null when all is done. */
  rest: Job | null;
  totals?: Parameters<JobReport["add"]>[0];
  /** For the account's log. */
  action?: DataAction | null;
}

async function work(env: Env, queued: Job, report: JobReport): Promise<Outcome> {
  if (queued.type === "whatsapp") {
    await answerWhatsApp(env, queued);
    return { rest: null };
  }
  if (queued.type === "response") {
    await respondInBackground(env, queued);
    return { rest: null };
  }
  if (queued.type === "facts") {
    await rememberTurn(env, queued);
    return { rest: null };
  }
  if (queued.type === "backup") return { rest: (await finishBackup(env, queued)) ? null : queued };
  if (queued.type === "maintain") {
    const { complete, errors } = await maintainAccount(env, queued, report.maintained);
    const totals = { sessions: 0, bytes: 0, errors, isDone: complete };
    return { rest: complete ? null : queued, totals };
  }
  return sweep(env, queued, report);
}

/** Maintenance is a job of its own: where it fails, the sweep before it is not counted again. */
async function sweep(
  env: Env,
  queued: z.infer<typeof sweepJob>,
  report: JobReport,
): Promise<Outcome> {
  const { account_id, now } = queued;
  const note = (errors: number, complete: boolean) =>
    report.maintained({
      account_id,
      at: now,
      is_sweep: true,
      errors,
      failed_steps: errors > 0 ? ["sweep"] : [],
      complete,
    });
  const { so_far, after } = await sweepAccount(env, queued, null).catch((error: unknown) => {
    note(1, true);
    throw error;
  });
  note(so_far.errors - queued.so_far.errors, after === null);
  if (after !== null) return { rest: { ...queued, after, so_far } };
  const { deleted: sessions, bytes, errors } = so_far;
  const archived = {
    account_id,
    at: now,
    actor: "system",
    action: "retention.archive",
    details: { sessions, bytes },
  };
  return {
    rest: { type: "maintain", account_id, now },
    totals: { sessions, bytes, errors, isDone: false },
    action: sessions > 0 ? archived : null,
  };
}

/** A backup that was deleted meanwhile counts as complete. */
async function finishBackup(env: Env, queued: z.infer<typeof backupJob>): Promise<boolean> {
  try {
    return await runBackup(env, queued, null);
  } catch (error) {
    if (error instanceof ApiError && error.code === "backup_not_found") return true;
    throw error;
  }
}
