import { Hono } from "hono";

import { authorise } from "../../auth/authorise.ts";
import { requestTime } from "../../context.ts";
import type { AppEnv } from "../../context.ts";
import { fanOut } from "../../../jobs/fan-out.ts";
import { adminAccounts } from "./accounts.ts";
import { adminAssistants } from "./assistants.ts";
import { adminCache } from "./cache.ts";
import { adminFlags } from "./flags.ts";
import { adminKeys } from "./keys.ts";
import { adminLog } from "./log.ts";
import { recordAction } from "../record-admin-action.ts";
import { adminCircuit } from "./circuits.ts";

export const admin = new Hono<AppEnv>()
  .route("/keys", adminKeys)
  .route("/accounts", adminAccounts)
  .route("/accounts/:account_id/assistants", adminAssistants)
  .route("/flags", adminFlags)
  .route("/cache", adminCache)
  .route("/circuit", adminCircuit)
  .route("/log", adminLog)
  .post("/purge", async (c) => {
    authorise(c, "admin");
    await recordAction(c, "purge.all", "accounts");
    return c.json({ queued: await fanOut(c.env, "sweep", requestTime(c)) }, 202);
  });
