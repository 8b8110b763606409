import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import { Client } from "../../support/client.ts";
import type { Answer } from "../../support/client.ts";

afterEach(() => vi.restoreAllMocks());

interface Asked {
  client: Client;
  call: string;
  response: string;
}

const ITEM = { role: "user", content: "And a plum?" };
const KEY = { "idempotency-key": "k" };
const QUESTION = "Where is the pear?";

/** An archived session of two turns, and a turn of it. */
async function withArchive(): Promise<Asked> {
  const client = new Client();
  const { body } = await client.ask(QUESTION, { session_id: "s" }, { headers: KEY });
  await client.ask("And the plum?", { session_id: "s" });
  await client.post("/calls", { body: outside(QUESTION) });
  await client.get("/search?q=pear");
  await client.post("/sessions/s/archive");
  const call = String(body.call_id);
  return { client, call, response: call.replace("call_", "resp_") };
}

/** Another program's call. */
const outside = (content: string) => ({
  call_id: "outside",
  session_id: "s",
  request: { model: "m", messages: [{ role: "user", content }] },
  response: { choices: [{ message: { role: "assistant", content: "There" } }] },
});

/** The session comes back, or is erased, while its archive is first read, and its object is deleted. */
function whileRead({ client }: Asked, change: () => Promise<Answer>): () => number {
  const bucket = Object.getPrototypeOf(env.ARCHIVE) as R2Bucket;
  // It is called with the bucket that it belongs to.
  // oxlint-disable-next-line typescript/unbound-method
  const real = bucket.get as (this: R2Bucket, ...all: unknown[]) => Promise<never>;
  let reads = 0;
  vi.spyOn(bucket, "get").mockImplementation(async function reading(
    this: R2Bucket,
    ...all: unknown[]
  ) {
    const key = String(all[0]);
    if (key.startsWith(`conversations/${client.account}/`)) {
      reads += 1;
      if (reads === 1) {
        await change();
        await env.ARCHIVE.delete(key);
      }
    }
    return real.call(this, ...all);
  });
  return () => reads;
}

type Request = (asked: Asked) => Promise<Answer>;

const REQUESTS: [string, Request][] = [
  ["turns", ({ client }) => client.get("/sessions/s/turns")],
  ["messages", ({ client }) => client.get("/sessions/s/messages")],
  ["state", ({ client }) => client.get("/sessions/s/state")],
  ["window", ({ client }) => client.get("/sessions/s/window")],
  ["items", ({ client }) => client.get("/v1/conversations/s/items")],
  ["a response", ({ client, response }) => client.get(`/v1/responses/${response}`)],
  ["a call", ({ client, call }) => client.get(`/calls/${call}`)],
  ["a call's events", ({ client, call }) => client.get(`/calls/${call}/events`)],
  ["a call's window", ({ client, call }) => client.get(`/calls/${call}/window`)],
  ["archived calls", ({ client }) => client.get("/calls?archived=true")],
  [
    "a repeated request",
    ({ client }) => client.ask(QUESTION, { session_id: "s" }, { headers: KEY }),
  ],
  [
    "a count of tokens",
    ({ client, response }) =>
      client.post("/v1/responses/input_tokens", {
        body: { model: "local", previous_response_id: response, input: [ITEM] },
      }),
  ],
  [
    "a compaction",
    ({ client, response }) =>
      client.post("/v1/responses/compact", {
        body: { model: "local", previous_response_id: response },
      }),
  ],
  [
    "an answer that is not stored",
    ({ client, response }) =>
      client.post("/v1/responses", {
        body: { model: "local", previous_response_id: response, input: [ITEM], store: false },
      }),
  ],
  ["a call that is known", ({ client }) => client.post("/calls", { body: outside(QUESTION) })],
  ["a call that differs", ({ client }) => client.post("/calls", { body: outside("Otherwise") })],
];

/** Without what says when it was made, or where its session is. */
const said = ({ status, body }: Answer) => [
  status,
  JSON.parse(
    JSON.stringify(body, (name, value: unknown) =>
      /^(id|request_id|created_at|completed_at|duration_ms|status|encrypted_content)$/.test(name)
        ? null
        : value,
    ),
  ) as unknown,
];

describe("an archive that goes while it is read", () => {
  it.each(REQUESTS)("because its session comes back: %s", async (_, request) => {
    const asked = await withArchive();
    const { client } = asked;
    const undisturbed = said(await request(asked));
    await client.post("/sessions/s/archive");
    const reads = whileRead(asked, () => client.post("/archives/s/restore"));
    const disturbed = said(await request(asked));
    expect(reads()).toBeGreaterThan(0);
    expect(disturbed).toEqual(undisturbed);
  });

  it.each([
    ["comes back", () => (client: Client) => client.post("/archives/s/restore"), 404],
    ["is erased", () => (client: Client) => client.call("DELETE", "/sessions/s"), 404],
  ])("is no damaged one where its session %s", async (_, change, status) => {
    const asked = await withArchive();
    const { client } = asked;
    whileRead(asked, () => change()(client));
    expect(await client.get("/archives/s")).toMatchObject({ status });
  });

  it.each(REQUESTS.slice(0, 9))("because its session is erased: %s", async (_, request) => {
    const asked = await withArchive();
    const reads = whileRead(asked, () => asked.client.call("DELETE", "/sessions/s"));
    const { status } = await request(asked);
    expect(reads()).toBeGreaterThan(0);
    expect([404, 410]).toContain(status);
  });

  it("because its session comes back, has its hits in searches", async () => {
    const asked = await withArchive();
    const { client } = asked;
    const reads = whileRead(asked, () => client.post("/archives/s/restore"));
    const { body } = await client.get("/search?q=pear");
    expect(reads()).toBeGreaterThan(0);
    expect(body.data).toContainEqual(
      expect.objectContaining({ session_id: "s", snippet: expect.stringContaining("pear") }),
    );
  });
});
