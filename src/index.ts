import { env as startEnv } from "cloudflare:workers";

import { createApp } from "./app.ts";
import { configOf } from "./config.ts";
import { consume } from "./jobs/consume.ts";
import { fanOutSweeps } from "./jobs/sweep.ts";
import { log } from "./observe/log.ts";

export { AccountDirectoryDO } from "./objects/account-directory.ts";
export { ConversationDO } from "./objects/conversation.ts";

// A wrong setting stops start-up, and so the deployment, instead of the first request.
if (configOf(startEnv).AUTH === "open") {
  log(
    "auth.open",
    "AUTH=open: whoever reaches this deployment may do anything. For development only.",
  );
}

const app = createApp();

export default {
  fetch: app.fetch,

  async scheduled({ scheduledTime, cron }, env) {
    log("cron.started", "[Cron] Starting scheduled purge job", {
      cron,
      scheduled_at: new Date(scheduledTime).toISOString(),
    });
    const accounts = await fanOutSweeps(env, scheduledTime);
    log("cron.queued", `[Cron] Queued ${accounts} accounts`, { accounts });
  },

  queue: consume,
} satisfies ExportedHandler<Env>;
