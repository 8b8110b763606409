import { casual } from "chrono-node/en";
import type { Chrono, Component, ParsedResult } from "chrono-node/en";

import { DAY_MS } from "../shared/time.ts";

/** A day in a text, from `start` to `end`. */
export interface DateMention {
  start: number;
  end: number;
  /** `YYYY-MM-DD`. */
  day: string;
  /** The last day, where the text names a span. */
  until: string | null;
  /** The text names a month or a part of one: the day is a guess. */
  isVague: boolean;
}

const ORDINALS = [
  "first",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
  "ninth",
  "tenth",
  "eleventh",
  "twelfth",
  "thirteenth",
  "fourteenth",
  "fifteenth",
  "sixteenth",
  "seventeenth",
  "eighteenth",
  "nineteenth",
  "twentieth",
  "twenty first",
  "twenty second",
  "twenty third",
  "twenty fourth",
  "twenty fifth",
  "twenty sixth",
  "twenty seventh",
  "twenty eighth",
  "twenty ninth",
  "thirtieth",
  "thirty first",
];
const ORDINAL_WORDS = ORDINALS.toReversed()
  .map((word) => word.replace(" ", "[ -]"))
  .join("|");
const MONTHS =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const NUMBERS = [
  "zero",
  "a",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
];

type Components = Partial<Record<Component, number>>;

const at = (year: number, month: number, day: number): Date =>
  new Date(Date.UTC(year, month - 1, day));
const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
const later = (date: Date, days: number): Date => new Date(date.getTime() + days * DAY_MS);
const componentsOf = (date: Date): Components => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  day: date.getUTCDate(),
});

export const today = (now: number): string => dayOf(new Date(now));
/** Days from one to another, as `YYYY-MM-DD`. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
export const addDays = (day: string, days: number): string => dayOf(later(new Date(day), days));

/** The next such day of a month, today included; null where the months to come have none. */
function dayOfMonth(number: number, from: Date, monthsLater: number | null): Components | null {
  for (let month = monthsLater ?? 0; month <= (monthsLater ?? 2); month += 1) {
    const date = at(from.getUTCFullYear(), from.getUTCMonth() + 1 + month, number);
    const isThere = date.getUTCDate() === number;
    if (isThere && (monthsLater !== null || date.getTime() >= from.getTime()))
      return componentsOf(date);
  }
  return null;
}

/** By the anonymous Gregorian algorithm (Meeus/Jones/Butcher). */
function easter(year: number): Date {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d =
    (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return at(year, Math.floor(f / 31), (f % 31) + 1);
}

/** The nth such weekday of a month, the last one for 0. */
function nthWeekday(year: number, month: number, weekday: number, nth: number): Date {
  const first = nth === 0 ? at(year, month + 1, 0) : at(year, month, 1);
  const step =
    nth === 0 ? -((first.getUTCDay() - weekday + 7) % 7) : (weekday - first.getUTCDay() + 7) % 7;
  return later(first, step + Math.max(0, nth - 1) * 7);
}

/** Holidays by which people say when they travel: from when on, and for how many days they make a weekend. */
const HOLIDAYS: [RegExp, (year: number) => Date, number][] = [
  [/easter(?: weekend)?/, (year) => later(easter(year), -2), 3],
  [/easter sunday/, (year) => easter(year), 0],
  [/easter monday/, (year) => later(easter(year), 1), 0],
  [/good friday/, (year) => later(easter(year), -2), 0],
  [/christmas eve/, (year) => at(year, 12, 24), 0],
  [/boxing day/, (year) => at(year, 12, 26), 0],
  [/christmas(?: day)?|xmas/, (year) => at(year, 12, 25), 0],
  [/new year'?s eve/, (year) => at(year, 12, 31), 0],
  [/new year(?:'?s)?(?: day)?/, (year) => at(year, 1, 1), 0],
  [/valentine'?s(?: day)?/, (year) => at(year, 2, 14), 0],
  [/st\.? patrick'?s(?: day)?/, (year) => at(year, 3, 17), 0],
  [/memorial day(?: weekend)?/, (year) => later(nthWeekday(year, 5, 1, 0), -3), 3],
  [/independence day/, (year) => at(year, 7, 4), 0],
  [/labou?r day(?: weekend)?/, (year) => later(nthWeekday(year, 9, 1, 1), -3), 3],
  [/halloween/, (year) => at(year, 10, 31), 0],
  [/thanksgiving(?: weekend)?/, (year) => later(nthWeekday(year, 11, 4, 4), -1), 4],
];

interface Found {
  start: Components;
  end?: Components;
}

/** A pattern of ours among chrono's. */
const parser = (
  pattern: string,
  extract: (match: RegExpMatchArray, from: Date) => Found | null,
) => ({
  pattern: () => new RegExp(`\\b(?:${pattern})`, "i"),
  extract: (
    context: {
      refDate: Date;
      createParsingResult: (
        index: number,
        text: string,
        start: Components,
        end?: Components,
      ) => ParsedResult;
    },
    match: RegExpMatchArray,
  ) => {
    const found = extract(match, startOfDay(context.refDate));
    return (
      found &&
      (context.createParsingResult(match.index ?? 0, match[0], found.start, found.end) as never)
    );
  },
});

const mondayOf = (date: Date): Date => later(date, -((date.getUTCDay() + 6) % 7));
const dateIn = ({ year = 0, month = 1, day = 1 }: Components): Date => at(year, month, day);
const startOfDay = (date: Date): Date => new Date(dayOf(date));
const ordinal = (text: string): number => {
  const digits = /^\d+/.exec(text);
  return digits ? Number(digits[0]) : ORDINALS.indexOf(text.toLowerCase().replace("-", " ")) + 1;
};
const on = (date: Date): Found => ({ start: componentsOf(date) });
const maybe = (start: Components | null): Found | null => start && { start };

/** The date parser, with what chrono has no pattern for. Made when it is first needed. */
let made: Chrono | null = null;

function chrono(): Chrono {
  if (made) return made;
  made = casual.clone();
  made.parsers.unshift(
    parser(
      `(?:the )?(\\d{1,2}(?:st|nd|rd|th)?|${ORDINAL_WORDS})(?: day)? (?:of|in) (this|the|next|following|current) month`,
      ([, day = "", which = ""], from) =>
        maybe(dayOfMonth(ordinal(day), from, /next|following/i.test(which) ? 1 : 0)),
    ),
    parser(
      `(?:on |by |until |till |around )?the (\\d{1,2})(?:st|nd|rd|th)?(?![\\d:%]|\\s*(?:am|pm|a\\.m|p\\.m|st|nd|rd|th|of|people|passengers|adults|tickets|seats|stops?|flights?|options?|ones?|hours?|minutes?|o'clock|${MONTHS})\\b)`,
      ([, day = ""], from) => maybe(dayOfMonth(Number(day), from, null)),
    ),
    parser(
      `(\\d{1,2})(?:st|nd|rd|th)(?! (?:of|flight|option|one|choice|street|avenue|class|floor|person|time|${MONTHS})\\b)`,
      ([, day = ""], from) => maybe(dayOfMonth(Number(day), from, null)),
    ),
    parser(
      `(?:on|by|until|till|for) the (${ORDINAL_WORDS})(?! (?:of|flight|option|one|choice|class|floor|person|time|offer|day|leg|trip|${MONTHS})\\b)`,
      ([, day = ""], from) => maybe(dayOfMonth(ordinal(day), from, null)),
    ),
    parser(
      "(?:the )?(\\d{1,2})(?:st|nd|rd|th)?\\s?[-–]\\s?(?:the )?(\\d{1,2})(?:st|nd|rd|th)\\b",
      ([, first = "", last = ""], from) => {
        const start = dayOfMonth(Number(first), from, null);
        const end = start && dayOfMonth(Number(last), dateIn(start), null);
        return start && { start, ...(end && { end }) };
      },
    ),
    parser("(?:the )?week after next", (_, from) => on(later(mondayOf(from), 14))),
    parser(`next week(?! (?:on|${WEEKDAYS.join("|")}))`, (_, from) => on(later(mondayOf(from), 7))),
    parser("(?:the )?day after tomorrow", (_, from) => on(later(from, 2))),
    parser("(?:the )?day after next", (_, from) => on(later(from, 2))),
    parser(
      `(a|one|${NUMBERS.slice(2).join("|")}|\\d+) weeks? (?:from|after) (today|now|tomorrow|(?:next |this )?(?:${WEEKDAYS.join("|")}))`,
      ([, count = "", what = ""], from) => {
        const weeks = Number(count) || Math.max(1, NUMBERS.indexOf(count.toLowerCase()));
        const weekday = WEEKDAYS.findIndex((name) => what.toLowerCase().endsWith(name));
        const first =
          weekday >= 0
            ? later(from, (weekday - from.getUTCDay() + 7) % 7)
            : later(from, /tomorrow/i.test(what) ? 1 : 0);
        return on(later(first, weeks * 7));
      },
    ),
    parser("(?:in )?a fortnight(?: from (?:today|now))?", (_, from) => on(later(from, 14))),
    parser(
      "(?:over|for|on|during|at) (?:the|this|next|the coming|the following) weekend",
      ([text], from) => {
        const saturday = later(from, (6 - from.getUTCDay() + 7) % 7);
        const first =
          /next|following/i.test(text) && from.getUTCDay() !== 0 ? later(saturday, 7) : saturday;
        return { start: componentsOf(first), end: componentsOf(later(first, 1)) };
      },
    ),
    ...HOLIDAYS.toReversed().map(([pattern, when, days]) =>
      parser(
        `(?:over |at |for |on |the day of )?(?:the )?(?:${pattern.source})\\b(?! (?:market|concert|event|party|show|special)s?)`,
        (_, from) => {
          const year = from.getUTCFullYear();
          const first = when(year).getTime() >= from.getTime() ? when(year) : when(year + 1);
          const start = componentsOf(first);
          return days === 0 ? { start } : { start, end: componentsOf(later(first, days)) };
        },
      ),
    ),
  );
  return made;
}

const VAGUE =
  /^(?:end|beginning|start|middle|early|late|mid)\b|^(?:the )?(?:next|following) (?:week|month|year)$|^(?:the )?week after next$/i;
/** How long something lasts, and words that chrono takes for the present. */
const NO_DAY =
  /^(?:for )?(?:about |around )?(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+|a few|a couple of) (?:minute|hour|day|night|week|month|year)s?$|^(?:right |just )?now$|\bminute$|\bsecond$/i;

/** The days that a text names, in order: the next ones of that name, unless a year says otherwise. */
export function datesIn(text: string, now: number): DateMention[] {
  // From the day's beginning: what is earlier today is today, and not in a year.
  const reference = { instant: startOfDay(new Date(now)), timezone: "UTC" };
  const results = chrono().parse(text.replaceAll("’", "'"), reference, { forwardDate: true });
  return results.flatMap((result): DateMention[] => {
    const { start, end } = result;
    const isDay = start.isCertain("day") || start.isCertain("weekday");
    const isMonth = start.isCertain("month") && !isDay;
    if (!isDay && !isMonth) return [];
    if (isMonth && !isNamedMonth(text, result)) return [];
    if (NO_DAY.test(result.text)) return [];
    const first = isMonth
      ? dayWithin(text.slice(0, result.index), monthOf(start, now), now)
      : dayOf(dateOf(start));
    const last =
      end && (end.isCertain("day") || end.isCertain("weekday")) ? dayOf(dateOf(end)) : null;
    return [
      {
        start: result.index,
        end: result.index + result.text.length,
        day: first,
        until: last !== null && last > first ? last : null,
        isVague: !isDay || VAGUE.test(result.text),
      },
    ];
  });
}

/** In November, November is this one. */
function monthOf(start: ParsedResult["start"], now: number): Date {
  const current = new Date(now);
  const isCurrent = !start.isCertain("year") && start.get("month") === current.getUTCMonth() + 1;
  return isCurrent ? current : dateOf(start);
}

/** "In mid January": a day to be asked about, and none that is over. */
function dayWithin(before: string, month: Date, now: number): string {
  const part = /\b(mid|middle|early|beginning|start|late|end)(?: of)?[ -]*$/i.exec(before)?.[1];
  const day = part === undefined ? 1 : (PARTS[part.toLowerCase()] ?? 1);
  const within = dayOf(at(month.getUTCFullYear(), month.getUTCMonth() + 1, day));
  return within < today(now) ? addDays(today(now), 1) : within;
}

const PARTS: Record<string, number> = {
  early: 5,
  beginning: 2,
  start: 2,
  mid: 15,
  middle: 15,
  late: 25,
  end: 28,
};

const dateOf = (components: ParsedResult["start"]): Date =>
  at(components.get("year") ?? 0, components.get("month") ?? 1, components.get("day") ?? 1);

/** "May I" and "the sun" are no dates. */
function isNamedMonth(text: string, { index, text: found }: ParsedResult): boolean {
  if (/^(may|mar|sun|sat|dec|jan|march|june|april)$/i.test(found))
    return /\b(in|during|early|late|mid|this|next|of|for|by|until|around)\s*$/i.test(
      text.slice(0, index),
    );
  return true;
}
