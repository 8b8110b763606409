import { estimateTextTokens } from "../../shared/estimate-tokens.ts";

import { fnv1a } from "../../shared/fnv1a.ts";
import type { Embeddable, Embedded } from "../embedder.ts";

const DIMENSIONS = 256;

/**
 * The offline embedder: counts of words and of their parts, hashed into a few dimensions. Texts with words in common are
 * near each other. It knows nothing of meaning.
 */
export const localEmbed = (texts: Embeddable[], dimensions: number | null): Promise<Embedded> =>
  Promise.resolve({
    vectors: texts.map((text) => vectorOf(asText(text), dimensions ?? DIMENSIONS)),
    tokens: texts.reduce((sum, each) => sum + tokensOf(each), 0),
  });

const tokensOf = (each: Embeddable): number =>
  typeof each === "string" ? estimateTextTokens(each) : each.length;

/** Tokens count as words: texts with tokens in common are near each other. */
const asText = (each: Embeddable): string =>
  typeof each === "string" ? each : each.map((token) => `token${token}`).join(" ");

function vectorOf(text: string, dimensions: number): number[] {
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
