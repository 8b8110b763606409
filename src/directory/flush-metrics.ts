import { logError } from "../observe/log.ts";
import { restoreCounts, hasCounts, drainCounts } from "../observe/metrics.ts";
import { OPERATIONS } from "./account-directory-do.ts";
import { callDirectory } from "./directory-client.ts";

/** When this isolate last added its counts, in ms since the epoch. */
let flushedAt = 0;

/** Whether this isolate has not added its counts for so long. */
export const isFlushDue = (afterMs: number): boolean => Date.now() - flushedAt > afterMs;

/** Adds what this isolate counted to what the deployment did. One that fails is tried again with the next. */
export async function flushCounts(env: Pick<Env, "DIRECTORY">): Promise<void> {
  flushedAt = Date.now();
  if (!hasCounts()) return;
  const counts = drainCounts();
  try {
    await callDirectory(env, OPERATIONS, (directory) => directory.addMetrics(counts));
  } catch (error) {
    restoreCounts(counts);
    logError("metrics.unflushed", "metrics could not be handed on", error);
  }
}
