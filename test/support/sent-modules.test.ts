import { expect, it } from "vitest";

/** Gone from the transformed code, so that its lines are others. */
interface Erased {
  one: 1;
  two: 2;
}

it("names the line of the source in the stack of a failure", () => {
  const erased: Erased = { one: 1, two: 2 };
  const { stack } = new Error(`of line 11, ${erased.one + erased.two}`);
  expect(stack).toContain("sent-modules.test.ts:11:");
});
