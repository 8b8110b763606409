import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import type { ConversationDO } from "../../../../src/account/conversation-do.ts";
import { unwrap } from "../../../../src/shared/errors.ts";
import { openSummary, parseItemId } from "../../../../src/openai/responses/item.ts";
import { Counters } from "../../../../src/account/store/usage/counters.ts";
import { Database } from "../../../../src/sqlite/database.ts";
import type { OpenTurn } from "../../../../src/account/conversation/turn-contract.ts";
import { Client, DAY, freshAccount } from "../../../support/client.ts";
import { keyHolder } from "../../../support/keys.ts";
import { expectWordsOfTurns } from "../../../support/search-index.ts";
import { accountRpc } from "../../../../src/account/account-client.ts";

const START = Date.UTC(2026, 4, 1);
const PATH = "/v1/conversations";

const user = (content: string) => ({ type: "message", role: "user", content });
const assistant = (content: string) => ({ type: "message", role: "assistant", content });

async function make(
  client: Client,
  body: object = {},
  call: object = { at: START },
): Promise<string> {
  const made = await client.post(PATH, { ...call, body });
  expect([made.status, made.body.error]).toEqual([200, undefined]);
  return made.body.id;
}

const itemsOf = async (client: Client, id: string, query = "order=asc") =>
  (await client.get(`${PATH}/${id}/items?${query}`)).body.data;

interface Told {
  content: { text: string }[];
}
const textsOf = async (client: Client, id: string) =>
  (await itemsOf(client, id)).map(({ content }: Told) => content[0]?.text);

const idsOf = async (client: Client, id: string): Promise<string[]> =>
  (await itemsOf(client, id)).map((item: { id: string }) => item.id);

/** Counters and the search index are what the rows say. */
async function expectConsistent(client: Client): Promise<void> {
  const stats = (await client.get("/storage-stats", { at: START })).body;
  // Catches up.
  await client.get("/search?q=word");
  const counted = await runInDurableObject(client.object, (_: ConversationDO, { storage }) => {
    const db = new Database(storage);
    const counters = new Counters(db);
    counters.forget();
    const counts = counters.read();
    // The words of archived turns stay, without their text.
    if (counts.archived === 0) expectWordsOfTurns(storage);
    return counts;
  });
  expect(stats).toMatchObject({
    total_conversations: counted.sessions,
    total_turns: counted.turns,
    total_messages: counted.messages,
  });
}

describe("a conversation", () => {
  it("is a session that no turn began", async () => {
    const client = new Client();
    const id = await make(client, { metadata: { topic: "x" } });
    expect(id).toMatch(/^conv_\d+_[a-z0-9]{12}$/);
    expect((await client.get(`${PATH}/${id}`)).body).toEqual({
      id,
      object: "conversation",
      created_at: START / 1_000,
      metadata: { topic: "x" },
    });
    expect((await client.get(`/sessions/${id}`)).body).toMatchObject({
      session_id: id,
      status: "live",
      turns: 0,
      metadata: { topic: "x" },
    });
    expect((await client.get(`/sessions/${id}/messages`)).body.data).toEqual([]);
    expect((await client.get("/storage-stats", { at: START })).body).toMatchObject({
      total_conversations: 1,
      total_turns: 0,
      total_messages: 0,
    });
    const empty = { object: "list", data: [], first_id: null, last_id: null, has_more: false };
    expect((await client.get(`${PATH}/${id}/items`)).body).toEqual(empty);
    expect((await client.get("/search?q=x")).body.data).toEqual([]);
    await client.ask("Hello", { session_id: id });
    expect(await textsOf(client, id)).toHaveLength(2);
    await expectConsistent(client);
  });

  it("has the metadata that it was last sent", async () => {
    const client = new Client();
    const id = await make(client, { metadata: { a: "1", b: "2" } });
    const update = async (metadata: unknown) =>
      (await client.post(`${PATH}/${id}`, { body: { metadata } })).body.metadata;
    expect(await update({ c: "3" })).toEqual({ c: "3" });
    expect((await client.get(`/sessions/${id}`)).body.metadata).toEqual({ c: "3" });
    expect(await update(null)).toEqual({});
    expect((await client.get(`/sessions/${id}`)).body.metadata).toEqual({});
  });

  it("is listed with the sessions, newest first, by its metadata too", async () => {
    const client = new Client();
    const first = await make(client, { metadata: { topic: "x" } });
    const second = await make(client);
    await client.ask("Hi", { session_id: "third" });
    const ids = async (query: string) =>
      (await client.get(`${PATH}?${query}`)).body.data.map((each: { id: string }) => each.id);
    expect(await ids("")).toEqual(["third", second, first]);
    expect(await ids("metadata[topic]=x")).toEqual([first]);
    expect(await ids(`after=third&limit=1`)).toEqual([second]);
    expect(await ids(`order=asc&after=${first}`)).toEqual([second, "third"]);
    const passedOver = await client.fetch("GET", `${PATH}?topic=x`);
    expect([passedOver.status, passedOver.headers.get("x-ignored-fields")]).toEqual([200, "topic"]);
  });

  it("leaves nothing when it is deleted", async () => {
    const client = new Client();
    const id = await make(client, { items: [user("A purple elephant.")] });
    expect((await client.get("/search?q=elephant")).body.data).toHaveLength(1);
    expect((await client.call("DELETE", `${PATH}/${id}`)).body).toEqual({
      id,
      object: "conversation.deleted",
      deleted: true,
    });
    for (const path of [`${PATH}/${id}`, `${PATH}/${id}/items`, `/sessions/${id}`])
      expect((await client.get(path)).status).toBe(404);
    expect((await client.call("DELETE", `${PATH}/${id}`)).body.error).toMatchObject({
      code: "session_not_found",
      message: "There is no such conversation.",
    });
    const more = await client.post(`${PATH}/${id}/items`, { body: { items: [user("x")] } });
    expect(more.status).toBe(404);
    expect((await client.get("/search?q=elephant")).body.data).toEqual([]);
    expect((await client.get(PATH)).body.data).toEqual([]);
    await expectConsistent(client);
  });

  it("stays under legal hold, with its items", async () => {
    const client = new Client();
    const id = await make(client, { items: [user("Evidence")] });
    const [item] = await idsOf(client, id);
    await client.call("PATCH", `/sessions/${id}`, { body: { hold: "Case 1" } });
    for (const path of [`${PATH}/${id}`, `${PATH}/${id}/items/${item}`]) {
      const refused = await client.call("DELETE", path);
      expect([refused.status, refused.body.error.code]).toEqual([409, "session_held"]);
    }
    expect(await textsOf(client, id)).toEqual(["Evidence"]);
  });

  it("counts as a session and as a turn where these are limited", async () => {
    const client = new Client();
    const limited = { body: { quotas: { sessions: 2 } } };
    await client.call("PATCH", `/admin/accounts/${client.account}`, limited);
    await make(client);
    await make(client, { items: [user("x")] });
    const refused = await client.post(PATH, { body: {} });
    expect(refused.body.error.code).toBe("quota_sessions");
  });
});

describe("a conversation without items", () => {
  it("is swept, archived and restored like any other", async () => {
    const client = new Client();
    const id = await make(client, { metadata: { topic: "x" } });
    await make(client, {}, { at: START + 40 * DAY });
    const at = START + 31 * DAY;
    expect((await client.post("/purge", { at })).body).toMatchObject({ deleted: 1 });
    expect((await client.get(`/sessions/${id}`)).body).toMatchObject({
      status: "archived",
      turns: 0,
    });
    expect((await client.get(`${PATH}/${id}/items`)).body.data).toEqual([]);
    expect((await client.get(`/archives/${id}`)).status).toBe(200);
    expect((await client.post(`/archives/${id}/restore`, { at })).status).toBe(200);
    expect((await client.get(`${PATH}/${id}`)).body.metadata).toEqual({ topic: "x" });
    await expectConsistent(client);
    expect((await client.post(`/sessions/${id}/archive`, { at })).status).toBe(200);
    const added = await client.post(`${PATH}/${id}/items`, { at, body: { items: [user("Hi")] } });
    expect(added.status).toBe(200);
    expect((await client.get(`/sessions/${id}`)).body).toMatchObject({ status: "live", turns: 1 });
    await expectConsistent(client);
  });

  it("is exported and imported", async () => {
    const client = new Client();
    const id = await make(client, { metadata: { topic: "x" } });
    const ndjson = await (await client.fetch("GET", "/export", { at: START })).text();
    const other = new Client();
    const { status, body } = await other.post("/import", { at: START + DAY, body: ndjson });
    expect([status, body.report ?? body]).toMatchObject([200, {}]);
    expect((await other.get(`${PATH}/${id}`)).body).toMatchObject({ id, metadata: { topic: "x" } });
    await expectConsistent(other);
  });

  it("comes back from a backup", async () => {
    const client = new Client();
    const id = await make(client);
    const backup = (await client.post("/backups", { at: START, body: {} })).body;
    expect((await client.post(`/backups/${backup.backup_id}/verify`)).status).toBe(200);
    expect((await client.post(`/sessions/${id}/archive`, { at: START })).status).toBe(200);
    const restored = await client.post(`/backups/${backup.backup_id}/restore`, { body: {} });
    expect(restored.status).toBe(200);
    await expectConsistent(client);
    const path = `/admin/accounts/${client.account}/reindex`;
    expect((await client.post(path)).status).toBe(200);
    expect((await client.get(`${PATH}/${id}`)).status).toBe(200);
  });
});

describe("a conversation's items", () => {
  it("are added as they were sent, and told with their ids", async () => {
    const client = new Client();
    const id = await make(client);
    const items = [
      user("What is 2 + 3?"),
      { type: "reasoning", summary: [{ type: "summary_text", text: "Adding." }] },
      { type: "function_call", call_id: "c1", name: "add", arguments: '{"a":2}' },
      { type: "function_call_output", call_id: "c1", output: "5" },
      assistant("5"),
    ];
    const added = await client.post(`${PATH}/${id}/items`, { body: { items } });
    expect(added.status).toBe(200);
    const { data, ...list } = added.body;
    expect(
      data.map((item: { type: string; id: string }) => [item.type, item.id.split("_")[0]]),
    ).toEqual([
      ["message", "msg"],
      ["reasoning", "rs"],
      ["function_call", "fc"],
      ["function_call_output", "fco"],
      ["message", "msg"],
    ]);
    expect(list).toEqual({
      object: "list",
      first_id: data[0].id,
      last_id: data[4].id,
      has_more: false,
    });
    expect(await itemsOf(client, id)).toEqual(data);
    expect(await itemsOf(client, id, "")).toEqual(data.toReversed());
    for (const item of data)
      expect((await client.get(`${PATH}/${id}/items/${item.id}`)).body).toEqual(item);
    expect((await client.get(`/sessions/${id}`)).body.turns).toBe(1);
    await expectConsistent(client);
  });

  it("have pages that end where they say, both ways", async () => {
    const client = new Client();
    const id = await make(client);
    for (let at = 0; at < 3; at += 1)
      await client.post(`${PATH}/${id}/items`, {
        body: { items: [user(`${at} a`), user(`${at} b`)] },
      });
    await client.ask("Hi", { session_id: id });
    const all = await idsOf(client, id);
    expect(all).toHaveLength(8);
    const page = async (query: string) => {
      const { body } = await client.get(`${PATH}/${id}/items?${query}`);
      return [body.data.map((item: { id: string }) => item.id), body.has_more];
    };
    expect(await page("limit=8&order=asc")).toEqual([all, false]);
    expect(await page("limit=7&order=asc")).toEqual([all.slice(0, 7), true]);
    expect(await page(`limit=4&order=asc&after=${all[3]}`)).toEqual([all.slice(4), false]);
    expect(await page(`limit=2&order=desc&after=${all[4]}`)).toEqual([[all[3], all[2]], true]);
    expect(await page(`limit=2&order=asc&before=${all[4]}`)).toEqual([[all[2], all[3]], true]);
    expect(await page("include[]=a&include[]=b&limit=1")).toEqual([[all[7]], true]);
    const other = await make(client, { items: [user("x")] });
    const [foreign] = await idsOf(client, other);
    expect((await client.get(`${PATH}/${id}/items?after=${foreign}`)).status).toBe(400);
    expect((await client.get(`${PATH}/${id}/items/${foreign}`)).status).toBe(404);
    expect((await client.get(`${PATH}/${id}/items?limit=101`)).status).toBe(400);
  });

  it("are those of turns that were answered", async () => {
    const client = new Client({ MODEL: "upstream", UPSTREAM_URL: "http://127.0.0.1:1/" });
    const id = await make(client, { items: [user("Hi")] });
    expect((await client.ask("In vain", { session_id: id })).status).toBe(502);
    expect(await textsOf(client, id)).toEqual(["Hi"]);
    const turns = (await client.get(`/sessions/${id}/turns`)).body.data;
    const [, failed] = turns;
    const path = `${PATH}/${id}/items/msg_${failed.call_id.slice(5)}_0`;
    expect((await client.get(path)).status).toBe(404);
    expect((await client.call("DELETE", path)).status).toBe(404);
  });

  it("wait in line after a turn", async () => {
    const client = new Client();
    const id = await make(client);
    const [, added] = await Promise.all([
      client.ask("My name is Bob.", { session_id: id }),
      client.post(`${PATH}/${id}/items`, { body: { items: [user("More")] } }),
      client.post(`${PATH}/${id}/items`, { body: { items: [user("And more")] } }),
    ]);
    expect(added.status).toBe(200);
    expect(await itemsOf(client, id)).toHaveLength(4);
    await expectConsistent(client);
  });

  it("are read from an archive where they lie, and added after it", async () => {
    const client = new Client();
    const id = await make(client, { items: [user("One"), user("Two")] });
    const before = await itemsOf(client, id);
    await client.post(`/sessions/${id}/archive`);
    expect(await itemsOf(client, id)).toEqual(before);
    expect((await client.get(`${PATH}/${id}/items/${before[1].id}`)).body).toEqual(before[1]);
    expect((await client.get(`/sessions/${id}`)).body.status).toBe("archived");
    expect((await client.call("DELETE", `${PATH}/${id}/items/${before[0].id}`)).body.id).toBe(id);
    expect(await itemsOf(client, id)).toEqual([before[1]]);
    await expectConsistent(client);
    // Nor is it left in the archive that the session came back from.
    const { objects } = await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` });
    expect(objects).toEqual([]);
  });

  it("may name others", async () => {
    const client = new Client();
    const from = await make(client, { items: [user("One"), assistant("Two")] });
    const [, second] = await idsOf(client, from);
    const id = await make(client, { items: [{ type: "item_reference", id: second }] });
    expect(await itemsOf(client, id)).toMatchObject([
      { role: "assistant", content: [{ text: "Two" }] },
    ]);
    const refused = await client.post(`${PATH}/${id}/items`, {
      body: { items: [user("x"), { type: "item_reference", id: "msg_1_0" }] },
    });
    expect([refused.status, refused.body.error.param]).toEqual([404, "items[1].id"]);
    const stranger = new Client();
    const foreign = await stranger.post(PATH, {
      body: { items: [{ type: "item_reference", id: second }] },
    });
    expect(foreign.status).toBe(404);
  });

  it("are refused where they are wrong, and nothing is made", async () => {
    const client = new Client();
    const many = Array.from({ length: 21 }, () => user("x"));
    for (const body of [{ items: many }, { items: [{}] }, { metadata: { a: 1 } }])
      expect((await client.post(PATH, { body })).status).toBe(400);
    expect((await client.get(PATH)).body.data).toEqual([]);
    const none = { items: [user("x")] };
    expect((await client.post(`${PATH}/none/items`, { body: none })).status).toBe(404);
    expect((await client.get("/sessions/none")).status).toBe(404);
    expect((await client.get(`${PATH}/_bad`)).status).toBe(400);
  });
});

describe("an item that is deleted", () => {
  it("leaves the others as they are, with their ids", async () => {
    const client = new Client();
    const items = [user("apples"), assistant("bananas"), user("cherries"), assistant("dates")];
    const id = await make(client, { items });
    const all = await itemsOf(client, id);
    expect((await client.get("/search?q=bananas")).body.data).toHaveLength(1);
    const deleted = await client.call("DELETE", `${PATH}/${id}/items/${all[1].id}`);
    expect(deleted.body).toMatchObject({ id, object: "conversation" });
    expect(await itemsOf(client, id)).toEqual([all[0], all[2], all[3]]);
    expect((await client.get(`${PATH}/${id}/items/${all[1].id}`)).status).toBe(404);
    expect((await client.call("DELETE", `${PATH}/${id}/items/${all[1].id}`)).status).toBe(404);
    expect((await client.get("/search?q=bananas")).body.data).toEqual([]);
    expect((await client.get("/search?q=cherries")).body.data).toHaveLength(1);
    await expectConsistent(client);
    // A page goes on from where it was, though what it named is gone.
    expect(await itemsOf(client, id, `order=asc&after=${all[1].id}`)).toEqual([all[2], all[3]]);
    for (const item of [all[0], all[3], all[2]])
      await client.call("DELETE", `${PATH}/${id}/items/${item.id}`);
    expect(await itemsOf(client, id)).toEqual([]);
    expect((await client.get(`/sessions/${id}/turns`)).body.data).toMatchObject([
      { input: [], output: [] },
    ]);
    await expectConsistent(client);
    await client.ask("Hello", { session_id: id });
    expect(await itemsOf(client, id)).toHaveLength(2);
    expect((await client.get(`/sessions/${id}/messages?limit=5`)).body.data).toHaveLength(2);
  });

  it("may be one of a plain turn, and is not shown to the model after", async () => {
    const client = new Client();
    const { session_id: id } = (await client.ask("My name is Alice.")).body;
    const [asked, answered] = await itemsOf(client, id);
    await client.call("DELETE", `${PATH}/${id}/items/${asked.id}`);
    expect(await itemsOf(client, id)).toEqual([answered]);
    const { messages } = (await client.get(`/sessions/${id}/window`)).body;
    expect(JSON.stringify(messages)).not.toContain("My name is");
    await expectConsistent(client);
    await client.post(`/sessions/${id}/archive`);
    await client.post(`/archives/${id}/restore`);
    expect(await itemsOf(client, id)).toEqual([answered]);
  });

  it("is refused while its turn is being answered", async () => {
    const client = new Client();
    const id = await make(client);
    const begun = unwrap(
      await accountRpc(client.object).turns.begin(
        null,
        { session_id: id, new_session_id: id, input: "Hi", models: ["local"], on_busy: "queue" },
        Date.now(),
      ),
    );
    const turn = begun.turn as OpenTurn;
    const path = `${PATH}/${id}/items/msg_${turn.turn_id.toString(36)}_0`;
    const refused = await client.call("DELETE", path);
    expect([refused.status, refused.body.error.code]).toEqual([409, "session_busy"]);
    expect(refused.headers.get("retry-after-ms")).toBe("1000");
    expect((await client.get(path)).status).toBe(404);
    const answered = { status: "completed", output: "Hello", model: null } as const;
    const rest = { input_tokens: null, output_tokens: null, duration_ms: 1 };
    unwrap(
      await accountRpc(client.object).turns.settle(turn, { ...answered, ...rest }, Date.now()),
    );
    expect((await client.call("DELETE", path)).status).toBe(200);
    await expectConsistent(client);
  });

  it("takes along the summary that covers it", async () => {
    const client = new Client();
    const id = await make(client, { items: [user("One"), user("Two")] });
    await client.ask("Three", { session_id: id });
    const [first, , third] = await idsOf(client, id);
    const through = parseItemId(first ?? "")?.turn ?? 0;
    unwrap(await accountRpc(client.object).turns.endSummary(id, through, "They said One."));
    const summary = async () => (await client.get(`/sessions/${id}/window`)).body.summary;
    await client.call("DELETE", `${PATH}/${id}/items/${third}`);
    expect(await summary()).toMatchObject({ text: "They said One." });
    await client.call("DELETE", `${PATH}/${id}/items/${first}`);
    expect(await summary()).toBeNull();
  });

  it("goes on its own where many turns are empty", async () => {
    const client = new Client();
    const id = await make(client);
    for (let at = 0; at < 15; at += 1)
      await client.post(`${PATH}/${id}/items`, { body: { items: [user(`${at}`)] } });
    const all = await idsOf(client, id);
    for (const item of all.slice(1, 14)) await client.call("DELETE", `${PATH}/${id}/items/${item}`);
    expect(await itemsOf(client, id, "limit=1")).toMatchObject([{ id: all[14] }]);
    expect(await idsOf(client, id)).toEqual([all[0], all[14]]);
    expect((await client.get(`/sessions/${id}/messages?limit=1`)).body.has_more).toBe(true);
    expect((await client.get(`/sessions/${id}/messages`)).body.data).toHaveLength(2);
  });
});

describe("an Idempotency-Key", () => {
  it("makes one conversation, and adds items once", async () => {
    const client = new Client();
    const send = (path: string, key: string, body: object) =>
      client.post(path, { body, headers: { "idempotency-key": key } });
    const first = await send(PATH, "a", { metadata: { topic: "x" } });
    expect((await send(PATH, "a", { metadata: { topic: "x" } })).body).toEqual(first.body);
    const filled = await send(PATH, "b", { items: [user("One")] });
    expect((await send(PATH, "b", { items: [user("One")] })).body).toEqual(filled.body);
    const path = `${PATH}/${filled.body.id}/items`;
    const added = await send(path, "c", { items: [user("Two")] });
    expect((await send(path, "c", { items: [user("Two")] })).body).toEqual(added.body);
    expect(await textsOf(client, filled.body.id)).toEqual(["One", "Two"]);
    for (const [where, key] of [
      [PATH, "a"],
      [PATH, "c"],
      [path, "a"],
    ] as const) {
      const refused = await send(where, key, { items: [user("Other")] });
      expect(refused.body.error.code).toBe("idempotency_mismatch");
    }
    expect((await client.get(PATH)).body.data).toHaveLength(2);
    await client.call("DELETE", `${PATH}/${first.body.id}`);
    expect((await send(PATH, "a", { metadata: { topic: "x" } })).body.id).not.toBe(first.body.id);
  });
});

describe("a user's key", () => {
  it("makes and finds that user's conversations only", async () => {
    const account = freshAccount();
    const scopes = ["query", "read", "manage"] as const;
    const ann = (await keyHolder([...scopes], account, { user_id: "ann" })).client;
    const bob = (await keyHolder([...scopes], account, { user_id: "bob" })).client;
    const owner = (await keyHolder([...scopes], account)).client;
    const id = await make(ann, { items: [user("Mine")] }, {});
    const [item] = await idsOf(ann, id);
    expect((await owner.get(`/sessions/${id}`)).body.user_id).toBe("ann");
    expect((await bob.get(PATH)).body.data).toEqual([]);
    const items = [user("x")];
    const refused = await Promise.all([
      bob.get(`${PATH}/${id}`),
      bob.post(`${PATH}/${id}`, { body: { metadata: {} } }),
      bob.get(`${PATH}/${id}/items`),
      bob.post(`${PATH}/${id}/items`, { body: { items } }),
      bob.get(`${PATH}/${id}/items/${item}`),
      bob.call("DELETE", `${PATH}/${id}/items/${item}`),
      bob.call("DELETE", `${PATH}/${id}`),
      bob.post(PATH, { body: { items: [{ type: "item_reference", id: item }] } }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 404));
    expect(await textsOf(ann, id)).toEqual(["Mine"]);
  });
});

it("keeps a summary that came from here as its text", async () => {
  const client = new Client();
  const sealed = btoa(JSON.stringify({ summary: "All of it." }));
  const id = await make(client, { items: [{ type: "compaction", encrypted_content: sealed }] });
  const [item] = await itemsOf(client, id);
  expect(openSummary(item.encrypted_content)).toBe("All of it.");
});
