import { Hono } from "hono";
import { z } from "zod";

import type { Assistant } from "../assistants/assistant.ts";
import { withAccount } from "../edge/account.ts";
import type { AppEnv } from "../edge/context.ts";
import { accountNames, readQuery } from "../edge/validate.ts";

/** What whoever may ask may know of whom to ask. The instructions are the account's own business. */
export const assistants = new Hono<AppEnv>().get("/", async (c) => {
  readQuery(c, z.strictObject(accountNames));
  const { assistants: all } = await withAccount(c, "query", {}, (account, caller) =>
    account.assistants(caller),
  );
  const data = all.map(({ instructions: _instructions, ...rest }) => assistantBody(rest));
  return c.json({
    object: "list",
    data,
    first_id: data[0]?.name ?? null,
    last_id: data.at(-1)?.name ?? null,
    has_more: false,
  });
});

export const assistantBody = <T extends Omit<Assistant, "instructions">>(assistant: T) => ({
  object: "assistant" as const,
  ...assistant,
});
