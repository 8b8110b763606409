import { env } from "cloudflare:workers";
import { sign } from "hono/jwt";
import { beforeEach, describe, expect, inject, it, vi } from "vitest";

import { BoundedSocket } from "../../../../src/http/routes/openai/bounded-socket.ts";
import { resetCircuit } from "../../../../src/outbound/circuit-breaker.ts";
import { Client, DAY, freshAccount } from "../../../support/client.ts";
import { setClock } from "../../../support/clock.ts";
import { LOCKED, keyHolder, root } from "../../../support/keys.ts";

const MIB = 1024 * 1024;
const ENDS = new Set(["response.completed", "response.failed", "error"]);

// What one test has fail would open the circuit for the next.
beforeEach(() => resetCircuit(env, "openai"));

const openai = (model: string) => ({
  MODEL: `openai/${model}`,
  OPENAI_BASE_URL: inject("modelServer"),
  OPENAI_API_KEY: "test-key",
});

interface Event {
  type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
  [field: string]: any;
}

/** The client's end of a connection, and what came through it. */
async function connect(client: Client) {
  const headers = { upgrade: "websocket" };
  const { status, webSocket } = await client.fetch("GET", "/v1/responses", { headers });
  if (!webSocket) throw new Error(`no WebSocket was opened: ${status}`);
  const ends: Event[] = [];
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  webSocket.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data as string) as Event;
    if (ENDS.has(event.type)) ends.push(event);
  });
  webSocket.addEventListener("close", ({ code, reason }) => closed.resolve({ code, reason }));
  webSocket.accept();
  const send = (body: object) =>
    webSocket.send(JSON.stringify({ type: "response.create", ...body }));
  /** Asks, and waits for the last event of the answer. */
  const ask = async (body: object): Promise<Event | undefined> => {
    const before = ends.length;
    send(body);
    await vi.waitFor(() => expect(ends.length).toBeGreaterThan(before), 60_000);
    return ends.at(before);
  };
  return { socket: webSocket, send, ask, ends, closed: closed.promise };
}

describe("a connection ends with its caller's rights", () => {
  it.each([
    ["a key", ["query"], {}],
    ["an admin key that names another account", ["query", "admin"], { accountId: "another" }],
  ] as const)("when %s is revoked", async (_, scopes, body) => {
    const { id, client } = await keyHolder([...scopes]);
    const { ask, closed } = await connect(client);
    const hi = { input: "Hi", ...body };
    expect(await ask(hi)).toMatchObject({ type: "response.completed" });
    await root.call("DELETE", `/admin/keys/${id}`);
    expect(await ask(hi)).toMatchObject({ status: 401, error: { code: "key_revoked" } });
    expect(await closed).toEqual({ code: 1008, reason: expect.stringContaining("revoked") });
  });

  it("when a key expires", async () => {
    const expires_at = new Date(Date.now() + DAY).toISOString();
    const { client } = await keyHolder(["query"], freshAccount(), { expires_at });
    const { ask, closed } = await connect(client);
    expect(await ask({ input: "Hi" })).toMatchObject({ type: "response.completed" });
    setClock(Date.now() + DAY);
    expect(await ask({ input: "Hi" })).toMatchObject({ error: { code: "unauthorized" } });
    expect((await closed).code).toBe(1008);
  });

  it("when a JWT expires", async () => {
    const issuer = "https://id.example.com/";
    const vars = {
      ...LOCKED,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: "colloquy",
      JWT_JWKS_URL: inject("modelServer").replace("/v1", "/.well-known/jwks.json"),
    };
    const account_id = freshAccount();
    const exp = Math.floor(Date.now() / 1_000) + 600;
    const claims = { iss: issuer, aud: "colloquy", scope: "query", account_id, exp };
    const token = await sign(claims, inject("issuerKey"), "ES256");
    const { ask, closed } = await connect(new Client(vars, account_id, token));
    expect(await ask({ input: "Hi" })).toMatchObject({ type: "response.completed" });
    setClock(Date.now() + DAY);
    expect(await ask({ input: "Hi" })).toMatchObject({ error: { code: "unauthorized" } });
    expect((await closed).code).toBe(1008);
  });
});

describe("a connection's bytes are bounded", () => {
  it("in each message, by bytes and not by characters", async () => {
    const { socket, ends, closed } = await connect(new Client());
    socket.send(JSON.stringify({ type: "response.create", input: "é".repeat(8 * MIB + 1) }));
    expect(await closed).toEqual({ code: 1009, reason: "A message takes 16 MiB at most." });
    expect(ends).toMatchObject([{ error: { code: "body_too_large" } }]);
  });

  it("in what is no text", async () => {
    const { socket, closed } = await connect(new Client());
    socket.send(new Uint8Array(8));
    expect((await closed).code).toBe(1003);
  });

  it("in all that waits", async () => {
    const { send, ends, closed } = await connect(new Client(openai("drip")));
    send({ input: "one two three four five six", store: false });
    for (let n = 0; n < 17; n += 1) send({ input: "x".repeat(MIB - 1_000) });
    expect(await closed).toEqual({ code: 1013, reason: expect.stringMatching(/^16 MiB .* wait/) });
    expect(ends).toMatchObject([{ error: { code: "rate_limited" } }]);
  });

  it("in the number of requests that wait", async () => {
    const { send, closed } = await connect(new Client(openai("drip")));
    for (let n = 0; n < 66; n += 1) send({ input: "one two three four", store: false });
    expect(await closed).toEqual({
      code: 1013,
      reason: expect.stringMatching(/^64 requests wait/),
    });
  });

  it("in what it sends, between responses", async () => {
    const { send, ends, closed } = await connect(new Client(openai("echo")));
    for (let n = 0; n < 15; n += 1) send({ input: "x".repeat(250_000), store: false });
    expect(await closed).toEqual({
      code: 1013,
      reason: "A connection sends 32 MiB at most. Open another one.",
    });
    const [last, ...others] = ends.toReversed();
    expect(last).toMatchObject({ error: { code: "websocket_connection_limit_reached" } });
    // None was cut off.
    expect(new Set(others.map(({ type }) => type))).toEqual(new Set(["response.completed"]));
    expect(others.length).toBeGreaterThan(8);
  });

  it("in what it sends in one response", async () => {
    const { 0: reader, 1: server } = new WebSocketPair();
    const received: number[] = [];
    const closed = new Promise((resolve) => reader.addEventListener("close", resolve));
    reader.addEventListener("message", ({ data }) => void received.push((data as string).length));
    let ended = 0;
    server.accept();
    const socket = new BoundedSocket(server, () => void (ended += 1));
    for (let n = 0; n < 40; n += 1) socket.send({ delta: "x".repeat(MIB) });
    expect(ended).toBe(1);
    // Only now does the client read.
    reader.accept();
    expect(await closed).toMatchObject({ code: 1013 });
    expect(received).toHaveLength(32);
    expect(received.at(-1)).toBeLessThan(1_000);
  });
});

describe("a message in a connection", () => {
  it("counts as a request when it arrives, also while it waits", async () => {
    const limited: string[] = [];
    const BURST = {
      limit: ({ key }: { key: string }) => {
        limited.push(key);
        return Promise.resolve({ success: limited.length <= 3 });
      },
    };
    const { id, key } = await keyHolder(["query"]);
    const vars = { ...LOCKED, ...openai("drip"), BURST };
    const { send, ends } = await connect(new Client(vars, freshAccount(), key));
    for (let n = 0; n < 4; n += 1) send({ input: "one two three four five", store: false });
    await vi.waitFor(() => expect(limited).toEqual([id, id, id, id, id]));
    expect(ends).toEqual([]);
    await vi.waitFor(() => expect(ends).toHaveLength(4), 60_000);
    expect(ends).toMatchObject([
      { type: "response.completed" },
      { type: "response.completed" },
      { status: 429, error: { code: "rate_limited" } },
      { status: 429, error: { code: "rate_limited" } },
    ]);
  });
});
