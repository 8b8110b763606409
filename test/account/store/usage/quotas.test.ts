import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { readValue, writeValue } from "../../../../src/account/store/account/account-values.ts";
import { Counters } from "../../../../src/account/store/usage/counters.ts";
import { Quotas } from "../../../../src/account/store/usage/quotas.ts";
import type { QuotaLimits } from "../../../../src/account/store/usage/quotas.ts";
import { ANY_ROOM, THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

function quotasOf({ db }: Shelf, limits: QuotaLimits): Quotas {
  writeValue(db, "quotas", limits);
  return new Quotas(db, new Counters(db), ANY_ROOM);
}

const code = (error: string, more: object = {}) =>
  expect.objectContaining({ code: error, ...more });
const used = (by: Quotas) => by.report(THEN).turns_per_day.used;

describe("an account without limits", () => {
  it("takes anything, and says what it holds", () =>
    withShelf(async (shelf) => {
      const { db, add, counters } = shelf;
      add("s", ["one", "two"]);
      const quotas = new Quotas(db, counters, ANY_ROOM);
      quotas.take(THEN, () => 1_000_000);
      quotas.takeSession(() => 1_000_000);
      expect(quotas.report(THEN)).toEqual({
        turns_per_day: { limit: null, used: 2 },
        stored_bytes: { limit: null, used: db.sizeBytes },
        sessions: { limit: null, used: 1 },
      });
      // From then on they are counted as they come.
      quotas.take(THEN, null);
      expect(quotas.report(THEN).turns_per_day.used).toBe(3);
      quotas.take(THEN + DAY, null);
      expect(quotas.report(THEN + DAY).turns_per_day.used).toBe(0);
      quotas.keep(THEN);
      expect(readValue(db, "begun")).toBeNull();
    }));

  it("takes null for none", () =>
    withShelf(async (shelf) => {
      const quotas = quotasOf(shelf, { turns_per_day: null, stored_bytes: null, sessions: null });
      quotas.take(THEN, () => 1_000_000);
      expect(quotas.report(THEN)).toMatchObject({
        turns_per_day: { limit: null },
        stored_bytes: { limit: null },
        sessions: { limit: null },
      });
    }));
});

describe("turns a day", () => {
  it("count against the limit together with stored ones, and start over on the next day", () =>
    withShelf(async (shelf) => {
      shelf.add("s", ["one", "two"]);
      shelf.turns.insert(turnOf(turnId(1, 3), "of the day before", { created_at: THEN - 1 }));
      shelf.turns.insert(turnOf(turnId(1, 4), "of the next", { created_at: THEN + DAY }));
      const quotas = quotasOf(shelf, { turns_per_day: 3 });
      expect(quotas.report(THEN).turns_per_day).toEqual({ limit: 3, used: 2 });
      quotas.take(THEN, null);
      expect(() => quotas.take(THEN + 1_000, null)).toThrow(
        code("quota_turns", { retry_after_ms: DAY - 1_000 }),
      );
      expect(quotas.report(THEN).turns_per_day.used).toBe(3);
      quotas.take(THEN + DAY, null);
    }));

  it("are not forgotten with their rows, when more come after those left", () =>
    withShelf(async (shelf) => {
      const day = THEN - (THEN % DAY);
      const turn = (seq: number, created_at: number) =>
        shelf.turns.insert(turnOf(turnId(1, seq), "said", { created_at }));
      shelf.add("s", ["one", "two"]);
      const quotas = quotasOf(shelf, { turns_per_day: 9 });
      quotas.keep(THEN + 1_000);
      shelf.turns.remove([turnId(1, 0), turnId(2, 0)]);
      for (const seq of [3, 4]) turn(seq, day + DAY - seq);
      expect(used(quotasOf(shelf, { turns_per_day: 9 }))).toBe(4);
      // Those that left come back.
      for (const seq of [1, 2]) turn(seq, THEN);
      expect(used(quotasOf(shelf, { turns_per_day: 9 }))).toBe(4);
    }));

  it("count those that have no row, also once the object wakes, and only on their day", () =>
    withShelf(async (shelf) => {
      shelf.add("s", ["one", "two"]);
      const quotas = quotasOf(shelf, { turns_per_day: 5 });
      quotas.takeUnstored(THEN);
      shelf.add("t", ["three"]);
      quotas.take(THEN, null);
      quotas.takeUnstored(THEN);
      expect(() => quotas.takeUnstored(THEN)).toThrow(code("quota_turns"));
      const woken = quotasOf(shelf, { turns_per_day: 5 });
      expect(woken.report(THEN).turns_per_day.used).toBe(5);
      expect(() => woken.take(THEN, null)).toThrow(code("quota_turns"));
      woken.keep(THEN);
      shelf.turns.remove([turnId(1, 0), turnId(3, 0)]);
      expect(quotasOf(shelf, { turns_per_day: 6 }).report(THEN).turns_per_day.used).toBe(5);
      woken.takeUnstored(THEN + DAY);
      expect(woken.report(THEN + DAY).turns_per_day.used).toBe(1);
    }));

  it("are read from what was saved, on their day alone, and counted on", () =>
    withShelf(async ({ db, add, counters }) => {
      for (let n = 0; n < 50; n += 1) add(`s${n}`, ["one", "two"]);
      const woken = () => new Quotas(db, new Counters(db), ANY_ROOM);
      const readBy = (turns: number, now = THEN): number => {
        const quotas = woken();
        const before = db.rowsRead;
        expect(quotas.report(now).turns_per_day.used).toBe(turns);
        return db.rowsRead - before;
      };
      await counters.load();
      counters.save();
      expect(readBy(100)).toBeGreaterThanOrEqual(50);
      new Quotas(db, counters, ANY_ROOM).save(THEN);
      expect(readBy(100)).toBeLessThan(3);
      expect(readBy(0, THEN + DAY)).toBeGreaterThanOrEqual(50);
      // An older version carries on what it finds, with counts of its own.
      const saved = readValue(db, "counters")!;
      writeValue(db, "counters", { ...saved, turns: saved.turns + 1 });
      expect(readBy(100)).toBeGreaterThanOrEqual(50);
      writeValue(db, "counters", saved);
      expect(readBy(100)).toBeLessThan(3);
      // What comes once the object woke makes what is saved wrong, and counts on.
      const comes: [turns: number, (quotas: Quotas) => void][] = [
        [101, (quotas) => quotas.take(THEN, null)],
        [100, (quotas) => quotas.take(THEN + DAY, null)],
        [100, () => undefined],
      ];
      for (const [turns, come] of comes) {
        writeValue(db, "counters", saved);
        const waking = new Counters(db);
        const quotas = new Quotas(db, waking, ANY_ROOM);
        come(quotas);
        waking.changing();
        const before = db.rowsRead;
        expect(quotas.report(THEN).turns_per_day.used).toBe(turns);
        expect(db.rowsRead - before).toBeLessThan(3);
      }
      counters.changing();
      add("more", ["three"]);
      expect(readBy(101)).toBeGreaterThanOrEqual(50);
    }));

  it("stay counted where the limit is set, also without their rows", () =>
    withShelf(async (shelf) => {
      const { db, add, counters } = shelf;
      for (let n = 0; n < 50; n += 1) add(`s${n}`, ["one", "two"]);
      await counters.load();
      new Quotas(db, counters, ANY_ROOM).save(THEN);
      const woken = new Quotas(db, new Counters(db), ANY_ROOM);
      shelf.turns.remove([turnId(1, 0), turnId(2, 0)]);
      counters.changing();
      writeValue(db, "quotas", { turns_per_day: 100 });
      const before = db.rowsRead;
      woken.reload();
      expect(used(woken)).toBe(100);
      expect(() => woken.take(THEN, null)).toThrow(code("quota_turns"));
      expect(db.rowsRead - before).toBeLessThan(3);
    }));

  it("are read from what was saved together with those that have no row", () =>
    withShelf(async (shelf) => {
      shelf.add("s", ["one", "two"]);
      const limits = { turns_per_day: 9 };
      const quotas = quotasOf(shelf, limits);
      quotas.takeUnstored(THEN);
      const counters = new Counters(shelf.db);
      await counters.load();
      const saving = new Quotas(shelf.db, counters, ANY_ROOM);
      saving.save(THEN);
      // No change of what is counted.
      saving.takeUnstored(THEN);
      const woken = quotasOf(shelf, limits);
      const before = shelf.db.rowsRead;
      expect(woken.report(THEN).turns_per_day.used).toBe(4);
      woken.takeUnstored(THEN);
      expect(woken.report(THEN).turns_per_day.used).toBe(5);
      expect(shelf.db.rowsRead - before).toBeLessThan(5);
    }));

  it("are not forgotten with their rows, on their day", () =>
    withShelf(async (shelf) => {
      shelf.add("s", ["one", "two"]);
      const quotas = quotasOf(shelf, { turns_per_day: 3 });
      quotas.keep(THEN);
      shelf.turns.remove([turnId(1, 0), turnId(2, 0)]);
      const woken = quotasOf(shelf, { turns_per_day: 3 });
      expect(woken.report(THEN).turns_per_day.used).toBe(2);
      expect(woken.report(THEN + DAY).turns_per_day.used).toBe(0);
    }));
});

describe("a limit", () => {
  it("of sessions counts those that are begun and not written", () =>
    withShelf(async (shelf) => {
      shelf.add("s", ["one"]);
      const quotas = quotasOf(shelf, { sessions: 3 });
      quotas.takeSession(() => 2);
      expect(() => quotas.takeSession(() => 3)).toThrow(code("quota_sessions"));
      expect(() => quotas.take(THEN, () => 3)).toThrow(code("quota_sessions"));
      quotas.take(THEN, null);
      expect(quotas.report(THEN).sessions).toEqual({ limit: 3, used: 1 });
    }));

  it("of bytes goes for every turn, and is reached when it is", () =>
    withShelf(async (shelf) => {
      shelf.add("s", ["one"]);
      const held = quotasOf(shelf, { stored_bytes: 1 }).report(THEN).stored_bytes.used;
      quotasOf(shelf, { stored_bytes: held + 1 }).checkBytes();
      const quotas = quotasOf(shelf, { stored_bytes: held });
      expect(() => quotas.checkBytes()).toThrow(code("quota_bytes"));
      expect(() => quotas.take(THEN, null)).toThrow(code("quota_bytes"));
    }));

  it("holds as soon as it is read again", () =>
    withShelf(async (shelf) => {
      const quotas = quotasOf(shelf, {});
      writeValue(shelf.db, "quotas", { turns_per_day: 0 });
      quotas.take(THEN, null);
      quotas.reload();
      expect(() => quotas.take(THEN, null)).toThrow(code("quota_turns"));
    }));
});
