import { parseLiteLlm, payload } from "../../account/calls/litellm.ts";
import type { CallResult } from "../../account/calls/write.ts";
import type { CallWrite } from "../../account/conversation/external-calls.ts";
import type { IdempotencyKey } from "../../account/store/turns/idempotency.ts";
import { ApiError, STATUS_OF } from "../../shared/errors.ts";
import { readLines } from "../ndjson-body.ts";
import { ARCHIVE_ERRORS, LINES_TYPE, json } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { parse } from "../read-request.ts";
import { idempotencyOf, idempotencyOfLine, keyIn } from "../idempotency.ts";
import { lineErrors } from "../openapi/shared-replies.ts";
import { route } from "../route.ts";
import type { RouteRequest } from "../route.ts";
import { schemaOf } from "../serve-route.ts";
import { callBody, callFields, callReply } from "./calls.ts";
import {
  callBatchLine,
  completeBody,
  eventsBody,
  policyBody,
  startBody,
  toPolicyEvent,
  toWrite,
} from "./external-call-fields.ts";

/** Calls that cross to the account's object in one RPC. */
const BATCH_SIZE = 200;

const batchFields = () => ({
  object: s.only("call.batch"),
  lines: s.whole,
  created: s.whole,
  known: s.whole,
  errors: lineErrors,
});
const takesLines = {
  bodyOptional: true,
  bodyType: LINES_TYPE,
  reply: () => s.object(batchFields()),
  errors: ["invalid_json", "quota_bytes", "quota_sessions", ...ARCHIVE_ERRORS],
} as const;
const CHANGE_ERRORS = [
  "call_not_found",
  "call_erased",
  "session_held",
  "account_held",
  "call_archived",
  "call_too_large",
] as const;
const ADD_ERRORS = [...CHANGE_ERRORS, "idempotency_mismatch", "quota_bytes"] as const;

/** Calls that other programs made, as gateways write them. */
export const externalCalls = [
  route("POST /calls", {
    id: "writeCall",
    summary: "Records a call that was made elsewhere",
    scope: "query",
    ignoredQuery: "all",
    repeat: "key",
    body: startBody,
    status: 201,
    reply: () => callReply,
    replies: () => ({ 200: { ...json(callReply), description: "It was known" } }),
    errors: [
      "call_not_found",
      "call_erased",
      "call_too_large",
      "idempotency_mismatch",
      "session_full",
      "session_erased",
      "quota_bytes",
      "quota_sessions",
      ...ARCHIVE_ERRORS,
    ],
    handle: async ({ c, body, call, now }) => {
      const write = withKey(toWrite(body, now), () => idempotencyOf(c, body));
      const { call: written, created } = await call((account, caller) =>
        account.calls.create(caller, write, now),
      );
      return c.json(callBody(written), created ? 201 : 200);
    },
  }),
  route("POST /calls/batch", {
    ...takesLines,
    id: "writeCalls",
    summary: "Records many calls, one a line",
    scope: "query",
    repeat: "key",
    body: callBatchLine,
    handle: (request) => {
      // A key that is none is the request's fault, and not a line's.
      keyIn(request.c);
      return writeLines(request, (each, line) => {
        const write = toWrite(parse(schemaOf(callBatchLine), each), request.now);
        return withKey(write, () => idempotencyOfLine(request.c, line, each));
      });
    },
  }),
  route("POST /ingest/litellm", {
    ...takesLines,
    id: "ingestLiteLlm",
    summary: "Records calls from LiteLLM's generic API callback",
    repeat: "safe",
    scope: "query",
    body: () => payload,
    replies: () => ({
      422: json(
        s.object({ ...batchFields(), success: s.only(false), error: s.text, code: s.text }),
      ),
    }),
    handle: async (request) => {
      const done = await writeLines(request, (line) => parseLiteLlm(line, request.now));
      const [first] = done.errors;
      if (!first) return done;
      // LiteLLM does not read the body of a 200: it would lose a payload that was refused without a message.
      const error = `${done.errors.length} of ${done.lines} payloads were not taken, the first in line ${first.line}: ${first.message}`;
      return request.c.json({ ...done, success: false, error, code: first.code }, 422);
    },
  }),
  route("POST /calls/:call_id/events", {
    id: "writeCallEvents",
    summary: "Adds events to a call",
    scope: "query",
    repeat: "key",
    body: eventsBody,
    status: 201,
    reply: () => callReply,
    errors: [...ADD_ERRORS, "call_completed"],
    handle: async ({ c, path, body, call }) => {
      const events = ("events" in body ? body.events : [body]).map(
        ({ payload: sent, ...event }) => ({
          ...event,
          payload: JSON.stringify(sent),
        }),
      );
      const isNumbered = events.every(
        ({ event_type, sequence }) => event_type !== "chunk" || sequence !== undefined,
      );
      const idempotency = isNumbered ? null : idempotencyOf(c, body);
      return callBody(
        await call((account, caller) =>
          account.calls.addEvents(caller, path.call_id, events, idempotency),
        ),
      );
    },
  }),
  route("POST /calls/:call_id/complete", {
    id: "completeCall",
    summary: "Ends a call",
    repeat: "safe",
    scope: "query",
    body: completeBody,
    bodyOptional: true,
    reply: () => s.object(callFields()),
    errors: CHANGE_ERRORS,
    handle: async ({ path, body, call, now }) => {
      const completion = { ...body, completed_at: body.completed_at ?? now };
      const { call: completed, missing_chunks } = await call((account, caller) =>
        account.calls.complete(caller, path.call_id, completion),
      );
      return { ...callBody(completed), ...(missing_chunks.length > 0 && { missing_chunks }) };
    },
  }),
  route("POST /calls/:call_id/policy-events", {
    id: "writePolicyEvents",
    summary: "Adds policy events to a call",
    scope: "query",
    repeat: "key",
    body: policyBody,
    status: 201,
    reply: () => callReply,
    errors: [...ADD_ERRORS, "call_in_progress"],
    handle: async ({ c, path, body, call, now }) => {
      const sent = "policy_events" in body ? body.policy_events : [body];
      const events = sent.map((event) => toPolicyEvent(event, now));
      const isNamed = events.every((event) => event.id !== undefined);
      const idempotency = isNamed ? null : idempotencyOf(c, body);
      return callBody(
        await call((account, caller) =>
          account.calls.addPolicyEvents(caller, path.call_id, events, idempotency),
        ),
      );
    },
  }),
];

/** A call that has an id is written once by that: no row is spent on its request's key. */
function withKey(write: CallWrite, idempotency: () => IdempotencyKey | null): CallWrite {
  const sent = write.call_id === undefined ? idempotency() : null;
  return sent ? { ...write, idempotency: sent } : write;
}

type Writing = Pick<RouteRequest<never, unknown, unknown>, "c" | "call" | "now">;

async function writeAll({ call, now }: Writing, writes: CallWrite[]): Promise<CallResult[]> {
  const results: CallResult[] = [];
  let from = 0;
  // At least one RPC: the object refuses a revoked key also where there is nothing to write.
  do {
    const part = writes.slice(from, from + BATCH_SIZE);
    results.push(...(await call((account, caller) => account.calls.write(caller, part, now))));
    from += BATCH_SIZE;
  } while (from < writes.length);
  return results;
}

/**
 * Takes each line by itself: an error in one line does not keep the others from being written.
 *
 * @throws ApiError `archive_unavailable` or `archive_locked`, once all others are written: a repeat finds those known. Not where
 *   a line without an id or a key was written: a repeat would write it again
 */
async function writeLines(request: Writing, toCall: (each: unknown, line: number) => CallWrite) {
  const { lines, read: writes, errors } = await readLines(request.c, toCall);
  const results = await writeAll(
    request,
    writes.map(({ value }) => value),
  );
  const isRepeatable = results.every((result, index) => {
    const { call_id, idempotency } = writes[index]?.value ?? {};
    return "error" in result || call_id !== undefined || idempotency !== undefined;
  });
  for (const [index, result] of results.entries())
    if ("error" in result) {
      const { code, message } = result.error;
      if (isRepeatable && STATUS_OF[code] === 503) throw ApiError.from(result.error);
      errors.push({ line: writes[index]?.line ?? 0, code, message });
    }
  const written = results.filter((result) => "call_id" in result);
  return {
    object: "call.batch",
    lines,
    created: written.filter(({ created }) => created).length,
    known: written.filter(({ created }) => !created).length,
    errors: errors.toSorted((a, b) => a.line - b.line),
  };
}
