import { addDays, dayAt, easterOf, nthWeekday, partsOf } from "./calendar.ts";
import type { Day } from "./calendar.ts";

/** A day or a few by which people say when they travel. */
export interface Holiday {
  /** Names, as lower-case words. */
  names: string[];
  /** The holiday itself: "the day after" counts from here. */
  day: (year: number) => Day;
  /** The days off around the holiday, where there are some. */
  weekend?: (year: number) => [first: Day, last: Day];
}

const thanksgiving = (year: number): Day => nthWeekday(year, 11, 4, 4) as Day;
const memorialDay = (year: number): Day => nthWeekday(year, 5, 1, 0) as Day;
const laborDay = (year: number): Day => nthWeekday(year, 9, 1, 1) as Day;
const upToMonday =
  (monday: (year: number) => Day) =>
  (year: number): [Day, Day] => [addDays(monday(year), -3), monday(year)];

export const HOLIDAYS: Holiday[] = [
  {
    names: ["easter", "easter weekend", "easter sunday"],
    day: easterOf,
    weekend: (year) => [addDays(easterOf(year), -2), addDays(easterOf(year), 1)],
  },
  { names: ["easter monday"], day: (year) => addDays(easterOf(year), 1) },
  { names: ["good friday"], day: (year) => addDays(easterOf(year), -2) },
  { names: ["palm sunday"], day: (year) => addDays(easterOf(year), -7) },
  { names: ["ascension day", "ascension"], day: (year) => addDays(easterOf(year), 39) },
  { names: ["pentecost", "whit sunday"], day: (year) => addDays(easterOf(year), 49) },
  { names: ["whit monday"], day: (year) => addDays(easterOf(year), 50) },
  { names: ["christmas eve", "xmas eve"], day: (year) => dayAt(year, 12, 24) },
  { names: ["boxing day"], day: (year) => dayAt(year, 12, 26) },
  { names: ["christmas day", "christmas", "xmas"], day: (year) => dayAt(year, 12, 25) },
  {
    names: ["new year's eve", "new years eve", "new year eve"],
    day: (year) => dayAt(year, 12, 31),
  },
  {
    names: ["new year's day", "new years day", "new year's", "new years", "new year"],
    day: (year) => dayAt(year, 1, 1),
  },
  { names: ["epiphany", "three kings day"], day: (year) => dayAt(year, 1, 6) },
  {
    names: ["valentine's day", "valentines day", "valentine's"],
    day: (year) => dayAt(year, 2, 14),
  },
  {
    names: ["st. patrick's day", "st patrick's day", "saint patrick's day", "st patricks day"],
    day: (year) => dayAt(year, 3, 17),
  },
  { names: ["may day"], day: (year) => dayAt(year, 5, 1) },
  {
    names: ["memorial day", "memorial day weekend"],
    day: memorialDay,
    weekend: upToMonday(memorialDay),
  },
  {
    names: ["independence day", "fourth of july", "4th of july"],
    day: (year) => dayAt(year, 7, 4),
  },
  {
    names: ["labor day", "labour day", "labor day weekend", "labour day weekend"],
    day: laborDay,
    weekend: upToMonday(laborDay),
  },
  { names: ["halloween"], day: (year) => dayAt(year, 10, 31) },
  { names: ["all saints' day", "all saints day"], day: (year) => dayAt(year, 11, 1) },
  {
    names: ["thanksgiving", "thanksgiving day", "thanksgiving weekend"],
    day: thanksgiving,
    weekend: (year) => [addDays(thanksgiving(year), -1), addDays(thanksgiving(year), 3)],
  },
];

/** Names whose own day is meant, and no weekend around it. */
const ONE_DAY = new Set([
  "easter sunday",
  "thanksgiving day",
  "memorial day",
  "labor day",
  "labour day",
]);

/** A holiday's next occurrence: its own day, and the days off where the name means these. */
export interface HolidayFound {
  day: Day;
  weekend: [first: Day, last: Day] | null;
}

/** The next occurrence of a holiday. @param name - one of {@link HOLIDAYS}' names */
export function nextHoliday(name: string, from: Day): HolidayFound | null {
  const holiday = HOLIDAYS.find(({ names }) => names.includes(name));
  if (!holiday) return null;
  const [year] = partsOf(from);
  const inYear = holiday.day(year) >= from ? year : year + 1;
  return {
    day: holiday.day(inYear),
    weekend: (!ONE_DAY.has(name) && holiday.weekend?.(inYear)) || null,
  };
}
