import { describe, expect, it } from "vitest";

import {
  before,
  byRule,
  daysOf,
  effectiveRetention,
  isUniform,
  retentionSettings,
  shortest,
} from "../../../../src/account/store/retention/retention-policy.ts";
import { RETENTION } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const PLAIN = { ...RETENTION, idle_days: 30, age_days: null, archive_days: 90, rows: null };
const refuses = (settings: object) => !retentionSettings.safeParse(settings).success;

const condition = ({ idle_days }: { idle_days: number | null }) => `idle > ${idle_days}`;

describe("what holds for an account", () => {
  it("is its own settings over the deployment's", () => {
    const { rules: _, ...deployment } = PLAIN;
    const own = { idle_days: 7, rules: [{ assistant: "tutor", age_days: 2 }] };
    expect(effectiveRetention(deployment, null, new Map())).toEqual({ ...deployment, rules: [] });
    expect(effectiveRetention(deployment, own, new Map())).toEqual({ ...deployment, ...own });
  });

  it("applies an assistant's own days after the rules, and under rules without days", () => {
    const own = {
      rules: [
        { assistant: "tutor", age_days: 2 },
        { assistant: "tutor", idle_days: 9 },
        { metadata: { a: "b" }, age_days: 3 },
      ],
    };
    expect(effectiveRetention(PLAIN, own, new Map([["tutor", 5]])).rules).toEqual([
      { assistant: "tutor", age_days: 2, idle_days: 5 },
      { assistant: "tutor", idle_days: 9 },
      { metadata: { a: "b" }, age_days: 3 },
      { assistant: "tutor", idle_days: 5 },
    ]);
  });

  it("goes for each session alike only without rules and ages", () => {
    expect(isUniform(PLAIN)).toBe(true);
    expect(isUniform({ ...PLAIN, rules: [{ assistant: "a" }] })).toBe(false);
    expect(isUniform({ ...PLAIN, age_days: 1 })).toBe(false);
  });

  it("is the rule's where the rule says it, even where it says never", () => {
    expect(daysOf(PLAIN, null)).toEqual({ idle_days: 30, age_days: null, archive_days: 90 });
    expect(daysOf(PLAIN, { assistant: "a", idle_days: 1, age_days: 2, archive_days: 3 })).toEqual({
      idle_days: 1,
      age_days: 2,
      archive_days: 3,
    });
    expect(daysOf(PLAIN, { assistant: "a", idle_days: null, archive_days: null })).toEqual({
      idle_days: null,
      age_days: null,
      archive_days: null,
    });
  });

  it("is due at the earliest by the shortest of all", () => {
    const rules = [
      { assistant: "a", idle_days: 3 },
      { assistant: "b", idle_days: null },
    ];
    expect(shortest({ ...PLAIN, rules }, "idle_days")).toBe(3);
    expect(shortest(PLAIN, "idle_days")).toBe(30);
    expect(shortest(PLAIN, "age_days")).toBeNull();
  });

  it("is told in SQL by the first rule that fits", () => {
    expect(byRule(PLAIN, condition)).toEqual({ sql: "idle > 30", params: [] });
    const rules = [
      { assistant: "a", metadata: { k: "v", l: "w" }, idle_days: 1 },
      { assistant: "b" },
    ];
    const { sql, params } = byRule({ ...PLAIN, rules }, condition);
    expect(params).toEqual(["a", "k", "v", "l", "w", "b"]);
    expect(sql).toMatch(
      /^case when .* = \? and exists .* and exists .* then idle > 1 when .* else idle > 30 end$/s,
    );
  });

  it("is so many days before now, or never", () => {
    expect([before(10 * DAY, 3), before(10 * DAY, 0), before(10 * DAY, null)]).toEqual([
      7 * DAY,
      10 * DAY,
      null,
    ]);
  });
});

const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));

const rule = (more: object) => ({ rules: [{ idle_days: 1, ...more }] });

describe("retention settings", () => {
  it("take a rule for an assistant, for metadata, or for both", () => {
    expect(refuses(rule({}))).toBe(true);
    for (const more of [
      { assistant: "a" },
      { metadata: pairs(1) },
      { assistant: "a", metadata: pairs(2) },
    ])
      expect(refuses(rule(more))).toBe(false);
  });

  it("take metadata of one pair or two, and ids for assistants", () => {
    expect(refuses(rule({ metadata: {} }))).toBe(true);
    expect(refuses(rule({ metadata: pairs(3) }))).toBe(true);
    expect(refuses(rule({ assistant: "../x" }))).toBe(true);
    expect(refuses(rule({ metadata: { k: "v".repeat(513) } }))).toBe(true);
    expect(refuses(rule({ metadata: { k: "v".repeat(512) } }))).toBe(false);
  });

  it("take hours of the cache above zero, up to a year, or none", () => {
    for (const cache_hours of [0, -1, 8_761, "1"]) expect(refuses({ cache_hours })).toBe(true);
    for (const cache_hours of [0.5, 8_760, null]) expect(refuses({ cache_hours })).toBe(false);
  });

  it("take what they know, and nothing else", () => {
    expect(refuses({})).toBe(false);
    expect(refuses({ unknown: 1 })).toBe(true);
    expect(refuses(rule({ assistant: "a", unknown: 1 }))).toBe(true);
  });
});
