import { keyOf } from "../../../shared/ids.ts";

/** Turns that were written while other work went on. */
export class WrittenTurns {
  /** The first one of each session, by the session's key. */
  readonly #first = new Map<number, number>();

  note(id: number): void {
    const key = keyOf(id);
    this.#first.set(key, Math.min(id, this.#first.get(key) ?? Infinity));
  }

  /** Whether a turn of the session was written. */
  has(key: number): boolean {
    return this.#first.has(key);
  }

  /** Whether a turn of its session was written that is not after this one. */
  hasThrough(id: number): boolean {
    return (this.#first.get(keyOf(id)) ?? Infinity) <= id;
  }
}
