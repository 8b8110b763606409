// Mutation tests, in workerd. Node 24, nothing else to install:
//
//   node test/mutation/run.ts                          every mutant of every area
//   node test/mutation/run.ts --sample 150 --seed 7    so many of each area
//   node test/mutation/run.ts --only store --survivors
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { Coverage } from "./coverage.ts";
import { Lab } from "./lab.ts";
import { areaNames, hash, instrument } from "./mutants.ts";
import type { Area, Mutant } from "./mutants.ts";
import { survivors, table } from "./report.ts";
import type { Found, Results } from "./report.ts";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    survivors: { type: "boolean", default: false },
    fresh: { type: "boolean", default: false },
    seconds: { type: "string", default: "10" },
    processes: { type: "string", default: String(Math.ceil(availableParallelism() / 2)) },
  },
});
const only = options.only?.split(",") as Area[] | undefined;
const sample = options.sample === undefined ? null : Number(options.sample);
const [seconds, processes] = [Number(options.seconds), Number(options.processes)];
if (
  only?.some((name) => !areaNames.includes(name)) ||
  ![sample ?? 1, seconds, processes].every((number) => number > 0)
) {
  console.error(
    `Usage: node test/mutation/run.ts [--only ${areaNames.join(",")}] [--sample N] [--seed N] [--survivors] [--fresh] [--seconds N] [--processes N]`,
  );
  process.exit(2);
}

/** A process has had so many tasks when another takes its place: what its tests leave behind slows it down. */
const TASKS_A_PROCESS = 400;
const PROGRESS_EVERY = 25;
/** For each so many mutants, the tests of one are run without it as well. */
const CONTROL_EVERY = 20;

const directory = join(tmpdir(), `colloquy-mutation-${hash(resolve("."))}`);
mkdirSync(directory, { recursive: true });
const resultsFile = join(directory, "results.json");

const { sources, mutants } = await instrument();
writeFileSync(join(directory, "sources.json"), JSON.stringify(sources));
const labs = Array.from(
  { length: processes },
  (_, index) => new Lab(directory, `lab-${index + 1}`),
);
process.once("exit", () => labs.forEach((lab) => lab.stop()));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const coverage = await Coverage.of(directory, sources, mutants, labs, options.fresh);
const results: Results = options.fresh ? {} : readResults();
const picked = areaNames
  .filter((area) => only?.includes(area) ?? true)
  .flatMap((area) => pick(mutants.filter((mutant) => mutant.area === area)));

// What was killed is not asked again while its file is the same; the rest may have a test by now.
const todo: Mutant[] = [];
for (const mutant of picked) {
  if (["killed", "timeout"].includes(results[mutant.key]?.status ?? "")) continue;
  if (coverage.covers(mutant)) todo.push(mutant);
  else results[mutant.key] = { status: "no coverage", test: null, error: null };
}
// Those that have modules loaded anew come last: the others go by what is loaded once.
todo.sort((a, b) => Number(coverage.isAtLoad(a)) - Number(coverage.isAtLoad(b)));
console.log(`${picked.length} mutants, ${todo.length} to try in ${processes} processes`);

const began = Date.now();
let done = 0;
const controls = { all: 0, loud: 0 };
const shaken = new Set<Mutant>();
await Promise.all(labs.map(work));
save();
console.log(table(picked, results, sample === null ? "full" : `sample, seed ${options.seed}`));
console.log(`without a mutant, tests failed for ${controls.loud} of ${controls.all} tried`);
if (options.survivors) console.log(survivors(picked, results));
process.exit(0);

async function work(lab: Lab): Promise<void> {
  for (let mutant = todo.shift(); mutant !== undefined; mutant = todo.shift()) {
    const found = await tryOut(lab, mutant);
    if (found !== null && done % CONTROL_EVERY === 0) {
      controls.all += 1;
      if (!(await isQuiet(lab, mutant))) controls.loud += 1;
    }
    if (found !== null) {
      results[mutant.key] = found;
      done += 1;
    }
    if (done % PROGRESS_EVERY === 0 && found !== null) {
      save();
      console.log(
        `${done} tried, ${todo.length} left, ${Math.round((Date.now() - began) / 60_000)} min`,
      );
    }
    if (lab.tasks >= TASKS_A_PROCESS) lab.stop();
  }
  lab.stop();
}

/** Runs a mutant's tests without it. @returns whether all passed: else the kills of this run cannot be trusted */
async function isQuiet(lab: Lab, mutant: Mutant): Promise<boolean> {
  const { tries, fresh, patienceMs } = coverage.plan(mutant, seconds * 1_000);
  const told = await lab.ask({ kind: "try", mutant: "control", tries, fresh }, patienceMs);
  return told?.kind === "verdict" && told.status === "survived";
}

/** @returns null if it is put back, to be tried in another process */
async function tryOut(lab: Lab, mutant: Mutant): Promise<Found | null> {
  const { tries, fresh, patienceMs } = coverage.plan(mutant, seconds * 1_000);
  const first = lab.tasks === 0;
  const told = await lab.ask({ kind: "try", mutant: mutant.id, tries, fresh }, patienceMs);
  if (told !== null && told.kind !== "verdict") throw new Error(`unexpected: ${told.kind}`);
  if (!told?.sound) {
    lab.stop();
    // Whoever broke the process, this one or one before it, is known when this one is the first of its process.
    if (!first && !shaken.has(mutant)) {
      shaken.add(mutant);
      todo.unshift(mutant);
      return null;
    }
  }
  if (told === null) return { status: "timeout", test: null, error: "nothing was heard any more" };
  if (told.status !== "survived" && told.test !== null) coverage.found(mutant, told.test);
  return { status: told.status, test: told.test, error: told.error };
}

function pick(all: Mutant[]): Mutant[] {
  if (sample === null) return all;
  return all
    .map((mutant) => ({ mutant, order: hash(`${options.seed} ${mutant.key}`) }))
    .toSorted((a, b) => (a.order < b.order ? -1 : 1))
    .slice(0, sample)
    .map(({ mutant }) => mutant);
}

function readResults(): Results {
  try {
    return JSON.parse(readFileSync(resultsFile, "utf8")) as Results;
  } catch {
    return {};
  }
}

function save(): void {
  writeFileSync(resultsFile, JSON.stringify(results));
}
