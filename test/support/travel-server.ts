import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { TestProject } from "vitest/node";

/** What a stand-in for Twilio was told, by the name of the caller. */
export interface Sent {
  sid: string;
  to: string;
  body: string;
  status_callback: string;
  at: number;
}

interface Place {
  requests: string[];
  sent: Sent[];
  failing: number;
}

/**
 * Stands in for Twilio, Amadeus and Duffel on loopback, over their own wire. The first two parts of the path are the
 * service and a name of the caller's, so that each test has one of its own; the name's beginning says how it behaves:
 * `ok`, `fail` answers 500 to all, `fail2` to the first two, `hang` never answers, `cut` takes the first message and
 * drops the connection, `refuse` answers 400, `slow` takes 300 ms, `late` 2.5 s, `expired` refuses the first token. `GET /{service}/{name}/log` tells what came.
 */
export async function startTravelServer(onPort = 0): Promise<{ url: string; close: () => void }> {
  const places = new Map<string, Place>();
  let count = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const [, service = "", name = ""] = (request.url ?? "").split("/");
      const key = `${service}/${name}`;
      const place = places.get(key) ?? { requests: [], sent: [], failing: failures(name) };
      places.set(key, place);
      const path = (request.url ?? "").slice(key.length + 1);
      if (path === "/log") return json(response, 200, place);
      place.requests.push(`${request.method} ${path} ${body}`);
      if (name.startsWith("hang")) return undefined;
      if (name.startsWith("fail") && place.failing > 0) {
        place.failing -= 1;
        return json(response, 500, { errors: [{ title: "down" }] });
      }
      if (name.startsWith("refuse")) return json(response, 400, { code: 63_016, message: "No." });
      count += 1;
      const answer = () => {
        if (service === "twilio")
          return twilio(request, response, { path, body, place, name, count });
        if (service === "amadeus") return amadeus(request, response, { path, place, name });
        return duffel(request, response, body);
      };
      const delay = name.startsWith("slow") ? 300 : name.startsWith("late") ? 2_500 : 0;
      return delay > 0 && !path.includes("/oauth2/") ? setTimeout(answer, delay) : answer();
    });
  });
  await new Promise<void>((listening) => server.listen(onPort, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const failures = (name: string): number => Number(/^fail(\d+)/.exec(name)?.[1] ?? Infinity);

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function twilio(
  request: IncomingMessage,
  response: ServerResponse,
  call: { path: string; body: string; place: Place; name: string; count: number },
): void {
  const { path, body, place, name, count } = call;
  const url = new URL(path, "http://x");
  if (!/^\/2010-04-01\/Accounts\/AC\w*\/Messages\.json$/.test(url.pathname))
    return json(response, 404, { code: 20_404, message: "Not here" });
  if (!request.headers.authorization?.startsWith("Basic "))
    return json(response, 401, { code: 20_003, message: "Authenticate" });
  if (request.method === "GET") {
    const to = url.searchParams.get("To");
    const messages = place.sent
      .filter((each) => each.to === to)
      .map(({ sid, body: text }) => ({ sid, body: text, status: "sent" }));
    return json(response, 200, { messages });
  }
  const form = new URLSearchParams(body);
  const text = form.get("Body") ?? "";
  if (text.length > 1_600) return json(response, 400, { code: 21_617, message: "Too long" });
  const sent: Sent = {
    sid: `SM${String(count).padStart(32, "0")}`,
    to: form.get("To") ?? "",
    body: text,
    status_callback: form.get("StatusCallback") ?? "",
    at: Date.now(),
  };
  place.sent.push(sent);
  if (name.startsWith("cut") && place.sent.length === 1) {
    response.destroy();
    return undefined;
  }
  return json(response, 201, { sid: sent.sid, status: "queued", body: text });
}

const segment = (from: string, to: string, day: string) => ({
  departure: { iataCode: from, at: `${day}T09:00:00` },
  arrival: { iataCode: to, at: `${day}T16:30:00` },
  carrierCode: "BA",
  number: "178",
  numberOfStops: 0,
});

function amadeus(
  request: IncomingMessage,
  response: ServerResponse,
  { path, place, name }: { path: string; place: Place; name: string },
): void {
  if (path.startsWith("/v1/security/oauth2/token"))
    return json(response, 200, { access_token: `t${place.requests.length}`, expires_in: 1_799 });
  const tokens = place.requests.filter((each) => each.includes("/oauth2/token")).length;
  const isExpired = name.startsWith("expired") && tokens < 2;
  if (isExpired || !request.headers.authorization?.startsWith("Bearer t"))
    return json(response, 401, { errors: [{ code: 38_190 }] });
  const query = new URL(path, "http://x").searchParams;
  const [from = "", to = ""] = ["originLocationCode", "destinationLocationCode"].map(
    (each) => query.get(each) ?? "",
  );
  const back = query.get("returnDate");
  const data = [512.3, 498].map((total) => ({
    type: "flight-offer",
    price: { currency: query.get("currencyCode"), total: String(total), grandTotal: String(total) },
    validatingAirlineCodes: ["BA"],
    itineraries: [
      { duration: "PT7H30M", segments: [segment(from, to, query.get("departureDate") ?? "")] },
      ...(back === null ? [] : [{ duration: "PT8H", segments: [segment(to, from, back)] }]),
    ],
  }));
  return json(response, 200, { data, dictionaries: { carriers: { BA: "BRITISH AIRWAYS" } } });
}

function duffel(request: IncomingMessage, response: ServerResponse, body: string): void {
  if (
    request.headers["duffel-version"] !== "v2" ||
    request.headers.authorization !== "Bearer duffel_test"
  )
    return json(response, 401, { errors: [{ code: "access_token_not_found" }] });
  const { slices, passengers } = (
    JSON.parse(body) as {
      data: {
        slices: { origin: string; destination: string; departure_date: string }[];
        passengers: unknown[];
      };
    }
  ).data;
  const offers = [300, 250].map((price) => ({
    id: "off_1",
    total_amount: String(price * passengers.length),
    total_currency: "GBP",
    owner: { name: "Duffel Airways", iata_code: "ZZ" },
    slices: slices.map(({ origin, destination, departure_date }) => ({
      duration: "PT2H26M",
      segments: [
        {
          origin: { iata_code: origin },
          destination: { iata_code: destination },
          departing_at: `${departure_date}T16:38:02`,
          arriving_at: `${departure_date}T18:04:02`,
          marketing_carrier: { iata_code: "ZZ", name: "Duffel Airways" },
          marketing_carrier_flight_number: "0042",
          stops: [],
        },
      ],
    })),
  }));
  return json(response, 201, { data: { id: "orq_1", offers } });
}

export default async function setup(project: TestProject): Promise<() => void> {
  const { url, close } = await startTravelServer();
  project.provide("travelServer", url);
  return close;
}

declare module "vitest" {
  interface ProvidedContext {
    /** The base URL of the stand-ins. */
    travelServer: string;
  }
}
