import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";

import type { Model } from "../model.ts";
import { stoppedError } from "../provider-errors.ts";
import { SdkAnswer } from "./sdk-answer.ts";
import { brokeOff, toModelError } from "./sdk-errors.ts";
import { callOptions, type Dialect } from "./sdk-options.ts";
import { promptOf } from "./sdk-prompt.ts";

/** A provider's reply is cut off past this. A streamed token takes some 200 bytes of JSON. */
export const MAX_REPLY_BYTES = 16 * 1_048_576;

/** How a model is asked. */
interface Ask {
  generate: LanguageModelV4["doGenerate"];
  /** Asks for a stream, and adds it to the answer. @throws unless it is a whole answer */
  stream: (options: LanguageModelV4CallOptions, answer: SdkAnswer) => Promise<End>;
}

/**
 * A model of one of the AI SDK's providers, called without the SDK itself: its retries and loops are done here already.
 *
 * @param ask - by default as the provider does
 */
export function sdkModel(
  name: string,
  model: LanguageModelV4,
  dialect: Dialect,
  { generate, stream }: Ask = {
    generate: (options) => model.doGenerate(options),
    stream: (options, answer) => streamParts(name, model, options, answer),
  },
): Model {
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
        const answer = new SdkAnswer(name, request);
        const isStreamed = request.onDelta !== undefined || request.onPart !== undefined;
        const end = isStreamed
          ? await stream(options, answer)
          : await addGenerated(generate(options), answer);
        if (signal?.aborted) throw stoppedError(name);
        return answer.finish(end);
      } catch (error) {
        throw toModelError(name, error, signal);
      }
    },
  };
}

/** How an answer ended. */
export interface End {
  finishReason: LanguageModelV4FinishReason;
  usage: LanguageModelV4Usage;
}

async function addGenerated(
  generated: ReturnType<Ask["generate"]>,
  answer: SdkAnswer,
): Promise<End> {
  const { content, finishReason, usage, response } = await generated;
  answer.add({ type: "raw", rawValue: response?.body });
  for (const part of content) answer.add(part);
  return { finishReason, usage };
}

/** A failure is a part of the stream. A stream without a `finish` is no answer. */
async function streamParts(
  name: string,
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  answer: SdkAnswer,
): Promise<End> {
  const reader = (await model.doStream({ ...options, includeRawChunks: true })).stream.getReader();
  // A body may stay open after its signal was aborted.
  const stop = () => void reader.cancel().catch(() => undefined);
  options.abortSignal?.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || options.abortSignal?.aborted) throw brokeOff(name);
      if (value.type === "error") throw value.error;
      if (value.type === "finish") return value;
      answer.add(value);
    }
  } finally {
    options.abortSignal?.removeEventListener("abort", stop);
    stop();
  }
}
