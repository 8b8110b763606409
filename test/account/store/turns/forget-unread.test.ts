import { describe, expect, it, vi } from "vitest";

import { compactFile } from "../../../../src/account/store/account/file-compaction.ts";
import { countAllRows } from "../../../../src/account/store/erasure/erased-rows.ts";
import { forgetUnreadTurns } from "../../../../src/account/store/turns/forget-unread.ts";
import { wordsOfRows } from "../../../../src/account/store/turns/index-words.ts";
import { PART_LENGTH } from "../../../../src/account/store/turns/search-parts.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { THEN, dueAt, withShelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";
import { indexedRows, indexedWords } from "../../../support/search-index.ts";

const ALL = { limit: 10, offset: 0 };
const MOST_ROWS = 256;
/** A word a part, so that a long text costs little. */
const longText = (parts: number): string => `plum${" ".repeat(PART_LENGTH - 4)}`.repeat(parts);

describe("the words of an archive that cannot be read", () => {
  it("leave the index some rows at a time, and each long text is made once", () =>
    withShelf(async (shelf) => {
      const { db, add, search } = shelf;
      add("stays", ["plum"]);
      add("damaged", ["plum", longText(100), longText(100), longText(100), "plum"]);
      expect((await search.search('"plum"', ALL)).hits).toHaveLength(6);
      await shelf.archivist().archiveDue(dueAt(THEN + 40 * DAY), 1);
      const parts = db.scalar<number>("select count(*) from search_parts") ?? 0;
      const [all, join] = [vi.spyOn(db, "all"), vi.spyOn(String.prototype, "padEnd")];
      await forgetUnreadTurns(db, [2]);
      const asked = all.mock.calls
        .filter(([sql]) => sql.startsWith("select d.id from json_each"))
        .map(([, rows]) => (JSON.parse(String(rows)) as number[]).length);
      const joined = join.mock.calls.length;
      vi.restoreAllMocks();
      expect(Math.max(...asked)).toBeLessThanOrEqual(MOST_ROWS);
      // Twice for each part.
      expect(joined).toBe(2 * parts);
      await scheduler.wait(1);
      expect([indexedRows(db), indexedWords(db)]).toEqual([1, 2]);
    }));

  it("leave the index together where they are of several sessions", () =>
    withShelf(async (shelf) => {
      const { db, add, search } = shelf;
      const texts = ["plum pear", "apple", "plum cherry"];
      const keys = Array.from({ length: 2 * (MOST_ROWS / 3) + 2 }, (_, index) => index + 2);
      add("stays", ["plum"]);
      for (const key of keys) add(`damaged${key}`, texts);
      await search.search('"plum"', ALL);
      await shelf.archivist().archiveDue(dueAt(THEN + 40 * DAY), 1);
      const run = vi.spyOn(db, "run");
      await forgetUnreadTurns(db, keys);
      const walks = run.mock.calls.filter(([sql]) => sql.includes("index_words using")).length;
      vi.restoreAllMocks();
      expect(walks).toBe(Math.ceil((keys.length * texts.length) / MOST_ROWS));
      expect(indexedRows(db)).toBe(1);
      expect(db.scalar("select max(indexed) from sessions where session_id glob 'damaged*'")).toBe(
        0,
      );
    }));

  it("are read again after a crash, whose tables are in the way of nothing", () =>
    withShelf(async ({ db, add, search }) => {
      add("s", ["plum pear plum"]);
      await search.search('"plum"', ALL);
      const rows = countAllRows(db);
      const tables = () =>
        db.scalar("select count(*) from sqlite_master where sql like '%fts5vocab%'");
      // It does not go on after its first pause.
      vi.spyOn(scheduler, "wait").mockReturnValue(new Promise(() => undefined));
      void wordsOfRows(db, [turnId(1, 1)]);
      vi.restoreAllMocks();
      expect(tables()).toBe(2);
      expect(countAllRows(db)).toBe(rows);
      await compactFile(db, () => scheduler.wait(1));
      const words = await wordsOfRows(db, [turnId(1, 1)]);
      expect(words.get(turnId(1, 1))?.input.toSorted()).toEqual(["pear", "plum", "plum"]);
      expect(tables()).toBe(0);
    }));
});
