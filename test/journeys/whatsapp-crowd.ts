import { setTimeout as sleep } from "node:timers/promises";

import { startTravelServer } from "../support/travel-server.ts";
import type { Sent } from "../support/travel-server.ts";
import { expect } from "./expect.ts";
import { freshStorage, startServer } from "./server.ts";
import type { Server } from "./server.ts";
import { PUBLIC_URL, TOKEN, deliver, sidOf } from "./whatsapp.ts";

/** Numbers that ask a provider of 2.5 s at once, each for another flight. */
const ASKING = 30;
/** Numbers that ask for one flight at once, which the cache has. */
const CACHED = 500;
const WAIT_MS = 90_000;
/** Bounds for a machine that is busy with other work; the figures are printed. One search after the other would take 75 s. */
const SEARCHING_MS = 2_000;
const DONE_MS = 20_000;
const CACHED_MS = 55_000;

const offersOf = (all: readonly Sent[]): Sent[] =>
  all.filter(({ body }) => body.startsWith("Flights from"));
const phone = (index: number) => `whatsapp:+1555${String(index).padStart(7, "0")}`;

/** Many people on WhatsApp at once: told at once that a search is on, searched for side by side. */
export async function whatsappCrowd(): Promise<string> {
  const stand = await startTravelServer();
  const twilio = `${stand.url}/twilio/ok-crowd`;
  const server = await startServer(freshStorage(), {
    TWILIO_ACCOUNT_SID: "AC1",
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_WHATSAPP_NUMBER: "+14155238886",
    TWILIO_BASE_URL: twilio,
    PUBLIC_URL,
    FLIGHTS_PROVIDER: "amadeus",
    AMADEUS_CLIENT_ID: "id",
    AMADEUS_CLIENT_SECRET: "secret",
    AMADEUS_BASE_URL: `${stand.url}/amadeus/late-crowd`,
  });
  const sent = () => sentBy(twilio);

  // Loads the code and fills the cache.
  await deliver(server, phone(0), sidOf(0), "NYC to London next Friday");
  await until(async () => offersOf(await sent()).length === 1, "the first search got no offers");

  const asked = await crowd(server, ASKING, 1, (index) => `NYC to London in ${index + 10} days`);
  const before = 1 + ASKING;
  await until(async () => offersOf(await sent()).length === before, "not all 30 got offers");
  const after = await sent();
  const delays = after
    .filter(({ body, to }) => body.startsWith("Searching") && asked.began.has(to))
    .map(({ to, at }) => at - (asked.began.get(to) ?? 0));
  const searching = Math.max(...delays);
  const done = Math.max(...offersOf(after).map(({ at }) => at)) - asked.start;
  expect(delays.length === ASKING, `${delays.length} of ${ASKING} were told of the search`);
  expect(searching < SEARCHING_MS, `"Searching…" came ${searching} ms late`);
  expect(done < DONE_MS, `${ASKING} searches took ${done} ms`);

  const cached = await crowd(server, CACHED, 1_000, () => "NYC to London next Friday");
  const all = before + CACHED;
  await until(async () => offersOf(await sent()).length === all, "not all 500 got offers");
  const answered = Math.max(...offersOf(await sent()).map(({ at }) => at)) - cached.start;
  expect(answered < CACHED_MS, `${CACHED} people waited for ${answered} ms`);

  await server.stop();
  stand.close();
  return [
    `${ASKING} at once, 2.5 s a search: acknowledged in ${asked.acknowledged} ms, "Searching…" within ${searching} ms, all answered in ${done} ms`,
    `${CACHED} at once with cached flights: acknowledged in ${cached.acknowledged} ms, all answered in ${answered} ms`,
  ].join("; ");
}

async function sentBy(twilio: string): Promise<Sent[]> {
  const { sent } = await (await fetch(`${twilio}/log`)).json<{ sent: Sent[] }>();
  return sent;
}

/** Sends a message from each number at once. */
async function crowd(
  server: Server,
  size: number,
  first: number,
  text: (index: number) => string,
): Promise<{ start: number; acknowledged: number; began: Map<string, number> }> {
  const start = Date.now();
  const began = new Map<string, number>();
  const acknowledgements = await Promise.all(
    Array.from({ length: size }, async (_, index) => {
      const from = phone(first + index);
      began.set(from, Date.now());
      const { status } = await deliver(server, from, sidOf(1 + first + index), text(index));
      expect(status === 200, `${from} was answered with ${status}`);
      return Date.now() - (began.get(from) ?? 0);
    }),
  );
  return { start, acknowledged: Math.max(...acknowledgements), began };
}

async function until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; await sleep(100))
    if (await isSo()) return;
  expect(false, otherwise);
}
