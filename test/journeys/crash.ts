import { setTimeout as sleep } from "node:timers/promises";

import { ask } from "./client.ts";
import { expect } from "./expect.ts";
import { inLanes } from "./lanes.ts";
import { randomFrom } from "./random.ts";
import { freshStorage, startServer } from "./server.ts";
import type { Server } from "./server.ts";
import { standInModel } from "./stand-in.ts";
import { describe, judge } from "./verdict.ts";
import { Writers } from "./writers.ts";

const WRITERS = 32;
const ACCOUNTS = 8;
const SESSIONS_PER_ACCOUNT = 60;
const MIN_LOAD_MS = 1_000;
const MAX_LOAD_MS = 8_000;
/** The model's time goes up to this, so that kills find turns before, in and after their write. */
const MODEL_MS = 30;
/** A turn that a kill cut off keeps its session until its lease runs out, after two minutes. */
const DRAIN_MS = 240_000;
const REPLAYS = 200;

export interface CrashOptions {
  kills: number;
  seed: number;
}

/** Kills the server under its writers, again and again, and holds what it kept against what they remember. */
export async function crash({ kills, seed }: CrashOptions): Promise<string> {
  console.log(`  crash: --seed ${seed} --kills ${kills}`);
  const random = randomFrom(seed);
  const modelRandom = randomFrom(seed + 1);
  const storage = freshStorage();
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => `crash-${index}`);
  const model = await standInModel({ delayMs: () => modelRandom() * MODEL_MS });
  const start = () => startServer(storage, model.upstream);

  let up: Promise<Server> = start();
  let server = await up;
  const writers = new Writers({
    accounts,
    sessionsPerAccount: SESSIONS_PER_ACCOUNT,
    url: async () => (await up).url,
  });
  const writing = Promise.all(
    Array.from({ length: WRITERS }, (_, index) =>
      writers.write(`writer-${index}`, randomFrom(seed + 2 + index)),
    ),
  );
  for (let kill = 1; kill <= kills; kill += 1) {
    await sleep(MIN_LOAD_MS + random() * (MAX_LOAD_MS - MIN_LOAD_MS));
    const { promise, resolve, reject } = Promise.withResolvers<Server>();
    up = promise;
    await server.kill();
    start().then(resolve, reject);
    server = await up;
    console.log(`  crash: kill ${kill} after ${writers.acknowledged} acknowledged`);
  }
  await sleep(MAX_LOAD_MS);
  writers.finish();
  const drained = await Promise.race([writing, sleep(DRAIN_MS, null, { ref: false })]);
  const pending = writers.log.filter(({ reply }) => reply === null);
  expect(
    drained !== null,
    `${pending.length} requests were never acknowledged, among them ${pending[0]?.key}`,
  );
  expect(
    writers.surprises.length === 0,
    `unforeseen answers: ${writers.surprises.slice(0, 5).join("; ")}`,
  );

  const entries = writers.log.toSorted(() => random() - 0.5).slice(0, REPLAYS);
  await inLanes(entries, 8, async ({ account, session, text, key, reply }) => {
    const question = { query: text, accountId: account, session_id: session };
    const replay = await ask(server.url, question, key);
    expect(JSON.stringify(replay) === JSON.stringify(reply), `${key} is replayed as another reply`);
  });

  const verdict = await judge(server.url, accounts, writers.log);
  await server.stop();
  model.close();
  const sentence = describe(verdict);
  const faults = verdict.lost.length + verdict.doubled.length + verdict.torn.length;
  expect(faults === 0 && verdict.acknowledged === writers.log.length, sentence);
  return sentence;
}
