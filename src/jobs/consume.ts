import { logError } from "../observe/log.ts";
import { sweepAccount, sweepJob } from "./sweep.ts";

/**
 * Works off the queue, each job by itself: one that fails is retried without its siblings, and ends in the dead-letter
 * queue. A job can come twice: a sweep of what was swept finds nothing.
 */
export async function consume(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    try {
      const job = sweepJob.parse(message.body);
      const { so_far, after } = await sweepAccount(env, job, null);
      if (after !== null) await env.JOBS.send({ ...job, after, so_far });
      message.ack();
    } catch (error) {
      logError("job.failed", "a queued job failed", error, {
        message_id: message.id,
        attempts: message.attempts,
      });
      message.retry();
    }
  }
}
