import { z } from "zod";

import type { Call, CallEvent } from "../../account/calls/call.ts";
import { externalCallId, id, moment } from "../../shared/field-schemas.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";
import { policyEventIds } from "./policy-event-ids.ts";
import type { CheckedEvents } from "./policy-event-ids.ts";
import { MODEL_LENGTH, jsonOr } from "../../shared/stored-bounds.ts";
import { parseJson } from "../../shared/json.ts";
import { isoTime } from "../../shared/time.ts";
import { TURN_STATUSES } from "../../shared/turn.ts";
import { listOf, wholeListOf } from "../list-response.ts";
import { ARCHIVE_ERRORS } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { turnError, turnStatus, usage } from "../openapi/shared-replies.ts";
import { accountNames, invalid, pageQuery } from "../read-request.ts";
import { route } from "../route.ts";
import type { RouteRequest } from "../route.ts";

const MODEL_RULE = "takes a model's name, of at most 513 characters";
const OUTCOMES = ["allowed", "modified", "blocked", "none"] as const;

export const callFields = () => ({
  object: s.only("call"),
  call_id: s.text,
  session_id: s.maybe(s.text),
  user_id: s.maybe(s.text),
  status: turnStatus,
  provider: s.maybe(s.text),
  model: s.maybe(s.text),
  duration_ms: s.maybe(s.number),
  policy_outcome: s.only("allowed", "modified", "blocked", null),
  error: s.maybe(turnError),
  external: s.truth,
  "metadata?": s.anyObject,
  "missing_chunks?": s.many(s.whole),
  usage: s.maybe(usage),
  created_at: s.time,
});
export const callReply = s.named("Call", () => s.object(callFields()));
const callEvent = s.named("CallEvent", () =>
  s.object({
    object: s.only("call.event"),
    id: s.text,
    call_id: s.text,
    event_type: s.only("request", "response", "chunk"),
    sequence: s.whole,
    payload: s.anything,
    created_at: s.time,
  }),
);
const policyEvent = s.named("PolicyEvent", () =>
  s.object({
    object: s.only("call.policy_event"),
    id: s.text,
    call_id: s.text,
    policy_class: s.text,
    policy_config: s.anything,
    event_type: s.text,
    sequence: s.whole,
    original_event_id: s.maybe(s.text),
    modified_event_id: s.maybe(s.text),
    original: s.maybe(s.text),
    modified: s.maybe(s.text),
    metadata: s.anything,
    created_at: s.time,
  }),
);

const reads = {
  scope: "read",
  errors: ["call_not_found", "call_erased", "call_too_large", ...ARCHIVE_ERRORS],
} as const;

/** Every turn as a call. */
export const calls = [
  route("GET /calls", {
    id: "listCalls",
    summary: "Lists calls",
    scope: "read",
    query: () => {
      const name = z.string({ error: MODEL_RULE }).min(1, MODEL_RULE).max(MODEL_LENGTH, MODEL_RULE);
      return z.strictObject({
        ...pageQuery({ order: "desc" }),
        after: externalCallId().optional(),
        before: externalCallId().optional(),
        session_id: id.optional(),
        user_id: id.optional(),
        model: name.optional(),
        provider: name.optional(),
        status: z
          .enum(TURN_STATUSES, { error: `takes one of: ${TURN_STATUSES.join(", ")}` })
          .optional(),
        from: moment().optional(),
        to: moment().optional(),
        policy_outcome: z
          .enum(OUTCOMES, { error: `takes one of: ${OUTCOMES.join(", ")}` })
          .optional(),
        /** Those of archived sessions, in place of the live ones. */
        archived: z
          .stringbool({ truthy: ["true"], falsy: ["false"], error: "takes true or false" })
          .default(false),
        ...accountNames,
      });
    },
    reply: () => s.listOf(callReply),
    errors: ARCHIVE_ERRORS,
    handle: async ({ query: { limit, order, after, before, archived, ...filter }, call, now }) => {
      if (archived) {
        if (before !== undefined)
          throw invalid("before goes with live calls; take after.", "before");
        const { next, ...found } = await call((account, caller) =>
          account.calls.listArchived(caller, filter, { limit, order, after }, now),
        );
        const list = listOf(found, callBody, ({ call_id }) => call_id);
        return { ...list, last_id: next ?? list.last_id };
      }
      const page = await call((account, caller) =>
        account.calls.list(caller, filter, { limit, order, after, before }, now),
      );
      return listOf(page, callBody, ({ call_id }) => call_id);
    },
  }),
  route("GET /calls/:call_id", {
    ...reads,
    id: "getCall",
    summary: "Reads a call",
    reply: () => callReply,
    handle: async (request) => callBody((await readCall(request)).call),
  }),
  route("GET /calls/:call_id/events", {
    ...reads,
    id: "listCallEvents",
    summary: "Reads a call's request and response, as sent",
    reply: () => s.listOf(callEvent),
    handle: async (request) => wholeListOf(eventBodies(await readCall(request)), idOf),
  }),
  route("GET /calls/:call_id/policy-events", {
    ...reads,
    id: "listPolicyEvents",
    summary: "Lists a call's policy events",
    reply: () => s.listOf(policyEvent),
    handle: async (request) => wholeListOf(policyEventBodies(await readCall(request)), idOf),
  }),
  route("DELETE /calls/:call_id", {
    id: "eraseCall",
    summary: "Erases a call's content for good",
    audit: "call.erase",
    scope: "manage",
    reply: () =>
      s.object({ object: s.only("call.deleted"), deleted: s.only(true), call_id: s.text }),
    errors: [
      "call_not_found",
      "call_erased",
      "call_in_progress",
      "session_held",
      "account_held",
      "session_busy",
      ...ARCHIVE_ERRORS,
    ],
    handle: async ({ path: { call_id }, call, now }) => {
      await call((account, caller) => account.calls.erase(caller, call_id, now));
      return { object: "call.deleted", deleted: true, call_id };
    },
  }),
  // Names of earlier call logs.
  route("GET /api/conversation/:call_id", {
    ...reads,
    id: "getOldCall",
    summary: "Reads a call as the old schema has it",
    reply: () =>
      s.object({
        object: s.only("conversation"),
        call_id: s.text,
        source: s.only("rows", "call"),
        call: s.maybe(s.anyObject),
        events: s.many(s.anyObject),
        tool_calls: s.many(s.anyObject),
        judge_decisions: s.many(s.anyObject),
      }),
    handle: async ({ path, call, now }) => {
      const { rows, call_id, source } = await call((account, caller) =>
        account.calls.oldFormat(caller, path.call_id, now),
      );
      return {
        object: "conversation",
        call_id,
        source,
        call: rows.conversation_calls.map(oldRowBody)[0] ?? null,
        events: rows.conversation_events.map(oldRowBody),
        tool_calls: rows.conversation_tool_calls.map(oldRowBody),
        judge_decisions: rows.conversation_judge_decisions.map(oldRowBody),
      };
    },
  }),
  route("GET /api/conversation/:call_id/v2", {
    ...reads,
    id: "getLegacyCall",
    summary: "Reads a call and its events, under an older name",
    reply: () => s.object({ ...callFields(), events: s.many(callEvent) }),
    handle: async (request) => {
      const found = await readCall(request);
      return { ...callBody(found.call), events: eventBodies(found) };
    },
  }),
  route("GET /api/policy-events/:call_id", {
    ...reads,
    id: "getLegacyPolicyEvents",
    summary: "Lists a call's policy events, under an older name",
    reply: () => s.object({ call_id: s.text, policy_events: s.many(policyEvent) }),
    handle: async (request) => {
      const found = await readCall(request);
      return { call_id: found.call.call_id, policy_events: policyEventBodies(found) };
    },
  }),
];

/** A row as it was sent, without the name of its table. */
function oldRowBody(row: string): Record<string, unknown> {
  const { table: _table, ...columns } = parseJson(row) as Record<string, unknown>;
  return columns;
}

interface FoundCall {
  call: Call;
  events: CallEvent[];
  policy_events: PolicyEvent[];
}

const readCall = ({
  path,
  call,
  now,
}: RouteRequest<"call_id", unknown, unknown>): Promise<FoundCall> =>
  call((account, caller) => account.calls.get(caller, path.call_id, now));

const idOf = ({ id: each }: { id: string }): string => each;

const eventBodies = ({ call, events }: FoundCall) =>
  events.map((event) => eventBody(call.call_id, event));

const policyEventBodies = ({ call, events, policy_events }: FoundCall) =>
  policyEventIds(call, events, policy_events).map((ids, index) =>
    policyEventBody(call.call_id, policy_events[index] as PolicyEvent, ids, index),
  );

export const callBody = ({ created_at, input_tokens, output_tokens, metadata, ...call }: Call) => ({
  object: "call" as const,
  ...call,
  ...(metadata !== undefined && { metadata: jsonOr(metadata, metadata) }),
  usage: input_tokens === null || output_tokens === null ? null : { input_tokens, output_tokens },
  created_at: isoTime(created_at),
});

const eventBody = (callId: string, { created_at, payload, ...event }: CallEvent) => ({
  object: "call.event" as const,
  id: `${callId}:${event.sequence}`,
  call_id: callId,
  ...event,
  payload: jsonOr(payload, payload),
  created_at: isoTime(created_at),
});

const policyEventBody = (
  callId: string,
  event: PolicyEvent,
  ids: CheckedEvents,
  index: number,
) => ({
  object: "call.policy_event" as const,
  id: event.id ?? `${callId}:policy:${index}`,
  call_id: callId,
  policy_class: event.policy_class,
  policy_config: jsonOr(event.policy_config, event.policy_config ?? null),
  event_type: event.event_type,
  sequence: event.sequence,
  ...ids,
  original: event.original ?? null,
  modified: event.modified ?? null,
  metadata: event.metadata === undefined ? {} : jsonOr(event.metadata, event.metadata),
  created_at: isoTime(event.created_at),
});
