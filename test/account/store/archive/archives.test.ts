import { describe, expect, it } from "vitest";

import {
  ARCHIVE,
  countSegmentsNotUnder,
  deleteSegment,
  scheduleDeletion,
  objectsToDelete,
  findSegment,
  forgetCopies,
  hasObjectsToDelete,
  indexedObjects,
  insertSegment,
  isDoomed,
  recordStaleCopy,
  markLive,
  replaceSegment,
  segmentsInUse,
  segmentsNotUnder,
  segmentsWith,
  cancelDeletion,
  staleSegments,
} from "../../../../src/account/store/archive/archives.ts";
import type { SegmentRow } from "../../../../src/account/store/archive/archives.ts";
import {
  deleteBackup,
  findBackup,
  findPart,
  heldIn,
  insertBackup,
  lastByPolicy,
  lastComplete,
  listBackups,
  listParts,
  oldestBackupAt,
  partKeys,
  runningBackup,
  surplusBackups,
  updateBackup,
} from "../../../../src/account/store/archive/backups.ts";
import type { BackupPart, BackupRow } from "../../../../src/account/store/archive/backups.ts";
import type { Database } from "../../../../src/sqlite/database.ts";
import type { PageQuery } from "../../../../src/sqlite/keyset-page.ts";
import { HELD } from "../../../../src/account/store/sessions/session-flags.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, withShelf } from "../../../support/archive.ts";
import { largestTurn } from "../../../support/rows-a-turn.ts";

const segment = (db: Database, object_key: string, more: Partial<SegmentRow> = {}): SegmentRow => {
  const row = {
    ...ARCHIVE,
    object_key,
    bytes: 10,
    members: "[]",
    created_at: THEN,
    key_id: null,
    ...more,
  };
  return { ...row, id: insertSegment(db, row) };
};
const keysOf = (rows: readonly SegmentRow[]) => rows.map(({ object_key }) => object_key).toSorted();
const archive = (db: Database, key: number, { id }: SegmentRow) =>
  db.run("update sessions set segment = ?, member = 0, turns = 1 where key = ?", id, key);

describe("a segment", () => {
  it("is kept as it is, replaced and deleted", () =>
    withShelf(async ({ db }) => {
      const row = segment(db, "a", {
        key_id: 3,
        backup_id: "b",
        part: 2,
        first_key: 1,
        last_key: 9,
      });
      expect(findSegment(db, row.id)).toEqual(row);
      const other = segment(db, "other");
      const moved = { ...row, object_key: "moved", bytes: 11, key_id: 4 };
      replaceSegment(db, moved);
      expect([findSegment(db, row.id), findSegment(db, other.id)]).toEqual([moved, other]);
      expect(indexedObjects(db).toSorted()).toEqual(["moved", "other"]);
      deleteSegment(db, row.id);
      expect([findSegment(db, row.id), findSegment(db, other.id)]).toEqual([null, other]);
    }));

  it("holds a session that was archived to it, was once, or is in its backup", () =>
    withShelf(async ({ db, add }) => {
      for (const id of ["s1", "s2", "s3"]) add(id, []);
      const [first, second] = [segment(db, "first"), segment(db, "second")];
      segment(db, "part", { backup_id: "b", first_key: 2, last_key: 3 });
      archive(db, 1, first);
      archive(db, 3, second);
      recordStaleCopy(db, 1, second.id);
      recordStaleCopy(db, 1, second.id);
      expect(keysOf(segmentsWith(db, [1]))).toEqual(["first", "second"]);
      expect(keysOf(segmentsWith(db, [2]))).toEqual(["part"]);
      expect(keysOf(segmentsWith(db, [3]))).toEqual(["part", "second"]);
      expect(keysOf(segmentsWith(db, [4]))).toEqual([]);
      forgetCopies(db, [2, 3], { backups: true });
      expect(keysOf(segmentsWith(db, [1]))).toEqual(["first", "second"]);
      forgetCopies(db, [1], { backups: true });
      expect(keysOf(segmentsWith(db, [1]))).toEqual(["first"]);
    }));

  it("is in use while it has an archived session that stays", () =>
    withShelf(async ({ db, add }) => {
      for (const id of ["s1", "s2", "s3"]) add(id, []);
      const [row, other] = [segment(db, "a"), segment(db, "b")];
      archive(db, 1, row);
      archive(db, 2, row);
      const inUse = async (except: number[]) => [
        ...(await segmentsInUse(db, [row.id, other.id], except)),
      ];
      expect(await inUse([])).toEqual([row.id]);
      expect(await inUse([1])).toEqual([row.id]);
      expect(await inUse([1, 2, 3])).toEqual([]);
      archive(db, 3, other);
      expect(await inUse([1, 2])).toEqual([other.id]);
    }));

  it("is stale when every session has come back", () =>
    withShelf(async ({ db, add }) => {
      for (const id of ["s1", "s2"]) add(id, []);
      const row = segment(db, "a");
      segment(db, "part", { backup_id: "b" });
      archive(db, 1, row);
      archive(db, 2, row);
      recordStaleCopy(db, 1, row.id);
      markLive(db, 1, THEN + 5);
      expect(findSession(db, "s1")).toMatchObject({
        segment: null,
        member: null,
        turns: null,
        accessed_at: THEN + 5,
      });
      expect(await staleSegments(db)).toEqual([]);
      markLive(db, 2, THEN);
      expect(keysOf(await staleSegments(db))).toEqual(["a"]);
      deleteSegment(db, row.id);
      segment(db, "new");
      expect(await staleSegments(db)).toEqual([]);
    }));

  it("is found where it is under another key, or under none", () =>
    withShelf(async ({ db }) => {
      segment(db, "none");
      segment(db, "old", { key_id: 1 });
      segment(db, "new", { key_id: 2 });
      expect(keysOf(segmentsNotUnder(db, 2, { after: 0, limit: 9 }))).toEqual(["none", "old"]);
      const [first, ...others] = segmentsNotUnder(db, 2, { after: 0, limit: 1 });
      expect(others).toEqual([]);
      expect(keysOf(segmentsNotUnder(db, 2, { after: first!.id, limit: 9 }))).toEqual(["old"]);
      expect([countSegmentsNotUnder(db, 2), countSegmentsNotUnder(db, 9)]).toEqual([2, 3]);
    }));
});

describe("an object that is to be deleted", () => {
  it("is known until it is spared, and never is one that a segment names", () =>
    withShelf(async ({ db }) => {
      expect(hasObjectsToDelete(db)).toBe(false);
      for (const key of ["a", "b", "b", "c"]) scheduleDeletion(db, key);
      segment(db, "c");
      expect(objectsToDelete(db, 9)).toEqual(["a", "b"]);
      expect(objectsToDelete(db, 1)).toHaveLength(1);
      cancelDeletion(db, "a");
      expect([isDoomed(db, "a"), isDoomed(db, "b"), hasObjectsToDelete(db)]).toEqual([
        false,
        true,
        true,
      ]);
      cancelDeletion(db, "b");
      expect(hasObjectsToDelete(db)).toBe(false);
    }));
});

const backup = (db: Database, n: number, more: Partial<BackupRow> = {}): BackupRow => {
  const row: BackupRow = {
    backup_id: `backup_${n}_x`,
    status: "complete",
    reason: "request",
    created_at: THEN + n,
    completed_at: THEN + n,
    session_ids: null,
    through_key: 9,
    next_key: 0,
    skipped: "[]",
    restore: null,
    ...more,
  };
  insertBackup(db, row);
  return row;
};

describe("a backup", () => {
  it("tells of its parts without their members, some at a time", () =>
    withShelf(async ({ db }) => {
      const { backup_id } = backup(db, 1);
      const MANY = 45;
      for (let part = 1; part <= MANY; part += 1) {
        const members = Array.from({ length: part % 3 }, (_, n) => [n * 10, part, "a".repeat(64)]);
        const counts = { sessions: 1, turns: 2, first_key: part, last_key: part };
        segment(db, `p${part}`, {
          backup_id,
          part,
          ...counts,
          members: JSON.stringify(members),
        });
      }
      const told: BackupPart[] = [];
      const { rows } = await largestTurn(async () => {
        told.push(...(await listParts(db, backup_id)));
      });
      expect(rows).toBeLessThan(MANY);
      expect(told.map(({ part }) => part)).toEqual(Array.from({ length: MANY }, (_, n) => n + 1));
      expect(told.slice(0, 3)).toEqual(
        [1, 12, 0].map((index_offset, n) => ({
          part: n + 1,
          object_key: `p${n + 1}`,
          bytes: 10,
          sessions: 1,
          turns: 2,
          first_key: n + 1,
          last_key: n + 1,
          key_id: null,
          index_offset,
        })),
      );
    }));

  it("is counted by its parts, and goes with them", () =>
    withShelf(async ({ db, add }) => {
      const row = backup(db, 1);
      backup(db, 2);
      const of = { backup_id: row.backup_id };
      segment(db, "second", { ...of, part: 2, sessions: 1, turns: 5, first_key: 3, last_key: 4 });
      segment(db, "first", { ...of, part: 1, sessions: 2, turns: 7, first_key: 1, last_key: 2 });
      segment(db, "other", { backup_id: "backup_2_x", part: 1 });
      expect(findBackup(db, row.backup_id)).toEqual({
        ...row,
        parts: 2,
        sessions: 3,
        turns: 12,
        bytes: 20,
      });
      expect(partKeys(db, row.backup_id)).toEqual(["first", "second"]);
      expect([0, 1, 2].map((behind) => findPart(db, row.backup_id, behind)?.part)).toEqual([
        1,
        2,
        undefined,
      ]);
      for (const id of ["s1", "s2", "s3", "s4", "s5"]) add(id, []);
      db.run("update sessions set flags = ? where key in (2, 5)", HELD);
      expect([heldIn(db, row.backup_id), heldIn(db, "backup_2_x")]).toEqual([1, 0]);
      deleteBackup(db, row.backup_id);
      expect(findBackup(db, row.backup_id)).toBeNull();
      expect(indexedObjects(db)).toEqual(["other"]);
      expect(findBackup(db, "backup_2_x")).toMatchObject({
        parts: 1,
        sessions: 0,
        turns: 0,
        bytes: 10,
      });
    }));

  it("is changed in what is named", () =>
    withShelf(async ({ db }) => {
      const [row, other] = [
        backup(db, 1, { status: "running", completed_at: null }),
        backup(db, 2),
      ];
      expect(runningBackup(db)).toBe(row.backup_id);
      updateBackup(db, row.backup_id, { status: "complete", completed_at: THEN + 9, next_key: 4 });
      expect(findBackup(db, row.backup_id)).toMatchObject({
        ...row,
        status: "complete",
        completed_at: THEN + 9,
        next_key: 4,
      });
      expect(findBackup(db, other.backup_id)).toMatchObject(other);
      expect(runningBackup(db)).toBeNull();
    }));

  it("is listed in the order of age, in pages from either end", () =>
    withShelf(async ({ db }) => {
      for (let n = 1; n <= 4; n += 1) backup(db, n);
      const list = (query: Partial<PageQuery>) => {
        const { data, has_more } = listBackups(db, { limit: 2, order: "desc", ...query });
        return [data.map(({ created_at }) => created_at - THEN), has_more];
      };
      expect(list({})).toEqual([[4, 3], true]);
      expect(list({ after: "backup_3_x" })).toEqual([[2, 1], false]);
      expect(list({ order: "asc", after: "backup_2_x" })).toEqual([[3, 4], false]);
      expect(list({ before: "backup_1_x" })).toEqual([[3, 2], true]);
      expect(() => list({ after: "unknown" })).toThrow(
        expect.objectContaining({ code: "invalid_request", param: "after" }),
      );
    }));

  it("has fewer beside it on a page where it says much", () =>
    withShelf(async ({ db }) => {
      for (const [n, more] of [{ skipped: true }, { session_ids: true }].entries())
        for (let times = 0; times < 10; times += 1) {
          const json = JSON.stringify("x".repeat(1_900_000));
          const said = "skipped" in more ? { skipped: json } : { session_ids: json };
          backup(db, 10 + n * 10 + times, said);
        }
      const list = (after?: string) =>
        listBackups(db, { limit: 10, order: "asc", after }).data.length;
      expect([list(), list("backup_19_x")]).toEqual([8, 8]);
    }));
});

describe("backups that are too many", () => {
  const policy = { reason: "policy" } as const;

  it("are those that are too old, and of those by policy all but the newest", () =>
    withShelf(async ({ db }) => {
      backup(db, 1);
      for (const n of [2, 3, 4]) backup(db, n, policy);
      backup(db, 5, { ...policy, status: "running" });
      backup(db, 0, { status: "running" });
      const surplus = (at: number | null, kept: number | null) =>
        surplusBackups(db, at, kept).map((id) => Number(id.split("_")[1]));
      expect(surplus(null, null)).toEqual([]);
      expect(surplus(THEN + 3, null)).toEqual([1, 2]);
      expect(surplus(null, 1)).toEqual([2, 3]);
      expect(surplus(null, 2)).toEqual([2]);
      expect(surplus(THEN + 2, 2)).toEqual([1, 2]);
      expect(surplus(null, 9)).toEqual([]);
    }));

  it("make way for none that lacks a session", () =>
    withShelf(async ({ db }) => {
      for (const n of [1, 2]) backup(db, n, policy);
      for (const n of [3, 4, 5]) backup(db, n, { ...policy, skipped: '[["s","archive_corrupt"]]' });
      expect(surplusBackups(db, null, 1)).toEqual(["backup_1_x", "backup_3_x", "backup_4_x"]);
    }));

  it("are told by when the last were made", () =>
    withShelf(async ({ db }) => {
      expect([lastByPolicy(db), lastComplete(db, "backup_9_x"), oldestBackupAt(db)]).toEqual([
        null,
        null,
        null,
      ]);
      backup(db, 1, { status: "running" });
      backup(db, 2, policy);
      backup(db, 3);
      backup(db, 4, { ...policy, status: "running" });
      expect([lastByPolicy(db), lastComplete(db, "backup_9_x"), oldestBackupAt(db)]).toEqual([
        THEN + 4,
        "backup_3_x",
        THEN + 2,
      ]);
      expect(lastComplete(db, "backup_3_x")).toBe("backup_2_x");
    }));
});
