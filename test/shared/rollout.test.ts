import { describe, expect, it } from "vitest";

import type { Flag } from "../../src/shared/flags.ts";
import { isOn } from "../../src/shared/rollout.ts";

const NAME = "ENABLE_CONVERSATION_STORAGE";
const OTHER = "UNIFIED_CONVERSATION_ENABLED";

const flag = (more: Partial<Flag>): Flag => ({
  default: false,
  allow: [],
  percentage: 0,
  ...more,
});
const users = Array.from({ length: 10_000 }, (_, n) => `user-${n}`);
const usersIn = (percentage: number, name = NAME, account_id = "acme") =>
  users.filter((user_id) => isOn(flag({ percentage }), name, { account_id, user_id }));

describe("a share", () => {
  it.each([0, 10, 50, 100])("of %i % is that of 10,000 users, within a point", (percentage) => {
    const share = usersIn(percentage).length / 100;
    expect(Math.abs(share - percentage)).toBeLessThan(percentage % 100 === 0 ? 1e-9 : 1);
  });

  it("keeps whom it has while it grows", () => {
    let before: string[] = [];
    for (const percentage of [0, 0.01, 0.5, 1, 1.1, 5, 10, 33.33, 50, 75, 99.99, 100]) {
      const now = usersIn(percentage);
      expect(new Set(now)).toEqual(new Set([...now, ...before]));
      before = now;
    }
    expect(before).toHaveLength(users.length);
  });

  it("goes by hundredths of a percent", () => {
    const steps = [0.57, 0.58, 1.1, 1.11].map((percentage) => usersIn(percentage).length);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(usersIn(0.29).length).toBeGreaterThan(0);
  });

  it("is of other users for another flag, and in another account", () => {
    const half = new Set(usersIn(50));
    for (const others of [usersIn(50, OTHER), usersIn(50, NAME, "globex")]) {
      const both = others.filter((user) => half.has(user)).length / 100;
      expect(Math.abs(both - 25)).toBeLessThan(1.5);
    }
  });

  it("is of accounts where a turn has no user", () => {
    const half = flag({ percentage: 50 });
    const accounts = users.filter((account_id) => isOn(half, NAME, { account_id }));
    expect(Math.abs(accounts.length / 100 - 50)).toBeLessThan(1);
    const [inside = ""] = accounts;
    const ofIt = users.filter((user_id) => isOn(half, NAME, { account_id: inside, user_id }));
    expect(Math.abs(ofIt.length / 100 - 50)).toBeLessThan(1);
  });

  it("puts an account where it always did", () => {
    const share = flag({ percentage: 0.05 });
    expect(users.filter((account_id) => isOn(share, NAME, { account_id }))).toEqual(["user-3957"]);
  });

  it("puts a user where it always did", () => {
    // Written down: a hash that changed would move every user at the next deploy.
    expect(usersIn(0.05)).toEqual([
      "user-2818",
      "user-2820",
      "user-7569",
      "user-8614",
      "user-9177",
    ]);
  });
});

describe("a list", () => {
  const listed = flag({ allow: ["acme", "globex/user-7"] });

  it("has the flag on for an account, with or without a user", () => {
    expect(isOn(listed, NAME, { account_id: "acme" })).toBe(true);
    expect(isOn(listed, NAME, { account_id: "acme", user_id: "anybody" })).toBe(true);
  });

  it("is on for one user of an account, and for no other", () => {
    expect(isOn(listed, NAME, { account_id: "globex", user_id: "user-7" })).toBe(true);
    expect(isOn(listed, NAME, { account_id: "globex", user_id: "user-8" })).toBe(false);
    expect(isOn(listed, NAME, { account_id: "globex" })).toBe(false);
    expect(isOn(listed, NAME, { account_id: "initech", user_id: "user-7" })).toBe(false);
    expect(isOn(listed, NAME, { account_id: "initech", user_id: "acme" })).toBe(false);
  });
});

it("a default of true is everybody", () => {
  expect(isOn(flag({ default: true }), NAME, { account_id: "acme" })).toBe(true);
  expect(isOn(flag({}), NAME, { account_id: "acme", user_id: "user-7" })).toBe(false);
});
