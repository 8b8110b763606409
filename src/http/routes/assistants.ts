import type { Assistant } from "../../assistants/assistant.ts";
import { SCOPES } from "../../shared/scopes.ts";
import { wholeListOf } from "../list-response.ts";
import * as s from "../openapi/schema.ts";
import { route } from "../route.ts";

/** Fields of an assistant that every caller who may ask it sees. */
export const assistantFields = () => ({
  object: s.only("assistant"),
  name: s.text,
  responder: s.maybe(s.text),
  models: s.maybe(s.many(s.text)),
  window: s.object({ messages: s.whole, tokens: s.maybe(s.whole) }),
  idle_seconds: s.maybe(s.whole),
  retention_days: s.maybe(s.number),
  roles: s.maybe(s.many(s.text)),
  scope: s.only(...SCOPES),
  summary: s.truth,
  cache: s.truth,
  memory: s.object({ extract: s.truth, model: s.maybe(s.text) }),
});
const summary = s.named("AssistantSummary", () => s.object(assistantFields()));

export const assistants = [
  route("GET /assistants", {
    id: "listAssistants",
    summary: "Lists the assistants",
    scope: "query",
    reply: () => s.listOf(summary),
    handle: async ({ call }) => {
      const { assistants: all } = await call((account, caller) =>
        account.settings.assistants(caller),
      );
      // Instructions and policies are for admins alone.
      const data = all.map(({ instructions: _i, policies: _p, ...rest }) => assistantBody(rest));
      return wholeListOf(data, ({ name }) => name);
    },
  }),
];

export const assistantBody = <T extends Omit<Assistant, "instructions" | "policies">>(
  assistant: T,
) => ({
  object: "assistant" as const,
  ...assistant,
});
