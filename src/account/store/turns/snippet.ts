/** Words of a snippet. */
const SNIPPET_WORDS = 24;
/** Words before the first match. */
const WORDS_BEFORE = 8;
/** The piece of a text that is cut into words, in UTF-16 units: what a snippet costs at most. */
const PIECE_LENGTH = 8 * 1024;
/** The part of a text in which the piece is looked for, in UTF-16 units. */
const SCAN_LENGTH = 128 * 1024;
/** A piece begins so far before the place that was found, in UTF-16 units. */
const LEAD_LENGTH = 512;

/** Word boundaries of the index's tokenizer, unicode61. */
const WORD = /[\p{L}\p{N}\p{Co}\p{M}]+/gu;

export interface Snippet {
  /** Plain text around the match. */
  snippet: string;
  /** Where in the snippet the matches are: [start, end) in UTF-16 units. */
  highlights: [number, number][];
}

/** The words of a text, as the index has them: without case and accents. */
export const foldedWords = (text: string): string[] =>
  [...text.matchAll(WORD)].map(([word]) => fold(word));

const fold = (word: string): string => word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * The words around the first match. It looks at a bounded piece of the text, however long that is and however often it
 * matches.
 *
 * @param phrases - what is looked for: each the folded words that follow each other
 */
export function snippetOf(text: string, phrases: readonly string[][]): Snippet {
  const first = cut(text, 0, phrases);
  if (first.highlights.length > 0 || text.length <= PIECE_LENGTH) return first;
  const scanned = text.slice(0, SCAN_LENGTH).toLowerCase();
  const places = phrases.map(([word = ""]) => scanned.indexOf(word, PIECE_LENGTH - LEAD_LENGTH));
  const found = places.filter((place) => place >= 0);
  if (found.length === 0) return first;
  return cut(text, Math.max(0, Math.min(...found) - LEAD_LENGTH), phrases);
}

/** {@link snippetOf} a text that begins so. Null: more of it has to be looked at. */
export function snippetOfBeginning(
  beginning: string,
  phrases: readonly string[][],
): Snippet | null {
  const first = cut(beginning, 0, phrases);
  return first.highlights.length > 0 && beginning.length > PIECE_LENGTH ? first : null;
}

interface Word {
  start: number;
  end: number;
  folded: string;
}

function cut(text: string, from: number, phrases: readonly string[][]): Snippet {
  const piece = text.slice(from, from + PIECE_LENGTH);
  const words = [...piece.matchAll(WORD)].map(({ 0: word, index }): Word => ({
    start: index,
    end: index + word.length,
    folded: fold(word),
  }));
  const matches = words.flatMap((_, at) => {
    const phrase = phrases.find((each) => each.every((word, n) => words[at + n]?.folded === word));
    return phrase ? [{ at, last: at + phrase.length - 1 }] : [];
  });
  const fits = from === 0 && text.length <= PIECE_LENGTH && words.length <= SNIPPET_WORDS;
  const begin = fits ? 0 : Math.max(0, (matches[0]?.at ?? 0) - WORDS_BEFORE);
  const end = fits ? words.length : Math.min(words.length, begin + SNIPPET_WORDS);
  const isFirst = begin === 0 && from === 0;
  const isLast = end === words.length && from + piece.length === text.length;
  const [start, stop] = [
    isFirst ? 0 : (words[begin]?.start ?? 0),
    isLast ? piece.length : (words[end - 1]?.end ?? piece.length),
  ];
  const lead = isFirst ? "" : "…";
  const inside = matches.filter(({ at, last }) => at >= begin && last < end);
  return {
    snippet: `${lead}${piece.slice(start, stop)}${isLast ? "" : "…"}`.toWellFormed(),
    highlights: inside.map(({ at, last }) => [
      lead.length + (words[at]?.start ?? 0) - start,
      lead.length + (words[last]?.end ?? 0) - start,
    ]),
  };
}
