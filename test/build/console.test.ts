import { statSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { buildConsole } from "../../src/build/console.ts";
import { PROJECT } from "../../src/build/fresh.ts";

const writtenAt = () => statSync(join(PROJECT, "dist/console/llms.txt"), { bigint: true }).mtimeNs;

it("writes no document again that is the same, as running servers would reload", async () => {
  await buildConsole();
  const before = writtenAt();
  await buildConsole();
  expect(writtenAt()).toBe(before);
});
