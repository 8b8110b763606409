import { describe, expect, it } from "vitest";

import { datesIn } from "../../../src/travel/dates/dates-in.ts";
import type { DayOrder } from "../../../src/travel/dates/numeric-dates.ts";

/** A Wednesday. */
const NOW = Date.parse("2026-11-25T12:00:00Z");

/** The days of a text: a span as `first/last`, a guess with a question mark. */
const daysIn = (text: string, country: DayOrder = null, now = NOW) =>
  datesIn(text, now, country).map(
    ({ day, until, isVague }) => `${day}${until === null ? "" : `/${until}`}${isVague ? "?" : ""}`,
  );

describe("on 25 November 2026", () => {
  it.each([
    ["from the 20th to the 28th", ["2026-12-20/2026-12-28"]],
    ["from 20/12 to 3/1", ["2026-12-20/2027-01-03"]],
    ["a hotel rated 4.5/5, on 28/12", ["2026-12-28"]],
    ["reviews of 4/5 or better, 4/5 stars", []],
    ["on 28.12.2026, back on 4.1.2027", ["2026-12-28", "2027-01-04"]],
    ["from 3/12 to 15/12", ["2026-12-03/2026-12-15"]],
    ["on the friday before christmas", ["2026-12-18"]],
    ["the saturday before new year", ["2026-12-26"]],
    ["monday after christmas", ["2026-12-28"]],
    ["the weekend of 12 december", ["2026-12-12/2026-12-13"]],
    ["weekend before christmas", ["2026-12-19/2026-12-20"]],
    ["first Monday of January", ["2027-01-04"]],
    ["last friday of january", ["2027-01-29"]],
    ["friday week", ["2026-12-04"]],
    ["in two and a half weeks", ["2026-11-29?"]],
    ["can I cancel 2 days before departure?", []],
    ["check-in opens 23 hours before the flight", []],
    ["1 week after arrival", []],
    ["two days before the 24th", ["2026-12-22"]],
    ["24 Dec 2 adults", ["2026-12-24"]],
    ["in March 2 adults", ["2027-03-01?"]],
    ["March 2, 2 adults", ["2027-03-02"]],
    ["tomorrow week", ["2026-12-03"]],
    ["two weeks on saturday", ["2026-12-12"]],
    ["a week tomorrow", ["2026-12-03"]],
    ["the weekend after next", ["2026-12-12/2026-12-13"]],
    ["a month from today", ["2026-12-25"]],
    ["friday the 13th", ["2027-08-13?"]],
    ["friday the 27th", ["2026-11-27"]],
    ["Friday, 4 December", ["2026-12-04"]],
    ["Friday 5 December", ["2026-12-05?"]],
    ["between 20 and 28 december", ["2026-12-20/2026-12-28?"]],
    ["between the 20th and the 28th", ["2026-12-20/2026-12-28?"]],
    ["My wife and I sat down to plan 5 January", ["2027-01-05"]],
    ["I want sun and beach", []],
    ["a beach, sun and sand", []],
    ["from fri to sun", ["2026-11-27/2026-11-29"]],
    ["Sun Valley to Denver", []],
    ["a day later", []],
    ["a week later", []],
    ["open 24/7", []],
    ["any day but Friday", []],
    ["any day except Friday and Saturday", []],
    ["not on Friday or Saturday, but on Sunday", ["2026-11-29"]],
    ["I need December 24 tickets to Rome", ["2026-12-24"]],
    ["every day except the 3rd of December", []],
    ["not on Friday, Saturday please", ["2026-11-28?"]],
    ["on Saturday, other than that the 5th of December", ["2026-11-28", "2026-12-05"]],
    ["Saturday, if not then the 5th of December", ["2026-11-28", "2026-12-05"]],
    ["why not Friday", ["2026-11-27"]],
    ["if not Friday then Saturday", ["2026-11-27", "2026-11-28"]],
    ["I wanted Thursday but Friday is fine", ["2026-11-26", "2026-11-27"]],
  ])("%s", (text, days) => {
    expect(daysIn(text)).toEqual(days);
  });
});

describe("a day inside a phrase that is not understood whole", () => {
  it.each([
    "after the 20th",
    "friday after my birthday",
    "friday or saturday",
    "around 20 December",
    "sometime before christmas",
    "early next week",
    "in the second half of January",
    "on the eve of 5 January",
    "wednesday",
    "the week before christmas",
    "the first week of January",
    "about a year from today",
  ])("%s is a guess", (text) => {
    const days = daysIn(text);
    expect(days).toHaveLength(1);
    expect(days[0]).toMatch(/\?$/);
  });

  it.each([
    "on Friday after 5 pm",
    "on Friday after lunch",
    "what about Friday",
    "for 3 nights from Friday",
    "this Friday evening at 5",
    "on fri",
  ])("%s is none", (text) => {
    expect(daysIn(text)).toEqual(["2026-11-27"]);
  });
});

describe("dates in digits", () => {
  it.each<[string, DayOrder, string[]]>([
    ["on 3/12, back on 5/12", "day_first", ["2026-12-03", "2026-12-05"]],
    ["on 3/12, back on 5/12", "month_first", ["2027-03-12", "2027-05-12"]],
    ["on 3/12, back on 5/12", null, ["2026-12-03?", "2026-12-05?"]],
    ["12/20", "day_first", ["2026-12-20"]],
    ["20/12", "month_first", ["2026-12-20"]],
    ["6/6", null, ["2027-06-06"]],
    ["from 11/12 to 2/1", "month_first", ["2026-12-11/2027-01-02"]],
    ["3.12., back 5.12.", "month_first", ["2026-12-03", "2026-12-05"]],
    ["2026-12-03", "month_first", ["2026-12-03"]],
    ["3/12/2026", "day_first", ["2026-12-03"]],
    ["3/12/26 and $12.50", "day_first", ["2026-12-03"]],
    ["31/2", null, []],
    ["at 8.15 for $3.50", null, []],
  ])("%s where the country writes %s", (text, country, days) => {
    expect(daysIn(text, country)).toEqual(days);
  });
});
