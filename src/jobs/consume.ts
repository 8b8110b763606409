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
 * Works off the queue, each job by itself: one that fails is retried without its siblings, and ends in the dead-letter
 * queue. A job can come twice: a sweep of what was swept finds nothing.
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

/** @returns the job that goes on where the time was up; null when all is done */
async function work(env: Env, asked: Job): Promise<Job | null> {
  if (asked.type === "whatsapp") {
    await answerWhatsApp(env, asked);
    return null;
  }
  if (asked.type === "response") {
    await respondInBackground(env, asked);
    return null;
  }
  if (asked.type === "backup") return (await finishBackup(env, asked)) ? null : asked;
  if (asked.type === "maintain") return (await maintainAccount(env, asked)) ? null : asked;
  const { so_far, after } = await sweepAccount(env, asked, null);
  if (after !== null) return { ...asked, after, so_far };
  const { account_id, now } = asked;
  return work(env, { type: "maintain", account_id, now });
}

/** One that was deleted meanwhile is done. */
async function finishBackup(env: Env, asked: z.infer<typeof backupJob>): Promise<boolean> {
  try {
    return await runBackup(env, asked, null);
  } catch (error) {
    if (error instanceof ApiError && error.code === "backup_not_found") return true;
    throw error;
  }
}
