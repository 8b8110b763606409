import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";

import { accountRpc } from "../../src/account/account-client.ts";
import { accountPrefixes } from "../../src/account/archive/format/keys.ts";
import { dropEverything } from "../../src/sqlite/migrate.ts";
import { Database } from "../../src/sqlite/database.ts";
import { Client, DAY } from "../support/client.ts";

const NOW = Date.parse("2026-06-01T10:00:00.000Z");
const LATER = NOW + DAY;
const at = { at: NOW };

/** As a screenshot's: no two stretches of it are the same. */
function noise(length: number, seed: number): string {
  const bytes = Buffer.alloc(Math.ceil((length * 3) / 4));
  let state = seed;
  for (let from = 0; from < bytes.length; from += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, Math.min(from, bytes.length - 4));
  }
  return bytes.toString("base64").slice(0, length);
}
const SCREENSHOT = `data:image/png;base64,${noise(inject("isLarge") ? 3_333_336 : 2_400_000, 7)}`;
/** Up to the bound of a request, where it is large. */
const MIB = inject("isLarge") ? 15 : 6;
const screenshot = (text: string, image_url = SCREENSHOT) => ({
  role: "user",
  content: [
    { type: "input_text", text },
    { type: "input_image", image_url },
  ],
});

const respond = (client: Client, body: object) =>
  client.post("/v1/responses", { ...at, body: { model: "local", ...body } });
const itemsOf = async (client: Client, id: string) => {
  const { body } = await client.get(`/v1/conversations/${id}/items?order=asc&limit=100`, at);
  return body.data;
};
/** A conversation with one question about a screenshot. */
async function withScreenshot(client: Client): Promise<{ id: string; response: string }> {
  const { body: made } = await client.post("/v1/conversations", { ...at, body: {} });
  const input = [screenshot("What is this zebra?")];
  const { status, body } = await respond(client, { conversation: made.id, input });
  expect([status, body.error]).toEqual([200, null]);
  return { id: made.id, response: body.id };
}
const imagesOf = async (client: Client, id: string): Promise<string[]> =>
  (await itemsOf(client, id)).flatMap(({ content }: { content: object[] }) =>
    (content ?? []).flatMap((part) => ("image_url" in part ? [part.image_url] : [])),
  );

const rows = (client: Client, sql: string): Promise<Record<string, unknown>[]> =>
  runInDurableObject(client.object, (_, { storage }) => [...storage.sql.exec(sql)]);
const partsOf = async (client: Client) =>
  (await rows(client, "select count(*) as n from turn_parts"))[0]?.["n"];
const objectsOf = async (client: Client): Promise<string[]> => {
  const lists = await Promise.all(
    accountPrefixes(client.account).map((prefix) => env.ARCHIVE.list({ prefix })),
  );
  return lists.flatMap(({ objects }) => objects.map(({ key }) => key));
};
const exported = async (client: Client): Promise<string> =>
  (await client.fetch("GET", "/export", at)).text();
const archive = (client: Client, id: string) =>
  client.post(`/sessions/${id}/archive`, { ...at, body: {} });

describe("what does not fit into one row", () => {
  it("is stored and read back byte for byte: a screenshot, a history, a tool's result", async () => {
    const client = new Client();
    const { id } = await withScreenshot(client);
    expect(await imagesOf(client, id)).toEqual([SCREENSHOT]);
    expect(await partsOf(client)).toBeGreaterThan(1);

    const messages = Array.from({ length: 120 }, (_, n) => ({
      role: n % 2 === 0 ? "user" : "assistant",
      content: `${n} ${noise(10_000, n)}`,
    }));
    messages.push({ role: "user", content: "And now?" });
    const { body: completion } = await client.post("/v1/chat/completions", {
      ...at,
      body: { model: "local", store: true, messages },
    });
    const { body: kept } = await client.get(
      `/v1/chat/completions/${completion.id}/messages?limit=100`,
      at,
    );
    const told = kept.data.map(({ content }: { content: string }) => content);
    expect(told).toEqual(messages.slice(0, 100).map(({ content }) => content));

    const result = `${noise(300 * 1024, 3)} 漢字 😀 \u0001`;
    const call = { type: "function_call", call_id: "c1", name: "read_file", arguments: "{}" };
    const { status, body } = await respond(client, {
      input: [
        { role: "user", content: "Read it" },
        call,
        { type: "function_call_output", call_id: "c1", output: result },
      ],
    });
    expect(status).toBe(200);
    const { body: items } = await client.get(`/v1/responses/${body.id}/input_items?order=asc`, at);
    expect(items.data.at(-1).output).toBe(result);
  });

  it("is shown to the model again", async () => {
    const client = new Client();
    const { response } = await withScreenshot(client);
    const { body } = await respond(client, { previous_response_id: response, input: "And this?" });
    const call = body.id.replace("resp_", "call_");
    const { body: events } = await client.get(`/calls/${call}/events`, at);
    expect(JSON.stringify(events.data[0])).toContain(SCREENSHOT);
  });

  it("costs the common turn nothing", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" }, at);
    const written = (await rows(client, "select parts from turns")).map(({ parts }) => parts);
    expect(written).toEqual([null]);
    expect(await partsOf(client)).toBe(0);
  });

  it("is archived, read there, restored and archived again", async () => {
    const client = new Client();
    const { id, response } = await withScreenshot(client);
    const before = await itemsOf(client, id);
    expect((await archive(client, id)).status).toBe(200);
    expect(await partsOf(client)).toBe(0);
    expect(await itemsOf(client, id)).toEqual(before);
    await respond(client, { previous_response_id: response, input: "Hi" });
    expect(await imagesOf(client, id)).toEqual([SCREENSHOT]);
    expect(await partsOf(client)).toBeGreaterThan(1);
    expect((await archive(client, id)).status).toBe(200);
    expect(await imagesOf(client, id)).toEqual([SCREENSHOT]);
  });

  it("is in a fork, which outlives its origin", async () => {
    const client = new Client();
    const { id, response } = await withScreenshot(client);
    await respond(client, { previous_response_id: response, input: "One" });
    const { body: fork } = await respond(client, { previous_response_id: response, input: "Two" });
    expect((await client.call("DELETE", `/sessions/${id}`, at)).status).toBe(200);
    const { body: input } = await respond(client, {
      previous_response_id: fork.id,
      input: "Three",
    });
    const call = input.id.replace("resp_", "call_");
    const { body: events } = await client.get(`/calls/${call}/events`, at);
    expect(JSON.stringify(events.data[0])).toContain(SCREENSHOT);
  });

  it("is exported whole, and imported as it was", async () => {
    const client = new Client();
    const { id } = await withScreenshot(client);
    const lines = await exported(client);
    expect(lines).toContain(SCREENSHOT);
    const other = new Client();
    const { status, body } = await other.post("/import", { ...at, body: lines });
    expect([status, body.reconciliation?.differing]).toEqual([200, []]);
    expect(await exported(other)).toBe(lines);
    expect(await imagesOf(other, id)).toEqual([SCREENSHOT]);
    expect((await other.post("/import", { ...at, body: lines })).body.unchanged).toBe(1);
  });

  it("is backed up, and restored after all of SQLite is lost", async () => {
    const client = new Client();
    const { id } = await withScreenshot(client);
    const lines = await exported(client);
    const made = await client.post("/backups", { ...at, body: {} });
    const { backup_id } = made.body;
    await runInDurableObject(client.object, (_, { storage }) => {
      const db = new Database(storage);
      db.transaction(() => dropEverything(db));
    });
    await evictDurableObject(client.object);
    expect((await client.get(`/sessions/${id}`, at)).status).toBe(404);
    expect(await accountRpc(client.object).archives.reindex()).toMatchObject({ ok: true });
    const restored = await client.post(`/backups/${backup_id}/restore`, { ...at, body: {} });
    expect(restored.body).toMatchObject({ restored: 1 });
    expect(await exported(client)).toBe(lines);
  });

  it("is erased everywhere, and the receipt counts it", async () => {
    const client = new Client();
    const { id } = await withScreenshot(client);
    await archive(client, id);
    await client.post(`/archives/${id}/restore`, { ...at, body: {} });
    await client.post("/backups", { ...at, body: {} });
    const found = Number(await partsOf(client));
    const { body } = await client.call("DELETE", `/sessions/${id}`, at);
    const sqlite = body.places.find(({ place }: { place: string }) => place === "sqlite");
    expect(sqlite).toMatchObject({ state: "clean", left: 0 });
    expect(sqlite.found).toBeGreaterThan(found);
    expect(await partsOf(client)).toBe(0);
    expect((await objectsOf(client)).filter((key) => key.endsWith(".ndjson.gz"))).toEqual([]);
  });

  it("goes with its turn, its item and its call", async () => {
    const client = new Client();
    const { id } = await withScreenshot(client);
    const [item] = await itemsOf(client, id);
    const gone = await client.call("DELETE", `/v1/conversations/${id}/items/${item.id}`, at);
    expect(gone.status).toBe(200);
    expect(await partsOf(client)).toBe(0);
    const first = await respond(client, { input: [screenshot("One")] });
    const previous_response_id = first.body.id;
    await respond(client, { previous_response_id, input: "Two" });
    expect(await partsOf(client)).toBeGreaterThan(1);
    const deleted = await client.call("DELETE", `/v1/responses/${previous_response_id}`, at);
    expect(deleted.status).toBe(200);
    expect(await partsOf(client)).toBe(0);
  });

  it("is found by its short texts, archived and live", async () => {
    const client = new Client();
    const { id } = await withScreenshot(client);
    const find = async () =>
      (await client.get("/search?q=zebra", at)).body.data.map(
        ({ session_id }: { session_id: string }) => session_id,
      );
    expect(await find()).toEqual([id]);
    await archive(client, id);
    expect(await find()).toEqual([id]);
    expect((await client.call("DELETE", `/sessions/${id}`, at)).status).toBe(200);
    expect(await find()).toEqual([]);
    const words = await rows(client, "select count(*) as n from turn_search_docsize");
    expect(words).toEqual([{ n: 0 }]);
  });

  it("counts against the account's bytes", async () => {
    const client = new Client();
    const { body: before } = await client.get("/storage-stats", at);
    await withScreenshot(client);
    const { body: after } = await client.get("/storage-stats", at);
    expect(after.storage_bytes - before.storage_bytes).toBeGreaterThan(SCREENSHOT.length);
  });

  it("is bounded", async () => {
    const client = new Client();
    const large = `data:image/png;base64,${"A".repeat(17 * 1024 * 1024)}`;
    const refused = await respond(client, { input: [screenshot("?", large)] });
    expect([refused.status, refused.body.error.code]).toEqual([413, "body_too_large"]);
    const text = await respond(client, { input: "x".repeat(4 * 1024 * 1024 + 1) });
    expect([text.status, text.body.error.code]).toEqual([413, "message_too_large"]);
    expect((await client.get("/sessions", { at: LATER })).body.data).toEqual([]);
  });

  it(`is stored up to ${MIB} MiB, archived and restored`, { timeout: 120_000 }, async () => {
    const client = new Client();
    const image_url = `data:image/png;base64,${noise(MIB * 1024 * 1024, 5)}`;
    const input = [screenshot("漢字 😀", image_url)];
    const { status, body } = await respond(client, { input });
    expect(status).toBe(200);
    const { session_id } = (await client.get("/sessions", at)).body.data[0];
    const told = async () =>
      (await client.get(`/v1/responses/${body.id}/input_items`, at)).body.data[0].content[1]
        .image_url === image_url;
    expect(await told()).toBe(true);
    expect((await archive(client, session_id)).status).toBe(200);
    expect(await told()).toBe(true);
    expect((await exported(client)).includes(image_url)).toBe(true);
    await client.post(`/archives/${session_id}/restore`, { ...at, body: {} });
    expect(await told()).toBe(true);
    const more = [screenshot("And this? …", `data:image/png;base64,${noise(3_300_000, 6)}`)];
    const next = await respond(client, { input: more, previous_response_id: body.id });
    expect([next.status, next.body.error]).toEqual([200, null]);
  });

  it("stays under a legal hold, and leaves once that is lifted", async () => {
    const client = new Client();
    const { id } = await withScreenshot(client);
    const hold = (reason: string | null) =>
      client.call("PATCH", `/sessions/${id}`, { ...at, body: { hold: reason } });
    expect((await hold("case 7")).status).toBe(200);
    const [item] = await itemsOf(client, id);
    const held = await partsOf(client);
    for (const path of [`/sessions/${id}`, `/v1/conversations/${id}/items/${item.id}`])
      expect((await client.call("DELETE", path, at)).status).toBe(409);
    await client.post("/purge", { at: NOW + 400 * DAY });
    expect([await partsOf(client), await imagesOf(client, id)]).toEqual([held, [SCREENSHOT]]);
    await hold(null);
    const { body } = await client.call("DELETE", `/sessions/${id}`, at);
    expect(body).toMatchObject({ deleted: true, verified: true });
    expect(await partsOf(client)).toBe(0);
  });

  it("goes with its account, live and archived", async () => {
    const client = new Client();
    const { id } = await withScreenshot(client);
    await archive(client, id);
    await withScreenshot(client);
    const held = Number(await partsOf(client));
    expect(held).toBeGreaterThan(1);
    const { body } = await client.call("DELETE", `/admin/accounts/${client.account}`);
    expect(body).toMatchObject({ deleted: true, verified: true });
    const sqlite = body.places.find(({ place }: { place: string }) => place === "sqlite");
    expect(sqlite.found).toBeGreaterThan(held);
    expect(await objectsOf(client)).toEqual([]);
  });
});
