import { z } from "zod";

import { checkMessageSize, message } from "../../shared/field-schemas.ts";
import { ARCHIVE_ERRORS } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { accountNames } from "../read-request.ts";
import { route } from "../route.ts";
import { messageParts } from "./session-history.ts";

const limits = () => s.object({ messages: s.whole, tokens: s.maybe(s.whole) });
const messages = () => s.many(s.object({ role: s.text, ...messageParts }));
const considered = () =>
  s.many(s.object({ id: s.text, role: s.text, content: s.text, shown: s.truth, reason: s.text }));

const window = s.named("Window", () =>
  s.object({
    object: s.only("session.window"),
    session_id: s.text,
    assistant: s.text,
    limits: limits(),
    summary: s.maybe(s.object({ text: s.text, through: s.text })),
    tokens: s.whole,
    messages: messages(),
    considered: considered(),
  }),
);
const callWindow = s.named("CallWindow", () =>
  s.object({
    object: s.only("call.window"),
    call_id: s.text,
    session_id: s.maybe(s.text),
    assistant: s.text,
    limits: limits(),
    basis: s.only("recorded", "today", "request"),
    shown: s.maybe(s.whole),
    is_same_today: s.maybe(s.truth),
    system: s.only("kept", "lost", "none"),
    is_complete: s.truth,
    facts: s.many(s.object({ fact_id: s.text, state: s.only("kept", "changed", "erased") })),
    tokens: s.whole,
    messages: messages(),
    considered: considered(),
  }),
);

/** What a model would be shown of a session, and what it was shown at a call. */
export const windows = [
  route("GET /sessions/:session_id/window", {
    id: "getWindow",
    summary: "Reads what a model would see of a session, and why",
    scope: "read",
    query: () => z.strictObject({ query: message.optional(), ...accountNames }),
    reply: () => window,
    errors: ["session_not_found", "message_too_large", ...ARCHIVE_ERRORS],
    handle: async ({ path: { session_id }, query: { query = "" }, call, now }) => {
      checkMessageSize(query, "query");
      const view = await call((account, caller) =>
        account.sessions.window(caller, session_id, query, now),
      );
      return { object: "session.window", session_id, ...view };
    },
  }),
  route("GET /calls/:call_id/window", {
    id: "getCallWindow",
    summary: "Reads what a model was shown at a call, and why",
    scope: "read",
    reply: () => callWindow,
    errors: ["call_not_found", "call_erased", "call_too_large", ...ARCHIVE_ERRORS],
    handle: async ({ path: { call_id }, call, now }) => {
      const view = await call((account, caller) => account.calls.window(caller, call_id, now));
      return { object: "call.window", call_id, ...view };
    },
  }),
];
