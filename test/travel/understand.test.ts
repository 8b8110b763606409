import { describe, expect, it } from "vitest";

import { datesIn } from "../../src/travel/dates/dates-in.ts";
import { distanceKm, placeByCode } from "../../src/travel/gazetteer.ts";
import { placesIn } from "../../src/travel/places.ts";
import type { Place } from "../../src/travel/gazetteer.ts";
import { HELP } from "../../src/travel/replies.ts";
import { EMPTY_TRIP } from "../../src/travel/slots.ts";
import type { Trip } from "../../src/travel/slots.ts";
import { askedIn } from "../../src/travel/reply-patterns.ts";
import { FLIGHTS } from "../../src/travel/topic.ts";
import { merge, understand } from "../../src/travel/understand.ts";

/** A Saturday. */
const NOW = Date.parse("2026-11-21T12:00:00Z");

const codesIn = (text: string) => placesIn(text).map(({ place }) => place.code);
const daysIn = (text: string) =>
  datesIn(text, NOW).map(({ day, until }) => (until === null ? day : `${day}/${until}`));

/** What is known after some messages, each with what the assistant said before it. */
function tripOf(...messages: (string | [said: string, text: string])[]): Partial<Trip> {
  let trip = EMPTY_TRIP;
  let topic = FLIGHTS;
  for (const each of messages) {
    const [said, text] = typeof each === "string" ? [null, each] : each;
    const understood = understand({ text, now: NOW, said, trip, topic, dayOrder: null });
    trip = merge(trip, understood.patch);
    ({ topic } = understood);
  }
  return Object.fromEntries(Object.entries(trip).filter(([, value]) => value !== null));
}

describe("places", () => {
  it.each([
    ["from Portland, OR to Portland, ME", ["PDX", "PWM"]],
    ["London, UK or London, Ontario?", ["LON", "YXU"]],
    ["são paulo, Zürich and Ciudad de México", ["SAO", "ZRH", "MEX"]],
    ["NYC, Chi-town, Philly, L.A. and San Fran", ["NYC", "CHI", "PHL", "LAX", "SFO"]],
    ["LAX-JFK", ["LAX", "JFK"]],
    ["jfk to sfo today for one", ["JFK", "SFO"]],
    ["Seattle WA", ["SEA"]],
    ["boston to nice tomorrow", ["BOS", "NCE"]],
    ["St. Louis, St Petersburg", ["STL", "LED"]],
    ["Is it nice there, and can you see the sea for a day?", []],
    ["THE CAN AND ALL FOR YOU", []],
    ["", []],
  ])("%s", (text, codes) => {
    expect(codesIn(text)).toEqual(codes);
  });

  it("says where in the text they stand", () => {
    const text = "from Ciudad de México to São Paulo, Brazil!";
    const found = placesIn(text).map(({ start, end }) => text.slice(start, end));
    expect(found).toEqual(["Ciudad de México", "São Paulo, Brazil"]);
  });

  it("knows how far apart they are", () => {
    const far = distanceKm(placeByCode("JFK") as Place, placeByCode("LHR") as Place);
    expect(far).toBeGreaterThan(5_500);
    expect(far).toBeLessThan(5_600);
  });
});

describe("days", () => {
  it.each([
    ["next Friday", ["2026-11-27"]],
    ["the day after tomorrow", ["2026-11-23"]],
    ["in two weeks", ["2026-12-05"]],
    ["a week from Monday", ["2026-11-30"]],
    ["7th of this month", ["2026-11-07"]],
    ["the 25th", ["2026-11-25"]],
    ["the 3rd of next month", ["2026-12-03"]],
    ["on the twelfth", ["2026-12-12"]],
    ["over Easter weekend", ["2027-03-26/2027-03-29"]],
    ["Christmas", ["2026-12-25"]],
    ["the 5th-9th", ["2026-12-05/2026-12-09"]],
    ["28th – 3rd", ["2026-11-28/2026-12-03"]],
    ["in mid January", ["2027-01-15"]],
    ["in November", ["2026-11-22"]],
    ["from March 3 to March 10", ["2027-03-03/2027-03-10"]],
    ["at 8:15 in the morning, for 3 people, right now, for a week", []],
    ["May I have the first flight, or the 2nd one?", []],
  ])("%s", (text, days) => {
    expect(daysIn(text)).toEqual(days);
  });

  it("takes what is earlier today for today", () => {
    expect(daysIn("November 21st at 6 am")).toEqual(["2026-11-21"]);
  });
});

describe("understanding", () => {
  it.each<[string, Partial<Trip>]>([
    [
      "NYC to London next Friday",
      { origin: "NYC", destination: "LON", departure_date: "2026-11-27" },
    ],
    [
      "I want to fly from Boston to Paris over Easter weekend with my wife, direct only, under $900, business class",
      {
        origin: "BOS",
        destination: "PAR",
        departure_date: "2027-03-26",
        return_date: "2027-03-29",
        kind: "round_trip",
        passengers: 2,
        cabin: "business",
        direct_only: true,
        budget: { amount: 900, currency: "USD" },
      },
    ],
    [
      "Munich - Lisbon 12/20 one way, nonstop, 2 people, budget 400 euros, I'm flexible",
      {
        origin: "MUC",
        destination: "LIS",
        departure_date: "2026-12-20",
        kind: "one_way",
        passengers: 2,
        direct_only: true,
        flexible: true,
        budget: { amount: 400, currency: "EUR" },
      },
    ],
    [
      "I live in Denver and want to go to Miami for Christmas, back on new year's day",
      {
        origin: "DEN",
        destination: "MIA",
        departure_date: "2026-12-25",
        return_date: "2027-01-01",
        kind: "round_trip",
      },
    ],
    [
      "from Berlin to Rome for 3 nights leaving Friday",
      {
        origin: "BER",
        destination: "ROM",
        departure_date: "2026-11-27",
        return_date: "2026-11-30",
        kind: "round_trip",
      },
    ],
    [
      "I want to return on the 30th and leave on the 24th",
      { departure_date: "2026-11-24", return_date: "2026-11-30", kind: "round_trip" },
    ],
    [
      "A party of four, no stops are fine but not necessarily direct",
      { passengers: 4, direct_only: false },
    ],
    ["2 adults and 3 children", { passengers: 5 }],
    ["me, my wife and two kids", { passengers: 4 }],
    ["Wien nach Mailand", { origin: "VIE", destination: "MIL" }],
    ["MAD BCN 5 dec", { origin: "MAD", destination: "BCN", departure_date: "2026-12-05" }],
    [
      "London to Paris Dec 1, Paris to Rome Dec 4",
      { origin: "LON", destination: "PAR", departure_date: "2026-12-01" },
    ],
    [
      "Boston to Paris on Friday, Paris to Boston on Sunday",
      {
        origin: "BOS",
        destination: "PAR",
        departure_date: "2026-11-27",
        return_date: "2026-11-29",
        kind: "round_trip",
      },
    ],
    ["Where will it rain in Oslo tomorrow?", {}],
    ["", {}],
  ])("%s", (text, trip) => {
    expect(tripOf(text)).toEqual(trip);
  });

  it("takes corrections, and leaves the rest as it is", () => {
    expect(tripOf("Boston to Paris on Friday", "no, from New York", "make it a day later")).toEqual(
      {
        origin: "NYC",
        destination: "PAR",
        departure_date: "2026-11-28",
      },
    );
  });

  it("moves what is known: sooner, longer, the other way round", () => {
    const trip = "Rome to Oslo, leaving the 24th, back the 30th";
    const back = { kind: "round_trip", origin: "ROM", destination: "OSL" };
    expect(tripOf(trip, "a day earlier")).toEqual({
      ...back,
      departure_date: "2026-11-23",
      return_date: "2026-11-29",
    });
    const out = { ...back, departure_date: "2026-11-24" };
    expect(tripOf(trip, "return a day later")).toEqual({ ...out, return_date: "2026-12-01" });
    expect(tripOf(trip, "stay 2 days longer")).toEqual({ ...out, return_date: "2026-12-02" });
    expect(tripOf(trip, "make it 5 nights")).toEqual({ ...out, return_date: "2026-11-29" });
    expect(tripOf(trip, "swap", "cancel the return")).toEqual({
      origin: "OSL",
      destination: "ROM",
      departure_date: "2026-11-24",
      kind: "one_way",
    });
  });

  it("takes a bare answer for what was asked", () => {
    expect(
      tripOf(
        ["Where would you like to go?", "Lisbon"],
        ["And where are you leaving from?", "Madrid"],
        ["When do you want to leave, and when will you return?", "the 24th and the 30th"],
        ["How many passengers?", "three"],
      ),
    ).toEqual({
      origin: "MAD",
      destination: "LIS",
      departure_date: "2026-11-24",
      return_date: "2026-11-30",
      kind: "round_trip",
      passengers: 3,
    });
  });

  it("takes what it proposed, once someone agrees", () => {
    const said = "Do you want to leave on November 24th?";
    expect(tripOf([said, "yes please"])).toEqual({ departure_date: "2026-11-24" });
    expect(tripOf([said, "no, on the 26th"])).toEqual({ departure_date: "2026-11-26" });
  });

  it("takes none of the examples that the help gives", () => {
    expect(tripOf([HELP, "from Rome to Oslo"], [HELP, "yes"])).toEqual({
      origin: "ROM",
      destination: "OSL",
    });
  });

  it("goes where the talk was of, and takes nothing from the talk itself", () => {
    expect(tripOf("Any concerts in Oslo on Friday?", "Find me a flight there from Rome")).toEqual({
      origin: "ROM",
      destination: "OSL",
    });
  });

  it("drops a return that is before the departure", () => {
    expect(
      tripOf("Rome to Oslo, leaving the 24th, back the 30th", "leave on December 5th"),
    ).toMatchObject({
      departure_date: "2026-12-05",
    });
    expect(
      tripOf("leaving the 24th, back the 30th", "leave on December 5th").return_date,
    ).toBeUndefined();
  });

  it("hears what the assistant asked for", () => {
    expect([...askedIn("Thanks! Where are you flying from, and when?")]).toEqual([
      "origin",
      "departure_date",
    ]);
    expect([...askedIn("Here are three flights. Have a nice day.")]).toEqual([]);
  });

  it("bears any text", () => {
    const texts = [
      "\u0000",
      "🛫 to 🛬",
      "\ud800",
      "to ".repeat(2_000),
      "(((((",
      "9".repeat(500),
      "from from to to",
    ];
    for (const text of texts) expect(tripOf(text)).toEqual({});
  });

  it("reads the beginning of a message of any length", () => {
    const ends = [
      "London ",
      "from London to ",
      "on the 5th ",
      "for for for ",
      "return flight ",
      "$1,",
    ];
    for (const end of ends) {
      const text = `From Rome to Oslo. ${end.repeat(40_000)}`;
      const message = {
        text,
        now: NOW,
        said: text,
        trip: EMPTY_TRIP,
        topic: FLIGHTS,
        dayOrder: null,
      };
      // A later word counts more, as in a correction.
      expect(["ROM", "LON"]).toContain(understand(message).patch.origin);
    }
  });
});
