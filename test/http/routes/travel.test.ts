import { describe, expect, inject, it } from "vitest";

import { parseConfig } from "../../../src/config.ts";
import type { FlightQuery } from "../../../src/travel/flights/flights.ts";
import { FlightError } from "../../../src/travel/flights/flights.ts";
import { demoFlights } from "../../../src/travel/flights/demo.ts";
import { providerOf } from "../../../src/travel/flights/search.ts";
import { Client, DAY, freshAccount } from "../../support/client.ts";
import { setClock } from "../../support/clock.ts";
import { LOCKED, ROOT_KEY, root } from "../../support/keys.ts";

/** A Saturday. */
const NOW = Date.parse("2026-11-21T12:00:00Z");
const QUERY: FlightQuery = {
  origin: "NYC",
  destination: "LON",
  departure_date: "2026-11-27",
  return_date: "2026-12-04",
  passengers: 2,
  cabin: "economy",
  direct_only: false,
  currency: "EUR",
};

let names = 0;
/** A service of the stand-in, of this test alone. */
function standIn(service: string, behaviour: string) {
  names += 1;
  const url = `${inject("travelServer")}/${service}/${behaviour}-${crypto.randomUUID()}-${names}`;
  const requests = async () =>
    (await (await fetch(`${url}/log`)).json<{ requests: string[] }>()).requests;
  return { url, requests };
}

const amadeusVars = (url: string) => ({
  FLIGHTS_PROVIDER: "amadeus",
  AMADEUS_CLIENT_ID: "id",
  AMADEUS_CLIENT_SECRET: "secret",
  AMADEUS_BASE_URL: url,
});
const duffelVars = (url: string) => ({
  FLIGHTS_PROVIDER: "duffel",
  DUFFEL_API_KEY: "duffel_test",
  DUFFEL_BASE_URL: url,
});
const search = (vars: object, patienceMs = 60_000) =>
  providerOf(parseConfig(vars)).search(QUERY, AbortSignal.timeout(patienceMs));

/** A conversation with the travel assistant. */
function traveller(vars: object = {}) {
  const client = new Client(vars);
  const says = async (text: string, more: object = {}): Promise<string> =>
    (await client.ask(text, { assistant: "travel", session_id: "s", ...more }, { at: NOW })).body
      .response;
  const state = async () => (await client.get("/sessions/s/state")).body;
  return { client, says, state };
}

describe("the travel assistant", () => {
  it("searches from one message, and keeps what it understood as the session's state", async () => {
    const { says, state, client } = traveller();
    expect(
      await says("NYC to London next Friday, back on Sunday, two people, direct only"),
    ).toMatch(
      /^DEMO flights from New York to London on Fri 27 Nov, back on Sun 29 Nov, 2 passengers, economy, direct only:\n1\. \$/,
    );
    expect((await state()).trip).toEqual({
      origin: "NYC",
      destination: "LON",
      departure_date: "2026-11-27",
      return_date: "2026-11-29",
      kind: "round_trip",
      passengers: 2,
      direct_only: true,
    });
    const { body } = await client.get("/sessions/s/turns");
    expect(body.data).toMatchObject([{ status: "completed", model: "travel" }]);
  });

  it("shows three offers, compares them, and one of them in full", async () => {
    const { says, state } = traveller();
    const reply = await says("NYC to London next Friday");
    expect(reply.match(/^\d\. /gm)).toHaveLength(3);
    expect(reply).toMatch(/^1 is the cheapest/m);
    expect(reply).toContain("DEMO: a made-up timetable");
    const [first] = (await state()).dialogue.offers;
    expect(await says("the first one")).toContain(first.legs[0].flights[0]);
    expect(await says("can you book it?")).toContain("do not sell them");
    const { trip } = await state();
    await says("NYC to London next Friday");
    for (const word of ["right", "that's correct", "yes"])
      expect(await says(word)).toContain('Say "1"');
    expect((await state()).trip).toEqual(trip);
  });

  it("asks for all that is missing in one question, and takes what comes bit by bit", async () => {
    const { says } = traveller();
    expect(await says("I want to go to London")).toBe(
      "Got it: to London. Where are you flying from and when do you want to leave?",
    );
    expect(await says("Boston")).toBe("Got it: from Boston to London. When do you want to leave?");
    expect(await says("round trip, next Friday")).toContain("When do you want to return?");
    expect(await says("the Sunday after that")).toMatch(
      /^DEMO flights from Boston to London on Fri 27 Nov, back on Sun 29 Nov/,
    );
    expect(await says("no, from New York")).toMatch(
      /^DEMO flights from New York to London on Fri 27 Nov/,
    );
    expect(await says("a day later")).toMatch(/on Sat 28 Nov, back on Mon 30 Nov/);
  });

  it("asks before it searches what it is unsure of", async () => {
    const { says } = traveller();
    expect(await says("from Boston to London in May")).toContain(
      "Just to be sure: leaving on Sat 1 May 2027.",
    );
    expect(await says("hm")).toContain("Just to be sure");
    expect(await says("yes")).toMatch(/^DEMO flights from Boston to London on Sat 1 May 2027/);
  });

  it.each([
    ["NYC to New York tomorrow", "Where do you want to go?"],
    ["NYC to London on November 3rd 2026", "is over"],
    ["NYC to London on December 24th 2027", "too far ahead"],
    ["I want to go to Spain", "Which city in Spain? For example Madrid"],
    ["Will it rain in Oslo?", "Flights are all I look for"],
    ["blah", "did not understand"],
    ["thanks", "You are welcome"],
  ])("%s", async (text, part) => {
    expect(await traveller().says(text)).toContain(part);
  });

  it("does not search the place before where it does not know the new one", async () => {
    const { says } = traveller();
    await says("Rome to Oslo tomorrow");
    expect(await says("from Xyzzytown to Rome tomorrow")).toBe(
      "I do not know Xyzzytown. Which larger city or airport is it near?",
    );
    expect(await says("Vienna")).toMatch(/^DEMO flights from Vienna to Rome/);
  });

  it("keeps what was said where a route is put right, and who flies where another begins", async () => {
    const { says, state } = traveller();
    await says("Rome to Oslo on Friday, 2 people, business class");
    expect(await says("no, from Oslo to Rome")).toMatch(/on Fri 27 Nov, 2 passengers, business/);
    expect(await says("Paris to Lisbon")).toContain("When do you want to leave?");
    expect((await state()).trip).toEqual({
      origin: "PAR",
      destination: "LIS",
      passengers: 2,
      cabin: "business",
    });
  });

  it("does not go round in circles", async () => {
    const { says } = traveller();
    await says("Rome to Oslo in March");
    expect(await says("any day")).toMatch(/^DEMO flights from Rome to Oslo on Mon 1 Mar 2027/);
    expect(await says("no")).toContain('Say "1"');
    expect(await says("cheaper")).toContain("The first is the cheapest");
    expect(await says("for 12 people")).toContain("Up to nine people");
    expect(await says("please stop")).toContain("Stopped");
  });

  it("says what is nearest where nothing is within the budget", async () => {
    const { says } = traveller();
    expect(await says("NYC to London next Friday, under $10")).toContain(
      "Nothing is within $10; these come closest.",
    );
    expect(await says("under $10000, flexible")).not.toContain("Nothing is within");
  });

  it("takes a trip that the caller sets, and bears a state that is none", async () => {
    const { says, client } = traveller();
    const patch = { trip: { origin: "SFO", passengers: 3 } };
    expect(await says("to Tokyo tomorrow", { state_patch: patch })).toMatch(
      /^DEMO flights from San Francisco to Tokyo on Sun 22 Nov, 3 passengers/,
    );
    for (const broken of [
      { trip: 7 },
      { trip: { origin: "nowhere" }, dialogue: [] },
      { dialogue: { offers: "x", confirming: [1] } },
    ]) {
      await client.call("PUT", "/sessions/s/state", { headers: { "if-match": "*" }, body: broken });
      expect(await says("to Tokyo from San Francisco tomorrow")).toMatch(/^DEMO flights/);
    }
  });

  it("begins again with a user who was away for a quarter of an hour", async () => {
    const client = new Client();
    const ask = (text: string, at: number) =>
      client.ask(text, { assistant: "travel", user_id: "ann" }, { at });
    const first = (await ask("to London", NOW)).body;
    const second = (await ask("from Rome", NOW + 899_000)).body;
    const third = (await ask("from Rome", NOW + DAY)).body;
    expect(second.session_id).toBe(first.session_id);
    expect(third.session_id).not.toBe(first.session_id);
    expect(third.response).toContain("Where do you want to go");
  });

  it("goes step by step where the flag says so", async () => {
    const { says } = traveller({ use_smart_handler: "false" });
    expect(await says("NYC to London next Friday")).toBe(
      "Let's find you a flight. Where are you flying from?",
    );
    expect(await says("NYC")).toBe("Where do you want to go?");
    expect(await says("New York")).toContain("Where do you want to go?");
    expect(await says("London")).toContain("When do you leave");
    expect(await says("from the 24th to the 30th")).toMatch(
      /^DEMO flights from New York to London on Tue 24 Nov, back on Mon 30 Nov/,
    );
  });

  it("is held to the policies of its assistant, also where it is streamed", async () => {
    const { client } = traveller();
    const redact = { type: "redact", on: "response", pattern: "DEMO", replacement: "[line]" };
    const set = await root.call("PUT", `/admin/accounts/${client.account}/assistants/travel`, {
      body: { policies: [redact] },
    });
    expect(set.status).toBe(200);
    const body = { query: "NYC to London next Friday", assistant: "travel", stream: true };
    const stream = await client.fetch("POST", "/query", { at: NOW, body });
    const text = await stream.text();
    expect(text).toContain("[line] flights from New York to London");
    expect(text).not.toContain("DEMO");
  });

  it("is streamed, replayed, and answers where nothing is stored", async () => {
    const { client } = traveller();
    const body = { query: "NYC to London next Friday", assistant: "travel", session_id: "s" };
    const call = { at: NOW, headers: { "idempotency-key": "k" } };
    const first = await client.post("/query", { ...call, body });
    expect((await client.post("/query", { ...call, body })).body).toEqual(first.body);
    const streamed = await client.fetch("POST", "/query", {
      at: NOW,
      body: { ...body, stream: true, session_id: "t" },
    });
    expect(await streamed.text()).toContain("event: delta");
    const off = traveller({ ENABLE_CONVERSATION_STORAGE: "false" });
    expect(await off.says("NYC to London next Friday")).toMatch(/^DEMO flights/);
  });
});

const reads = (model: string) =>
  traveller({
    MODEL: `openai/${model}`,
    OPENAI_BASE_URL: inject("modelServer"),
    OPENAI_API_KEY: "k",
  });

describe("a model that reads the messages", () => {
  it("that fails, or says nothing that fits, leaves it to the grammar", async () => {
    for (const model of ["fail", "echo"])
      expect(await reads(model).says("NYC to London next Friday")).toMatch(
        /^DEMO flights from New York to London/,
      );
  });

  it("is told what is known, and what it says is checked", async () => {
    const { says, state } = reads("slots");
    // The stand-in fills in what stands between << and >>.
    expect(
      await says(
        'Take me somewhere <<{"origin":"BER","destination":"LIS","departure_date":"2026-12-01","passengers":99}>>',
      ),
    ).toMatch(/^DEMO flights from Berlin to Lisbon on Tue 1 Dec/);
    expect((await state()).trip.passengers).toBeUndefined();
    expect(await says('leaving on December 5th <<{"departure_date":"2026-12-06"}>>')).toBe(
      "Just to be sure: leaving on Sat 5 Dec. Is that right?",
    );
    expect(await says("yes <<{}>>")).toMatch(/on Sat 5 Dec/);
  });
});

describe("the demo", () => {
  it("gives the same each time, and other flights on other days", async () => {
    const { signal } = new AbortController();
    const [one, two, other] = await Promise.all([
      demoFlights.search(QUERY, signal),
      demoFlights.search(QUERY, signal),
      demoFlights.search({ ...QUERY, departure_date: "2026-11-28" }, signal),
    ]);
    expect(two).toEqual(one);
    expect(other).not.toEqual(one);
    expect(one.every(({ airline }) => airline.startsWith("DEMO"))).toBe(true);
  });

  it("is plausible by distance: longer flights take longer, and cost more", async () => {
    const { signal } = new AbortController();
    const cheapest = async (destination: string) => {
      const offers = await demoFlights.search({ ...QUERY, destination, direct_only: true }, signal);
      return {
        minutes: offers[0]?.legs[0]?.minutes ?? 0,
        price: Math.min(...offers.map(({ price }) => price.amount)),
      };
    };
    const [near, far, farther] = [
      await cheapest("BOS"),
      await cheapest("LON"),
      await cheapest("TYO"),
    ];
    expect(near.minutes).toBeLessThan(far.minutes);
    expect(far.minutes).toBeLessThan(farther.minutes);
    expect(near.price).toBeLessThan(far.price);
    const offers = await demoFlights.search(QUERY, signal);
    const days = offers.flatMap(({ legs }) => legs.map(({ departs }) => departs.slice(0, 10)));
    expect(new Set(days)).toEqual(new Set([QUERY.departure_date, QUERY.return_date]));
  });
});

describe("Amadeus", () => {
  it("is asked with one token for many searches", async () => {
    const { url, requests } = standIn("amadeus", "ok");
    const [offer] = await search(amadeusVars(url));
    await search(amadeusVars(url));
    expect(offer).toEqual({
      price: { amount: 512.3, currency: "EUR" },
      airline: "British Airways",
      legs: [
        {
          from: "NYC",
          to: "LON",
          departs: "2026-11-27T09:00",
          arrives: "2026-11-27T16:30",
          minutes: 450,
          stops: 0,
          flights: ["BA 178"],
        },
        {
          from: "LON",
          to: "NYC",
          departs: "2026-12-04T09:00",
          arrives: "2026-12-04T16:30",
          minutes: 480,
          stops: 0,
          flights: ["BA 178"],
        },
      ],
    });
    const asked = await requests();
    expect(asked.filter((each) => each.includes("oauth2/token"))).toEqual([
      "POST /v1/security/oauth2/token grant_type=client_credentials&client_id=id&client_secret=secret",
    ]);
    expect(asked.at(-1)).toContain(
      "originLocationCode=NYC&destinationLocationCode=LON&departureDate=2026-11-27&returnDate=2026-12-04&adults=2&travelClass=ECONOMY&nonStop=false&currencyCode=EUR",
    );
  });

  it("is asked once more with a new token where the old one is refused", async () => {
    const { url } = standIn("amadeus", "expired");
    expect(await search(amadeusVars(url))).toHaveLength(2);
  });

  it.each([
    ["fail", true],
    ["refuse", false],
    ["hang", true],
  ])("that does %s is said so", async (behaviour, isOutage) => {
    const { url } = standIn("amadeus", behaviour);
    const patienceMs = behaviour === "hang" ? 200 : undefined;
    const failure = await search(amadeusVars(url), patienceMs).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FlightError);
    expect(failure).toMatchObject({ isOutage });
  });
});

describe("Duffel", () => {
  it("is asked by its second version, and answers for everybody", async () => {
    const { url, requests } = standIn("duffel", "ok");
    const [offer] = await search(duffelVars(url));
    expect(offer).toMatchObject({
      price: { amount: 600, currency: "GBP" },
      airline: "Duffel Airways",
      legs: [
        { departs: "2026-11-27T16:38", minutes: 146, stops: 0, flights: ["ZZ 0042"] },
        { from: "LON" },
      ],
    });
    const [asked = ""] = await requests();
    expect(asked).toMatch(
      /^POST \/air\/offer_requests\?return_offers=true&supplier_timeout=18000 /,
    );
    expect(JSON.parse(asked.slice(asked.indexOf("{")))).toEqual({
      data: {
        slices: [
          { origin: "NYC", destination: "LON", departure_date: "2026-11-27" },
          { origin: "LON", destination: "NYC", departure_date: "2026-12-04" },
        ],
        passengers: [{ type: "adult" }, { type: "adult" }],
        cabin_class: "economy",
        max_connections: 1,
      },
    });
  });

  it("is asked no more often than it allows, and is not taken for broken by that", async () => {
    const { url, requests } = standIn("duffel", "ok");
    const vars = { ...duffelVars(url), FLIGHTS_SEARCHES_A_MINUTE: "2" };
    const days = [10, 11, 12, 13, 14, 15, 16, 17];
    const replies = await Promise.all(
      days.map((day) => traveller(vars).says(`one way from NYC to London in ${day} days`)),
    );
    const found = replies.filter((reply) => reply.startsWith("Flights from New York"));
    expect(found).toHaveLength(2);
    expect(replies.filter((reply) => reply.includes("does not answer"))).toHaveLength(6);
    expect(await requests()).toHaveLength(2);
    // Six refusals in a row would open the circuit.
    const { circuits } = (await root.get("/metrics")).body;
    expect(JSON.stringify(circuits)).not.toContain("duffel_api");
  });

  it("that refuses the key is down", async () => {
    const { url } = standIn("duffel", "ok");
    await expect(search({ ...duffelVars(url), DUFFEL_API_KEY: "other" })).rejects.toMatchObject({
      isOutage: true,
    });
  });
});

describe("searches", () => {
  it("are answered from the cache for an hour, for every account", async () => {
    const { url, requests } = standIn("amadeus", "ok");
    const vars = { ...amadeusVars(url), TRAVEL_CURRENCY: "CHF" };
    const [one, two] = [traveller(vars), traveller(vars)];
    const reply = await one.says("Rome to Oslo on December 9th");
    expect(await two.says("Rome to Oslo on December 9th")).toBe(reply);
    expect((await requests()).filter((each) => each.includes("flight-offers"))).toHaveLength(1);
  });

  it("stop asking a provider that fails, say so, and go on after a reset", async () => {
    const { url, requests } = standIn("amadeus", "fail");
    const { says } = traveller(amadeusVars(url));
    for (let time = 0; time < 7; time += 1)
      expect(await says("Rome to Oslo on December 10th")).toContain(
        "does not answer right now. Your trip is kept",
      );
    expect(await requests()).toHaveLength(5);
    const { body } = await root.get("/metrics");
    expect(body.circuits).toMatchObject([{ name: "amadeus_api", state: "open" }]);
    const own = new Client({ ...LOCKED, ...amadeusVars(url) }, undefined, ROOT_KEY);
    expect((await own.get("/metrics")).body.circuit_breaker).toMatchObject({
      name: "amadeus_api",
      state: "OPEN",
      failures: 5,
    });
    const reset = await root.post("/admin/circuit/amadeus_api/reset");
    expect(reset.body).toMatchObject({ state: "closed", was_open: true });
    await says("again");
    expect(await requests()).toHaveLength(6);
  });

  it("are warmed for the configured routes, and not twice", async () => {
    const { url, requests } = standIn("amadeus", "ok");
    const vars = { ...amadeusVars(url), TRAVEL_ROUTES: "NYC-LON, SFO-TYO", TRAVEL_CURRENCY: "SEK" };
    setClock(NOW);
    const client = new Client({ ...LOCKED, ...vars }, freshAccount(), ROOT_KEY);
    const warm = (query: string) => client.post(`/admin/cache/warm${query}`);
    expect((await warm("?days_ahead=3")).body).toMatchObject({
      routes: ["NYC-LON", "SFO-TYO"],
      searched: 6,
      cached: 0,
      failed: 0,
    });
    expect((await warm("?days_ahead=4")).body).toMatchObject({ searched: 2, cached: 6 });
    const before = (await requests()).length;
    // The warmed days count from the real day: a deployment with keys has no other clock.
    const { client: asking } = traveller(vars);
    const question = "NYC to London the day after tomorrow";
    const { body } = await asking.ask(question, { assistant: "travel" });
    expect(body.response).toContain("SEK");
    expect((await requests()).slice(before)).toEqual([]);
    for (const query of ["?days_ahead=0", "?days_ahead=x", "?days_ahead=31", "?days=1"])
      expect((await warm(query)).status).toBe(422);
  });
});

it.each([
  [{ FLIGHTS_PROVIDER: "duffel" }, "DUFFEL_API_KEY is needed by FLIGHTS_PROVIDER=duffel"],
  [{ FLIGHTS_PROVIDER: "amadeus", AMADEUS_CLIENT_ID: "x" }, "AMADEUS_CLIENT_SECRET is needed"],
  [{ FLIGHTS_PROVIDER: "sabre" }, 'FLIGHTS_PROVIDER takes "demo", "duffel" or "amadeus"'],
  [{ TWILIO_AUTH_TOKEN: "x" }, "TWILIO_ACCOUNT_SID is needed beside TWILIO_AUTH_TOKEN"],
  [{ TRAVEL_ROUTES: "New York-London" }, "takes up to 50 pairs of IATA codes"],
])("%o is refused at start-up", (vars, message) => {
  expect(() => parseConfig(vars)).toThrow(message);
});

describe("the variables of the bot that came before", () => {
  it("are taken under their new names", () => {
    const config = parseConfig({
      USE_SMART_HANDLER: "false",
      USE_ASYNC_SEARCH: "false",
      REDIS_TTL_SECONDS: "60",
      REDIS_CACHE_TTL_SECONDS: "120",
    });
    expect(config).toMatchObject({
      use_smart_handler: parseConfig({ use_smart_handler: "false" }).use_smart_handler,
      use_async_search: parseConfig({ use_async_search: "false" }).use_async_search,
      SESSION_TTL_SECONDS: 60,
      CACHE_TTL_SECONDS: 120,
    });
    expect(config.use_smart_handler).not.toEqual(parseConfig({}).use_smart_handler);
  });

  it.each([
    [{ USE_REDIS: "true" }, "ENABLE_CONVERSATION_STORAGE"],
    [{ REDIS_TTL_SECONDS: "60", SESSION_TTL_SECONDS: "90" }, "keep SESSION_TTL_SECONDS"],
    [{ REDIS_TTL_SECONDS: "soon" }, "SESSION_TTL_SECONDS takes whole seconds"],
  ])("stop start-up where they have no place: %o", (vars, message) => {
    expect(() => parseConfig(vars)).toThrow(message);
  });

  it("have the cache and the circuit in the metrics, closed ones, too", async () => {
    const { body } = await root.get("/metrics");
    expect(body.cache).toMatchObject({ backend: "kv", hits: expect.any(Number) });
    expect(body.circuit_breaker).toEqual({
      name: "demo_api",
      state: "CLOSED",
      failures: 0,
      retry_at: null,
    });
  });
});
