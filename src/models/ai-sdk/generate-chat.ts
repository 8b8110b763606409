import type { OpenAICompatibleChatLanguageModel } from "@ai-sdk/openai-compatible";
import { TypeValidationError } from "@ai-sdk/provider";
import type { LanguageModelV4CallOptions, LanguageModelV4GenerateResult } from "@ai-sdk/provider";

import { parseJson } from "../../shared/json.ts";
import { requestText } from "../provider-fetch.ts";
import { unreadable } from "./sdk-errors.ts";
import type { ChatServer } from "./stream-chat.ts";

/**
 * Asks an OpenAI-compatible server for a whole answer. The SDK makes the request's body and reads the reply's. It is sent
 * here: the SDK would read the same bytes a second time, through a stream, and copy all headers three times.
 *
 * @throws ModelError when there is no answer, and the SDK's errors
 */
export async function generateChat(
  name: string,
  { url, headers, ...server }: ChatServer,
  model: OpenAICompatibleChatLanguageModel,
  options: LanguageModelV4CallOptions,
): Promise<LanguageModelV4GenerateResult> {
  const { abortSignal: signal, providerOptions } = options;
  const { body: asked } = await model.prepareRequest(options);
  const text = await requestText(name, server, url, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(asked),
    ...(signal && { signal }),
  });
  const body = bodyIn(name, text);
  try {
    const result = await model.convertResponse({
      body,
      ...(providerOptions && { providerOptions }),
    });
    return { ...result, response: { ...result.response, body } };
  } catch (error) {
    // The same request would be answered with the same form.
    throw TypeValidationError.isInstance(error) ? unreadable(name, false) : error;
  }
}

function bodyIn(name: string, text: string): unknown {
  try {
    return parseJson(text, false);
  } catch {
    throw unreadable(name, false);
  }
}
