import { parseJson } from "../../../shared/json.ts";
import { wholeEscapesEnd } from "../../../shared/json-escapes.ts";
import { DATA_URL_HEAD } from "../../../shared/searched-text.ts";
import type { TurnPart } from "../../../shared/turn-parts.ts";
import { bytesIn } from "./turn-parts.ts";

/** What stands before a text in the JSON of parts. */
const BEFORE_TEXT = /^[[\],]+"(input|output)",(\d+),"/;
/** Longer than what stands before a text, and than the beginning of a data URL. In UTF-16 units. */
const HEAD_LENGTH = 1_536;
const BASE64 = /^[\w+/=-]*$/;

interface Text {
  side: TurnPart[0];
  n: number;
  /** As JSON, without the quotes. */
  kept: string[];
  length: number;
  /** Whether what was read of it ends with a backslash that escapes what comes. */
  isEscaping: boolean;
  /** So much of it is the beginning of a data URL, and the rest is its data so far. Null: it is another text. */
  data: number | null;
}

/**
 * Reads the parts of a turn for a search, a piece of their JSON at a time. Of a text that is a data URL only the beginning
 * is kept: a search finds nothing of it. So a picture of many MB is never put together, parsed or copied.
 */
export class PartsReader {
  /** What is kept of a text, in UTF-16 units of JSON. */
  readonly #limit: number;
  readonly #parts: TurnPart[] = [];
  #bytes = 0;
  #text: Text | null = null;
  /** Whether a text is none: the piece between two that were read is missing. */
  #isTorn = false;
  /** What came between two texts, and is not complete. */
  #between = "";

  constructor(limit = Infinity) {
    this.#limit = limit;
  }

  write(piece: string): void {
    this.#bytes += Buffer.byteLength(piece);
    const json = this.#between + piece;
    this.#between = "";
    for (let at = 0; at < json.length;) {
      if (this.#text) at = this.#read(this.#text, json, at);
      else {
        const head = BEFORE_TEXT.exec(json.slice(at, at + HEAD_LENGTH));
        if (!head) {
          this.#between = json.slice(at);
          return;
        }
        const [before, side, n] = head;
        at += before.length;
        this.#text = {
          side: side as TurnPart[0],
          n: Number(n),
          kept: [],
          length: 0,
          isEscaping: false,
          data: null,
        };
      }
    }
  }

  /** Whether nothing is kept of what comes before the next quote. */
  get isPastKept(): boolean {
    return this.#text !== null && this.#limit !== Infinity && !this.#isKept(this.#text);
  }

  /** Goes past a piece without a quote, of so many bytes, that does not end with a backslash: where {@link isPastKept}. */
  skip(bytes: number): void {
    if (!this.#text) throw new Error("a piece between two texts is read");
    this.#bytes += bytes;
    this.#text.length += bytes;
    this.#text.isEscaping = false;
  }

  /**
   * @param mark - the turn's column `parts`
   * @throws RangeError where a piece is missing
   */
  end(mark: string): TurnPart[] {
    if (this.#text || this.#isTorn || this.#bytes !== bytesIn(mark))
      throw new RangeError("a turn lacks some of its texts");
    return this.#parts;
  }

  /** @returns where it ends, or the piece */
  #read(text: Text, json: string, begin: number): number {
    const isEscaped = (at: number): boolean => {
      let escapes = 0;
      while (at - escapes > begin && json.charCodeAt(at - 1 - escapes) === 0x5c) escapes += 1;
      const isWhole = at - escapes > begin || !text.isEscaping;
      return (escapes % 2 === 1) === isWhole;
    };
    for (let at = begin; ;) {
      const quote = json.indexOf('"', at);
      if (quote < 0) {
        const isEscaping = isEscaped(json.length);
        this.#keep(text, json.slice(begin));
        text.isEscaping = isEscaping;
        return json.length;
      }
      if (!isEscaped(quote)) {
        this.#keep(text, json.slice(begin, quote));
        this.#end(text);
        return quote + 1;
      }
      at = quote + 1;
    }
  }

  #keep(text: Text, some: string): void {
    if (text.length === 0)
      text.data = DATA_URL_HEAD.exec(some.slice(0, HEAD_LENGTH))?.[0].length ?? null;
    if (text.data !== null && this.#limit === Infinity) {
      const data = text.length === 0 ? some.slice(text.data) : some;
      if (!BASE64.test(data)) text.data = null;
    }
    if (this.#isKept(text) || this.#limit === Infinity) text.kept.push(some);
    text.length += some.length;
  }

  #isKept({ length, data }: Text): boolean {
    return length < (data === null ? this.#limit : Math.min(1, this.#limit));
  }

  #end({ side, n, kept, length, data }: Text): void {
    const json = data === null ? kept.join("") : (kept[0] ?? "").slice(0, data);
    const isCut = length > this.#limit;
    const whole = isCut ? json.slice(0, wholeEscapesEnd(json, this.#limit)) : json;
    this.#text = null;
    try {
      this.#parts.push([side, n, parseJson(`"${whole}"`, false) as string]);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#isTorn = true;
    }
  }
}
