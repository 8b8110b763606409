import { callAccount } from "../../../account/account-client.ts";
import { assistantSettings } from "../../../assistants/assistant.ts";
import { findAssistant } from "../../../assistants/resolve.ts";
import { missingSettings } from "../../../shared/model-providers.ts";
import { wholeListOf } from "../../list-response.ts";
import * as s from "../../openapi/schema.ts";
import { invalid } from "../../read-request.ts";
import { refusedPattern } from "../../../policies/patterns.ts";
import { route } from "../../route.ts";
import { assistantBody, assistantFields } from "../assistants.ts";
import { recordAction } from "../record-admin-action.ts";

const assistant = s.named("Assistant", () =>
  s.object({
    ...assistantFields(),
    instructions: s.maybe(s.text),
    policies: s.ref("Policies"),
    set: s.many(s.text),
  }),
);
const errors = ["assistant_not_found"] as const;

/** An account's assistants with all their fields: those that are shipped, as the account has them set. */
export const adminAssistants = [
  route("GET /admin/accounts/:account_id/assistants", {
    id: "listAccountAssistants",
    summary: "Lists an account's assistants with all settings",
    scope: "admin",
    reply: () => s.listOf(assistant),
    handle: async ({ c, path }) =>
      wholeListOf(await listAssistants(c.env, path.account_id), ({ name }) => name),
  }),
  route("GET /admin/accounts/:account_id/assistants/:name", {
    id: "getAccountAssistant",
    summary: "Reads an account's assistant",
    scope: "admin",
    reply: () => assistant,
    errors,
    handle: async ({ c, path: { account_id, name } }) =>
      findAssistant(await listAssistants(c.env, account_id), name),
  }),
  route("PUT /admin/accounts/:account_id/assistants/:name", {
    id: "putAccountAssistant",
    summary: "Sets the account's changes to an assistant",
    scope: "admin",
    body: () => assistantSettings,
    reply: () => assistant,
    errors,
    handle: async ({ c, path: { account_id, name }, body, config }) => {
      const named = (body.models ?? []).map((model) => ({ model, param: "models" }));
      const reader = body.memory?.model ?? null;
      if (reader !== null) named.push({ model: reader, param: "memory.model" });
      for (const { model, param } of named) {
        const [missing] = missingSettings(config, model);
        if (missing)
          throw invalid(
            `${param} names ${model}, and this deployment has no ${missing[0]}.`,
            param,
          );
      }
      const refused = await refusedPattern(body.policies ?? []);
      if (refused) {
        const param = `policies.${refused.index}.pattern`;
        throw invalid(`${param} ${refused.reason}.`, param);
      }
      // Instructions are long, and may be confidential: the log leaves them out.
      const { instructions: _instructions, ...logged } = body;
      await recordAction(c, "assistant.set", `${account_id}/${name}`, logged);
      await callAccount(c.env, account_id, (account) => account.settings.setAssistant(name, body));
      return findAssistant(await listAssistants(c.env, account_id), name);
    },
  }),
  route("DELETE /admin/accounts/:account_id/assistants/:name", {
    id: "resetAccountAssistant",
    summary: "Resets an assistant to the shipped one",
    scope: "admin",
    reply: () =>
      s.object({ object: s.only("assistant.deleted"), name: s.text, deleted: s.only(true) }),
    errors,
    handle: async ({ c, path: { account_id, name } }) => {
      await recordAction(c, "assistant.reset", `${account_id}/${name}`);
      await callAccount(c.env, account_id, (account) => account.settings.setAssistant(name, null));
      return { object: "assistant.deleted", name, deleted: true };
    },
  }),
];

async function listAssistants(env: Env, accountId: string) {
  const { assistants, settings } = await callAccount(env, accountId, (account) =>
    account.settings.assistants(null),
  );
  return assistants.map((each) => ({
    ...assistantBody(each),
    /** The fields that the account has set itself. */
    set: Object.keys(settings[each.name] ?? {}),
  }));
}
