import { StreamAccumulator, isCall, piecesOf } from "../../../openai/responses/response-pieces.ts";
import type { Piece } from "../../../openai/responses/response-pieces.ts";
import { functionNameOf } from "../../../shared/function-names.ts";
import { asFunctionCall } from "../../../shared/client-tools.ts";
import { isClientCall } from "../../../shared/client-items.ts";
import { textOfParts } from "../../../shared/items.ts";
import type { Item } from "../../../shared/items.ts";
import { jsonOr } from "../../../shared/stored-bounds.ts";

/** How an answer ended. Source: `FinishReason` of the AI SDK. */
export type FinishReason = "stop" | "length" | "content-filter" | "tool-calls" | "interrupted";

/** A chunk of a UI message stream. Source: `UIMessageChunk` of `ai` 7. */
export type UiChunk =
  | { type: "start"; messageId: string; messageMetadata: object }
  | { type: "start-step" | "finish-step" }
  | { type: "text-start" | "text-end" | "reasoning-start" | "reasoning-end"; id: string }
  | { type: "text-delta" | "reasoning-delta"; id: string; delta: string }
  | { type: "tool-input-start"; toolCallId: string; toolName: string; inputEncoding?: "text" }
  | { type: "tool-input-delta"; toolCallId: string; inputTextDelta: string }
  | { type: "tool-input-available"; toolCallId: string; toolName: string; input: unknown }
  | {
      type: "tool-input-error";
      toolCallId: string;
      toolName: string;
      input: unknown;
      errorText: string;
    }
  | { type: "tool-output-available"; toolCallId: string; output: unknown }
  | { type: "abort"; reason: string }
  | { type: "error"; errorText: string }
  | { type: "finish"; finishReason: FinishReason; messageMetadata: object };

type Result = Extract<Item, { type: "function_call_output" | "custom_tool_call_output" }>;
export const isResult = (item: Item): item is Result =>
  item.type === "function_call_output" || item.type === "custom_tool_call_output";

export const resultChunk = ({ call_id, output }: Result): UiChunk => ({
  type: "tool-output-available",
  toolCallId: call_id,
  output: resultIn(textOfParts(output)),
});

/** A result's text as a model is shown it. {@link resultIn} reads it back. */
export function resultText(output: unknown): string {
  const isPlain = typeof output === "string" && jsonOr(output, undefined) === undefined;
  return isPlain ? output : JSON.stringify(output ?? null);
}
const resultIn = (text: string): unknown => jsonOr(text, text);

const NOT_WHOLE = "The answer was stopped before the call was whole.";
const NOT_JSON = "The model's arguments are not JSON.";

/** Turns the pieces of one answer into chunks. Equal pieces make equal chunks: a replay is the same stream. */
export class UiChunks {
  readonly #accumulator = new StreamAccumulator();
  readonly #prefix: string;
  /** Whether the last item has begun and has no end yet. */
  #isOpen = false;

  /** @param prefix - makes the ids of parts unique in their message */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  add(piece: Piece): UiChunk[] {
    const { items } = this.#accumulator;
    const isNew = this.#accumulator.add(piece);
    const before = items.at(-2);
    const chunks = isNew ? this.#close(before, items.length - 2) : [];
    const item = items.at(-1);
    if (!item) return chunks;
    // In one step the SDK tells the model the words first, and then the result.
    if (isNew && before && isResult(before) && !isResult(item))
      chunks.push({ type: "finish-step" }, { type: "start-step" });
    if (!this.#isOpen && !(item.type === "reasoning" && item.text === "") && isNew)
      chunks.push(...this.#open(item));
    const delta = this.#delta(piece, item);
    return delta ? [...chunks, delta] : chunks;
  }

  /** What was not streamed, and the last item's end. @param output - the whole answer, as it is stored */
  end(output: readonly Item[]): UiChunk[] {
    const { items } = this.#accumulator;
    const rest = piecesOf(output, [], items.length).flatMap((piece) => this.add(piece));
    const last = items.length - 1;
    return [...rest, ...this.#close(output[last] ?? items[last], last)];
  }

  #open(item: Item): UiChunk[] {
    this.#isOpen = true;
    if (item.type === "message") return [{ type: "text-start", id: this.#id() }];
    if (item.type === "reasoning") return [{ type: "reasoning-start", id: this.#id() }];
    if (isResult(item)) return [resultChunk(item)];
    if (item.type !== "function_call" && item.type !== "custom_tool_call") return [];
    const toolName = functionNameOf(item);
    const isText = item.type === "custom_tool_call";
    return [
      {
        type: "tool-input-start",
        toolCallId: item.call_id,
        toolName,
        ...(isText && { inputEncoding: "text" as const }),
      },
    ];
  }

  #delta(piece: Piece, item: Item): UiChunk | null {
    if (!("delta" in piece) || piece.delta === "" || !this.#isOpen) return null;
    const { delta } = piece;
    if (piece.type === "arguments")
      return isCall(item)
        ? { type: "tool-input-delta", toolCallId: piece.call_id, inputTextDelta: delta }
        : null;
    const type = piece.type === "reasoning" ? "reasoning-delta" : "text-delta";
    return { type, id: this.#id(), delta };
  }

  #close(item: Item | undefined, index: number): UiChunk[] {
    if (!item || !this.#isOpen) return [];
    this.#isOpen = false;
    if (item.type === "message") return [{ type: "text-end", id: this.#id(index) }];
    if (item.type === "reasoning") return [{ type: "reasoning-end", id: this.#id(index) }];
    return isCall(item) ? [inputOf(item)] : [];
  }

  #id = (index = this.#accumulator.items.length - 1): string => `${this.#prefix}_${index}`;
}

/** The end of a call's input. */
function inputOf(item: Extract<Item, { call_id: unknown }>): UiChunk {
  const toolCallId = String(item.call_id);
  const { toolName, text, isJson } = calledAs(item);
  const isCut = "status" in item && item.status === "incomplete";
  const input = isJson ? jsonOr(text === "" ? "{}" : text, undefined) : text;
  if (!isCut && input !== undefined)
    return { type: "tool-input-available", toolCallId, toolName, input };
  const errorText = isCut ? NOT_WHOLE : NOT_JSON;
  return { type: "tool-input-error", toolCallId, toolName, input: text, errorText };
}

function calledAs(item: Item): { toolName: string; text: string; isJson: boolean } {
  if (item.type === "function_call")
    return { toolName: functionNameOf(item), text: item.arguments, isJson: true };
  if (item.type === "custom_tool_call")
    return { toolName: functionNameOf(item), text: item.input, isJson: false };
  if (!isClientCall(item)) return { toolName: item.type, text: "", isJson: false };
  const { name, arguments: args } = asFunctionCall(item);
  return { toolName: name, text: args, isJson: true };
}
