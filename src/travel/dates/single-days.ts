import {
  addDays,
  addMonths,
  dayAt,
  isDate,
  mondayOf,
  nextDate,
  nextDayOfMonth,
  partsOf,
  weekdayFrom,
  weekdayOf,
} from "./calendar.ts";
import type { Day } from "./calendar.ts";
import { nextHoliday } from "./holidays.ts";
import { exactly, longest, roughly, skip, spanning, wordAt } from "./reader.ts";
import type { Phrase, Rule, Source } from "./reader.ts";
import { monthIn, ordinalIn, TRAVELLERS, weekdayIn } from "./vocabulary.ts";

/** Nouns that an ordinal counts: "the 2nd flight" is no day. */
const COUNTED =
  /^(?:flights?|options?|ones?|choice|offers?|street|st|avenue|class|floor|persons?|time|leg|trip|people|passengers|adults|tickets|seats|stops?|hours?|minutes?|am|pm|week|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday|days?|night|half|thing|place|quarter|of)$/;

/** The noun of a number after a month that is no day of it. */
const TRAVELLER = new RegExp(`^${TRAVELLERS}$`);

/** A number from 1 to 31 that may be a day of a month, and where it ends. */
function dateNumber(
  source: Source,
  at: number,
): { date: number; next: number; isOrdinal: boolean } | null {
  const word = wordAt(source, at);
  const follows = wordAt(source, at + 1);
  if ((word === "twenty" || word === "thirty") && ordinalIn(follows) !== null) {
    const date = (word === "twenty" ? 20 : 30) + (ordinalIn(follows) ?? 0);
    return date <= 31 ? { date, next: at + 2, isOrdinal: true } : null;
  }
  if ((word === "twenty" || word === "thirty") && follows === "-") {
    const rest = ordinalIn(wordAt(source, at + 2));
    const date = (word === "twenty" ? 20 : 30) + (rest ?? 0);
    if (rest !== null && date <= 31) return { date, next: at + 3, isOrdinal: true };
  }
  const ordinal = ordinalIn(word);
  const date = ordinal ?? (/^\d{1,2}$/.test(word ?? "") ? Number(word) : null);
  if (date === null || date < 1 || date > 31) return null;
  return { date, next: at + 1, isOrdinal: ordinal !== null };
}

/** A year after a date: "2027", "of 2027". */
function yearAt(source: Source, at: number): { year: number; next: number } | null {
  const start = skip(source, skip(source, at, /^,$/), /^(?:of|in)$/);
  const word = wordAt(source, start) ?? "";
  return /^20\d\d$/.test(word) ? { year: Number(word), next: start + 1 } : null;
}

function dated(source: Source, next: number, month: number, date: number): Phrase | null {
  const year = yearAt(source, next);
  if (year) {
    return isDate(year.year, month, date)
      ? exactly(year.next, dayAt(year.year, month, date))
      : null;
  }
  const day = nextDate(month, date, source.today);
  return day === null ? null : exactly(next, day);
}

/** "5 January", "the 5th of January 2027", and "5 to 9 January" with both its days. */
const dayThenMonth: Rule = (source, at) => {
  const number = dateNumber(source, skip(source, at, /^the$/));
  if (!number) return null;
  const of = skip(source, number.next, /^of$/);
  const month = monthIn(wordAt(source, of));
  if (month !== null) return dated(source, of + 1, month, number.date);
  const joint = skip(source, number.next, /^(?:-|–|—|to|until|till|through|and)$/);
  if (joint === number.next) return null;
  const isChoice = wordAt(source, number.next) === "and";
  const last = dateNumber(source, skip(source, joint, /^the$/));
  if (!last) return null;
  const ofLast = skip(source, last.next, /^of$/);
  const lastMonth = monthIn(wordAt(source, ofLast));
  if (lastMonth === null) return null;
  const end = dated(source, ofLast + 1, lastMonth, last.date);
  if (!end) return null;
  const [year, inMonth] = partsOf(end.day);
  const sameMonth = number.date <= last.date;
  const begin = dayAt(year, sameMonth ? inMonth : inMonth - 1, number.date);
  return { ...spanning(end.next, begin, end.day), isVague: isChoice };
};

/** "January 5th", "Jan 5, 2027", and "January 5-9" with both its days. */
const monthThenDay: Rule = (source, at) => {
  const month = monthIn(wordAt(source, at));
  if (month === null) return null;
  const number = dateNumber(source, skip(source, at + 1, /^the$/));
  if (!number) return null;
  // "In March 2 adults".
  const isFew = !number.isOrdinal && number.date <= 9;
  if (isFew && TRAVELLER.test(wordAt(source, number.next) ?? "")) return null;
  const begin = dated(source, number.next, month, number.date);
  if (!begin) return null;
  const joint = skip(source, begin.next, /^(?:-|–|—|to|until|till|through)$/);
  const last = joint === begin.next ? null : dateNumber(source, skip(source, joint, /^the$/));
  const isOtherMonth = last && monthIn(wordAt(source, skip(source, last.next, /^of$/))) !== null;
  if (!last || isOtherMonth || last.date <= number.date) return begin;
  const [year, inMonth] = partsOf(begin.day);
  return isDate(year, inMonth, last.date)
    ? spanning(last.next, begin.day, dayAt(year, inMonth, last.date))
    : begin;
};

/** Words before "the fifth" where that is a day. */
const DAY_CUE = /^(?:on|by|until|till|for|to|from|and|leaving|returning|back|of)$/;

/** "The 20th", "20th", "the 20": the next such day. */
const bareDay: Rule = (source, at) => {
  const afterThe = skip(source, at, /^the$/);
  const number = dateNumber(source, afterThe);
  if (!number || (afterThe === at && !number.isOrdinal)) return null;
  const isWord = number.isOrdinal && !/^\d/.test(wordAt(source, afterThe) ?? "");
  const before = wordAt(source, at - 1) ?? "";
  const isAnswer = at === 0 && number.date > 3;
  if (isWord && (afterThe === at || !(isAnswer || DAY_CUE.test(before)))) return null;
  const follows = wordAt(source, number.next) ?? "";
  const month = /^(?:of|in)$/.test(follows)
    ? /^(?:this|the|current|next|following)$/.exec(wordAt(source, number.next + 1) ?? "")?.[0]
    : undefined;
  if (month !== undefined && wordAt(source, number.next + 2) === "month") {
    const [year, thisMonth] = partsOf(source.today);
    const inMonth = /next|following/.test(month) ? thisMonth + 1 : thisMonth;
    const [ofYear, ofMonth] = partsOf(dayAt(year, inMonth, 1));
    return isDate(ofYear, ofMonth, number.date)
      ? exactly(number.next + 3, dayAt(ofYear, ofMonth, number.date))
      : null;
  }
  if (COUNTED.test(follows) || monthIn(follows) !== null) return null;
  const day = nextDayOfMonth(number.date, source.today);
  return day === null ? null : exactly(number.next, day);
};

/** "2026-12-20", "20/12". */
const inDigits: Rule = (source, at) => {
  const found = source.numeric.get(at);
  return found ? { ...exactly(at + 1, found.day), isVague: found.isAmbiguous } : null;
};

const HOLIDAY_WORDS = 4;
/** Other things that are named after a holiday: "the Christmas market". */
const NOT_THE_DAY =
  /^(?:market|concert|event|party|show|special|present|gift|tree|holiday|break|vacation|island|song|dinner|bonus)s?$/;

const holiday: Rule = (source, at) => {
  const start = skip(source, at, /^the$/);
  for (let size = HOLIDAY_WORDS; size >= 1; size -= 1) {
    const words = source.tokens.slice(start, start + size).map(({ text }) => text);
    const found = nextHoliday(words.join(" "), source.today);
    if (!found || words.length < size) continue;
    const next = start + size;
    if (NOT_THE_DAY.test(wordAt(source, next) ?? "")) return null;
    const year = yearAt(source, next);
    if (year) {
      const dayInYear = nextHoliday(words.join(" "), dayAt(year.year, 1, 1));
      return dayInYear ? exactly(year.next, dayInYear.day) : null;
    }
    return found.weekend ? spanning(next, ...found.weekend) : exactly(next, found.day);
  }
  return null;
};

const RELATIVE: [words: string[], days: number][] = [
  [["the", "day", "after", "tomorrow"], 2],
  [["day", "after", "tomorrow"], 2],
  [["the", "day", "after", "next"], 2],
  [["day", "after", "next"], 2],
  [["later", "today"], 0],
  [["today"], 0],
  [["tonight"], 0],
  [["tomorrow"], 1],
  [["tmrw"], 1],
];

const relative: Rule = (source, at) => {
  for (const [words, days] of RELATIVE) {
    if (words.every((word, index) => wordAt(source, at + index) === word))
      return exactly(at + words.length, addDays(source.today, days));
  }
  return null;
};

const CUE = /^(?:on|this|next|last|coming|by|until|till|back|every|following|upcoming)$/;
const JOINT = /^(?:to|-|–|or|and|,)$/;

/** The weekday that a token names. "Sat" and "sun" count after a word such as "on" or before a number alone. */
export function weekdayAt(source: Source, at: number): number | null {
  const follows = wordAt(source, at + 1);
  const before = wordAt(source, at - 1) ?? "";
  // "Fri to sun", and not "beach, sun and sand".
  const isJoined = JOINT.test(before) && weekdayIn(wordAt(source, at - 2), false) !== null;
  const isCued =
    isJoined ||
    (CUE.test(before) && !/^(?:valley|beach|city|belt)$/.test(follows ?? "")) ||
    /^(?:\d{1,2}(?:st|nd|rd|th)?|next|morning|evening|night|week)$/.test(follows ?? "") ||
    monthIn(follows) !== null;
  return weekdayIn(wordAt(source, at), isCued);
}

/** "Friday", "this Friday", "next Friday", "Friday next week". Next Friday is the Friday of next week. */
const weekday: Rule = (source, at) => {
  let which = "";
  let start = skip(source, at, /^the$/);
  if (/^(?:this|next|coming|following|upcoming|last)$/.test(wordAt(source, start) ?? "")) {
    which = wordAt(source, start) ?? "";
    start = skip(source, start + 1, /^(?:coming|upcoming)$/);
  }
  const found = weekdayAt(source, start);
  if (found === null) return null;
  const { today } = source;
  const inWeek = (weeks: number): Day => addDays(mondayOf(today), weeks * 7 + ((found + 6) % 7));
  let next = start + 1;
  const follows = skip(source, skip(source, next, /^of$/), /^the$/);
  const isWeek = wordAt(source, follows + 1) === "week";
  if (isWeek && /^(?:next|following)$/.test(wordAt(source, follows) ?? ""))
    return exactly(follows + 2, inWeek(1));
  if (isWeek && wordAt(source, follows) === "this") {
    const day = inWeek(0);
    return day < today ? roughly(follows + 2, addDays(day, 7)) : exactly(follows + 2, day);
  }
  if (wordAt(source, next) === "next" && wordAt(source, next + 1) !== "month")
    return exactly(next + 1, inWeek(1));
  if (which === "last") return roughly(next, weekdayFrom(today, found));
  if (which === "next") return exactly(next, inWeek(1));
  const day = weekdayFrom(today, found);
  next = start + 1;
  // Today's weekday may mean today or today in a week.
  return weekdayOf(today) === found ? roughly(next, day) : exactly(next, day);
};

/** "Next week", "next month", "this month", "in March": a day within is a guess. */
const wholeSpan: Rule = (source, at) => {
  const { today } = source;
  const start = skip(source, at, /^the$/);
  const which = wordAt(source, start) ?? "";
  const noun = wordAt(source, start + 1);
  if (which === "week" && noun === "after" && wordAt(source, start + 2) === "next")
    return roughly(start + 3, addDays(mondayOf(today), 14));
  if (!/^(?:next|following|coming)$/.test(which)) return null;
  if (noun === "week") return roughly(start + 2, addDays(mondayOf(today), 7));
  if (noun === "month") return roughly(start + 2, addMonths(`${today.slice(0, 8)}01`, 1));
  if (noun === "year") return roughly(start + 2, dayAt(partsOf(today)[0] + 1, 1, 1));
  return null;
};

const SINGLE: readonly Rule[] = [
  dayThenMonth,
  monthThenDay,
  bareDay,
  inDigits,
  holiday,
  relative,
  weekday,
  wholeSpan,
];

/** A day said by itself: a date, a holiday, a weekday, tomorrow. */
export const singleDay: Rule = (source, at) => longest(SINGLE, source, at);

/** The day that a holiday or another single day counts from: "before Easter" is before Easter Sunday. */
export function anchorDay(
  source: Source,
  at: number,
): { day: Day; next: number; isVague: boolean } | null {
  const start = skip(source, at, /^the$/);
  for (let size = HOLIDAY_WORDS; size >= 1; size -= 1) {
    const name = source.tokens.slice(start, start + size).map(({ text }) => text);
    const found = name.length === size ? nextHoliday(name.join(" "), source.today) : null;
    if (found) return { day: found.day, next: start + size, isVague: false };
  }
  return singleDay(source, at);
}
