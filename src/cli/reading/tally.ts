/** Counts what of a conversation the format has no place for, by what it is. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(what: string, count = 1): void {
    if (count > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  /** The value of `left_out`; absent where no part was left out. */
  get told(): { left_out?: Record<string, number> } {
    return this.#counts.size === 0 ? {} : { left_out: this.toJSON() };
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
