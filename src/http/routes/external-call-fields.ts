import { z } from "zod";

import { joinModel } from "../../account/calls/call.ts";
import { describeCall } from "../../account/calls/describe-call.ts";
import type { CallWrite } from "../../account/conversation/external-calls.ts";
import { WELL_FORMED, externalCallId, id, moment, wellFormed } from "../../shared/field-schemas.ts";
import { parseCallId } from "../../shared/ids.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { policyRecord } from "../../shared/policy-record.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";
import {
  ERROR_LENGTH,
  MAX_DURATION_MS,
  MAX_INDEX,
  MAX_TOKENS,
  NAME_LENGTH,
} from "../../shared/stored-bounds.ts";
import { accountNames } from "../read-request.ts";

const MAX_EVENTS = 1_000;
const MAX_SEQUENCE = 99_999;

const callIdField = externalCallId().refine(
  (value) => parseCallId(value) === null,
  "takes an id of your own: this one is of the form that Colloquy gives",
);
const NAME_RULE = `takes text of 1 to ${NAME_LENGTH} characters`;
const text = z.string().refine(wellFormed, WELL_FORMED);
const name = z
  .string({ error: NAME_RULE })
  .min(1, NAME_RULE)
  .max(NAME_LENGTH, NAME_RULE)
  .refine(wellFormed, WELL_FORMED);
const document = z.unknown().refine(isObject, "takes a JSON object").meta({ type: "object" });
const upTo = (max: number) => {
  const rule = `takes a whole number from 0 to ${max}`;
  return z.number({ error: rule }).int(rule).min(0, rule).max(max, rule);
};
const count = upTo(MAX_INDEX);
const tokens = upTo(MAX_TOKENS);
const duration = upTo(MAX_DURATION_MS);
const callError = z.lazy(() => z.strictObject({ code: name, message: text.max(ERROR_LENGTH) }));

/** Text, or JSON, which is kept as its text. */
const textOrJson = z
  .union([text, z.record(z.string(), z.unknown()), z.array(z.unknown())], {
    error: "takes text, or a JSON object or list",
  })
  .transform((value) => (typeof value === "string" ? value : JSON.stringify(value)));

const policyEvent = z.lazy(() =>
  z.strictObject({
    id: id.optional(),
    policy_class: name,
    policy_config: document.default({}),
    event_type: name,
    sequence: count.max(1, "takes 0, the request, or 1, the response").default(0),
    original: textOrJson.optional(),
    modified: textOrJson.optional(),
    original_event_id: name.optional(),
    modified_event_id: name.optional(),
    metadata: document.default({}),
    created_at: moment().optional(),
  }),
);

const writeFields = () => ({
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
  created_at: moment().optional(),
  duration_ms: duration.optional(),
  input_tokens: tokens.optional(),
  output_tokens: tokens.optional(),
  policy_events: z.array(policyEvent, { error: "takes a list of policy events" }).optional(),
});
export const callBatchLine = () => z.strictObject(writeFields());
export const startBody = () => z.strictObject({ ...writeFields(), ...accountNames });

const writtenEvent = z.lazy(() =>
  z.strictObject({
    event_type: z.enum(["request", "response", "chunk"], {
      error: 'takes "request", "response" or "chunk"',
    }),
    sequence: count.max(MAX_SEQUENCE, `takes a number up to ${MAX_SEQUENCE}`).optional(),
    payload: document,
  }),
);
export const eventsBody = () =>
  z.union([
    z.strictObject({
      events: z
        .array(writtenEvent)
        .min(1, "takes at least one event")
        .max(MAX_EVENTS, `takes ${MAX_EVENTS} events at most`),
    }),
    writtenEvent,
  ]);
export const completeBody = () =>
  z.strictObject({
    status: z
      .enum(["completed", "failed"], { error: 'takes "completed" or "failed"' })
      .default("completed"),
    error: callError.optional(),
    completed_at: moment().optional(),
    duration_ms: duration.optional(),
  });
export const policyBody = () =>
  z.union([
    z.strictObject({ policy_events: z.array(policyEvent).min(1).max(MAX_EVENTS) }),
    policyEvent,
  ]);

export function toWrite(fields: z.infer<ReturnType<typeof callBatchLine>>, now: number): CallWrite {
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

export const toPolicyEvent = (
  { policy_config, metadata, created_at, ...event }: z.infer<typeof policyEvent>,
  now: number,
): PolicyEvent => ({
  ...event,
  policy_config: JSON.stringify(policy_config),
  metadata: JSON.stringify(metadata),
  created_at: created_at ?? now,
});
