import { jsonValues } from "./json-values.ts";

/** A conversation of a file, and how many messages it has. */
export type Size = [id: string, messages: number];

/**
 * Conversations that are in an export more than once: numbered files overlap where a conversation went on. The copy with
 * the most messages is taken, and of equal ones the first.
 */
export class Copies {
  /** The messages of the longest copy; Infinity once it was taken. */
  readonly #most = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  /** Looks through all files for conversations that are there more than once. */
  static async find(
    files: readonly string[],
    sizesIn: (value: unknown) => Size[],
  ): Promise<Copies> {
    const copies = new Copies();
    for (const file of files) {
      try {
        for await (const { parse } of jsonValues(file)) copies.#note(sizesOr(parse, sizesIn));
      } catch {
        // A file that breaks off is told of when it is read.
      }
    }
    return copies;
  }

  #note(sizes: readonly Size[]): void {
    for (const [id, messages] of sizes) {
      this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
      this.#most.set(id, Math.max(messages, this.#most.get(id) ?? 0));
    }
  }

  /** Whether this copy is to be left out, as another one is at least as long. */
  isShorter(id: string, messages: number): boolean {
    const most = this.#most.get(id);
    if (most === undefined || (this.#counts.get(id) ?? 0) < 2) return false;
    if (messages < most) return true;
    this.#most.set(id, Infinity);
    return false;
  }

  /** How many other copies there are. */
  others(id: string): number {
    return Math.max(0, (this.#counts.get(id) ?? 1) - 1);
  }
}

function sizesOr(parse: () => unknown, sizesIn: (value: unknown) => Size[]): Size[] {
  try {
    return sizesIn(parse());
  } catch {
    return [];
  }
}
