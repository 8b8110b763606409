import { afterEach, describe, expect, it, vi } from "vitest";

import { eraseSessions } from "../../../../src/account/archive/erasure/erase-session.ts";
import {
  SLICE_BYTES,
  SLICE_ROWS,
  deletionSlices,
} from "../../../../src/account/store/erasure/deletion-slices.ts";
import { formersOf } from "../../../../src/account/store/erasure/former-sessions.ts";
import { patchSession, sessionByKey } from "../../../../src/account/store/sessions/sessions.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { THEN, backUp, dueAt, expectCounted, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const ARCHIVED = ["a", "b"];
const LIVE = ["c", "d", "e", "f", "g"];
const IDS = [...ARCHIVED, ...LIVE];
/** Two sessions make a slice. */
const TURNS = (2 * SLICE_ROWS) / 5;

afterEach(() => void vi.restoreAllMocks());

/** Two archived sessions and five live ones, all in a backup, beside one that stays. */
async function fill(shelf: Shelf): Promise<void> {
  shelf.add("kept", ["plum"]);
  for (const id of ARCHIVED) shelf.add(id, ["plum"]);
  await shelf.archivist().archiveDue(dueAt(LATER), 0);
  for (const id of LIVE) shelf.add(id, Array<string>(TURNS).fill("plum"));
  await backUp(shelf.tools());
  shelf.counters.read();
}

const countOf = ({ db }: Shelf, table: string, where = "1") =>
  db.scalar<number>(`select count(*) from ${table} where ${where}`) ?? 0;

/** Does something at each turn of the event loop. */
function atEachWait(happens: () => void): void {
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
    happens();
    await wait(ms);
  });
}

function expectErased(shelf: Shelf): void {
  const { db } = shelf;
  expect([countOf(shelf, "turns"), countOf(shelf, "sessions")]).toEqual([0, 1]);
  expect(countOf(shelf, "tombstones")).toBe(IDS.length);
  const copies = ["stale_copies", "former_sessions"].map((table) => countOf(shelf, table));
  expect(copies).toEqual([0, 0]);
  const inBackups = db.scalar("select total(sessions) from segments where backup_id is not null");
  expect(inBackups).toBe(1);
  expect(countOf(shelf, "segments", "backup_id is null")).toBe(1);
  expectCounted(shelf);
}

describe("an erasure of many sessions", () => {
  it("deletes a bounded number of rows in a transaction, and counts all of them", () =>
    withShelf(async (shelf) => {
      await fill(shelf);
      const left = [countOf(shelf, "turns")];
      atEachWait(() => left.push(countOf(shelf, "turns")));
      const erased = await eraseSessions(shelf.tools(), IDS, LATER);
      left.push(countOf(shelf, "turns"));
      const steps = left.slice(1).map((turns, at) => (left[at] ?? 0) - turns);
      expect(Math.max(...steps)).toBe(2 * TURNS);
      expect(erased).toEqual({
        sessions: IDS.length,
        archived_sessions: ARCHIVED.length,
        turns: LIVE.length * TURNS + ARCHIVED.length,
        calls: 0,
        segments: 2,
      });
      expectErased(shelf);
    }));

  it.each([1, 2])("is finished by the next one where a crash ends it after slice %i", (slices) =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await fill(shelf);
      atEachWait(() => {
        const gone = LIVE.length * TURNS - countOf(shelf, "turns");
        if (gone >= slices * 2 * TURNS) throw new Error("evicted");
      });
      await expect(eraseSessions(shelf.tools(), IDS, LATER)).rejects.toThrow("evicted");
      vi.restoreAllMocks();
      const formers = formersOf(db, IDS);
      expect(formers.length).toBeGreaterThan(0);
      expect(countOf(shelf, "tombstones")).toBe(formers.length);
      shelf.counters.forget();
      // As an erasure of their user does it.
      await eraseSessions(shelf.tools(), IDS, LATER);
      await eraseSessions(shelf.tools(), [], LATER, { formers: formersOf(db, IDS) });
      expectErased(shelf);
    }),
  );

  it("ends where a session gets a hold meanwhile, which keeps that and those after it", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await fill(shelf);
      const last = db.scalar<number>("select max(key) from sessions") ?? 0;
      atEachWait(() => {
        const session = sessionByKey(db, last);
        if (session && countOf(shelf, "tombstones") > 0)
          patchSession(db, session, { hold: "case 1" });
      });
      await expect(eraseSessions(shelf.tools(), IDS, LATER)).rejects.toMatchObject({
        code: "session_held",
      });
      expect((await shelf.read("g")).length).toBe(TURNS);
      expectCounted(shelf);
      vi.restoreAllMocks();
      patchSession(db, sessionByKey(db, last)!, { hold: null });
      shelf.counters.forget();
      await eraseSessions(shelf.tools(), IDS, LATER);
      await eraseSessions(shelf.tools(), [], LATER, { formers: formersOf(db, IDS) });
      expectErased(shelf);
    }));

  it("deletes long texts in slices of their own", () =>
    withShelf(async (shelf) => {
      const long = "x".repeat(SLICE_BYTES / 10);
      for (const [key, id] of ["a", "b", "c"].entries()) {
        shelf.add(id, []);
        for (let n = 1; n <= 6; n += 1)
          shelf.turns.insert(turnOf(turnId(key + 1, n), long, { output: null }));
      }
      shelf.add("short", ["plum"]);
      expect(await deletionSlices(shelf.db, [1, 2, 3, 4])).toEqual([[1], [2], [3, 4]]);
    }));
});
