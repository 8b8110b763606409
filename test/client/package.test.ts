import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { buildClient } from "../../src/client/build.ts";

const PROJECT = join(import.meta.dirname, "../..");
/** Inside of node_modules, so that the package finds its dependencies. */
const BUILT = join(PROJECT, "node_modules/.cache/colloquy-client");
const KIB = 1_024;

beforeAll(() => buildClient(BUILT));
afterAll(() => rmSync(BUILT, { recursive: true, force: true }));

const manifest = () =>
  JSON.parse(readFileSync(join(BUILT, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };

test("the built package asks a server", async () => {
  const built = (await import(
    /* @vite-ignore */ join(BUILT, "index.js")
  )) as typeof import("../../src/client/index.ts");
  const colloquy = built.createColloquy({ baseUrl: inject("server"), account: "client-package" });
  const { response } = await built.unwrap(colloquy.POST("/query", { body: { query: "1 + 1?" } }));
  expect(response).toContain("2");
  expect(readFileSync(join(BUILT, "index.d.ts"), "utf8")).toContain("createColloquy");
});

test("each dependency is below 5 KiB, and of the version that is tested here", () => {
  for (const [name, version] of Object.entries(manifest().dependencies)) {
    const directory = join(PROJECT, "node_modules", name);
    const found = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
      version: string;
    };
    expect([name, found.version]).toEqual([name, version]);
    const code = ENTRIES[name]?.map((file) => readFileSync(join(directory, file), "utf8")).join("");
    if (code === undefined) throw new Error(`Name the files of ${name} here.`);
    // Compressed, as it is sent. A bundler makes it smaller still.
    expect(gzipSync(code).length).toBeLessThan(5 * KIB);
  }
});

/** The files that a bundler takes of each. */
const ENTRIES: Record<string, string[]> = {
  "eventsource-parser": ["dist/index.js", "dist/stream.js"],
  "openapi-fetch": ["dist/index.mjs"],
};
