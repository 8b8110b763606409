import { setTimeout as sleep } from "node:timers/promises";

import { signatureOf } from "../../src/outbound/twilio.ts";
import { startTravelServer } from "../support/travel-server.ts";
import type { Sent } from "../support/travel-server.ts";
import { expect } from "./expect.ts";
import { freshStorage, startServer } from "./server.ts";
import type { Server } from "./server.ts";

export const TOKEN = "journey-token";
export const PUBLIC_URL = "https://bot.example.com";
const PATH = "/whatsapp/webhook";
/** A turn that a crash cut off holds its place for two minutes; then the worker that the object wakes goes on. */
const PATIENCE_MS = 240_000;
const KILLED_AFTER_MS = [0, 30, 150, 400, 900];

/** Twilio's webhook to a server, and what comes of it: acknowledged, answered once each, over kills. */
export async function whatsapp(): Promise<string> {
  const stand = await startTravelServer();
  const twilio = `${stand.url}/twilio/ok-journey`;
  const storage = freshStorage();
  const vars = {
    TWILIO_ACCOUNT_SID: "AC1",
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_WHATSAPP_NUMBER: "+14155238886",
    TWILIO_BASE_URL: twilio,
    PUBLIC_URL,
    FLIGHTS_PROVIDER: "amadeus",
    AMADEUS_CLIENT_ID: "id",
    AMADEUS_CLIENT_SECRET: "secret",
    AMADEUS_BASE_URL: `${stand.url}/amadeus/slow-journey`,
  };
  const sentTo = async (phone: string): Promise<Sent[]> => {
    const { sent } = await (await fetch(`${twilio}/log`)).json<{ sent: Sent[] }>();
    return sent.filter(({ to }) => to === phone);
  };
  const offersTo = async (phone: string) =>
    (await sentTo(phone)).filter(({ body }) => body.startsWith("Flights from"));

  let server = await startServer(storage, vars);
  const ann = "whatsapp:+15550000001";
  const forged = await deliver(server, ann, sidOf(0), "Hi", "forged");
  expect(forged.status === 403, `a forged message got ${forged.status}`);

  const began = Date.now();
  const status = await Promise.all(
    [1, 2, 3].map(() => deliver(server, ann, sidOf(1), "NYC to London next Friday")),
  );
  const acknowledged = Date.now() - began;
  expect(
    status.every((each) => each.status === 200),
    "a delivery was not acknowledged",
  );
  await until(async () => (await offersTo(ann)).length > 0, "Ann got no offers");
  const answered = Date.now() - began;
  await sleep(1_000);
  const texts = (await sentTo(ann)).map(({ body }) => body);
  expect(texts.length === 2, `Ann got ${texts.length} messages: ${texts.join(" | ")}`);
  const [first = ""] = texts;
  expect(first.startsWith("Searching flights from New York to London"), `first: ${first}`);

  let number = 2;
  const written: string[] = [];
  for (const delay of KILLED_AFTER_MS) {
    const phone = `whatsapp:+1555000000${number}`;
    number += 1;
    const reply = await deliver(server, phone, sidOf(number), `NYC to London in ${number} days`);
    expect(reply.status === 200, `${phone} was not acknowledged`);
    written.push(phone);
    await sleep(delay);
    await server.kill();
    server = await startServer(storage, vars);
  }
  for (const phone of written)
    await until(async () => (await offersTo(phone)).length > 0, `${phone} got no offers`);
  for (const phone of written) {
    const offers = await offersTo(phone);
    expect(offers.length === 1, `${phone} got its offers ${offers.length} times`);
  }
  await server.stop();
  stand.close();
  return `acknowledged in ${acknowledged} ms, answered in ${answered} ms; ${written.length} kills: none lost, none told twice`;
}

export const sidOf = (number: number): string => `SMa${String(number).padStart(31, "0")}`;

export function deliver(server: Server, from: string, sid: string, body: string, token = TOKEN) {
  const form = new URLSearchParams({ MessageSid: sid, From: from, Body: body, NumMedia: "0" });
  return fetch(server.url + PATH, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": signatureOf(token, PUBLIC_URL + PATH, form),
    },
    body: form.toString(),
  });
}

async function until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200))
    if (await isSo()) return;
  expect(false, otherwise);
}
