import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Lab } from "./lab.ts";
import { hash } from "./mutants.ts";
import type { Mutant } from "./mutants.ts";
import type { Covered, Try } from "./protocol.ts";

/** The tests of one file, and a hash of it: they are known as long as it stays the same. */
interface Kept {
  content: string;
  tests: Covered[];
}
interface Cache {
  sources: string;
  atLoad: string[];
  files: Record<string, Kept>;
}

const COVER_MS = 1_800_000;
/** A test may take so much longer with a mutant, on a machine that has other work. */
const SLOWER = 5;
const GRACE_MS = 4_000;
/** As Stryker has it. */
const MORE_HITS = 100;

/** Which tests pass which mutants, and which of them are worth trying first. */
export class Coverage {
  readonly #atLoad: Set<string>;
  readonly #tests: Covered[] = [];
  /** By mutant. */
  readonly #covering = new Map<string, Covered[]>();
  /** By source file: how many of its mutants each test found, and how many it passes. */
  readonly #kills = new Map<string, Map<string, number>>();
  readonly #passes = new Map<string, Map<Covered, number>>();

  private constructor(cache: Cache, fileOf: Map<string, string>) {
    this.#atLoad = new Set(cache.atLoad);
    for (const { tests } of Object.values(cache.files)) {
      for (const test of tests) {
        if (test.error !== null) continue;
        this.#tests.push(test);
        for (const id of Object.keys(test.hits)) {
          getOrAdd(this.#covering, id, () => []).push(test);
          const passes = getOrAdd(this.#passes, fileOf.get(id) ?? "", () => new Map());
          passes.set(test, (passes.get(test) ?? 0) + 1);
        }
      }
    }
  }

  /** Runs the tests without a mutant, those whose files changed since the last time. */
  static async of(
    directory: string,
    sources: Record<string, string>,
    mutants: readonly Mutant[],
    labs: readonly Lab[],
    isFresh: boolean,
  ): Promise<Coverage> {
    const cacheFile = join(directory, "coverage.json");
    const sourcesHash = hash(JSON.stringify(sources));
    let cache: Cache = { sources: sourcesHash, atLoad: [], files: {} };
    try {
      const kept = JSON.parse(readFileSync(cacheFile, "utf8")) as Cache;
      if (!isFresh && kept.sources === sourcesHash) cache = kept;
    } catch {
      // There is none yet.
    }
    const contents = new Map(
      globSync("test/**/*.test.ts")
        .filter((path) => !/^test\/(transfer\/|openai\/(restart|websocket))/.test(path))
        .map((path) => [path.replace("test/", "../"), hash(readFileSync(path, "utf8"))]),
    );
    for (const file of Object.keys(cache.files)) {
      if (cache.files[file]?.content !== contents.get(file)) delete cache.files[file];
    }
    const missing = [...contents.keys()].filter((file) => cache.files[file] === undefined);
    if (missing.length > 0) console.log(`running the tests of ${missing.length} files as they are`);
    await Promise.all(
      labs.map(async (lab) => {
        for (let file = missing.shift(); file !== undefined; file = missing.shift()) {
          const told = await lab.ask({ kind: "cover", files: [file] }, COVER_MS);
          if (told?.kind !== "covered") throw new Error(`the tests of ${file} did not end`);
          cache.atLoad = [...new Set([...cache.atLoad, ...told.atLoad])];
          cache.files[file] = { content: contents.get(file)!, tests: told.tests };
          writeFileSync(cacheFile, JSON.stringify(cache));
        }
        lab.stop();
      }),
    );
    const unsteady = Object.values(cache.files)
      .flatMap(({ tests }) => tests)
      .filter(({ error }) => error !== null);
    if (unsteady.length > 0) {
      console.log(`left out, as they fail when they are run twice or beside others:`);
      for (const { test, error } of unsteady) console.log(`  ${test}: ${error?.split("\n")[0]}`);
    }
    return new Coverage(cache, new Map(mutants.map(({ id, file }) => [id, file])));
  }

  covers({ id }: Mutant): boolean {
    return this.#covering.has(id) || this.#atLoad.has(id);
  }

  /** Whether it makes a difference only while its module is loaded. */
  isAtLoad({ id }: Mutant): boolean {
    return !this.#covering.has(id);
  }

  found({ file }: Mutant, test: string): void {
    const kills = getOrAdd(this.#kills, file, () => new Map());
    kills.set(test, (kills.get(test) ?? 0) + 1);
  }

  /**
   * The tests to try, the likeliest first, that take about so long without the mutant. What runs when a module is loaded
   * is tried by the tests that pass something of its file, or where that has nothing else by all, with all modules
   * loaded anew.
   */
  plan(
    { id, file }: Mutant,
    budgetMs: number,
  ): { tries: Try[]; fresh: boolean; patienceMs: number } {
    const covering = this.#covering.get(id);
    const passes = this.#passes.get(file) ?? new Map<Covered, number>();
    const kills = this.#kills.get(file) ?? new Map<string, number>();
    const cost = (test: Covered) =>
      ((test.ms + 2) * Object.keys(test.hits).length) / (passes.get(test) ?? 1);
    // Tests mirror sources: those of the same folder come first.
    const folder = file.replace(/^src/, "..").replace(/[^/]+$/, "");
    const nearness = ({ test }: { test: Covered }) => Number(test.file.startsWith(folder));
    // The cheapest of each file, then the next of each: tests of one file look at much the same.
    const ranks = new Map<string, number>();
    const order = (covering ?? (passes.size > 0 ? [...passes.keys()] : this.#tests))
      .map((test) => ({ test, kills: kills.get(test.test) ?? 0, cost: cost(test) }))
      .toSorted((a, b) => a.cost - b.cost)
      .map((each) => {
        const rank = ranks.get(each.test.file) ?? 0;
        ranks.set(each.test.file, rank + 1);
        return { ...each, rank };
      })
      .toSorted((a, b) => b.kills - a.kills || nearness(b) - nearness(a) || a.rank - b.rank);
    let sumMs = 0;
    const tries: Try[] = [];
    for (const { test } of order) {
      if (tries.length > 0 && sumMs + test.ms > budgetMs) continue;
      sumMs += test.ms + 1;
      tries.push({
        test: test.test,
        limitMs: test.ms * SLOWER + GRACE_MS,
        hitLimit: ((covering && test.hits[id]) ?? 100) * MORE_HITS,
      });
    }
    return { tries, fresh: covering === undefined, patienceMs: 90_000 + sumMs * SLOWER };
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
