import { casual } from "chrono-node/en";
import type { ParsedResult } from "chrono-node/en";

import { addDays, dayAt, today } from "./calendar.ts";
import type { Day } from "./calendar.ts";

/** Chrono's reading of a text. */
export interface ChronoMention {
  start: number;
  end: number;
  day: Day;
  until: Day | null;
  isVague: boolean;
}

/** A part of a month or a week: the day is a guess. */
const VAGUE = /^(?:end|beginning|start|middle|early|late|mid)\b/i;
/** A duration, and words that chrono takes for the present. */
const NO_DAY =
  /^(?:for )?(?:about |around )?(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+|a few|a couple of) (?:minute|hour|day|night|week|month|year)s?$|^(?:right |just )?now$|\bminute$|\bsecond$/i;
/** A distance to an event, which chrono takes as one to the present: "2 days before departure". */
const TO_EVENT = /\b(?:before|after)$/i;
/** "Two and a half weeks", of which chrono reads "half weeks". */
const HALF = /^half\b/i;
const AND_A = /\band an? $/i;
/** Names of months and short weekdays that are everyday words, too. */
const WORDY = /^(?:may|mar|sun|sat|dec|jan|march|june|april|mon|wed|fri)\.?$/i;
const MONTH_CUE = /\b(?:in|during|early|late|mid|this|next|of|for|by|until|around)\s*$/i;

/** The days in a text that the phrases left over. @param text - with everything that is already read blanked out */
export function readByChrono(text: string, now: number): ChronoMention[] {
  // From the day's beginning: what is earlier today is today, and not in a year.
  const reference = { instant: new Date(today(now)), timezone: "UTC" };
  const results = casual.parse(text, reference, { forwardDate: true });
  return results.flatMap((result): ChronoMention[] => {
    const { start, end, index } = result;
    const isDay = start.isCertain("day") || start.isCertain("weekday");
    const isMonth = start.isCertain("month") && !isDay;
    if (!isDay && !isMonth) return [];
    const isWordy = WORDY.test(result.text);
    if (isWordy && !MONTH_CUE.test(text.slice(0, index))) return [];
    if (NO_DAY.test(result.text) || TO_EVENT.test(result.text)) return [];
    const isHalf = HALF.test(result.text) && AND_A.test(text.slice(0, index));
    const first = isMonth
      ? dayWithin(text.slice(0, index), monthOf(start, now), now)
      : dayOf(start);
    const isSpan = end && (end.isCertain("day") || end.isCertain("weekday"));
    const last = isSpan ? dayOf(end) : null;
    return [
      {
        start: index,
        end: index + result.text.length,
        day: first,
        until: last !== null && last > first ? last : null,
        isVague: !isDay || isWordy || isHalf || VAGUE.test(result.text),
      },
    ];
  });
}

type Components = ParsedResult["start"];

const dayOf = (components: Components): Day =>
  dayAt(components.get("year") ?? 0, components.get("month") ?? 1, components.get("day") ?? 1);

/** The first day of the month. In November, November is this one. */
function monthOf(start: Components, now: number): Day {
  const current = today(now);
  const isCurrent = !start.isCertain("year") && start.get("month") === Number(current.slice(5, 7));
  return isCurrent ? current : dayOf(start);
}

/** "In mid January": a day to ask about, which is not over. */
function dayWithin(before: string, month: Day, now: number): Day {
  const part = /\b(mid|middle|early|beginning|start|late|end)(?: of)?[ -]*$/i.exec(before)?.[1];
  const day = part === undefined ? 1 : (PARTS[part.toLowerCase()] ?? 1);
  const within = `${month.slice(0, 8)}${String(day).padStart(2, "0")}`;
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
