import { estimateTokenCount } from "tokenx";

import type { Config } from "../config.ts";
import { fnv1a } from "../shared/fnv1a.ts";
import { ModelError } from "./model.ts";
import type { Embedded } from "./vectors.ts";
import { isVectors } from "./vectors.ts";

/** Makes vectors of texts. @throws ModelError */
export interface Embedder {
  /** As it stands in `EMBEDDING_MODEL`. */
  readonly name: string;
  embed: (texts: string[], dimensions: number | null) => Promise<Embedded>;
}

/** Who makes the vectors, by `EMBEDDING_MODEL`. */
export function embedderOf(
  config: Pick<Config, "EMBEDDING_MODEL" | "OPENAI_BASE_URL" | "OPENAI_API_KEY">,
  env: { AI?: Ai },
  send?: typeof fetch,
): Embedder {
  const name = config.EMBEDDING_MODEL;
  if (name === "local") return localEmbedder;
  if (name.startsWith("openai/")) {
    const settings = { baseURL: config.OPENAI_BASE_URL, apiKey: config.OPENAI_API_KEY };
    return {
      name,
      embed: async (texts, dimensions) =>
        (await import("./ai-sdk.ts")).openaiEmbed(name, settings, texts, dimensions, send),
    };
  }
  return { name, embed: (texts, dimensions) => workersAiEmbed(name, env.AI, texts, dimensions) };
}

async function workersAiEmbed(
  name: string,
  AI: Ai | undefined,
  texts: string[],
  dimensions: number | null,
): Promise<Embedded> {
  if (!AI) throw failed(`${name} needs the AI binding`);
  if (dimensions !== null) throw failed(`${name} takes no dimensions`);
  let reply: unknown;
  try {
    reply = await AI.run(name.slice(name.indexOf("/") + 1) as "@cf/baai/bge-base-en-v1.5", {
      text: texts,
    });
  } catch (cause) {
    throw failed(`${name} failed`, cause);
  }
  const { data } = reply as { data?: unknown };
  if (!isVectors(data, texts.length)) throw failed(`${name} gave an answer that could not be read`);
  return { vectors: data, tokens: null };
}

const failed = (message: string, cause?: unknown): ModelError =>
  new ModelError("model_failed", message, { retryable: true, cause });

const LOCAL_DIMENSIONS = 256;

/**
 * The offline embedder: counts of words and of their parts, hashed into a few dimensions. Texts with words in common are
 * near each other; it knows nothing of meaning.
 */
export const localEmbedder: Embedder = {
  name: "local",
  embed: (texts, dimensions) =>
    Promise.resolve({
      vectors: texts.map((text) => localVector(text, dimensions ?? LOCAL_DIMENSIONS)),
      tokens: texts.reduce((sum, text) => sum + estimateTokenCount(text), 0),
    }),
};

function localVector(text: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  const words =
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const word of words) {
    const marked = `<${word}>`;
    const parts = Array.from({ length: Math.max(0, marked.length - 2) }, (_, at) =>
      marked.slice(at, at + 3),
    );
    for (const feature of [word, ...parts]) {
      const hash = fnv1a(feature);
      const at = hash % dimensions;
      vector[at] = (vector[at] as number) + (hash >>> 31 === 0 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
