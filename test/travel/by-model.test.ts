import { describe, expect, it } from "vitest";

import { understoodByModel } from "../../src/travel/by-model.ts";
import type { Message } from "../../src/travel/message.ts";
import { EMPTY_TRIP } from "../../src/travel/slots.ts";
import type { Trip, TripPatch } from "../../src/travel/slots.ts";
import { FLIGHTS } from "../../src/travel/topic.ts";
import { understand } from "../../src/travel/understand.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");

/** What is understood of a message with a model that reads it so. */
async function read(
  text: string,
  slots: object,
  { said = null, trip = {} }: { said?: string | null; trip?: Partial<Trip> } = {},
): Promise<{ patch: TripPatch; unsure: string[] }> {
  const message: Message = {
    text,
    said,
    now: NOW,
    trip: { ...EMPTY_TRIP, ...trip },
    topic: FLIGHTS,
    dayOrder: null,
  };
  return understoodByModel(message, understand(message), () =>
    Promise.resolve(JSON.stringify(slots)),
  );
}

describe("what a model reads", () => {
  it("fills what the grammar could not read, and is asked about", async () => {
    const { patch, unsure } = await read("I'd like to visit the eternal city", {
      destination: "ROM",
    });
    expect(patch).toMatchObject({ destination: "ROM" });
    expect(unsure).toContain("destination");
  });

  it("answers a question that the grammar could not", async () => {
    const said = "Where do you want to go?";
    expect((await read("the one with the canals", { destination: "VCE" }, { said })).patch).toEqual(
      {
        destination: "VCE",
      },
    );
  });

  it.each([
    ["Yes, that's great", {}],
    ["Is it direct?", {}],
    ["Find me a flight on December 1st", { departure_date: "2026-12-01" }],
  ])("is left alone where the message says no such thing: %s", async (text, own) => {
    const trip = { origin: "NYC", destination: "LON" };
    const { patch } = await read(text, { destination: "PAR", passengers: 2, ...own }, { trip });
    expect(patch.destination).toBeUndefined();
    expect(patch.origin).toBeUndefined();
  });

  it("makes nothing of talk of other things", async () => {
    const { patch } = await read("Find me a hotel in Paris", { destination: "PAR" });
    expect(patch.destination ?? null).toBeNull();
  });

  it("does not say how many fly where the message does not", async () => {
    expect((await read("from Rome to Oslo", { passengers: 4 })).patch).not.toHaveProperty(
      "passengers",
    );
    expect(
      (await read("from Rome to Oslo, us and the twins", { passengers: 4 })).patch,
    ).toMatchObject({
      passengers: 4,
    });
  });

  it.each([
    ["I want to leave on the 2nd, at 2:30", 2],
    ["one way on March 4th", 4],
    ["for $300 at most", 3],
    ["to Oslo for my wife", 1],
  ])("takes no other number for people: %s", async (text, passengers) => {
    expect((await read(text, { passengers })).patch).not.toHaveProperty("passengers");
  });

  it("yields to the grammar where both read how many fly, or the cabin", async () => {
    const { patch } = await read("4 of us from Rome to Oslo, economy", {
      passengers: 2,
      cabin: "first",
    });
    expect(patch).toMatchObject({ passengers: 4, cabin: "economy" });
  });

  it("yields to the grammar where both read a place, and is asked about", async () => {
    const { patch, unsure } = await read("from Rome to Oslo", {
      origin: "OSL",
      destination: "ROM",
    });
    expect(patch).toMatchObject({ origin: "ROM", destination: "OSL" });
    expect(unsure.toSorted()).toEqual(["destination", "origin"]);
  });
});
