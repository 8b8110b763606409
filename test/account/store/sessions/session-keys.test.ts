import { describe, expect, it } from "vitest";

import {
  PINNED,
  flagsOf,
  journalId,
  ownSessions,
  JOURNAL,
} from "../../../../src/account/store/sessions/session-flags.ts";
import { SessionKeys } from "../../../../src/account/store/sessions/session-keys.ts";
import { THEN, withShelf } from "../../../support/archive.ts";
import { undone } from "../../../support/undone.ts";

describe("a session's key", () => {
  it("is never given out again, not after an eviction, and not where a write was undone", () =>
    withShelf(async ({ db }) => {
      const keys = new SessionKeys(db);
      const [first, second] = [keys.next(), keys.next()];
      expect([first, second]).toEqual([1, 2]);
      undone(db, () => keys.reserve(first));
      keys.reserve(first);
      const before = db.rowsWritten;
      keys.reserve(second);
      expect(db.rowsWritten).toBe(before);
      expect(new SessionKeys(db).next()).toBeGreaterThan(1_000);
      for (let key = keys.next(); key < 1_030; key = keys.next()) keys.reserve(key);
      expect(new SessionKeys(db).next()).toBeGreaterThan(2_000);
    }));

  it("that it had is its own again where that is free", () =>
    withShelf(async ({ db, add }) => {
      const keys = new SessionKeys(db);
      const claim = (key: number) =>
        keys.claim({ key, session_id: "t", user_id: null, created_at: THEN });
      add("s", []);
      expect(claim(5)).toBe(5);
      expect(keys.next()).toBe(6);
      expect(claim(6)).toBe(7);
      expect(claim(1)).toBe(8);
      expect(claim(0)).toBe(9);
      expect(claim(2 ** 32 + 1)).toBe(10);
      expect(claim(3)).toBe(3);
      expect(keys.next()).toBe(11);
      expect(claim(2 ** 32)).toBe(2 ** 32);
    }));

  it("is no other session's while a backup has a copy of it", () =>
    withShelf(async ({ db }) => {
      const keys = new SessionKeys(db);
      db.run("insert into former_sessions values (9, 'former', 'ann', 'client')");
      const former = {
        key: 9,
        session_id: "former",
        user_id: "ann",
        role: "client",
        created_at: THEN,
      };
      expect(keys.claim({ ...former, session_id: "t" })).toBe(1);
      expect(keys.claim({ ...former, user_id: "bob" })).toBe(2);
      expect(keys.claim({ ...former, role: undefined })).toBe(3);
      expect(keys.claim(former)).toBe(9);
    }));

  it("is not another's, either, while its turns are counted without it", () =>
    withShelf(async ({ db }) => {
      const keys = new SessionKeys(db);
      db.run("insert into expired_sessions values (8, ?), (9, null)", THEN);
      const session = { session_id: "s", user_id: null, created_at: THEN };
      const other = { ...session, created_at: THEN + 1 };
      expect(keys.claim({ ...other, key: 8 })).toBe(1);
      expect(keys.claim({ ...session, key: 8 })).toBe(8);
      expect(keys.claim({ ...other, key: 9 })).toBe(9);
    }));

  it("says by the session's id what that is", () => {
    expect([flagsOf(journalId(3)), flagsOf("s"), flagsOf("journal")]).toEqual([JOURNAL, 0, 0]);
    expect(ownSessions([{ flags: JOURNAL }, { flags: PINNED }])).toEqual([{ flags: PINNED }]);
  });
});
