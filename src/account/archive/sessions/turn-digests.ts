import { nodeCrypto } from "../../../shared/node-modules.ts";
import { seqOf } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import { contentOfTurn, questionOfTurn } from "./incoming.ts";

/** Bytes of a hash by which two texts are compared. */
const HASH_BYTES = 16;
/** Bytes that are kept of a turn: its number, and the hashes of what it is and of what it asks. */
const ENTRY_BYTES = 4 + 2 * HASH_BYTES;
/** Turns for which room is made at a time: some 150 KB. */
const CHUNK_TURNS = 4_096;

const hashOf = (text: string): Buffer =>
  nodeCrypto().createHash("sha256").update(text).digest().subarray(0, HASH_BYTES);

/** What turns are compared by, in their order, where all of a session may be more than fits into memory: 36 bytes a turn. */
export class TurnDigests {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds a turn after all others: its number is above theirs. */
  add(turn: Turn): void {
    const place = this.#length % CHUNK_TURNS;
    if (place === 0) this.#chunks.push(Buffer.alloc(CHUNK_TURNS * ENTRY_BYTES));
    this.#length += 1;
    const entry = this.#entry(this.#length - 1);
    entry?.writeUInt32LE(seqOf(turn.id));
    entry?.set(hashOf(contentOfTurn(turn)), 4);
    entry?.set(hashOf(questionOfTurn(turn)), 4 + HASH_BYTES);
  }

  /** The number of the turn at that place, from 0. */
  seqAt(place: number): number | undefined {
    return this.#entry(place)?.readUInt32LE();
  }

  /** The number of the last turn; 0: there is none. */
  get lastSeq(): number {
    return this.seqAt(this.#length - 1) ?? 0;
  }

  /** Whether one of the turns has that number. */
  hasSeq(seq: number): boolean {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.seqAt(middle) ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return this.seqAt(low) === seq;
  }

  /** Whether the turn at that place, from 0, is the same. */
  isAt(place: number, turn: Turn): boolean {
    return this.#isHash(place, 4, contentOfTurn(turn));
  }

  /** Whether the turn at that place, from 0, has the same input and time. */
  asksAt(place: number, turn: Turn): boolean {
    return this.#isHash(place, 4 + HASH_BYTES, questionOfTurn(turn));
  }

  #isHash(place: number, at: number, text: string): boolean {
    const entry = this.#entry(place);
    return entry !== undefined && hashOf(text).equals(entry.subarray(at, at + HASH_BYTES));
  }

  #entry(place: number): Buffer | undefined {
    if (place < 0 || place >= this.#length) return undefined;
    const at = (place % CHUNK_TURNS) * ENTRY_BYTES;
    return this.#chunks[Math.floor(place / CHUNK_TURNS)]?.subarray(at, at + ENTRY_BYTES);
  }
}
