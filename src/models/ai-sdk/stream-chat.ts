import type { OpenAICompatibleChatLanguageModel } from "@ai-sdk/openai-compatible";
import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";

import { bodyText } from "../../outbound/bounded-fetch.ts";
import { reportIn } from "../error-frames.ts";
import { tooLongError } from "../provider-errors.ts";
import { requestProvider } from "../provider-fetch.ts";
import type { ProviderFetchOptions } from "../provider-fetch.ts";
import { eventsIn, readEvents } from "../read-events.ts";
import { ChatFrames } from "./chat-frames.ts";
import { brokeOff, unreadable } from "./sdk-errors.ts";
import type { End } from "./sdk-model.ts";
import type { SdkAnswer } from "./sdk-answer.ts";

export interface ChatServer extends ProviderFetchOptions {
  url: string;
  headers: Record<string, string>;
}

/**
 * Asks an OpenAI-compatible server for a stream, and adds it to the answer. The SDK makes the request's body. The reply is
 * read here: each of the SDK's stream stages costs as much a frame as to parse it.
 *
 * @throws ModelError when there is no whole answer
 */
export async function streamChat(
  name: string,
  { url, headers, ...server }: ChatServer,
  model: OpenAICompatibleChatLanguageModel,
  options: LanguageModelV4CallOptions,
  answer: SdkAnswer,
): Promise<End> {
  const { abortSignal: signal } = options;
  const { body: asked } = await model.prepareRequest(options);
  const { headers: replied, body } = await requestProvider(name, server, url, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ ...asked, stream: true, stream_options: { include_usage: true } }),
    ...(signal && { signal }),
  });
  if (!body) throw brokeOff(name);
  const { maxBytes, keys = [] } = server;
  const tooLong = () => tooLongError(name, maxBytes);
  const frames = new ChatFrames(name, keys, answer);
  const take = (data: string, isWhole: boolean) => frames.take(data, isWhole);
  if (replied.get("content-type")?.startsWith("text/event-stream")) {
    await readEvents(body, { maxBytes, tooLong, signal }, take);
    return frames.end();
  }
  // Some servers give events another type, and others report an error as JSON with status 200.
  const text = await bodyText(body, maxBytes, tooLong);
  const reported = reportIn(name, text, keys);
  if (reported) throw reported;
  eventsIn(text, take);
  if (frames.isEmpty) throw unreadable(name, true);
  return frames.end();
}
