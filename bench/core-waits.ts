import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { processorClock } from "./memory.ts";

/** Of half an hour. */
const MAX_SAMPLES = 1_800_000;

interface Sample {
  /** In ms since the epoch. */
  at: number;
  /** What workerd's thread had worked by then, and how long it had waited for a core, in ms. */
  worked: number;
  waited: number;
}

/** What the thread that reads writes: the three numbers of each sample, and how many samples there are. */
export class SharedSamples {
  readonly memory: { numbers: SharedArrayBuffer; count: SharedArrayBuffer };
  readonly #numbers: Float64Array;
  readonly #count: Int32Array;

  constructor(memory?: SharedSamples["memory"]) {
    this.memory = memory ?? {
      numbers: new SharedArrayBuffer(MAX_SAMPLES * 3 * Float64Array.BYTES_PER_ELEMENT),
      count: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    };
    this.#numbers = new Float64Array(this.memory.numbers);
    this.#count = new Int32Array(this.memory.count);
  }

  get count(): number {
    return Atomics.load(this.#count, 0);
  }

  /** Does nothing where there is no room. */
  add({ at, worked, waited }: Sample): void {
    if (this.count >= MAX_SAMPLES) return;
    this.#numbers.set([at, worked, waited], this.count * 3);
    Atomics.add(this.#count, 0, 1);
  }

  at(n: number): Sample | undefined {
    const [at, worked, waited] = this.#numbers.subarray(n * 3, n * 3 + 3);
    if (n < 0 || n >= this.count || at === undefined) return undefined;
    return { at, worked: worked ?? 0, waited: waited ?? 0 };
  }
}

/**
 * Reads every ms how long workerd's thread has worked, and how long other programs have kept it from the cores. A thread of
 * its own reads, before all others where it may: one that waits for a core itself sees too little of the waiting.
 */
export class CoreWaits {
  readonly #samples = new SharedSamples();
  readonly #reader = new Worker(join(import.meta.dirname, "core-waits-reader.ts"), {
    workerData: this.#samples.memory,
  });

  /** Resolves after the first reading, or where there is nothing to read. */
  static async start(): Promise<CoreWaits> {
    const waits = new CoreWaits();
    if (processorClock()() === null) return waits;
    while (waits.#samples.count === 0) await wait(1);
    return waits;
  }

  async stop(): Promise<void> {
    await this.#reader.terminate();
  }

  /**
   * The processor time that the thread took at most between two moments, in ms since the epoch; null where there is no
   * /proc. It is the lesser of two bounds: what the clock says less the wait that was seen in between, and the work from
   * the sample before to the sample after. The kernel counts work at its ticks, so that the second may lack 4 ms.
   */
  workedWithin(began: number, ended: number): number | null {
    if (this.#samples.count === 0) return null;
    const first = this.#firstFrom(began);
    const last = this.#firstFrom(ended) - 1;
    const waited =
      (this.#samples.at(last)?.waited ?? 0) - (this.#samples.at(first)?.waited ?? Infinity);
    const before = this.#samples.at(first - 1)?.worked ?? Number.NEGATIVE_INFINITY;
    const after = this.#samples.at(last + 1)?.worked ?? Number.POSITIVE_INFINITY;
    return Math.min(ended - began - Math.max(0, waited), after - before);
  }

  /** The first sample at that moment or later. */
  #firstFrom(at: number): number {
    let [low, high] = [0, this.#samples.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#samples.at(middle)?.at ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
