import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import {
  countExported,
  nextExported,
} from "../../../../src/account/store/sessions/export-filter.ts";
import type { ExportFilter } from "../../../../src/account/store/sessions/export-filter.ts";
import type { PageQuery } from "../../../../src/sqlite/keyset-page.ts";
import { JOURNAL, PINNED } from "../../../../src/account/store/sessions/session-flags.ts";
import {
  findDetails,
  findSession,
  patchSession,
  putDetails,
  viewSession,
} from "../../../../src/account/store/sessions/sessions.ts";
import type { DetailsRow, SessionPatch } from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { listSessions } from "../../../../src/account/store/sessions/session-list.ts";
import type { SessionFilter } from "../../../../src/account/store/sessions/session-list.ts";

const DETAILS: Partial<DetailsRow>[] = [
  { user_id: "u", role: "a", metadata: '{"k":"v","l":"w"}' },
  { user_id: "u", role: "b", assistant: "support" },
  { user_id: "u", metadata: '{"k":"w"}' },
  { user_id: "v", role: "a" },
  {},
];

/** Sessions "s1" to "s5", each accessed a moment after the one before, and a block of the journal. */
function fill({ db, add }: Shelf): void {
  for (const [index, details] of DETAILS.entries()) {
    add(`s${index + 1}`, ["Hi"]);
    putDetails(db, index + 1, details);
    db.run("update sessions set accessed_at = ? where key = ?", THEN + index, index + 1);
  }
  db.run("update sessions set segment = 1, member = 0, turns = 9 where session_id = 's4'");
  add("journal/6", ["Hi"]);
  db.run("update sessions set flags = ? where key = 6", JOURNAL);
}

const list = ({ db }: Shelf, filter: SessionFilter, query: Partial<PageQuery> = {}) =>
  listSessions(db, filter, { limit: 10, order: "asc", ...query })
    .data.map(({ session_id }) => session_id)
    .join(" ");

describe("a list of sessions", () => {
  it("is by age, in pages from either end, and without the journal", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      expect(list(shelf, {})).toBe("s1 s2 s3 s4 s5");
      expect(list(shelf, {}, { order: "desc", limit: 2 })).toBe("s5 s4");
      expect(list(shelf, {}, { after: "s2", limit: 2 })).toBe("s3 s4");
      expect(list(shelf, {}, { after: "s2", order: "desc" })).toBe("s1");
      expect(list(shelf, {}, { before: "s4", limit: 2 })).toBe("s2 s3");
    }));

  it("finds a rare pair of metadata without reading the others", () =>
    withShelf(async (shelf) => {
      const { db, add } = shelf;
      for (let key = 1; key <= 300; key += 1) {
        add(`s${key}`, ["Hi"]);
        putDetails(db, key, { metadata: JSON.stringify({ tenant: key === 7 ? "rare" : "usual" }) });
      }
      const read = (value: string, query: Partial<PageQuery> = {}) => {
        const before = db.rowsRead;
        const found = list(shelf, { metadata: [["tenant", value]] }, query);
        return { found, rows: db.rowsRead - before };
      };
      const rare = read("rare");
      expect(rare.found).toBe("s7");
      expect(rare.rows).toBeLessThan(15);
      const usual = read("usual", { limit: 3, order: "desc", after: "s200" });
      expect(usual.found).toBe("s199 s198 s197");
      expect(usual.rows).toBeLessThan(50);
    }));

  it("goes by metadata as it is now, also where it was no JSON", () =>
    withShelf(async (shelf) => {
      const { db, add } = shelf;
      const pairs = () => db.all("select name, value, key from session_metadata order by 1, 2, 3");
      add("a", ["Hi"]);
      add("b", ["Hi"]);
      putDetails(db, 1, { metadata: '{"k":"v","n":1}' });
      putDetails(db, 2, { metadata: "no JSON" });
      expect(pairs()).toEqual([{ name: "k", value: "v", key: 1 }]);
      putDetails(db, 2, { metadata: '{"k":"v"}' });
      putDetails(db, 1, { metadata: '{"k":"w"}' });
      putDetails(db, 1, { user_id: "u" });
      expect(list(shelf, { metadata: [["k", "v"]] })).toBe("b");
      expect(list(shelf, { metadata: [["k", "w"]] })).toBe("a");
      db.run("delete from session_details where key = 2");
      putDetails(db, 1, { metadata: null });
      expect(pairs()).toEqual([]);
    }));

  it("is of one user, one assistant, one status, or some metadata", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      expect(list(shelf, { user_id: "u" })).toBe("s1 s2 s3");
      expect(list(shelf, { assistant: "support" })).toBe("s2");
      expect(list(shelf, { assistant: "default" })).toBe("s1 s3 s4 s5");
      expect(list(shelf, { status: "live" })).toBe("s1 s2 s3 s5");
      expect(list(shelf, { status: "archived" })).toBe("s4");
      expect(list(shelf, { metadata: [["k", "v"]] })).toBe("s1");
      expect(list(shelf, { metadata: [["k", "w"]] })).toBe("s3");
      const both: [string, string][] = [
        ["k", "v"],
        ["l", "w"],
      ];
      expect(list(shelf, { metadata: both })).toBe("s1");
      expect(list(shelf, { metadata: [...both, ["m", "x"]] })).toBe("");
    }));

  it("is of those last accessed from one time to before another", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      expect(list(shelf, { accessed: { from: THEN + 2 } })).toBe("s3 s4 s5");
      expect(list(shelf, { accessed: { to: THEN + 2 } })).toBe("s1 s2");
      expect(list(shelf, { accessed: { from: THEN + 1, to: THEN + 3 } })).toBe("s2 s3");
    }));

  it("has for a caller what is there for them: in their role, or in none", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      const key = null;
      expect(list(shelf, { caller: { key } })).toBe("s1 s2 s3 s4 s5");
      expect(list(shelf, { caller: { key, user_id: "u" } })).toBe("s1 s2 s3");
      expect(list(shelf, { caller: { key, user_id: "u", role: "a" } })).toBe("s1 s3");
      expect(list(shelf, { caller: { key, user_id: "v", role: "b" } })).toBe("");
      expect(list(shelf, { caller: { key, user_id: "u" }, user_id: "v" })).toBe("");
    }));

  it("shows each as it is", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      fill(shelf);
      expect(viewSession(db, "s1")).toEqual({
        session_id: "s1",
        status: "live",
        created_at: THEN,
        last_accessed_at: THEN,
        turns: 1,
        assistant: "default",
        user_id: "u",
        role: "a",
        metadata: { k: "v", l: "w" },
        facts: [],
        pinned: false,
        hold: null,
      });
      expect(viewSession(db, "s4")).toMatchObject({
        status: "archived",
        turns: 9,
        last_accessed_at: THEN + 3,
      });
      turns.insert(turnOf(turnId(5, 4), "Hi", { created_at: THEN + 99 }));
      putDetails(db, 5, { missing: 2 });
      expect(viewSession(db, "s5")).toMatchObject({ turns: 2, last_accessed_at: THEN + 99 });
      expect(viewSession(db, "unknown")).toBeNull();
      expect(listSessions(db, {}, { limit: 1, order: "asc" }).data).toEqual([
        viewSession(db, "s1"),
      ]);
    }));
});

const patch = ({ db }: Shelf, change: SessionPatch) => {
  const flags = patchSession(db, findSession(db, "s1")!, change);
  expect(findSession(db, "s1")!.flags).toBe(flags);
  return viewSession(db, "s1");
};

describe("a session's patch", () => {
  it("changes what it names, and nothing else", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      expect(patch(shelf, { pinned: true })).toMatchObject({ pinned: true, hold: null });
      expect(patch(shelf, { hold: "a case" })).toMatchObject({ pinned: true, hold: "a case" });
      expect(patch(shelf, { pinned: false })).toMatchObject({ pinned: false, hold: "a case" });
      expect(patch(shelf, { facts: ["One"] })).toMatchObject({ facts: ["One"], hold: "a case" });
      const metadata = { k: null, m: "x" };
      expect(patch(shelf, { metadata })).toMatchObject({ metadata: { l: "w", m: "x" } });
      expect(patch(shelf, { hold: null })).toMatchObject({ hold: null, facts: ["One"] });
      expect(findSession(shelf.db, "s1")!.flags & PINNED).toBe(0);
      for (const facts of [[], null]) {
        patch(shelf, { facts: ["One"] });
        expect(patch(shelf, { facts })).toMatchObject({ facts: [] });
        expect(findDetails(shelf.db, 1)?.facts).toBeNull();
      }
      const before = shelf.db.rowsWritten;
      patch(shelf, {});
      expect(shelf.db.rowsWritten).toBe(before);
    }));
});

const exported = ({ db }: Shelf, filter: ExportFilter) => {
  const keys: number[] = [];
  for (let key = nextExported(db, filter, 0); key !== null; key = nextExported(db, filter, key))
    keys.push(key);
  expect(countExported(db, filter)).toBe(keys.length);
  return keys;
};

describe("an export", () => {
  it("is of every session, or of those of a user, in a role or in none", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      expect(exported(shelf, {})).toEqual([1, 2, 3, 4, 5, 6]);
      expect(exported(shelf, { user: { user_id: "u" } })).toEqual([1, 2, 3]);
      expect(exported(shelf, { user: { user_id: "u", role: "a" } })).toEqual([1, 3]);
      expect(exported(shelf, { user: { user_id: "nobody" } })).toEqual([]);
    }));

  it("is of one assistant, and of a time, by the last turn", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      expect(exported(shelf, { assistant: "support" })).toEqual([2]);
      expect(exported(shelf, { assistant: "default" })).toEqual([1, 3, 4, 5, 6]);
      shelf.turns.insert(turnOf(turnId(1, 2), "Hi", { created_at: THEN + 9 }));
      expect(exported(shelf, { since: THEN + 3 })).toEqual([1, 4, 5]);
      expect(exported(shelf, { until: THEN + 3, user: { user_id: "u" } })).toEqual([2, 3]);
      expect(exported(shelf, { since: THEN + 1, until: THEN + 3 })).toEqual([2, 3]);
    }));
});
