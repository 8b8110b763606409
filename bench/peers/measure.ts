import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { chmodSync } from "node:fs";
import { join } from "node:path";

import { Client, post } from "../client.ts";
import { Load, interleave, paired } from "../load.ts";
import { median, quantile } from "../samples.ts";
import { keptIn } from "./kept.ts";
import { PROCESSES } from "./peers.ts";
import type { Peer } from "./peers.ts";
import { WINDOW } from "./reply.ts";
import type { Found, Running } from "./told.ts";
import { Work } from "./work.ts";
import { WORKERS, isInstalled, startWorkers } from "./workers.ts";
import type { WorkerPeer } from "./workers.ts";
import type { Workerd } from "./workerd.ts";

export interface PeersPlan {
  /** Some of the names in `WORKERS` and `PROCESSES`; null for all. */
  against: string[] | null;
  clients: number[];
  accounts: number[];
  rounds: number;
  roundMs: number;
}

const skip = (title: string) => console.error(`${title}: not installed, SKIPPED`);

/** Colloquy beside what else one would store conversations with: the same work, on the same machine, round by round. */
export async function measurePeers(root: string, plan: PeersPlan): Promise<Found[]> {
  const directory = await mkdtemp(join(tmpdir(), "colloquy-peers-"));
  // PostgreSQL's own user has to pass.
  chmodSync(directory, 0o1777);
  const isWanted = (key: string) => plan.against === null || plan.against.includes(key);
  const unknown = plan.against?.filter((key) => !(key in WORKERS) && !(key in PROCESSES)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no peer ${unknown.join(", ")}.`);
  const workers = Object.entries(WORKERS).filter(([key, peer]) => {
    const isThere = isInstalled(peer);
    if (isWanted(key) && !isThere) skip(peer.title);
    return isWanted(key) && isThere;
  });
  const workerd = await startWorkers(
    root,
    directory,
    workers.map(([, peer]) => peer),
  );
  const peers: Running[] = [];
  try {
    const product = runningIn(workerd, "colloquy", {
      title: "Colloquy",
      goals: null,
      at: "product/default",
      reads: true,
      keeps: "product-*",
    });
    for (const [key, about] of workers) peers.push(runningIn(workerd, key, about));
    for (const [key, { title, goals, start }] of Object.entries(PROCESSES)) {
      if (!isWanted(key)) continue;
      const peer: Peer | null = await start(join(directory, key));
      if (!peer) skip(title);
      else peers.push({ key, title, goals, reads: true, turns: 0, kept: null, ...peer });
    }
    const found: Found[] = [];
    for (const accounts of plan.accounts)
      for (const clients of plan.clients) {
        found.push(...(await measureAt(product, peers, { ...plan, clients, accounts })));
        console.error(`peers measured, clients: ${clients}, accounts: ${accounts}`);
      }
    await workerd.stop();
    for (const each of [product, ...peers.splice(0)]) each.kept = await each.close();
    return found;
  } finally {
    await workerd.stop();
    for (const peer of peers) await peer.close();
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
  const close = () =>
    Promise.resolve(keeps === null ? null : keptIn(`${workerd.disk}/${keeps}/[0-9a-f]*.sqlite`));
  return { key, title, goals, url, reads, turns: 0, kept: null, close };
}

async function measureAt(
  product: Running,
  peers: Running[],
  plan: Omit<PeersPlan, "clients" | "accounts"> & { clients: number; accounts: number },
): Promise<Found[]> {
  const { clients, accounts, rounds, roundMs } = plan;
  const all = [product, ...peers];
  const works = all.map(() => new Work(`peers-${clients}-${accounts}`, accounts));
  const checked = `checked-${clients}-${accounts}`;
  const accountsOf = [checked, ...(works[0]?.accounts ?? [])];
  for (const { key, url } of all)
    if (key === "colloquy" || key === "outside") await setWindow(url, accountsOf);
  const loads: Load[] = [];
  for (const [index, { url, reads, title }] of all.entries()) {
    if (reads) await checkWindow(url, title, checked);
    const load = new Load(url, works[index]?.clients(clients) ?? []);
    await load.run(roundMs);
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
      clients,
      accounts,
      ratio: paired(own, load, (a, b) => a.perSecond / b.perSecond),
      perSecond: median(load.rounds.map((round) => round.perSecond)),
      p50: median(load.latenciesMs),
      p99: quantile(load.latenciesMs, 0.99),
    };
  });
}

/** The product shows 20 messages where nobody says otherwise. */
async function setWindow(url: URL, accounts: string[]): Promise<void> {
  const body = JSON.stringify({ window: { messages: WINDOW } });
  for (const account of accounts) {
    const path = `/admin/accounts/${account}/assistants/default`;
    const { ok } = await fetch(new URL(path, url), { method: "PUT", body });
    if (!ok) throw new Error("the window could not be set");
  }
}

/** That a peer does what it is measured by. */
async function checkWindow(url: URL, title: string, account: string): Promise<void> {
  const client = await Client.open(url);
  for (let turn = 0; turn < WINDOW; turn += 1) {
    const asked = { query: `turn ${turn}`, accountId: account, session_id: "checked" };
    const { response } = JSON.parse(String(await client.send(post("/query", asked)))) as {
      response: string;
    };
    const seen = Math.min(2 * turn, WINDOW);
    if (!response.startsWith(`After ${seen} messages you said: "turn ${turn}`))
      throw new Error(`${title} has lost its way: ${response}`);
  }
  client.close();
}
