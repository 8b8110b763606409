import { ApiError } from "../../shared/errors.ts";
import type { Batch } from "./apply.ts";
import type { Line } from "./line-reader.ts";
import { SessionReader } from "./record-reader.ts";
import type { Read, ReadSession } from "./record-reader.ts";

/** A batch also ends after so many lines, should nothing in them be fit to be taken. */
const BATCH_LINES = 100_000;

/** How much one request may hold. A small body may expand to many short lines, and each costs time. */
export interface LineLimits {
  lines: number;
  /** Lines that cannot be taken. */
  bad: number;
  /** Lines with nothing in them. */
  empty: number;
}
const LINE_LIMITS: LineLimits = { lines: 1_000_000, bad: 10_000, empty: 100_000 };

export type NextBatch = Batch & { isLast: boolean };

/** Past so much JSON a list is not put together as a text before it is bytes. In UTF-16 units. */
const LONG_LIST = 1024 * 1024;

/** A list of JSON values, each in pieces, in UTF-8. */
function listOf(values: readonly (readonly string[])[]): Uint8Array {
  const pieces = [
    ...values.flatMap((value, index) => [index === 0 ? "[" : ",", ...value]),
    values.length === 0 ? "[]" : "]",
  ];
  if (lengthOf(pieces) < LONG_LIST) return new TextEncoder().encode(pieces.join(""));
  const bytes = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  const list = Buffer.allocUnsafeSlow(bytes);
  let at = 0;
  for (const piece of pieces) at += list.write(piece, at);
  return list;
}

const lengthOf = (pieces: readonly string[]): number =>
  pieces.reduce((sum, { length }) => sum + length, 0);

/** Puts lines together to batches of whole sessions. A part of a session is the last in its batch. */
export class Batcher {
  readonly #reader: SessionReader;
  readonly #limit: number;
  readonly #most: LineLimits;
  #sent: Read;
  #sessions: ReadSession[] = [];
  #length = 0;
  /** Where the part of a session begins with which the batch ends. */
  #partLine: number | null = null;
  /** Up to this line all is done with. */
  #line: number;
  #lines = 0;

  /**
   * @param limits.length - of a batch, about, in UTF-16 units
   * @param limits.line - the lines up to this one are done with, and passed over
   */
  constructor(now: number, limits: { length: number; line: number }, most = LINE_LIMITS) {
    this.#reader = new SessionReader(now, limits.line === 0);
    this.#sent = this.#reader.settled;
    this.#limit = limits.length;
    this.#most = most;
    this.#line = limits.line;
  }

  /** Totals up to the end of the last session. */
  get read(): Read {
    return this.#reader.settled;
  }

  /**
   * Each ends with the session that fills it. The last may hold none, and tells what came after the one before.
   *
   * @throws ApiError `import_too_large` or `import_rejected` past the limits of a request
   */
  async *batches(pieces: AsyncIterable<Line[]>): AsyncGenerator<NextBatch> {
    let last = this.#line;
    for await (const lines of pieces) {
      for (const line of lines) {
        last = line.number;
        if (last > this.#line) this.#push(line);
        // While it is written nothing else holds what is in it: the line has no text, and no variable has its session.
        if (this.#isFull()) yield this.#take(last - 1, false);
      }
    }
    this.#keep(this.#reader.finish());
    yield this.#take(Math.max(last, this.#line), true);
  }

  #push(line: Line): void {
    const session = this.#reader.push(line);
    this.#lines += 1;
    this.#checkLimits(line.number);
    this.#keep(session);
  }

  #checkLimits(line: number): void {
    const { emptyLines } = this.#reader;
    const { badLines } = this.#reader.notes;
    const { lines, bad, empty } = this.#most;
    if (badLines > bad)
      throw new ApiError(
        "import_rejected",
        `More than ${bad} lines up to line ${line} cannot be taken. The rest was not read.`,
        { problems: this.#reader.notes.takeProblems(line) },
      );
    if (this.#lines <= lines && emptyLines <= empty) return;
    throw new ApiError(
      "import_too_large",
      emptyLines > empty
        ? `A request takes ${empty} empty lines. The rest was not read, from line ${line} on. Leave empty lines out.`
        : `A request takes ${lines} lines. The rest was not read, from line ${line} on. Send it in pieces: mode=skip_bad with from_line and more.`,
    );
  }

  #keep(session: ReadSession | null): void {
    if (!session) return;
    this.#sessions.push(session);
    this.#partLine = session.partLine;
    this.#length += lengthOf(session.json);
  }

  #isFull(): boolean {
    return (
      this.#partLine !== null ||
      this.#length >= this.#limit ||
      this.#reader.settled.lines - this.#sent.lines >= BATCH_LINES
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
    const part_line = this.#partLine;
    this.#partLine = null;
    this.#length = 0;
    this.#line = line;
    return {
      records: listOf(sessions.map(({ json }) => json)),
      hashes: sessions.map(({ hash }) => hash),
      read,
      problems: this.#reader.notes.takeProblems(line),
      not_exported: this.#reader.notes.takeNotExported(line),
      line,
      part_line,
      position: null,
      isLast,
    };
  }
}
