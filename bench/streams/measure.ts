import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { doorTo } from "../door.ts";
import { atLeast, atMost, figure } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { startModelServer } from "../model-server/start.ts";
import type { Workerd } from "../peers/workerd.ts";
import { cpuMs, memoryKib } from "../process.ts";
import { median } from "../samples.ts";
import { startPlaces } from "./places.ts";
import { NAMES, ROUTES, chatAgentTarget, floorTarget, productTargets, ACCOUNT } from "./targets.ts";
import type { Target } from "./targets.ts";
import type { SeenStream } from "./stream-client.ts";
import { question } from "../model-server/wire.ts";

export interface StreamsPlan {
  rounds: number;
  chunks: number;
  /** Streams at a time, as fast as they are read. */
  fast: number[];
  /** Streams at a time of 100 chunks a second, each with the bound of its median delay in ms. */
  paced: { streams: number; delayMs: number }[];
  /** Streams that are held open. */
  held: number;
}

/** In ms: the kernel counts processor time in steps of 10. */
const SETTLE_MS = 300;
const HELD_MS = 5_000;

interface Round {
  cpuMs: number;
  seen: SeenStream[];
}

async function run(
  workerd: Workerd,
  { open }: Target,
  streams: number,
  asked: string,
): Promise<Round> {
  const readers = await Promise.all(Array.from({ length: streams }, open));
  const before = cpuMs(workerd.pid);
  const seen = await Promise.all(readers.map((read) => read(asked)));
  return { cpuMs: cpuMs(workerd.pid) - before, seen };
}

/** Streams through the product beside the least that a Worker does, and beside another checkout. */
export async function measureStreams(
  root: string,
  plan: StreamsPlan,
  beside: string | null,
): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "colloquy-streams-"));
  const model = await startModelServer();
  const workerd = await startPlaces(root, directory, model.url, beside);
  const urlOf = (at: string) => workerd.urls.get(at) as URL;
  const own = productTargets("product", urlOf("product/default"));
  const agent = workerd.urls.get("agents/ChatSocket");
  const targets = [
    floorTarget("pass", urlOf("floors/Pass")),
    floorTarget("parse", urlOf("floors/Parse")),
    ...own,
    ...(beside === null ? [] : productTargets("beside", urlOf("beside/default"))),
  ];
  const withAgent = agent ? [...targets, chatAgentTarget(agent)] : targets;
  if (!agent) console.error("Agents SDK, AIChatAgent: not installed, SKIPPED");
  try {
    const figures: Figure[] = [];
    for (const streams of plan.fast)
      figures.push(...(await measureFast(workerd, withAgent, streams, plan)));
    for (const { streams, delayMs } of plan.paced)
      figures.push(...(await measurePaced(workerd, targets, streams, delayMs)));
    figures.push(...(await measureRows(workerd, own, doorTo(urlOf("product/Doors")))));
    await workerd.stop();
    for (const route of ROUTES)
      figures.push(await measureMemory(root, join(directory, route), model.url, route, plan.held));
    return figures;
  } finally {
    await workerd.stop();
    model.stop();
    for (const error of new Set(workerd.errors)) console.error(`Logged: ${error}`);
    await rm(directory, { recursive: true, force: true });
  }
}

/** Rounds of all targets, side by side in time; every other one in reverse. */
async function interleaved(
  targets: readonly Target[],
  rounds: number,
  round: (target: Target) => Promise<Round>,
): Promise<Map<string, Round[]>> {
  const all = new Map<string, Round[]>(targets.map(({ key }) => [key, []]));
  for (let at = 0; at < rounds; at += 1)
    for (const target of at % 2 === 0 ? targets : targets.toReversed())
      if (at < (target.rounds ?? rounds)) all.get(target.key)?.push(await round(target));
  return all;
}

async function measureFast(
  workerd: Workerd,
  targets: readonly Target[],
  streams: number,
  { rounds, chunks }: StreamsPlan,
): Promise<Figure[]> {
  // Long enough for the kernel's clock.
  const repeats = Math.max(1, Math.ceil(16 / streams));
  for (const target of targets) await run(workerd, target, streams, question("fast", chunks));
  const all = await interleaved(targets, rounds, async (target) => {
    const sum: Round = { cpuMs: 0, seen: [] };
    for (let at = 0; at < repeats; at += 1) {
      const { cpuMs: used, seen } = await run(workerd, target, streams, question("fast", chunks));
      sum.cpuMs += used;
      sum.seen.push(...seen);
    }
    return sum;
  });
  const of = (key: string): Round[] => all.get(key) ?? [];
  const costs = (key: string) =>
    of(key).map((round) => round.cpuMs / ((round.seen.length * chunks) / 1_000));
  const ratio = (a: string, b: string) => {
    const other = costs(b);
    return median(
      costs(a).flatMap((cost, at) => (other[at] === undefined ? [] : cost / other[at])),
    );
  };
  const firstMs = (key: string) =>
    median(of(key).flatMap(({ seen }) => seen.map((each) => each.firstMs)));
  const hasBeside = all.has("beside chat");
  const hasAgent = all.has("AIChatAgent");
  const at = `${streams} stream${streams === 1 ? "" : "s"}`;
  const ms = (key: string) =>
    figure(`processor for 1,000 chunks, ${key}, ${at}`, median(costs(key)), "ms");
  return [
    ms("pass"),
    ms("parse"),
    ...(hasAgent ? [ms("AIChatAgent")] : []),
    ...ROUTES.flatMap((route) => [
      ms(`product ${route}`),
      atMost(
        1.3,
        figure(
          `processor, ${NAMES[route]} to the parser, ${at}`,
          ratio(`product ${route}`, "parse"),
          "ratio",
        ),
      ),
      ...(hasAgent
        ? [
            atLeast(
              10,
              figure(
                `processor, AIChatAgent to ${NAMES[route]}, ${at}`,
                ratio("AIChatAgent", `product ${route}`),
                "ratio",
              ),
            ),
          ]
        : []),
      ...(hasBeside
        ? [
            ms(`beside ${route}`),
            atLeast(
              3.5,
              figure(
                `processor, ${NAMES[route]} of the other checkout to this, ${at}`,
                ratio(`beside ${route}`, `product ${route}`),
                "ratio",
              ),
            ),
            figure(
              `first text above the floor, ${NAMES[route]}, this checkout to the other, ${at}`,
              (firstMs(`product ${route}`) - firstMs("pass")) /
                (firstMs(`beside ${route}`) - firstMs("pass")),
              "ratio",
            ),
          ]
        : []),
    ]),
  ];
}

async function measurePaced(
  workerd: Workerd,
  targets: readonly Target[],
  streams: number,
  delayMs: number,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const target of targets) {
    const { seen } = await run(workerd, target, streams, question("paced", 500));
    const delays = seen.flatMap(({ delaysMs }) => delaysMs);
    const delay = figure(
      `delay of text, ${target.key}, ${streams} streams of 100 chunks a second`,
      // Without a sample, all of its streams failed.
      delays.length === 0 ? Number.POSITIVE_INFINITY : median(delays),
      "ms",
      "the median, from the model's server to the reader",
    );
    figures.push(target.key.startsWith("product") ? atMost(delayMs, delay) : delay);
  }
  return figures;
}

async function measureRows(
  workerd: Workerd,
  targets: readonly Target[],
  door: ReturnType<typeof doorTo>,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const written = async () => (await door("rows", ACCOUNT, {})).written;
  for (const target of targets) {
    await run(workerd, target, 1, question("fast", 10));
    await sleep(SETTLE_MS);
    const before = await written();
    await run(workerd, target, 1, question("paced", 1_000));
    await sleep(SETTLE_MS);
    const rows = (await written()) - before;
    figures.push(atMost(8, figure(`rows written, a stream of 10 s, ${target.key}`, rows, "rows")));
  }
  return figures;
}

/** In a process of its own: after much else, garbage that is collected meanwhile hides what streams take. */
async function measureMemory(
  root: string,
  directory: string,
  modelUrl: string,
  route: (typeof ROUTES)[number],
  streams: number,
): Promise<Figure> {
  await mkdir(directory);
  const workerd = await startPlaces(root, directory, modelUrl, null);
  try {
    const key = `product ${route}`;
    const own = productTargets("product", workerd.urls.get("product/default") as URL);
    const target = own.find((each) => each.key === key) as Target;
    await run(workerd, target, 4, question("fast", 100));
    const before = memoryKib(workerd.pid);
    const running = run(workerd, target, streams, question("held", 8));
    await sleep(HELD_MS);
    const held = memoryKib(workerd.pid);
    await running;
    return atMost(
      250,
      figure(`memory of an open stream, ${key}`, (held - before) / streams, "KiB"),
    );
  } finally {
    await workerd.stop();
  }
}
