import { Client, post } from "./client.ts";
import type { Collections } from "./collections.ts";
import type { Platform } from "./platform.ts";
import { processorClock } from "./memory.ts";
import { quantile } from "./samples.ts";

/** Between two turns of the caller who looks how long others wait, in ms. */
const PROBE_EVERY_MS = 20;

export interface Waited<T> {
  result: T;
  /** How long the work took. */
  ms: number;
  /** How long turns of the same account took meanwhile, in ms. */
  p99: number;
  longest: number;
  /** The most processor time that workerd took while one of them waited, in ms; null where that cannot be read. */
  work: number | null;
  /** The same two without what V8 took of them to collect a whole heap, by what it has told so far. */
  without: () => { longest: number; work: number | null };
}

interface WaitedTurn {
  /** As `performance.now()` says. */
  began: number;
  ended: number;
  worked: number | null;
}

/** Does the work while another caller has a turn every {@link PROBE_EVERY_MS} in the same account. */
export async function waitingBeside<T>(
  { product, collections }: Pick<Platform, "product" | "collections">,
  account: string,
  work: () => Promise<T>,
): Promise<Waited<T>> {
  const client = await Client.open(product.url);
  const query = "What is 12 * 7?";
  const turn = post("/query", { query, accountId: account, session_id: "probe" });
  await client.send(turn);
  const state = { over: false };
  const turns: WaitedTurn[] = [];
  const processor = processorClock();
  const probing = (async () => {
    while (!state.over) {
      const began = performance.now();
      const processorBegan = processor();
      await client.send(turn);
      const ended = performance.now();
      const worked = processorBegan === null ? null : (processor() ?? 0) - processorBegan;
      turns.push({ began, ended, worked });
      await new Promise((resolve) =>
        setTimeout(resolve, Math.max(0, PROBE_EVERY_MS - (ended - began))),
      );
    }
  })();
  const began = performance.now();
  try {
    const result = await work();
    const ms = performance.now() - began;
    state.over = true;
    await probing;
    const latencies = turns.map((each) => each.ended - each.began);
    const longest = Math.max(...latencies);
    const worked = turns.map((each) => each.worked);
    return {
      result,
      ms,
      p99: quantile(latencies, 0.99),
      longest,
      work: mostOf(worked),
      without: () => withoutCollections(turns, collections),
    };
  } finally {
    state.over = true;
    client.close();
  }
}

/** The most of what could be read; null where nothing could. */
export function mostOf(worked: readonly (number | null)[]): number | null {
  const known = worked.filter((each) => each !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function withoutCollections(turns: readonly WaitedTurn[], collections: Collections) {
  const { timeOrigin } = performance;
  const each = turns.map(({ began, ended, worked }) => {
    const took = collections.within(timeOrigin + began, timeOrigin + ended);
    return { ms: ended - began - took, work: worked === null ? null : worked - took };
  });
  return {
    longest: Math.max(...each.map(({ ms }) => ms)),
    work: mostOf(each.map(({ work }) => work)),
  };
}
