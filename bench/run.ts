import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { measureBeside } from "./beside.ts";
import type { Figure } from "./figure.ts";
import { measureJournal } from "./journal.ts";
import { measureLatency } from "./latency.ts";
import { startPlatform } from "./platform.ts";
import { measurePersistence } from "./persistence.ts";
import type { Platform } from "./platform.ts";
import { measurePurge } from "./purge.ts";
import { measureResponses } from "./responses.ts";
import { measureRows } from "./rows.ts";
import { measureSize } from "./size.ts";
import { startSlowModel } from "./slow-model.ts";
import { measureTransfer } from "./transfer.ts";
import { table } from "./table.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    only: { type: "string" },
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
  transferBytes: 1024 * 1024 * 1024,
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
  transferBytes: 64 * 1024 * 1024,
};
const plan = options.quick ? QUICK : FULL;

const measures: Record<string, (platform: Platform) => Promise<Figure[]>> = {
  rows: measureRows,
  size: (platform) => measureSize(platform, plan.messages),
  latency: (platform) => measureLatency(platform, plan.latency),
  responses: (platform) => measureResponses(platform, plan.responses),
  purge: (platform) => measurePurge(platform, plan.purge),
  persistence: (platform) => measurePersistence(platform, plan.messages),
  transfer: (platform) => measureTransfer(platform, plan.transferBytes),
  journal: (platform) => measureJournal(platform, plan.journal),
  beside: (platform) => measureBeside(platform, plan.beside),
};

const began = performance.now();
const seconds = () => `${((performance.now() - began) / 1_000).toFixed(0)} s`;
const figures: Figure[] = [];
const model = await startSlowModel();
const platform = await startPlatform(resolve(import.meta.dirname, ".."), model.url);
try {
  console.error(`built and started after ${seconds()}`);
  const chosen = options.only?.split(",") ?? Object.keys(measures);
  for (const [name, measure] of Object.entries(measures)) {
    if (!chosen.includes(name)) continue;
    figures.push(...(await measure(platform)));
    console.error(`${name} measured after ${seconds()}`);
  }
} finally {
  await platform.stop();
  model.stop();
}

console.log(table(figures));
const judged = figures.filter(({ met }) => met !== null);
const missed = judged.filter(({ met }) => !met);
console.log(`\n${judged.length - missed.length} of ${judged.length} goals met, in ${seconds()}.`);
for (const { name, goal } of missed) console.log(`Not met: ${name} (${goal})`);
for (const error of new Set(platform.errors)) console.log(`Logged: ${error}`);
if (options.json !== undefined) {
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  await writeFile(
    options.json,
    `${JSON.stringify({ at: new Date().toISOString(), quick: options.quick, machine, figures }, null, 2)}\n`,
  );
}
