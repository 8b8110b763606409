import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { PLANTS } from "../model/plants.ts";

it.each(Object.entries(PLANTS))("%s is a mistake that can be planted", (_name, { file, from }) => {
  expect(readFileSync(file, "utf8")).toContain(from);
});
