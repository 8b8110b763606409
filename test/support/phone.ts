// A phone on the command line: it stands in for Twilio, so that WhatsApp can be tried with nothing but `npm run dev`.
//
//   npm run phone                          prints what to start the server with, and reads messages line by line
//   npm run phone -- "NYC to London"       sends one message, and waits for what comes
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { signatureOf } from "../../src/outbound/twilio.ts";
import { startTravelServer } from "./travel-server.ts";
import type { Sent } from "./travel-server.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: "string", default: "http://localhost:8787" },
    from: { type: "string", default: "+15551234567" },
    token: { type: "string", default: "local-token" },
    port: { type: "string", default: "9797" },
    wait: { type: "string", default: "5" },
  },
});
const { server, from, token, port, wait } = values;
const stand = await startTravelServer(Number(port));
const twilio = `${stand.url}/twilio/ok`;
console.log(`npm run dev -- --var TWILIO_ACCOUNT_SID:AC1 --var TWILIO_AUTH_TOKEN:${token} \\
  --var TWILIO_WHATSAPP_NUMBER:+14155238886 --var TWILIO_BASE_URL:${twilio} --var PUBLIC_URL:${server} --var TWILIO_SIGNATURE:on\n`);

let shown = 0;
async function showNews(): Promise<void> {
  const { sent } = await (await fetch(`${twilio}/log`)).json<{ sent: Sent[] }>();
  for (const { body } of sent.slice(shown)) console.log(`< ${body.replaceAll("\n", "\n  ")}`);
  shown = sent.length;
}

async function write(text: string): Promise<void> {
  console.log(`> ${text}`);
  const url = `${server}/whatsapp/webhook`;
  const form = new URLSearchParams({
    MessageSid: `SM${crypto.randomUUID().replaceAll("-", "")}`,
    From: `whatsapp:${from}`,
    Body: text,
    NumMedia: "0",
  });
  const began = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": signatureOf(token, url, form),
    },
    body: form.toString(),
  });
  const took = Math.round(performance.now() - began);
  console.log(`  ${response.status} after ${took} ms: ${(await response.text()).trim()}`);
}

if (positionals.length > 0) {
  for (const text of positionals) {
    await write(text);
    for (const end = Date.now() + Number(wait) * 1_000; Date.now() < end; await sleep(100))
      await showNews();
  }
} else {
  const news = setInterval(() => void showNews(), 200);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => void write(line));
  await once(lines, "close");
  clearInterval(news);
}
stand.close();
