import {
  OpenAICompatibleChatLanguageModel,
  createOpenAICompatible,
} from "@ai-sdk/openai-compatible";

import { isVectors } from "../embedder.ts";
import type { Embeddable, Embedded } from "../embedder.ts";
import { bareName } from "../model-name.ts";
import type { Model } from "../model.ts";
import { providerFetch } from "../provider-fetch.ts";
import type { ProviderFetchOptions } from "../provider-fetch.ts";
import { generateChat } from "./generate-chat.ts";
import { toModelError, unreadable } from "./sdk-errors.ts";
import { MAX_REPLY_BYTES, sdkModel } from "./sdk-model.ts";
import type { Dialect } from "./sdk-options.ts";
import { streamChat } from "./stream-chat.ts";

const EMBEDDING_TIMEOUT_MS = 30_000;

const DIALECT: Dialect = {
  takesUrls: true,
  takesArgumentText: true,
  needsSchema: false,
  own: ({ format, verbosity, tools = [], parallel_tool_calls }) => {
    const openai = {
      // The SDK's default is true, OpenAI's is false.
      ...(format?.type === "json_schema" && { strictJsonSchema: format.strict ?? false }),
      ...(verbosity !== undefined && { textVerbosity: verbosity }),
      // OpenAI refuses it in a request without tools.
      ...(tools.length > 0 && parallel_tool_calls !== undefined && { parallel_tool_calls }),
    };
    // The SDK would parse an empty object by its schema, too.
    return Object.keys(openai).length === 0 ? {} : { openai };
  },
};

export interface OpenAISettings {
  baseURL: string;
  /** Absent for servers that take no key. */
  apiKey?: string | undefined;
}

/** Models that are kept. A deployment has a few. */
const MAX_KEPT = 64;
const kept = new Map<string, Model>();

/**
 * `openai/<model>`, on any OpenAI-compatible server. It is kept between turns, as the SDK builds its schemas for each.
 *
 * @param name - as it stands in `MODEL`
 */
export function openaiModel(name: string, settings: OpenAISettings, send?: typeof fetch): Model {
  if (send) return newModel(name, settings, send);
  const key = JSON.stringify([name, settings.baseURL, settings.apiKey]);
  const known = kept.get(key);
  if (known) return known;
  if (kept.size >= MAX_KEPT) kept.clear();
  const made = newModel(name, settings);
  kept.set(key, made);
  return made;
}

function newModel(name: string, settings: OpenAISettings, send?: typeof fetch): Model {
  const { baseURL, apiKey } = settings;
  const url = `${baseURL.replace(/\/$/, "")}/chat/completions`;
  const headers = {
    "user-agent": "colloquy",
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  const server = { url, headers, ...serverOf(settings, send) };
  const model = new OpenAICompatibleChatLanguageModel(bareName(name), {
    provider: "openai.chat",
    // Neither is used: requests are sent here.
    url: () => url,
    headers: {},
    supportsStructuredOutputs: true,
    ...(isOpenAI(baseURL) && { transformRequestBody: withNewTokenLimit }),
  });
  return sdkModel(name, model, DIALECT, {
    generate: (options) => generateChat(name, server, model, options),
    stream: (options, answer) => streamChat(name, server, model, options, answer),
  });
}

/** Vectors of texts, by any OpenAI-compatible server. @param name - as it stands in `EMBEDDING_MODEL` */
export async function openaiEmbed(
  name: string,
  settings: OpenAISettings,
  texts: Embeddable[],
  dimensions: number | null,
  send?: typeof fetch,
): Promise<Embedded> {
  const { baseURL, apiKey } = settings;
  const model = createOpenAICompatible({
    name: "openai",
    baseURL,
    ...(apiKey !== undefined && { apiKey }),
    fetch: providerFetch(name, serverOf(settings, send)),
  }).embeddingModel(bareName(name));
  const abortSignal = AbortSignal.timeout(EMBEDDING_TIMEOUT_MS);
  try {
    const { embeddings, usage } = await model.doEmbed({
      // The SDK passes them on: a server of OpenAI takes tokens, too.
      values: texts as string[],
      abortSignal,
      ...(dimensions !== null && { dimensions }),
    });
    if (!isVectors(embeddings, texts.length)) throw unreadable(name, true);
    return { vectors: embeddings, tokens: usage?.tokens ?? null };
  } catch (error) {
    throw toModelError(name, error, abortSignal);
  }
}

const serverOf = (
  { apiKey }: OpenAISettings,
  send: typeof fetch = (input, init) => fetch(input, init),
): ProviderFetchOptions => ({
  maxBytes: MAX_REPLY_BYTES,
  send,
  keys: apiKey === undefined ? [] : [apiKey],
});

/** Whether a server is OpenAI's own, and not only compatible with it. */
const isOpenAI = (baseURL: string): boolean =>
  /(?:^|\.)openai\.(?:azure\.)?com$/.test(new URL(baseURL).hostname);

/** OpenAI's reasoning models refuse `max_tokens`; most other servers know nothing else. */
const withNewTokenLimit = ({ max_tokens, ...body }: Record<string, unknown>) => ({
  ...body,
  ...(max_tokens !== undefined && { max_completion_tokens: max_tokens }),
});
