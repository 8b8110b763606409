import { Hono } from "hono";

import { assistantSettings } from "../../../assistants/assistant.ts";
import { findAssistant } from "../../../assistants/resolve.ts";
import { missingSettings } from "../../../shared/model-providers.ts";
import { authorise } from "../../auth/authorise.ts";
import { requestConfig } from "../../context.ts";
import type { AppContext, AppEnv } from "../../context.ts";
import { wholeListOf } from "../../list-response.ts";
import { invalid, pathId, readBody } from "../../read-request.ts";
import { callAccount } from "../../../account/account-client.ts";
import { assistantBody } from "../assistants.ts";
import { recordAction } from "../record-admin-action.ts";

/** An account's assistants, whole: what is shipped, as the account has it set. */
export const adminAssistants = new Hono<AppEnv>()
  .get("/", async (c) => {
    const data = await wholeList(c);
    return c.json(wholeListOf(data, ({ name }) => name));
  })
  .get("/:name", async (c) => c.json(findAssistant(await wholeList(c), pathId(c, "name"))))
  .put("/:name", async (c) => {
    authorise(c, "admin");
    const [accountId, name] = [pathId(c, "account_id"), pathId(c, "name")];
    const settings = await readBody(c, assistantSettings);
    for (const model of settings.models ?? []) {
      const [missing] = missingSettings(requestConfig(c), model);
      if (missing)
        throw invalid(`models names ${model}, and this deployment has no ${missing[0]}.`, "models");
    }
    // Instructions are long, and no secret of the log's.
    const { instructions: _instructions, ...logged } = settings;
    await recordAction(c, "assistant.set", `${accountId}/${name}`, logged);
    await callAccount(c.env, accountId, (account) => account.settings.setAssistant(name, settings));
    return c.json(findAssistant(await wholeList(c), name));
  })
  .delete("/:name", async (c) => {
    authorise(c, "admin");
    const [accountId, name] = [pathId(c, "account_id"), pathId(c, "name")];
    await recordAction(c, "assistant.reset", `${accountId}/${name}`);
    await callAccount(c.env, accountId, (account) => account.settings.setAssistant(name, null));
    return c.json({ object: "assistant.deleted", name, deleted: true });
  });

async function wholeList(c: AppContext) {
  authorise(c, "admin");
  const accountId = pathId(c, "account_id");
  const { assistants, settings } = await callAccount(c.env, accountId, (account) =>
    account.settings.assistants(null),
  );
  return assistants.map((assistant) => ({
    ...assistantBody(assistant),
    /** What the account has set itself. */
    set: Object.keys(settings[assistant.name] ?? {}),
  }));
}
