import { describe, expect, it } from "vitest";

import { readValue } from "../../../../src/account/store/account/account-values.ts";
import { insertBackup } from "../../../../src/account/store/archive/backups.ts";
import {
  mayHaveRedacted,
  noteRedacted,
} from "../../../../src/account/store/archive/redacted-copies.ts";
import type { Database } from "../../../../src/sqlite/database.ts";
import { withShelf } from "../../../support/archive.ts";

const MAX_KEYS = 1_000;
const idOf = (n: number): string => `backup_1795890754${100 + n}_fhu4znbv9c42`;

const insert = (db: Database, n: number): void =>
  insertBackup(db, {
    backup_id: idOf(n),
    status: "complete",
    reason: "request",
    created_at: n,
    completed_at: n,
    session_ids: null,
    through_key: 0,
    next_key: 0,
    skipped: "[]",
    restore: null,
  });

describe("what was taken out of a session", () => {
  it("may be in the backups that had begun, until these are gone", () =>
    withShelf(async ({ db }) => {
      noteRedacted(db, 7);
      expect(readValue(db, "redacted")).toBeNull();
      for (const n of [1, 2]) insert(db, n);
      noteRedacted(db, 7);
      insert(db, 3);
      noteRedacted(db, 8);
      const of = (key: number) => [1, 2, 3].map((n) => mayHaveRedacted(db, key, idOf(n)));
      expect([of(7), of(8), of(9)]).toEqual([
        [true, true, false],
        [true, true, true],
        [false, false, false],
      ]);
      db.run("delete from backups where backup_id < ?", idOf(3));
      noteRedacted(db, 8);
      expect(readValue(db, "redacted")).toEqual([[idOf(3), [8]]]);
      db.run("delete from backups");
      noteRedacted(db, 8);
      expect(readValue(db, "redacted")).toBeNull();
    }));

  it("is kept of so many sessions, and of all others with the backups of then", () =>
    withShelf(async ({ db }) => {
      for (const n of [1, 2, 3]) {
        insert(db, n);
        for (let key = 1; key <= MAX_KEYS / 2; key += 1) noteRedacted(db, n * MAX_KEYS + key);
      }
      const kept = readValue(db, "redacted") ?? [];
      expect(kept.map(([id, keys]) => [id, keys && keys.length])).toEqual([
        [idOf(1), null],
        [idOf(2), MAX_KEYS / 2],
        [idOf(3), MAX_KEYS / 2],
      ]);
      const of = (key: number) => [1, 2, 3].map((n) => mayHaveRedacted(db, key, idOf(n)));
      expect([of(1), of(2 * MAX_KEYS + 1)]).toEqual([
        [true, false, false],
        [true, true, false],
      ]);
    }));
});
