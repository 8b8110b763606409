import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, it, vi } from "vitest";

import { SegmentWriter } from "../../src/account/archive/format/segment.ts";
import { Database } from "../../src/sqlite/database.ts";
import { Client } from "../support/client.ts";

const SESSIONS = 400;
const TURNS = 4;
/** Between two turns: a caller that reads the answer before it goes on. */
const BETWEEN_MS = 3;
const MIN_PIECES = 50;
const MIN_TURNS = 20;
const TEXT = "plum ".repeat(200);

afterEach(() => void vi.restoreAllMocks());

/** Counts the turns of the event loop in which text was compressed. */
function countPieces(): () => number {
  let pieces = 0;
  let isWorking = false;
  // It is called with the writer that it belongs to.
  // oxlint-disable-next-line typescript/unbound-method
  const { add } = SegmentWriter.prototype;
  vi.spyOn(SegmentWriter.prototype, "add").mockImplementation(function adding(
    this: SegmentWriter,
    lines,
  ) {
    if (!isWorking) pieces += 1;
    isWorking = true;
    return add.call(this, lines);
  });
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation((ms) => {
    isWorking = false;
    return wait(ms);
  });
  return () => pieces;
}

it("lets a turn begin and end between two pieces of a backup", async () => {
  const client = new Client();
  await runInDurableObject(client.object, (_, { storage }) => {
    const db = new Database(storage);
    db.run(
      `with recursive n(value) as (select 1 union all select value + 1 from n where value < ?)
       insert into sessions (key, session_id, created_at, accessed_at, flags)
       select value, 's-' || value, ?2, ?2, 0 from n`,
      SESSIONS,
      Date.now(),
    );
    db.run(
      `with recursive n(value) as (select 1 union all select value + 1 from n where value < ?)
       insert into turns (id, status, created_at, input, output)
       select s.key * 1048576 + n.value, 1, s.accessed_at, ?, 'Yes.' from sessions s cross join n`,
      TURNS,
      TEXT,
    );
    db.run("insert into account (name, value) values ('next_key', ?)", String(SESSIONS + 1));
  });
  await evictDurableObject(client.object);
  await client.ask("Hi", { session_id: "beside" });
  const count = countPieces();
  const state = { over: false };
  const backup = client.post("/backups").finally(() => {
    state.over = true;
  });
  const passed: number[] = [];
  while (!state.over) {
    await scheduler.wait(BETWEEN_MS);
    const before = count();
    await client.ask("Hi", { session_id: "beside" });
    // Those before the first piece and after the last one show nothing.
    if (before > 0) passed.push(count() - before);
  }
  expect((await backup).status).toBe(201);
  expect(count()).toBeGreaterThan(MIN_PIECES);
  expect(passed.length).toBeGreaterThan(MIN_TURNS);
  expect(passed.reduce((sum, each) => sum + each, 0)).toBeLessThan(MIN_TURNS / 2);
});
