import { describe, expect, it } from "vitest";

import { NO_TURNS, quantile } from "../../../../src/account/store/usage/analytics.ts";
import {
  countOldRows,
  isCompared,
  oldCallIds,
  oldRowsOf,
  putOldRows,
} from "../../../../src/account/store/calls/legacy-call-rows.ts";
import {
  encodeDetails,
  mergeMetadata,
  needsTouch,
  putDetails,
} from "../../../../src/account/store/sessions/sessions.ts";
import {
  piecesFrom,
  putPieces,
  withPieces,
} from "../../../../src/account/store/turns/stream-pieces.ts";
import {
  countUserSessions,
  heldUserSessions,
  isInRole,
  userSessions,
} from "../../../../src/account/store/sessions/users.ts";
import { THEN, withShelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

describe("a session's details", () => {
  it("are stored where they are set", () => {
    const none = { assistant: null, user_id: null, metadata: {} };
    expect(encodeDetails(none)).toStrictEqual({});
    expect(encodeDetails({ ...none, facts: [] })).toStrictEqual({});
    const all = { assistant: "a", user_id: "u", role: "r", metadata: { k: "v" }, facts: ["f"] };
    expect(encodeDetails(all)).toStrictEqual({
      assistant: "a",
      user_id: "u",
      role: "r",
      metadata: '{"k":"v"}',
      facts: '["f"]',
    });
  });

  it("take metadata as a merge patch, and sixteen pairs of it", () => {
    const pairs = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`k${index}`, "v"]));
    expect(mergeMetadata(null, { a: "b", c: null })).toEqual({ a: "b" });
    expect(mergeMetadata('{"a":"b","c":"d"}', { a: null, c: "e" })).toEqual({ c: "e" });
    expect(mergeMetadata(JSON.stringify(pairs), { k0: "w" })).toMatchObject({ k0: "w", k15: "v" });
    expect(() => mergeMetadata(JSON.stringify(pairs), { more: "v" })).toThrow(/16 pairs/);
    expect(mergeMetadata(JSON.stringify(pairs), { more: "v", k0: null })).toHaveProperty("more");
  });

  it("are touched once a day", () => {
    expect(needsTouch(3 * DAY, 4 * DAY - 1)).toBe(false);
    expect(needsTouch(4 * DAY - 1, 4 * DAY)).toBe(true);
    expect(needsTouch(4 * DAY, 3 * DAY)).toBe(false);
  });
});

describe("a user's sessions", () => {
  it("are found by user and role, and those without a role in any", () =>
    withShelf(async ({ db, add }) => {
      for (const [index, details] of [
        { user_id: "u", role: "a" },
        { user_id: "u", role: "b" },
        { user_id: "u" },
        { user_id: "v", role: "a" },
      ].entries()) {
        add(`s${index}`, ["Hi"]);
        putDetails(db, index + 1, details);
      }
      expect(userSessions(db, { user_id: "u" }, 10)).toEqual(["s0", "s1", "s2"]);
      expect(userSessions(db, { user_id: "u" }, 2)).toEqual(["s0", "s1"]);
      expect(userSessions(db, { user_id: "u", role: "a" }, 10)).toEqual(["s0", "s2"]);
      expect(countUserSessions(db, { user_id: "u", role: "b" })).toBe(2);
      expect(countUserSessions(db, { user_id: "nobody" })).toBe(0);
      expect(heldUserSessions(db, { user_id: "u" })).toBe(0);
    }));

  it("are in a role as they say", () => {
    expect(isInRole({ user_id: "u" }, "a")).toBe(true);
    expect(isInRole({ user_id: "u", role: "a" }, null)).toBe(true);
    expect(isInRole({ user_id: "u", role: "a" }, "a")).toBe(true);
    expect(isInRole({ user_id: "u", role: "a" }, "b")).toBe(false);
  });
});

const pieces = (...deltas: string[]) =>
  JSON.stringify(deltas.map((delta) => ({ type: "text", delta })));

describe("pieces that are kept", () => {
  it("are told up to the first that is missing, and kept once", () =>
    withShelf(async ({ db }) => {
      putPieces(db, 1, 0, pieces("a", "b"));
      putPieces(db, 1, 0, pieces("again"));
      putPieces(db, 1, 3, pieces("d"));
      putPieces(db, 2, 2, pieces("of another"));
      const told = (from: number) =>
        piecesFrom(db, 1, from).map((piece) => "delta" in piece && piece.delta);
      expect(told(0)).toEqual(["a", "b"]);
      putPieces(db, 1, 2, pieces("c"));
      expect([told(0), told(2)]).toEqual([
        ["a", "b", "c", "d"],
        ["c", "d"],
      ]);
    }));

  it("are what an abandoned response had come to", () =>
    withShelf(async ({ db, add, read }) => {
      add("s", ["Hi"]);
      const [turn] = await read("s");
      const open: Turn = { ...turn!, output: null, extra: { response: { settings: "{}" } } };
      expect(withPieces(db, open)).toBe(open);
      putPieces(db, open.id, 0, pieces("Hel", "lo"));
      expect(withPieces(db, open)).toEqual({
        ...open,
        output: "Hello",
        extra: { response: { settings: "{}", pieces: [[3, 2]] } },
      });
      const answered = { ...open, output: "Answered" };
      expect(withPieces(db, answered)).toBe(answered);
      const plain = { ...open, extra: {} };
      expect(withPieces(db, plain)).toBe(plain);
    }));
});

const row = (call_id: string, id: string | null, text: string) => ({
  kind: 1,
  call_id,
  id,
  row: JSON.stringify(text),
});

describe("old rows", () => {
  it("are kept once each, by their id or by what is in them", () =>
    withShelf(async ({ db }) => {
      expect([countOldRows(db), isCompared(db)]).toEqual([{ rows: 0, calls: 0 }, false]);
      const rows = [row("b", "1", "x"), row("a", null, "y"), row("a", null, "z")];
      putOldRows(db, [...rows, ...rows], THEN);
      expect(countOldRows(db)).toEqual({ rows: 3, calls: 2 });
      expect(oldRowsOf(db, "a").toSorted()).toEqual(['"y"', '"z"']);
      expect([oldCallIds(db, "", 10), oldCallIds(db, "a", 10), oldCallIds(db, "", 1)]).toEqual([
        ["a", "b"],
        ["b"],
        ["a"],
      ]);
      // Named by their content, in hex: two kinds of one content are two.
      const ids = db.all<{ id: string }>("select id from old_rows where call_id = 'a'");
      for (const { id } of ids) expect(id).toMatch(/^1:a:[0-9a-f]{64}$/);
    }));
});

const share = (durations: number[], of: number) => quantile({ ...NO_TURNS, durations }, of);

describe("a share of durations", () => {
  it("lies below the bound of its bucket", () => {
    expect(share([], 0.5)).toBeNull();
    expect(share([0, 0], 0.5)).toBeNull();
    expect(share([1, 1, 0, 2], 0.5)).toBe(10);
    expect(share([1, 1, 0, 2], 0.51)).toBe(50);
    expect(share([0, 0, 3], 0.95)).toBe(25);
    // Beyond the last bound there is none.
    expect(share([...Array.from({ length: 13 }, () => 0), 1], 0.5)).toBeNull();
  });
});
