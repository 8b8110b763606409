import { Client, post } from "./client.ts";
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
  /** The same, without what V8 took of it to collect a whole heap. */
  longestWithout: number;
  /** The most processor time that workerd took while one of them waited, in ms; null where that cannot be read. */
  work: number | null;
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
  const turns: { began: number; ended: number }[] = [];
  const processor = processorClock();
  let most: number | null = null;
  const probing = (async () => {
    while (!state.over) {
      const began = performance.now();
      const processorBegan = processor();
      await client.send(turn);
      const ended = performance.now();
      turns.push({ began, ended });
      const worked = processorBegan === null ? null : (processor() ?? 0) - processorBegan;
      if (worked !== null) most = Math.max(most ?? 0, worked);
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
    // For what V8 tells of the last of them to come.
    await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
    const latencies = turns.map((each) => each.ended - each.began);
    const { timeOrigin } = performance;
    const without = turns.map(
      (each) =>
        each.ended -
        each.began -
        collections.within(timeOrigin + each.began, timeOrigin + each.ended),
    );
    return {
      result,
      ms,
      p99: quantile(latencies, 0.99),
      longest: Math.max(...latencies),
      longestWithout: Math.max(...without),
      work: most,
    };
  } finally {
    state.over = true;
    client.close();
  }
}
