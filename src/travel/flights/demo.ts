import { fnv1a } from "../../shared/fnv1a.ts";
import { MINUTE_MS } from "../../shared/time.ts";
import { airportOf, distanceKm, placeByCode } from "../gazetteer.ts";
import type { Place } from "../gazetteer.ts";
import type { Cabin } from "../slots.ts";
import { FlightError } from "./flights.ts";
import type { FlightProvider, FlightQuery } from "./flights.ts";
import type { Leg, Offer } from "../offer.ts";

interface Airline {
  code: string;
  name: string;
}
const AIRLINES: readonly Airline[] = [
  { code: "D1", name: "DEMO Air" },
  { code: "D2", name: "DEMO Atlantic" },
  { code: "D3", name: "DEMO Wings" },
  { code: "D4", name: "DEMO Express" },
];
const CRUISE_KM_A_MINUTE = 14;
/** Taxiing, climbing, landing. */
const GROUND_MINUTES = 35;
/** Farther than this no plane of the timetable flies without a stop. */
const RANGE_KM = 13_500;
const FACTORS: Record<Cabin, number> = {
  economy: 1,
  premium_economy: 1.6,
  business: 3.1,
  first: 4.8,
};
const FLIGHTS_A_DAY = 6;

/**
 * A timetable that is made up from the query alone: the same each time, and plausible by distance. It says DEMO in the
 * names of its airlines, and nothing in it can be booked. For trying things out, offline.
 */
export const demoFlights: FlightProvider = {
  name: "demo",
  circuit: null,
  search: (query) =>
    new Promise((resolve) => {
      resolve(timetable(query));
    }),
};

function timetable(query: FlightQuery): Offer[] {
  const from = placeByCode(query.origin);
  const to = placeByCode(query.destination);
  if (!from || !to) throw new FlightError("the demo knows no such airport", { isOutage: false });
  const km = distanceKm(from, to);
  const offers: Offer[] = [];
  for (let number = 0; number < FLIGHTS_A_DAY; number += 1) {
    const airline = airlineOf(from, to, number);
    const out = legOf(from, to, query.departure_date, number, airline);
    const back =
      query.return_date === null ? null : legOf(to, from, query.return_date, number, airline);
    const legs = back === null ? [out] : [out, back];
    if (query.direct_only && legs.some(({ stops }) => stops > 0)) continue;
    offers.push({ price: priceOf(query, km, legs, number), airline: airline.name, legs });
  }
  return offers;
}

const seedOf = (...parts: (string | number)[]): number => fnv1a(parts.join("|")) >>> 0;

const airlineOf = (from: Place, to: Place, number: number): Airline =>
  AIRLINES[seedOf(from.code < to.code ? from.code : to.code, number) % AIRLINES.length] as Airline;

function legOf(from: Place, to: Place, day: string, number: number, { code }: Airline): Leg {
  const km = distanceKm(from, to);
  const seed = seedOf(from.code, to.code, day, number);
  const stops = km > RANGE_KM || (km > 1_200 && seed % 3 === 0) ? 1 : 0;
  const wait = stops * (50 + (seed % 150));
  const minutes = Math.round(km / CRUISE_KM_A_MINUTE) + GROUND_MINUTES * (stops + 1) + wait;
  // From six in the morning to ten at night, in steps of five minutes.
  const departs = Date.parse(day) + (360 + number * 160 + (seed % 30) * 5) * MINUTE_MS;
  const shift = zoneOf(to) - zoneOf(from);
  const arrives = departs + (Math.round(minutes / 5) * 5 + shift * 60) * MINUTE_MS;
  const flightNumber = 100 + (seedOf(from.code, to.code, number) % 800);
  return {
    from: airportOf(from.code),
    to: airportOf(to.code),
    departs: localTime(departs),
    arrives: localTime(arrives),
    minutes: Math.round(minutes / 5) * 5,
    stops,
    flights: Array.from({ length: stops + 1 }, (_, part) => `${code} ${flightNumber + part}`),
  };
}

/** Hours before or after UTC, by the sun. */
const zoneOf = ({ lon }: Place): number => Math.round(lon / 15);
const localTime = (at: number): string => new Date(at).toISOString().slice(0, 16);

function priceOf(
  query: FlightQuery,
  km: number,
  legs: readonly Leg[],
  number: number,
): Offer["price"] {
  const spread =
    0.8 +
    (seedOf(query.origin, query.destination, query.departure_date, number, "price") % 60) / 100;
  const perLeg = (35 + km * 0.075) * FACTORS[query.cabin] * spread;
  const amount = legs.reduce((sum, { stops }) => sum + perLeg * (stops > 0 ? 0.8 : 1), 0);
  return { amount: Math.round(amount * query.passengers), currency: query.currency };
}
