import { dayAt, isDate, nextDate, partsOf } from "./calendar.ts";
import type { Day } from "./calendar.ts";

/** Which number of `3/12` is the day. Null: nothing tells. */
export type DayOrder = "day_first" | "month_first" | null;

/** Calling codes of countries that write the month first, the year before it or not. The rest write the day first. */
const MONTH_FIRST = /^\+(?:1|63|81|82|86|886|36|976)/;

/** The order that a user's country writes. @param user - a user's id: a WhatsApp address tells its country */
export function dayOrderOf(user: string | null): DayOrder {
  const phone = /^whatsapp:(\+\d+)$/.exec(user ?? "")?.[1];
  if (phone !== undefined) return MONTH_FIRST.test(phone) ? "month_first" : "day_first";
  const country = /^whatsapp:([A-Z]{2})\./.exec(user ?? "")?.[1];
  if (country === undefined) return null;
  return /^(?:US|CA|PH|JP|KR|CN|TW|HU|MN|PR)$/.test(country) ? "month_first" : "day_first";
}

/** A date in digits, read. */
export interface NumericDate {
  day: Day;
  /** Another order would give another day, and nothing tells. */
  isAmbiguous: boolean;
  order: DayOrder;
}

interface Reading {
  days: (Day | null)[];
  order: "day_first" | "month_first";
}

/**
 * Reads all dates in digits of a message by one order: the order in which every date exists, lies ahead and follows
 * the one before. Dots mean day first. Where both orders fit, the country's decides.
 */
export function readNumericDates(
  texts: readonly string[],
  from: Day,
  country: DayOrder,
): (NumericDate | null)[] {
  const hasDots = texts.some((text) => /^\d{1,2}\.\d/.test(text));
  const orders = hasDots ? (["day_first"] as const) : (["day_first", "month_first"] as const);
  const readings = orders.map((order): Reading => ({
    order,
    days: texts.map((text) => readOne(text, order, from)),
  }));
  const fits = [isInSequence, isAhead, isComplete]
    .map((rule) => readings.filter((reading) => isComplete(reading) && rule(reading, from)))
    .find((fitting) => fitting.length > 0);
  const fitting = fits ?? readings;
  const isSame = fitting.every(({ days }) => days.join() === fitting[0]?.days.join());
  const byCountry = fitting.find(({ order }) => order === country);
  const chosen = byCountry ?? fitting.toSorted((a, b) => (first(a) < first(b) ? -1 : 1))[0];
  const isAmbiguous = !isSame && !byCountry;
  return texts.map((_, index) => {
    const day = chosen?.days[index];
    return day ? { day, isAmbiguous, order: chosen?.order ?? null } : null;
  });
}

const first = ({ days }: Reading): Day => days.find((day) => day !== null) ?? "9999";

const isComplete = ({ days }: Reading): boolean => days.every((day) => day !== null);
const isAhead = ({ days }: Reading, from: Day): boolean =>
  days.every((day) => day !== null && day >= from);
const isInSequence = (reading: Reading, from: Day): boolean =>
  isAhead(reading, from) &&
  reading.days.every((day, index) => index === 0 || (reading.days[index - 1] ?? "") <= (day ?? ""));

function readOne(text: string, order: Reading["order"], from: Day): Day | null {
  const [a = 0, b = 0, c] = text
    .split(/[-/.]/)
    .filter((part) => part !== "")
    .map(Number);
  if (/^\d{4}/.test(text)) return isDate(a, b, c ?? 0) ? dayAt(a, b, c ?? 0) : null;
  const [day, month] = order === "day_first" ? [a, b] : [b, a];
  if (c === undefined) return nextDate(month, day, from);
  const year = c < 100 ? Math.floor(partsOf(from)[0] / 100) * 100 + c : c;
  return isDate(year, month, day) ? dayAt(year, month, day) : null;
}
