import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { Client, DAY, freshAccount, objectOf } from "./client.ts";
import { clockOffset, setClock } from "./clock.ts";
import { LOCKED, ROOT_KEY } from "./keys.ts";

const LEAP_DAY = Date.parse("2028-02-29T23:59:58Z");
const before = clockOffset();

describe("the clock of tests", () => {
  it("is the one that objects read, and goes on from where it was set", async () => {
    setClock(LEAP_DAY);
    const inside = await runInDurableObject(objectOf(freshAccount()), () => new Date());
    expect(inside.getTime()).toBeGreaterThanOrEqual(LEAP_DAY);
    expect(new Date().toISOString().slice(0, 10)).toBe(inside.toISOString().slice(0, 10));
  });

  it("is the one that alarms go off by", async () => {
    setClock(LEAP_DAY);
    await runInDurableObject(objectOf(freshAccount()), async (_, { storage }) => {
      await storage.setAlarm(LEAP_DAY + DAY);
      expect(await storage.getAlarm()).toBe(LEAP_DAY + DAY);
      setClock(LEAP_DAY - DAY);
      expect(await storage.getAlarm()).toBeLessThanOrEqual(LEAP_DAY);
    });
  });

  it("cannot be sent along by a client whose app has no development clock", async () => {
    const client = new Client(LOCKED, freshAccount(), ROOT_KEY);
    await expect(client.get("/health", { at: LEAP_DAY })).rejects.toThrow("use setClock()");
  });

  it("is where it would have been, after a test that moved it", () => {
    expect(clockOffset()).toBe(before);
  });
});
