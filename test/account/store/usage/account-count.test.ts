import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { moveToSegment, snapshots } from "../../../../src/account/store/retention/retention.ts";
import { AccountCount } from "../../../../src/account/store/usage/account-count.ts";
import { Counters } from "../../../../src/account/store/usage/counters.ts";
import { insertSession } from "../../../../src/account/store/sessions/sessions.ts";
import { writeSession } from "../../../../src/account/store/sessions/write-session.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";
import { largestTurn } from "../../../support/rows-a-turn.ts";

const SESSIONS = 12_000;
/** A slice of sessions is read three times: to find its end, and to group it. Changes read some more. */
const MAX_ROWS = 18_000;

function fill({ db }: Shelf): void {
  db.run(
    `with recursive n(value) as (select 1 union all select value + 1 from n where value < ?)
     insert into sessions (key, session_id, created_at, accessed_at, flags)
     select value, 'old-' || value, ?2 + value, ?2 + (value % 3) * ${DAY}, value % 7 = 0 from n`,
    SESSIONS,
    THEN,
  );
  db.run(
    `insert into turns (id, status, created_at, input, output)
     select key * 1048576 + 1, 1, accessed_at + key, 'Hi', case when key % 5 then 'Hello' end from sessions`,
  );
}

const countsOf = (counters: Counters) => ({
  ...counters.read(),
  ...counters.bounds(),
  due: counters.due(THEN + DAY + SESSIONS / 2),
});

/** A session that begins, one that has another turn, one that goes, and one that was the oldest. */
function change({ db, turns }: Shelf, counters: Counters, step: number): void {
  const at = { created_at: THEN + step, accessed_at: THEN + 3 * DAY };
  const key = SESSIONS + 1 + step;
  counters.changing();
  insertSession(db, { key, session_id: `new-${key}`, flags: 0, ...at });
  counters.sessionAdded({ ...at, flags: 0 });
  turns.insert(turnOf(turnId(1 + step * 37, 2), "Hi"));
  counters.turnsChanged(1, 2);
  const gone = step === 2 ? 1 : SESSIONS - step * 41;
  const row = db.one<{ created_at: number; accessed_at: number; flags: number }>(
    "select created_at, accessed_at, flags from sessions where key = ?",
    gone,
  );
  if (!row) return;
  const held = turns.count(gone);
  turns.remove([turnId(gone, 0), turnId(gone + 1, 0)]);
  writeSession(db, gone, "delete from sessions where key = ?", gone);
  counters.sessionRemoved(row);
  counters.turnsChanged(-held.turns, -held.messages);
}

describe("counting an account after a wake", () => {
  it("reads a bounded number of rows at a time, and is exact whatever changes meanwhile", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      const counters = new Counters(db);
      let steps = 0;
      const turn = await largestTurn(async () => {
        const state = { over: false };
        const loading = counters.load(THEN / DAY + 1).finally(() => {
          state.over = true;
        });
        for (; !state.over; steps += 1) {
          if (steps % 2 === 0 && steps < 8) db.transaction(() => change(shelf, counters, steps));
          await scheduler.wait(0);
        }
        await loading;
      });
      expect(turn).toMatchObject({ rows: expect.toSatisfy((rows: number) => rows < MAX_ROWS) });
      expect(steps).toBeGreaterThan(6);
      const before = db.rowsRead;
      const { due: _, ...known } = countsOf(counters);
      expect(db.rowsRead - before).toBeLessThan(MAX_ROWS * 2);
      const { due: _due, ...recounted } = countsOf(new Counters(db));
      expect(known).toEqual(recounted);
      expect(countsOf(counters)).toEqual(countsOf(new Counters(db)));
      db.transaction(() => change(shelf, counters, 100));
      expect(countsOf(counters)).toEqual(countsOf(new Counters(db)));
    }));

  it("reads nothing more once it has counted", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      const counters = new Counters(db);
      await Promise.all([counters.load(THEN / DAY + 1), counters.load(THEN / DAY + 1)]);
      const before = db.rowsRead;
      const counts = countsOf(counters);
      expect(db.rowsRead).toBe(before);
      expect(counts).toEqual(countsOf(new Counters(db)));
      expect(counts.sessions).toBe(SESSIONS);
    }));

  it("counts only those slices again from which a sweep takes sessions", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      const count = new AccountCount(db, { withTurns: true });
      db.onChanged((_table, key) => count.changed(key));
      while (count.step());
      const archived = snapshots(db, [1, 2]).map((snapshot) => ({
        snapshot,
        member: 0,
        turns: 1,
        messages: 2,
      }));
      db.transaction(() => moveToSegment(db, archived, 1));
      const before = db.rowsRead;
      while (count.step());
      expect(db.rowsRead - before).toBeLessThan(MAX_ROWS);
      expect(count.turns().turns).toBe(SESSIONS - 2);
      expect(count.sessions()).toMatchObject({ sessions: SESSIONS - 2, archived: 2 });
    }));
});
