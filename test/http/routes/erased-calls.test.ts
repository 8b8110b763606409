import { env } from "cloudflare:workers";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

import { Client, DAY } from "../../support/client.ts";
import { oldCalls } from "../../support/old-calls.ts";
import type { OldCallCase } from "../../support/old-calls.ts";

const NOW = Date.UTC(2026, 6, 1, 12);
const LATER = NOW + 40 * DAY;
const CANARY = "heronfeather";

const write = (client: Client, body: object) =>
  client.post("/calls", { body: { ...exchange(), ...body }, at: NOW });
const exchange = (word = CANARY) => ({
  request: { model: "m", messages: [{ role: "user", content: word }] },
  response: { choices: [{ message: { role: "assistant", content: `${word}!` } }] },
});

const payload = (id: string, more: object) => ({ id, end_user: "ann", messages: [], ...more });

/** Everything of the account in R2, as text. */
async function textInR2({ account }: Client): Promise<string> {
  const lists = await Promise.all(
    ["conversations", "backups"].map((name) => env.ARCHIVE.list({ prefix: `${name}/${account}/` })),
  );
  const texts = await Promise.all(
    lists
      .flatMap(({ objects }) => objects)
      .map(async ({ key }) => {
        const bytes = new Uint8Array(await (await env.ARCHIVE.get(key))!.arrayBuffer());
        return key.endsWith(".gz") ? gunzipSync(bytes).toString() : Buffer.from(bytes).toString();
      }),
  );
  return texts.join("");
}

/** Archives every block of the journal, and makes a backup. */
async function archiveAll(client: Client): Promise<void> {
  await client.call("PUT", "/retention", { body: { journal_rows: 0 } });
  await client.post("/backups", { body: {}, at: LATER });
  await client.post("/purge", { at: LATER });
}
const exported = async (client: Client, user: string): Promise<string> =>
  (await client.fetch("GET", `/users/${user}/export`)).text();
const callIds = async (client: Client, query: string): Promise<string[]> =>
  (await client.get(`/calls?${query}`)).body.data.map((each: { call_id: string }) => each.call_id);

/** Two users' calls, a call of none, and a session's. */
async function someCalls(): Promise<Client> {
  const client = new Client();
  await write(client, { call_id: "a1", user_id: "ann" });
  await write(client, { call_id: "b1", user_id: "bob", ...exchange("stone") });
  await write(client, { call_id: "a2", user_id: "ann" });
  await write(client, { call_id: "none", ...exchange("stone") });
  await write(client, { call_id: "s1", user_id: "ann", session_id: "s" });
  return client;
}

describe("calls of no session", () => {
  it("keep their user: they are told, found and exported by it", async () => {
    const client = await someCalls();
    expect((await client.get("/calls/a1")).body).toMatchObject({
      user_id: "ann",
      session_id: null,
    });
    expect((await client.get("/calls/none")).body.user_id).toBeNull();
    expect((await callIds(client, "user_id=ann")).toSorted()).toEqual(["a1", "a2", "s1"]);
    expect(await callIds(client, "user_id=bob")).toEqual(["b1"]);
    expect(await callIds(client, "user_id=nobody")).toEqual([]);
    const text = await exported(client, "ann");
    expect(text.split("\n").filter((line) => line.includes(CANARY))).toHaveLength(3);
    expect(text).not.toContain("stone");
    // They are no conversation of hers: a question goes to a session of its own, and no list has them.
    expect((await client.get("/sessions?user_id=bob")).body.data).toEqual([]);
    expect((await client.ask("Hi", { user_id: "bob" })).body.new_session).toBe(true);
    expect((await client.get("/storage-stats")).body.total_conversations).toBe(2);
  });

  it("of one user lie together, and others' never with them, also after an import", async () => {
    const client = await someCalls();
    const all = await (await client.fetch("GET", "/export")).text();
    const copy = new Client();
    await copy.post("/import", { body: all, headers: { "content-type": "application/x-ndjson" } });
    await write(copy, { call_id: "new", ...exchange("stone") });
    await write(copy, { call_id: "a3", user_id: "ann" });
    const text = await exported(copy, "ann");
    expect(text).not.toContain("stone");
    expect(text.split("\n").filter((line) => line.includes(CANARY))).toHaveLength(4);
    expect((await copy.call("DELETE", "/users/ann")).body).toMatchObject({
      calls: 3,
      verified: true,
    });
    expect((await copy.get("/calls/new")).status).toBe(200);
  });

  it.each(["live", "archived, and in a backup"])("go with their user: %s", async (where) => {
    const client = await someCalls();
    if (where !== "live") await archiveAll(client);
    expect((await client.get("/calls/a2")).body.user_id).toBe("ann");
    const { body } = await client.call("DELETE", "/users/ann");
    expect(body).toMatchObject({ sessions: 1, turns: 1, calls: 2, verified: true });
    expect(body.places).toContainEqual({
      place: "external_calls",
      state: "clean",
      found: 3,
      left: 0,
    });
    for (const id of ["a1", "a2", "s1"])
      expect((await client.get(`/calls/${id}`)).status).toBe(404);
    for (const id of ["b1", "none"]) expect((await client.get(`/calls/${id}`)).status).toBe(200);
    expect(await textInR2(client)).not.toContain(CANARY);
    expect((await textInR2(client)).includes("stone")).toBe(where !== "live");
    expect((await client.call("DELETE", "/users/bob")).body).toMatchObject({
      sessions: 0,
      archived_sessions: 0,
      calls: 1,
      verified: true,
    });
    expect((await client.get("/storage-stats")).body).toMatchObject({
      total_conversations: 0,
      archived_conversations: 0,
    });
  });

  it("take the user whom LiteLLM names, and leave a session its own", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "bobs", user_id: "bob" });
    await client.post("/ingest/litellm", {
      body: [
        payload("l1", {}),
        payload("l2", { metadata: { session_id: "fresh" } }),
        payload("l3", { metadata: { session_id: "bobs" } }),
        payload("l4", { end_user: "not an id of ours \u0000" }),
      ],
    });
    expect((await callIds(client, "user_id=ann")).toSorted()).toEqual(["l1", "l2"]);
    expect((await client.get("/sessions/bobs")).body).toMatchObject({ user_id: "bob", turns: 2 });
    expect((await client.get("/calls/l4")).body.user_id).toBeNull();
  });
});

describe("a call that is erased by itself", () => {
  it.each(["live", "archived, and in a backup"])(
    "leaves its number, and its id answers 410: %s",
    async (where) => {
      const client = await someCalls();
      if (where !== "live") await archiveAll(client);
      for (const id of ["a1", "s1"]) {
        const { status, body } = await client.call("DELETE", `/calls/${id}`);
        expect({ status, body }).toEqual({
          status: 200,
          body: { object: "call.deleted", deleted: true, call_id: id },
        });
        for (const path of ["", "/events", "/policy-events"])
          expect(await client.get(`/calls/${id}${path}`)).toMatchObject({
            status: 410,
            body: { code: "call_erased" },
          });
        expect((await write(client, { call_id: id })).status).toBe(410);
        expect((await client.post(`/calls/${id}/complete`)).status).toBe(410);
        expect((await client.call("DELETE", `/calls/${id}`)).status).toBe(410);
      }
      await client.call("DELETE", "/calls/a2");
      expect(await textInR2(client)).not.toContain(CANARY);
      expect((await client.get(`/search?q=${CANARY}`)).body.data).toEqual([]);
      expect((await client.get("/calls/b1")).body.user_id).toBe("bob");
      expect(await callIds(client, "")).not.toContain("s1");
      expect((await client.get("/sessions/s")).body.turns).toBe(1);
      // The next call takes another number.
      await write(client, { call_id: "s2", session_id: "s", ...exchange("stone") });
      expect((await client.get("/sessions/s")).body.turns).toBe(2);
      for (const { backup_id } of (await client.get("/backups")).body.data) {
        const check = await client.post(`/backups/${backup_id}/verify`);
        expect(check.body).toMatchObject({ valid: true });
      }
    },
  );

  it("may be a turn of our own, and is refused while that is held, or the account is", async () => {
    const client = new Client();
    const { body } = await client.ask(`My word is ${CANARY}`, { session_id: "s" });
    await client.ask("Hi", { session_id: "s" });
    const erase = () => client.call("DELETE", `/calls/${body.call_id}`);
    const hold = (path: string, reason: string | null) =>
      client.call("PATCH", path, { body: { hold: reason } });
    await hold("/sessions/s", "case 1");
    expect((await erase()).body.code).toBe("session_held");
    await hold("/sessions/s", null);
    await hold(`/admin/accounts/${client.account}`, "case 2");
    expect((await erase()).body.code).toBe("account_held");
    await hold(`/admin/accounts/${client.account}`, null);
    expect((await client.get(`/calls/${body.call_id}/events`)).status).toBe(200);
    expect((await erase()).status).toBe(200);
    expect((await client.get(`/calls/${body.call_id}`)).status).toBe(410);
    expect(JSON.stringify((await client.get("/sessions/s/messages")).body)).not.toContain(CANARY);
    expect((await client.call("DELETE", "/calls/call_zzz")).status).toBe(404);
  });

  it("goes from an archive of an account that takes no more sessions, as responses and items do", async () => {
    const client = new Client();
    const ids: string[] = [];
    for (const query of ["One", "Two", "Three"])
      ids.push((await client.ask(query, { session_id: "s" })).body.call_id.slice(5));
    const [call, response, item] = ids;
    await client.ask("Hello", { session_id: "other" });
    const quotas = { sessions: 1 };
    await client.call("PATCH", `/admin/accounts/${client.account}`, { body: { quotas } });
    for (const path of [
      `/calls/call_${call}`,
      `/v1/responses/resp_${response}`,
      `/v1/conversations/s/items/msg_${item}_0`,
    ]) {
      expect((await client.post("/sessions/s/archive")).status).toBe(200);
      expect((await client.call("DELETE", path)).status).toBe(200);
    }
    expect((await client.get("/storage-stats")).body.quotas.sessions).toEqual({
      limit: 1,
      used: 2,
    });
  });

  it("leaves an archived session where it is that has no such call, response or item", async () => {
    const client = new Client();
    await client.ask("One", { session_id: "s" });
    await client.post("/sessions/s/archive");
    for (const path of [
      "/calls/call_zzz1",
      "/v1/responses/resp_zzz1",
      "/v1/conversations/s/items/msg_zzz1_0",
      "/v1/conversations/s/items/nothing",
    ])
      expect([path, (await client.call("DELETE", path)).status]).toEqual([path, 404]);
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
  });

  it("does not come back with rows of another schema, nor by an import", async () => {
    const client = await someCalls();
    const all = await (await client.fetch("GET", "/export")).text();
    await client.call("DELETE", "/calls/s1");
    const lines = all.split("\n").filter((line) => line !== "");
    const from = lines.findIndex((line) => line.includes('"session_id":"s"'));
    await client.post("/import?on_conflict=replace", {
      body: lines.slice(from, from + 2).join("\n"),
      headers: { "content-type": "application/x-ndjson" },
    });
    expect((await client.get("/calls/s1")).status).toBe(410);
    expect(JSON.stringify((await client.get("/sessions/s/turns")).body)).not.toContain(CANARY);

    await client.call("PUT", "/migrations/calls", { body: { mode: "dual" } });
    const [{ rows }] = oldCalls(1, 21) as [OldCallCase];
    const upload = () =>
      client.post("/migrations/calls", {
        body: rows.map((row) => JSON.stringify({ ...row, call_id: "old-1" })).join("\n"),
      });
    expect((await upload()).body).toMatchObject({ created: 1, errors: [] });
    await client.call("DELETE", "/calls/old-1");
    const again = await upload();
    expect(again.body.errors).toMatchObject([{ call_id: "old-1", code: "call_erased" }]);
    expect((await client.get("/migrations/calls/status")).body.old_rows).toBe(0);
  });
});
