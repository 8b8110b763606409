import { describe, expect, it } from "vitest";

import { turnId } from "../../../src/shared/ids.ts";
import { putKey } from "../../../src/account/store/turns/idempotency.ts";
import { LEASE_MS, SessionQueue } from "../../../src/account/conversation/session-queue.ts";
import type { OpenTurn } from "../../../src/account/conversation/turn-contract.ts";
import { recoverTurn } from "../../../src/account/conversation/recover-turn.ts";
import { findSession } from "../../../src/account/store/sessions/sessions.ts";
import { THEN, turnOf, withShelf } from "../../support/archive.ts";
import { refusal } from "../../support/desk.ts";
import type { Shelf } from "../../support/archive.ts";
import type { Turn } from "../../../src/shared/turn.ts";
import { removeSession } from "../../../src/account/store/erasure/drop-session.ts";

const OPEN: OpenTurn = {
  turn_id: turnId(1, 3),
  token: "mine",
  session_id: "s",
  input: "Hi",
  created_at: THEN,
  new_session: false,
  restored: false,
  account_erased_at: null,
  accessed_at: THEN,
  assistant: null,
  role: null,
  shown: 0,
};
const NEW: OpenTurn = { ...OPEN, turn_id: turnId(1, 1), new_session: true };
const lease = (token: string, until = THEN + 1) => ({ lease: { token, until } });
/** A settle, by an instance that knows nothing but what is stored. */
function recover(
  { db, turns }: Shelf,
  open: Partial<OpenTurn> = {},
  {
    line = new SessionQueue(() => THEN),
    erasedAt = null,
    settled = {},
  }: { line?: SessionQueue; erasedAt?: number | null; settled?: Partial<Turn> } = {},
) {
  const mine = { ...OPEN, ...open };
  const turn = turnOf(mine.turn_id, "Hi", settled);
  return recoverTurn({ db, turns, queue: line, clock: () => THEN, erasedAt }, mine, turn);
}

/** With a session "s" of two turns. */
const withTurns = (test: (shelf: Shelf) => void) =>
  withShelf(async (shelf) => {
    shelf.add("s", ["one", "two"]);
    test(shelf);
  });

describe("a turn that was never written", () => {
  it("appends the recovered turn after the session's last one", () =>
    withTurns((shelf) => {
      expect(recover(shelf)).toEqual({ open: OPEN, stored: null, begun: false, abandoned: null });
    }));

  it("comes first in a session that nothing is written of", () =>
    withShelf(async (shelf) => {
      expect(recover(shelf, NEW)).toEqual({
        open: NEW,
        stored: null,
        begun: false,
        abandoned: null,
      });
      shelf.add("s", []);
      expect(recover(shelf, { turn_id: turnId(1, 1) })).toMatchObject({ begun: false });
    }));

  it("is lost when another took its place, or its session's", () =>
    withTurns((shelf) => {
      const { turns } = shelf;
      expect(() => recover(shelf, { turn_id: turnId(1, 4) })).toThrow(refusal("turn_lost"));
      expect(() => recover(shelf, { turn_id: turnId(2, 1) })).toThrow(refusal("turn_lost"));
      expect(() => recover(shelf, { turn_id: turnId(1, 3), new_session: true })).toThrow(
        refusal("turn_lost"),
      );
      turns.insert(turnOf(OPEN.turn_id, "three"));
      expect(() => recover(shelf)).toThrow(refusal("turn_lost"));
    }));

  it("is lost when its key is another session's by now", () =>
    withTurns((shelf) => {
      shelf.add("t", []);
      expect(() => recover(shelf, { ...NEW, turn_id: turnId(2, 1) })).toThrow(refusal("turn_lost"));
    }));

  it("is lost when its session was archived meanwhile", () =>
    withTurns((shelf) => {
      shelf.db.run("update sessions set segment = 1");
      expect(() => recover(shelf)).toThrow(refusal("turn_lost"));
    }));

  it("is lost while the one before it is in progress, and gives that up afterwards", () =>
    withTurns((shelf) => {
      const before = turnOf(turnId(1, 2), "two", { status: "in_progress", output: null });
      shelf.turns.update({ ...before, extra: lease("other") });
      expect(() => recover(shelf)).toThrow(refusal("turn_lost"));
      shelf.turns.update({ ...before, extra: lease("other", THEN) });
      expect(recover(shelf)).toMatchObject({
        abandoned: { id: before.id, status: "abandoned", extra: {} },
      });
    }));

  it("abandons no other turn where the one before it has ended", () =>
    withTurns((shelf) => {
      shelf.turns.update(turnOf(turnId(1, 2), "two", { status: "failed", output: null }));
      expect(recover(shelf)).toMatchObject({ stored: null, abandoned: null });
    }));

  it("does not bring a session back that is gone", () =>
    withTurns((shelf) => {
      const { db } = shelf;
      removeSession(db, findSession(db, "s")!, THEN);
      expect(() => recover(shelf)).toThrow(refusal("session_erased"));
      expect(() => recover(shelf, NEW)).toThrow(refusal("session_erased"));
      expect(() => recover(shelf, { session_id: "never" })).toThrow(refusal("session_erased"));
      expect(recover(shelf, { ...NEW, session_id: "never" })).toMatchObject({ begun: false });
    }));

  it("is not written into another life of its account", () =>
    withTurns((shelf) => {
      expect(() => recover(shelf, {}, { erasedAt: THEN })).toThrow(refusal("session_erased"));
      const open = { account_erased_at: THEN };
      expect(() => recover(shelf, open)).toThrow(refusal("session_erased"));
      expect(recover(shelf, open, { erasedAt: THEN })).toMatchObject({ begun: false });
    }));

  it("is lost when its idempotency key or its place belongs to another turn", () =>
    withTurns((shelf) => {
      const idempotency = { key: "k", hash: "h" };
      putKey(shelf.db, idempotency, OPEN.turn_id, THEN);
      expect(recover(shelf, { idempotency })).toMatchObject({ begun: false });
      putKey(shelf.db, idempotency, turnId(1, 2), THEN);
      expect(() => recover(shelf, { idempotency })).toThrow(refusal("turn_lost"));
      expect(recover(shelf)).toMatchObject({ begun: false });
      const line = new SessionQueue(() => THEN);
      void line.enter("s", "mine", "queue");
      expect(recover(shelf, {}, { line })).toMatchObject({ begun: false });
      expect(() => recover(shelf, { token: "yours" }, { line })).toThrow(refusal("turn_lost"));
    }));
});

describe("a turn that was written", () => {
  const stored = turnOf(OPEN.turn_id, "Hi", { status: "in_progress", output: null });

  it("is settled by the holder of its lease, until the lease ends", () =>
    withTurns((shelf) => {
      const mine = { ...stored, extra: lease("mine") };
      shelf.turns.insert(mine);
      expect(recover(shelf)).toEqual({ open: OPEN, stored: mine, begun: true, abandoned: null });
      expect(() => recover(shelf, { token: "yours" })).toThrow(refusal("turn_lost"));
      shelf.turns.update({ ...stored, extra: lease("mine", THEN) });
      expect(() => recover(shelf)).toThrow(refusal("turn_lost"));
      shelf.turns.update(stored);
      expect(() => recover(shelf)).toThrow(refusal("turn_lost"));
    }));

  it("and settled is returned when it is settled again with the same outcome", () =>
    withTurns((shelf) => {
      const settled = turnOf(OPEN.turn_id, "Hi", { duration_ms: 99 });
      shelf.turns.insert(settled);
      expect(recover(shelf)).toEqual({ settled });
      const line = new SessionQueue(() => THEN + LEASE_MS);
      void line.enter("s", "next", "queue");
      expect(recover(shelf, {}, { line })).toEqual({ settled });
      for (const other of [
        { created_at: THEN + 1 },
        { status: "interrupted" },
        { input: "Hello" },
        { output: "Bye" },
      ] as const)
        expect(() => recover(shelf, {}, { settled: other })).toThrow(refusal("turn_lost"));
    }));
});
