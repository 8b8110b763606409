import type { Context, Next } from "hono";

import { flushCounts, isFlushDue } from "../directory/flush-metrics.ts";
import { count, observe } from "../observe/metrics.ts";
import { SECOND_MS } from "../shared/time.ts";
import type { AppEnv } from "./context.ts";

/** Interval at which an isolate reports its counts, in ms, at the end of a request. Counts that it has when it ends are lost. */
const FLUSH_MS = 10 * SECOND_MS;

/** Counts each request, and reports the counts at intervals. */
export async function measure(c: Context<AppEnv>, next: Next): Promise<void> {
  const began = Date.now();
  await next();
  count("requests_total", { status: `${Math.floor(c.res.status / 100)}xx` });
  observe("request_duration_ms", Date.now() - began);
  if (isFlushDue(FLUSH_MS)) c.executionCtx.waitUntil(flushCounts(c.env));
}
