import Holidays from "date-holidays";
import { describe, expect, inject, it } from "vitest";

import { datesIn } from "../../../src/travel/dates/dates-in.ts";
import type { DayOrder } from "../../../src/travel/dates/numeric-dates.ts";

const DAY_MS = 86_400_000;
/** A year's end and beginning, leap days, days on which clocks change, holidays, and days between. */
const ALL = [
  "2026-11-25",
  "2026-12-24",
  "2026-12-25",
  "2026-12-31",
  "2027-01-01",
  "2027-03-14",
  "2027-03-28",
  "2027-06-30",
  "2027-10-31",
  "2027-11-07",
  "2028-02-28",
  "2028-02-29",
];
/** `npm run test:large` takes all of them. */
const TODAYS = inject("isLarge") ? ALL : ALL.filter((_, index) => index % 8 === 3);

const HOLIDAYS: Record<string, string> = {
  christmas: "Christmas Day",
  "christmas eve": "Christmas Eve",
  "new year's eve": "New Year's Eve",
  "new year": "New Year's Day",
  easter: "Easter Sunday",
  thanksgiving: "Thanksgiving Day",
  halloween: "Halloween",
  "labor day": "Labor Day",
  "memorial day": "Memorial Day",
  "valentine's day": "Valentine's Day",
};
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS =
  "january february march april may june july august september october november december".split(
    " ",
  );
const ORDINALS = ["last", "first", "second", "third", "fourth"];

const calendar = new Holidays("US");
const shift = (day: string, days: number) =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
const weekdayOf = (day: string) => new Date(day).getUTCDay();

const holidaysOf = new Map<number, ReturnType<typeof calendar.getHolidays>>();
/** Of a year. The calendar takes milliseconds to tell them. */
function holidaysIn(year: number) {
  const known = holidaysOf.get(year) ?? calendar.getHolidays(year);
  holidaysOf.set(year, known);
  return known;
}

/** The calendar's holiday of that name, the next one from a day on. */
function holidayFrom(name: string, from: string): string {
  const year = Number(from.slice(0, 4));
  const days = [year, year + 1]
    .flatMap(holidaysIn)
    .filter((each) => each.name === name && each.date.slice(0, 10) >= from)
    .map(({ date }) => date.slice(0, 10));
  if (days[0] === undefined) throw new Error(`the calendar has no ${name}`);
  return days[0];
}

/** Walks from a day until a rule holds. */
function walk(day: string, step: 1 | -1, isThere: (day: string) => boolean): string {
  let at = shift(day, step);
  while (!isThere(at)) at = shift(at, step);
  return at;
}

const read = (text: string, today: string, country: DayOrder = null) =>
  datesIn(text, Date.parse(`${today}T12:00:00Z`), country).map(
    ({ day, until, isVague }) => `${day}${until === null ? "" : `/${until}`}${isVague ? "?" : ""}`,
  );

/** The phrases whose reading is not the calendar's. */
function wrongOf(cases: [text: string, day: string][], today: string, country: DayOrder = null) {
  return cases.flatMap(([text, day]) => {
    const found = read(text, today, country);
    // A day that is over is the right answer, or a question.
    const isRight =
      found.length === 1 && (found[0] === day || (day < today && found[0] === `${day}?`));
    return isRight ? [] : [`${today}: ${text} → ${found.join(" ") || "nothing"}, right is ${day}`];
  });
}

describe.each(TODAYS)("on %s", (today) => {
  it("finds weekdays and weekends before and after holidays", () => {
    const cases = Object.entries(HOLIDAYS).flatMap(([spoken, name]) => {
      const day = holidayFrom(name, today);
      const weekends: [string, string][] = [-1, 1].map((side) => {
        const saturday =
          side < 0
            ? walk(shift(day, -1), -1, (each) => weekdayOf(each) === 6)
            : walk(day, 1, (each) => weekdayOf(each) === 6);
        return [
          `the weekend ${side < 0 ? "before" : "after"} ${spoken}`,
          `${saturday}/${shift(saturday, 1)}`,
        ];
      });
      const weekdays = WEEKDAYS.flatMap((weekday, index): [string, string][] => [
        [`on the ${weekday} before ${spoken}`, walk(day, -1, (each) => weekdayOf(each) === index)],
        [`${weekday} after ${spoken}`, walk(day, 1, (each) => weekdayOf(each) === index)],
      ]);
      return [...weekdays, ...weekends];
    });
    expect(wrongOf(cases, today)).toEqual([]);
  });

  it("counts days, weeks and months from days", () => {
    const units: [string, number][] = [
      ["day", 1],
      ["week", 7],
      ["fortnight", 14],
    ];
    const cases = units.flatMap(([unit, days]) =>
      ["a", "two", "three", "10"].flatMap((word, index): [string, string][] => {
        const count = [1, 2, 3, 10][index] as number;
        const noun = count === 1 ? unit : `${unit}s`;
        const tomorrow = shift(today, 1);
        const holidays = Object.entries(HOLIDAYS).flatMap(([spoken, name]): [string, string][] => {
          const day = holidayFrom(name, today);
          return [
            [`${word} ${noun} after ${spoken}`, shift(day, count * days)],
            [`${word} ${noun} before ${spoken}`, shift(day, -count * days)],
          ];
        });
        return [
          [`in ${word} ${noun}`, shift(today, count * days)],
          [`${word} ${noun} from today`, shift(today, count * days)],
          [`${word} ${noun} from tomorrow`, shift(tomorrow, count * days)],
          [`${word} ${noun} from now`, shift(today, count * days)],
          ...holidays,
        ];
      }),
    );
    expect(wrongOf(cases, today)).toEqual([]);
  });

  it("counts weeks from weekdays", () => {
    const cases = WEEKDAYS.flatMap((weekday, index): [string, string][] => {
      if (weekdayOf(today) === index) return [];
      const day = walk(today, 1, (each) => weekdayOf(each) === index);
      return [
        [`on ${weekday}`, day],
        [`${weekday} week`, shift(day, 7)],
        [`a week on ${weekday}`, shift(day, 7)],
        [`two weeks on ${weekday}`, shift(day, 14)],
        [`a week from ${weekday}`, shift(day, 7)],
        [`${weekday} fortnight`, shift(day, 14)],
      ];
    });
    expect(wrongOf(cases, today)).toEqual([]);
  });

  it("finds the nth weekday of a month", () => {
    const year = Number(today.slice(0, 4));
    const thisMonth = Number(today.slice(5, 7)) - 1;
    const cases = MONTHS.flatMap((month, index) =>
      WEEKDAYS.flatMap((weekday, day) =>
        ORDINALS.map((ordinal, which): [string, string] => {
          const soon = nth(index < thisMonth ? year + 1 : year, index, day, which);
          return [
            `the ${ordinal} ${weekday} of ${month}`,
            soon < today ? nth(year + 1, index, day, which) : soon,
          ];
        }),
      ),
    );
    expect(wrongOf(cases, today)).toEqual([]);
  });

  it("reads pairs of days in their sequence, in each order of day and month", () => {
    const wrong = Array.from({ length: 40 }, (_, index) => [
      index * 7 + 1,
      (index % 12) + 3,
    ]).flatMap(([ahead = 0, stay = 0]) => {
      const out = shift(today, ahead);
      const back = shift(out, stay);
      const [out3, back3] = [out, back].map((day) => day.split("-").map(Number)) as [
        [number, number, number],
        [number, number, number],
      ];
      const right = `${out}/${back}`;
      const cases: [string, string][] = [[`from ${spoken(out3)} to ${spoken(back3)}`, right]];
      const dotted = [out3, back3].map(([year, month, day]) => `${day}.${month}.${year}`);
      cases.push([`from ${dotted.join(" to ")}`, right]);
      if (ahead <= 20 && stay < 15)
        cases.push([`from the ${th(out3[2])} to the ${th(back3[2])}`, right]);
      const byCountry = (["day_first", "month_first"] as const).flatMap((order) => {
        const text = `from ${numeric(order, out3)} to ${numeric(order, back3)}`;
        return isReadBy(order, text, today) ? wrongOf([[text, right]], today, order) : [];
      });
      return [...wrongOf(cases, today), ...byCountry];
    });
    expect(wrong).toEqual([]);
  });
});

/** The nth such weekday of a month, the last one for 0. */
const nth = (inYear: number, month: number, weekday: number, which: number): string => {
  const first = new Date(Date.UTC(inYear, month, 1)).toISOString().slice(0, 10);
  const after = new Date(Date.UTC(inYear, month + 1, 1)).toISOString().slice(0, 10);
  if (which === 0) return walk(after, -1, (day) => weekdayOf(day) === weekday);
  const start = walk(shift(first, -1), 1, (day) => weekdayOf(day) === weekday);
  return shift(start, (which - 1) * 7);
};

const numeric = (order: "day_first" | "month_first", [, month, day]: number[]): string =>
  order === "day_first" ? `${day}/${month}` : `${month}/${day}`;
const spoken = ([, month = 1, day]: number[]): string => `${day} ${MONTHS[month - 1]}`;

const th = (day: number): string => {
  const end = { 1: "st", 2: "nd", 3: "rd" }[day % 10];
  return `${day}${day > 10 && day < 14 ? "th" : (end ?? "th")}`;
};

/** Whether a country's order is the one that its text is meant in: not where that order puts the return first. */
function isReadBy(order: "day_first" | "month_first", text: string, today: string): boolean {
  const days = [...text.matchAll(/(\d+)\/(\d+)/g)].map(([, a, b]) => {
    const [day, month] = order === "day_first" ? [a, b] : [b, a];
    const year = Number(today.slice(0, 4));
    const of = (each: number) =>
      new Date(Date.UTC(each, Number(month) - 1, Number(day))).toISOString().slice(0, 10);
    return of(year) >= today ? of(year) : of(year + 1);
  });
  return (days[0] ?? "") <= (days[1] ?? "");
}
