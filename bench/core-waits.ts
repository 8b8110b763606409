import { processorClock } from "./memory.ts";

/** In ms. */
const EVERY_MS = 1;

interface Sample {
  at: number;
  /** What workerd's thread had worked by then, and how long it had waited for a core, in ms. */
  worked: number;
  waited: number;
}

/** Reads every ms how long workerd's thread has worked, and how long other programs have kept it from the cores. */
export class CoreWaits {
  readonly #samples: Sample[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor() {
    const clocks = [processorClock(), processorClock("inLine")] as const;
    this.#timer = setInterval(() => {
      const [worked, waited] = [clocks[0](), clocks[1]()];
      if (worked === null || waited === null) return;
      this.#samples.push({ at: performance.timeOrigin + performance.now(), worked, waited });
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * The processor time that the thread took at most between two moments, in ms since the epoch; null where there is no
   * /proc. It is the lesser of two bounds: what the clock says less the wait that was seen in between, and the work from
   * the sample before to the sample after. The kernel counts work at its ticks, so that the second may lack 4 ms.
   */
  workedWithin(began: number, ended: number): number | null {
    if (this.#samples.length === 0) return null;
    const first = this.#firstFrom(began);
    const last = this.#firstFrom(ended) - 1;
    const waited = (this.#samples[last]?.waited ?? 0) - (this.#samples[first]?.waited ?? Infinity);
    const before = this.#samples[first - 1]?.worked ?? Number.NEGATIVE_INFINITY;
    const after = this.#samples[last + 1]?.worked ?? Number.POSITIVE_INFINITY;
    return Math.min(ended - began - Math.max(0, waited), after - before);
  }

  /** The first sample at that moment or later. */
  #firstFrom(at: number): number {
    let [low, high] = [0, this.#samples.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#samples[middle]?.at ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
