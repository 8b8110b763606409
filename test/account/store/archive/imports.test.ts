import { describe, expect, it } from "vitest";

import type { Database } from "../../../../src/sqlite/database.ts";
import type { PageQuery } from "../../../../src/sqlite/keyset-page.ts";
import {
  deleteImport,
  findImport,
  forgetImport,
  importsOf,
  insertImport,
  keysOfImport,
  listImports,
  markTurns,
  passOn,
  rangesOfImport,
  turnsOfImport,
  updateImport,
} from "../../../../src/account/store/archive/imports.ts";
import { THEN, withShelf } from "../../../support/archive.ts";

const insert = (db: Database, import_id: string) => {
  insertImport(db, {
    import_id,
    options: "{}",
    line: 0,
    position: null,
    report: "[]",
    created_at: THEN,
    updated_at: 0,
  });
  return findImport(db, import_id)!;
};

describe("an import", () => {
  it("is kept, changed in what is named, listed newest first, and deleted", () =>
    withShelf(async ({ db }) => {
      const [first, second] = [insert(db, "a"), insert(db, "b")];
      expect(first).toEqual({
        number: first.number,
        import_id: "a",
        status: "running",
        options: "{}",
        line: 0,
        position: null,
        report: "[]",
        created_at: THEN,
        updated_at: THEN,
      });
      updateImport(db, first.number, { line: 7, status: "complete" });
      expect(findImport(db, "a")).toEqual({ ...first, line: 7, status: "complete" });
      expect(findImport(db, "b")).toEqual(second);
      const list = (query: Partial<PageQuery> = {}) => {
        const page = listImports(db, { limit: 9, order: "desc", ...query });
        return [page.data.map(({ import_id }) => import_id), page.has_more];
      };
      expect(list()).toEqual([["b", "a"], false]);
      expect(list({ limit: 1 })).toEqual([["b"], true]);
      expect(list({ limit: 1, after: "b" })).toEqual([["a"], false]);
      expect(list({ order: "asc", after: "a" })).toEqual([["b"], false]);
      expect(list({ before: "a" })).toEqual([["b"], false]);
      deleteImport(db, second.number);
      expect([findImport(db, "b"), list()]).toEqual([null, [["a"], false]]);
      expect(() => list({ after: "b" })).toThrow("no id of this list");
    }));

  it("knows which turns it brought, and to which sessions", () =>
    withShelf(async ({ db, add }) => {
      add("s", ["1", "2", "3", "4"]);
      add("t", ["1"]);
      const ranges = [
        { first: 1, last: 2, import: 1 },
        { first: 4, last: 9, import: 2 },
      ];
      markTurns(db, 1, ranges, 1);
      markTurns(db, 2, [{ first: 1, last: 1, import: 2 }], 3);
      const { of, maker } = importsOf(db, 1);
      expect([maker, of(1), of(2), of(3), of(4), of(10)]).toEqual([1, 1, 1, null, 2, null]);
      expect(importsOf(db, 2).maker).toBe(3);
      expect(importsOf(db, 2).of(1)).toBe(2);
      expect(importsOf(db, 9)).toMatchObject({ maker: null });
      expect([
        keysOfImport(db, 2, 0, 9),
        keysOfImport(db, 2, 1, 9),
        keysOfImport(db, 2, 0, 1),
      ]).toEqual([[1, 2], [2], [1]]);
      expect(rangesOfImport(db, 2, 1)).toEqual([{ first: 4, last: 9 }]);
      expect([turnsOfImport(db, 1, 1), turnsOfImport(db, 2, 1), turnsOfImport(db, 3, 2)]).toEqual([
        2, 1, 0,
      ]);
      forgetImport(db, 1, 1);
      expect(importsOf(db, 1).maker).toBeNull();
      expect([importsOf(db, 1).of(1), importsOf(db, 1).of(4)]).toEqual([null, 2]);
    }));

  it("passes a session to the import that brought its first turn, where no other import has a turn in it", () =>
    withShelf(async ({ db, add }) => {
      add("s", ["1", "2"]);
      const marks = [
        { first: 2, last: 2, import: 2 },
        { first: 1, last: 1, import: 3 },
      ];
      markTurns(db, 1, marks.slice(0, 1), null);
      passOn(db, 1);
      expect(importsOf(db, 1).maker).toBeNull();
      markTurns(db, 1, marks.slice(1), null);
      passOn(db, 1);
      expect(importsOf(db, 1).maker).toBe(3);
    }));
});
