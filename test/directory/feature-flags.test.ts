import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { parseConfig } from "../../src/config.ts";
import type { StoredFlag } from "../../src/directory/flags-table.ts";
import { expireFlags, isFlagOn, isStored } from "../../src/directory/feature-flags.ts";

const OFF: StoredFlag = {
  name: "ENABLE_CONVERSATION_STORAGE",
  flag: { default: false, allow: [], percentage: 0 },
  changed_at: 1,
};
const config = parseConfig({});

/** A directory that answers as it is told, and counts how often it is asked. */
function directory(answer: () => Promise<StoredFlag[]>) {
  const flags = vi.fn<() => Promise<object>>(async () => ({ ok: true, value: await answer() }));
  const own = { ...env, DIRECTORY: { getByName: () => ({ flags }) } } as unknown as Env;
  return {
    flags,
    stored: (user_id?: string) => isStored(own, config, { account_id: "a", user_id }),
    own,
  };
}
const switchedOff = () => Promise.resolve([OFF]);
const away = () => Promise.reject(new Error("away"));
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

describe("flags are read", () => {
  it("once for turns that come at once, and again after 30 s", async () => {
    let now: StoredFlag[] = [];
    const { flags, stored } = directory(() => Promise.resolve(now));
    expect(await Promise.all(Array.from({ length: 20 }, () => stored()))).toEqual(
      Array(20).fill(true),
    );
    now = [OFF];
    later(29_000);
    expect(await stored()).toBe(true);
    expect(flags).toHaveBeenCalledTimes(1);
    later(2_000);
    expect(await stored()).toBe(false);
    expect(flags).toHaveBeenCalledTimes(2);
  });

  it("at once where they were changed, also in the midst of a read", async () => {
    const reads = [Promise.withResolvers<StoredFlag[]>(), Promise.withResolvers<StoredFlag[]>()];
    let read = 0;
    const { stored, own } = directory(() => reads[read++]!.promise);
    const turn = stored();
    expireFlags(own);
    reads[0]!.resolve([]);
    reads[1]!.resolve([OFF]);
    expect(await turn).toBe(false);
    expect(await stored()).toBe(false);
  });
});

describe("a directory that is away", () => {
  it("leaves what was known last, is asked again after 5 s, and is logged once a try", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const logged = () =>
      errors.mock.calls.filter(([line]) => String(line).includes("flags.")).length;
    let answer: () => Promise<StoredFlag[]> = switchedOff;
    const { flags, stored } = directory(() => answer());
    expect(await stored()).toBe(false);
    answer = away;
    later(30_000);
    expect(await Promise.all([stored(), stored(), stored()])).toEqual([false, false, false]);
    later(4_000);
    expect(await stored()).toBe(false);
    expect([flags.mock.calls.length, logged()]).toEqual([2, 1]);
    later(1_000);
    expect(await stored()).toBe(false);
    expect([flags.mock.calls.length, logged()]).toEqual([3, 2]);
    answer = () => Promise.resolve([]);
    later(5_000);
    expect(await stored()).toBe(true);
    errors.mockRestore();
  });

  it("is waited for where it only takes a moment", async () => {
    const { stored } = directory(async () => {
      await scheduler.wait(5);
      return [OFF];
    });
    expect(await stored()).toBe(false);
  });

  it("clears the timer once it has answered", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    expect(await directory(switchedOff).stored()).toBe(false);
    expect(await directory(away).stored()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves the vars where nothing was known", async () => {
    expect(await directory(away).stored()).toBe(true);
  });

  it("holds no turn up for more than 2 s when it hangs", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    const { stored } = directory(() => new Promise(() => undefined));
    const both = Promise.all([stored(), stored()]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await both).toEqual([true, true]);
    expect(await stored()).toBe(true);
  });
});

it("a turn with a user takes both flags", async () => {
  const { stored } = directory(() =>
    Promise.resolve([{ ...OFF, name: "UNIFIED_CONVERSATION_ENABLED" }]),
  );
  expect(await stored()).toBe(true);
  expect(await stored("u")).toBe(false);
});

it("a flag is what admins set, and what its var says where they set none", async () => {
  const name = "use_async_search";
  const flag = { default: false, allow: ["a/u"], percentage: 0 };
  const { own } = directory(() => Promise.resolve([{ name, flag, changed_at: 1 }]));
  const isOn = (user_id: string, which: Parameters<typeof isFlagOn>[2] = name, vars = {}) =>
    isFlagOn(own, parseConfig(vars), which, { account_id: "a", user_id });
  expect([await isOn("u"), await isOn("other")]).toEqual([true, false]);
  expect(await isOn("other", "use_smart_handler")).toBe(true);
  expect(await isOn("u", "use_smart_handler", { use_smart_handler: "false" })).toBe(false);
});

it("what was read of flags holds for its own environment only", async () => {
  const off = directory(switchedOff);
  const on = directory(() => Promise.resolve([]));
  expect([await off.stored(), await on.stored(), await off.stored()]).toEqual([false, true, false]);
  expect(() => expireFlags({ ...off.own })).not.toThrow();
});
