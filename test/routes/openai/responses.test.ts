import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { respondInBackground as runJob } from "../../../src/jobs/respond.ts";
import { resetCircuit } from "../../../src/guard/circuit.ts";
import { Client } from "../../support/client.ts";
import type { Answer } from "../../support/client.ts";

const openai = (model: string, more: object = {}) => ({
  MODEL: `openai/${model}`,
  OPENAI_BASE_URL: inject("modelServer"),
  OPENAI_API_KEY: "test-key",
  ...more,
});

// What one test has fail would open the circuit for the next.
beforeEach(() => resetCircuit(env, "openai"));

const create = (client: Client, input: unknown, more: object = {}): Promise<Answer> =>
  client.post("/v1/responses", { body: { input, ...more } });

const textIn = (answer: Answer): string =>
  answer.body.output
    .flatMap((item: { content?: { text: string }[] }) => item.content ?? [])
    .map((part: { text: string }) => part.text)
    .join("");

interface Event {
  type: string;
  sequence_number: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
  [field: string]: any;
}

async function stream(client: Client, input: unknown, more: object = {}): Promise<Event[]> {
  const body = { input, stream: true, ...more };
  const response = await client.fetch("POST", "/v1/responses", { body });
  return eventsIn(await response.text());
}

const eventsIn = (text: string): Event[] =>
  text
    .split("\n\n")
    .map((block) => block.split("\n").find((line) => line.startsWith("data: ")))
    .filter((line) => line !== undefined)
    .map((line) => JSON.parse(line.slice("data: ".length)) as Event);

const replay = async (client: Client, id: string, query = ""): Promise<Event[]> =>
  eventsIn(await (await client.fetch("GET", `/v1/responses/${id}?stream=true${query}`)).text());

describe("POST /v1/responses", () => {
  it("answers, and goes on behind a response", async () => {
    const client = new Client();
    const first = await create(client, "My name is Alice");
    expect(first).toMatchObject({ status: 200, body: { object: "response", status: "completed" } });
    const { id: previous_response_id } = first.body;
    const second = await create(client, "What is my name?", { previous_response_id });
    expect(textIn(second)).toContain("Alice");
    expect(second.body.conversation).toEqual(first.body.conversation);
    const { body } = await client.get(`/v1/responses/${second.body.id}`);
    expect(body).toEqual(second.body);
  });

  it("streams events that are told again just as they were", async () => {
    const client = new Client();
    const events = await stream(client, "What is 6 * 7?");
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, n) => n));
    const id: string = events[0]?.["response"].id;
    expect(await replay(client, id)).toEqual(events);
    await evictDurableObject(client.object);
    expect(await replay(client, id, "&starting_after=3")).toEqual(events.slice(4));
  });

  it("runs in the background, and is read while it runs and after", async () => {
    const client = new Client(openai("drip"));
    const begun = await create(client, "one two three", { background: true });
    expect(begun).toMatchObject({ status: 200, body: { status: "queued", background: true } });
    const { id } = begun.body;
    await respondInBackground(client, id);
    expect((await client.get(`/v1/responses/${id}`)).body).toMatchObject({
      status: "completed",
      output: [{ type: "message", content: [{ text: "You said: one two three" }] }],
    });
  });

  it("is followed by whoever comes later, while it is made", async () => {
    const client = new Client(openai("drip"));
    const { body } = await create(client, "one two three", { background: true });
    const [, events] = await Promise.all([
      respondInBackground(client, body.id),
      replay(client, body.id),
    ]);
    expect(events.at(-1)).toMatchObject({ type: "response.completed" });
    expect(await replay(client, body.id)).toEqual(events);
  });

  it("is cancelled", async () => {
    const client = new Client(openai("drip"));
    const { body } = await create(client, "one two three", { background: true });
    const cancelled = await client.post(`/v1/responses/${body.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { status: "cancelled" } });
    await respondInBackground(client, body.id);
    expect((await client.get(`/v1/responses/${body.id}`)).body.status).toBe("cancelled");
    expect((await create(client, "Hi")).status).toBe(200);
  });
});

const respondInBackground = (client: Client, id: string): Promise<void> =>
  runJob(Object.assign({ ...env }, openai("drip")), {
    type: "response",
    account_id: client.account,
    turn_id: Number.parseInt(id.slice(5), 36),
  });
