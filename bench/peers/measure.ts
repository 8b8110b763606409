import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { chmodSync } from "node:fs";
import { join } from "node:path";

import { Load, interleave, paired } from "../load.ts";
import { startModelServer } from "../model-server/start.ts";
import { treeCpuMs } from "../process.ts";
import { median, quantile } from "../samples.ts";
import { checkWindow, setWindow } from "./check-window.ts";
import { keptIn } from "./kept.ts";
import { PROCESSES } from "./peers.ts";
import type { Peer } from "./peers.ts";
import { WINDOW } from "./question.ts";
import type { Found, Running } from "./told.ts";
import { Work, requestOf } from "./work.ts";
import type { Kind } from "./work.ts";
import { PRODUCT, WORKERS, isInstalled, productOf, startWorkers } from "./workers.ts";
import type { WorkerPeer } from "./workers.ts";
import type { Workerd } from "./workerd.ts";

export interface PeersPlan {
  /** Some of the names in `WORKERS` and `PROCESSES`; null for all. */
  against: string[] | null;
  clients: number[];
  accounts: number[];
  rounds: number;
  roundMs: number;
  /** Another checkout, whose product is one more peer; null for none. */
  checkout: string | null;
}

const skip = (title: string) => console.error(`${title}: not installed, SKIPPED`);

/** Colloquy beside what else one would store conversations with: the same work, on the same machine, round by round. */
export async function measurePeers(root: string, plan: PeersPlan): Promise<Found[]> {
  const unknown = plan.against?.filter((key) => !(key in WORKERS) && !(key in PROCESSES)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no peer ${unknown.join(", ")}.`);
  const turns = await measureKind(root, plan, "turn");
  // Each in a store of its own, so that what is left of it can be counted.
  return [...turns, ...(await measureKind(root, { ...plan, accounts: [1] }, "write"))];
}

async function measureKind(root: string, plan: PeersPlan, kind: Kind): Promise<Found[]> {
  const directory = await mkdtemp(join(tmpdir(), "colloquy-peers-"));
  // PostgreSQL's own user has to pass.
  chmodSync(directory, 0o1777);
  const isWanted = (key: string) => plan.against === null || plan.against.includes(key);
  const workers = Object.entries(WORKERS).filter(([key, peer]) => {
    // It has nothing to write.
    if (!isWanted(key) || (kind === "write" && key === "ask")) return false;
    const isThere = isInstalled(peer);
    if (!isThere) skip(peer.title);
    return isThere;
  });
  const model = await startModelServer();
  const workerd = await startWorkers(root, directory, {
    peers: workers.map(([, peer]) => peer),
    modelUrl: model.url,
    checkout: plan.checkout,
  });
  const peers: Running[] = [];
  try {
    const product = runningIn(workerd, "colloquy", PRODUCT);
    if (plan.checkout !== null) peers.push(runningIn(workerd, "beside", productOf(plan.checkout)));
    for (const [key, about] of workers) peers.push(runningIn(workerd, key, about));
    for (const [key, { title, goals, start }] of Object.entries(PROCESSES)) {
      if (!isWanted(key)) continue;
      const peer: Peer | null = await start(join(directory, key), model.url);
      if (!peer) skip(title);
      else {
        const about = { key, title, goals, reads: true, isColloquy: false };
        peers.push({ ...about, turns: 0, kept: null, ...peer });
      }
    }
    const found: Found[] = [];
    for (const accounts of plan.accounts)
      for (const clients of plan.clients) {
        found.push(...(await measureAt(product, peers, { ...plan, kind, clients, accounts })));
        console.error(`peers measured: ${kind}, clients: ${clients}, accounts: ${accounts}`);
      }
    await workerd.stop();
    for (const each of [product, ...peers.splice(0)]) each.kept = await each.close();
    return found;
  } finally {
    await workerd.stop();
    for (const peer of peers) await peer.close();
    model.stop();
    for (const error of new Set(workerd.errors)) console.error(`Logged: ${error}`);
    await rm(directory, { recursive: true, force: true });
  }
}

function runningIn(
  workerd: Workerd,
  key: string,
  { title, goals, at, reads, keeps }: WorkerPeer,
): Running {
  const url = workerd.urls.get(at);
  if (!url) throw new Error(`${at} does not listen`);
  const isColloquy = key === "colloquy" || key === "beside";
  const close = () =>
    Promise.resolve(keeps === null ? null : keptIn(`${workerd.disk}/${keeps}/[0-9a-f]*.sqlite`));
  const pids = [workerd.pid];
  return { key, title, goals, url, pids, reads, isColloquy, turns: 0, kept: null, close };
}

type Plan = Omit<PeersPlan, "clients" | "accounts"> & {
  kind: Kind;
  clients: number;
  accounts: number;
};

async function measureAt(product: Running, peers: Running[], plan: Plan): Promise<Found[]> {
  const { kind, clients, accounts, rounds, roundMs } = plan;
  const all = [product, ...peers];
  const works = all.map(
    ({ isColloquy }) =>
      new Work(`peers-${clients}-${accounts}`, accounts, (asked) =>
        requestOf(kind, isColloquy, asked),
      ),
  );
  const checked = `checked-${clients}-${accounts}`;
  const accountsOf = [checked, ...(works[0]?.accounts ?? [])];
  for (const { isColloquy, url } of all) if (isColloquy) await setWindow(url, accountsOf);
  const loads: Load[] = [];
  for (const [index, running] of all.entries()) {
    if (running.reads) await checkWindow(running, kind, checked);
    const next = works[index]?.clients(clients) ?? [];
    await new Load(running.url, next).run(roundMs);
    const load = new Load(running.url, next, () =>
      running.pids.map(treeCpuMs).reduce((sum, ms) => sum + ms, 0),
    );
    loads.push(load);
  }
  await interleave(loads, rounds, roundMs);
  const [own] = loads;
  return all.flatMap((running, index) => {
    const load = loads[index];
    if (!own || !load) return [];
    running.turns += (works[index]?.turns ?? 0) + (running.reads ? WINDOW : 0);
    return {
      running,
      kind,
      clients,
      accounts,
      ratio: paired(own, load, (a, b) => a.perSecond / b.perSecond),
      cpuMs: median(load.rounds.map((round) => round.cpuMs)),
      perSecond: median(load.rounds.map((round) => round.perSecond)),
      p50: median(load.latenciesMs),
      p99: quantile(load.latenciesMs, 0.99),
    };
  });
}
