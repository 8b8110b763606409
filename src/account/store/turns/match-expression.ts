import { ApiError } from "../../../shared/errors.ts";
import { foldedWords } from "./snippet.ts";

/** Words of a query, each counted once. */
const MAX_WORDS = 16;

/**
 * The FTS5 expression for what a person typed: every word quoted, so that nothing in it is syntax, and once.
 *
 * @returns null when there is no word in it
 * @throws ApiError `invalid_request` past {@link MAX_WORDS}
 */
export function matchExpression(text: string): string | null {
  const words = new Map<string, string>();
  let count = 0;
  for (const word of text.split(/[\s\p{Cc}]+/u)) {
    const folded = foldedWords(word);
    if (!/[\p{L}\p{N}]/u.test(word) || words.has(folded.join(" "))) continue;
    words.set(folded.join(" "), `"${word.replaceAll('"', '""')}"`);
    count += folded.length;
  }
  if (count > MAX_WORDS) {
    throw new ApiError("invalid_request", `q takes ${MAX_WORDS} different words at most.`, {
      param: "q",
    });
  }
  return words.size === 0 ? null : [...words.values()].join(" ");
}

/** The quoted words of an expression. */
export const quotedWords = (expression: string): string[] =>
  expression.match(/"(?:[^"]|"")*"/g) ?? [];

/** Expressions of one word each. Words that have to follow each other are looked for one by one. */
export const termsIn = (expression: string): string[] =>
  [...new Set(phrasesIn(expression).flat())].map((word) => `"${word}"`);

/** The words to look for in a text: each the folded words that follow each other. */
export const phrasesIn = (expression: string): string[][] =>
  quotedWords(expression)
    .map((word) => foldedWords(word))
    .filter((phrase) => phrase.length > 0);
