import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";

import { toolCallsOf } from "../../shared/items.ts";
import type { ModelReply, ModelRequest, Usage } from "../model.ts";
import { brokeOff, failed } from "./sdk-errors.ts";
import { RefusalMarks } from "./refusal-marks.ts";
import { ReplayCollector } from "./replay-collector.ts";
import { sealReplay } from "../../shared/provider-replay.ts";
import { StreamCoalescer } from "../stream-coalescer.ts";

/** In UTF-16 units. A turn's row holds 1 MiB: a longer answer could not be stored. */
const MAX_ANSWER_LENGTH = 1_048_576;
/** The Workers AI provider appends this and random characters to a call's id. */
const WORKERS_AI_CALL_MARK = "::cf-wai-tool-call::";

/** Collects the parts of an answer, whole or streamed, into a reply. */
export class SdkAnswer {
  readonly #name: string;
  readonly #pieces: StreamCoalescer;
  readonly #refusals = new RefusalMarks();
  readonly #replay = new ReplayCollector();
  /** Our ids of the calls that are still open, by the provider's ids. */
  readonly #ids = new Map<string, string>();
  /** The ids that a new call cannot have. */
  readonly #taken: Set<string>;

  constructor(name: string, request: ModelRequest) {
    this.#name = name;
    this.#pieces = new StreamCoalescer(request);
    this.#taken = new Set(request.messages.flatMap(toolCallsOf).map(({ id }) => id));
  }

  add(part: LanguageModelV4Content | LanguageModelV4StreamPart): void {
    switch (part.type) {
      case "raw":
        this.#replay.see(part.rawValue);
        return this.#refusals.see(part.rawValue);
      case "text":
        return this.#addText(part.text);
      case "text-delta":
        return this.#addText(part.delta);
      case "reasoning":
        return this.#pieces.addReasoning(this.#fitting(part.text));
      case "reasoning-delta":
        return this.#pieces.addReasoning(this.#fitting(part.delta));
      case "tool-input-start":
        return this.#begin(part.id, part.toolName);
      case "tool-input-delta":
        return this.#pieces.addArguments(this.#ids.get(part.id) ?? "", this.#fitting(part.delta));
      case "tool-call":
        return this.#addCall(part.toolCallId, part.toolName, part.input, signatureIn(part));
      default:
        return undefined;
    }
  }

  /** An empty answer is one. @throws ModelError for an answer that broke off */
  finish({
    finishReason,
    usage,
  }: {
    finishReason: LanguageModelV4FinishReason;
    usage: LanguageModelV4Usage;
  }): ModelReply {
    const { unified, raw = "" } = finishReason;
    if (unified === "error" || unified === "interrupted" || FAILED.has(raw))
      throw brokeOff(this.#name);
    const cut = cutOf(finishReason);
    this.#seal();
    this.#pieces.end(cut !== undefined);
    return {
      ...this.#pieces.reply,
      model: this.#name,
      usage: toUsage(usage),
      ...(cut !== undefined && { cut }),
    };
  }

  #seal(): void {
    const fields = this.#replay.take();
    if (fields)
      this.#pieces.sealReasoning(this.#fitting(sealReplay({ model: this.#name, fields })));
  }

  #addText(text: string): void {
    const fitting = this.#fitting(text);
    this.#seal();
    if (this.#refusals.take(text)) this.#pieces.addRefusal(fitting);
    else this.#pieces.addText(fitting);
  }

  #begin(id: string, name: string): void {
    this.#fitting(name);
    this.#seal();
    const own = this.#mint(id);
    this.#ids.set(id, own);
    this.#pieces.beginCall(own, name);
  }

  /** Adds a whole call. A stream may have sent some of it, all of it, or nothing before. */
  #addCall(id: string, name: string, input: string, signature: string | null): void {
    if (!this.#ids.has(id)) this.#begin(id, name);
    const own = this.#ids.get(id) ?? "";
    this.#ids.delete(id);
    const streamed = this.#pieces.argumentsOf(own) ?? "";
    if (input.startsWith(streamed))
      this.#pieces.addArguments(own, this.#fitting(input.slice(streamed.length)));
    if (signature !== null) this.#pieces.signCall(own, this.#fitting(signature));
    this.#pieces.endCall(own);
  }

  #mint(id: string): string {
    const plain = id.split(WORKERS_AI_CALL_MARK)[0]?.trim() ?? "";
    const own =
      plain === "" || this.#taken.has(plain)
        ? `call_${crypto.randomUUID().replaceAll("-", "")}`
        : plain;
    this.#taken.add(own);
    return own;
  }

  #fitting(more: string): string {
    if (this.#pieces.length + more.length <= MAX_ANSWER_LENGTH) return more;
    throw failed(`${this.#name} answered with more than ${MAX_ANSWER_LENGTH} characters`, false);
  }
}

/** Data that Google wants back with a call. */
function signatureIn({ providerMetadata }: LanguageModelV4ToolCall): string | null {
  const found = Object.values(providerMetadata ?? {}).map((each) => each["thoughtSignature"]);
  return found.find((each): each is string => typeof each === "string") ?? null;
}

/** Reasons of the end of an answer that failed. vLLM and SGLang say `abort`. */
const FAILED = new Set(["error", "abort", "stream-truncated"]);

const CUTS: { [reason: string]: ModelReply["cut"] } = {
  length: "max_output_tokens",
  "content-filter": "content_filter",
};

/**
 * The provider reports a model's own refusal, which ends with `stop`, as the work of a filter. That of Workers AI takes a
 * filter for `stop`.
 */
function cutOf({ unified, raw }: LanguageModelV4FinishReason): ModelReply["cut"] {
  if (raw === "content_filter") return "content_filter";
  return raw === "stop" ? undefined : CUTS[unified];
}

function toUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): Usage | undefined {
  const { total: input_tokens = 0, cacheRead } = inputTokens;
  const { total: output_tokens = 0, reasoning } = outputTokens;
  // Zeros stand for "not counted" in replies of Workers AI.
  if (input_tokens === 0 && output_tokens === 0) return undefined;
  return {
    input_tokens,
    output_tokens,
    ...(cacheRead && { cached_tokens: cacheRead }),
    ...(reasoning && { reasoning_tokens: reasoning }),
  };
}
