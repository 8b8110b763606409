import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import {
  BACKGROUND_ATTEMPTS,
  findBackground,
  isAwaited,
  isLastAwaited,
  putBackground,
} from "../../../../src/account/store/turns/background-turns.ts";
import { LEASE_MS } from "../../../../src/account/conversation/session-queue.ts";
import type { OpenTurn } from "../../../../src/account/conversation/turn-contract.ts";
import {
  dropStalePieces,
  piecesFrom,
  putPieces,
} from "../../../../src/account/store/turns/stream-pieces.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import { DONE, withDesk } from "../../../support/desk.ts";
import type { Desk } from "../../../support/desk.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

const piece = (delta: string) => JSON.stringify([{ type: "text", delta }]);

describe("a turn in the background", () => {
  const background = { background: true, response: { settings: '{"background":true}' } };
  const queued = async ({ open, lifecycle, db }: Desk): Promise<OpenTurn> => {
    const turn = await open(background);
    lifecycle.flush("s");
    putBackground(db, { turn_id: turn.turn_id, attempts: 0, due_at: THEN });
    return turn;
  };

  it("is taken up by one, and with what it was begun with", () =>
    withDesk(async (desk) => {
      const { lifecycle, db } = desk;
      const turn = await queued(desk);
      const resumed = await lifecycle.resume(turn.turn_id, ["local"], THEN);
      expect(resumed).toMatchObject({ kind: "begun", turn: { token: turn.token } });
      expect(findBackground(db, turn.turn_id)).toEqual({
        turn_id: turn.turn_id,
        attempts: 1,
        due_at: THEN + LEASE_MS,
      });
      expect(await lifecycle.resume(turn.turn_id, ["local"], THEN)).toBeNull();
      await lifecycle.settle(turn, DONE, THEN);
      expect(findBackground(db, turn.turn_id)).toBeNull();
    }));

  it("is taken up after an eviction, as it was asked", () =>
    withDesk(async (desk) => {
      const { wake, turns, tick } = desk;
      const turn = await queued(desk);
      const woken = wake();
      tick(10);
      const resumed = await woken.resume(turn.turn_id, ["other"], THEN + 10);
      expect(resumed).toMatchObject({
        models: ["other"],
        turn: {
          turn_id: turn.turn_id,
          created_at: THEN,
          input: "Hi",
          response: background.response,
          background: true,
        },
      });
      expect(resumed?.turn.token).not.toBe(turn.token);
      await woken.settle(resumed!.turn, DONE, THEN + 10);
      expect(turns.get(turn.turn_id)).toMatchObject({ status: "completed", output: "Yes" });
    }));

  it("fails when answering it broke off too often, or in the middle", () =>
    withDesk(async (desk) => {
      const { lifecycle, db, turns, tick } = desk;
      const turn = await queued(desk);
      const { turn_id } = turn;
      putBackground(db, { turn_id, attempts: BACKGROUND_ATTEMPTS, due_at: THEN });
      expect(await lifecycle.resume(turn_id, ["local"], THEN)).toBeNull();
      expect(turns.get(turn_id)).toMatchObject({ status: "in_progress" });
      tick(LEASE_MS);
      expect(await lifecycle.resume(turn_id, ["local"], THEN)).toBeNull();
      expect(turns.get(turn_id)).toMatchObject({
        status: "failed",
        duration_ms: LEASE_MS,
        extra: { error: { code: "model_failed" }, response: background.response },
      });
      expect(turns.get(turn_id)?.extra).not.toHaveProperty("lease");
      expect(findBackground(db, turn_id)).toBeNull();
    }));

  it("is none any more once it is settled, or gone", () =>
    withDesk(async (desk) => {
      const { lifecycle, db, turns } = desk;
      const turn = await queued(desk);
      const { turn_id } = turn;
      turns.update(turnOf(turn_id, "Hi"));
      putBackground(db, { turn_id: turn_id + 1, attempts: 0, due_at: THEN });
      expect(await lifecycle.resume(turn_id, ["local"], THEN)).toBeNull();
      expect(findBackground(db, turn_id)).toBeNull();
      expect(findBackground(db, turn_id + 1)).not.toBeNull();
      expect(await lifecycle.resume(turn_id, ["local"], THEN)).toBeNull();
    }));

  it("is awaited while it may be taken up again, or its lease runs", () =>
    withDesk(async ({ db, turns, add }) => {
      add("s", ["Hi"]);
      const open = turnOf(turnId(1, 2), "Hi", { status: "in_progress", output: null });
      const leased = { ...open, extra: { lease: { token: "t", until: THEN + 1 } } };
      const outside = { ...open, extra: { lease: { token: "", until: THEN + 1 } } };
      expect(isLastAwaited({ db, turns }, 1, THEN)).toBe(false);
      turns.insert(leased);
      expect(isLastAwaited({ db, turns }, 1, THEN)).toBe(true);
      expect(isLastAwaited({ db, turns }, 2, THEN)).toBe(false);
      const awaited = (turn: Turn, now = THEN) => isAwaited(db, turn, now);
      expect([awaited(leased), awaited(leased, THEN + 1), awaited(outside), awaited(open)]).toEqual(
        [true, false, false, false],
      );
      expect(awaited({ ...leased, status: "completed" })).toBe(false);
      const attempts = (many: number) => {
        putBackground(db, { turn_id: open.id, attempts: many, due_at: THEN });
        return awaited(open);
      };
      expect([attempts(0), attempts(1), attempts(2), attempts(3)]).toEqual([
        true,
        true,
        true,
        false,
      ]);
      putPieces(db, open.id, 0, piece("Hel"));
      expect([attempts(0), attempts(1)]).toEqual([true, false]);
      expect(awaited({ ...open, status: "failed" })).toBe(false);
    }));
});

describe("an answer on its way", () => {
  it("is stored piece by piece for the holder of the turn", () =>
    withDesk(async ({ open, lifecycle, wake, db, tick, turns }) => {
      const turn = await open();
      expect(lifecycle.append(turn, 0, piece("Hel"))).toBe(true);
      expect(turns.get(turn.turn_id)).toMatchObject({ status: "in_progress" });
      const woken = wake();
      expect(woken.append(turn, 1, piece("lo"))).toBe(true);
      expect(woken.append({ ...turn, token: "other" }, 2, piece("!"))).toBe(false);
      tick(LEASE_MS);
      expect(woken.append(turn, 2, piece("!"))).toBe(false);
      expect(piecesFrom(db, turn.turn_id, 0)).toHaveLength(2);
    }));

  it("ends in the middle, with what had come of it", () =>
    withDesk(async ({ open, lifecycle, db, turns, tick, counters, settled }) => {
      await settled();
      expect(counters.read().messages).toBe(2);
      const turn = await open({ response: { settings: "{}" } });
      lifecycle.append(turn, 0, piece("Hello"));
      tick(7);
      const cancelled = lifecycle.cancel("s", turn.turn_id);
      expect(cancelled).toMatchObject({
        status: "interrupted",
        output: "Hello",
        duration_ms: 7,
        extra: { response: { cut: "cancelled", pieces: [[5]] } },
      });
      expect(cancelled?.extra).not.toHaveProperty("lease");
      expect(turns.get(turn.turn_id)).toEqual(cancelled);
      expect(piecesFrom(db, turn.turn_id, 0)).toEqual([]);
      expect(counters.read().messages).toBe(4);
      expect(lifecycle.isBusy("s")).toBe(false);
      expect(lifecycle.cancel("s", turn.turn_id)).toBeNull();
    }));
});

it("pieces of turns that are over, or gone, are stale", () =>
  withShelf(async ({ db, add, turns }) => {
    add("s", ["over"]);
    turns.insert(turnOf(turnId(1, 2), "open", { status: "in_progress", output: null }));
    const ids = [1, 2, 3].map((seq) => turnId(1, seq));
    for (const id of ids) putPieces(db, id, 0, '[{"type":"text","delta":"a"}]');
    dropStalePieces(db);
    expect(ids.map((id) => piecesFrom(db, id, 0).length)).toEqual([0, 1, 0]);
  }));
