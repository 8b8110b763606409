import { z } from "zod";

import type { SweepRequest, SweepResult } from "../account/archive/upkeep/sweep.ts";
import { callAccount } from "../account/account-client.ts";
import { storageLimitBytes } from "../account/store/retention/retention-policy.ts";
import { WARN_SHARE } from "../account/store/usage/storage-room.ts";
import { configOf } from "../config.ts";
import { log, logError } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import { SECOND_MS } from "../shared/time.ts";
import type { Principal } from "../shared/principal.ts";

/** In milliseconds. An invocation works on one account for so long; another job does the rest. */
export const BUDGET_MS = 20 * SECOND_MS;

const totals = z.object({ deleted: z.int(), errors: z.int(), bytes: z.int() });

/** A queued job: a retention pass over one account, or the rest of one. */
export const sweepJob = z.object({
  type: z.literal("sweep"),
  account_id: z.string(),
  /** Ages are measured at this time, in ms since the epoch. */
  now: z.int(),
  after: z.int().default(0),
  so_far: totals.default({ deleted: 0, errors: 0, bytes: 0 }),
});
type SweepJob = z.infer<typeof sweepJob>;

interface SweepProgress {
  so_far: z.infer<typeof totals>;
  /** Where to continue; null when the pass is complete. */
  after: number | null;
  /** Sessions that are still due. Known when the pass is complete. */
  remaining: number;
}

/**
 * A retention pass over one account, batch by batch, for up to {@link BUDGET_MS}. It ends sooner where a batch fails after
 * others have archived something, so that what they did is told. The next call begins with the batch that failed.
 *
 * @throws ApiError the first batch's error, or that of a later one where nothing was archived before it
 */
export async function sweepAccount(
  env: Env,
  job: Omit<SweepJob, "type">,
  olderThanMs: number | null,
  caller: Principal | null = null,
): Promise<SweepProgress> {
  const { account_id, now } = job;
  const until = Date.now() + BUDGET_MS;
  const so_far = { ...job.so_far };
  let after: number | null = job.after;
  let remaining = 0;
  let storage_bytes = 0;
  while (after !== null && Date.now() < until) {
    const request: SweepRequest = { now, older_than_ms: olderThanMs, after, so_far };
    let swept: SweepResult;
    try {
      swept = await callAccount(env, account_id, (account) =>
        account.archives.sweep(caller, request),
      );
    } catch (error) {
      if (so_far.deleted === job.so_far.deleted) throw error;
      logError("purge.stopped", "[Purge] a batch failed; those before it are kept", error, {
        account_id,
        after,
      });
      break;
    }
    so_far.deleted += swept.archived;
    so_far.errors += swept.errors;
    so_far.bytes += swept.bytes;
    after = swept.cursor;
    remaining = swept.remaining;
    storage_bytes = swept.storage_bytes;
    count("swept_sessions_total", {}, swept.archived);
    count("sweep_errors_total", {}, swept.errors);
    count("archive_written_bytes_total", {}, swept.bytes);
  }
  if (after === null) count("sweeps_total");
  log("purge.ended", `[Purge] Deleted ${so_far.deleted} conversations`, {
    account_id,
    ...so_far,
    complete: after === null,
    remaining,
    storage_bytes,
  });
  warnIfFilling(env, account_id, storage_bytes);
  return { so_far, after, remaining };
}

/** Tells operators of an account that comes near the end of its SQLite. */
function warnIfFilling(env: Env, account_id: string, storage_bytes: number): void {
  const limit_bytes = storageLimitBytes(configOf(env));
  const share = storage_bytes / limit_bytes;
  if (share < WARN_SHARE) return;
  const percent = Math.floor(share * 100);
  log("storage.filling", `[Storage Warning] The account's storage is ${percent} % full`, {
    account_id,
    storage_bytes,
    limit_bytes,
  });
}
