import { afterEach, describe, expect, it, vi } from "vitest";

import { forgetArchivedTurns } from "../../../../src/account/store/turns/forget-slices.ts";
import { PART_LENGTH } from "../../../../src/account/store/turns/search-parts.ts";
import { LOOP_TURNS } from "../../../../src/shared/let-others-run.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { THEN, dueAt, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";
import { takesRowsOut } from "../../../support/search-index.ts";

const TURNS = 4;
/** More than leaves the index in one step. */
const TEXT = "plum ".repeat(200);
const TEXTS = Array.from({ length: TURNS }, () => TEXT);
const LONG = `plum${" ".repeat(PART_LENGTH - 4)}`.repeat(TURNS);
const ALL = { limit: 10, offset: 0 };

afterEach(() => void vi.restoreAllMocks());

/** How many turns of the event loop others had between two steps that took rows out of the index. */
function turnsBetween({ db }: Shelf): number[] {
  const between: number[] = [];
  let waits: number | null = null;
  const all = db.all.bind(db);
  vi.spyOn(db, "all").mockImplementation((sql, ...params) => {
    if (takesRowsOut(sql)) {
      if (waits !== null) between.push(waits);
      waits = 0;
    }
    return all(sql, ...params);
  });
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation((ms) => {
    if (waits !== null) waits += 1;
    return wait(ms);
  });
  return between;
}

/** The fewest of {@link turnsBetween}; none where there were fewer steps than there are turns. */
const fewest = (between: number[]) => (between.length < TURNS - 1 ? null : Math.min(...between));

describe("between two steps that take words out of the index, others run", () => {
  it("where sessions leave", () =>
    withShelf(async (shelf) => {
      shelf.add("s", TEXTS);
      await shelf.search.search('"plum"', ALL);
      const between = turnsBetween(shelf);
      await shelf.search.forget([1]);
      expect(fewest(between)).toBe(LOOP_TURNS);
    }));

  it("where a long turn changes", () =>
    withShelf(async (shelf) => {
      shelf.add("s", [LONG]);
      await shelf.search.search('"plum"', ALL);
      const between = turnsBetween(shelf);
      await shelf.search.forgetTurn(turnId(1, 1));
      expect(fewest(between)).toBe(LOOP_TURNS);
    }));

  it("where archived sessions leave", () =>
    withShelf(async (shelf) => {
      shelf.add("s", TEXTS);
      await shelf.search.search('"plum"', ALL);
      await shelf.archivist().archiveDue(dueAt(THEN + 40 * DAY), 0);
      const turns = TEXTS.map((text, index) => turnOf(turnId(1, index + 1), text));
      const between = turnsBetween(shelf);
      await forgetArchivedTurns(shelf.db, 1, turns);
      expect(fewest(between)).toBe(LOOP_TURNS);
    }));
});
