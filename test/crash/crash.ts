import { setTimeout as sleep } from "node:timers/promises";

import { randomFrom } from "../journeys/random.ts";
import { freshStorage, r2Keys, startServer } from "../journeys/server.ts";
import type { Server } from "../journeys/server.ts";
import { standInModel } from "../journeys/stand-in.ts";
import { Backups } from "./backups.ts";
import type { Crew, Faults } from "./crew.ts";
import { importSessions } from "./importers.ts";
import { archive, restore, sweep } from "./movers.ts";
import { Patchers } from "./patchers.ts";
import { STREAMED_PIECES, Streams } from "./streams.ts";
import { judgeTurns } from "./verdict.ts";
import { KINDS, Wire } from "./wire.ts";
import type { Kind } from "./wire.ts";
import { Writers } from "./writers.ts";

const WRITERS = 32;
const STREAMS = 6;
const PATCHERS = 4;
const ACCOUNTS = 8;
const MIN_LOAD_MS = 500;
const MAX_LOAD_MS = 3_500;
/** How often a kill waits for another piece of work of its kind, when one was through before it. */
const AIMS = 50;
/** A model's time goes up to this, so that kills find turns before, in and after their write. */
const MODEL_MS = 30;
/** So does that of each piece that is streamed. */
const PIECE_MS = 100;
/** A turn that a kill cut off keeps its session until its lease runs out, after two minutes. */
const DRAIN_MS = 240_000;
const REPLAYS = 200;

export interface CrashOptions {
  kills: number;
  seed: number;
}

export interface Verdict extends Faults {
  acknowledged: number;
  /** How many pieces of work kills cut off, by kind. */
  hits: Record<Kind, number>;
}

/** Kills the server in the midst of its work, again and again, and holds what it kept against what its clients remember. */
export async function crash({ kills, seed }: CrashOptions): Promise<Verdict> {
  const random = randomFrom(seed);
  const storage = freshStorage();
  const quick = await standInModel({ delayMs: delaysFrom(seed + 1, MODEL_MS) });
  const slow = await standInModel({
    delayMs: delaysFrom(seed + 2, PIECE_MS),
    pieces: STREAMED_PIECES,
  });
  const vars = { ...quick.upstream, ...slow.openai, MODEL: "upstream,openai/stand-in" };
  const start = () => startServer(storage, vars);

  const crew: Crew = {
    wire: new Wire(start()),
    accounts: Array.from({ length: ACCOUNTS }, (_, index) => `crash-${index}`),
    log: [],
    changes: 0,
    kills: 0,
    faults: { lost: [], doubled: [], torn: [] },
    isOpen: true,
    pending: new Set(),
  };
  let server = await crew.wire.server;
  const { judge, work } = workers(crew, seed + 3);
  const working = Promise.all(work);

  const hits = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  const killing = async () => {
    for (let kill = 1; kill <= kills; kill += 1) {
      await sleep(MIN_LOAD_MS + random() * (MAX_LOAD_MS - MIN_LOAD_MS));
      const kind = rarest(hits, random);
      await aim(crew.wire, kind, random);
      const underWay = crew.wire.underWay;
      const { promise, resolve, reject } = Promise.withResolvers<Server>();
      crew.wire.server = promise;
      await server.kill();
      start().then(resolve, reject);
      server = await promise;
      crew.kills = kill;
      const cutOff = underWay.flatMap((flight) => (flight.isCutOff ? (flight.kind ?? []) : []));
      for (const each of cutOff) hits[each] += 1;
      console.log(`  kill ${kill}, in ${kind}: ${told(countKinds(cutOff))}`);
    }
    await sleep(MAX_LOAD_MS);
    crew.isOpen = false;
  };
  // A worker that fails ends the run at once.
  await Promise.race([killing(), working.then(() => new Promise(() => undefined))]);
  console.log(`  cut off: ${told(hits)}; waiting for ${crew.pending.size} to be through`);
  await Promise.race([working, sleep(DRAIN_MS, null, { ref: false })]);
  for (const name of crew.pending) crew.faults.torn.push(`${name} was never through`);

  await judge(server.url);
  await server.stop();
  quick.close();
  slow.close();
  for (const key of r2Keys(storage)) crew.faults.torn.push(`${key} is left in R2, and nobody's`);
  const turns = crew.log.filter(({ callId }) => callId !== null).length;
  return { acknowledged: turns + crew.changes, hits, ...crew.faults };
}

/** Everybody who works at the server, and how it is told afterwards whether it did. */
function workers(crew: Crew, seed: number) {
  let seeds = seed;
  const random = () => randomFrom((seeds += 1));
  const writers = new Writers(crew);
  const patchers = new Patchers(crew);
  const streams = new Streams(crew);
  const backups = new Backups(crew);
  const work = [
    ...several(WRITERS, (index) => writers.write(`writer-${index}`, random())),
    ...several(PATCHERS, (index) => patchers.patch(`patcher-${index}`, random())),
    ...several(STREAMS, (index) => streams.stream(`stream-${index}`, random())),
    ...several(STREAMS, (index) => streams.answerLater(`later-${index}`, random())),
    sweep(crew, random()),
    archive(crew, random()),
    restore(crew, random()),
    backups.make(random()),
    importSessions(crew, "import", random()),
  ];
  const judge = async (url: string) => {
    await patchers.judge(url);
    await backups.judge(url);
    await judgeTurns(url, crew);
    // Once more, as everything is back from its archive.
    await patchers.judge(url);
    // Last: a question that was lost is answered anew when it is repeated.
    await writers.replay(url, REPLAYS, random());
    await streams.replay(url, REPLAYS, random());
  };
  return { work, judge };
}

const several = (count: number, begin: (index: number) => Promise<void>) =>
  Array.from({ length: count }, (_, index) => begin(index));

/** Returns at a random moment in the midst of work of a kind. */
async function aim(wire: Wire, kind: Kind, random: () => number): Promise<void> {
  for (let tries = 0; tries < AIMS; tries += 1) {
    await wire.begun(kind);
    await sleep(random() * wire.usualMs(kind));
    if (wire.underWay.some((flight) => flight.kind === kind)) return;
  }
}

/** The kind that kills have found least often. */
function rarest(hits: Record<Kind, number>, random: () => number): Kind {
  const least = Math.min(...Object.values(hits));
  const kinds = KINDS.filter((kind) => hits[kind] === least);
  return kinds[Math.floor(random() * kinds.length)] as Kind;
}

function delaysFrom(seed: number, mostMs: number): () => number {
  const random = randomFrom(seed);
  return () => random() * mostMs;
}

const countKinds = (kinds: readonly Kind[]) =>
  Object.fromEntries(KINDS.map((kind) => [kind, kinds.filter((each) => each === kind).length]));

const told = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
