import { Hono } from "hono";

import type { Assistant } from "../../assistants/assistant.ts";
import { withAccount } from "../auth/authorise.ts";
import type { AppEnv } from "../context.ts";
import { wholeListOf } from "../list-response.ts";
import { readQuery, onlyAccount } from "../read-request.ts";

/** What whoever may ask may know of whom to ask. Instructions and policies are the account's own business. */
export const assistants = new Hono<AppEnv>().get("/", async (c) => {
  readQuery(c, onlyAccount);
  const { assistants: all } = await withAccount(c, "query", {}, (account, caller) =>
    account.settings.assistants(caller),
  );
  const data = all.map(({ instructions: _i, policies: _p, ...rest }) => assistantBody(rest));
  return c.json(wholeListOf(data, ({ name }) => name));
});

export const assistantBody = <T extends Omit<Assistant, "instructions" | "policies">>(
  assistant: T,
) => ({
  object: "assistant" as const,
  ...assistant,
});
