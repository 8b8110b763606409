import type { Order } from "../../../sqlite/keyset-page.ts";
import { readerOf } from "../../conversation/read-messages.ts";
import type { TurnReader } from "../../conversation/read-messages.ts";
import { partsOf } from "../../store/archive/session-parts.ts";
import type { ArchivedPart } from "../../store/archive/session-parts.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { SessionRecord } from "../format/record.ts";
import type { Turn } from "../../../shared/turn.ts";
import { readPart } from "./read-archive.ts";
import type { ReadArchiveParts } from "./read-archive.ts";

/** Thrown where a part is asked for that was not read yet. */
class NotRead extends Error {
  constructor(readonly part: ArchivedPart) {
    super("a part of the archive is not read yet");
  }
}

/** An archived session, of which only the parts are read that are asked for. */
export class ArchivedTurns {
  readonly #parts: ReadArchiveParts;
  readonly #session: SessionRow;
  readonly #places: ArchivedPart[];
  /** By their numbers. */
  #read = new Map<number, SessionRecord>();

  constructor(parts: ReadArchiveParts, session: SessionRow) {
    this.#parts = parts;
    this.#session = session;
    this.#places = partsOf(parts.db, session);
  }

  /** Runs `work` with a reader of the turns: once more for each part that it asks for, so it only reads. */
  async reading<T>(work: (read: TurnReader) => T): Promise<T> {
    this.#keepLast();
    for (;;) {
      try {
        return work((order, from, count) => this.#turns(order, from, count));
      } catch (error) {
        if (!(error instanceof NotRead)) throw error;
        await this.#load(error.part);
      }
    }
  }

  /** The session without its turns. */
  async head(): Promise<Omit<SessionRecord, "turns">> {
    const [first] = this.#places;
    if (!first) throw new Error("the session is not archived");
    const { turns: _, ...head } = await this.#load(first);
    return head;
  }

  /** A turn; null where there is none with this id. Ask for several in the order of their ids: each part is read once then. */
  async find(turn: number): Promise<Turn | null> {
    this.#keepLast();
    const record = await this.partWith(turn);
    return record?.turns.find(({ id }) => id === turn) ?? null;
  }

  /** The part that holds a turn, or would; null where no part does. */
  async partWith(turn: number): Promise<SessionRecord | null> {
    const place = this.#places.find(({ first, last }) => first <= turn && turn <= last);
    return place ? this.#load(place) : null;
  }

  /** The text of a frame of the turns that were read last. */
  readonly textOf = (frame: number): string | null => {
    for (const { frames } of this.#read.values()) {
      const text = frames?.[frame];
      if (text !== undefined) return text;
    }
    return null;
  };

  /** What was read before goes, but for the last part, which is likely to be the next. */
  #keepLast(): void {
    this.#read = new Map([...this.#read].slice(-1));
  }

  async #load(place: ArchivedPart): Promise<SessionRecord> {
    const record =
      this.#read.get(place.part) ?? (await readPart(this.#parts, this.#session, place));
    this.#read.set(place.part, record);
    return record;
  }

  /** Of two parts at most: a shorter list is not the end, as in SQLite. */
  #turns(order: Order, from: number | null, count: number) {
    const isNext = ({ first, last }: ArchivedPart) =>
      from === null || (order === "asc" ? last >= from : first <= from);
    const places = order === "asc" ? this.#places : this.#places.toReversed();
    const found: Turn[] = [];
    for (const place of places.filter(isNext).slice(0, 2)) {
      if (found.length === count) break;
      const record = this.#read.get(place.part);
      if (!record) throw new NotRead(place);
      found.push(...readerOf(record.turns)(order, from, count - found.length));
    }
    return found;
  }
}
