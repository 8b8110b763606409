import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { describe, expect, it } from "vitest";

import { CompletionChunks, allChunks } from "../../../src/openai/completions/chunks.ts";
import type { CompletionChunk } from "../../../src/openai/completions/chunks.ts";
import { completionOf } from "../../../src/openai/completions/completion.ts";
import type { Item } from "../../../src/shared/items.ts";
import type { Piece } from "../../../src/openai/responses/response-pieces.ts";
import type { Turn } from "../../../src/shared/turn.ts";
import { openTurnOf } from "../../support/archive.ts";

// What the compiler checks: our shape is the package's.
const asChunk = (chunk: CompletionChunk): ChatCompletionChunk => chunk;

const message = (content: string): Item => ({ type: "message", role: "assistant", content });
const call = (call_id: string): Item => ({
  type: "function_call",
  call_id,
  name: "f",
  arguments: '{"a":1}',
});

const begun = openTurnOf(1, "Hi", {
  created_at: 1_500,
  extra: { response: { settings: '{"completion":true}' } },
});
const ended = (output: Item[]): Turn => ({
  ...begun,
  status: "completed",
  model: "local",
  input_tokens: 1,
  output_tokens: 2,
  output,
});

/** The message that the chunks make. */
function put(chunks: readonly CompletionChunk[]) {
  const deltas = chunks.map(asChunk).flatMap(({ choices }) => choices.map(({ delta }) => delta));
  const calls: { id?: string | undefined; arguments: string }[] = [];
  for (const { index, id, function: called } of deltas.flatMap((each) => each.tool_calls ?? [])) {
    const known = (calls[index] ??= { id, arguments: "" });
    known.arguments += called?.arguments ?? "";
  }
  const content = deltas.map((each) => each.content ?? "").join("");
  return {
    content,
    calls,
    reasons: chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []),
  };
}

const OUTPUT: Item[] = [
  { type: "reasoning", text: "Hm." },
  message("One."),
  { type: "reasoning", text: "So." },
  message("Two."),
  call("c1"),
  call("c2"),
];
const PIECES: Piece[] = [
  { type: "reasoning", delta: "Hm." },
  { type: "text", delta: "On" },
  { type: "text", delta: "e." },
  { type: "reasoning", delta: "So." },
  { type: "text", delta: "Two." },
  { type: "call", call_id: "c1", name: "f" },
  { type: "arguments", call_id: "c1", delta: '{"a"' },
  { type: "arguments", call_id: "c1", delta: ":1}" },
  { type: "call", call_id: "c2", name: "f" },
  { type: "arguments", call_id: "c2", delta: '{"a":1}' },
];

describe("chunks", () => {
  const whole = completionOf(ended(OUTPUT), "chatcmpl-1", {}).choices[0];
  const calls = ["c1", "c2"].map((id) => ({ id, arguments: '{"a":1}' }));
  const all = { content: "One.\nTwo.", calls, reasons: ["tool_calls"] };

  it("come to what the completion is", () => {
    const chunks = new CompletionChunks(begun, "chatcmpl-1", false);
    const told = PIECES.flatMap((piece) => chunks.add(piece));
    const made = put([...chunks.begin(), ...told, ...chunks.end(ended(OUTPUT))]);
    expect(made).toEqual(all);
    expect(whole?.message).toMatchObject({ content: made.content, reasoning_content: "Hm.\nSo." });
  });

  it("tell at the end what was not told before", () => {
    const chunks = new CompletionChunks(begun, "chatcmpl-1", false);
    expect(put([...chunks.begin(), ...chunks.end(ended(OUTPUT))])).toEqual(all);
    const some = new CompletionChunks(begun, "chatcmpl-1", false);
    const told = PIECES.slice(0, 4).flatMap((piece) => some.add(piece));
    const late = some.end(ended(OUTPUT));
    expect(put([...told, ...late]).calls).toEqual(calls);
    expect(put(allChunks(ended(OUTPUT), new CompletionChunks(begun, "x", false)))).toEqual(all);
  });

  it("tell each text of an imported answer once, whatever lies between", () => {
    const result: Item = { type: "function_call_output", call_id: "c1", output: "1" };
    const output = [call("c1"), result, message("One."), message("Two."), call("c2")];
    const chunks = new CompletionChunks(begun, "chatcmpl-1", false);
    expect(put(allChunks(ended(output), chunks))).toEqual(all);
    const late = new CompletionChunks(begun, "chatcmpl-1", false);
    const told = late.add({ type: "call", call_id: "c1", name: "f" });
    told.push(...late.add({ type: "arguments", call_id: "c1", delta: '{"a":1}' }));
    expect(put([...told, ...late.end(ended(output))])).toEqual(all);
  });

  it("name who answered once that is known", () => {
    const chunks = new CompletionChunks(begun, "chatcmpl-1", true);
    expect(chunks.begin()[0]).toMatchObject({ model: "default", created: 1, usage: null });
    expect(chunks.end(ended([message("One.")])).at(-1)).toMatchObject({
      model: "local",
      choices: [],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
  });
});
