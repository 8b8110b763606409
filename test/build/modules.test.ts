import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, matchesGlob } from "node:path";

import { afterAll, expect, it } from "vitest";

import { SOURCES, buildModules } from "../../src/build/worker.ts";

const directory = mkdtempSync(join(tmpdir(), "modules-"));
afterAll(() => rmSync(directory, { recursive: true }));

const modules = await buildModules(directory);
const entry = Object.keys(modules).find((path) => basename(path) === "index.js") ?? "";

const isSource = (path: string) => SOURCES.some((pattern) => matchesGlob(path, pattern));

/** Sources of the modules that an isolate evaluates before its first request. */
function evaluatedAtStart(): string[] {
  const paths = new Set([entry]);
  for (const path of paths) {
    for (const { kind, path: to } of modules[path]?.imports ?? [])
      if (kind === "import-statement" && to in modules) paths.add(to);
  }
  return [...paths].flatMap((path) => Object.keys(modules[path]?.inputs ?? {}));
}

it.each([
  "node_modules/chrono-node/",
  "node_modules/@ai-sdk/openai-compatible/",
  "node_modules/workers-ai-provider/",
  "node_modules/ai/",
  "node_modules/re2js/",
  "src/travel/understand.ts",
  "src/http/openapi/document.ts",
])("leaves %s to modules that are compiled when they are asked for", (folder) => {
  const all = Object.values(modules).flatMap(({ inputs }) => Object.keys(inputs));
  expect(all.filter((path) => path.startsWith(folder))).not.toEqual([]);
  expect(evaluatedAtStart().filter((path) => path.startsWith(folder))).toEqual([]);
});

it("is made of its sources and of packages alone", () => {
  const own = Object.values(modules)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .filter((path) => !path.startsWith("node_modules/"));
  expect(own.filter((path) => !isSource(path))).toEqual([]);
});
