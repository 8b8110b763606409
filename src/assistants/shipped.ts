import type { Config } from "../config.ts";
import type { Assistant } from "./assistant.ts";

/** The defaults of an assistant, and the beginning of an account's own. */
export const PLAIN: Omit<Assistant, "name"> = {
  instructions: null,
  responder: null,
  models: null,
  window: { messages: 20, tokens: null },
  idle_seconds: null,
  retention_days: null,
  roles: null,
  scope: "query",
  summary: false,
  cache: false,
  memory: { extract: false, model: null },
  policies: [],
};

const CUSTOMER =
  "You are the assistant of a shop's customers. Answer from this conversation. Where it takes an order, a price or a policy that you were not told, say so, and offer to pass the question on.";
const ADMIN =
  "You are the assistant of the people who run a shop. They often work over several messages: keep to what was settled, ask for one missing thing at a time, and sum up before anything is changed.";
const SUPPORT =
  "You answer questions about a product. Be brief, give steps in order, and say plainly what you do not know.";

/** The assistants of a deployment, before an account changes them. To add one, add it here. */
export function shippedAssistants(config: Config): Assistant[] {
  const idle = (own: number | undefined) => own ?? config.CONTEXT_TTL;
  return [
    { name: "default", ...PLAIN },
    {
      name: "customer",
      ...PLAIN,
      instructions: CUSTOMER,
      window: { messages: 10, tokens: null },
      idle_seconds: idle(config.CUSTOMER_CONTEXT_TTL),
      roles: ["client"],
    },
    {
      name: "admin",
      ...PLAIN,
      instructions: ADMIN,
      window: { messages: 10, tokens: null },
      idle_seconds: idle(config.ADMIN_CONTEXT_TTL),
      roles: ["admin"],
      scope: "manage",
    },
    {
      name: "support",
      ...PLAIN,
      instructions: SUPPORT,
      window: { messages: 10, tokens: null },
      idle_seconds: idle(undefined),
      cache: true,
    },
    {
      name: "travel",
      ...PLAIN,
      responder: "travel",
      window: { messages: 2, tokens: null },
      idle_seconds: config.SESSION_TTL_SECONDS,
    },
  ];
}
