// Coverage-guided fuzzing of what reads foreign input, each target for some time:
//
//   node test/fuzz/parsers/run.ts --seconds 30 [search import…]
//
// What is found is kept, and the log says where; a target's corpus is what it begins with.
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";

import { build } from "esbuild";

import { findJazzer } from "./jazzer.ts";

const HERE = import.meta.dirname;
const SECONDS = 30;
const MOST_BYTES = 4_096;
/** How libFuzzer ends when it has found something. */
const FINDING = 77;
const LOG_LINES = 40;
const FOUND = join(tmpdir(), "colloquy-fuzz-found");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string" }, seed: { type: "string" } },
});
const seconds = Number(values.seconds ?? SECONDS);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const targets = globSync(join(HERE, "targets/*.ts")).map((path) => basename(path, ".ts"));
const unknown = positionals.find((name) => !targets.includes(name));
if (unknown !== undefined || !(seconds >= 1) || !Number.isSafeInteger(seed)) {
  console.error(
    `Usage: node test/fuzz/parsers/run.ts [--seconds N] [--seed N] [${targets.join("|")}…]`,
  );
  process.exit(2);
}

const jazzer = findJazzer();
if (typeof jazzer === "string") {
  console.log(`SKIPPED, nothing was fuzzed: ${jazzer}`);
  process.exit(0);
}

const directory = mkdtempSync(join(tmpdir(), "colloquy-fuzz-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
const chosen = positionals.length > 0 ? positionals : targets.toSorted();
await build({
  entryPoints: chosen.map((name) => join(HERE, `targets/${name}.ts`)),
  outdir: join(directory, "targets"),
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node24",
  loader: { ".sql": "text" },
  // Whatever of the platform is imported on the way is not called by a parser.
  alias: { "cloudflare:workers": join(HERE, "platform.ts") },
  logLevel: "warning",
});

mkdirSync(FOUND, { recursive: true });
console.log(`--seconds ${seconds} --seed ${seed}`);
let findings = 0;
let broken = 0;
for (const name of chosen) {
  const corpus = join(directory, "corpus", name);
  mkdirSync(corpus, { recursive: true });
  cpSync(join(HERE, "corpus", name), corpus, { recursive: true });
  const fuzzer = [`-max_total_time=${seconds}`, `-seed=${seed}`, `-max_len=${MOST_BYTES}`];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      jazzer.cli,
      join(directory, "targets", `${name}.js`),
      corpus,
      "--sync",
      "-i",
      directory,
      "--",
      ...fuzzer,
      `-artifact_prefix=${join(FOUND, name)}-`,
    ],
    { encoding: "utf8", env: { ...process.env, ...jazzer.env }, maxBuffer: 2 ** 30 },
  );
  const log = stdout + stderr;
  // Its last words may be lost with the process; what it counted before is not.
  const runs = [...log.matchAll(/^(?:#|Done )(\d+)/gm)].at(-1)?.[1] ?? "0";
  const features = [...log.matchAll(/\bft: (\d+)/g)].at(-1)?.[1] ?? "0";
  const isFound = status === FINDING;
  // One that tried nothing has shown nothing.
  const isBroken = !isFound && (status !== 0 || runs === "0");
  if (isFound) findings += 1;
  if (isBroken) broken += 1;
  console.log(
    `${name}: ${Number(runs).toLocaleString("en")} executions, ${features} features, ${isFound ? 1 : 0} findings`,
  );
  if (isFound || isBroken) console.log(log.split("\n").slice(-LOG_LINES).join("\n"));
}
console.log(
  `fuzz: ${chosen.length} targets, ${findings} findings${broken > 0 ? `; ${broken} could not be run` : ""}`,
);
process.exit(findings + broken === 0 ? 0 : 1);
