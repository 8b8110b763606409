import { letOthersRun } from "./let-others-run.ts";

/**
 * Lets other calls run between pieces of work. The work is counted, not timed: in bytes, rows, or what else a piece takes
 * long for.
 */
export class WorkSlices {
  readonly #slice: number;
  #done = 0;

  /** @param slice - after so much work others get their turn at the event loop */
  constructor(slice: number) {
    this.#slice = slice;
  }

  /** Counts work that is done. Where it fills a slice, it resolves after others had their turn. */
  async did(work: number): Promise<void> {
    this.#done += work;
    if (this.#done < this.#slice) return;
    this.#done = 0;
    await letOthersRun();
  }
}
