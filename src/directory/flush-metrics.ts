import { logError } from "../observe/log.ts";
import { restoreCounts, hasCounts, drainCounts } from "../observe/metrics.ts";
import { OPERATIONS } from "./account-directory-do.ts";
import { callDirectory } from "./directory-client.ts";

/** The isolate's last flush, in ms since the epoch. */
let flushedAt = 0;

/** Whether the last flush is longer ago than `afterMs`. */
export const isFlushDue = (afterMs: number): boolean => Date.now() - flushedAt > afterMs;

/** Adds this isolate's counts to the deployment's. After a failure the next flush adds them. */
export async function flushCounts(env: Pick<Env, "DIRECTORY">): Promise<void> {
  flushedAt = Date.now();
  if (!hasCounts()) return;
  const counts = drainCounts();
  try {
    await callDirectory(env, OPERATIONS, (directory) => directory.addMetrics(counts));
  } catch (error) {
    restoreCounts(counts);
    logError("metrics.unflushed", "metrics could not be added to the deployment's", error);
  }
}
