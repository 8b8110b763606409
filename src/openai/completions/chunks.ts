import type { ChatUsage, FinishReason } from "../chat-format.ts";
import { StreamAccumulator, isCall, piecesOf } from "../responses/response-pieces.ts";
import type { Piece } from "../responses/response-pieces.ts";
import { outputOf } from "../responses/response.ts";
import { extraContent } from "../../shared/items.ts";
import type { ToolCall } from "../../shared/items.ts";
import { openReplay } from "../../shared/provider-replay.ts";
import { SECOND_MS } from "../../shared/time.ts";
import { modelOf, completionOf } from "./completion.ts";
import type { Turn } from "../../shared/turn.ts";

/** Source: the OpenAI API, `CreateChatCompletionStreamResponse`. */
export interface CompletionChunk {
  id: string;
  object: "chat.completion.chunk";
  /** Seconds since the epoch. */
  created: number;
  model: string;
  service_tier: "default";
  choices: ChunkChoice[];
  /** Null in all chunks but the last. Absent unless the request asks for it. */
  usage?: ChatUsage | null;
}

export interface ChunkChoice {
  index: 0;
  delta: ChunkDelta;
  finish_reason: FinishReason | null;
  logprobs: null;
}

export interface ChunkDelta {
  role?: "assistant";
  content?: string;
  refusal?: string | null;
  reasoning_content?: string;
  tool_calls?: {
    index: number;
    id?: string;
    type?: "function" | "custom";
    function?: { name?: string; arguments: string };
    custom?: { name?: string; input: string };
    extra_content?: ToolCall["extra_content"];
  }[];
}

/** The chunks of one chat completion's stream. */
export class CompletionChunks {
  readonly #base: Omit<CompletionChunk, "choices" | "usage">;
  readonly #includesUsage: boolean;
  readonly #accumulator = new StreamAccumulator();
  /** The requested model, until the end tells which one answered. */
  #model: string;
  #calls = 0;
  #hasText = false;
  #hasReasoning = false;
  #hasRefusal = false;

  constructor(turn: Turn, id: string, includesUsage: boolean) {
    this.#model = modelOf(turn);
    this.#base = {
      id,
      object: "chat.completion.chunk",
      created: Math.floor(turn.created_at / SECOND_MS),
      model: this.#model,
      service_tier: "default",
    };
    this.#includesUsage = includesUsage;
  }

  begin(): CompletionChunk[] {
    return [this.#chunk({ role: "assistant", content: "", refusal: null })];
  }

  add(piece: Piece): CompletionChunk[] {
    const isNew = this.#accumulator.add(piece);
    if (piece.type === "call") {
      const { call_id: id, name, custom } = piece;
      this.#calls += 1;
      return [
        this.#callChunk(
          custom
            ? { id, type: "custom", custom: { name, input: "" } }
            : { id, type: "function", function: { name, arguments: "" } },
        ),
      ];
    }
    // No chat completion has such an item.
    if (piece.type === "item") return [];
    if (piece.type === "seal") return this.#seal(piece.value);
    if (piece.delta === "") return [];
    if (piece.type === "arguments") {
      // Late arguments of a finished call are not in the completion, either.
      const last = this.#accumulator.items.at(-1)?.type;
      if (last === "custom_tool_call") return [this.#callChunk({ custom: { input: piece.delta } })];
      return last === "function_call"
        ? [this.#callChunk({ function: { arguments: piece.delta } })]
        : [];
    }
    if (piece.type === "reasoning") {
      const between = isNew && this.#hasReasoning ? "\n" : "";
      this.#hasReasoning = true;
      return [this.#chunk({ reasoning_content: `${between}${piece.delta}` })];
    }
    if (piece.type === "refusal") {
      const between = isNew && this.#hasRefusal ? "\n" : "";
      this.#hasRefusal = true;
      return [this.#chunk({ refusal: `${between}${piece.delta}` })];
    }
    // The completion joins texts by line breaks.
    const between = isNew && this.#hasText ? "\n" : "";
    this.#hasText = true;
    return [this.#chunk({ content: `${between}${piece.delta}` })];
  }

  /** Streams what was not streamed before, then the end. @param turn - as it ended */
  end(turn: Turn): CompletionChunk[] {
    const streamed = this.#accumulator.items.length;
    const rest = piecesOf(outputOf(turn), [], streamed).flatMap((piece) => this.add(piece));
    this.#model = modelOf(turn);
    const { choices, usage } = completionOf(turn, this.#base.id, {});
    const last = this.#chunk({}, choices[0]?.finish_reason ?? "stop");
    if (!this.#includesUsage) return [...rest, last];
    const counted = { ...this.#base, model: this.#model, choices: [], usage: usage ?? null };
    return [...rest, last, counted];
  }

  /** Data that the provider wants back with a call or with the message. */
  #seal(value: string): CompletionChunk[] {
    const last = this.#accumulator.items.at(-1);
    if (last && isCall(last)) return [this.#callChunk({ extra_content: extraContent(value) })];
    const { fields } = openReplay(value) ?? {};
    return fields ? [this.#chunk(fields)] : [];
  }

  #callChunk(call: Omit<NonNullable<ChunkDelta["tool_calls"]>[number], "index">): CompletionChunk {
    return this.#chunk({ tool_calls: [{ index: this.#calls - 1, ...call }] });
  }

  #chunk(delta: ChunkDelta, finish_reason: FinishReason | null = null): CompletionChunk {
    return {
      ...this.#base,
      model: this.#model,
      choices: [{ index: 0, delta, finish_reason, logprobs: null }],
      ...(this.#includesUsage && { usage: null }),
    };
  }
}

/** All chunks of a finished completion. */
export function allChunks(turn: Turn, chunks: CompletionChunks): CompletionChunk[] {
  const pieces = piecesOf(outputOf(turn), turn.extra.response?.pieces ?? []);
  return [...chunks.begin(), ...pieces.flatMap((piece) => chunks.add(piece)), ...chunks.end(turn)];
}
