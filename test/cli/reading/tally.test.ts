import { expect, test } from "vitest";

import { Tally } from "../../../src/cli/reading/tally.ts";

test("a tally counts whatever others call their fields", () => {
  const left = new Tally();
  expect(left.told).toEqual({});
  for (const what of ["constructor", "__proto__", "constructor"]) left.add(what);
  left.add("nothing", 0);
  expect(JSON.stringify(left.told)).toBe('{"left_out":{"constructor":2,"__proto__":1}}');
});
