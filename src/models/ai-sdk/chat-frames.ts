import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from "@ai-sdk/provider";
import { z } from "zod";

import { parseJson } from "../../shared/json.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { reportOf } from "../error-frames.ts";
import { ModelError } from "../model-error.ts";
import { ChatToolCalls, callDelta } from "./chat-tool-calls.ts";
import type { SdkAnswer } from "./sdk-answer.ts";
import { unreadable } from "./sdk-errors.ts";

const text = z.string().nullish();
const amount = z.number().nullish();
/** Mistral sends parts in place of a text. */
const content = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish();

/** Source: the OpenAI API, `CreateChatCompletionStreamResponse`, as far as an answer needs it. */
const frame = z.object({
  choices: z.array(
    z.object({
      delta: z
        .object({
          content,
          // Some servers send false.
          refusal: text.catch(undefined),
          reasoning_content: text,
          /** As servers of gpt-oss name it. */
          reasoning: text,
          tool_calls: z.array(callDelta).nullish(),
        })
        .nullish(),
      finish_reason: text,
    }),
  ),
  usage: z
    .object({
      prompt_tokens: amount,
      completion_tokens: amount,
      prompt_tokens_details: z.object({ cached_tokens: amount }).nullish(),
      completion_tokens_details: z.object({ reasoning_tokens: amount }).nullish(),
    })
    .nullish(),
});

type Frame = z.infer<typeof frame>;
type Delta = NonNullable<Frame["choices"][number]["delta"]>;

/** Adds the frames of a streamed chat completion to an answer. */
export class ChatFrames {
  readonly #name: string;
  readonly #keys: readonly string[];
  readonly #answer: SdkAnswer;
  #calls: ChatToolCalls | null = null;
  #usage: Frame["usage"];
  #finish: string | null = null;
  /** Whether no frame has come. */
  isEmpty = true;

  /** @param keys - the deployment's, which an error may quote */
  constructor(name: string, keys: readonly string[], answer: SdkAnswer) {
    this.#name = name;
    this.#keys = keys;
    this.#answer = answer;
  }

  /** @throws ModelError for a frame that reports an error, or makes no sense. A frame that was cut off is left out. */
  take(data: string, isWhole: boolean): void {
    this.isEmpty = false;
    if (data === "[DONE]") return;
    let raw: unknown;
    try {
      raw = parseJson(data);
    } catch {
      if (isWhole) throw unreadable(this.#name, true);
      return;
    }
    const plain = plainTextIn(raw);
    if (plain === null) this.#takeAny(raw);
    else this.#answer.add({ type: "text-delta", id: "", delta: plain });
  }

  /** @throws ModelError where the stream broke off */
  end(): { finishReason: LanguageModelV4FinishReason; usage: LanguageModelV4Usage } {
    if (this.isEmpty)
      throw new ModelError("model_failed", `${this.#name} broke off before its first event`, {
        retryable: true,
      });
    this.#calls?.end();
    if (this.#finish === null) throw unreadable(this.#name, true);
    const unified = REASONS[this.#finish] ?? "other";
    return { finishReason: { unified, raw: this.#finish }, usage: usageOf(this.#usage) };
  }

  #takeAny(raw: unknown): void {
    const reported = reportOf(this.#name, raw, this.#keys);
    if (reported) throw reported;
    const parsed = frame.safeParse(raw);
    if (!parsed.success) throw unreadable(this.#name, true);
    const { choices, usage } = parsed.data;
    if (usage) this.#usage = usage;
    const [choice] = choices;
    if (!choice) return;
    this.#answer.add({ type: "raw", rawValue: raw });
    if (choice.finish_reason) this.#finish = choice.finish_reason;
    if (choice.delta) this.#takeDelta(choice.delta);
  }

  #takeDelta({ content: said, refusal, tool_calls, ...delta }: Delta): void {
    const answer = this.#answer;
    const think = (thought: string) =>
      thought === "" || answer.add({ type: "reasoning-delta", id: "", delta: thought });
    const say = (words: string) =>
      words === "" || answer.add({ type: "text-delta", id: "", delta: words });
    think(delta.reasoning_content ?? delta.reasoning ?? "");
    if (typeof said === "string") say(said);
    for (const part of Array.isArray(said) ? said : []) {
      if (part.type === "text" && typeof part["text"] === "string") say(part["text"]);
      if (part.type === "thinking") think(thoughtIn(part["thinking"]));
    }
    say(refusal ?? "");
    for (const call of tool_calls ?? []) {
      this.#calls ??= new ChatToolCalls((part) => answer.add(part));
      this.#calls.take(call);
    }
  }
}

/**
 * The text of a frame that has nothing else, as most have; null for any other. It takes a tenth of the time that the
 * schema takes.
 */
function plainTextIn(raw: unknown): string | null {
  if (!isObject(raw) || raw["usage"] || raw["error"] || raw["errors"]) return null;
  const { choices } = raw;
  if (!Array.isArray(choices) || choices.length !== 1) return null;
  const choice: unknown = choices[0];
  if (!isObject(choice) || choice["finish_reason"]) return null;
  const { delta } = choice;
  if (!isObject(delta)) return null;
  for (const name in delta) {
    if (name === "content" || name === "role") continue;
    const value = delta[name];
    if (value !== null && value !== undefined && value !== "") return null;
  }
  return typeof delta["content"] === "string" ? delta["content"] : null;
}

/** The text of Mistral's thoughts. */
const thoughtIn = (thinking: unknown): string =>
  (Array.isArray(thinking) ? thinking : [])
    .map((part: unknown) =>
      isObject(part) && part["type"] === "text" && typeof part["text"] === "string"
        ? part["text"]
        : "",
    )
    .join("");

const REASONS: Record<string, LanguageModelV4FinishReason["unified"]> = {
  stop: "stop",
  length: "length",
  content_filter: "content-filter",
  function_call: "tool-calls",
  tool_calls: "tool-calls",
};

function usageOf(usage: Frame["usage"]): LanguageModelV4Usage {
  const { prompt_tokens, completion_tokens, ...details } = usage ?? {};
  return {
    inputTokens: {
      total: prompt_tokens ?? undefined,
      noCache: undefined,
      cacheRead: details.prompt_tokens_details?.cached_tokens ?? undefined,
      cacheWrite: undefined,
    },
    outputTokens: {
      total: completion_tokens ?? undefined,
      text: undefined,
      reasoning: details.completion_tokens_details?.reasoning_tokens ?? undefined,
    },
  };
}
