import type { Day } from "./calendar.ts";
import type { NumericDate } from "./numeric-dates.ts";
import type { Token } from "./tokens.ts";

/** The meaning of a phrase, and where the phrase ends. */
export interface Phrase {
  /** The index of the first token after the phrase. */
  next: number;
  day: Day;
  /** The last day, where the phrase names a span. */
  until: Day | null;
  /** The day is a guess: ask. */
  isVague: boolean;
}

/** The tokens of a text, and what they are read against. */
export interface Source {
  tokens: readonly Token[];
  today: Day;
  /** Dates in digits, by token. */
  numeric: ReadonlyMap<number, NumericDate>;
}

export const wordAt = ({ tokens }: Source, index: number): string | undefined =>
  tokens[index]?.text;

/** The index after a word, if it stands there; else the index itself. */
export const skip = (source: Source, index: number, words: RegExp): number =>
  words.test(wordAt(source, index) ?? "") ? index + 1 : index;

export const exactly = (next: number, day: Day): Phrase => ({
  next,
  day,
  until: null,
  isVague: false,
});
export const roughly = (next: number, day: Day, until: Day | null = null): Phrase => ({
  next,
  day,
  until,
  isVague: true,
});
export const spanning = (next: number, day: Day, until: Day): Phrase => ({
  next,
  day,
  until,
  isVague: false,
});

/** Reads a phrase that begins at a token. Null where none does. */
export type Rule = (source: Source, at: number) => Phrase | null;

/** The longest phrase that any of the rules reads. */
export function longest(rules: readonly Rule[], source: Source, at: number): Phrase | null {
  let best: Phrase | null = null;
  for (const rule of rules) {
    const found = rule(source, at);
    if (found && (best === null || found.next > best.next)) best = found;
  }
  return best;
}
