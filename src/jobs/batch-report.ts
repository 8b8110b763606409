import { z } from "zod";

import { OPERATIONS } from "../directory/account-directory-do.ts";
import type { RunProgress } from "../directory/cron-runs-table.ts";
import { callDirectory } from "../directory/directory-client.ts";
import type { FailedJob } from "../directory/failed-jobs-table.ts";
import type { Maintained } from "../directory/failing-maintenance.ts";
import { logError } from "../observe/log.ts";
import { isObject } from "../shared/json-merge-patch.ts";
import { RUN_PREFIX } from "./cron-run.ts";
import { reasonOf } from "./failure-reason.ts";

/** Says what one job did. */
export interface JobReport {
  /** It failed, and is retried. */
  failed: (body: unknown, error: unknown, now: number) => void;
  /** Part of an account's work. @param totals.isDone - it was the last part */
  add: (totals: Pick<RunProgress, "sessions" | "bytes" | "errors"> & { isDone: boolean }) => void;
  /** An account was maintained, or a part of its maintenance is done. */
  maintained: (maintained: Maintained) => void;
}

const ids = z.object({
  type: z.string().max(64).catch("unknown"),
  account_id: z.string().max(256).nullable().catch(null),
  user_id: z.string().max(256).nullable().catch(null),
  request_id: z.string().max(256).nullable().catch(null),
});

/** A failed job, from what the queue carries. */
export function failedJob(body: unknown, reason: string | null): FailedJob {
  const { request_id: _, ...job } = isObject(body) ? body : { body };
  return { ...ids.parse(isObject(body) ? body : {}), job: JSON.stringify(job), reason };
}

/** Collects what the jobs of a batch did, so that one RPC notes it. */
export class BatchReport {
  readonly #failed: FailedJob[] = [];
  readonly #runs = new Map<string, RunProgress>();
  readonly #maintained: Maintained[] = [];

  /**
   * @param requestId - of the cron or the request that queued the job
   * @param message - its id in the queue, the same for each retry
   */
  of(requestId: string, message: string): JobReport {
    return {
      failed: (body, error, now) => {
        const failed = failedJob(body, reasonOf(error));
        this.#failed.push(failed);
        const { account_id, reason } = failed;
        if (account_id === null) return;
        this.#run(requestId)?.failures.push({ account_id, reason: reason ?? "unknown", at: now });
      },
      add: ({ sessions, bytes, errors, isDone }) => {
        const run = this.#run(requestId);
        if (!run) return;
        run.sessions += sessions;
        run.bytes += bytes;
        run.errors += errors;
        if (isDone) run.done += 1;
      },
      maintained: (maintained) => void this.#maintained.push({ ...maintained, message }),
    };
  }

  /** Null for work that no cron began. */
  #run(requestId: string): RunProgress | null {
    if (!requestId.startsWith(RUN_PREFIX)) return null;
    const run = this.#runs.get(requestId) ?? {
      done: 0,
      sessions: 0,
      bytes: 0,
      errors: 0,
      failures: [],
    };
    this.#runs.set(requestId, run);
    return run;
  }

  /** Notes it. The jobs are done or retried also where it cannot be noted. */
  async send(env: Pick<Env, "DIRECTORY">, now: number): Promise<void> {
    if (this.#failed.length + this.#runs.size + this.#maintained.length === 0) return;
    const maintained = this.#maintained;
    const report = { failed: this.#failed, runs: [...this.#runs], maintained, now };
    try {
      await callDirectory(env, OPERATIONS, (directory) => directory.noteJobs(report));
    } catch (error) {
      logError("jobs.unnoted", "what a batch of jobs did could not be noted", error);
    }
  }
}
