import { z } from "zod";

import { ApiError } from "../shared/errors.ts";
import { flushCounts } from "../directory/flush-metrics.ts";
import { logError } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import { backupJob, runBackup } from "./backup.ts";
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
]);
type Job = z.infer<typeof job>;

/**
 * Runs queued jobs one by one. A failed job is retried alone, and ends in the dead-letter queue. Queues deliver at least
 * once, so every job is idempotent.
 */
export async function consume(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    try {
      const rest = await work(env, job.parse(message.body));
      if (rest !== null) await env.JOBS.send(rest);
      message.ack();
    } catch (error) {
      logError("job.failed", "a queued job failed", error, {
        message_id: message.id,
        attempts: message.attempts,
      });
      count("jobs_failed_total");
      message.retry();
    }
  }
  await flushCounts(env);
}

/** @returns the job that continues when the time is up; null when all is done */
async function work(env: Env, queued: Job): Promise<Job | null> {
  if (queued.type === "whatsapp") {
    await answerWhatsApp(env, queued);
    return null;
  }
  if (queued.type === "response") {
    await respondInBackground(env, queued);
    return null;
  }
  if (queued.type === "backup") return (await finishBackup(env, queued)) ? null : queued;
  if (queued.type === "maintain") return (await maintainAccount(env, queued)) ? null : queued;
  const { so_far, after } = await sweepAccount(env, queued, null);
  if (after !== null) return { ...queued, after, so_far };
  const { account_id, now } = queued;
  return work(env, { type: "maintain", account_id, now });
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
