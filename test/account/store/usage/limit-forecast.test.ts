import { describe, expect, it } from "vitest";

import { FIT_DAYS, forecast } from "../../../../src/account/store/usage/limit-forecast.ts";

const TODAY = 20_000;
/** A point for each of the last days, the last one today's. */
const lastDays = (...values: number[]) =>
  values.map((value, index) => ({ day: TODAY - values.length + 1 + index, value }));
const ask = (points: { day: number; value: number }[], value: number, limit = 1_000) =>
  forecast(points, { today: TODAY, value, limit });

describe("the day at which a limit is reached", () => {
  it("follows the slope of the last days from today's value", () => {
    expect(ask(lastDays(100, 200, 300, 400), 400)).toEqual({
      per_day: 100,
      reached_on: TODAY + 6,
    });
    // A purge went over it since: the slope stays, and the way is longer.
    expect(ask(lastDays(100, 200, 300, 400), 50).reached_on).toBe(TODAY + 10);
  });

  it("evens out days that differ, and days without a point", () => {
    const points = [
      { day: TODAY - 20, value: 0 },
      { day: TODAY - 10, value: 110 },
      { day: TODAY, value: 200 },
    ];
    const { per_day, reached_on } = ask(points, 200);
    expect(per_day).toBeCloseTo(10);
    expect(reached_on).toBe(TODAY + 80);
  });

  it("is today where the limit is reached", () => {
    expect(ask([], 1_000)).toEqual({ per_day: null, reached_on: TODAY });
    expect(ask(lastDays(3, 2, 1), 2_000).reached_on).toBe(TODAY);
  });

  it("is not known from too few days, and not where nothing grows", () => {
    expect(ask([], 0)).toEqual({ per_day: null, reached_on: null });
    expect(ask(lastDays(1, 900), 900)).toEqual({ per_day: null, reached_on: null });
    expect(ask(lastDays(3, 2, 1), 1)).toEqual({ per_day: -1, reached_on: null });
    expect(ask(lastDays(5, 5, 5), 5)).toEqual({ per_day: 0, reached_on: null });
  });

  it("is not told farther ahead than ten years", () => {
    expect(ask(lastDays(0, 0.1, 0.2), 0).reached_on).toBeNull();
    expect(ask(lastDays(0, 1, 2), 0).reached_on).toBe(TODAY + 1_000);
  });

  it("leaves out older days, and later ones", () => {
    const old = Array.from({ length: 9 }, (_, n) => ({
      day: TODAY - FIT_DAYS - n,
      value: n * 1e6,
    }));
    const later = [{ day: TODAY + 1, value: 1e9 }];
    expect(ask([...old, ...lastDays(0, 10, 20), ...later], 20).per_day).toBeCloseTo(10);
  });
});
