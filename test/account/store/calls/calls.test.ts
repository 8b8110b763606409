import { describe, expect, it } from "vitest";

import { callId, turnId } from "../../../../src/shared/ids.ts";
import {
  findCall,
  listCalls,
  locateCall,
  putCall,
} from "../../../../src/account/store/calls/calls.ts";
import type { CallFilter } from "../../../../src/account/store/calls/calls.ts";
import type { PageQuery } from "../../../../src/sqlite/keyset-page.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

const LEASE = { token: "t", until: THEN + 10 };

/** Two sessions, of which one holds one turn of each kind. */
function fill({ add, turns }: Shelf): void {
  add("s", []);
  add("t", ["other"]);
  const kinds: [string, Partial<Turn>][] = [
    ["answered", { model: "openai/gpt-4o", created_at: THEN + 1 }],
    ["in vain", { model: null, status: "failed", output: null, created_at: THEN + 2 }],
    ["given up", { model: "gpt-4o", status: "abandoned", output: null, created_at: THEN + 3 }],
    ["cut off", { model: "azure/gpt-4o", status: "interrupted", created_at: THEN + 4 }],
    ["leased", { status: "in_progress", output: null, extra: { lease: LEASE } }],
    ["unleased", { status: "in_progress", output: null }],
    ["blocked", { model: "openai/o1", extra: { policy: { outcome: "blocked", events: [] } } }],
    ["redacted", { model: "openai/o1", extra: { policy: { outcome: "modified", events: [] } } }],
  ];
  for (const [index, [input, more]] of kinds.entries())
    turns.insert(turnOf(turnId(1, index + 1), input, more));
}

const list = (
  { db, turns }: Shelf,
  filter: CallFilter,
  query: Partial<PageQuery> = {},
  now = THEN,
) => {
  const page = listCalls(db, turns, filter, { limit: 20, order: "asc", ...query }, now);
  return page.data.map(({ input }) => input);
};

describe("a call", () => {
  it("is found by the caller's id or ours, with its session", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      const id = turnId(1, 2);
      putCall(db, "mine", id);
      putCall(db, "mine", turnId(1, 3));
      expect([findCall(db, "mine"), findCall(db, callId(id)), findCall(db, "yours")]).toEqual([
        id,
        id,
        null,
      ]);
      // Whoever calls theirs what we call ours means theirs.
      putCall(db, callId(turnId(2, 1)), id);
      expect(findCall(db, callId(turnId(2, 1)))).toBe(id);
      expect(locateCall(db, "mine")).toMatchObject({ id, session: { session_id: "s" } });
      for (const unknown of ["yours", callId(turnId(9, 1))])
        expect(() => locateCall(db, unknown)).toThrow(
          expect.objectContaining({ code: "call_not_found" }),
        );
    }));
});

describe("a list of calls", () => {
  it("is in order of session and turn, and pages from either end", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      expect(list(shelf, {}, { limit: 2 })).toEqual(["answered", "in vain"]);
      expect(list(shelf, {}, { limit: 2, order: "desc" })).toEqual(["other", "redacted"]);
      const after = callId(turnId(1, 7));
      expect(list(shelf, {}, { after })).toEqual(["redacted", "other"]);
      expect(list(shelf, {}, { after, order: "desc", limit: 2 })).toEqual(["unleased", "leased"]);
      expect(list(shelf, {}, { before: after, limit: 1 })).toEqual(["unleased"]);
    }));

  it("is of one session", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      shelf.turns.insert(turnOf(turnId(3, 1), "of a third"));
      expect(list(shelf, { session_id: "t" })).toEqual(["other"]);
      expect(list(shelf, { session_id: "s" })).toHaveLength(8);
      expect(list(shelf, { session_id: "unknown" })).toEqual([]);
    }));

  it("is of one model, with its provider or without, or of one provider", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      expect(list(shelf, { model: "gpt-4o" })).toEqual(["answered", "given up", "cut off"]);
      expect(list(shelf, { model: "openai/gpt-4o" })).toEqual(["answered"]);
      expect(list(shelf, { model: "4o" })).toEqual([]);
      expect(list(shelf, { provider: "openai" })).toEqual(["answered", "blocked", "redacted"]);
      expect(list(shelf, { provider: "open" })).toEqual([]);
      expect(list(shelf, { provider: "openai", model: "o1" })).toEqual(["blocked", "redacted"]);
      expect(list(shelf, { provider: "azure", model: "o1" })).toEqual([]);
      expect(list(shelf, { provider: "local" })).toEqual(["leased", "unleased", "other"]);
    }));

  it("is of one status, where what is past its lease is abandoned", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      const of = (status: Turn["status"], now?: number) => list(shelf, { status }, {}, now);
      expect(of("completed")).toEqual(["answered", "blocked", "redacted", "other"]);
      expect(of("failed")).toEqual(["in vain"]);
      expect(of("interrupted")).toEqual(["cut off"]);
      expect(of("in_progress", LEASE.until - 1)).toEqual(["leased"]);
      expect(of("abandoned", LEASE.until - 1)).toEqual(["given up", "unleased"]);
      expect(of("in_progress", LEASE.until)).toEqual([]);
      expect(of("abandoned", LEASE.until)).toEqual(["given up", "leased", "unleased"]);
    }));

  it("is of those begun from one time to before another", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      expect(list(shelf, { from: THEN + 2 })).toEqual(["in vain", "given up", "cut off"]);
      expect(list(shelf, { from: THEN + 1, to: THEN + 3 })).toEqual(["answered", "in vain"]);
      expect(list(shelf, { to: THEN + 1, session_id: "t" })).toEqual(["other"]);
      expect(list(shelf, { to: THEN })).toEqual([]);
    }));

  it("is of those that policies had a say in, or had not", () =>
    withShelf(async (shelf) => {
      fill(shelf);
      expect(list(shelf, { policy_outcome: "blocked" })).toEqual(["blocked"]);
      expect(list(shelf, { policy_outcome: "modified" })).toEqual(["redacted"]);
      expect(list(shelf, { policy_outcome: "none" })).toHaveLength(7);
    }));

  it("has fewer to a page where they are large", () =>
    withShelf(async ({ db, turns, add }) => {
      add("s", []);
      for (let seq = 1; seq <= 12; seq += 1)
        turns.insert(turnOf(turnId(1, seq), "x".repeat(900_000), { output: "y".repeat(900_000) }));
      const page = listCalls(db, turns, {}, { limit: 20, order: "asc" }, THEN);
      expect(page.has_more).toBe(true);
      expect(page.data.length).toBeLessThan(12);
    }));
});
