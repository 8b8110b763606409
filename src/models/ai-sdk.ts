/**
 * The models that the AI SDK speaks to. The SDK is heavy and this file imports it outright: load it with `import()`
 * only, as {@link file://./respond.ts} does, so that neither start-up nor the local model pays for it.
 *
 * What is loaded lazily is wrapped by esbuild, and zod with it, as both sides use it. Hence `import { z } from "zod"`
 * everywhere: with `import * as z` esbuild 0.28 leaves out the initialisation, and the Worker fails at start-up.
 */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  AISDKError,
  APICallError,
  generateText,
  type LanguageModel,
  type LanguageModelUsage,
  type ModelMessage,
  embedMany,
  streamText,
} from "ai";
import { createWorkersAI } from "workers-ai-provider";
import { toolCallsOf } from "../items.ts";
import type { Message } from "../items.ts";
import { type Embedded, isVectors } from "./embed.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest, type Usage } from "./model.ts";
import { modelErrorIn, providerFetch, statusError, stoppedError } from "./provider-fetch.ts";

/** What a provider may send for one answer: a streamed token comes in some 200 bytes of JSON. */
const MAX_REPLY_BYTES = 16 * 1_048_576;
/** A turn holds 1 MiB; more than this could not be kept. In UTF-16 code units. */
const MAX_ANSWER_LENGTH = 1_048_576;
const EMBEDDING_TIMEOUT_MS = 30_000;
/** Workers AI stops after 256 tokens unless it is told otherwise. */
const WORKERS_AI_MAX_OUTPUT_TOKENS = 2_048;

// The SDK's warnings go to the console as prose; our logs are JSON, without what was said.
globalThis.AI_SDK_LOG_WARNINGS = false;

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
    fetch: providerFetch(name, MAX_REPLY_BYTES, send),
  });
  return sdkModel(name, provider(idOf(name)));
}

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
    const { embeddings, usage } = await embedMany({
      model: provider.embeddingModel(idOf(name)),
      values: texts,
      maxRetries: 1,
      abortSignal,
      ...(dimensions !== null && { providerOptions: { openai: { dimensions } } }),
    });
    if (!isVectors(embeddings, texts.length)) throw unreadable(name, true);
    return { vectors: embeddings, tokens: Number.isFinite(usage.tokens) ? usage.tokens : null };
  } catch (error) {
    throw toModelError(name, error, abortSignal);
  }
}

/** `workers-ai/<model>`: the `AI` binding. @param name - as it stands in `MODEL` */
export function workersAiModel(name: string, binding: Ai): Model {
  const model = createWorkersAI({ binding })(idOf(name));
  return sdkModel(name, model, WORKERS_AI_MAX_OUTPUT_TOKENS);
}

const idOf = (name: string): string => name.slice(name.indexOf("/") + 1);

function sdkModel(name: string, model: LanguageModel, maxOutputTokens?: number): Model {
  return {
    name,
    async respond(request) {
      const options = {
        model,
        messages: request.messages.map(toModelMessage(request.messages)),
        // Instructions stay where they stand in the window. Who may put them there is settled before this.
        allowSystemInMessages: true,
        // One retry policy, and it is in respond.ts: it knows what has been streamed.
        maxRetries: 0,
        abortSignal: request.signal,
        ...(maxOutputTokens !== undefined && { maxOutputTokens }),
      };
      try {
        const reply = request.onDelta
          ? await stream(name, options, request.onDelta)
          : await generate(name, options);
        if (request.signal.aborted) throw stoppedError(name);
        if (reply.text.trim() === "") throw failed(`${name} gave an empty answer`, true);
        return reply;
      } catch (error) {
        throw toModelError(name, error, request.signal);
      }
    },
  };
}

type Options = Pick<
  Parameters<typeof generateText>[0],
  "model" | "maxOutputTokens" | "maxRetries" | "abortSignal"
> & {
  messages: ModelMessage[];
  allowSystemInMessages: boolean;
};

async function generate(name: string, options: Options): Promise<ModelReply> {
  const { text, usage, finishReason } = await generateText(options);
  if (finishReason === "error") throw failed(`${name} broke off`, true);
  if (text.length > MAX_ANSWER_LENGTH) throw tooLong(name);
  return { text, model: name, usage: toUsage(usage) };
}

/**
 * A stream of the SDK never throws: failures are parts of it, and what it would do with them is print them.
 * Only a stream with a `finish` that is no error is an answer.
 */
async function stream(
  name: string,
  options: Options,
  onDelta: NonNullable<ModelRequest["onDelta"]>,
): Promise<ModelReply> {
  let text = "";
  for await (const part of streamText({ ...options, onError: () => {} }).stream) {
    if (part.type === "error") throw part.error;
    if (part.type === "abort") throw stoppedError(name);
    if (part.type === "finish") {
      if (part.finishReason === "error") break;
      return { text, model: name, usage: toUsage(part.totalUsage) };
    }
    if (part.type !== "text-delta" || part.text === "") continue;
    text += part.text;
    if (text.length > MAX_ANSWER_LENGTH) throw tooLong(name);
    onDelta(part.text);
  }
  throw failed(`${name} broke off`, true);
}

/** @param all - where the names of tools are that only calls have */
const toModelMessage =
  (all: readonly Message[]) =>
  (message: Message): ModelMessage => {
    const { role, content } = message;
    if (role === "tool") {
      const { tool_call_id: toolCallId } = message;
      const made = all.flatMap(toolCallsOf).find(({ id }) => id === toolCallId);
      const toolName = made?.function.name ?? "";
      const output = { type: "text" as const, value: content };
      return { role, content: [{ type: "tool-result", toolCallId, toolName, output }] };
    }
    const calls = toolCallsOf(message);
    if (calls.length === 0) {
      // "developer" is OpenAI's newer word for the same; compatible servers and Workers AI know "system" only.
      return { role: role === "developer" ? "system" : role, content };
    }
    return {
      role: "assistant",
      content: [
        ...(content === "" ? [] : [{ type: "text" as const, text: content }]),
        ...calls.map(({ id, function: { name, arguments: args } }) => ({
          type: "tool-call" as const,
          toolCallId: id,
          toolName: name,
          input: jsonOr(args),
        })),
      ],
    };
  };

/** A model may have written arguments that are no JSON. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function toUsage({ inputTokens = 0, outputTokens = 0 }: LanguageModelUsage): Usage | undefined {
  // Workers AI models that count nothing are reported as zeros.
  if (inputTokens === 0 && outputTokens === 0) return undefined;
  return { input_tokens: inputTokens, output_tokens: outputTokens };
}

/** The SDK's errors hold the prompt, the provider's body and its URL, so that none of them becomes message or cause. */
function toModelError(name: string, error: unknown, signal: AbortSignal): ModelError {
  if (signal.aborted) return stoppedError(name);
  const known = modelErrorIn(error);
  if (known) return known;
  // Whatever is not the SDK's own came from below it: the connection.
  if (!AISDKError.isInstance(error)) return failed(`${name} broke off`, true);
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
