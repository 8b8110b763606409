import { array, assert, integer, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";

import { nextTurn } from "../../src/shared/pace.ts";

const LIMIT = { calls: 3, periodMs: 60_000, maxWaitMs: 20_000 };

describe("the next turn within a limit", () => {
  it("comes at once, side by side, until the limit is reached", () => {
    let begins: readonly number[] = [];
    const waits = [0, 0, 0].map(() => {
      const turn = nextTurn(begins, LIMIT, 1_000);
      ({ begins } = turn);
      return turn.waitMs;
    });
    expect(waits).toEqual([0, 0, 0]);
    expect(nextTurn(begins, LIMIT, 50_000).waitMs).toBe(11_000);
    expect(nextTurn(begins, LIMIT, 61_000).waitMs).toBe(0);
  });

  it("is none where it would be too far off, and then takes no room", () => {
    const begins = [1_000, 2_000, 3_000];
    expect(nextTurn(begins, LIMIT, 5_000)).toEqual({ waitMs: null, begins });
  });

  it("never puts more calls into a period than the limit", () => {
    const gaps = array(nat(30_000), { minLength: 1, maxLength: 60 });
    assert(
      property(gaps, integer({ min: 1, max: 5 }), (all, calls) => {
        let [now, begins, began]: [number, readonly number[], number[]] = [0, [], []];
        for (const gap of all) {
          now += gap;
          const turn = nextTurn(begins, { ...LIMIT, calls }, now);
          ({ begins } = turn);
          if (turn.waitMs !== null) began.push(now + turn.waitMs);
        }
        began = began.toSorted((a, b) => a - b);
        for (const [index, at] of began.entries())
          expect(at - (began[index - calls] ?? -Infinity)).toBeGreaterThanOrEqual(60_000);
      }),
    );
  });
});
