import { Hono } from "hono";
import { z } from "zod";

import { joinModel } from "../../account/calls/call.ts";
import { parseLiteLlm } from "../../account/calls/litellm.ts";
import { describeCall } from "../../account/calls/write.ts";
import type { CallResult } from "../../account/calls/write.ts";
import { withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppContext, AppEnv } from "../context.ts";
import {
  accountNames,
  pathCallId,
  readBody,
  readQuery,
  readText,
  parse,
  onlyAccount,
} from "../read-request.ts";
import { linesOf, parseLine } from "../ndjson-body.ts";
import { ApiError } from "../../shared/errors.ts";
import { parseCallId } from "../../shared/ids.ts";
import type { CallWrite } from "../../account/conversation/external-calls.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { callBody } from "./calls.ts";
import { externalCallId, id, moment } from "../../shared/field-schemas.ts";
import { policyRecord } from "../../shared/policy-record.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";

const MAX_EVENTS = 1_000;
const MAX_SEQUENCE = 99_999;
/** Calls that cross to the account's object in one RPC. */
const BATCH_SIZE = 200;

const callIdField = externalCallId.refine(
  (value) => parseCallId(value) === null,
  "takes an id of your own: this one is of the form that Colloquy gives",
);
const NAME_RULE = "takes text of 1 to 256 characters";
const name = z.string({ error: NAME_RULE }).min(1, NAME_RULE).max(256, NAME_RULE);
const document = z.unknown().refine(isObject, "takes a JSON object").meta({ type: "object" });
const COUNT_RULE = "takes a whole number, 0 or more";
const count = z.number({ error: COUNT_RULE }).int(COUNT_RULE).min(0, COUNT_RULE);
const callError = z.lazy(() => z.strictObject({ code: name, message: z.string().max(16_384) }));

const policyEvent = z.lazy(() =>
  z.strictObject({
    id: id.optional(),
    policy_class: name,
    policy_config: document.default({}),
    event_type: name,
    sequence: count.max(1, "takes 0, the request, or 1, the response").default(0),
    original: z.string().optional(),
    modified: z.string().optional(),
    original_event_id: name.optional(),
    modified_event_id: name.optional(),
    metadata: document.default({}),
    created_at: moment.optional(),
  }),
);

const callFields = {
  call_id: callIdField.optional(),
  session_id: id.optional(),
  user_id: id.optional(),
  provider: name.optional(),
  model: name.optional(),
  request: document.optional(),
  response: document.optional(),
  status: z
    .enum(["in_progress", "completed", "failed"], {
      error: 'takes "in_progress", "completed" or "failed"',
    })
    .optional(),
  error: callError.optional(),
  metadata: document.optional(),
  created_at: moment.optional(),
  duration_ms: count.optional(),
  input_tokens: count.optional(),
  output_tokens: count.optional(),
  policy_events: z.array(policyEvent, { error: "takes a list of policy events" }).optional(),
};
export const callBatchLine = z.lazy(() => z.strictObject(callFields));
export const startBody = z.lazy(() => z.strictObject({ ...callFields, ...accountNames }));

const writtenEvent = z.lazy(() =>
  z.strictObject({
    event_type: z.enum(["request", "response", "chunk"], {
      error: 'takes "request", "response" or "chunk"',
    }),
    sequence: count.max(MAX_SEQUENCE, `takes a number up to ${MAX_SEQUENCE}`).optional(),
    payload: document,
  }),
);
export const eventsBody = z.lazy(() =>
  z.union([
    z.strictObject({
      events: z
        .array(writtenEvent)
        .min(1, "takes at least one event")
        .max(MAX_EVENTS, `takes ${MAX_EVENTS} events at most`),
    }),
    writtenEvent,
  ]),
);
export const completeBody = z.lazy(() =>
  z.strictObject({
    status: z
      .enum(["completed", "failed"], { error: 'takes "completed" or "failed"' })
      .default("completed"),
    error: callError.optional(),
    completed_at: moment.optional(),
    duration_ms: count.optional(),
  }),
);
export const policyBody = z.lazy(() =>
  z.union([
    z.strictObject({ policy_events: z.array(policyEvent).min(1).max(MAX_EVENTS) }),
    policyEvent,
  ]),
);

/** What gateways write: calls that somebody else made. */
export const journal = new Hono<AppEnv>()
  .post("/", async (c) => {
    const { accountId, account_id, ...fields } = await readBody(c, startBody);
    const write = toWrite(fields, requestTime(c));
    const { call, created } = await withAccount(
      c,
      "query",
      { accountId, account_id },
      (account, caller) => account.calls.create(caller, write, requestTime(c)),
    );
    return c.json(callBody(call), created ? 201 : 200);
  })
  .post("/batch", async (c) => {
    const names = readQuery(c, onlyAccount);
    const now = requestTime(c);
    return c.json(await writeLines(c, names, (line) => toWrite(parse(callBatchLine, line), now)));
  })
  .post("/:call_id/events", async (c) => {
    const names = readQuery(c, onlyAccount);
    const callId = pathCallId(c);
    const body = await readBody(c, eventsBody);
    const events = ("events" in body ? body.events : [body]).map(({ payload, ...event }) => ({
      ...event,
      payload: JSON.stringify(payload),
    }));
    const call = await withAccount(c, "query", names, (account, caller) =>
      account.calls.addEvents(caller, callId, events),
    );
    return c.json(callBody(call), 201);
  })
  .post("/:call_id/complete", async (c) => {
    const names = readQuery(c, onlyAccount);
    const callId = pathCallId(c);
    const empty = (await c.req.arrayBuffer()).byteLength === 0;
    const { completed_at, ...body } = empty
      ? completeBody.parse({})
      : await readBody(c, completeBody);
    const completion = { ...body, completed_at: completed_at ?? requestTime(c) };
    const { call, missing_chunks } = await withAccount(c, "query", names, (account, caller) =>
      account.calls.complete(caller, callId, completion),
    );
    return c.json({ ...callBody(call), ...(missing_chunks.length > 0 && { missing_chunks }) });
  })
  .post("/:call_id/policy-events", async (c) => {
    const names = readQuery(c, onlyAccount);
    const callId = pathCallId(c);
    const body = await readBody(c, policyBody);
    const events = "policy_events" in body ? body.policy_events : [body];
    const now = requestTime(c);
    const call = await withAccount(c, "query", names, (account, caller) =>
      account.calls.addPolicyEvents(
        caller,
        callId,
        events.map((event) => toPolicyEvent(event, now)),
      ),
    );
    return c.json(callBody(call), 201);
  });

/** LiteLLM's generic API callback: one payload, a list of them, or one a line. */
export const ingest = new Hono<AppEnv>().post("/litellm", async (c) => {
  const names = readQuery(c, onlyAccount);
  const now = requestTime(c);
  const done = await writeLines(c, names, (line) => parseLiteLlm(line, now));
  const [first] = done.errors;
  if (!first) return c.json(done);
  // LiteLLM does not read the body of a reply that is 200: what was not taken would be lost without a word.
  const error = `${done.errors.length} of ${done.lines} payloads were not taken, the first in line ${first.line}: ${first.message}`;
  return c.json({ ...done, success: false, error, code: first.code }, 422);
});

function toWrite(fields: z.infer<typeof callBatchLine>, now: number): CallWrite {
  const { request, response, provider, model, policy_events = [], metadata } = fields;
  const described = describeCall(request, response);
  const ended = response !== undefined || fields.error !== undefined;
  const events = policy_events.map((event) => toPolicyEvent(event, now));
  return {
    call_id: fields.call_id,
    session_id: fields.session_id,
    user_id: fields.user_id,
    status: fields.status ?? (fields.error ? "failed" : ended ? "completed" : "in_progress"),
    created_at: fields.created_at ?? now,
    duration_ms: fields.duration_ms ?? null,
    input: described.input,
    output: described.output,
    model: joinModel(provider, model ?? described.model),
    input_tokens: fields.input_tokens ?? described.input_tokens,
    output_tokens: fields.output_tokens ?? described.output_tokens,
    call: {
      ...(request !== undefined && { request: JSON.stringify(request) }),
      ...(response !== undefined && { response: JSON.stringify(response) }),
      ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
    },
    ...(events.length > 0 && { policy: policyRecord(events) }),
    ...(fields.error && { error: fields.error }),
  };
}

const toPolicyEvent = (
  { policy_config, metadata, created_at, ...event }: z.infer<typeof policyEvent>,
  now: number,
): PolicyEvent => ({
  ...event,
  policy_config: JSON.stringify(policy_config),
  metadata: JSON.stringify(metadata),
  created_at: created_at ?? now,
});

async function writeAll(
  c: AppContext,
  writes: CallWrite[],
  names: { accountId?: string | undefined; account_id?: string | undefined },
): Promise<CallResult[]> {
  const results: CallResult[] = [];
  let from = 0;
  // At least once: that nothing is to be written is for those who may write.
  do {
    const part = writes.slice(from, from + BATCH_SIZE);
    results.push(
      ...(await withAccount(c, "query", names, (account, caller) =>
        account.calls.write(caller, part, requestTime(c)),
      )),
    );
    from += BATCH_SIZE;
  } while (from < writes.length);
  return results;
}

/** Each line by itself: what is wrong with one is told, and keeps no other from being written. */
async function writeLines(
  c: AppContext,
  names: { accountId?: string | undefined; account_id?: string | undefined },
  toCall: (line: unknown) => CallWrite,
) {
  const lines = linesOf(await readText(c));
  const errors: { line: number; code: string; message: string }[] = [];
  const writes: { line: number; write: CallWrite }[] = [];
  for (const [index, text] of lines.entries()) {
    try {
      writes.push({ line: index + 1, write: toCall(parseLine(text)) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      errors.push({ line: index + 1, code: error.code, message: error.message });
    }
  }
  const results = await writeAll(
    c,
    writes.map(({ write }) => write),
    names,
  );
  let created = 0;
  for (const [index, result] of results.entries()) {
    if ("error" in result) {
      const { code, message } = result.error;
      errors.push({ line: writes[index]?.line ?? 0, code, message });
    }
    if ("created" in result && result.created) created += 1;
  }
  return {
    object: "call.batch",
    lines: lines.length,
    created,
    known: results.filter((result) => "call_id" in result && !result.created).length,
    errors: errors.toSorted((a, b) => a.line - b.line),
  };
}
