import { z } from "zod";

import { messageId } from "../../account/conversation/read-messages.ts";
import type { PlacedMessage } from "../../account/conversation/read-messages.ts";
import { callId } from "../../shared/ids.ts";
import { isoTime } from "../../shared/time.ts";
import type { Turn } from "../../shared/turn.ts";
import { listOf } from "../list-response.ts";
import { ARCHIVE_ERRORS } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { toolCall, turnError, turnStatus, usage } from "../openapi/shared-replies.ts";
import { accountNames, pageQuery } from "../read-request.ts";
import { route } from "../route.ts";

const historyQuery = () => z.strictObject({ ...pageQuery({ order: "asc" }), ...accountNames });

export const messageParts = {
  content: s.text,
  "parts?": s.many(s.anyObject),
  "tool_calls?": s.many(toolCall),
  "tool_call_id?": s.text,
  /** Tools that the model may call from it on. */
  "loads?": s.many(s.anyObject),
};
const storedMessage = s.named("StoredMessage", () =>
  s.object({
    object: s.only("message"),
    id: s.text,
    call_id: s.text,
    role: s.only("system", "developer", "user", "assistant", "tool"),
    ...messageParts,
    status: turnStatus,
    created_at: s.time,
  }),
);
export const turn = s.named("Turn", () =>
  s.object({
    object: s.only("turn"),
    call_id: s.text,
    status: turnStatus,
    duration_ms: s.maybe(s.whole),
    model: s.maybe(s.text),
    input: s.ref("Content"),
    output: s.maybe(s.ref("Content")),
    usage: s.maybe(usage),
    error: s.maybe(turnError),
    created_at: s.time,
  }),
);
export const sessionHistory = [
  route("GET /sessions/:session_id/messages", {
    id: "listMessages",
    summary: "Lists a session's messages",
    scope: "read",
    query: historyQuery,
    reply: () => s.listOf(storedMessage),
    errors: ["session_not_found", ...ARCHIVE_ERRORS],
    handle: async ({ path, query, call, now }) => {
      const page = await call((account, caller) =>
        account.sessions.messages(caller, path.session_id, query, now),
      );
      return listOf(page, messageBody, idOfMessage);
    },
  }),
  route("GET /sessions/:session_id/turns", {
    id: "listTurns",
    summary: "Lists a session's turns",
    scope: "read",
    query: historyQuery,
    reply: () => s.listOf(turn),
    errors: ["session_not_found", ...ARCHIVE_ERRORS],
    handle: async ({ path, query, call, now }) => {
      const page = await call((account, caller) =>
        account.sessions.turns(caller, path.session_id, query, now),
      );
      return listOf(page, turnBody, ({ id }) => callId(id));
    },
  }),
];

export const turnBody = ({
  id,
  created_at,
  extra,
  input_tokens,
  output_tokens,
  shown: _shown,
  frame: _frame,
  ...rest
}: Turn) => ({
  object: "turn" as const,
  call_id: callId(id),
  ...rest,
  usage: input_tokens === null || output_tokens === null ? null : { input_tokens, output_tokens },
  error: extra.error ?? null,
  created_at: isoTime(created_at),
});

const idOfMessage = ({ turn: { id }, index }: PlacedMessage): string =>
  messageId(callId(id), index);

const messageBody = (placed: PlacedMessage) => ({
  object: "message" as const,
  id: idOfMessage(placed),
  call_id: callId(placed.turn.id),
  ...placed.message,
  status: placed.turn.status,
  created_at: saidAt(placed),
});

/** Time of a message. Without one of its own, a question has its turn's beginning, and an answer its turn's end. */
function saidAt({
  turn: { input, output, created_at, duration_ms },
  index,
}: PlacedMessage): string {
  const asked = typeof input === "string" ? 1 : input.length;
  const [items, at] = index < asked ? [input, index] : [output, index - asked];
  const own = typeof items === "object" ? items?.[at]?.created_at : undefined;
  return own ?? isoTime(created_at + (index < asked ? 0 : (duration_ms ?? 0)));
}
