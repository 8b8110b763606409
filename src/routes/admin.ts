import { Hono } from "hono";
import { z } from "zod";

import type { AppEnv } from "../edge/context.ts";
import { readBody, pathId } from "../edge/validate.ts";
import { onAccount } from "../objects/account.ts";

const DAYS_RULE = "takes a number of days above zero, or null for the deployment's";
const accountPatch = z.strictObject({
  retention_days: z
    .number({ error: DAYS_RULE })
    .positive(DAYS_RULE)
    .max(36_500, DAYS_RULE)
    .nullable(),
});

export const admin = new Hono<AppEnv>()
  .get("/accounts/:account_id", async (c) => {
    const accountId = pathId(c, "account_id");
    const retention_days = await onAccount(c.env, accountId, (account) => account.retention());
    return c.json({ object: "account", account_id: accountId, retention_days });
  })
  .patch("/accounts/:account_id", async (c) => {
    const accountId = pathId(c, "account_id");
    const patch = await readBody(c, accountPatch);
    const retention_days = await onAccount(c.env, accountId, (account) =>
      account.setRetention(patch.retention_days),
    );
    return c.json({ object: "account", account_id: accountId, retention_days });
  });
