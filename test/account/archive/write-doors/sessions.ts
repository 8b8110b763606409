import * as fc from "fast-check";

import { FORMAT } from "../../../../src/account/archive/format/format.ts";
import { callId, turnId } from "../../../../src/shared/ids.ts";
import { MAX_DURATION_MS, MAX_INDEX, MAX_TOKENS } from "../../../../src/shared/stored-bounds.ts";
import { MAX_TIME_MS, isoTime } from "../../../../src/shared/time.ts";
import { clientItems } from "./client-items.ts";
import { document, moment, mostly, short, text, whole, words } from "./values.ts";

/** Sessions as lines of `POST /import`. */

const id = fc.constantFrom("a", "user@example.com", "x".repeat(128), "0", "a_.:+@=-");
const jsonText = mostly(fc.json(), text);
const imported = {
  id: short,
  created_at: moment,
};
const part = fc.oneof(
  fc.record({ type: fc.constantFrom("input_text", "output_text"), text: words }),
  fc.record({ type: fc.constant("refusal"), refusal: words }),
  fc.record(
    { type: fc.constant("input_image"), image_url: words, file_id: words, detail: words },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    {
      type: fc.constant("input_file"),
      filename: words,
      file_id: words,
      file_url: words,
      file_data: words,
    },
    { requiredKeys: ["type"] },
  ),
);
const content = fc.oneof(words, fc.array(part, { maxLength: 3 }));
const status = fc.constant("incomplete");
const item = fc.oneof(
  fc.record(
    {
      type: fc.constant("message"),
      role: fc.constantFrom("system", "developer", "user", "assistant"),
      content,
      phase: fc.constantFrom("commentary", "final_answer"),
      status,
      ...imported,
    },
    { requiredKeys: ["type", "role", "content"] },
  ),
  fc.record(
    {
      type: fc.constant("function_call"),
      call_id: words,
      name: words,
      namespace: words,
      arguments: words,
      signature: words,
      status,
      ...imported,
    },
    { requiredKeys: ["type", "call_id", "name", "arguments"] },
  ),
  fc.record(
    { type: fc.constant("function_call_output"), call_id: words, output: content, ...imported },
    { requiredKeys: ["type", "call_id", "output"] },
  ),
  fc.record(
    {
      type: fc.constant("reasoning"),
      text: words,
      summary: fc.array(words, { maxLength: 2 }),
      encrypted_content: words,
      ...imported,
    },
    { requiredKeys: ["type", "text"] },
  ),
  fc.record(
    { type: fc.constant("compaction"), text: words, ...imported },
    { requiredKeys: ["type", "text"] },
  ),
  ...clientItems,
);
const items = fc.oneof(words, fc.array(item, { maxLength: 3 }));

const policy = fc.record({
  outcome: fc.constantFrom("allowed", "blocked"),
  events: fc.array(
    fc.record(
      {
        id: short,
        policy_class: short,
        policy_config: jsonText,
        event_type: short,
        sequence: whole(MAX_INDEX),
        original: words,
        modified: words,
        original_event_id: short,
        modified_event_id: short,
        metadata: jsonText,
        created_at: whole(MAX_TIME_MS - 1),
      },
      { requiredKeys: ["policy_class", "policy_config", "event_type", "sequence", "created_at"] },
    ),
    { maxLength: 2 },
  ),
});
const settings = fc.oneof(
  fc.record(
    {
      model: words,
      instructions: words,
      metadata: fc.dictionary(words, words, { maxKeys: 2 }),
      temperature: fc.double({ noNaN: true, noDefaultInfinity: true }),
      stop: fc.array(words, { maxLength: 2 }),
      completion: fc.constant(true),
      seed: fc.integer(),
    },
    { requiredKeys: [] },
  ),
  document,
);
const extra = fc.record(
  {
    error: fc.record({ code: short, message: words }),
    restored: fc.constant(true),
    cached: fc.constant(true),
    state_version: whole(2 ** 40),
    policy,
    call: fc.record(
      {
        id: short,
        request: document.map((each) => JSON.stringify(each)),
        response: jsonText,
        chunks: fc.array(fc.record({ index: whole(MAX_INDEX), payload: jsonText }), {
          maxLength: 2,
        }),
        metadata: jsonText,
      },
      { requiredKeys: [] },
    ),
    response: fc.record(
      {
        settings: mostly(
          settings.map((each) => JSON.stringify(each)),
          text,
        ),
        cut: fc.constantFrom("max_output_tokens", "content_filter", "cancelled"),
        cached_tokens: whole(MAX_TOKENS),
        reasoning_tokens: whole(MAX_TOKENS),
        pieces: fc.array(fc.array(whole(MAX_TOKENS), { maxLength: 2 }), { maxLength: 2 }),
        deleted: fc.constant(true),
      },
      { requiredKeys: [] },
    ),
    original: fc.dictionary(words, words, { maxKeys: 2 }),
  },
  { requiredKeys: [] },
);
const turnLine = fc.record(
  {
    type: fc.constant("turn"),
    status: fc.constantFrom("completed", "failed", "interrupted", "abandoned", "in_progress"),
    created_at: moment,
    duration_ms: mostly(
      fc.double({ min: 0, max: MAX_DURATION_MS, noNaN: true }),
      whole(MAX_DURATION_MS),
    ),
    model: short,
    input_tokens: whole(MAX_TOKENS),
    output_tokens: whole(MAX_TOKENS),
    shown: whole(2 ** 20),
    system: fc.oneof(words, fc.constant(null)),
    input: items,
    output: fc.oneof(items, fc.constant(null)),
    extra,
  },
  { requiredKeys: ["type", "input"] },
);
const sessionLine = fc.record(
  {
    created_at: moment,
    accessed_at: moment,
    assistant: id,
    user_id: id,
    role: id,
    metadata: fc.dictionary(
      words.map((each) => each.slice(0, 64).toWellFormed()),
      words.map((each) => each.slice(0, 512).toWellFormed()),
      { maxKeys: 2 },
    ),
    facts: fc.array(
      words.map((each) => each || "f"),
      { maxLength: 2 },
    ),
    state: document,
    state_version: whole(2 ** 40),
    summary: words,
    pinned: fc.constant(true),
    hold: short,
  },
  { requiredKeys: [] },
);

/** @param number - of the session: it is named by it */
export const importedSession = fc
  .tuple(sessionLine, fc.array(turnLine, { maxLength: 3 }))
  .map(([{ summary, ...head }, turns]) => (number: number) => {
    const key = number + 1;
    const named = summary !== undefined && turns.length > 0;
    return [
      {
        type: "session",
        format: FORMAT,
        session_id: `import-${number}`,
        ...head,
        ...(named && { key, summary: { text: summary, turn: callId(turnId(key, 1)) } }),
        turns: turns.length,
      },
      ...turns,
    ];
  });

/** A journal's block, as exports have it. */
export const journalBlock = fc
  .array(turnLine, { minLength: 1, maxLength: 2 })
  .map((turns) => (number: number) => [
    {
      type: "session",
      format: FORMAT,
      session_id: `journal/${1_000_000 + number}`,
      created_at: isoTime(number),
      turns: turns.length,
    },
    ...turns,
  ]);
