const ONES =
  "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth".split(
    "|",
  );

/** Ordinals of one word, from 1 to 20, and `thirtieth`. "Twenty first" is two words. */
const ORDINALS = new Map<string, number>([
  ...ONES.map((word, index): [string, number] => [word, index + 1]),
  ["thirtieth", 30],
]);

const MONTHS =
  "january|february|march|april|may|june|july|august|september|october|november|december".split(
    "|",
  );
const WEEKDAYS = "sunday|monday|tuesday|wednesday|thursday|friday|saturday".split("|");
const NUMBERS = new Map(
  "zero one two three four five six seven eight nine ten eleven twelve"
    .split(" ")
    .map((word, index): [string, number] => [word, index]),
);

/** What a number counts that is no date, as a pattern's source. */
export const TRAVELLERS =
  "(?:adults?|people|persons?|passengers?|travell?ers|child(?:ren)?|kids|infants?|seniors?|pax|tickets?|seats?)";

/** 1 to 12: of a month's name or its first three letters. Null for another word. */
export function monthIn(word: string | undefined): number | null {
  if (word === undefined || word.length < 3) return null;
  const name = word === "sept" ? "september" : word;
  const found = MONTHS.findIndex((month) => month === name || month.slice(0, 3) === name);
  return found < 0 ? null : found + 1;
}

/** Short forms of weekdays that are no other words. "sat" and "sun" are: these take a cue. */
const SHORT_DAYS: Record<string, number> = {
  mon: 1,
  tue: 2,
  tues: 2,
  wed: 3,
  thu: 4,
  thur: 4,
  thurs: 4,
  fri: 5,
};
/** Short forms that are everyday words. */
const WORDY_DAYS: Record<string, number> = { sun: 0, sat: 6 };

/** 0 for Sunday to 6. @param isCued - a word beside it says that a day follows: then "sat" is one */
export function weekdayIn(word: string | undefined, isCued: boolean): number | null {
  if (word === undefined) return null;
  const found = WEEKDAYS.findIndex((name) => name === word || `${name}s` === word);
  if (found >= 0) return found;
  return SHORT_DAYS[word] ?? (isCued ? (WORDY_DAYS[word] ?? null) : null);
}

/** The number that a word or digits say, "a" and "an" included. */
export function countIn(word: string | undefined): number | null {
  if (word === undefined) return null;
  if (word === "a" || word === "an") return 1;
  if (word === "couple") return 2;
  if (/^\d{1,3}$/.test(word)) return Number(word);
  return NUMBERS.get(word) ?? null;
}

/** 1 to 31: of "5th" or "fifth". Null for another word. */
export function ordinalIn(word: string | undefined): number | null {
  if (word === undefined) return null;
  const digits = /^(\d{1,2})(?:st|nd|rd|th)$/.exec(word)?.[1];
  return digits === undefined ? (ORDINALS.get(word) ?? null) : Number(digits);
}

export type Unit = "day" | "week" | "month" | "year";

/** The unit that a word names, and how many of that unit. */
export function unitIn(word: string | undefined): { unit: Unit; times: number } | null {
  if (word === undefined) return null;
  if (/^fortnights?$/.test(word)) return { unit: "week", times: 2 };
  const unit = /^(day|week|month|year)(?:s'?|'s)?$/.exec(word)?.[1];
  return unit === undefined ? null : { unit: unit as Unit, times: 1 };
}
