import type OpenAI from "openai";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { afterAll, beforeAll, expect, inject, it } from "vitest";

import { freshStorage, killRunning, startServer } from "../journeys/server.ts";
import type { Server } from "../journeys/server.ts";
import { freshAccount, openai, settled } from "./client.ts";
import { checked, checkEvents, eventsOf, idIn, textIn } from "./events.ts";
import { settings } from "./settings.ts";

const MINUTE_MS = 60_000;
/** Streamed for 20 s: it is never whole when the server is killed. */
const LONG = Array.from({ length: 200 }, (_, index) => `word${index}`).join(" ");
/** Without another reader the pieces of a stream are stored every 5 s. By this word, after 7 s, they were. */
const LAST_WORD = "word70";

/** One server, which is killed in the middle of all that is begun here, and started again on what it left. */
const storage = freshStorage();
/** Where a lost job is sent again at once. */
const WOKEN_ENTRY = "test/support/woken-worker.ts";
const start = (around?: string) => startServer(storage, settings(inject("modelServer")), around);
afterAll(killRunning);

type Account = (server: Server) => OpenAI;
const account = (): Account => {
  const name = freshAccount();
  return ({ url }) => openai(name, { baseURL: `${url}/v1`, maxRetries: 0 });
};
const [ofChains, ofBackground, ofStream] = [account(), account(), account()];

async function beginChains(client: OpenAI) {
  const { id: conversation } = await client.conversations.create();
  const said = await client.responses.create({
    model: "local",
    input: "My name is Alice.",
    conversation,
  });
  const first = await client.responses.create({ model: "local", input: "My name is Bob." });
  const streamed = await eventsOf(
    await client.responses.create({ model: "openai/echo", input: "one two", stream: true }),
  );
  return { conversation, said, first, streamed };
}

async function beginBackground(client: OpenAI) {
  const { id: conversation } = await client.conversations.create();
  // Here the queue's jobs are done one after the other: the second response waits for the first.
  const background = { model: "openai/drip", background: true } as const;
  const stream = await client.responses.create({ ...background, input: LONG, stream: true });
  const waiting = await client.responses.create({ ...background, input: "one", conversation });
  return { conversation, stream, waiting };
}

async function beginAndKill() {
  const server = await start();
  const chains = await beginChains(ofChains(server));
  const { stream: first, ...background } = await beginBackground(ofBackground(server));
  const asked = { model: "openai/drip", input: LONG, stream: true } as const;
  const second = await ofStream(server).responses.create(asked);
  const cut = [cutOff(first), cutOff(second)] as const;
  await Promise.all(cut.map(({ reached }) => reached));
  await server.kill();
  const [ofFirst, ofSecond] = await Promise.all([cut[0].seen, cut[1].seen]);
  return { chains, background: { ...background, seen: ofFirst }, stream: ofSecond };
}

let before: Awaited<ReturnType<typeof beginAndKill>>;
let server: Server;
beforeAll(async () => {
  before = await beginAndKill();
  server = await start(WOKEN_ENTRY);
}, 3 * MINUTE_MS);

it.concurrent(
  "goes on with chains and conversations after it was killed",
  async () => {
    const { conversation, said, first, streamed } = before.chains;
    const client = ofChains(server);
    const asked = await client.responses.create({
      model: "local",
      input: "What is my name?",
      conversation,
    });
    expect(checked(asked).output_text).toContain("Alice");
    const second = await client.responses.create({
      model: "local",
      input: "What is my name?",
      previous_response_id: first.id,
    });
    expect(checked(second).output_text).toContain("Bob");
    expect(second.conversation).toEqual(first.conversation);
    const { data } = await client.conversations.items.list(conversation, { order: "asc" });
    expect(data).toHaveLength(4);
    expect(data.slice(1, 2)).toEqual(said.output);
    const replay = await client.responses.retrieve(idIn(streamed), { stream: true });
    expect(await eventsOf(replay)).toEqual(streamed);
  },
  MINUTE_MS,
);

it.concurrent(
  "ends what was made in the background when it was killed",
  async () => {
    const { conversation, waiting, seen } = before.background;
    const client = ofBackground(server);
    const done = checked(await settled(client, waiting.id));
    expect(done).toMatchObject({ status: "completed", output_text: "You said: one" });
    const { data } = await client.conversations.items.list(conversation);
    expect(data).toHaveLength(2);
    const { replayed, status, later } = await readCut(client, seen);
    expect(replayed).toEqual(seen.slice(0, replayed.length));
    expect({ status, later }).toEqual({ status: "in_progress", later: "failed" });
  },
  3 * MINUTE_MS,
);

it.concurrent(
  "tells of a stream that was cut off what had come of it",
  async () => {
    const seen = before.stream;
    const { replayed, status, later } = await readCut(ofStream(server), seen);
    expect(replayed).toEqual(seen.slice(0, replayed.length));
    expect({ status, later }).toEqual({ status: "in_progress", later: "failed" });
  },
  2 * MINUTE_MS,
);

/** Reads a stream on, until the server is killed in the middle of it. */
function cutOff(stream: AsyncIterable<ResponseStreamEvent>) {
  const seen: ResponseStreamEvent[] = [];
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const read = async () => {
    for await (const event of stream) {
      seen.push(event);
      if (textIn(seen).includes(LAST_WORD)) resolve();
    }
  };
  const end = async () => {
    await expect(read()).rejects.toThrow(/terminated|aborted|socket|connection/i);
    return seen;
  };
  return { reached, seen: end() };
}

/** What is told of a response that was cut off: now, and once nobody can be at it any more. */
async function readCut(client: OpenAI, seen: readonly ResponseStreamEvent[]) {
  const id = idIn(seen);
  const { status } = checked(await client.responses.retrieve(id));
  const stream = await client.responses.retrieve(id, { stream: true });
  const replayed = await readUntilText(stream, "word10");
  checkEvents(replayed);
  const headers = { "x-dev-now": `${Date.now() + 3 * MINUTE_MS}` };
  const later = checked(await client.responses.retrieve(id, {}, { headers }));
  expect(later.output_text).toContain("word10");
  return { replayed, status, later: later.status };
}

async function readUntilText(
  stream: AsyncIterable<ResponseStreamEvent>,
  text: string,
): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) {
    events.push(event);
    if (textIn(events).includes(text)) break;
  }
  return events;
}
