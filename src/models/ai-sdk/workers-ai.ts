import { createWorkersAI } from "workers-ai-provider";

import { isVectors } from "../embedder.ts";
import type { Embedded } from "../embedder.ts";
import { bareName } from "../model-name.ts";
import { type Model, ModelError } from "../model.ts";
import { unreadable } from "./sdk-errors.ts";
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
  return sdkModel(name, createWorkersAI({ binding })(bareName(name)), DIALECT);
}

/** Vectors of texts, by the `AI` binding. @param name - as it stands in `EMBEDDING_MODEL` */
export async function workersAiEmbed(
  name: string,
  binding: Ai,
  texts: string[],
  dimensions: number | null,
): Promise<Embedded> {
  if (dimensions !== null) throw failed(`${name} takes no dimensions`);
  let reply: unknown;
  try {
    reply = await binding.run(bareName(name) as "@cf/baai/bge-base-en-v1.5", { text: texts });
  } catch (cause) {
    throw failed(`${name} failed`, cause);
  }
  const { data } = reply as { data?: unknown };
  if (!isVectors(data, texts.length)) throw unreadable(name, true);
  return { vectors: data, tokens: null };
}

const failed = (message: string, cause?: unknown): ModelError =>
  new ModelError("model_failed", message, { retryable: true, cause });
