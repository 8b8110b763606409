import { describe, expect, it } from "vitest";

import { STATUS_OF } from "../../src/shared/errors.ts";

const [reference = ""] = Object.values(
  import.meta.glob<string>("../../docs/quick-reference.md", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);

const ROW = /^\| `(\w+)` +\| (\d{3}) +\| \S/gm;

describe("the table of errors", () => {
  it("has each code with its status, and no other", () => {
    const documented = [...reference.matchAll(ROW)].map(([, code, status]) => `${code} ${status}`);
    const thrown = Object.entries(STATUS_OF).map(([code, status]) => `${code} ${status}`);
    expect(documented.toSorted()).toEqual(thrown.toSorted());
  });
});
