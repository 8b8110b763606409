// Holds the tests in one process in workerd, and runs them as the driver says.
import {
  abortAllDurableObjects,
  createExecutionContext,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inject, it, vi } from "vitest";

import { settings } from "../openai-sdk/settings.ts";
import type { Collected } from "./collect.ts";
import type { Covered, Task, Told, Try, Verdict } from "./protocol.ts";

declare module "vitest" {
  interface ProvidedContext {
    driver: string;
  }
}

/** Stryker's: what its instrumented code reads and writes. */
interface Switch {
  activeMutant: string;
  currentTestId?: string | undefined;
  hitCount: number;
  hitLimit: number;
  mutantCoverage: {
    static: Record<string, number>;
    perTest: Record<string, Record<string, number>>;
  };
}

const NONE = "none";
const PATIENCE_MS = 60_000;

const stryker: Switch = {
  activeMutant: NONE,
  hitCount: 0,
  hitLimit: Infinity,
  mutantCoverage: { static: {}, perTest: {} },
};
Object.assign(globalThis, { __stryker__: stryker });

const driver = inject("driver");
// Tests put others in its place.
const send = globalThis.fetch.bind(globalThis);
const loaders = import.meta.glob<() => Promise<unknown>>([
  "../**/*.test.ts",
  // Of those that speak to a server over HTTP, the ones that need no more of it than its answers.
  "!../openai-sdk/{restart,websocket}.test.ts",
  "!../cli/**",
]);
/** Requests to the server of test/openai-sdk are answered here. */
globalThis.fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
  const request = new Request(input, init);
  if (new URL(request.url).origin !== inject("server")) return send(input, init);
  const { createApp } = await import("../../src/app.ts");
  const vars = { ...env, ...settings(inject("modelServer")) };
  const context = createExecutionContext();
  const response = await createApp().fetch(request, vars, context);
  void waitOnExecutionContext(context);
  return response;
};

let loaded = new Map<string, Collected>();
let hasAll = false;

async function tell(told: Told): Promise<Task> {
  const response = await send(driver, { method: "POST", body: JSON.stringify(told) });
  return await response.json<Task>();
}

class Late extends Error {}

/** What was thrown, or null. */
async function run(test: Collected | undefined, limitMs: number): Promise<unknown> {
  if (test === undefined) throw new Error("there is no such test");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(`not over after ${limitMs} ms`)), limitMs);
  });
  const whole = async () => {
    // The models of these tests fail often enough that nobody would ask them any more.
    if (test.file.startsWith("../openai-sdk/")) {
      const { resetCircuit } = await import("../../src/outbound/circuit-breaker.ts");
      await resetCircuit(env, "openai");
    }
    for (const before of test.before) await before();
    try {
      await test.run();
    } finally {
      for (const after of test.after) await after();
    }
  };
  try {
    await Promise.race([whole(), late]);
    return null;
  } catch (error) {
    return error ?? new Error("something that is nothing was thrown");
  } finally {
    clearTimeout(timer);
  }
}

const textOf = (error: unknown): string | null =>
  error === null
    ? null
    : (error instanceof Error ? error.message : JSON.stringify(error)).slice(0, 300);

/** Loads test files anew, and with them all of the product. */
async function load(files: readonly string[]): Promise<void> {
  await abortAllDurableObjects();
  vi.resetModules();
  const { collect, collected } = await import("./collect.ts");
  for (const file of files) {
    const loader = loaders[file];
    if (loader === undefined) throw new Error(`there is no ${file}`);
    await collect(file, loader);
  }
  // The objects' module, which would otherwise be loaded by the first test that needs it.
  await import("../../src/index.ts");
  loaded = new Map(collected.map((test) => [test.name, test]));
  hasAll = files.length === Object.keys(loaders).length;
}

async function cover(files: readonly string[]): Promise<Told> {
  await load(files);
  const atLoad = Object.keys(stryker.mutantCoverage.static);
  const tests: Covered[] = [];
  for (const test of loaded.values()) {
    stryker.currentTestId = test.name;
    const from = Date.now();
    const error = textOf(await run(test, PATIENCE_MS));
    const ms = Date.now() - from;
    const hits = { ...stryker.mutantCoverage.perTest[test.name] };
    tests.push({ test: test.name, file: test.file, error, ms, hits });
  }
  stryker.currentTestId = undefined;
  for (const entry of tests) {
    entry.error ??= textOf(await run(loaded.get(entry.test), PATIENCE_MS));
  }
  return { kind: "covered", tests, atLoad };
}

const filesOf = (tries: readonly Try[]): string[] =>
  Object.keys(loaders).filter((file) => tries.some(({ test }) => test.startsWith(`${file} `)));

async function tryMutant(mutant: string, tries: readonly Try[], fresh: boolean): Promise<Verdict> {
  stryker.hitLimit = Infinity;
  if (fresh) {
    stryker.activeMutant = mutant;
    const broken = await load(filesOf(tries)).then(() => null, textOf);
    stryker.activeMutant = NONE;
    if (broken !== null) {
      const sound = await load(filesOf(tries)).then(
        () => true,
        () => false,
      );
      return { kind: "verdict", status: "killed", test: null, error: broken, sound };
    }
  }
  for (const { test, limitMs, hitLimit } of tries) {
    Object.assign(stryker, { activeMutant: mutant, hitCount: 0, hitLimit });
    const error = await run(loaded.get(test), limitMs);
    stryker.activeMutant = NONE;
    const late = error instanceof Late || stryker.hitCount > hitLimit;
    if (error === null && !late) continue;
    if (fresh) await load(filesOf([{ test, limitMs, hitLimit }]));
    const sound = (await run(loaded.get(test), limitMs)) === null;
    const status = late ? "timeout" : "killed";
    return { kind: "verdict", status, test, error: textOf(error), sound };
  }
  return { kind: "verdict", status: "survived", test: null, error: null, sound: true };
}

// oxlint-disable-next-line vitest/expect-expect -- it runs tests, and is none
it("does what the driver says", { timeout: 0 }, async () => {
  for (const way of ["log", "info", "warn", "error", "debug"] as const) console[way] = () => {};
  let task = await tell({ kind: "ready" });
  while (task.kind !== "stop") {
    if (task.kind === "cover") {
      task = await tell(await cover(task.files));
      continue;
    }
    if (!task.fresh && !hasAll) await load(Object.keys(loaders));
    task = await tell(await tryMutant(task.mutant, task.tries, task.fresh));
  }
});
