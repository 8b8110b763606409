import { describe, expect, it } from "vitest";

import { command, converse, dialogueSchema } from "../../src/travel/dialogue.ts";
import type { Dialogue, Move } from "../../src/travel/dialogue.ts";
import type { Message } from "../../src/travel/message.ts";
import type { Offer } from "../../src/travel/offer.ts";
import { understand } from "../../src/travel/understand.ts";

/** A Saturday. */
const NOW = Date.parse("2026-11-21T12:00:00Z");

const OFFERS: Offer[] = [
  {
    price: { amount: 374, currency: "USD" },
    airline: "DEMO Atlantic",
    legs: [
      {
        from: "JFK",
        to: "LHR",
        departs: "2026-11-27T09:00",
        arrives: "2026-11-27T21:10",
        minutes: 430,
        stops: 0,
        flights: ["D1 1"],
      },
    ],
  },
];

/** A conversation, each message with the product's own reply before it; a search finds {@link OFFERS}. */
function talk(...messages: string[]) {
  let dialogue: Dialogue = dialogueSchema.parse({});
  let said: string | null = null;
  const replies: string[] = [];
  for (const text of messages) {
    const { trip, dialogue: before } = dialogue;
    const heard: Message = { text, now: NOW, said, trip, topic: before.topic, dayOrder: null };
    const move: Move = command(dialogue, text) ?? converse(dialogue, text, understand(heard), NOW);
    dialogue = move.dialogue;
    if (move.reply === null)
      dialogue = { ...dialogue, dialogue: { ...dialogue.dialogue, offers: OFFERS } };
    said = move.reply ?? "Flights found:\n1. …";
    replies.push(move.reply ?? "SEARCH");
  }
  const trip = Object.fromEntries(
    Object.entries(dialogue.trip).filter(([, value]) => value !== null),
  );
  return { trip, replies, last: replies.at(-1) };
}

describe("what is said of other things", () => {
  it("is context, and sets neither end of the trip nor a day", () => {
    const { trip, last } = talk("What's the weather in Rome on the 24th?", "And the humidity?");
    expect(trip).toEqual({});
    expect(last).toContain("Flights are all I look for");
  });

  it("says where there is, and proposes the day", () => {
    const { trip, last } = talk(
      "What's the weather in Rome on the 24th?",
      "Nice. Find me a round trip flight there",
    );
    expect(trip).toEqual({ destination: "ROM", kind: "round_trip" });
    expect(last).toContain("Leaving on Tue 24 Nov?");
  });

  it("gives the day to a yes, and to nothing else", () => {
    const before = ["What's the weather in Rome on the 24th?", "Find me a one way flight there"];
    expect(talk(...before, "Yes, from Oslo please").trip).toMatchObject({
      origin: "OSL",
      departure_date: "2026-11-24",
    });
    expect(talk(...before, "From Oslo").trip).not.toHaveProperty("departure_date");
    expect(talk(...before, "No, on the 26th, from Oslo").trip).toMatchObject({
      departure_date: "2026-11-26",
    });
  });

  it("takes that day where the user says so", () => {
    expect(
      talk("Any concerts in Oslo on the 24th?", "A flight there on that day from Rome").trip,
    ).toMatchObject({ origin: "ROM", destination: "OSL", departure_date: "2026-11-24" });
  });

  it("says for how many", () => {
    expect(
      talk("I need 3 tickets to Wallows in Oslo", "Now a one-way flight to get there").trip,
    ).toMatchObject({ destination: "OSL", passengers: 3 });
  });

  it("loses against an explicit to and from", () => {
    expect(
      talk(
        "Find me a hotel in Paris",
        "I'd also like a round trip to Vancouver",
        "leaving out of Seattle",
      ).trip,
    ).toEqual({ origin: "SEA", destination: "YVR", kind: "round_trip" });
  });

  it("changes nothing of a trip that is searched", () => {
    const { trip, replies } = talk(
      "NYC to London next Friday",
      "I need a rental car there",
      "Pick it up on the 29th",
      "For 4 days",
      "a day later, please",
    );
    expect(replies).toEqual([
      "SEARCH",
      expect.stringContaining("Flights are all"),
      expect.stringContaining("Flights are all"),
      expect.stringContaining("Flights are all"),
      "SEARCH",
    ]);
    expect(trip).toMatchObject({ origin: "NYC", destination: "LON", departure_date: "2026-11-28" });
  });

  it("does not swallow the flight in the same message", () => {
    const { trip } = talk("I fly from Boston to Paris on Friday. Find me a hotel there, too.");
    expect(trip).toEqual({ origin: "BOS", destination: "PAR", departure_date: "2026-11-27" });
  });

  it("does not swallow a short answer to an open question", () => {
    const { trip, replies } = talk("A flight to Rome on Friday", "Will it rain there?", "Oslo");
    expect(replies[1]).toContain("Where are you flying from?");
    expect(trip).toMatchObject({ origin: "OSL", destination: "ROM" });
  });
});

describe("a question about what was found", () => {
  const found = "NYC to London next Friday";
  it.each([
    ["Is it direct?", "1: direct"],
    ["How many stops does it have?", "1: direct"],
    ["When does it arrive?", "1: 09:00–21:10"],
    ["Which airport does it leave from?", "New York JFK to London LHR"],
    ["Great. How much is it?", "1: $374"],
    ["How long does the flight take?", "7 h 10 min"],
    ["What airline is it?", "DEMO Atlantic"],
    ["Is it refundable?", "That I do not know"],
  ])("%s", (question, answer) => {
    const before = talk(found).trip;
    const { trip, last } = talk(found, question);
    expect(last).toContain(answer);
    expect({ ...trip, passengers: undefined, cabin: undefined }).toEqual({
      ...before,
      passengers: undefined,
      cabin: undefined,
    });
  });

  it.each([
    ["Are there any direct flights?", { direct_only: true }],
    ["What if I leave on the 25th?", { departure_date: "2026-11-25" }],
    ["Do you have business class?", { cabin: "business" }],
  ])("%s is a wish", (text, patch) => {
    const { trip, last } = talk(found, text);
    expect(trip).toMatchObject(patch);
    expect(last).toBe("SEARCH");
  });
});

describe("the end of a conversation", () => {
  it.each(["See you", "no thanks, that's all", "Not right now.", "Thanks, bye!", "Nothing else"])(
    "%s",
    (text) => {
      const { trip, last } = talk("NYC to London next Friday", text);
      expect(last).toMatch(/^You are welcome/);
      expect(trip).toMatchObject({ origin: "NYC", destination: "LON" });
    },
  );
});

describe("how many fly", () => {
  it.each([
    ["for 2", 2],
    ["tickets for four", 4],
    ["three Economy class round-trip tickets", 3],
    ["I need three round trip flights", 3],
    ["the required tickets are 2", 2],
    ["a party of 5", 5],
    ["there is only 1 in my group", 1],
    ["I will be needing three please", 3],
    ["from Rome for two to Oslo", 2],
    ["just the two of us", 2],
  ])("%s", (text, passengers) => {
    expect(talk(text).trip).toMatchObject({ passengers });
  });

  it.each(["I want an economy seat", "for 2 weeks", "for 3 nights", "tickets are 400 dollars"])(
    "%s says nothing of it",
    (text) => {
      expect(talk(text).trip).not.toHaveProperty("passengers");
    },
  );

  it("is taken from the search once the traveller likes an offer", () => {
    expect(talk("NYC to London next Friday").trip).not.toHaveProperty("passengers");
    const { trip, last } = talk("NYC to London next Friday", "Sounds good");
    expect(trip).toMatchObject({ passengers: 1, cabin: "economy" });
    expect(last).not.toBe("SEARCH");
  });
});

const TRIP = "one way from New York to London on 27 November";

describe("who likes what was found agrees to what it was searched for", () => {
  it.each([
    "Yes, that is correct. Which airport does it leave from?",
    "That's great! How many stops are there?",
    "That all works for me, when does it arrive?",
    "This sounds good. What is the arrival time?",
    "Everything looks good.",
    "I love it. I also need a hotel there",
    "Lovely, is it refundable?",
    "Yes, what airport will I need to get to?",
  ])("%s", (text) => {
    expect(talk(TRIP, text).trip).toMatchObject({ passengers: 1, cabin: "economy" });
  });

  it.each(["Is it direct?", "No, something cheaper", "Thanks", "No. Which airport is it?"])(
    "but not: %s",
    (text) => {
      const { trip } = talk(TRIP, text);
      expect(trip).not.toHaveProperty("passengers");
      expect(trip).not.toHaveProperty("cabin");
    },
  );

  it("and what was said of people or cabins before stays", () => {
    expect(talk(`${TRIP}, 3 people, business`, "Perfect. When does it land?").trip).toMatchObject({
      passengers: 3,
      cabin: "business",
    });
  });
});

it("hears how many are needed beside a question", () => {
  expect(talk(TRIP, "Okay, is it direct, and I will be needing three please").trip).toMatchObject({
    passengers: 3,
  });
});

it.each(["4", "ok, 4", "sorry, there are 4", "well, make it four", "we are 4 then", "just four"])(
  "hears how many fly where it asked: %s",
  (text) => {
    expect(talk(`${TRIP}, for 14 people`, text).trip).toMatchObject({ passengers: 4 });
  },
);

it("takes another place of the same name", () => {
  const from = (...texts: string[]) => talk("from Springfield to Milan", ...texts).trip.origin;
  expect(from()).toBe("SGF");
  expect(from("the one in Illinois, on December 20th")).toBe("SPI");
  expect(from("no, the one in Illinois")).toBe("SPI");
  // None is there: it stays.
  expect(from("the one in Ohio")).toBe("SGF");
  expect(talk("Rome to London on December 20th", "I meant the one in Ontario").trip).toMatchObject({
    origin: "ROM",
    destination: "YXU",
  });
});
