import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Piece } from "../../src/openai/responses/response-pieces.ts";
import type { OpenTurn } from "../../src/account/conversation/turn-contract.ts";
import { StreamPersister } from "../../src/turn/stream-persister.ts";
import { objectStub } from "../support/object-stub.ts";

const TURN = { turn_id: 1, token: "t" } as OpenTurn;
const text = (delta: string): Piece => ({ type: "text", delta });
const pause = (ms: number) => vi.advanceTimersByTimeAsync(ms);

const KEPT = { ok: true, value: { isKept: true, isFollowed: false } };
const FOLLOWED = { ok: true, value: { isKept: true, isFollowed: true } };
const LOST = { ok: true, value: { isKept: false, isFollowed: false } };

/** An account's object that keeps pieces, or does as it is told. */
function keeping(answer: () => Promise<object> = async () => FOLLOWED, isFollowed = true) {
  const rows: { from: number; pieces: Piece[] }[] = [];
  let lost = 0;
  const append = (turn: OpenTurn, from: number, pieces: string) => {
    expect(turn).toBe(TURN);
    rows.push({ from, pieces: JSON.parse(pieces) as Piece[] });
    return answer();
  };
  const own = {
    ...env,
    CONVERSATIONS: { getByName: () => objectStub({ "turns.append": append }) },
  } as unknown as Env;
  const keeper = new StreamPersister(own, "a", TURN, {
    onLost: () => (lost += 1),
    isFollowed,
  });
  return { keeper, rows, lost: () => lost };
}

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => vi.useRealTimers());

describe("pieces of an answer", () => {
  it("are written together after a while, each with its place", async () => {
    const { keeper, rows } = keeping();
    keeper.add(text("one"));
    keeper.add(text("two"));
    await pause(50);
    expect(rows).toEqual([]);
    await pause(300);
    expect(rows).toEqual([{ from: 0, pieces: [text("one"), text("two")] }]);
    keeper.add(text("three"));
    await pause(500);
    expect(rows.slice(1)).toEqual([{ from: 2, pieces: [text("three")] }]);
    await keeper.end();
    expect(rows).toHaveLength(2);
  });

  it("are written at once when they are more than 64 Ki letters", async () => {
    const { keeper, rows } = keeping();
    keeper.add(text("x".repeat(64 * 1024)));
    await pause(10);
    expect(rows).toEqual([]);
    keeper.add({ type: "call", call_id: "c", name: "f" });
    await pause(10);
    expect(rows).toMatchObject([{ from: 0, pieces: [{}, { type: "call", name: "f" }] }]);
    // The next ones are counted anew.
    keeper.add(text("y"));
    await pause(10);
    expect(rows).toHaveLength(1);
    await keeper.end();
  });

  it("are not written once the answer is over", async () => {
    const { keeper, rows } = keeping();
    keeper.add(text("one"));
    await keeper.end();
    keeper.add(text("x".repeat(70_000)));
    await pause(250);
    expect(rows).toEqual([]);
  });

  it("that no one wants any more are said to be lost", async () => {
    const { keeper, lost } = keeping(async () => LOST);
    keeper.add(text("x".repeat(70_000)));
    await keeper.end();
    const mine = keeping();
    mine.keeper.add(text("x".repeat(70_000)));
    await pause(10);
    await mine.keeper.end();
    expect([lost(), mine.lost()]).toEqual([0, 0]);
    const other = keeping(async () => LOST);
    other.keeper.add(text("x".repeat(70_000)));
    await pause(10);
    expect(other.lost()).toBe(1);
    await other.keeper.end();
  });

  it("that cannot be written end nothing, and are logged", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { keeper, rows, lost } = keeping(() => Promise.reject(new Error("away")));
    keeper.add(text("x".repeat(70_000)));
    await pause(10);
    keeper.add(text("y".repeat(70_000)));
    await pause(10);
    await keeper.end();
    expect([rows.map(({ from }) => from), lost()]).toEqual([[0, 1], 0]);
    const logged = errors.mock.calls.map(([line]) => JSON.parse(String(line)));
    errors.mockRestore();
    expect(logged).toContainEqual(
      expect.objectContaining({ event: "stream.unkept", account_id: "a" }),
    );
  });

  it("are written every five seconds while no other reader follows", async () => {
    const { keeper, rows } = keeping(async () => KEPT, false);
    for (let at = 0; at < 99; at += 1) {
      keeper.add(text(String(at)));
      await pause(100);
    }
    expect(rows.map(({ from }) => from)).toEqual([0]);
    await pause(5_000);
    await keeper.end();
    expect(rows).toHaveLength(2);
    expect(rows.flatMap(({ pieces }) => pieces)).toHaveLength(99);
  });

  it("are written sooner once a reader waits for them, and later once it has left", async () => {
    let isFollowed = true;
    const answer = async () => ({ ok: true, value: { isKept: true, isFollowed } });
    const { keeper, rows } = keeping(answer, false);
    keeper.add(text("one"));
    await pause(5_000);
    expect(rows).toHaveLength(1);
    keeper.add(text("two"));
    await pause(200);
    expect(rows).toHaveLength(2);
    isFollowed = false;
    keeper.add(text("three"));
    await pause(1_000);
    expect(rows).toHaveLength(3);
    keeper.add(text("four"));
    await pause(4_000);
    expect(rows).toHaveLength(3);
    await pause(1_000);
    expect(rows).toHaveLength(4);
    await keeper.end();
  });

  it("are written less and less often for a reader, once a second at last", async () => {
    const { keeper, rows } = keeping();
    const waits = [];
    for (let at = 0; at < 9; at += 1) {
      keeper.add(text(String(at)));
      let waited = 0;
      for (; rows.length === at && waited < 5_000; waited += 25)
        await vi.advanceTimersByTimeAsync(25);
      waits.push(waited);
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBeLessThan(250);
    expect(waits.slice(-2)).toEqual([1_000, 1_000]);
    await keeper.end();
  });

  it("are not written again by the clock that those before them were to wait for", async () => {
    const { keeper, rows } = keeping();
    keeper.add(text("one"));
    keeper.add(text("x".repeat(70_000)));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(rows.map(({ from }) => from)).toEqual([0]);
    keeper.add(text("two"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(rows.map(({ from }) => from)).toEqual([0, 2]);
    await keeper.end();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("are written one after the other, however long that takes", async () => {
    const first = Promise.withResolvers<object>();
    const answers = [first.promise, Promise.resolve(KEPT)];
    const { keeper, rows } = keeping(() => answers.shift() as Promise<object>);
    keeper.add(text("x".repeat(70_000)));
    keeper.add(text("y".repeat(70_000)));
    await pause(1);
    expect(rows).toHaveLength(1);
    first.resolve(KEPT);
    await pause(1);
    expect(rows.map(({ from }) => from)).toEqual([0, 1]);
    await keeper.end();
  });

  it("leaves no timer when they are over", async () => {
    const { keeper, rows } = keeping();
    keeper.add(text("one"));
    await keeper.end();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(rows).toEqual([]);
  });
});
