import type { Context, Next } from "hono";

import { OPERATIONS } from "../directory/account-directory-do.ts";
import { onDirectory } from "../account/account-client.ts";
import { count, giveBack, hasCounts, observe, takeCounts } from "../observe/metrics.ts";
import { logError } from "../observe/log.ts";
import { SECOND_MS } from "../shared/time.ts";
import type { AppEnv } from "./context.ts";

/** An isolate hands on what it counted so often, at the end of a request. What it has not when it ends is lost. */
const FLUSH_MS = 10 * SECOND_MS;

let flushedAt = 0;

/** Counts each request, and now and then hands on what was counted. */
export async function measure(c: Context<AppEnv>, next: Next): Promise<void> {
  const began = Date.now();
  await next();
  count("requests_total", { status: `${Math.floor(c.res.status / 100)}xx` });
  observe("request_duration_ms", Date.now() - began);
  if (Date.now() - flushedAt > FLUSH_MS) c.executionCtx.waitUntil(flushCounts(c.env));
}

/** Adds what this isolate counted to what the deployment did. One that fails is tried again with the next. */
export async function flushCounts(env: Pick<Env, "DIRECTORY">): Promise<void> {
  flushedAt = Date.now();
  if (!hasCounts()) return;
  const counts = takeCounts();
  try {
    await onDirectory(env, OPERATIONS, (directory) => directory.addMetrics(counts));
  } catch (error) {
    giveBack(counts);
    logError("metrics.unflushed", "metrics could not be handed on", error);
  }
}
