import { describe, expect, test } from "vitest";

import { momentOf } from "../../../src/cli/reading/moment.ts";

const AT = Date.parse("2026-03-01T10:00:00.000Z");

describe("times of others", () => {
  test.each<[unknown, number | null]>([
    ["2026-03-01T10:00:00Z", AT],
    ["2026-03-01T10:00:00", AT],
    ["2026-03-01 10:00:00+00", AT],
    ["2026-03-01 15:30:00+05:30", AT],
    ["2026-03-01 15:30:00 +0530", AT],
    ["2026-03-01T10:00:00.123456", AT + 123],
    ["2026-03-01 10:00", AT],
    ["2026-03-01", Date.parse("2026-03-01T00:00:00Z")],
    ["2026-03-01 10:00:00 UTC", AT],
    ["Sun, 01 Mar 2026 10:00:00 GMT", AT],
    [AT, AT],
    [AT / 1_000, AT],
    [AT / 1_000 + 0.5, AT + 500],
    [AT * 1_000, AT],
    [String(AT), AT],
    [String(AT / 1_000), AT],
    ["0000-00-00 00:00:00", null],
    ["2026-13-01", null],
    ["soon", null],
    ["infinity", null],
    ["Mar 1, 2026", null],
    ["", null],
    [0, null],
    [-5, null],
    [Number.NaN, null],
    [1e300, null],
    [null, null],
    [{}, null],
    ["1970-01-01 00:00:00", null],
    [1_717_000_000.123, 1_717_000_000_123],
    [{ $date: "2026-03-01T10:00:00Z" }, AT],
    [{ $date: { $numberLong: String(AT) } }, AT],
    [{ $date: { $numberLong: "-1" } }, null],
  ])("%j is the same everywhere", (said, at) => {
    expect(momentOf(said)).toBe(at);
  });
});
