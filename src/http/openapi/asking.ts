import { onlyAccount } from "../read-request.ts";
import { chatBody, queryBody } from "../routes/query.ts";
import { SCOPES } from "../../shared/scopes.ts";
import {
  ARCHIVE_ERRORS,
  IDEMPOTENCY_ERRORS,
  MODEL_ERRORS,
  QUOTA_ERRORS,
  jsonOrEvents,
  ok,
} from "./operation.ts";
import type { Operation, Subject } from "./operation.ts";
import {
  listOf,
  many,
  maybe,
  number,
  object,
  only,
  ref,
  text,
  time,
  truth,
  whole,
} from "./schema.ts";

const EVENTS =
  "With `stream`: `delta` with each piece of the text, then `done` with what the plain reply would be, or `error`.";

const asks = {
  query: onlyAccount,
  idempotent: true,
  replies: jsonOrEvents(ref("Reply"), EVENTS),
  errors: [
    ...MODEL_ERRORS,
    ...QUOTA_ERRORS,
    ...IDEMPOTENCY_ERRORS,
    ...ARCHIVE_ERRORS,
    "message_too_large",
    "state_too_large",
    "session_busy",
    "session_full",
    "session_erased",
    "turn_lost",
  ],
} satisfies Partial<Operation>;

export const asking: Subject = {
  tag: { name: "Asking", description: "A turn: a request, and who answers it." },
  operations: {
    "POST /query": {
      ...asks,
      id: "ask",
      summary: "Asks, in a session that there is or a new one",
      scope: "query",
      body: queryBody,
    },
    "POST /api/chat": {
      ...asks,
      id: "askAsCustomer",
      summary: "Asks the assistant `customer`",
      scope: "query",
      body: chatBody,
    },
    "POST /admin/assistant/chat": {
      ...asks,
      id: "askAsStaff",
      summary: "Asks the assistant `admin`",
      scope: "manage",
      body: chatBody,
    },
    "GET /assistants": {
      id: "listAssistants",
      summary: "Who there is to ask",
      scope: "query",
      query: onlyAccount,
      replies: ok(listOf(ref("AssistantSummary"))),
    },
  },
  schemas: {
    Reply: object({
      success: only(true),
      response: text,
      "session_id?": text,
      "call_id?": text,
      "new_session?": only(true),
      "restored?": only(true),
      "state_version?": whole,
      "cached?": only(true),
      "blocked?": only(true),
      stored: truth,
      model: maybe(text),
      "usage?": ref("Usage"),
      created_at: time,
    }),
    Usage: object({ input_tokens: whole, output_tokens: whole }),
    AssistantSummary: object({
      object: only("assistant"),
      name: text,
      responder: maybe(text),
      models: maybe(many(text)),
      window: object({ messages: whole, tokens: maybe(whole) }),
      idle_seconds: maybe(whole),
      retention_days: maybe(number),
      roles: maybe(many(text)),
      scope: only(...SCOPES),
      summary: truth,
      cache: truth,
    }),
  },
};
