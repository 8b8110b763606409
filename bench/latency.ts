import { atLeast, atMost, figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { LOAD_ACCOUNT, Load, interleave, paired } from "./load.ts";
import type { Round } from "./load.ts";
import type { Platform } from "./platform.ts";
import { median, quantile } from "./samples.ts";

export interface LatencyPlan {
  /** With one client; with more of them, noise evens out sooner. */
  rounds: number;
  roundsUnderLoad: number;
  roundMs: number;
}

const medianDifference = (a: Round, b: Round): number =>
  median(a.latenciesMs) - median(b.latenciesMs);
const throughputRatio = (a: Round, b: Round): number => a.perSecond / b.perSecond;

export async function measureLatency(platform: Platform, plan: LatencyPlan): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const clients of [1, 16, 64]) figures.push(...(await measureAt(clients, platform, plan)));
  return figures;
}

async function measureAt(
  clients: number,
  { product, stateless, floor }: Platform,
  { rounds, roundsUnderLoad, roundMs }: LatencyPlan,
): Promise<Figure[]> {
  const stored = await Load.on(product.url, clients);
  const bare = await Load.on(floor, clients);
  const loads = [stored, bare];
  const unstored = clients === 1 ? await Load.on(stateless.url, clients) : null;
  if (unstored) loads.push(unstored);
  for (const load of loads) await load.run(roundMs);
  const before = await product.door("rows", LOAD_ACCOUNT, {});
  await interleave(loads, clients === 1 ? rounds : roundsUnderLoad, roundMs);
  const after = await product.door("rows", LOAD_ACCOUNT, {});

  const at = clients === 1 ? "1 client" : `${clients} clients`;
  const ratio = figure(
    `throughput, /query to floor, ${at}`,
    paired(stored, bare, throughputRatio),
    "ratio",
    "one RPC each; median of the rounds' ratios",
  );
  return [
    ...spread(`/query, ${at}`, stored),
    ...spread(`floor, ${at}`, bare),
    ...(unstored ? withoutStorage(at, stored, unstored) : []),
    clients === 1 ? atLeast(0.75, ratio) : ratio,
    figure(
      `rows written a turn, ${at}`,
      (after.written - before.written) / stored.latenciesMs.length,
      "rows",
      "1 when each answer is written with its question",
    ),
  ];
}

function withoutStorage(at: string, stored: Load, unstored: Load): Figure[] {
  const added = figure(
    `what storage adds, ${at}`,
    paired(stored, unstored, medianDifference),
    "ms",
    "median of the rounds' differences of medians",
  );
  return [...spread(`/query without storage, ${at}`, unstored), atMost(1.5, added)];
}

function spread(name: string, load: Load): Figure[] {
  const perSecond = median(load.rounds.map((round) => round.perSecond));
  return [
    figure(`${name}, p50`, median(load.latenciesMs), "ms"),
    figure(`${name}, p99`, quantile(load.latenciesMs, 0.99), "ms"),
    figure(`${name}, throughput`, perSecond, "a second"),
  ];
}
