import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { NO_TURNS, addCounts } from "../../../../src/account/store/usage/analytics.ts";
import { SLICE_TURNS } from "../../../../src/account/store/usage/count-turns.ts";
import { readDaily, rollUp, tally } from "../../../../src/account/store/usage/roll-up.ts";
import { readValue } from "../../../../src/account/store/account/account-values.ts";
import { insertSession, putDetails } from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const TODAY = THEN / DAY;
/** In each of the sessions; a slice ends within the second. */
const TURNS = Math.ceil(SLICE_TURNS * 0.6);
const SESSIONS = 5;

/** Sessions of two users whose turns go on over two days. */
function fill({ db, turns }: Shelf): void {
  for (let key = 1; key <= SESSIONS; key += 1) {
    const accessed_at = THEN + 2 * DAY - 1;
    insertSession(db, { key, session_id: `s${key}`, created_at: THEN, accessed_at, flags: 0 });
    putDetails(db, key, { user_id: key % 2 === 0 ? "even" : "odd" });
    turns.insert(turnOf(turnId(key, 1), "Hi", {}));
    db.run(
      `insert into turns select t.id + j.value, t.status, t.created_at + (j.value % 2) * ${DAY}, t.duration_ms, t.model,
         t.input_tokens, t.output_tokens, t.input, t.output, t.extra, t.shown, t.frame, t.parts
       from turns t cross join (with recursive n(value) as (select 1 union all select value + 1 from n where value < ?)
         select value from n) j where t.id = ?`,
      TURNS - 1,
      turnId(key, 1),
    );
  }
}

const remove = ({ db, turns }: Shelf, key: number) =>
  db.transaction(() => {
    tally(db, [key], THEN + 2 * DAY, 1);
    turns.remove([turnId(key, 0), turnId(key + 1, 0)]);
  });

const sumsOf = async ({ db }: Shelf) => {
  const days = [TODAY, TODAY + 1];
  const counts = await Promise.all(days.map((day) => readDaily(db, day, day)));
  return counts.map((all) => all.reduce((sum, each) => addCounts(sum, each.counts), NO_TURNS));
};

const turnsOnly = (all: object[]) => all.map((each) => ({ ...each, users: 0 }));

/** The rows read between two turns of the event loop, while the work is on. */
async function readMeanwhile(
  { db }: Shelf,
  work: Promise<unknown>,
  beside: (turn: number) => void,
) {
  const read: number[] = [];
  const state = { over: false };
  void work.finally(() => {
    state.over = true;
  });
  let before = 0;
  for (let turn = 0; !state.over; turn += 1) {
    read.push(db.rowsRead - before);
    before = db.rowsRead;
    beside(turn);
    before = db.rowsRead;
    await scheduler.wait(0);
  }
  return read;
}

describe("counting an account's turns", () => {
  it("reads a bounded number of rows at a time, and comes to the same however they leave meanwhile", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      const whole = await sumsOf(shelf);
      expect(whole.map(({ turns }) => turns)).toEqual([
        SESSIONS * Math.ceil(TURNS / 2),
        SESSIONS * Math.floor(TURNS / 2),
      ]);
      expect(whole.map(({ users }) => users)).toEqual([2, 2]);
      db.rowsRead = 0;
      // The first and the last leave while the slices between them are counted.
      const read = await readMeanwhile(shelf, rollUp(db, THEN + 3 * DAY), (turn) => {
        const done = db.scalar<number>(
          "select value ->> '$.before' from account where name = 'rolling'",
        );
        if (done !== null && turn % 2 === 0)
          for (const key of [1, SESSIONS])
            if (db.scalar("select 1 from turns where id = ?", turnId(key, 1)) !== null)
              return remove(shelf, key);
      });
      expect(db.scalar("select count(*) from turns")).toBe((SESSIONS - 2) * TURNS);
      expect(Math.max(...read)).toBeLessThan(5 * SLICE_TURNS);
      expect(read.filter((rows) => rows > 0).length).toBeGreaterThan(3);
      expect(turnsOnly(await sumsOf(shelf))).toEqual(turnsOnly(whole));
      db.run("delete from turns");
      expect(turnsOnly(await sumsOf(shelf))).toEqual(turnsOnly(whole));
    }));

  it("goes on where it was cut off", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      const whole = await sumsOf(shelf);
      const cut = new Error("cut off");
      const write = db.run.bind(db);
      let slices = 0;
      db.run = (sql, ...params) => {
        write(sql, ...params);
        if (params[0] === "rolling") slices += 1;
        if (slices === 2) throw cut;
      };
      await expect(rollUp(db, THEN + 3 * DAY)).rejects.toBe(cut);
      db.run = write;
      // The second slice was undone with what it had counted.
      expect(db.scalar("select value ->> '$.before' from account where name = 'rolling'")).toBe(
        turnId(2, SLICE_TURNS - TURNS + 1),
      );
      expect(await sumsOf(shelf)).toEqual(whole);
      await rollUp(db, THEN + 3 * DAY);
      expect(await sumsOf(shelf)).toEqual(whole);
      expect(db.scalar("select count(*) from account where name = 'rolling'")).toBe(0);
      db.run("delete from turns");
      expect(await sumsOf(shelf)).toEqual(whole);
    }));

  it("is the same for readers that come together, and counted once", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      const whole = await sumsOf(shelf);
      await Promise.all([1, 2, 3].map((days) => rollUp(db, THEN + days * DAY + DAY / 2)));
      expect(await sumsOf(shelf)).toEqual(whole);
      db.run("delete from turns");
      expect(await sumsOf(shelf)).toEqual(whole);
    }));

  it("counts a user once whose session leaves while the day is rolled up", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      putDetails(db, SESSIONS, { user_id: "alone" });
      const whole = await sumsOf(shelf);
      expect(whole.map(({ users }) => users)).toEqual([3, 3]);
      let hasLeft = false;
      await readMeanwhile(shelf, rollUp(db, THEN + 3 * DAY), () => {
        if (hasLeft || readValue(db, "rolling") === null) return;
        hasLeft = true;
        remove(shelf, SESSIONS);
      });
      expect(hasLeft).toBe(true);
      expect(await sumsOf(shelf)).toEqual(whole);
    }));

  it("counts a user whose session comes back while the day is rolled up", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      putDetails(db, 1, { user_id: "alone" });
      const whole = await sumsOf(shelf);
      db.run("create table aside as select * from turns where id < ?", turnId(2, 0));
      remove(shelf, 1);
      expect(await sumsOf(shelf)).toEqual(whole);
      let isBack = false;
      await readMeanwhile(shelf, rollUp(db, THEN + 3 * DAY), () => {
        if (isBack || readValue(db, "rolling") === null) return;
        isBack = true;
        db.transaction(() => {
          db.run("insert into turns select * from aside");
          tally(db, [1], THEN + 2 * DAY, -1);
        });
      });
      expect(isBack).toBe(true);
      expect((await sumsOf(shelf)).map(({ users }) => users)).toEqual([3, 3]);
    }));

  it.each(["erasing", "erased_at"] as const)("ends where the account is erased (%s)", (name) =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      await readMeanwhile(shelf, rollUp(db, THEN + 3 * DAY), (turn) => {
        if (turn !== 1) return;
        db.run("delete from turns");
        db.run("insert into account (name, value) values (?, 'true')", name);
      });
      expect(db.scalar("select count(*) from daily")).toBe(0);
      expect(readValue(db, "rolled_through")).toBeNull();
    }),
  );
});
