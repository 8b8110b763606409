import { DAY_MS } from "../../shared/time.ts";

/** A day as `YYYY-MM-DD`: days compare as text. */
export type Day = string;

/** The day of these numbers. A day past the month's end falls into the next month. */
export const dayAt = (year: number, month: number, day: number): Day =>
  new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);

/** Today in UTC. @param now - in ms since the epoch */
export const today = (now: number): Day => new Date(now).toISOString().slice(0, 10);

export const addDays = (day: Day, days: number): Day => today(Date.parse(day) + days * DAY_MS);

/** Days from one day to another: negative where the second is earlier. */
export const daysBetween = (from: Day, to: Day): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** Year, month (1 to 12) and day. */
export const partsOf = (day: Day): [year: number, month: number, day: number] => [
  Number(day.slice(0, 4)),
  Number(day.slice(5, 7)),
  Number(day.slice(8, 10)),
];

/** 0 for Sunday, 6 for Saturday. */
export const weekdayOf = (day: Day): number => new Date(day).getUTCDay();

/** The day so many months later; the month's last day where the month is shorter. */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = partsOf(day);
  const last = partsOf(dayAt(year, month + months + 1, 0))[2];
  return dayAt(year, month + months, Math.min(date, last));
}

/** Whether a month has such a day. */
export const isDate = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && partsOf(dayAt(year, month, day))[2] === day;

/** The first such weekday after a day, that day excluded. */
export const weekdayAfter = (day: Day, weekday: number): Day =>
  addDays(day, ((weekday - weekdayOf(day) + 6) % 7) + 1);

/** The last such weekday before a day, that day excluded. */
export const weekdayBefore = (day: Day, weekday: number): Day =>
  addDays(day, -(((weekdayOf(day) - weekday + 6) % 7) + 1));

/** The next such weekday, that day included. */
export const weekdayFrom = (day: Day, weekday: number): Day =>
  weekdayAfter(addDays(day, -1), weekday);

/** The Monday of a day's week. */
export const mondayOf = (day: Day): Day => weekdayBefore(addDays(day, 1), 1);

/** The nth such weekday of a month, the last one for 0. Null where the month has fewer. */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): Day | null {
  if (nth === 0) return weekdayBefore(dayAt(year, month + 1, 1), weekday);
  const found = addDays(weekdayFrom(dayAt(year, month, 1), weekday), (nth - 1) * 7);
  return partsOf(found)[1] === month ? found : null;
}

/** The next such day of a month: within a year and a half. Null where there is none. */
export function nextDayOfMonth(date: number, from: Day): Day | null {
  const [year, month] = partsOf(from);
  for (let ahead = 0; ahead <= 2; ahead += 1) {
    const [inYear, inMonth] = partsOf(dayAt(year, month + ahead, 1));
    const found = dayAt(inYear, inMonth, date);
    if (isDate(inYear, inMonth, date) && found >= from) return found;
  }
  return null;
}

/** The next such date of a year, the first day included. Null where there is none within eight years. */
export function nextDate(month: number, date: number, from: Day): Day | null {
  const [year] = partsOf(from);
  for (let inYear = year; inYear <= year + 8; inYear += 1) {
    if (isDate(inYear, month, date) && dayAt(inYear, month, date) >= from)
      return dayAt(inYear, month, date);
  }
  return null;
}

/** Easter Sunday, by the anonymous Gregorian algorithm (Meeus/Jones/Butcher). */
export function easterOf(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d =
    (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return dayAt(year, Math.floor(f / 31), (f % 31) + 1);
}
