import { describe, expect, it } from "vitest";
import { evaluate, expressionIn, formatNumber } from "../../../src/models/local/arithmetic.ts";

/** The value of a sum as it would be told, or why it has none. */
function work(clause: string): string | null {
  const expression = expressionIn(clause);
  const result = expression === null ? null : evaluate(expression);
  if (!result) return null;
  return "value" in result ? formatNumber(result.value) : result.problem;
}

const nested = (depth: number) => `${"(".repeat(depth)}1+1${")".repeat(depth)}`;

describe("arithmetic", () => {
  it.each([
    ["2+2", "4"],
    ["what is 12 * (3 + 4)", "84"],
    ["what's 10 plus 5", "15"],
    ["how much is 7 times 6", "42"],
    ["10 divided by 4", "2.5"],
    ["what does 3 x 4 equal", "12"],
    ["0.1 + 0.2", "0.3"],
    ["1,000 + 2", "1002"],
    ["-3 * -(2 - 5)", "-9"],
    ["2 - -2", "4"],
    ["-2^2", "-4"],
    ["2^3^2", "512"],
    ["10 - 4 - 3", "3"],
    ["20% of 50", "10"],
    ["7 − 5", "2"],
    ["5 squared + 1", "26"],
    ["9007199254740993 * 3", "about 27021597764223000"],
    ["0 * -1", "0"],
  ])("works out %j as %j", (clause, value) => {
    expect(work(clause)).toBe(value);
  });

  it("says plainly what has no answer", () => {
    expect(work("1 / 0")).toBe("division by zero has no answer");
    expect(work("1 / (2 - 2)")).toBe("division by zero has no answer");
    expect(work("0^-1")).toBe("division by zero has no answer");
    expect(work("(-8)^0.5")).toBe("it has no real answer");
    expect(work("9^9^9^9")).toBe("it is too large for me");
  });

  it.each([
    "",
    "5",
    "what is 5",
    "+",
    "2 +",
    "(2 + 3",
    "2 + 3)",
    "2 3 + 4",
    "1.2.3 + 4",
    "2(3)",
    "() + 1",
    "2024-12-25",
    "020-7946-0958",
    "one + two",
    "x + 1",
  ])("takes %j for no sum", (clause) => {
    expect(work(clause)).toBeNull();
  });

  it("bounds the depth and the length", () => {
    expect(work(nested(40))).toBe("2");
    expect(work(nested(120))).toBe("it is nested too deeply for me");
    expect(work(nested(10_000))).toBeNull();
    expect(work("1+".repeat(100_000))).toBeNull();
    expect(evaluate("(".repeat(100_000))).toEqual({ problem: "it is nested too deeply for me" });
    expect(evaluate(`${"2^".repeat(50_000)}2`)).toEqual({
      problem: "it is nested too deeply for me",
    });
    expect(evaluate(`${"-".repeat(100_000)}2`)).toEqual({ value: 2 });
  });
});
