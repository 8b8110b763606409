/** One at a time, in the order in which they came. For work that awaits, inside one object. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();
  /** What runs or waits. */
  #count = 0;

  get isBusy(): boolean {
    return this.#count > 0;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.#count += 1;
    const mine = this.#last.then(work, work).finally(() => {
      this.#count -= 1;
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
