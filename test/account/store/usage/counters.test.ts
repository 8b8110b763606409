import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, inject, it } from "vitest";

import { unwrap } from "../../../../src/shared/errors.ts";
import { Counters } from "../../../../src/account/store/usage/counters.ts";
import { Database } from "../../../../src/sqlite/database.ts";
import { insertSession } from "../../../../src/account/store/sessions/sessions.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import { readValue, writeValue } from "../../../../src/account/store/account/account-values.ts";
import { Client, DAY } from "../../../support/client.ts";
import type { Answer } from "../../../support/client.ts";
import { root } from "../../../support/keys.ts";
import { largestTurn } from "../../../support/rows-a-turn.ts";
import { untilListed } from "../../../support/until.ts";
import { accountRpc } from "../../../../src/account/account-client.ts";

/** A small generator of numbers in [0, 1): the same seed gives the same run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `npm run test:large` takes more. */
const SEEDS = inject("isLarge") ? [1, 2, 3, 4] : [1, 2];

/** What a recount of the rows says, beside what the object keeps in memory. */
const recounted = (client: Client, cutoff: number) =>
  runInDurableObject(client.object, (_, { storage }) => {
    const db = new Database(storage);
    const counters = new Counters(db);
    counters.forget();
    return { ...counters.read(), ...counters.bounds(), due: counters.due(cutoff) };
  });

it.each(SEEDS)("counts what a recount counts, after anything (seed %i)", async (seed) => {
  const random = seeded(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const client = new Client();
  const now = Date.UTC(2026, 6, 1, 12);
  for (let step = 0; step < 60; step += 1) {
    const session_id = `s${pick(8)}`;
    const at = now - pick(50) * DAY - pick(1_000);
    const actions = [
      () => client.ask("1 + 1", { session_id }, { at }),
      () => client.ask("1 + 1", { session_id }, { at }),
      () => client.ask("1 + 1", { session_id }, { at: now }),
      () => client.call("PATCH", `/sessions/${session_id}`, { body: { pinned: random() < 0.5 } }),
      () => client.post("/purge", { at: now }),
      () => client.post(`/archives/${session_id}/restore`, { at }),
      () => client.call("DELETE", `/sessions/${session_id}`),
      () => client.get("/storage-stats", { at: now }),
      () => evictDurableObject(client.object).then(() => client.get("/storage-stats", { at: now })),
    ];
    await actions[pick(actions.length)]?.();
    const { body } = await client.get("/storage-stats", { at: now });
    const counts = await recounted(client, now - 30 * DAY);
    expect(body).toMatchObject({
      total_conversations: counts.sessions,
      total_turns: counts.turns,
      total_messages: counts.messages,
      archived_conversations: counts.archived,
      archived_bytes: counts.archived_bytes,
      due_for_purge: counts.due,
      oldest_conversation: counts.oldest_at && new Date(counts.oldest_at).toISOString(),
      newest_conversation: counts.newest_at && new Date(counts.newest_at).toISOString(),
    });
    const days = Object.values(body.last_accessed as Record<string, number>);
    expect(days.reduce((sum, count) => sum + count, body.last_accessed_earlier)).toBe(
      counts.sessions,
    );
  }
});

it("reads few rows for the stats of a warm object, and writes none a turn for counting", async () => {
  const client = new Client();
  const old = Date.now() - 10 * DAY;
  for (let n = 0; n < 40; n += 1) await client.ask("Hi", { session_id: `s${n}` }, { at: old });
  await client.get("/storage-stats");
  // The alarm tells the directory, and writes a row for that.
  await untilListed(client.object);
  await client.get("/storage-stats");
  const before = unwrap(await accountRpc(client.object).settings.rows());
  await client.ask("Hi", { session_id: "s0" }, { at: old + 1 });
  await client.ask("Hi", { session_id: "s0" }, { at: old + 2 });
  const between = unwrap(await accountRpc(client.object).settings.rows());
  // The stored counters are dropped once, by the first turn after them.
  expect(between.written - before.written).toBe(3);
  await client.get("/storage-stats");
  expect(
    unwrap(await accountRpc(client.object).settings.rows()).read - between.read,
  ).toBeLessThanOrEqual(20);
});

it("reads as many rows for the stats after an eviction, however many sessions there are", () =>
  withShelf(async ({ db, counters, add }) => {
    const cutoff = THEN + 30 * DAY;
    const day = Math.floor(cutoff / DAY);
    const rowsAfterEviction = async (): Promise<number> => {
      await counters.load();
      counters.save();
      const before = db.rowsRead;
      const woken = new Counters(db);
      await woken.load(day);
      expect(woken.due(cutoff)).toBe(woken.sessions().sessions);
      expect([woken.read(), woken.bounds()]).toEqual([counters.read(), counters.bounds()]);
      return db.rowsRead - before;
    };
    const sessions = (count: number, prefix: string) => {
      for (let n = 0; n < count; n += 1) add(`${prefix}${n}`, ["Hi"]);
      counters.changing();
      counters.forget();
    };
    sessions(5, "a");
    const few = await rowsAfterEviction();
    sessions(200, "b");
    expect(await rowsAfterEviction()).toBe(few);
    expect(few).toBeLessThan(5);
  }));

it("takes no times of an older version, which saves those that it found on", () =>
  withShelf(async ({ db, counters, add }) => {
    add("a", ["Hi"]);
    counters.read();
    counters.bounds();
    counters.save();
    const saved = readValue(db, "counters")!;
    // The older version runs for a while.
    const times = { created_at: THEN - DAY, accessed_at: THEN };
    insertSession(db, { key: 9, session_id: "b", ...times, flags: 0 });
    writeValue(db, "counters", { ...saved, sessions: 2 });
    expect(new Counters(db).bounds()).toEqual({ oldest_at: THEN - DAY, newest_at: THEN });
    // As many as before, and others.
    db.run("update sessions set key = 10, created_at = ? where session_id = 'a'", THEN + DAY);
    db.run("delete from sessions where session_id = 'b'");
    writeValue(db, "counters", saved);
    expect(new Counters(db).bounds()).toEqual({ oldest_at: THEN + DAY, newest_at: THEN + DAY });
  }));

it("counts turns that a rollback forgets while only sessions are counted", () =>
  withShelf(async ({ db, turns }) => {
    for (const key of [1, 2]) {
      const times = { created_at: THEN + key, accessed_at: THEN + key };
      insertSession(db, { key, session_id: `s${key}`, ...times, flags: 0 });
      turns.insert(turnOf(turnId(key, 1), "Hi", {}));
    }
    const counted = new Counters(db);
    const whole = counted.read();
    expect(whole.turns).toBe(2);
    counted.save();
    // Turns are stored, the oldest and the newest session are not.
    const woken = new Counters(db);
    const loading = woken.load();
    const undone = new Error("undone");
    expect(() =>
      db.transaction(() => {
        throw undone;
      }),
    ).toThrow(undone);
    await loading;
    expect(woken.read()).toEqual(whole);
    woken.save();
    expect(new Counters(db).read()).toEqual(whole);
  }));

const SESSIONS = 40;
const TURNS = 1_500;

function fill(db: Database, at: number): void {
  const numbers =
    "with recursive n(value) as (select 1 union all select value + 1 from n where value < ?1)";
  db.run(
    `${numbers} insert into sessions (key, session_id, created_at, accessed_at, flags)
     select value, 's' || value, ?2, ?2, 0 from n`,
    SESSIONS,
    at,
  );
  db.run(
    `${numbers} insert into turns (id, status, created_at, input, output)
     select s.key * 1048576 + n.value, 1, s.accessed_at, 'Hi', 'Hello' from sessions s cross join n`,
    TURNS,
  );
  db.run("insert into account (name, value) values ('next_key', ?)", String(SESSIONS + 1));
}

const ROWS = { rows: 2 * SESSIONS * TURNS };

it.each<[string, (client: Client) => Promise<Answer>]>([
  ["the overview", (client) => client.get("/overview")],
  [
    "an admin's change",
    ({ account }) => root.call("PATCH", `/admin/accounts/${account}`, { body: { hold: null } }),
  ],
  ["a trial", (client) => client.call("PUT", "/retention?dry_run=true", { body: ROWS })],
  ["a dry run", (client) => client.post("/purge?dry_run=true")],
])("counts in slices for %s, in an object that has just woken", async (_name, call) => {
  const client = new Client();
  await runInDurableObject(client.object, (_, { storage }) => {
    const db = new Database(storage);
    fill(db, Date.now() - 2 * DAY);
    writeValue(db, "retention", ROWS);
  });
  await evictDurableObject(client.object);
  const { rows } = await largestTurn(async () => {
    expect((await call(client)).status).toBe(200);
  });
  expect(rows).toBeLessThan((SESSIONS * TURNS) / 2);
});
