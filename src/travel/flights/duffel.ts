import { z } from "zod";

import { FlightError, fetchJson, legOf } from "./flights.ts";
import type { Flight, FlightProvider, FlightQuery } from "./flights.ts";
import type { Offer } from "../offer.ts";

/** The fields that are read. Source: https://duffel.com/docs/api/v2/offer-requests */
const place = z.looseObject({ iata_code: z.string() });
const segment = z.looseObject({
  origin: place,
  destination: place,
  departing_at: z.string(),
  arriving_at: z.string(),
  marketing_carrier: z.looseObject({ iata_code: z.string().nullish(), name: z.string() }),
  marketing_carrier_flight_number: z.string().nullish(),
  stops: z.array(z.looseObject({})).nullish(),
});
const offer = z.looseObject({
  total_amount: z.string(),
  total_currency: z.string(),
  owner: z.looseObject({ name: z.string() }),
  slices: z
    .array(z.looseObject({ duration: z.string().nullish(), segments: z.array(segment).min(1) }))
    .min(1),
});
const offerRequest = z.looseObject({ data: z.looseObject({ offers: z.array(offer) }) });

/** Duffel stops asking airlines a little sooner than this side stops waiting for Duffel. */
const MARGIN_MS = 2_000;

export function duffelFlights(settings: {
  baseUrl: string;
  token: string;
  timeoutMs: number;
}): FlightProvider {
  return {
    name: "duffel",
    circuit: "duffel_api",
    async search(query, signal) {
      const timeout = Math.max(2_000, settings.timeoutMs - MARGIN_MS);
      const url = `${settings.baseUrl}/air/offer_requests?return_offers=true&supplier_timeout=${timeout}`;
      const body = await fetchJson("Duffel", url, {
        method: "POST",
        headers: {
          authorization: `Bearer ${settings.token}`,
          "duffel-version": "v2",
          "content-type": "application/json",
          accept: "application/json",
        },
        body: JSON.stringify({ data: requestOf(query) }),
        signal,
      });
      const parsed = offerRequest.safeParse(body);
      if (!parsed.success) {
        throw new FlightError("Duffel answered in another shape", {
          isOutage: true,
          cause: parsed.error,
        });
      }
      return parsed.data.data.offers.map(offerOf);
    },
  };
}

const requestOf = (query: FlightQuery) => ({
  slices: [
    {
      origin: query.origin,
      destination: query.destination,
      departure_date: query.departure_date,
    },
    ...(query.return_date === null
      ? []
      : [
          {
            origin: query.destination,
            destination: query.origin,
            departure_date: query.return_date,
          },
        ]),
  ],
  passengers: Array.from({ length: query.passengers }, () => ({ type: "adult" })),
  cabin_class: query.cabin,
  max_connections: query.direct_only ? 0 : 1,
});

const offerOf = ({
  total_amount,
  total_currency,
  owner,
  slices,
}: z.infer<typeof offer>): Offer => ({
  price: { amount: Number(total_amount), currency: total_currency },
  airline: owner.name,
  legs: slices.map(({ duration, segments }) => legOf(duration, segments.map(flightOf))),
});

const flightOf = (each: z.infer<typeof segment>): Flight => ({
  from: each.origin.iata_code,
  to: each.destination.iata_code,
  departs: each.departing_at,
  arrives: each.arriving_at,
  landings: each.stops?.length ?? 0,
  name: `${each.marketing_carrier.iata_code ?? each.marketing_carrier.name} ${each.marketing_carrier_flight_number ?? ""}`,
});
