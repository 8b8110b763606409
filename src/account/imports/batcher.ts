import type { Batch } from "./apply.ts";
import type { Line } from "./line-reader.ts";
import { SessionReader } from "./record-reader.ts";
import type { Read, ReadSession } from "./record-reader.ts";

/** A batch also ends after so many lines, should nothing in them be fit to be taken. */
const BATCH_LINES = 100_000;

export type NextBatch = Batch & { isLast: boolean };

/** Puts lines together to batches of whole sessions. */
export class Batcher {
  readonly #reader: SessionReader;
  readonly #limit: number;
  #sent: Read;
  #sessions: ReadSession[] = [];
  #length = 0;
  /** Up to this line all is done with. */
  #line: number;

  /**
   * @param limits.length - of a batch, about, in UTF-16 units
   * @param limits.line - the lines up to this one are done with, and passed over
   */
  constructor(now: number, limits: { length: number; line: number }) {
    this.#reader = new SessionReader(now, limits.line === 0);
    this.#sent = this.#reader.settled;
    this.#limit = limits.length;
    this.#line = limits.line;
  }

  /** Totals up to the end of the last session. */
  get read(): Read {
    return this.#reader.settled;
  }

  /** Each ends with the session that fills it. The last may hold none, and tells what came after the one before. */
  async *batches(pieces: AsyncIterable<Line[]>): AsyncGenerator<NextBatch> {
    let last = this.#line;
    for await (const lines of pieces) {
      for (const line of lines) {
        last = line.number;
        if (last <= this.#line) continue;
        const session = this.#reader.push(line);
        if (session) this.#keep(session);
        if (this.#isFull()) yield this.#take(last - 1, false);
      }
    }
    const session = this.#reader.finish();
    if (session) this.#keep(session);
    yield this.#take(Math.max(last, this.#line), true);
  }

  #keep(session: ReadSession): void {
    this.#sessions.push(session);
    this.#length += session.json.length;
  }

  #isFull(): boolean {
    return (
      this.#length >= this.#limit || this.#reader.settled.lines - this.#sent.lines >= BATCH_LINES
    );
  }

  /** @param line - all up to there is done with */
  #take(line: number, isLast: boolean): NextBatch {
    const sessions = this.#sessions;
    const { settled } = this.#reader;
    const read = { ...settled };
    for (const name of Object.keys(read) as (keyof Read)[]) read[name] -= this.#sent[name];
    this.#sent = settled;
    this.#sessions = [];
    this.#length = 0;
    this.#line = line;
    return {
      records: new TextEncoder().encode(`[${sessions.map(({ json }) => json).join(",")}]`),
      hashes: sessions.map(({ hash }) => hash),
      read,
      problems: this.#reader.takeProblems(line),
      line,
      position: null,
      isLast,
    };
  }
}
