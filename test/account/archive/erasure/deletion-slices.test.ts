import { afterEach, describe, expect, it, vi } from "vitest";

import { eraseSessions } from "../../../../src/account/archive/erasure/erase-session.ts";
import {
  SLICE_BYTES,
  SLICE_ROWS,
  deletionSlices,
} from "../../../../src/account/store/erasure/deletion-slices.ts";
import { formersOf } from "../../../../src/account/store/erasure/former-sessions.ts";
import {
  findSession,
  patchSession,
  sessionByKey,
} from "../../../../src/account/store/sessions/sessions.ts";
import { putKey } from "../../../../src/account/store/turns/idempotency.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import {
  THEN,
  addRequestKeys,
  backUp,
  dueAt,
  expectCounted,
  rowsOfTransactions,
  turnOf,
  withShelf,
} from "../../../support/archive.ts";
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

const PLUM = ['"plum"', { limit: 1, offset: 0 }] as const;

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

/** Rows that it reads in all, and in its transactions, beside so many keys of other sessions. */
const rowsWith = async (others: number) => {
  const read = { all: 0, transactions: [] as number[] };
  await withShelf(async (shelf) => {
    const { db } = shelf;
    for (const id of LIVE) shelf.add(id, Array<string>(TURNS).fill("plum"));
    db.run("insert into idempotency select key, '', key * 1048576 + 1, ? from sessions", LATER);
    if (others > 0) addRequestKeys(shelf, 100, others);
    read.transactions = rowsOfTransactions(shelf);
    const before = db.rowsRead;
    await eraseSessions(shelf.tools(), LIVE, LATER);
    read.all = db.rowsRead - before;
    expect(countOf(shelf, "idempotency")).toBe(others);
  });
  return read;
};

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

  it("keeps the sessions out of the search index until they are gone, whatever is searched meanwhile", () =>
    withShelf(async (shelf) => {
      const { search } = shelf;
      await fill(shelf);
      expect((await search.search(...PLUM)).hits).toHaveLength(1);
      const indexed: number[] = [];
      const wait = scheduler.wait.bind(scheduler);
      let isSearching = false;
      vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
        if (!isSearching && countOf(shelf, "tombstones") > 0) {
          isSearching = true;
          await search.search(...PLUM);
          isSearching = false;
          indexed.push(countOf(shelf, "turn_search_docsize"));
        }
        await wait(ms);
      });
      await eraseSessions(shelf.tools(), IDS, LATER);
      expect([indexed.length > 1, new Set(indexed)]).toEqual([true, new Set([0])]);
      expectErased(shelf);
    }));

  it("leaves no key of a request for a session that went before a crash", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      for (const id of LIVE) shelf.add(id, Array<string>(TURNS).fill("plum"));
      db.run(
        "insert into idempotency select 'bob' || char(10) || key, '', key * 1048576 + 1, ? from sessions",
        LATER,
      );
      atEachWait(() => {
        if (countOf(shelf, "tombstones") > 0) throw new Error("evicted");
      });
      await expect(eraseSessions(shelf.tools(), LIVE, LATER)).rejects.toThrow("evicted");
      vi.restoreAllMocks();
      expect([countOf(shelf, "sessions"), countOf(shelf, "idempotency")]).toEqual([3, 3]);
      // The sessions that stayed are found again.
      expect((await shelf.search.search(...PLUM)).hits).toHaveLength(1);
      expect(countOf(shelf, "turn_search_docsize")).toBe(3 * TURNS);
    }));

  it("reads the keys of others' requests once before its transactions, and in none of them", async () => {
    const OTHERS = 5_000;
    const alone = await rowsWith(0);
    const beside = await rowsWith(OTHERS);
    expect(beside.transactions).toEqual(alone.transactions);
    // Beside the trace, which counts the keys.
    expect(beside.all - alone.all).toBeLessThan(3.5 * OTHERS);
  });

  it("takes the keys of requests that come meanwhile", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await fill(shelf);
      const first = sessionByKey(db, db.scalar<number>("select min(key) from sessions") ?? 0);
      let at = 0;
      atEachWait(() => {
        at += 1;
        for (const id of LIVE) {
          const session = findSession(db, id);
          if (session) putKey(db, { key: `${id}-${at}`, hash: "h" }, turnId(session.key, 1), LATER);
        }
        putKey(db, { key: `kept-${at}`, hash: "h" }, turnId(first!.key, 1), LATER);
      });
      await eraseSessions(shelf.tools(), IDS, LATER);
      expect(at).toBeGreaterThan(10);
      expect(countOf(shelf, "idempotency")).toBe(at);
      expect(countOf(shelf, "idempotency", "key like 'kept-%'")).toBe(at);
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
