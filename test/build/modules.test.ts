import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, matchesGlob } from "node:path";
import { gzipSync } from "node:zlib";

import { afterAll, expect, it } from "vitest";

import { checkSnapshots } from "../../migrations/files.ts";
import { PROJECT } from "../../src/build/fresh.ts";
import { LATE, SOURCES, buildModules } from "../../src/build/worker.ts";

const directory = mkdtempSync(join(tmpdir(), "modules-"));
afterAll(() => rmSync(directory, { recursive: true }));

const modules = await buildModules(directory);
const entry = Object.keys(modules).find((path) => basename(path) === "index.js") ?? "";

const isSource = (path: string) => SOURCES.some((pattern) => matchesGlob(path, pattern));

/** Most of what an isolate evaluates at its start, in KiB: each module by gzip. */
const MAX_START_KIB = 104;

/** Modules that an isolate evaluates before its first request. */
function startModules(): string[] {
  const paths = new Set([entry]);
  for (const path of paths) {
    for (const { kind, path: to } of modules[path]?.imports ?? [])
      if (kind === "import-statement" && to in modules) paths.add(to);
  }
  return [...paths];
}

/** Their sources. */
const evaluatedAtStart = () =>
  startModules().flatMap((path) => Object.keys(modules[path]?.inputs ?? {}));

it.each([
  "src/account/rpc/facets.ts",
  "src/account/store/schema.ts",
  "src/jobs/run-cron.ts",
  "node_modules/chrono-node/",
  "node_modules/@ai-sdk/openai-compatible/",
  "node_modules/workers-ai-provider/",
  "node_modules/ai/",
  "node_modules/re2js/",
  "node_modules/cockatiel/",
  "src/travel/understand.ts",
  "src/http/openapi/document.ts",
  "src/http/route-table.ts",
  "src/http/routes/admin/",
  "src/http/routes/openai/",
  "src/http/auth/jwt.ts",
  "src/jobs/consume.ts",
  "src/models/local/",
  "src/outbound/twilio.ts",
  "migrations/conversation/",
  "migrations/directory/",
])("leaves %s to modules that are compiled when they are asked for", (folder) => {
  const all = Object.values(modules).flatMap(({ inputs }) => Object.keys(inputs));
  expect(all.filter((path) => path.startsWith(folder))).not.toEqual([]);
  expect(evaluatedAtStart().filter((path) => path.startsWith(folder))).toEqual([]);
});

it(`evaluates at most ${MAX_START_KIB} KiB at its start`, () => {
  const sizes = startModules().map((path) => gzipSync(readFileSync(join(PROJECT, path))).length);
  expect(sizes.reduce((sum, size) => sum + size) / 1024).toBeLessThanOrEqual(MAX_START_KIB);
});

it("has all that it evaluates at its start in one module, beside the entry", () => {
  expect(startModules()).toHaveLength(2);
});

it("imports no module of Node but the one of contexts, which takes no time", () => {
  const ofNode = Object.values(modules).flatMap(({ imports, inputs }) =>
    imports
      .filter(({ path, kind }) => kind === "import-statement" && path.startsWith("node:"))
      .map(({ path }) => ({ path, of: Object.keys(inputs) })),
  );
  expect(ofNode.filter(({ path }) => path !== "node:async_hooks")).toEqual([]);
  expect(ofNode).not.toEqual([]);
});

it("refuses a default export of what import() asks for, which it would leave out", async () => {
  const file = join(directory, "asking.ts");
  const late = join(directory, "late.ts");
  writeFileSync(file, 'export const load = () => import("./late.ts");');
  const build = (text: string) => {
    writeFileSync(late, text);
    return buildModules(join(directory, "asked"), { file });
  };
  await expect(build("export default 1;")).rejects.toThrow("no default export");
  await expect(build("export const named = 1;")).resolves.not.toEqual({});
});

it("has snapshots of the migrations as they are: else call `npm run new:migration`", () => {
  expect(checkSnapshots).not.toThrow();
});

it("is made of its sources and of packages alone", () => {
  const own = Object.values(modules)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .filter((path) => !path.startsWith("node_modules/") && !path.startsWith(`${LATE}:`));
  expect(own.filter((path) => !isSource(path))).toEqual([]);
});
