import { createHash } from "node:crypto";

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

import { accountRpc } from "../../src/account/account-client.ts";
import { accountPrefixes } from "../../src/account/archive/format/keys.ts";
import { Database } from "../../src/sqlite/database.ts";
import { dropEverything } from "../../src/sqlite/migrate.ts";
import { Client } from "../support/client.ts";

const NOW = Date.parse("2026-06-01T10:00:00.000Z");
const at = { at: NOW };
const MIB = 1024 * 1024;
/** As large as a turn may be. Two of them are more than one segment has, and more than one reply. */
const TURN_MIB = 15.9;
const PICTURES = 5;
const LAST = `heron${PICTURES - 1}`;

/** As a picture's bytes: no two stretches of it are the same. */
function picture(mib: number, seed: number): string {
  const bytes = Buffer.alloc(Math.floor((mib * MIB * 3) / 4));
  let state = seed;
  for (let from = 0; from < bytes.length - 3; from += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, from);
  }
  return `data:image/png;base64,${bytes.toString("base64")}`;
}
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const objectsOf = async (client: Client): Promise<R2Object[]> => {
  const lists = await Promise.all(
    accountPrefixes(client.account).map((prefix) => env.ARCHIVE.list({ prefix })),
  );
  return lists.flatMap(({ objects }) => objects);
};
/** sha256 of each picture of the session, a page of one item at a time. */
async function pictures(client: Client, id: string): Promise<string[]> {
  const found: string[] = [];
  for (let after = ""; ;) {
    const page = await client.get(`/v1/conversations/${id}/items?order=asc&limit=1${after}`, at);
    expect([page.status, page.body.error]).toEqual([200, undefined]);
    for (const { content } of page.body.data)
      for (const part of content) if ("image_url" in part) found.push(sha256(part.image_url));
    if (!page.body.has_more) return found;
    after = `&after=${page.body.last_id}`;
  }
}
async function loseSqlite(client: Client): Promise<void> {
  await runInDurableObject(client.object, (_, { storage }) => {
    const db = new Database(storage);
    db.transaction(() => dropEverything(db));
  });
  await evictDurableObject(client.object);
}
const said = (text: string): string[] =>
  text.split("\n").filter((line) => line.includes('"type":"turn"'));

/** An export is imported into another account, a request a part, and is there turn by turn. */
async function goesRound(client: Client, hashes: string[]): Promise<void> {
  const response = await client.fetch("GET", "/export", at);
  const lines = (await response.text()).split("\n").slice(0, -1);
  expect(said(lines.join("\n"))).toHaveLength(PICTURES + 1);
  const heads = lines.flatMap((line, index) => (line.includes('"type":"session"') ? [index] : []));
  expect(heads.length).toBeGreaterThanOrEqual(PICTURES);
  const other = new Client();
  for (const [index, from] of heads.entries()) {
    const to = heads[index + 1];
    const query = `mode=skip_bad&import_id=round&from_line=${from + 1}&more=${to !== undefined}`;
    const body = `${lines.slice(from, to).join("\n")}\n`;
    const sent = await other.post(`/import?${query}`, { ...at, body });
    expect([sent.status, sent.body.problems]).toEqual([200, []]);
  }
  expect((await other.get("/imports/round", at)).body).toMatchObject({
    status: "complete",
    created: 1,
    turns_written: PICTURES + 1,
    reconciliation: { differing: [] },
  });
  expect(await pictures(other, "large")).toEqual(hashes);
  const again = await (await other.fetch("GET", "/export", at)).text();
  expect(said(again).map(sha256)).toEqual(said(lines.join("\n")).map(sha256));
}
const statusOf = async (client: Client, id: string) =>
  (await client.get(`/sessions/${id}`, at)).body.status;

it(
  `a session of ${PICTURES} turns of almost 16 MiB goes where any session goes`,
  { timeout: 600_000 },
  async () => {
    const client = new Client();
    const about = { session_id: "large", user_id: "ann" };
    const first = await client.ask("What is this zebra?", about, at);
    expect(first.status).toBe(200);
    const hashes: string[] = [];
    for (let n = 0; n < PICTURES; n += 1) {
      const image_url = picture(TURN_MIB, n + 1);
      hashes.push(sha256(image_url));
      const content = [
        { type: "input_text", text: `heron${n}` },
        { type: "input_image", image_url },
      ];
      const items = [{ type: "message", role: "user", content }];
      const added = await client.post("/v1/conversations/large/items", { ...at, body: { items } });
      expect([added.status, added.body.error]).toEqual([200, undefined]);
    }
    expect((await client.get(`/search?q=${LAST}`, at)).body.data).toHaveLength(1);

    const archived = await client.post("/sessions/large/archive", { ...at, body: {} });
    expect([archived.status, archived.body.status]).toEqual([200, "archived"]);
    const objects = await objectsOf(client);
    expect(objects.length).toBeGreaterThanOrEqual(PICTURES);
    for (const { size } of objects) expect(size).toBeLessThan(16 * MIB);
    expect(await pictures(client, "large")).toEqual(hashes);
    expect(await statusOf(client, "large")).toBe("archived");
    const { body: found } = await client.get(`/search?q=${LAST}`, at);
    expect(found.data[0]).toMatchObject({ session_id: "large", status: "archived", role: "user" });
    const whole = await client.get("/archives/large", at);
    expect([whole.status, whole.body.code]).toEqual([413, "archive_too_large"]);

    const made = await client.post("/backups", { ...at, body: {} });
    expect(made.body).toMatchObject({ status: "complete", sessions: 1, turns: PICTURES + 1 });
    const parts = (await objectsOf(client)).filter(({ key }) => key.startsWith("backups/"));
    expect(parts.length).toBeGreaterThan(PICTURES);
    for (const { size } of parts) expect(size).toBeLessThan(16 * MIB);
    const backup = `/backups/${made.body.backup_id}`;
    const { body: verified } = await client.post(`${backup}/verify`, { ...at, body: {} });
    expect(verified).toMatchObject({ valid: true });
    await loseSqlite(client);
    const archives = objects
      .map(({ key }) => key)
      .filter((key) => key.startsWith("conversations/"));
    await env.ARCHIVE.delete(archives);
    await accountRpc(client.object).archives.reindex();
    let brought = { complete: false };
    while (!brought.complete)
      ({ body: brought } = await client.post(`${backup}/restore`, { ...at, body: {} }));
    expect(brought).toMatchObject({ complete: true, restored: 1, turns: PICTURES + 1 });
    expect(await statusOf(client, "large")).toBe("live");
    expect(await pictures(client, "large")).toEqual(hashes);

    await client.post("/sessions/large/archive", { ...at, body: {} });
    await loseSqlite(client);
    const report = await accountRpc(client.object).archives.reindex();
    expect(report).toMatchObject({ ok: true, value: { sessions: 1, backups: 1, errors: [] } });

    const restored = await client.post("/archives/large/restore", { ...at, body: {} });
    expect([restored.status, await statusOf(client, "large")]).toEqual([200, "live"]);
    expect(await pictures(client, "large")).toEqual(hashes);
    await goesRound(client, hashes);

    await client.ask("And now?", about, at);
    await client.post("/sessions/large/archive", { ...at, body: {} });
    const erased = await client.call("DELETE", "/users/ann", at);
    expect(erased.body).toMatchObject({ sessions: 1, archived_sessions: 1, verified: true });
    const left = (await objectsOf(client)).map(({ key }) => key);
    expect(left.filter((key) => key.includes(".ndjson.gz"))).toEqual([]);
  },
);
