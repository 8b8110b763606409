import { env as startEnv } from "cloudflare:workers";

import { createApp } from "./app.ts";
import { configOf } from "./config.ts";
import type { Config } from "./config.ts";
import { RUN_PREFIX, noteRun } from "./jobs/cron-run.ts";
import { fanOut } from "./jobs/fan-out.ts";
import { log } from "./observe/log.ts";
import { runInContext } from "./observe/request-context.ts";
import type { Errand } from "./directory/accounts-table.ts";
import { HOUR_MS } from "./shared/time.ts";

export { AccountDirectoryDO } from "./directory/account-directory-do.ts";
export { ConversationDO } from "./account/conversation-do.ts";

// A wrong setting stops start-up, and so the deployment, before any request.
if (configOf(startEnv).AUTH === "open") {
  log("auth.open", "AUTH=open: every request may do anything. Use it in development only.");
}

const app = createApp();

/** The cron of the maintenance in wrangler.toml. Every other cron runs the purge. */
const MAINTENANCE_CRON = "0 * * * *";
const MAINTENANCE_HOURS = 1;

/** Whether a period of `CLEANUP_INTERVAL_HOURS` has begun since the cron's last call. */
function isMaintenanceDue({ CLEANUP_INTERVAL_HOURS: period }: Config, now: number): boolean {
  const periodAt = (hours: number) => Math.floor(hours / period);
  const hour = Math.floor(now / HOUR_MS);
  return periodAt(hour) !== periodAt(hour - MAINTENANCE_HOURS);
}

export default {
  fetch: app.fetch,

  scheduled: (controller, env) =>
    runInContext({ request_id: `${RUN_PREFIX}${crypto.randomUUID()}` }, () =>
      runCron(controller, env),
    ),

  queue: async (batch, env) => (await import("./jobs/consume.ts")).consume(batch, env),
} satisfies ExportedHandler<Env>;

async function runCron({ scheduledTime, cron }: ScheduledController, env: Env): Promise<void> {
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
