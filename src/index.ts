import { env as startEnv } from "cloudflare:workers";

import { createApp } from "./app.ts";
import { configOf } from "./config.ts";
import { log } from "./observe/log.ts";

export { AccountDirectoryDO } from "./directory/account-directory-do.ts";
export { ConversationDO } from "./account/conversation-do.ts";

// A wrong setting stops start-up, and so the deployment, before any request.
if (configOf(startEnv).AUTH === "open") {
  log("auth.open", "AUTH=open: every request may do anything. Use it in development only.");
}

const app = createApp();

export default {
  fetch: app.fetch,

  scheduled: async (controller, env) =>
    (await import("./jobs/run-cron.ts")).runCron(controller, env),

  queue: async (batch, env) => (await import("./jobs/consume.ts")).consume(batch, env),
} satisfies ExportedHandler<Env>;
