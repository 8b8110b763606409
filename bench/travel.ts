/**
 * `npm run bench:travel -- <file.jsonl.gz>`: what the travel assistant understands of dialogues, over HTTP: those of the
 * Schema-Guided Dialogue dataset, or any in that shape. The user's turns go in one by one, with the product's own replies
 * between them; after each turn about flights the session's state is compared with the annotated slots.
 */
import { parseArgs } from "node:util";

import { freshStorage, startServer } from "../test/journeys/server.ts";
import { isFlight, isHeldOut, kindOf, readDialogues } from "./travel/dialogues.ts";
import type { Dialogue } from "./travel/dialogues.ts";
import { messagesToSearch } from "./travel/messages.ts";
import { startReader } from "./travel/model.ts";
import { Tally } from "./travel/tally.ts";
import type { Known } from "./travel/tally.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** The day on which the dialogues were held. */
    today: { type: "string", default: "2019-03-01" },
    /** A server with `AUTH=open` and `DEV_CLOCK=on`; without it the built Worker is started. */
    server: { type: "string" },
    /** With a stand-in for a model that reads along. */
    model: { type: "boolean", default: false },
    /** Prints the turns of the training dialogues that were not understood. */
    wrong: { type: "boolean", default: false },
  },
});
const [file] = positionals;
if (file === undefined) throw new Error("usage: npm run bench:travel -- <file.jsonl.gz>");
const now = Date.parse(`${values.today}T12:00:00Z`);
const dialogues = readDialogues(file);

/** Conversations at once. */
const CONCURRENT = 8;

const reader = values.model ? await startReader(dialogues, now) : null;
const started = values.server
  ? null
  : await startServer(freshStorage(), {
      ...(reader && {
        MODEL: "openai/reader",
        OPENAI_BASE_URL: reader.url,
        OPENAI_API_KEY: "bench",
      }),
    });
const url = values.server ?? started?.url ?? "";
const run = `bench-${Date.now()}`;

async function call(
  path: string,
  account: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(url + path, {
    method: body ? "POST" : "GET",
    headers: {
      "content-type": "application/json",
      "x-account-id": account,
      "x-dev-now": String(now),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json<Record<string, unknown>>();
}

async function hold(dialogue: Dialogue, account: string, tally: Tally): Promise<void> {
  const { dialogue_id, turns } = dialogue;
  const session_id = `${run}-${dialogue_id}`;
  const held = isHeldOut(dialogue);
  const which = held ? "held out" : "training";
  const groups = [`${which}: all`, `${which}: ${kindOf(dialogue)}`];
  let isLastRight = true;
  let said = "";
  for (const turn of turns.filter(({ speaker }) => speaker === "user")) {
    const { response } = await call("/query", account, {
      query: turn.utterance,
      assistant: "travel",
      session_id,
    });
    if (isFlight(turn)) {
      const state = await call(`/sessions/${session_id}/state`, account);
      const trip = (state["trip"] ?? {}) as Known;
      const wrong = tally.turn(groups, turn, trip, now);
      isLastRight = !wrong.some((each) => /^(origin|destination|departure)/.test(each));
      if (values.wrong && !held && wrong.length > 0)
        console.log(`${dialogue_id}\n  S: ${said}\n  U: ${turn.utterance}\n  ${wrong.join("; ")}`);
    }
    said = String(response);
  }
  tally.last(groups, isLastRight);
}

const tally = new Tally();
const left = dialogues.toReversed();
await Promise.all(
  Array.from({ length: CONCURRENT }, async (_, worker) => {
    for (let dialogue = left.pop(); dialogue; dialogue = left.pop())
      await hold(dialogue, `travel-${worker}`, tally);
  }),
);
console.log(String(tally));
console.log(messagesToSearch(dialogues, now));
await started?.stop();
reader?.stop();
