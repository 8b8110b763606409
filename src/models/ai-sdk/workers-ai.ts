import { createWorkersAI } from "workers-ai-provider";

import { isVectors } from "../embedder.ts";
import type { Embeddable, Embedded } from "../embedder.ts";
import { failOnErrorFrame, reportOf } from "../error-frames.ts";
import { bareName } from "../model-name.ts";
import type { Model } from "../model.ts";
import { ModelError } from "../model-error.ts";
import { numberOwnCalls } from "./number-own-calls.ts";
import { unable, unreadable } from "./sdk-errors.ts";
import { sdkModel } from "./sdk-model.ts";
import type { Dialect } from "./sdk-options.ts";

const DIALECT: Dialect = {
  // Workers AI's own default is 256 tokens, which cuts most answers.
  maxOutputTokens: 2_048,
  takesUrls: false,
  takesArgumentText: false,
  needsSchema: true,
  own: () => ({}),
};

/** `workers-ai/<model>`, by the `AI` binding. @param name - as it stands in `MODEL` */
export function workersAiModel(name: string, binding: Ai): Model {
  const checked = checkedBinding(name, binding);
  return sdkModel(name, createWorkersAI({ binding: checked })(bareName(name)), DIALECT);
}

/**
 * The binding, where an answer that reports an error fails: the AI SDK's provider takes it for an empty one. Calls of a
 * stream are numbered: it joins those without an index (findings/workers-ai-provider-two-calls.sh).
 */
function checkedBinding(name: string, binding: Ai): Ai {
  const run = async (...asked: Parameters<Ai["run"]>): Promise<unknown> => {
    const reply: unknown = await binding.run(...asked);
    if (reply instanceof ReadableStream)
      return (reply as ReadableStream<Uint8Array>)
        .pipeThrough(failOnErrorFrame(name))
        .pipeThrough(numberOwnCalls());
    const reported = reportOf(name, reply);
    if (reported) throw reported;
    return reply;
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the provider calls nothing else
  return { run } as unknown as Ai;
}

/** Vectors of texts, by the `AI` binding. @param name - as it stands in `EMBEDDING_MODEL` */
export async function workersAiEmbed(
  name: string,
  binding: Ai,
  texts: Embeddable[],
  dimensions: number | null,
): Promise<Embedded> {
  if (dimensions !== null) throw unable(`${name} takes no dimensions`);
  if (texts.some((each) => typeof each !== "string"))
    throw unable(`${name} takes texts, and no tokens`);
  let reply: unknown;
  try {
    reply = await binding.run(bareName(name) as "@cf/baai/bge-base-en-v1.5", {
      text: texts as string[],
    });
  } catch (cause) {
    throw failed(`${name} failed`, cause);
  }
  const { data } = reply as { data?: unknown };
  if (!isVectors(data, texts.length)) throw unreadable(name, true);
  return { vectors: data, tokens: null };
}

const failed = (message: string, cause?: unknown): ModelError =>
  new ModelError("model_failed", message, { retryable: true, cause });
