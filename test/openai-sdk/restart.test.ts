import type OpenAI from "openai";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { afterAll, expect, inject, it } from "vitest";

import { freshStorage, killRunning, startServer } from "../journeys/server.ts";
import type { Server } from "../journeys/server.ts";
import { freshAccount, openai, settled } from "./client.ts";
import { checked, checkEvents, eventsOf, idIn, textIn } from "./events.ts";
import { settings } from "./settings.ts";

const MINUTE_MS = 60_000;
const LONG = Array.from({ length: 100 }, (_, index) => `word${index}`).join(" ");

// Each has a server of its own: they wait side by side.
afterAll(killRunning);

/** A server of this test's own, which is killed and started again on what it left. */
class Restarted {
  readonly #storage = freshStorage();
  readonly #account = freshAccount();
  #server: Server | null = null;

  async start(): Promise<OpenAI> {
    this.#server = await startServer(this.#storage, settings(inject("modelServer")));
    return openai(this.#account, { baseURL: `${this.#server.url}/v1`, maxRetries: 0 });
  }

  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  async restart(): Promise<OpenAI> {
    await this.kill();
    return this.start();
  }
}

it.concurrent(
  "goes on with chains and conversations after it was killed",
  async () => {
    const server = new Restarted();
    let client = await server.start();
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
    client = await server.restart();
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
    const server = new Restarted();
    let client = await server.start();
    const { id: conversation } = await client.conversations.create();
    // Here the queue's jobs are done one after the other: the second response waits for the first.
    const background = { model: "openai/drip", background: true } as const;
    const stream = await client.responses.create({ ...background, input: LONG, stream: true });
    const waiting = await client.responses.create({ ...background, input: "one", conversation });
    const seen = await cutOff(stream, () => server.kill());
    client = await server.start();
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
    const server = new Restarted();
    let client = await server.start();
    const asked = { model: "openai/drip", input: LONG, stream: true } as const;
    const stream = await client.responses.create(asked);
    // Without another reader the pieces are stored every 5 s.
    const seen = await cutOff(stream, () => server.kill(), "word70");
    client = await server.start();
    const { replayed, status, later } = await readCut(client, seen);
    expect(replayed).toEqual(seen.slice(0, replayed.length));
    expect({ status, later }).toEqual({ status: "in_progress", later: "failed" });
  },
  2 * MINUTE_MS,
);

/** Reads a stream until the server is killed in the middle of it. */
async function cutOff(
  stream: AsyncIterable<ResponseStreamEvent>,
  kill: () => Promise<void>,
  at = "word30",
): Promise<ResponseStreamEvent[]> {
  const seen: ResponseStreamEvent[] = [];
  const read = async () => {
    for await (const event of stream) {
      seen.push(event);
      if (textIn(seen).endsWith(at)) await kill();
    }
  };
  await expect(read()).rejects.toThrow(/terminated|aborted|socket|connection/i);
  return seen;
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
