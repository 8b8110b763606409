import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { expireArchives } from "../../../src/account/archive/erasure/expire-archives.ts";
import { insertRecord } from "../../../src/account/archive/sessions/insert-record.ts";
import { liveRecord } from "../../../src/account/archive/sessions/live-record.ts";
import { accountRpc } from "../../../src/account/account-client.ts";
import { unwrap } from "../../../src/shared/errors.ts";
import { NO_TURNS, addCounts } from "../../../src/account/store/usage/analytics.ts";
import { readDaily, rollUp } from "../../../src/account/store/usage/roll-up.ts";
import { THEN, dueAt, withShelf } from "../../support/archive.ts";
import type { Shelf } from "../../support/archive.ts";
import { Client, DAY } from "../../support/client.ts";
import { DONE } from "../../support/desk.ts";
import { untilRow } from "../../support/until.ts";

const START = Date.UTC(2026, 3, 1, 12);
const LATER = START + 5 * DAY;
const iso = (ms: number) => new Date(ms).toISOString();

const lines = (session_id: string, days: number[], more: object = {}): string =>
  [
    { type: "session", format: 6, session_id, turns: days.length, ...more },
    ...days.map((day, n) => ({
      type: "turn",
      created_at: iso(START + day * DAY + n * 60_000),
      duration_ms: 500,
      model: "openai/gpt-5",
      input: `Question ${day}.${n}`,
      output: "Yes.",
    })),
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");

/** Turns a day, and sessions that began on it. */
async function daysOf(client: Client, at = LATER): Promise<[string, number, number][]> {
  const { body } = await client.get("/analytics?from=2026-04-01&to=2026-04-30", { at });
  return body.data
    .map(({ day, turns, sessions }: Record<string, unknown>) => [day, turns, sessions])
    .filter(([, turns]: [string, number]) => turns !== 0);
}

/** An account all of whose days are rolled up. */
async function rolledUp(): Promise<Client> {
  const client = new Client();
  await client.ask("x", { session_id: "first" }, { at: START });
  expect(await daysOf(client)).toEqual([["2026-04-01", 1, 1]]);
  return client;
}

const bring = (client: Client, body: string, query = "") =>
  client.post(`/import?${query}`, { at: LATER, body });
const undo = (client: Client, id: string) => client.call("DELETE", `/imports/${id}`, { at: LATER });

describe("turns that are written once their day is rolled up", () => {
  it("are counted on it: an import, what a later one adds, and what replaces it", async () => {
    const client = await rolledUp();
    await bring(client, lines("a", [0, 0, 1], { assistant: "support" }));
    expect(await daysOf(client)).toEqual([
      ["2026-04-01", 3, 2],
      ["2026-04-02", 1, 0],
    ]);
    const { body } = await client.get("/analytics?from=2026-04-01&to=2026-04-30&by=assistant", {
      at: LATER,
    });
    expect(body.data).toContainEqual(expect.objectContaining({ assistant: "support", turns: 3 }));
    await bring(client, lines("a", [2, 2]), "on_conflict=merge");
    expect((await daysOf(client)).at(-1)).toEqual(["2026-04-03", 2, 0]);
    await bring(client, lines("a", [1]), "on_conflict=replace");
    expect(await daysOf(client)).toEqual([
      ["2026-04-01", 1, 1],
      ["2026-04-02", 1, 1],
    ]);
  });

  it("are no longer counted once their import is undone", async () => {
    const client = await rolledUp();
    await bring(client, lines("a", [0, 1]), "import_id=i1");
    await bring(client, lines("first", [1, 2]), "import_id=i2&on_conflict=merge");
    await client.post("/sessions/a/archive", { at: LATER });
    expect((await daysOf(client)).map(([, turns]) => turns)).toEqual([2, 2, 1]);
    await undo(client, "i1");
    expect((await daysOf(client)).map(([, turns]) => turns)).toEqual([1, 1, 1]);
    await undo(client, "i2");
    expect(await daysOf(client)).toEqual([["2026-04-01", 1, 1]]);
  });

  it("are counted when a backup brings them back", async () => {
    const client = await rolledUp();
    await bring(client, lines("a", [0, 1]), "import_id=i1");
    const before = await daysOf(client);
    const { body: backup } = await client.post("/backups", { at: LATER });
    // As if storage were lost: the session goes as if it had never been.
    await undo(client, "i1");
    expect(await daysOf(client)).not.toEqual(before);
    const restored = await client.post(`/backups/${backup.backup_id}/restore`, { at: LATER });
    expect(restored.body).toMatchObject({ restored: 1 });
    expect(await daysOf(client)).toEqual(before);
  });

  it("are counted when a fork copies them", async () => {
    const client = new Client();
    const { body } = await client.post("/v1/responses", { body: { input: "x" }, at: START });
    await client.post("/v1/responses", {
      body: { input: "y", previous_response_id: body.id },
      at: START + 1,
    });
    expect(await daysOf(client)).toEqual([["2026-04-01", 2, 1]]);
    await client.post("/v1/responses", {
      body: { input: "z", previous_response_id: body.id },
      at: LATER,
    });
    expect(await daysOf(client)).toEqual([
      ["2026-04-01", 3, 2],
      ["2026-04-06", 1, 0],
    ]);
  });

  it("count as they ended, where they took until after their day", async () => {
    const client = new Client();
    const request = { session_id: "s", new_session_id: "s", models: ["local"], input: "Hi" };
    const begun = unwrap(
      await accountRpc(client.object).turns.begin(null, { ...request, on_busy: "queue" }, START),
    );
    if (begun.kind !== "begun") throw new Error("it is not begun");
    await untilRow(client.object, `turns where id = ${begun.turn.turn_id}`);
    const read = async () => {
      const { body } = await client.get("/analytics?from=2026-04-01&to=2026-04-01", { at: LATER });
      return body.total;
    };
    expect(await read()).toMatchObject({ turns: 1, abandoned: 1, completed: 0 });
    await accountRpc(client.object).turns.settle(begun.turn, DONE, LATER + 1);
    expect(await read()).toMatchObject({ turns: 1, abandoned: 0, completed: 1 });
  });

  it("are not counted twice when they come back after their archive expired", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      db.run("insert into account values ('next_key', '2')");
      const tools = shelf.tools();
      const sum = async () => turnsOn(shelf);
      shelf.add("a", ["one", "two"]);
      await rollUp(db, THEN + 2 * DAY);
      expect(await sum()).toBe(2);
      const record = liveRecord(tools, 1)!;
      await tools.archivist.archiveDue(dueAt(THEN + 40 * DAY), 0);
      expect(await expireArchives(tools, THEN + 140 * DAY)).toMatchObject({ sessions: 1 });
      expect(await sum()).toBe(2);
      const other = { ...record, session_id: "other", created_at: record.created_at + 1 };
      db.transaction(() => insertRecord(tools, other));
      expect(await sum()).toBe(4);
      db.transaction(() => insertRecord(tools, record));
      expect(await sum()).toBe(4);
      expect(db.scalar("select count(*) from expired_sessions")).toBe(0);
    }));
});

const turnsOn = async ({ db }: Shelf): Promise<number> =>
  (await readDaily(db, THEN / DAY, THEN / DAY)).reduce(
    (sum, { counts }) => addCounts(sum, counts),
    NO_TURNS,
  ).turns;

describe("archives that are found again after SQLite was lost", () => {
  it("are counted, and stay so when they come back", async () => {
    const client = new Client();
    for (const session_id of ["a", "b"]) await client.ask("x", { session_id }, { at: START });
    await client.post("/sessions/a/archive", { at: LATER });
    await runInDurableObject(client.object, (_, { storage }) => storage.deleteAll());
    await evictDurableObject(client.object);
    expect(await daysOf(client)).toEqual([]);
    expect(unwrap(await accountRpc(client.object).archives.reindex())).toMatchObject({
      sessions: 1,
    });
    expect(await daysOf(client)).toEqual([["2026-04-01", 1, 1]]);
    await client.post("/archives/a/restore", { at: LATER });
    expect(await daysOf(client)).toEqual([["2026-04-01", 1, 1]]);
  });
});
