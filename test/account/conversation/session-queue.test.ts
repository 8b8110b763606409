import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import {
  LEASE_MS,
  SessionQueue,
  QUEUE_WAIT_MS,
} from "../../../src/account/conversation/session-queue.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const NONE = "not yet";
/** What a promise has come to by now. */
const soFar = <T>(promise: Promise<T>): Promise<T | string> =>
  Promise.race([promise, Promise.resolve(NONE)]);

function lineOf() {
  const line = new SessionQueue(() => Date.now());
  return {
    line,
    enter: (token: string, mode: "queue" | "reject" = "queue") => line.enter("s", token, mode),
  };
}

describe("a line", () => {
  it("lets the first one in, and the others in their order", async () => {
    const { line, enter } = lineOf();
    expect([line.holder("s"), line.isBusy("s")]).toEqual([null, false]);
    expect(await enter("a")).toBe(true);
    const [b, c] = [enter("b"), enter("c")];
    expect([line.holder("s"), line.isBusy("s"), line.isBusy("other")]).toEqual(["a", true, false]);
    expect([await soFar(b), await soFar(c)]).toEqual([NONE, NONE]);
    line.leave("s", "a");
    expect([await b, line.holder("s"), await soFar(c)]).toEqual([true, "b", NONE]);
    line.leave("s", "b");
    line.leave("s", "c");
    expect([await c, line.holder("s")]).toEqual([true, null]);
  });

  it("is left by its holder only", async () => {
    const { line, enter } = lineOf();
    await enter("a");
    line.leave("s", "b");
    line.leave("other", "a");
    expect(line.holder("s")).toBe("a");
  });

  it("refuses at once who would not wait, while it is held or waited for", async () => {
    const { line, enter } = lineOf();
    await enter("a");
    expect(await enter("b", "reject")).toBe(false);
    line.leave("s", "a");
    expect(await enter("b", "reject")).toBe(true);
  });

  it("is waited in for 30 s, and the others keep their places", async () => {
    const { line, enter } = lineOf();
    await enter("a");
    const b = enter("b");
    await pass(QUEUE_WAIT_MS / 2);
    const c = enter("c");
    await pass(QUEUE_WAIT_MS / 2 - 1);
    expect(await soFar(b)).toBe(NONE);
    await pass(1);
    expect([await b, await soFar(c)]).toEqual([false, NONE]);
    line.leave("s", "a");
    expect(await c).toBe(true);
    // Nobody is shown the door whose turn has come.
    await pass(QUEUE_WAIT_MS);
    expect(line.holder("s")).toBe("c");
  });

  it("takes a hundred who wait, and no more", async () => {
    const { enter } = lineOf();
    await enter("a");
    const waiting = Array.from({ length: 100 }, (_, index) => enter(`w${index}`));
    expect(await soFar(waiting[99] ?? Promise.resolve(false))).toBe(NONE);
    expect(await enter("one more")).toBe(false);
  });
});

describe("a lease", () => {
  it("that runs out gives the place to who waits, and is none any more", async () => {
    const { line, enter } = lineOf();
    await enter("a");
    await pass(LEASE_MS - QUEUE_WAIT_MS / 2);
    expect(line.leaseLeftMs("s")).toBe(QUEUE_WAIT_MS / 2);
    const b = enter("b");
    await pass(QUEUE_WAIT_MS / 2 - 1);
    expect([line.holder("s"), await soFar(b)]).toEqual(["a", NONE]);
    await pass(1);
    expect([line.holder("s"), await b]).toEqual(["b", true]);
    expect([line.renew("s", "a"), line.renew("s", "b"), line.renew("x", "b")]).toEqual([
      false,
      true,
      false,
    ]);
    expect(line.leaseLeftMs("s")).toBe(LEASE_MS);
  });

  it("passes on at once after it ran out with an empty queue", async () => {
    const { line, enter } = lineOf();
    await enter("a");
    await pass(LEASE_MS);
    expect([line.isBusy("s"), line.leaseLeftMs("s"), line.leaseLeftMs("x")]).toEqual([false, 0, 0]);
    const b = enter("b", "reject");
    await pass(0);
    expect([await b, line.holder("s")]).toEqual([true, "b"]);
  });

  it("is as long again from when it was renewed, for those who wait, too", async () => {
    const { line, enter } = lineOf();
    await enter("a");
    await pass(LEASE_MS - 5_000);
    const b = enter("b");
    expect(line.renew("s", "a")).toBe(true);
    await pass(10_000);
    expect([line.holder("s"), await soFar(b), line.leaseLeftMs("s")]).toEqual([
      "a",
      NONE,
      LEASE_MS - 10_000,
    ]);
  });
});

describe("a place", () => {
  it("is given way with by its holder only, who is the next then", async () => {
    const { line, enter } = lineOf();
    await enter("a");
    const b = enter("b");
    const to = { token: "stored", until: Date.now() + 1_000 };
    expect(await line.giveWay("s", "b", to)).toBe(false);
    const again = line.giveWay("s", "a", to);
    expect([line.holder("s"), line.leaseLeftMs("s")]).toEqual(["stored", 1_000]);
    await pass(1_000);
    expect([await again, line.holder("s"), await soFar(b)]).toEqual([true, "a", NONE]);
  });

  it("is evicted from its holder, whether or not another turn waits", async () => {
    const { line, enter } = lineOf();
    await enter("a");
    const b = enter("b");
    line.evict("s");
    expect([await b, line.holder("s")]).toEqual([true, "b"]);
    line.evict("s");
    line.evict("unknown");
    expect(line.holder("s")).toBeNull();
  });

  it("is free once the whole queue is cleared", async () => {
    const { line, enter } = lineOf();
    await enter("a");
    const b = enter("b");
    line.clear();
    expect([await b, line.holder("s")]).toEqual([true, null]);
    await enter("c");
    // No timer of before ends a lease of now.
    await pass(LEASE_MS - 1);
    expect([line.holder("s"), vi.getTimerCount()]).toEqual(["c", 0]);
  });
});
