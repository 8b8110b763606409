import { afterEach, describe, expect, it, vi } from "vitest";

import { verifyPart } from "../../../../src/account/archive/backup/verify-backup.ts";
import { SLICE_TEXT, SegmentWriter } from "../../../../src/account/archive/format/segment.ts";
import { findBackup } from "../../../../src/account/store/archive/backups.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import {
  THEN,
  backUp,
  dueAt,
  expectCounted,
  restoreBackup,
  turnOf,
  withShelf,
  partsOf,
} from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const DUE = dueAt(THEN + 70 * DAY);
const TURNS = 60;
/** A turn says it twice. */
const TEXT = "plum ".repeat(500);
const LINE = 2 * TEXT.length + 500;

afterEach(() => void vi.restoreAllMocks());

/** The first is larger than what is read together, and the others are small. */
function fill(shelf: Shelf): void {
  shelf.add("large", Array<string>(TURNS).fill(TEXT));
  for (const id of ["b", "c"]) shelf.add(id, ["short"]);
}

/**
 * Of the text that is compressed: the most in one turn of the event loop.
 *
 * @param meanwhile - called amid the large session
 * @param times - how often, at the pauses
 */
function mostText(meanwhile: () => void = () => undefined, times = 1): () => number {
  let [most, current, total] = [0, 0, 0];
  let left = times;
  // It is called with the writer that it belongs to.
  // oxlint-disable-next-line typescript/unbound-method
  const { add } = SegmentWriter.prototype;
  vi.spyOn(SegmentWriter.prototype, "add").mockImplementation(function adding(
    this: SegmentWriter,
    lines,
  ) {
    const length = lines.reduce((sum, line) => sum + line.length, 0);
    current += length;
    total += length;
    most = Math.max(most, current);
    return add.call(this, lines);
  });
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
    current = 0;
    if (left > 0 && total > 2 * SLICE_TEXT) {
      left -= 1;
      meanwhile();
    }
    await wait(ms);
  });
  return () => {
    vi.restoreAllMocks();
    expect(total).toBeGreaterThan(2 * SLICE_TEXT);
    return most;
  };
}

const write = ({ turns, counters }: Shelf) => {
  turns.insert(turnOf(turnId(1, turns.lastSeq(1) + 1), "late"));
  counters.turnsChanged(1, 2);
};

describe("a session of much text", () => {
  it("is archived a slice at a time, and comes back as it was", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      shelf.counters.read();
      const before = await shelf.read("large");
      const most = mostText();
      expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({ archived: 3, errors: 0 });
      expect(most()).toBeLessThan(SLICE_TEXT + LINE);
      expect(await shelf.objects()).toHaveLength(1);
      expect(await shelf.read("large")).toEqual(before);
      expectCounted(shelf);
    }));

  it("stays live when it changes meanwhile, which is no error, and keeps no other from its archive", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      shelf.counters.read();
      const most = mostText(() => write(shelf));
      expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({ archived: 2, errors: 0 });
      most();
      expect([shelf.errors, findSession(shelf.db, "large")?.segment]).toEqual([[], null]);
      expect(await shelf.read("large")).toHaveLength(TURNS + 1);
      expectCounted(shelf);
      expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({ archived: 1 });
      expect(await shelf.read("large")).toHaveLength(TURNS + 1);
      expectCounted(shelf);
    }));

  it("is backed up a slice at a time, live or archived", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      for (const id of ["backup_1", "backup_2"]) {
        const most = mostText();
        await backUp(tools, id);
        expect(most()).toBeLessThan(SLICE_TEXT + LINE);
        expect(await verifyPart(tools, id, 0)).toMatchObject({ turns: TURNS + 2, error: null });
        await shelf.archivist().archiveDue(DUE, 0);
      }
    }));

  it.each([
    ["gets a turn", write, TURNS],
    ["gets a turn at every pause", write, TURNS, Infinity],
    [
      "loses a turn",
      ({ turns }: Shelf) => turns.remove([turnId(1, TURNS), turnId(1, TURNS + 1)]),
      TURNS - 1,
    ],
  ])("is in a backup as it was at one moment: it %s meanwhile", (_, change, count, times = 1) =>
    withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      const most = mostText(() => change(shelf), times);
      await backUp(tools);
      expect(most()).toBeLessThan(SLICE_TEXT + LINE);
      expect(findBackup(shelf.db, "backup_1")).toMatchObject({ skipped: "[]", turns: count + 2 });
      expect(await verifyPart(tools, "backup_1", 0)).toMatchObject({ sessions: 3, error: null });
      const now = await shelf.read("large");
      await restoreBackup(tools, { on_conflict: "replace", session_ids: ["large"] });
      expect(await shelf.read("large")).toEqual(now.slice(0, count));
    }),
  );

  it("is in a backup when its turns change at every pause", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      let changes = 0;
      const most = mostText(() => {
        changes += 1;
        shelf.turns.update(turnOf(turnId(1, 1), `${TEXT} ${changes}`));
      }, Infinity);
      await backUp(tools);
      expect(most()).toBeLessThan(SLICE_TEXT + LINE);
      expect(findBackup(shelf.db, "backup_1")).toMatchObject({ skipped: "[]", turns: TURNS + 2 });
      expect(await verifyPart(tools, "backup_1", 0)).toMatchObject({ sessions: 3, error: null });
    }));

  it("is in no backup when it goes meanwhile", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      const most = mostText(() => {
        shelf.db.run("delete from turns where id < ?", turnId(2, 0));
        shelf.db.run("delete from sessions where key = 1");
      });
      await backUp(tools);
      most();
      expect(findBackup(shelf.db, "backup_1")).toMatchObject({ skipped: "[]", sessions: 2 });
      expect(partsOf(shelf.db, "backup_1")).toMatchObject([
        { sessions: 2, turns: 2, first_key: 2 },
      ]);
      expect(await verifyPart(tools, "backup_1", 0)).toMatchObject({ sessions: 2, error: null });
    }));
});
