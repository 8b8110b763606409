import {
  addDays,
  addMonths,
  dayAt,
  nthWeekday,
  partsOf,
  weekdayAfter,
  weekdayBefore,
  weekdayFrom,
  weekdayOf,
} from "./calendar.ts";
import type { Day } from "./calendar.ts";
import { exactly, longest, roughly, skip, spanning, wordAt } from "./reader.ts";
import type { Phrase, Rule, Source } from "./reader.ts";
import { anchorDay, singleDay, weekdayAt } from "./single-days.ts";
import { countIn, monthIn, ordinalIn, unitIn } from "./vocabulary.ts";

const BEFORE = /^(?:before|preceding|prior)$/;
const AFTER = /^(?:after|following|from)$/;
/** Friday 13th further away than this was hardly meant. */
const NEAR_DAYS = 100;

const moved = (day: Day, unit: "day" | "week" | "month" | "year", count: number): Day => {
  if (unit === "month" || unit === "year")
    return addMonths(day, unit === "year" ? count * 12 : count);
  return addDays(day, unit === "week" ? count * 7 : count);
};

/** Marks a phrase as a guess where what it is counted from is one. */
const asSureAs = ({ isVague }: { isVague: boolean }, phrase: Phrase): Phrase => ({
  ...phrase,
  isVague: phrase.isVague || isVague,
});

const saturdayOf = (day: Day): Day =>
  weekdayOf(day) === 0 ? addDays(day, -1) : weekdayFrom(day, 6);
const weekend = (next: number, saturday: Day): Phrase =>
  spanning(next, saturday, addDays(saturday, 1));

/** "The weekend", "next weekend", "the weekend after next", "the weekend before Christmas", "the weekend of 12 December". */
const weekends: Rule = (source, at) => {
  const { today } = source;
  const start = skip(source, at, /^(?:the|a|over)$/);
  const isWhich = /^(?:this|next|coming|following|upcoming)$/.test(wordAt(source, start) ?? "");
  const noun = isWhich ? start + 1 : start;
  if (wordAt(source, noun) !== "weekend") return null;
  const next = noun + 1;
  const follows = wordAt(source, next) ?? "";
  const saturday = saturdayOf(today);
  if (follows === "after" && wordAt(source, next + 1) === "next")
    return weekend(next + 2, addDays(saturday, 14));
  if (follows === "after" && wordAt(source, next + 1) === "this")
    return weekend(next + 2, addDays(saturday, 7));
  const isRelative = BEFORE.test(follows) || follows === "after" || follows === "following";
  if (isRelative || follows === "of") {
    const anchor = anchorDay(source, next + 1);
    if (anchor) {
      const isBefore = BEFORE.test(follows);
      const found =
        follows === "of"
          ? saturdayOf(anchor.day)
          : isBefore
            ? weekdayBefore(addDays(anchor.day, -1), 6)
            : weekdayAfter(anchor.day, 6);
      return asSureAs(anchor, weekend(anchor.next, found));
    }
    return null;
  }
  const isNext = /^(?:next|following)$/.test(wordAt(source, start) ?? "");
  const isIn = isWhich || start > at;
  if (!isIn) return null;
  // On a Sunday, next weekend is the coming one.
  return weekend(
    next,
    isNext && weekdayOf(today) !== 0 ? addDays(saturday, 7) : saturdayFrom(today),
  );
};

const saturdayFrom = (today: Day): Day =>
  saturdayOf(weekdayOf(today) === 0 ? addDays(today, 1) : today);

/** "The Friday before Christmas", "Monday after 5 January". */
const weekdayBeside: Rule = (source, at) => {
  const start = skip(source, at, /^the$/);
  const weekday = weekdayAt(source, start);
  const side = wordAt(source, start + 1) ?? "";
  if (weekday === null || (!BEFORE.test(side) && !/^(?:after|following)$/.test(side))) return null;
  if (side === "after" && wordAt(source, start + 2) === "next") {
    const coming = weekdayFrom(source.today, weekday);
    return roughly(start + 3, addDays(coming, 14));
  }
  const anchor = anchorDay(source, start + 2);
  if (!anchor) return null;
  const day = BEFORE.test(side)
    ? weekdayBefore(anchor.day, weekday)
    : weekdayAfter(anchor.day, weekday);
  return asSureAs(anchor, exactly(anchor.next, day));
};

/** A month after "of" or "in": the next one of its name, with a year where one follows. */
function monthAt(
  source: Source,
  at: number,
): { year: number; month: number; next: number; isOpen: boolean } | null {
  const start = skip(source, at, /^(?:of|in)$/);
  if (start === at) return null;
  const [year, current] = partsOf(source.today);
  const which = wordAt(source, start) ?? "";
  if (/^(?:this|the|next|following)$/.test(which) && wordAt(source, start + 1) === "month") {
    const [inYear, month] = partsOf(
      dayAt(year, /next|following/.test(which) ? current + 1 : current, 1),
    );
    return { year: inYear, month, next: start + 2, isOpen: false };
  }
  const month = monthIn(which);
  if (month === null) return null;
  const said = wordAt(source, start + 1) ?? "";
  if (/^20\d\d$/.test(said)) return { year: Number(said), month, next: start + 2, isOpen: false };
  return { year: month < current ? year + 1 : year, month, next: start + 1, isOpen: true };
}

/** "The first Monday of January", "last Friday of next month", "the last day of May", "the first week of June". */
const nthOfMonth: Rule = (source, at) => {
  const start = skip(source, at, /^the$/);
  const word = wordAt(source, start);
  const nth = word === "last" ? 0 : ordinalIn(word);
  if (nth === null || nth > 5) return null;
  const noun = wordAt(source, start + 1) ?? "";
  const month = monthAt(source, start + 2);
  if (!month) return null;
  const weekday = noun === "weekend" ? 6 : weekdayAt(source, start + 1);
  const inYear = (year: number): Day | null => {
    if (weekday !== null) return nthWeekday(year, month.month, weekday, nth);
    if (noun === "day")
      return nth === 0 ? dayAt(year, month.month + 1, 0) : dayAt(year, month.month, nth);
    if (noun === "week")
      return nth === 0
        ? addDays(dayAt(year, month.month + 1, 0), -6)
        : dayAt(year, month.month, nth * 7 - 6);
    return null;
  };
  const first = inYear(month.year);
  const day =
    first !== null && first < source.today && month.isOpen ? inYear(month.year + 1) : first;
  if (day === null) return null;
  if (noun === "weekend") return weekend(month.next, day);
  return noun === "week" ? roughly(month.next, day, addDays(day, 6)) : exactly(month.next, day);
};

/** "Two weeks from Saturday", "the day before Christmas", "a month from today", "3 days after 5 January". */
const countedFrom: Rule = (source, at) => {
  const start = skip(source, at, /^the$/);
  const count = countIn(wordAt(source, start));
  const isBare = count === null || start > at;
  // "For 3 days from Friday" says how long.
  if (/^(?:for|stay|staying|another)$/.test(wordAt(source, at - 1) ?? "")) return null;
  const noun = count === null ? start : skip(source, start + 1, /^of$/);
  const unit = unitIn(wordAt(source, noun));
  const side = wordAt(source, noun + 1) ?? "";
  if (!unit) return null;
  const isBefore = BEFORE.test(side);
  if (!isBefore && !AFTER.test(side)) return null;
  if (count === null && side === "from") return null;
  const isNow = wordAt(source, noun + 2) === "now";
  const anchor = isNow
    ? { day: source.today, next: noun + 3, isVague: false }
    : anchorDay(source, skip(source, noun + 2, /^(?:to|on)$/));
  if (!anchor) return null;
  const steps = (count ?? 1) * unit.times * (isBefore ? -1 : 1);
  const day = moved(anchor.day, unit.unit, steps);
  // "The week before Christmas" is a week, and no day.
  const isSpan = isBare && count === null && unit.unit !== "day";
  return asSureAs(anchor, isSpan ? roughly(anchor.next, day) : exactly(anchor.next, day));
};

/** "In two weeks", "in a month", "in 10 days' time". */
const countedOn: Rule = (source, at) => {
  if (!/^(?:in|within)$/.test(wordAt(source, at) ?? "")) return null;
  const isAbout =
    /^(?:about|around)$/.test(wordAt(source, at + 1) ?? "") || wordAt(source, at) === "within";
  const start = skip(source, at + 1, /^(?:about|around)$/);
  const count = countIn(wordAt(source, start));
  const isCouple = wordAt(source, start) === "a" && wordAt(source, start + 1) === "couple";
  const noun = isCouple ? skip(source, start + 2, /^of$/) : start + 1;
  const unit = unitIn(wordAt(source, noun));
  if (count === null || !unit) return null;
  const next = skip(source, noun + 1, /^(?:time|from)$/);
  const end = wordAt(source, next - 1) === "from" ? skip(source, next, /^(?:now|today)$/) : next;
  const day = moved(source.today, unit.unit, (isCouple ? 2 : count) * unit.times);
  return isAbout || isCouple || unit.unit === "year" ? roughly(end, day) : exactly(end, day);
};

/** "Two weeks on Saturday", "a week tomorrow", "a fortnight on Friday": the day, and so much later. */
const laterThanDay: Rule = (source, at) => {
  if (/^(?:for|stay|staying|another|in)$/.test(wordAt(source, at - 1) ?? "")) return null;
  const count = countIn(wordAt(source, at));
  const unit = count === null ? null : unitIn(wordAt(source, at + 1));
  if (count === null || unit?.unit !== "week") return null;
  const start = skip(source, at + 2, /^on$/);
  const isNear = start > at + 2 || /^(?:today|tomorrow)$/.test(wordAt(source, start) ?? "");
  const anchor = isNear ? singleDay(source, start) : null;
  if (!anchor) return null;
  return asSureAs(anchor, exactly(anchor.next, addDays(anchor.day, count * unit.times * 7)));
};

/** "Friday week", "tomorrow week", "Monday fortnight", "a week Friday": a week after that day. */
const dayThenWeek: Rule = (source, at) => {
  const start = skip(source, at, /^(?:the|this|on)$/);
  const weekday = weekdayAt(source, start);
  const isNear = /^(?:today|tomorrow)$/.test(wordAt(source, start) ?? "");
  if (weekday === null && !isNear) return null;
  const noun = wordAt(source, start + 1) ?? "";
  const unit = /^(?:week|fortnight)$/.test(noun) ? unitIn(noun) : null;
  if (!unit) return null;
  const near = singleDay(source, start);
  if (!near) return null;
  return exactly(start + 2, addDays(near.day, unit.times * 7));
};

/** "Friday, 5 January", "Friday the 13th": the weekday has to fit the date. */
const weekdayAndDate: Rule = (source, at) => {
  const start = skip(source, at, /^(?:the|this|next)$/);
  const weekday = weekdayAt(source, start);
  if (weekday === null) return null;
  const date = skip(source, skip(source, start + 1, /^,$/), /^(?:on|,)$/);
  const { today } = source;
  const named = singleDay(source, date);
  const isSpan = /^(?:week|month|year)$/.test(named ? (wordAt(source, named.next - 1) ?? "") : "");
  if (!named || isSpan || named.until !== null || isWeekday(source, date)) return null;
  if (weekdayOf(named.day) === weekday) return named;
  const isWithoutMonth = /^(?:the )?\d{1,2}(?:st|nd|rd|th)?$/.test(
    source.tokens
      .slice(date, named.next)
      .map(({ text }) => text)
      .join(" "),
  );
  if (!isWithoutMonth) return roughly(named.next, named.day);
  // The next month in which that date is that weekday.
  for (let month = 1; month <= 14; month += 1) {
    const day = addMonths(named.day, month);
    const isThatDate = partsOf(day)[2] === partsOf(named.day)[2];
    if (!isThatDate || weekdayOf(day) !== weekday) continue;
    return day <= addDays(today, NEAR_DAYS) ? exactly(named.next, day) : roughly(named.next, day);
  }
  return roughly(named.next, named.day);
};

const isWeekday = (source: Source, at: number): boolean =>
  weekdayAt(source, skip(source, at, /^(?:the|this|next)$/)) !== null;

const RULES: readonly Rule[] = [
  weekends,
  weekdayBeside,
  nthOfMonth,
  countedFrom,
  countedOn,
  laterThanDay,
  dayThenWeek,
  weekdayAndDate,
  singleDay,
];

/** Reads the longest phrase about days that begins at a token. */
export const phraseAt: Rule = (source, at) => longest(RULES, source, at);
