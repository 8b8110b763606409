import * as fc from "fast-check";

import { MAX_DURATION_MS, MAX_TOKENS } from "../../../../src/shared/stored-bounds.ts";
import { MAX_TIME_MS } from "../../../../src/shared/time.ts";
import {
  anything,
  document,
  moment,
  name,
  number,
  session,
  short,
  text,
  time,
  whole,
  words,
} from "./values.ts";

/** Lines of calls that other programs made. */

const tokens = number(MAX_TOKENS);
const usage = fc.record(
  { prompt_tokens: tokens, completion_tokens: tokens, input_tokens: tokens },
  { requiredKeys: [] },
);
const request = fc.record({
  model: name,
  messages: fc.array(fc.record({ role: fc.constantFrom("user", "system"), content: text }), {
    maxLength: 3,
  }),
});
const response = fc.record({
  model: name,
  choices: fc.array(
    fc.record({ message: fc.record({ role: fc.constant("assistant"), content: text }) }),
    { maxLength: 2 },
  ),
  usage,
});
const policyEvent = fc.record(
  {
    id: short,
    policy_class: short,
    policy_config: document,
    event_type: fc.constantFrom("allowed", "blocked", "modified"),
    sequence: whole(1),
    original: words,
    modified: words,
    metadata: document,
    created_at: moment,
  },
  { requiredKeys: ["policy_class", "event_type"] },
);

/** Of `POST /calls/batch`. */
export const call = fc.record(
  {
    session_id: session,
    provider: short,
    model: short,
    request,
    response,
    status: fc.constantFrom("completed", "failed"),
    error: fc.record({ code: short, message: words }),
    metadata: document,
    created_at: moment,
    duration_ms: whole(MAX_DURATION_MS),
    input_tokens: whole(MAX_TOKENS),
    output_tokens: whole(MAX_TOKENS),
    policy_events: fc.array(policyEvent, { maxLength: 2 }),
  },
  { requiredKeys: ["request", "status"] },
);

const seconds = number(MAX_TIME_MS / 1_000, 1.7e9, 1.7e12);
/** Of `POST /ingest/litellm`. */
export const payload = fc.record(
  {
    id: fc.uuid(),
    status: fc.constantFrom("success", "failure"),
    startTime: seconds,
    endTime: seconds,
    model: name,
    custom_llm_provider: name,
    prompt_tokens: tokens,
    completion_tokens: tokens,
    messages: fc.array(fc.record({ role: fc.constant("user"), content: text })),
    response,
    error_str: text,
    error_information: fc.record({ error_code: name, error_message: text }),
    metadata: session.map((session_id) => ({ session_id })),
    guardrail_information: fc.array(
      fc.record({
        guardrail_name: name,
        guardrail_status: name,
        start_time: seconds,
        guardrail_response: document,
      }),
    ),
  },
  { requiredKeys: ["id"] },
);

const oldTime = fc.oneof(
  moment,
  time,
  fc.constantFrom("2026-01-31 12:00:00", "2026-01-31 12:00:00.123456+00"),
);
const oldId = fc.oneof(fc.uuid(), fc.nat(), short);
const oldCall = fc.record(
  {
    table: fc.constant("conversation_calls"),
    trace_id: oldId,
    provider: fc.oneof(short, name),
    model_name: fc.oneof(short, name),
    status: fc.oneof(fc.constantFrom("success", "failed", "started"), text),
    created_at: moment,
    completed_at: oldTime,
  },
  { requiredKeys: ["table", "created_at"] },
);
const oldEvent = fc.record(
  {
    table: fc.constant("conversation_events"),
    id: oldId,
    event_type: fc.oneof(fc.constantFrom("request", "response", "chunk"), text),
    sequence: whole(999_999),
    chunk_index: whole(999_999),
    choice_index: whole(999_999),
    role: short,
    delta_text: words,
    raw_chunk: fc.oneof(response, anything),
    payload: fc.oneof(request, response, document),
    created_at: oldTime,
  },
  { requiredKeys: ["table", "event_type"] },
);
const oldToolCall = fc.record(
  {
    table: fc.constant("conversation_tool_calls"),
    id: oldId,
    tool_call_id: oldId,
    name: short,
    arguments: anything,
    created_at: oldTime,
  },
  { requiredKeys: ["table"] },
);
const oldDecision = fc.record(
  {
    table: fc.constant("conversation_judge_decisions"),
    id: oldId,
    trace_id: oldId,
    tool_call_id: oldId,
    probability: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), number()),
    explanation: words,
    tool_call: anything,
    judge_prompt: anything,
    judge_response_text: words,
    original_request: anything,
    original_response: anything,
    stream_chunks: anything,
    blocked_response: anything,
    timing: anything,
    judge_config: anything,
    created_at: oldTime,
  },
  { requiredKeys: ["table"] },
);
/** The rows of one call, of `POST /migrations/calls`. */
export const oldCallRows = fc
  .tuple(
    fc.uuid(),
    oldCall,
    fc.array(oldEvent, { maxLength: 3 }),
    fc.array(oldToolCall, { maxLength: 1 }),
    fc.array(oldDecision, { maxLength: 1 }),
  )
  .map(([call_id, own, ...others]) => [own, ...others.flat()].map((row) => ({ ...row, call_id })));
