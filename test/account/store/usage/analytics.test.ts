import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { NO_TURNS, addCounts } from "../../../../src/account/store/usage/analytics.ts";
import {
  readDaily,
  rollUp,
  tally,
  tallyLate,
} from "../../../../src/account/store/usage/roll-up.ts";
import type { TurnCounts } from "../../../../src/account/store/usage/analytics.ts";
import { insertSession, putDetails } from "../../../../src/account/store/sessions/sessions.ts";
import { JOURNAL } from "../../../../src/account/store/sessions/session-flags.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { withDesk } from "../../../support/desk.ts";
import { DAY } from "../../../support/client.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

const TODAY = THEN / DAY;
const HOUR = DAY / 24;

/** A session of its own with these turns. */
function session(
  { db, turns }: Shelf,
  key: number,
  details: object,
  said: Partial<Turn>[],
  flags = 0,
): void {
  const accessed_at = Math.max(...said.map(({ created_at = THEN }) => created_at));
  insertSession(db, { key, session_id: `s${key}`, created_at: THEN, accessed_at, flags });
  putDetails(db, key, details);
  for (const [index, more] of said.entries())
    turns.insert(turnOf(turnId(key, index + 1), "Hi", more));
}

/** What was counted, without what is zero. */
async function counted({ db }: Shelf, from = TODAY, to = TODAY) {
  const daily = (await readDaily(db, from, to)).map(({ counts, ...row }) => ({
    ...row,
    ...Object.fromEntries(
      Object.entries(counts).filter(([, value]) => value !== 0 && String(value) !== ""),
    ),
  }));
  return daily.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** The sum of it. */
const sumOf = async ({ db }: Shelf, from = TODAY, to = TODAY): Promise<TurnCounts> =>
  (await readDaily(db, from, to)).reduce((sum, { counts }) => addCounts(sum, counts), NO_TURNS);

function fill(shelf: Shelf): void {
  session(shelf, 1, { user_id: "u" }, [
    { model: "local", duration_ms: 5, input_tokens: 1, output_tokens: 2 },
    { model: "local", duration_ms: 6, input_tokens: 10, output_tokens: 20 },
    { model: "local", duration_ms: 60_001, extra: { cached: true } },
    { model: null, status: "failed", duration_ms: null, input_tokens: null, output_tokens: null },
  ]);
  session(shelf, 2, { user_id: "u", assistant: "support" }, [
    { model: "local", status: "interrupted", duration_ms: 60_000 },
    { status: "in_progress", model: null, duration_ms: null, input_tokens: null },
    { created_at: THEN + DAY },
  ]);
  session(shelf, 3, { user_id: "v" }, [
    { status: "abandoned", model: null, duration_ms: null, created_at: THEN + DAY - 1 },
  ]);
  session(shelf, 4, {}, [{ created_at: THEN - 1 }]);
  session(shelf, 5, {}, [{}], JOURNAL);
}

describe("what is counted of a day", () => {
  const EXPECTED = [
    { day: TODAY, assistant: "", model: "", users: 2 },
    {
      day: TODAY,
      assistant: "default",
      model: "local",
      turns: 3,
      completed: 3,
      cached: 1,
      sessions: 1,
      input_tokens: 14,
      output_tokens: 26,
      duration_ms: 60_012,
      durations: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    },
    {
      day: TODAY,
      assistant: "default",
      model: "none",
      turns: 2,
      failed: 1,
      abandoned: 1,
      sessions: 1,
      input_tokens: 3,
      output_tokens: 4,
    },
    {
      day: TODAY,
      assistant: "support",
      model: "local",
      turns: 1,
      interrupted: 1,
      sessions: 1,
      input_tokens: 3,
      output_tokens: 4,
      duration_ms: 60_000,
      durations: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    },
    {
      day: TODAY,
      assistant: "support",
      model: "none",
      turns: 1,
      abandoned: 1,
      output_tokens: 4,
    },
  ];

  it("is by assistant and model, with each user once, and without the journal", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      const live = await readDaily(shelf.db, TODAY, TODAY);
      const merged = Object.values(Object.groupBy(live, (each) => each.assistant + each.model)).map(
        (rows) => ({
          ...rows![0]!,
          counts: rows!.reduce((sum, { counts }) => addCounts(sum, counts), NO_TURNS),
        }),
      );
      expect(merged).toHaveLength(EXPECTED.length);
      for (const { day, assistant, model, durations = [], ...counts } of EXPECTED) {
        expect(merged).toContainEqual({
          day,
          assistant,
          model,
          counts: { ...NO_TURNS, ...counts, durations },
        });
      }
    }));

  it("is the same when it is rolled up, which is an hour after its end, and once", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      fill(shelf);
      await rollUp(db, THEN + DAY + HOUR - 1);
      expect(db.all("select * from daily where day = ?", TODAY)).toEqual([]);
      expect(db.all("select * from daily")).toHaveLength(1);
      await rollUp(db, THEN + DAY + HOUR);
      await rollUp(db, THEN + DAY + HOUR + 1);
      await rollUp(db, THEN);
      expect(await counted(shelf)).toEqual(EXPECTED);
      for (let key = 1; key <= 5; key += 1) turns.remove([turnId(key, 1), turnId(key, 3)]);
      expect(await counted(shelf)).toEqual(EXPECTED);
      expect(await counted(shelf, TODAY - 1, TODAY - 1)).toMatchObject([{ turns: 1 }]);
      expect(await counted(shelf, TODAY + 1, TODAY + 1)).toMatchObject([
        { users: 1 },
        { turns: 1 },
      ]);
      expect((await sumOf(shelf, TODAY - 1, TODAY + 1)).turns).toBe(9);
      expect((await sumOf(shelf, TODAY + 2, TODAY + 9)).turns).toBe(0);
    }));
});

describe("turns that leave, or come back", () => {
  it("stay counted on days that are not rolled up, and are not counted twice", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      fill(shelf);
      const before = await sumOf(shelf);
      tally(db, [1], THEN, 1);
      turns.remove([turnId(1, 0), turnId(2, 0)]);
      expect({ ...(await sumOf(shelf)), users: 0 }).toEqual({ ...before, users: 0 });
      for (let seq = 1; seq <= 2; seq += 1) turns.insert(turnOf(turnId(1, seq), "Hi", {}));
      tally(db, [1], THEN, -1);
      const after = await sumOf(shelf);
      expect([after.turns, after.completed, after.failed]).toEqual([
        before.turns,
        before.completed,
        before.failed,
      ]);
    }));

  it("of days that are rolled up change nothing, nor do those of other sessions", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      tally(db, [], THEN + DAY, 1);
      expect(db.all("select * from daily")).toEqual([]);
      await rollUp(db, THEN + 3 * DAY);
      const before = db.all("select * from daily");
      tally(db, [1, 2, 3], THEN + DAY, 1);
      expect(db.all("select * from daily")).toEqual(before);
    }));
});

const late = (more: Partial<Turn> = {}) => turnOf(turnId(7, 1), "Hi", more);

describe("a turn that comes late", () => {
  it("is counted on its day, once that is rolled up", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      tallyLate(db, late(), null, 1);
      expect((await sumOf(shelf)).turns).toBe(0);
      await rollUp(db, THEN + 2 * DAY);
      tallyLate(db, late({ created_at: THEN + DAY }), null, 1);
      expect(await counted(shelf)).toEqual([]);
      tallyLate(db, late({ duration_ms: 5 }), null, 1);
      expect(await counted(shelf)).toEqual([
        {
          day: TODAY,
          assistant: "default",
          model: "local",
          turns: 1,
          completed: 1,
          sessions: 1,
          input_tokens: 3,
          output_tokens: 4,
          duration_ms: 5,
          durations: [1],
        },
      ]);
      tallyLate(db, late({ duration_ms: 5 }), null, -1);
      expect(await sumOf(shelf)).toEqual({ ...NO_TURNS, durations: [0] });
    }));

  it("is counted as it ended where it was cancelled after its day", () =>
    withDesk(async (desk) => {
      const open = await desk.open();
      desk.lifecycle.flush("s");
      desk.tick(2 * DAY);
      await rollUp(desk.db, THEN + 2 * DAY);
      expect(await sumOf(desk)).toMatchObject({ turns: 1, abandoned: 1, interrupted: 0 });
      desk.lifecycle.cancel("s", open.turn_id);
      expect(await sumOf(desk)).toMatchObject({ turns: 1, abandoned: 0, interrupted: 1 });
    }));

  it("is counted by what it has: mostly less than others", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await rollUp(db, THEN + 2 * DAY);
      const bare = { model: null, duration_ms: null, input_tokens: null, output_tokens: null };
      tallyLate(db, { ...late(bare), id: turnId(7, 2), status: "failed" }, "support", 1);
      tallyLate(db, late({ ...bare, status: "in_progress", duration_ms: 60_001 }), "support", 1);
      expect(await counted(shelf)).toEqual([
        {
          day: TODAY,
          assistant: "support",
          model: "none",
          turns: 2,
          failed: 1,
          abandoned: 1,
          sessions: 1,
          duration_ms: 60_001,
          durations: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        },
      ]);
    }));
});
