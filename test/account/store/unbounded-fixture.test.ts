import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { Database } from "../../../src/sqlite/database.ts";
import type { Row } from "../../../src/sqlite/database.ts";
import { dropEverything } from "../../../src/sqlite/migrate.ts";
import { accountRpc } from "../../../src/account/account-client.ts";
import { Client, DAY } from "../../support/client.ts";
import fixture from "../../fixtures/unbounded/00f8a3e.json";

/** As the version of the fixture had them. */
const migrations = import.meta.glob<string>("../../../migrations/conversation/000[1-8]_*.sql", {
  query: "?raw",
  import: "default",
  eager: true,
});

type Dump = (typeof fixture)[number];

/** An account that was written before stored values had bounds, in SQLite and in R2. */
async function openedFrom({ account, tables, objects }: Dump): Promise<Client> {
  const client = new Client({}, account);
  await runInDurableObject(client.object, (_, { storage }) => {
    const db = new Database(storage);
    db.transaction(() => {
      dropEverything(db);
      db.run(
        "create table migrations (name text primary key, checksum text not null) without rowid",
      );
      for (const sql of Object.values(migrations)) db.run(sql);
      for (const [table, rows] of Object.entries(tables)) {
        for (const row of rows as Row[string][][])
          db.run(
            `insert or replace into ${table} values (${row.map(() => "?").join(", ")})`,
            ...row,
          );
      }
    });
  });
  for (const { key, metadata, base64 } of objects)
    await env.ARCHIVE.put(key, Buffer.from(base64, "base64"), { customMetadata: { ...metadata } });
  await evictDurableObject(client.object);
  return client;
}

const LATER = 1_790_000_000_000 + DAY;

async function maintained(client: Client) {
  for (let step = 0; step < 100; step += 1) {
    const done = await accountRpc(client.object).archives.maintain(LATER);
    if (!done.ok) throw new Error(done.error.message);
    if (!done.value.more) return;
  }
  throw new Error("the maintenance does not end");
}

const text = async (client: Client, path: string) => (await client.fetch("GET", path)).text();

const statusesOf = async (client: Client, paths: string[]) => {
  const statuses: Record<string, number> = {};
  for (const path of paths) {
    const response = await client.fetch("GET", path);
    await response.text();
    statuses[path] = response.status;
  }
  return statuses;
};
const all = (paths: string[]) => Object.fromEntries(paths.map((path) => [path, 200]));

const LISTS = [
  "/calls?limit=100",
  "/sessions?limit=100",
  "/storage-stats",
  "/search?q=odd",
  "/export",
];

describe.each(fixture)("the account $account of 00f8a3e", (dump) => {
  it("is readable, all of it, after the maintenance", async () => {
    const client = await openedFrom(dump);
    await maintained(client);
    const { body: list } = await client.get("/sessions?limit=100");
    const ids = (list.data as { session_id: string }[]).map(({ session_id }) => session_id);
    expect(ids).toHaveLength(dump.account === "odd-values" ? 24 : 4);
    const paths = [...LISTS, ...ids.map((id) => `/sessions/${id}/messages`)];
    expect(await statusesOf(client, paths)).toEqual(all(paths));
    const { body: calls } = await client.get("/calls?limit=100");
    const events = (calls.data as { call_id: string }[]).flatMap(({ call_id }) => [
      `/calls/${call_id}/events`,
      `/calls/${call_id}/policy-events`,
    ]);
    expect(await statusesOf(client, events)).toEqual(all(events));

    // What it exports, another account takes.
    const lines = await text(client, "/export");
    const other = new Client();
    const { body: report } = await other.post("/import", { body: lines });
    expect(report).toMatchObject({ status: "complete", problems: [] });
    expect(report.created).toBe(
      lines.split("\n").filter((line) => line.startsWith('{"type":"session"')).length,
    );
  });

  it("says what it brought back, and keeps what stood there", async () => {
    const client = await openedFrom(dump);
    await maintained(client);
    const summary = await accountRpc(client.object).settings.summary(LATER);
    const repairs = summary.ok ? summary.value.repairs : null;
    expect(repairs).toMatchObject({ complete: true, unreadable: [] });
    const lines = (await text(client, "/export"))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const originals = lines.flatMap(({ extra }) => (extra?.original ? [extra.original] : []));
    const isFar = dump.account === "far-values";
    expect(repairs?.session_ids).toEqual(
      expect.arrayContaining(
        isFar
          ? []
          : ["fraction-archived", "huge-archived", "milliseconds-archived", "negative-archived"],
      ),
    );
    const kept: Record<string, string>[] = isFar
      ? [{ created_at: "9000000000000000000" }]
      : [{ input_tokens: "1.5", output_tokens: "-5" }, { input_tokens: "1e+300" }];
    expect(originals).toEqual(expect.arrayContaining(kept));
  });
});

it("a backup of such sessions verifies and restores after the maintenance", async () => {
  const dump = fixture[0]!;
  const client = await openedFrom(dump);
  await maintained(client);
  const verdicts: (string | null)[] = [];
  for (let behind: number | null = null; behind !== -1;) {
    const verdict: Awaited<ReturnType<ReturnType<typeof accountRpc>["backups"]["verifyPart"]>> =
      await accountRpc(client.object).backups.verifyPart(null, "backup_1", behind);
    if (!verdict.ok) throw new Error(verdict.error.message);
    if (verdict.value !== null) verdicts.push(verdict.value.error);
    behind = verdict.value?.part ?? -1;
  }
  expect(verdicts).toEqual([null, null]);
  const options = { dry_run: false, session_ids: null, on_conflict: "skip" as const };
  for (const id of ["fraction-archived", "milliseconds-live"]) {
    await client.call("DELETE", `/sessions/${id}`);
  }
  for (let step = 0; step < 20; step += 1) {
    const report = await accountRpc(client.object).backups.stepRestore(null, "backup_1", options);
    if (!report.ok) throw new Error(report.error.message);
    if (report.value.complete) break;
  }
  expect((await client.get("/sessions/negative-archived/messages")).status).toBe(200);
});
