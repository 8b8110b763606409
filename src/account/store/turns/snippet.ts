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

/**
 * The words of a snippet and the one after them. The others are not kept: where thousands of them live at a time, V8 takes
 * them for long-lived, and collects its whole heap more often.
 */
class WordWindow {
  readonly words: Word[] = [];
  /** Whether words come before. */
  isAfterOthers = false;
  readonly #rest: RegExpStringIterator<RegExpExecArray>;

  constructor(piece: string) {
    this.#rest = piece.matchAll(WORD);
    this.#fill();
  }

  /** Goes on to the first match, and has the words before it too. @returns whether there is one */
  moveToMatch(phrases: readonly string[][]): boolean {
    for (let at = 0; at < this.words.length;) {
      if (matchAt(this.words, at, phrases)) return true;
      if (at < WORDS_BEFORE) at += 1;
      else {
        this.words.shift();
        this.isAfterOthers = true;
        this.#fill();
      }
    }
    return false;
  }

  #fill(): void {
    while (this.words.length <= SNIPPET_WORDS) {
      const { value } = this.#rest.next();
      if (!value) return;
      const { 0: word, index } = value;
      this.words.push({ start: index, end: index + word.length, folded: fold(word) });
    }
  }
}

/** The phrase that begins at this word. */
const matchAt = (
  words: readonly Word[],
  at: number,
  phrases: readonly string[][],
): string[] | undefined =>
  phrases.find((phrase) => phrase.every((word, n) => words[at + n]?.folded === word));

function cut(text: string, from: number, phrases: readonly string[][]): Snippet {
  const piece = text.slice(from, from + PIECE_LENGTH);
  const isToEnd = from + piece.length === text.length;
  let window = new WordWindow(piece);
  const fits = from === 0 && isToEnd && window.words.length <= SNIPPET_WORDS;
  if (!fits && !window.moveToMatch(phrases)) window = new WordWindow(piece);
  const words = window.words.slice(0, SNIPPET_WORDS);
  const isFirst = from === 0 && !window.isAfterOthers;
  const isLast = isToEnd && window.words.length <= SNIPPET_WORDS;
  const start = isFirst ? 0 : (words[0]?.start ?? 0);
  const end = isLast ? piece.length : (words.at(-1)?.end ?? piece.length);
  const lead = isFirst ? "" : "…";
  return {
    snippet: `${lead}${piece.slice(start, end)}${isLast ? "" : "…"}`.toWellFormed(),
    highlights: words.flatMap((word, at): [number, number][] => {
      const phrase = matchAt(words, at, phrases);
      const last = phrase && words[at + phrase.length - 1];
      return last ? [[lead.length + word.start - start, lead.length + last.end - start]] : [];
    }),
  };
}
