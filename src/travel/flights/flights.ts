import { fetchBounded } from "../../outbound/bounded-fetch.ts";
import type { OutsideReply } from "../../outbound/bounded-fetch.ts";
import type { Leg, Offer } from "../offer.ts";
import type { Cabin } from "../slots.ts";
import { parseJson } from "../../shared/json.ts";

/** A search. Every provider answers it in the same form. */
export interface FlightQuery {
  /** IATA codes of cities or airports. */
  origin: string;
  destination: string;
  /** `YYYY-MM-DD`. */
  departure_date: string;
  /** Null for one way. */
  return_date: string | null;
  passengers: number;
  cabin: Cabin;
  direct_only: boolean;
  /** ISO 4217: what prices are wanted in. A provider may answer in another. */
  currency: string;
}

/** A source of flights. To add one: implement this, add a line to providerOf, its settings, and a row to docs/travel.md. */
export interface FlightProvider {
  /** Its name in `FLIGHTS_PROVIDER`. */
  readonly name: string;
  /** The circuit around it; null for what is not outside. */
  readonly circuit: string | null;
  /** @throws FlightError and nothing else */
  search(query: FlightQuery, signal: AbortSignal): Promise<Offer[]>;
}

/** A provider that gave no answer. */
export class FlightError extends Error {
  /** The service fails, rather than refuses: it may well answer later. */
  readonly isOutage: boolean;

  constructor(message: string, options: { isOutage: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "FlightError";
    this.isOutage = options.isOutage;
  }
}

/** One flight of a leg, as providers tell of them. */
export interface Flight {
  from: string;
  to: string;
  /** Local times, `YYYY-MM-DDTHH:MM` and what may follow. */
  departs: string;
  arrives: string;
  /** How often it lands on its way. */
  landings: number;
  /** A flight number such as `BA 178`. */
  name: string;
}

/** @param duration - as in {@link minutesIn} @param flights - one at least */
export function legOf(duration: string | null | undefined, flights: readonly Flight[]): Leg {
  const [first, last] = [flights[0] as Flight, flights.at(-1) as Flight];
  const landings = flights.reduce((sum, each) => sum + each.landings, 0);
  return {
    from: first.from,
    to: last.to,
    departs: first.departs.slice(0, 16),
    arrives: last.arrives.slice(0, 16),
    minutes: minutesIn(duration ?? ""),
    stops: flights.length - 1 + landings,
    flights: flights.map(({ name }) => name),
  };
}

/** An ISO 8601 duration of hours and minutes, as `PT7H10M` or `P1DT2H`, in minutes. */
function minutesIn(duration: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?/.exec(duration);
  const [days, hours, minutes] = [1, 2, 3].map((part) => Number(match?.[part] ?? 0));
  return (days as number) * 1_440 + (hours as number) * 60 + (minutes as number);
}

/** Offers are long-winded: some thousands of them are a few MiB. */
const MOST_BYTES = 24 * 1024 * 1024;

/** Sends a request to a provider and reads its JSON. @throws FlightError with the status, where there was one, as its cause */
export async function fetchJson(
  provider: string,
  url: string,
  init: RequestInit,
): Promise<unknown> {
  let reply: OutsideReply;
  try {
    reply = await fetchBounded(url, init, MOST_BYTES);
  } catch (error) {
    throw new FlightError(`${provider} cannot be reached`, { isOutage: true, cause: error });
  }
  const { status, ok, text } = reply;
  if (!ok) {
    const isOutage = status >= 500 || status === 429 || status === 401 || status === 403;
    throw new FlightError(`${provider} answered with ${status}`, { isOutage, cause: status });
  }
  try {
    return parseJson(text);
  } catch (error) {
    throw new FlightError(`${provider} answered with no JSON`, { isOutage: true, cause: error });
  }
}
