import { gunzipSync } from "node:zlib";

import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { RecordReader } from "../../../src/account/archive/format/record.ts";
import { unwrap } from "../../../src/shared/errors.ts";
import { Client, DAY } from "../../support/client.ts";
import { keyHolder } from "../../support/keys.ts";
import { accountRpc } from "../../../src/account/account-client.ts";

const NOW = Date.UTC(2026, 5, 1, 12);
const LATER = NOW + 40 * DAY;
const CANARY = "heronfeather";

/** Everything of the account in R2, as text. */
async function archivedText(account: string): Promise<string> {
  const { objects } = await env.ARCHIVE.list({ prefix: `conversations/${account}/` });
  const texts = await Promise.all(
    objects.map(async ({ key }) =>
      gunzipSync(new Uint8Array(await (await env.ARCHIVE.get(key))!.arrayBuffer())).toString(),
    ),
  );
  return texts.join("");
}

/** Ann and Bob side by side: live, archived, and come back from the archive. */
async function annAndBob(): Promise<Client> {
  const client = new Client();
  for (const user_id of ["ann", "bob"]) {
    const words = user_id === "ann" ? `My word is ${CANARY}` : "My word is stone";
    for (const kind of ["archived", "back"]) {
      const about = { session_id: `${user_id}-${kind}`, user_id };
      await client.ask(words, about, { at: NOW });
      await client.call("PATCH", `/sessions/${user_id}-${kind}/state`, { body: { words } });
    }
  }
  await client.post("/purge", { at: LATER });
  for (const user_id of ["ann", "bob"]) {
    await client.ask("Hi", { session_id: `${user_id}-back` }, { at: LATER });
    await client.ask(`${user_id} ${user_id === "ann" ? CANARY : ""}`, {
      session_id: `${user_id}-live`,
      user_id,
    });
  }
  return client;
}
/** Stores sessions of Ann's, each with a turn for each of these texts, by one request. */
async function bring(client: Client, sessions: string[], texts: string[]): Promise<void> {
  const turns = texts.map((input, n) => {
    const created_at = new Date(NOW + n).toISOString();
    return JSON.stringify({ type: "turn", created_at, input, output: "Yes." });
  });
  const body = sessions.flatMap((session_id) => [
    JSON.stringify({ type: "session", format: 8, session_id, user_id: "ann", turns: turns.length }),
    ...turns,
  ]);
  const headers = { "content-type": "application/x-ndjson" };
  const brought = await client.post("/import", { at: NOW, body: body.join("\n"), headers });
  expect(brought.body).toMatchObject({ created: sessions.length });
}
const erase = (client: Client, user = "ann") => client.call("DELETE", `/users/${user}`);
const exported = async (client: Client, user: string): Promise<string> =>
  (await client.fetch("GET", `/users/${user}/export`)).text();

describe("erasing a user", () => {
  it("leaves nothing of them anywhere, and everything of the others", async () => {
    const client = await annAndBob();
    await client.get(`/search?q=${CANARY}`);
    const before = await exported(client, "bob");
    const { status, body } = await erase(client);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: "user.deleted",
      deleted: true,
      user_id: "ann",
      sessions: 3,
      archived_sessions: 1,
      turns: 4,
      segments: 1,
      verified: true,
    });
    expect(body.places).toEqual([
      { place: "sqlite", state: "clean", found: expect.any(Number), left: 0 },
      { place: "search_index", state: "clean", found: 4, left: 0 },
      { place: "external_calls", state: "clean", found: 0, left: 0 },
      { place: "user_facts", state: "clean", found: 0, left: 0 },
      { place: "kv", state: "clean", found: 0, left: 0 },
      { place: "r2_archives", state: "clean", found: 1, left: 0 },
      { place: "r2_backups", state: "clean", found: 0, left: 0 },
      { place: "replica", state: "absent", found: 0, left: 0 },
      { place: "whatsapp", state: "clean", found: 0, left: 0 },
      { place: "failed_jobs", state: "clean", found: 0, left: 0 },
    ]);
    expect(await archivedText(client.account)).not.toContain(CANARY);
    expect((await client.get(`/search?q=${CANARY}`)).body.data).toEqual([]);
    for (const kind of ["archived", "back", "live"]) {
      expect((await client.get(`/sessions/ann-${kind}`)).status).toBe(404);
      expect((await client.ask("Hi", { session_id: `ann-${kind}` })).status).toBe(410);
    }
    expect(await exported(client, "bob")).toBe(before);
    expect((await client.get("/storage-stats")).body).toMatchObject({
      total_conversations: 2,
      total_turns: 3,
      archived_conversations: 1,
    });
    expect((await erase(client)).body).toMatchObject({ sessions: 0, turns: 0, verified: true });
  });

  it("is refused while one of their sessions, or the account, is under legal hold", async () => {
    const client = await annAndBob();
    const before = await exported(client, "ann");
    await client.call("PATCH", "/sessions/ann-archived", { body: { hold: "case 9" } });
    expect(await erase(client)).toMatchObject({ status: 409, body: { code: "session_held" } });
    await client.call("PATCH", "/sessions/ann-archived", { body: { hold: null } });
    const hold = (reason: string | null) =>
      client.call("PATCH", `/admin/accounts/${client.account}`, { body: { hold: reason } });
    await hold("case 10");
    expect(await erase(client)).toMatchObject({ status: 409, body: { code: "account_held" } });
    await hold(null);
    expect(await exported(client, "ann")).toBe(before);
    expect((await erase(client)).body.sessions).toBe(3);
  });

  it("takes the turns with it that are on their way", async () => {
    const client = new Client();
    const request = {
      new_session_id: "fresh",
      models: ["local"],
      on_busy: "queue" as const,
      input: "Hi",
    };
    const begun = unwrap(
      await accountRpc(client.object).turns.begin(null, { ...request, user_id: "ann" }, NOW),
    );
    if (begun.kind !== "begun") throw new Error("not begun");
    await erase(client);
    const outcome = {
      status: "completed" as const,
      output: "Yes",
      model: null,
      input_tokens: null,
      output_tokens: null,
      duration_ms: 1,
    };
    expect(await accountRpc(client.object).turns.settle(begun.turn, outcome, NOW)).toMatchObject({
      ok: false,
      error: { code: "session_erased" },
    });
    expect((await client.get("/sessions")).body.data).toEqual([]);
    expect((await client.ask("Hi", { user_id: "ann" })).body.new_session).toBe(true);
  });

  it("goes over more sessions than one transaction takes", async () => {
    const client = new Client();
    const sessions = Array.from({ length: 510 }, (_, n) => `s${n}`);
    await bring(client, sessions, ["Hi"]);
    expect((await erase(client)).body).toMatchObject({ sessions: 510, turns: 510, verified: true });
    expect((await client.get("/storage-stats")).body.total_conversations).toBe(0);
  });
});

describe("an export of a user", () => {
  it("is all that they have, in the archive's format, and ends with the counts", async () => {
    const client = await annAndBob();
    const response = await client.fetch("GET", "/users/ann/export");
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const text = await response.text();
    const lines = text.trimEnd().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({ type: "end", sessions: 3, turns: 4 });
    expect(text).not.toContain("bob");
    const records = lines.slice(0, -1).join("\n");
    expect(new RecordReader("ann-archived").read(records)).toMatchObject({
      user_id: "ann",
      state: { words: `My word is ${CANARY}` },
      state_version: 1,
      turns: [{ input: `My word is ${CANARY}`, status: "completed" }],
    });
    expect(new RecordReader("ann-back").read(records)?.turns).toHaveLength(2);
    expect((await client.get("/sessions/ann-archived")).body.status).toBe("archived");
  });

  it("comes in pages, of live and of archived sessions alike", async () => {
    const client = new Client();
    const long = "x".repeat(100_000);
    await bring(
      client,
      ["s"],
      Array.from({ length: 40 }, (_, n) => `${n} ${long}`),
    );
    const live = await exported(client, "ann");
    const turns = live.trimEnd().split("\n").slice(1, -1);
    expect(turns.map((line) => Number.parseInt(JSON.parse(line).input, 10))).toEqual(
      Array.from({ length: 40 }, (_, n) => n),
    );
    await client.post("/purge", { at: LATER });
    expect(await exported(client, "ann")).toBe(live);
  });

  it("of a user without sessions is the end line alone", async () => {
    expect(await exported(new Client(), "nobody")).toBe('{"type":"end","sessions":0,"turns":0}\n');
  });

  it("breaks off where a session is erased under it, without an end line", async () => {
    const client = new Client();
    const long = "x".repeat(100_000);
    await bring(client, ["s"], Array.from({ length: 60 }).fill(long) as string[]);
    const response = await client.fetch("GET", "/users/ann/export");
    const reader = response.body!.getReader();
    await reader.read();
    await client.call("DELETE", "/sessions/s");
    const rest = async () => {
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read());
    };
    await expect(rest()).rejects.toThrow("erased");
  });
});

it("lets a key that speaks for one user erase and export that user only", async () => {
  const { client: account } = await keyHolder(["query", "read", "manage"]);
  const { client: ann } = await keyHolder(["query", "read", "manage"], account.account, {
    user_id: "ann",
  });
  await ann.ask("Hi", { session_id: "hers" });
  await account.ask("Hi", { session_id: "his", user_id: "bob" });
  expect((await ann.get("/users/bob/export")).body.code).toBe("forbidden");
  expect((await erase(ann, "bob")).body.code).toBe("forbidden");
  expect(await exported(ann, "ann")).toContain('"session_id":"hers"');
  expect((await erase(ann)).body.sessions).toBe(1);
  expect((await account.get("/sessions/his")).status).toBe(200);
});
