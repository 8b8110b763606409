import { configOf } from "../config.ts";
import type { Config } from "../config.ts";
import type { Errand } from "../directory/accounts-table.ts";
import { log } from "../observe/log.ts";
import { runInContext } from "../observe/request-context.ts";
import { HOUR_MS } from "../shared/time.ts";
import { RUN_PREFIX, noteRun } from "./cron-run.ts";
import { fanOut } from "./fan-out.ts";

/** The cron of the maintenance in wrangler.toml. Every other cron runs the purge. */
const MAINTENANCE_CRON = "0 * * * *";
const MAINTENANCE_HOURS = 1;

/** Whether a period of `CLEANUP_INTERVAL_HOURS` has begun since the cron's last call. */
function isMaintenanceDue({ CLEANUP_INTERVAL_HOURS: period }: Config, now: number): boolean {
  const periodAt = (hours: number) => Math.floor(hours / period);
  const hour = Math.floor(now / HOUR_MS);
  return periodAt(hour) !== periodAt(hour - MAINTENANCE_HOURS);
}

/** What a cron does: it queues a job for each account that may be due. */
export const runCron = (controller: ScheduledController, env: Env): Promise<void> =>
  runInContext({ request_id: `${RUN_PREFIX}${crypto.randomUUID()}` }, () =>
    runErrand(controller, env),
  );

async function runErrand({ scheduledTime, cron }: ScheduledController, env: Env): Promise<void> {
  const errand: Errand = cron === MAINTENANCE_CRON ? "maintain" : "sweep";
  if (errand === "maintain" && !isMaintenanceDue(configOf(env), scheduledTime)) return;
  const name = errand === "sweep" ? "purge" : "maintenance";
  log("cron.started", `[Cron] Starting scheduled ${name} job`, {
    cron,
    scheduled_at: new Date(scheduledTime).toISOString(),
  });
  const accounts = await noteRun(env, errand, () => fanOut(env, errand, scheduledTime));
  log("cron.queued", `[Cron] Queued ${accounts} accounts`, { accounts });
}
