import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { measureBeside } from "./beside.ts";
import type { Figure } from "./figure.ts";
import { measureJournal } from "./journal.ts";
import { measureLargeSession } from "./large-session.ts";
import { measureLatency } from "./latency.ts";
import { measureGrowth } from "./peers/growth.ts";
import { measurePeers } from "./peers/measure.ts";
import type { PeersPlan } from "./peers/measure.ts";
import { belowGate, figuresOf, tablesOf } from "./peers/told.ts";
import { startPlatform } from "./platform.ts";
import { measurePersistence } from "./persistence.ts";
import type { Platform } from "./platform.ts";
import { measureProof } from "./proof.ts";
import { measurePurge } from "./purge.ts";
import { measureReading } from "./reading.ts";
import { measureResponses } from "./responses.ts";
import { measureRows } from "./rows.ts";
import { measureScale } from "./scale.ts";
import { measureSearching } from "./searching.ts";
import { measureSize } from "./size.ts";
import { startSlowModel } from "./slow-model.ts";
import { measureStreams } from "./streams/measure.ts";
import { measureTransfer } from "./transfer.ts";
import { table } from "./table.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    only: { type: "string" },
    // Of the section `reading`: another checkout's files.ts, to be read beside ours.
    reader: { type: "string" },
    // Of the sections `streams` and `peers`: another checkout, to be measured beside this one.
    checkout: { type: "string" },
    // Of the section `peers`.
    against: { type: "string" },
    clients: { type: "string" },
    accounts: { type: "string" },
    rounds: { type: "string" },
    // Of the section `scale`.
    messages: { type: "string" },
    gate: { type: "boolean", default: false },
  },
});

const FULL = {
  messages: 100_000,
  latency: { rounds: 7, roundsUnderLoad: 5, roundMs: 800 },
  responses: { rounds: 5, roundMs: 800 },
  purge: {
    sizes: [
      { sessions: 1_000, runs: 5 },
      { sessions: 10_000, runs: 2 },
      { sessions: 100_000, runs: 1 },
    ],
  },
  journal: { cap: 100_000, over: [5_000, 10_000, 20_000] },
  beside: 5_000,
  searching: { sessions: 20_000, forMs: 20_000 },
  largeTurns: 5,
  transferBytes: 1024 * 1024 * 1024,
  growth: { small: 1_000, large: 1_000_000, rounds: 7, roundMs: 800 },
  streams: {
    rounds: 5,
    chunks: 1_000,
    fast: [1, 16, 64],
    paced: [
      { streams: 64, delayMs: 1 },
      { streams: 256, delayMs: 1_000 },
    ],
    held: 128,
  },
  peers: { clients: [1, 16, 64], accounts: [1, 64], rounds: 7, roundMs: 800 },
};
const QUICK = {
  messages: 20_000,
  latency: { rounds: 5, roundsUnderLoad: 3, roundMs: 300 },
  responses: { rounds: 5, roundMs: 300 },
  purge: {
    sizes: [
      { sessions: 1_000, runs: 3 },
      { sessions: 3_000, runs: 1 },
      { sessions: 10_000, runs: 1 },
    ],
  },
  journal: { cap: 10_000, over: [1_000, 2_000, 4_000] },
  beside: 1_000,
  searching: { sessions: 2_000, forMs: 5_000 },
  largeTurns: 2,
  transferBytes: 64 * 1024 * 1024,
  growth: { small: 1_000, large: 100_000, rounds: 3, roundMs: 300 },
  streams: {
    rounds: 3,
    chunks: 1_000,
    fast: [1, 16],
    paced: [{ streams: 64, delayMs: 1 }],
    held: 64,
  },
  peers: { clients: [1, 16], accounts: [1], rounds: 3, roundMs: 300 },
};
const plan = options.quick ? QUICK : FULL;

const measures: Record<string, (platform: Platform) => Promise<Figure[]>> = {
  rows: measureRows,
  size: (platform) => measureSize(platform, plan.messages),
  latency: (platform) => measureLatency(platform, plan.latency),
  responses: (platform) => measureResponses(platform, plan.responses),
  purge: (platform) => measurePurge(platform, plan.purge),
  persistence: (platform) => measurePersistence(platform, plan.messages),
  large: (platform) => measureLargeSession(platform, plan.largeTurns),
  transfer: (platform) => measureTransfer(platform, plan.transferBytes),
  journal: (platform) => measureJournal(platform, plan.journal),
  beside: (platform) => measureBeside(platform, plan.beside),
  searching: (platform) => measureSearching(platform, plan.searching),
  scale: (platform) => measureScale(platform, Number(options.messages ?? plan.messages)),
};

const checkout = options.checkout === undefined ? null : resolve(options.checkout);
const numbers = (list: string | undefined): number[] | undefined => list?.split(",").map(Number);
const peersPlan: PeersPlan = {
  against: options.against?.split(",") ?? null,
  clients: numbers(options.clients) ?? plan.peers.clients,
  accounts: numbers(options.accounts) ?? plan.peers.accounts,
  rounds: Number(options.rounds ?? plan.peers.rounds),
  roundMs: plan.peers.roundMs,
  checkout,
};

// What was started ends with this process, also when it is told to stop.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const load = loadavg()[0]?.toFixed(1);
const began = performance.now();
const seconds = () => `${((performance.now() - began) / 1_000).toFixed(0)} s`;
const root = resolve(import.meta.dirname, "..");
const sections = [...Object.keys(measures), "proof", "reading", "streams", "growth", "peers"];
const chosen = options.only?.split(",") ?? sections;
const unknown = chosen.filter((name) => !sections.includes(name));
if (unknown.length > 0) throw new Error(`There is no section ${unknown.join(", ")}.`);
const figures: Figure[] = [];
const errors: string[] = [];
if (chosen.some((name) => name in measures)) {
  const model = await startSlowModel();
  const platform = await startPlatform(root, model.url);
  try {
    console.error(`built and started after ${seconds()}`);
    for (const [name, measure] of Object.entries(measures)) {
      if (!chosen.includes(name)) continue;
      figures.push(...(await measure(platform)));
      console.error(`${name} measured after ${seconds()}`);
    }
  } finally {
    await platform.stop();
    model.stop();
    errors.push(...platform.errors);
  }
}
if (chosen.includes("proof")) {
  figures.push(...measureProof());
  console.error(`proof measured after ${seconds()}`);
}
if (chosen.includes("reading")) {
  figures.push(...(await measureReading(root, plan.messages, options.reader)));
  console.error(`reading measured after ${seconds()}`);
}
if (chosen.includes("streams")) {
  figures.push(...(await measureStreams(root, plan.streams, checkout)));
  console.error(`streams measured after ${seconds()}`);
}
if (chosen.includes("growth")) {
  figures.push(...(await measureGrowth(root, plan.growth)));
  console.error(`growth measured after ${seconds()}`);
}
if (figures.length > 0) console.log(table(figures));
if (chosen.includes("peers")) {
  const found = await measurePeers(root, peersPlan);
  const tables = tablesOf(found);
  console.log(`\n${tables}`);
  const isWhole = !options.quick && !options.against && !options.clients && !options.accounts;
  if (isWhole && !options.rounds) await writeInto(join(root, "docs/benchmarks.md"), tables);
  figures.push(...figuresOf(found));
  const below = belowGate(found);
  for (const each of below) console.log(`Below 85 % of its goal: ${each}`);
  if (options.gate && below.length > 0) process.exitCode = 1;
}

const judged = figures.filter(({ met }) => met !== null);
const missed = judged.filter(({ met }) => !met);
console.log(`\n${judged.length - missed.length} of ${judged.length} goals met, in ${seconds()}.`);
for (const { name, goal } of missed) console.log(`Not met: ${name} (${goal})`);
for (const error of new Set(errors)) console.log(`Logged: ${error}`);
if (options.json !== undefined) {
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  await writeFile(
    options.json,
    `${JSON.stringify({ at: new Date().toISOString(), quick: options.quick, machine, figures }, null, 2)}\n`,
  );
}

/** What stands between the marks in a document. */
async function writeInto(path: string, tables: string): Promise<void> {
  const before = await readFile(path, "utf8");
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${day}, a load of ${load} at the start, ${peersPlan.rounds} rounds of ${peersPlan.roundMs} ms; ${cpus().length} processors, ${cpus()[0]?.model ?? "unknown"}; Node ${process.version}.`;
  const between = `<!-- peers -->\n\n${machine}\n\n${tables}\n\n<!-- /peers -->`;
  const marked = /<!-- peers -->.*<!-- \/peers -->/s;
  if (!marked.test(before)) throw new Error(`${path} has no place for the peers`);
  await writeFile(
    path,
    before.replace(marked, () => between),
  );
}
