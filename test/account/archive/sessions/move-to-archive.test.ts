import { afterEach, describe, expect, it, vi } from "vitest";

import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { SLICE_TURNS } from "../../../../src/account/archive/sessions/move-to-archive.ts";
import { writeValue } from "../../../../src/account/store/account/account-values.ts";
import { partsOf } from "../../../../src/account/store/archive/session-parts.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { THEN, dueAt, expectCounted, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const DUE = dueAt(THEN + 70 * DAY);
const IDS = ["a", "b", "c", "d", "e"];
/** Two sessions make a slice. */
const TURNS = (2 * SLICE_TURNS) / 5;

/** None gets much shorter by compression. */
const noise = () => Array.from({ length: 60 }, () => crypto.randomUUID()).join(" ");

afterEach(() => void vi.restoreAllMocks());

const fill = (shelf: Shelf, turns = TURNS) => {
  for (const id of IDS) shelf.add(id, Array<string>(turns).fill(`said in ${id}`));
};

const archivedIds = ({ db }: Shelf) => IDS.filter((id) => findSession(db, id)?.segment);
const liveTurns = ({ db }: Shelf) => db.scalar<number>("select count(*) from turns") ?? 0;
const staleKeys = ({ db }: Shelf) =>
  db.all<{ key: number }>("select key from stale_copies").map(({ key }) => key);

/** Does something as soon as the first slice of a move is done, before the second. */
function afterFirstSlice(shelf: Shelf, happens: () => void): void {
  const wait = scheduler.wait.bind(scheduler);
  let isDone = false;
  vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
    if (!isDone && archivedIds(shelf).length > 0) {
      isDone = true;
      happens();
    }
    await wait(ms);
  });
}

/** Every session is somewhere, whole, and what is counted is what a new wake would count. */
async function expectWhole(shelf: Shelf, ids = IDS): Promise<void> {
  for (const id of ids) {
    const inputs = (await shelf.read(id)).map(({ input }) => input);
    expect([id, inputs]).toEqual([id, Array<string>(inputs.length).fill(`said in ${id}`)]);
    expect(inputs.length).toBeGreaterThanOrEqual(TURNS);
  }
  expect(liveTurns(shelf)).toBe(TURNS * (ids.length - archivedIds(shelf).length));
  expectCounted(shelf);
}

/** Rows written by an archiving of all that is due. */
async function rowsWritten(shelf: Shelf): Promise<number> {
  shelf.counters.read();
  const before = shelf.db.rowsWritten;
  await shelf.archivist().archiveDue(DUE, 0);
  return shelf.db.rowsWritten - before;
}

describe("moving many turns to an archive", () => {
  it("deletes a slice of them in a turn of the event loop, and makes one object", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      shelf.counters.read();
      const left = new Set([liveTurns(shelf)]);
      const wait = scheduler.wait.bind(scheduler);
      vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
        left.add(liveTurns(shelf));
        await wait(ms);
      });
      await shelf.archivist().archiveDue(DUE, 0);
      expect([...left, liveTurns(shelf)]).toEqual([5 * TURNS, 3 * TURNS, TURNS, 0]);
      expect([archivedIds(shelf), await shelf.objects()]).toEqual([IDS, [expect.any(String)]]);
      await expectWhole(shelf);
      expect([
        staleKeys(shelf),
        shelf.db.scalar("select name from account where name = 'moving'"),
      ]).toEqual([[], null]);
    }));

  it.each(["a", "c", "e"])("leaves %s, whose rows cannot be deleted, and moves the others", (id) =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      const { key } = findSession(db, id)!;
      db.run(
        `create trigger damaged before delete on turns when old.id / 1048576 = ${key}
         begin select raise(abort, 'damaged'); end`,
      );
      const archivist = shelf.archivist();
      const others = IDS.filter((each) => each !== id);
      expect(await archivist.archiveDue(DUE, 0)).toMatchObject({ archived: 4, errors: 1 });
      expect([archivedIds(shelf), staleKeys(shelf)]).toEqual([others, [key]]);
      expect([
        shelf.errors.length,
        db.scalar("select 1 from account where name = 'moving'"),
      ]).toEqual([1, null]);
      await expectWhole(shelf);
      db.run("drop trigger damaged");
      expect(await archivist.archiveDue(DUE, 0)).toMatchObject({ archived: 1, errors: 0 });
      await expectWhole(shelf);
    }),
  );

  it.each([
    ["none of many can be moved", 12, "damaged"],
    ["the disk is full", 1, "database or disk is full"],
  ])("ends with the first error where %s: the fault is no session's", (_why, count, message) =>
    withShelf(async (shelf) => {
      for (let n = 0; n < count; n += 1) shelf.add(`s${n}`, ["plum"]);
      shelf.db.run(
        `create trigger damaged before delete on turns begin select raise(abort, '${message}'); end`,
      );
      const archivist = shelf.archivist();
      await expect(archivist.archiveDue(DUE, 0)).rejects.toThrow(message);
      expect(shelf.errors).toEqual([]);
      shelf.db.run("drop trigger damaged");
      expect(await archivist.archiveDue(DUE, 0)).toMatchObject({ archived: count, errors: 0 });
    }),
  );

  it.each([
    ["insert on doomed_objects", "one segment", {}],
    ["delete on turns", "one segment", {}],
    ["insert on doomed_objects", "several segments", { segmentBytes: 10_000 }],
    ["delete on turns", "several segments", { segmentBytes: 10_000 }],
  ])("ends where the disk is full: %s, with %s", (change, _segments, options) =>
    withShelf(async (shelf) => {
      const texts = Array.from({ length: 9 }, noise);
      shelf.add("a", texts);
      shelf.db.run(
        `create trigger full before ${change}
         begin select raise(abort, 'database or disk is full'); end`,
      );
      const { archivist } = shelf.tools(undefined, options);
      await expect(archivist.archiveDue(DUE, 0)).rejects.toThrow("database or disk is full");
      expect([shelf.errors, archivedIds(shelf)]).toEqual([[], []]);
      shelf.db.run("drop trigger full");
      expect(await archivist.archiveDue(DUE, 0)).toMatchObject({ archived: 1, errors: 0 });
      expect(partsOf(shelf.db, findSession(shelf.db, "a")!).length > 1).toBe(
        "segmentBytes" in options,
      );
      expect((await shelf.read("a")).map(({ input }) => input)).toEqual(texts);
    }),
  );

  it("writes four rows more than a move that fits into one slice", async () => {
    const beyond: number[] = [];
    for (const turns of [TURNS / 2, TURNS])
      await withShelf(async (shelf) => {
        fill(shelf, turns);
        beyond.push((await rowsWritten(shelf)) - IDS.length * (turns + 1));
      });
    const [small = 0, large = 0] = beyond;
    expect(small).toBeLessThan(10);
    expect(large - small).toBe(4);
  });

  it("leaves a session live that changes between two slices, and erases its copy with it", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      shelf.counters.read();
      afterFirstSlice(shelf, () => {
        shelf.turns.insert(turnOf(turnId(3, TURNS + 1), "said in c"));
        shelf.counters.turnsChanged(1, 2);
        shelf.busy.add("e");
      });
      expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({ archived: 3, errors: 0 });
      vi.restoreAllMocks();
      expect([archivedIds(shelf), staleKeys(shelf)]).toEqual([
        ["a", "b", "d"],
        [3, 5],
      ]);
      const [before] = await shelf.objects();
      await eraseSession(shelf.tools(), "c", THEN);
      await shelf.archivist().clean();
      const after = await shelf.objects();
      expect([after.length, after.includes(before ?? "")]).toEqual([1, false]);
      expect(staleKeys(shelf)).toEqual([5]);
      await expectWhole(shelf, ["a", "b", "d", "e"]);
    }));

  it("stops where the account is put under legal hold between two slices", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      afterFirstSlice(shelf, () => writeValue(shelf.db, "hold", "case 3"));
      expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({ archived: 2 });
      expect([archivedIds(shelf), staleKeys(shelf)]).toEqual([
        ["a", "b"],
        [3, 4, 5],
      ]);
      await expectWhole(shelf);
    }));
});

const cutOff = async (shelf: Shelf) => {
  fill(shelf);
  shelf.counters.read();
  afterFirstSlice(shelf, () => {
    throw new Error("evicted");
  });
  await expect(shelf.archivist().archiveDue(DUE, 0)).rejects.toThrow("evicted");
  vi.restoreAllMocks();
  expect(archivedIds(shelf)).toEqual(["a", "b"]);
  await expectWhole(shelf);
};

describe("a move that is cut off between two slices", () => {
  it("loses nothing, and the next one moves the rest", () =>
    withShelf(async (shelf) => {
      await cutOff(shelf);
      await shelf.archivist().clean();
      expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({ archived: 3 });
      expect([archivedIds(shelf), staleKeys(shelf)]).toEqual([IDS, [3, 4, 5]]);
      expect(await shelf.objects()).toHaveLength(2);
      await expectWhole(shelf);
    }));

  it("leaves no copy of a session that is erased then", () =>
    withShelf(async (shelf) => {
      await cutOff(shelf);
      const [before] = await shelf.objects();
      expect(await eraseSession(shelf.tools(), "d", THEN)).toMatchObject({ segments: 1 });
      await shelf.archivist().clean();
      const after = await shelf.objects();
      expect([after.length, after.includes(before ?? "")]).toEqual([1, false]);
      await expectWhole(shelf, ["a", "b", "c", "e"]);
    }));
});
