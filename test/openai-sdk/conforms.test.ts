import { expect, it } from "vitest";

import type { Content, Item } from "../../src/shared/items.ts";
import { allEvents, eventsOf } from "../../src/openai/responses/events.ts";
import { itemResource, placedItems } from "../../src/openai/responses/item.ts";
import { responseOf } from "../../src/openai/responses/response.ts";
import type { ResponseSettings } from "../../src/openai/responses/settings.ts";
import { conforms } from "./client.ts";
import { schemaOf } from "./events.ts";
import type { ResponseExtra, Turn } from "../../src/shared/turn.ts";

const said: Item = { type: "message", role: "assistant", content: "Hello" };
const called: Item = { type: "function_call", call_id: "c", name: "f", arguments: '{"a":1}' };
const thought: Item = { type: "reasoning", text: "Hm." };

/** Every kind of item that there is, and of part. */
const ITEMS: Item[] = [
  { type: "message", role: "system", content: "Be brief." },
  { type: "message", role: "developer", content: [{ type: "input_text", text: "Be kind." }] },
  {
    type: "message",
    role: "user",
    content: [
      { type: "input_text", text: "What is this?" },
      { type: "input_image", image_url: "https://example.com/a.png", detail: "original" },
      { type: "input_image", file_id: "file_1" },
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AA==" },
      { type: "input_file", file_url: "https://example.com/a.pdf" },
    ],
  },
  { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
  { type: "message", role: "assistant", content: "…", phase: "commentary", status: "incomplete" },
  said,
  called,
  { ...called, status: "incomplete" },
  { type: "function_call_output", call_id: "c", output: "sunny" },
  {
    type: "function_call_output",
    call_id: "c",
    output: [{ type: "input_image", image_url: "data:image/png;base64,AA==" }],
  },
  thought,
  { type: "reasoning", text: "Hm.", summary: ["In short: hm."], encrypted_content: "…" },
  { type: "compaction", text: "They met." },
];

const OUTPUTS: (Content | null)[] = [
  null,
  "Hello",
  [],
  [thought, said, called, { ...called, call_id: "d" }],
  [called],
];

const SETTINGS: ResponseSettings[] = [
  {},
  {
    model: "openai/gpt-5",
    instructions: "Be brief.",
    conversation: true,
    previous_response_id: "resp_mh35",
    metadata: { topic: "trip" },
    temperature: 0.5,
    top_p: 0.5,
    presence_penalty: 1,
    frequency_penalty: 1,
    max_output_tokens: 100,
    max_tool_calls: 1,
    truncation: "auto",
    tools: [{ type: "function", name: "f" }],
    tool_choice: { name: "f" },
    parallel_tool_calls: false,
    format: { type: "json_schema", name: "answer", schema: { type: "object" }, strict: true },
    reasoning_effort: "low",
    reasoning_summary: "auto",
    verbosity: "low",
    top_logprobs: 1,
    service_tier: "flex",
    safety_identifier: "x",
    prompt_cache_key: "x",
    user: "ann",
  },
  {
    background: true,
    tools: [{ type: "function", name: "f", description: "x", parameters: {}, strict: true }],
    allowed_tools: { names: ["f"], mode: "required" },
    format: { type: "json_object" },
  },
  { tool_choice: "required" },
];

const ENDINGS: [Turn["status"], ResponseExtra["cut"]][] = [
  ["in_progress", undefined],
  ["completed", undefined],
  ["completed", "max_output_tokens"],
  ["completed", "content_filter"],
  ["interrupted", undefined],
  ["interrupted", "cancelled"],
  ["failed", undefined],
  ["abandoned", undefined],
];

const turn = (
  output: Content | null,
  settings: ResponseSettings,
  [status, cut]: (typeof ENDINGS)[number],
): Turn => ({
  id: 1_048_577,
  status,
  created_at: 1_750_000_000_000,
  duration_ms: 12,
  model: status === "completed" ? "openai/gpt-5" : null,
  input_tokens: status === "completed" ? 3 : null,
  output_tokens: status === "completed" ? 4 : null,
  input: ITEMS,
  output,
  extra: {
    response: { settings: JSON.stringify(settings), ...(cut && { cut }) },
    ...(status === "failed" && { error: { code: "model_failed", message: "no" } }),
  },
});

const TURNS = OUTPUTS.flatMap((output) =>
  SETTINGS.flatMap((settings) => ENDINGS.map((ending) => turn(output, settings, ending))),
);

it("every item conforms", () => {
  for (const { id, item } of placedItems(turn([], {}, ["completed", undefined])))
    expect(() => conforms("ItemField", itemResource(id, item))).not.toThrow();
});

it("every response conforms, whatever it was asked with and however it ended", () => {
  for (const each of TURNS)
    for (const session of ["s", null])
      expect(() => conforms("ResponseResource", responseOf(each, session))).not.toThrow();
});

it("every event conforms, and every kind of event is told", () => {
  const types = new Set<string>();
  for (const each of TURNS) {
    if (each.status === "in_progress") continue;
    for (const event of allEvents(each, "s", eventsOf(each, "s"))) {
      types.add(event.type);
      expect(() => conforms(schemaOf(event.type), event)).not.toThrow();
    }
  }
  expect([...types].toSorted()).toEqual([
    "response.completed",
    "response.content_part.added",
    "response.content_part.done",
    "response.created",
    "response.failed",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.in_progress",
    "response.incomplete",
    "response.output_item.added",
    "response.output_item.done",
    "response.output_text.delta",
    "response.output_text.done",
    "response.queued",
    "response.reasoning_summary_part.added",
    "response.reasoning_summary_part.done",
    "response.reasoning_summary_text.delta",
    "response.reasoning_summary_text.done",
  ]);
});
