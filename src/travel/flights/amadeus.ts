import { z } from "zod";

import { SECOND_MS } from "../../shared/time.ts";
import { FlightError, fetchJson, legOf } from "./flights.ts";
import type { Flight, FlightProvider, FlightQuery } from "./flights.ts";
import type { Offer } from "../offer.ts";

/** The fields that are read of `GET /v2/shopping/flight-offers`. */
const stop = z.looseObject({ iataCode: z.string(), at: z.string() });
const segment = z.looseObject({
  departure: stop,
  arrival: stop,
  carrierCode: z.string(),
  number: z.string(),
  numberOfStops: z.int().nullish(),
});
const flightOffer = z.looseObject({
  price: z.looseObject({
    grandTotal: z.string().nullish(),
    total: z.string(),
    currency: z.string(),
  }),
  validatingAirlineCodes: z.array(z.string()).nullish(),
  itineraries: z
    .array(z.looseObject({ duration: z.string().nullish(), segments: z.array(segment).min(1) }))
    .min(1),
});
const flightOffers = z.looseObject({
  data: z.array(flightOffer),
  dictionaries: z.looseObject({ carriers: z.record(z.string(), z.string()).nullish() }).nullish(),
});
const tokenReply = z.looseObject({ access_token: z.string().min(1), expires_in: z.number() });

/** A token is renewed so long before it expires. */
const MARGIN_MS = 60 * SECOND_MS;
const MOST_OFFERS = 30;

interface Token {
  value: string;
  until: number;
}

/** The isolate's tokens, by client. A token lasts half an hour, and each costs a call. */
const tokens = new Map<string, Token>();

export interface AmadeusSettings {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  /** The office in whose name an Enterprise customer asks. */
  officeId: string | undefined;
}

/** Amadeus' Enterprise API. (Its Self-Service portal closed in July 2026; the paths are the same.) */
export function amadeusFlights(settings: AmadeusSettings): FlightProvider {
  const { baseUrl, clientId } = settings;
  return {
    name: "amadeus",
    circuit: "amadeus_api",
    async search(query, signal) {
      const url = `${baseUrl}/v2/shopping/flight-offers?${parametersOf(query).toString()}`;
      const get = async () =>
        fetchJson("Amadeus", url, {
          headers: {
            authorization: `Bearer ${await tokenOf(settings, signal)}`,
            accept: "application/vnd.amadeus+json, application/json",
          },
          signal,
        });
      let body: unknown;
      try {
        body = await get();
      } catch (error) {
        // Revoked before its time: once more with a new one.
        if (!(error instanceof FlightError) || error.cause !== 401) throw error;
        tokens.delete(`${baseUrl} ${clientId}`);
        body = await get();
      }
      const parsed = flightOffers.safeParse(body);
      if (!parsed.success) {
        throw new FlightError("Amadeus answered in another shape", {
          isOutage: true,
          cause: parsed.error,
        });
      }
      const carriers = parsed.data.dictionaries?.carriers ?? {};
      return parsed.data.data.map((each) => offerOf(each, carriers));
    },
  };
}

async function tokenOf(
  { baseUrl, clientId, clientSecret, officeId }: AmadeusSettings,
  signal: AbortSignal,
): Promise<string> {
  const name = `${baseUrl} ${clientId}`;
  const known = tokens.get(name);
  if (known && known.until > Date.now()) return known.value;
  const body = await fetchJson("Amadeus", `${baseUrl}/v1/security/oauth2/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      ...(officeId !== undefined && { guest_office_id: officeId }),
    }).toString(),
    signal,
  });
  const parsed = tokenReply.safeParse(body);
  if (!parsed.success)
    throw new FlightError("Amadeus gave no token", { isOutage: true, cause: parsed.error });
  const { access_token, expires_in } = parsed.data;
  tokens.set(name, {
    value: access_token,
    until: Date.now() + expires_in * SECOND_MS - MARGIN_MS,
  });
  return access_token;
}

const parametersOf = (query: FlightQuery): URLSearchParams =>
  new URLSearchParams({
    originLocationCode: query.origin,
    destinationLocationCode: query.destination,
    departureDate: query.departure_date,
    ...(query.return_date !== null && { returnDate: query.return_date }),
    adults: String(query.passengers),
    travelClass: query.cabin.toUpperCase(),
    nonStop: String(query.direct_only),
    currencyCode: query.currency,
    max: String(MOST_OFFERS),
  });

function offerOf(
  { price, validatingAirlineCodes, itineraries }: z.infer<typeof flightOffer>,
  carriers: Record<string, string>,
): Offer {
  const legs = itineraries.map(({ duration, segments }) => legOf(duration, segments.map(flightOf)));
  const code = validatingAirlineCodes?.[0] ?? legs[0]?.flights[0]?.split(" ")[0] ?? "";
  return {
    price: { amount: Number(price.grandTotal ?? price.total), currency: price.currency },
    airline: nameOf(carriers[code] ?? code),
    legs,
  };
}

const flightOf = (each: z.infer<typeof segment>): Flight => ({
  from: each.departure.iataCode,
  to: each.arrival.iataCode,
  departs: each.departure.at,
  arrives: each.arrival.at,
  landings: each.numberOfStops ?? 0,
  name: `${each.carrierCode} ${each.number}`,
});

/** Amadeus shouts: `BRITISH AIRWAYS`. */
const nameOf = (carrier: string): string =>
  carrier.length <= 3
    ? carrier
    : carrier.toLowerCase().replaceAll(/\b\p{L}/gu, (letter) => letter.toUpperCase());
