import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { deleteValue, readValue } from "../../../../src/account/store/account/account-values.ts";
import {
  accountTotals,
  heldSessions,
  lastActiveAt,
} from "../../../../src/account/store/usage/account-totals.ts";
import { Counters } from "../../../../src/account/store/usage/counters.ts";
import { Quotas } from "../../../../src/account/store/usage/quotas.ts";
import { HELD, PINNED } from "../../../../src/account/store/sessions/session-flags.ts";
import { readStats } from "../../../../src/account/store/usage/stats.ts";
import { ANY_ROOM, THEN, turnOf, withShelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";
import { undone } from "../../../support/undone.ts";

describe("counters", () => {
  it("tell how many sessions are due, without those that are to stay", () =>
    withShelf(async ({ db, add, turns }) => {
      for (let n = 0; n < 6; n += 1) {
        add(`s${n}`, []);
        db.run("update sessions set accessed_at = ? where key = ?", THEN + (n % 3) * DAY, n + 1);
      }
      db.run("update sessions set flags = ? where key = 1", PINNED);
      db.run("update sessions set flags = ? where key = 3", HELD);
      turns.insert(turnOf(turnId(6, 1), "Hi", { created_at: THEN + 2 * DAY + 5 }));
      const counters = new Counters(db);
      const due = (days: number, ms = 0) => counters.due(THEN + days * DAY + ms);
      expect([due(0), due(0, 1), due(1), due(1, 1), due(2), due(2, 5), due(2, 6), due(9)]).toEqual([
        0, 1, 1, 3, 3, 3, 4, 4,
      ]);
      expect(counters.sessions()).toMatchObject({ sessions: 6, archived: 0 });
    }));

  it("are told of changes, and forget what was undone", () =>
    withShelf(async ({ db, add }) => {
      add("s", ["Hi"]);
      const counters = new Counters(db);
      const before = JSON.stringify([counters.read(), counters.bounds(), counters.due(THEN + 1)]);
      const at = { created_at: THEN + DAY, accessed_at: THEN + DAY, flags: 0 };
      undone(db, () => {
        counters.changing();
        counters.sessionAdded(at);
        counters.turnsChanged(3, 6);
        counters.archivesChanged(1, 9);
        expect(counters.read()).toMatchObject({
          sessions: 2,
          turns: 4,
          messages: 8,
          archived: 1,
          archived_bytes: 9,
        });
        expect(counters.bounds()).toEqual({ oldest_at: THEN, newest_at: THEN + DAY });
      });
      expect(JSON.stringify([counters.read(), counters.bounds(), counters.due(THEN + 1)])).toBe(
        before,
      );
    }));

  it("are saved once, and dropped by the first change", () =>
    withShelf(async ({ db, add }) => {
      add("s", ["Hi"]);
      const counters = new Counters(db);
      counters.save();
      expect(readValue(db, "counters")).toBeNull();
      const counts = counters.read();
      counters.save();
      expect(readValue(db, "counters")).toMatchObject(counts);
      db.run("delete from turns");
      expect(new Counters(db).read()).toEqual(counts);
      undone(db, () => counters.changing());
      counters.changing();
      expect(readValue(db, "counters")).toBeNull();
      counters.forget();
      expect(counters.read()).toMatchObject({ turns: 0, messages: 0 });
      deleteValue(db, "counters");
    }));

  it("are what an account holds, and says of itself", () =>
    withShelf(async ({ db, add, counters }) => {
      expect(await lastActiveAt(db)).toBeNull();
      for (const id of ["s1", "s2", "s3"]) add(id, ["Hi"]);
      db.run("update sessions set segment = 1, turns = 5, flags = ? where key = 3", HELD);
      db.run("update sessions set accessed_at = ? where key = 2", THEN - 40 * DAY);
      expect(await accountTotals(db, counters)).toEqual({
        sessions: 2,
        archived_sessions: 1,
        turns: 8,
      });
      expect([heldSessions(db), await lastActiveAt(db)]).toEqual([1, THEN]);
      const stats = readStats(
        { db, counters, quotas: new Quotas(db, counters, ANY_ROOM) },
        7,
        THEN,
      );
      expect(stats).toMatchObject({
        conversations: 2,
        turns: 3,
        messages: 6,
        archived: 1,
        due_for_purge: 7,
        last_accessed_earlier: 1,
        last_purge: null,
        oldest_at: THEN,
        newest_at: THEN,
      });
      expect(stats.last_accessed).toHaveLength(30);
      expect(stats.last_accessed[0]).toEqual({ day: THEN, conversations: 1 });
      expect(stats.last_accessed[29]).toEqual({ day: THEN - 29 * DAY, conversations: 0 });
    }));
});
