/**
 * The models that the AI SDK's providers speak to. They are asked without the SDK itself, which does nothing for us that
 * we do not do already. They are heavy still and this file imports them outright: load it with `import()` only, as
 * {@link file://./respond.ts} does, so that neither start-up nor the local model pays for it.
 *
 * What is loaded lazily is wrapped by esbuild, and zod with it, as both sides use it. Hence `import { z } from "zod"`
 * everywhere: with `import * as z` esbuild 0.28 leaves out the initialisation, and the Worker fails at start-up.
 */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  AISDKError,
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4Content,
  type LanguageModelV4FinishReason,
  type LanguageModelV4StreamPart,
  type LanguageModelV4Usage,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { createWorkersAI } from "workers-ai-provider";

import { toolCallsOf } from "../shared/items.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest, type Usage } from "./model.ts";
import { StreamCoalescer } from "./stream-coalescer.ts";
import { modelErrorIn, providerFetch, statusError, stoppedError } from "./provider-fetch.ts";
import { callOptions, type Dialect, present } from "./sdk-options.ts";
import { promptOf } from "./sdk-prompt.ts";
import { isVectors } from "./vectors.ts";
import type { Embedded } from "./vectors.ts";

/** What a provider may send for one answer: a streamed token comes in some 200 bytes of JSON. */
const MAX_REPLY_BYTES = 16 * 1_048_576;
/** A turn holds 1 MiB; more than this could not be kept. In UTF-16 code units. */
const MAX_ANSWER_LENGTH = 1_048_576;
const EMBEDDING_TIMEOUT_MS = 30_000;
/** What the provider of Workers AI puts behind a call's id, before something random. */
const WORKERS_AI_CALL_MARK = "::cf-wai-tool-call::";

const OPENAI: Dialect = {
  takesAddresses: true,
  takesArgumentText: true,
  needsSchema: false,
  own: ({ format, verbosity, tools = [], parallel_tool_calls }) => ({
    openai: {
      // The provider takes it for true where it is not told.
      ...(format?.type === "json_schema" && { strictJsonSchema: format.strict ?? false }),
      ...present({ textVerbosity: verbosity }),
      // OpenAI refuses it where there are no tools.
      ...(tools.length > 0 && present({ parallel_tool_calls })),
    },
  }),
};

const WORKERS_AI: Dialect = {
  // It stops after 256 tokens unless it is told otherwise.
  maxOutputTokens: 2_048,
  takesAddresses: false,
  takesArgumentText: false,
  needsSchema: true,
  own: () => ({}),
};

export interface OpenAISettings {
  baseURL: string;
  /** Absent for servers that take no key. */
  apiKey?: string | undefined;
}

/** `openai/<model>`: any OpenAI-compatible server. @param name - as it stands in `MODEL` */
export function openaiModel(
  name: string,
  { baseURL, apiKey }: OpenAISettings,
  send: typeof fetch = (input, init) => fetch(input, init),
): Model {
  const provider = createOpenAICompatible({
    name: "openai",
    baseURL,
    ...(apiKey !== undefined && { apiKey }),
    includeUsage: true,
    supportsStructuredOutputs: true,
    fetch: providerFetch(name, MAX_REPLY_BYTES, send),
    ...(isOpenAI(baseURL) && { transformRequestBody: withNewTokenLimit }),
  });
  return sdkModel(name, provider(idOf(name)), OPENAI);
}

/** Servers of other people's are no OpenAI, however compatible. */
const isOpenAI = (baseURL: string): boolean =>
  /(?:^|\.)openai\.(?:azure\.)?com$/.test(new URL(baseURL).hostname);

/** OpenAI's reasoning models refuse `max_tokens`, and most other servers know nothing else. */
const withNewTokenLimit = ({ max_tokens, ...body }: Record<string, unknown>) => ({
  ...body,
  ...(max_tokens !== undefined && { max_completion_tokens: max_tokens }),
});

/** Vectors of texts, by any OpenAI-compatible server. @param name - as it stands in `EMBEDDING_MODEL` */
export async function openaiEmbed(
  name: string,
  { baseURL, apiKey }: OpenAISettings,
  texts: string[],
  dimensions: number | null,
  send: typeof fetch = (input, init) => fetch(input, init),
): Promise<Embedded> {
  const provider = createOpenAICompatible({
    name: "openai",
    baseURL,
    ...(apiKey !== undefined && { apiKey }),
    fetch: providerFetch(name, MAX_REPLY_BYTES, send),
  });
  const abortSignal = AbortSignal.timeout(EMBEDDING_TIMEOUT_MS);
  try {
    const { embeddings, usage } = await provider.embeddingModel(idOf(name)).doEmbed({
      values: texts,
      abortSignal,
      ...(dimensions !== null && { dimensions }),
    });
    if (!isVectors(embeddings, texts.length)) throw unreadable(name, true);
    return { vectors: embeddings, tokens: usage?.tokens ?? null };
  } catch (error) {
    throw toModelError(name, error, abortSignal);
  }
}

/** `workers-ai/<model>`: the `AI` binding. @param name - as it stands in `MODEL` */
export function workersAiModel(name: string, binding: Ai): Model {
  return sdkModel(name, createWorkersAI({ binding })(idOf(name)), WORKERS_AI);
}

const idOf = (name: string): string => name.slice(name.indexOf("/") + 1);

function sdkModel(name: string, model: LanguageModelV4, dialect: Dialect): Model {
  return {
    name,
    async respond(request) {
      const { messages, settings = {}, signal } = request;
      try {
        const options = {
          ...callOptions(name, settings, dialect),
          prompt: promptOf(name, messages, dialect),
          ...(signal && { abortSignal: signal }),
        };
        const answer = new Answer(name, request);
        const isStreamed = request.onDelta !== undefined || request.onPart !== undefined;
        const end = isStreamed
          ? await stream(name, model, options, answer)
          : await generate(model, options, answer);
        if (signal?.aborted) throw stoppedError(name);
        return answer.finish(end);
      } catch (error) {
        throw toModelError(name, error, signal);
      }
    },
  };
}

interface End {
  finishReason: LanguageModelV4FinishReason;
  usage: LanguageModelV4Usage;
}

async function generate(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  answer: Answer,
): Promise<End> {
  const { content, finishReason, usage } = await model.doGenerate(options);
  for (const part of content) answer.add(part);
  return { finishReason, usage };
}

/** Failures are parts of a stream. Only one with a `finish` is an answer. */
async function stream(
  name: string,
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  answer: Answer,
): Promise<End> {
  const reader = (await model.doStream(options)).stream.getReader();
  // A body may stay open whatever its signal says.
  const stop = () => void reader.cancel().catch(() => undefined);
  options.abortSignal?.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || options.abortSignal?.aborted) throw failed(`${name} broke off`, true);
      if (value.type === "error") throw value.error;
      if (value.type === "finish") return value;
      answer.add(value);
    }
  } finally {
    options.abortSignal?.removeEventListener("abort", stop);
    stop();
  }
}

/** The parts of an answer, whole or streamed, on their way to be a reply. */
class Answer {
  readonly #name: string;
  readonly #request: ModelRequest;
  readonly #pieces: StreamCoalescer;
  /** The ids of the calls that are not told to their end, by what the provider calls them. */
  readonly #ids = new Map<string, string>();
  /** What no call may be called any more. */
  readonly #taken: Set<string>;

  constructor(name: string, request: ModelRequest) {
    this.#name = name;
    this.#request = request;
    this.#pieces = new StreamCoalescer(request);
    this.#taken = new Set(request.messages.flatMap(toolCallsOf).map(({ id }) => id));
  }

  add(part: LanguageModelV4Content | LanguageModelV4StreamPart): void {
    switch (part.type) {
      case "text":
        return this.#pieces.addText(this.#fitting(part.text));
      case "text-delta":
        return this.#pieces.addText(this.#fitting(part.delta));
      case "reasoning":
        return this.#pieces.addThought(this.#fitting(part.text));
      case "reasoning-delta":
        return this.#pieces.addThought(this.#fitting(part.delta));
      case "tool-input-start":
        return this.#begin(part.id, part.toolName);
      case "tool-input-delta":
        return this.#pieces.addArguments(this.#ids.get(part.id) ?? "", this.#fitting(part.delta));
      case "tool-call":
        return this.#addCall(part.toolCallId, part.toolName, part.input);
      default:
        return undefined;
    }
  }

  finish({ finishReason, usage }: End): ModelReply {
    const { unified } = finishReason;
    if (unified === "error" || unified === "interrupted")
      throw failed(`${this.#name} broke off`, true);
    const cut = cutOf(finishReason);
    // What was cut off is not to look whole.
    this.#pieces.end(cut !== undefined);
    const { text } = this.#pieces;
    // Whoever sets a limit may have set it to where a model is still thinking.
    const isLimited =
      cut === "max_output_tokens" && this.#request.settings?.max_output_tokens !== undefined;
    if (text.trim() === "" && !this.#pieces.hasCalls && !isLimited)
      throw failed(`${this.#name} gave an empty answer`, true);
    return {
      ...this.#pieces.reply,
      model: this.#name,
      usage: toUsage(usage),
      ...(cut !== undefined && { cut }),
    };
  }

  #begin(id: string, name: string): void {
    this.#fitting(name);
    const own = this.#mint(id);
    this.#ids.set(id, own);
    this.#pieces.beginCall(own, name);
  }

  /** All of a call, of which a stream has told some or all, or nothing. */
  #addCall(id: string, name: string, input: string): void {
    if (!this.#ids.has(id)) this.#begin(id, name);
    const own = this.#ids.get(id) ?? "";
    this.#ids.delete(id);
    const told = this.#pieces.argumentsOf(own) ?? "";
    if (input.startsWith(told))
      this.#pieces.addArguments(own, this.#fitting(input.slice(told.length)));
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
    if (this.#pieces.length + more.length > MAX_ANSWER_LENGTH) throw tooLong(this.#name);
    return more;
  }
}

const CUTS: { [reason: string]: ModelReply["cut"] } = {
  length: "max_output_tokens",
  "content-filter": "content_filter",
};

/** The provider takes a refusal that ended of itself for the work of a filter. */
const cutOf = ({ unified, raw }: LanguageModelV4FinishReason): ModelReply["cut"] =>
  raw === "stop" ? undefined : CUTS[unified];

function toUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): Usage | undefined {
  const { total: input_tokens = 0, cacheRead } = inputTokens;
  const { total: output_tokens = 0, reasoning } = outputTokens;
  // Workers AI models that count nothing are reported as zeros.
  if (input_tokens === 0 && output_tokens === 0) return undefined;
  return {
    input_tokens,
    output_tokens,
    ...(cacheRead && { cached_tokens: cacheRead }),
    ...(reasoning && { reasoning_tokens: reasoning }),
  };
}

/** The SDK's errors hold the prompt, the provider's body and its URL, so that none of them becomes message or cause. */
function toModelError(name: string, error: unknown, signal?: AbortSignal): ModelError {
  if (signal?.aborted) return stoppedError(name);
  const known = modelErrorIn(error);
  if (known) return known;
  // Whatever is not the SDK's own came from below it: the connection.
  if (!AISDKError.isInstance(error)) return failed(`${name} broke off`, true);
  if (UnsupportedFunctionalityError.isInstance(error))
    return failed(`${name} takes no such file`, false);
  if (!APICallError.isInstance(error)) return unreadable(name, true);
  if (error.statusCode === undefined)
    return failed(`${name} failed without a status`, error.isRetryable);
  if (error.statusCode < 300) return unreadable(name, error.isRetryable);
  return failed(statusError(name, error.statusCode).message, error.isRetryable);
}

const failed = (message: string, retryable: boolean): ModelError =>
  new ModelError("model_failed", message, { retryable });

const unreadable = (name: string, retryable: boolean): ModelError =>
  failed(`${name} gave an answer that could not be read`, retryable);

const tooLong = (name: string): ModelError =>
  failed(`${name} answered with more than ${MAX_ANSWER_LENGTH} characters`, false);
