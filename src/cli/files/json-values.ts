import { basename } from "node:path";

import { bytesOf } from "./input.ts";
import { NumberTooLarge, parseJson } from "../../shared/json.ts";

/** A conversation that is greater is refused: it would have to be in memory as a whole, twice. */
const MOST_BYTES = 256 * 1024 * 1024;

const [NEWLINE, QUOTE, COMMA, BACKSLASH] = [0x0a, 0x22, 0x2c, 0x5c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** The structural kind of each byte. Brackets of lists count as those of objects. */
const [ORDINARY, SPACE] = [0, 1];
const KINDS = new Uint8Array(256);
for (const [kind, bytes] of [
  [SPACE, [0x20, 0x09, 0x0b, 0x0c, 0x0d]],
  [NEWLINE, [NEWLINE]],
  [QUOTE, [QUOTE]],
  [COMMA, [COMMA]],
  [OPEN_OBJECT, [OPEN_OBJECT, OPEN_ARRAY]],
  [CLOSE_OBJECT, [CLOSE_OBJECT, CLOSE_ARRAY]],
] as const)
  for (const byte of bytes) KINDS[byte] = kind;

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** A JSON value of a file, not parsed yet. */
export interface JsonValue {
  /** Where it stands, for a person. */
  from: string;
  /** From 1; of lines, the line. */
  number: number;
  /** @throws Error where it cannot be read, saying why */
  parse: () => unknown;
}

/**
 * The values of a JSON file one after the other, with no more than one of them in memory: the elements of an array, the
 * lines of NDJSON, or values that just follow each other. The file is cut where brackets and quotes say so, and each
 * value is parsed by itself: one that is broken spoils no other.
 *
 * @param form - `lines` where it is known that a value ends with its line; else it is seen from the first
 * @throws Error where the file breaks off, after all that was whole
 */
export async function* jsonValues(
  path: string,
  { form, onBytes }: { form?: "lines"; onBytes?: ((bytes: number) => void) | undefined } = {},
): AsyncGenerator<JsonValue> {
  const cut = new Cutter(
    basename(path),
    form ?? (/\.(jsonl|ndjson)(\.gz)?$/i.test(path) ? "lines" : undefined),
  );
  for await (const chunk of bytesOf(path, onBytes)) yield* cut.push(chunk);
  yield* cut.end();
}

/** So many bytes of a string are looked at one by one, before its end is searched for. */
const SHORT_STRING_BYTES = 64;

/** Backslashes that stand directly before a place, back to where the string begins. */
function backslashesBefore(chunk: Buffer, at: number, from: number): number {
  let count = 0;
  while (at - count > from && chunk[at - count - 1] === BACKSLASH) count += 1;
  return count;
}

class Cutter {
  readonly #name: string;
  #isLines: boolean;
  /** The bytes of the value that is being read, from chunks before this one. */
  #parts: Buffer[] = [];
  #length = 0;
  #total = 0;
  #count = 0;
  /** How deep the value is in brackets; those of an array that is cut into its elements do not count. */
  #depth = 0;
  #isInArray = false;
  #isInString = false;
  #isEscaped = false;
  #isBegun = false;
  #hasNewline = false;

  constructor(name: string, form: "lines" | undefined) {
    this.#name = name;
    this.#isLines = form === "lines";
  }

  *push(chunk: Buffer): Generator<JsonValue> {
    let at = 0;
    while (at < chunk.length) {
      const begins = at;
      const ends = this.#isLines ? chunk.indexOf(NEWLINE, at) : this.#ending(chunk, at);
      if (ends === -1) {
        this.#keep(chunk.subarray(begins));
        break;
      }
      const isOwn =
        !this.#isLines && !this.#isInArray && this.#depth === 0 && chunk[ends] === CLOSE_OBJECT;
      this.#keep(chunk.subarray(begins, isOwn ? ends + 1 : ends));
      at = ends + 1;
      if (this.#isLines) yield* this.#line();
      else yield* this.#value(chunk[ends]);
      if (isOwn && this.#count === 1 && !this.#hasNewline) this.#startLines();
    }
    this.#total += chunk.length;
  }

  *end(): Generator<JsonValue> {
    if (this.#isLines) {
      const [value] = this.#line();
      if (!value) return;
      if (!isWhole(value)) throw this.#broken(value.number);
      yield value;
    } else if (this.#isInArray || this.#isBegun) throw this.#broken(this.#count + 1);
  }

  #broken(number: number): Error {
    const [unit, bytes] = [this.#isLines ? "line" : "value", this.#total.toLocaleString("en")];
    return new Error(`${this.#name}: breaks off in ${unit} ${number}, after ${bytes} bytes`);
  }

  /** Where the value ends that is being read: at its last bracket, or at what parts it from the next; -1: not here. */
  #ending(chunk: Buffer, from: number): number {
    // In the innermost loop of all, fields of an object would cost a third of the time.
    let depth = this.#depth;
    let isBegun = this.#isBegun;
    const isInArray = this.#isInArray;
    let at = from;
    let ends = -1;
    if (this.#isInString) {
      at = this.#stringEnd(chunk, at);
      if (at === -1) return -1;
      at += 1;
      this.#isInString = false;
    }
    for (; at < chunk.length && ends === -1; at += 1) {
      switch (KINDS[chunk[at] as number]) {
        case ORDINARY:
          isBegun = true;
          break;
        case QUOTE: {
          isBegun = true;
          const last = this.#stringEnd(chunk, at + 1);
          if (last === -1) {
            this.#isInString = true;
            at = chunk.length;
          } else at = last;
          break;
        }
        case OPEN_OBJECT:
          if (chunk[at] === OPEN_ARRAY && !isBegun && !isInArray) {
            this.#isInArray = true;
            ends = at;
          } else {
            isBegun = true;
            depth += 1;
          }
          break;
        case CLOSE_OBJECT:
          if (depth > 0) depth -= 1;
          else ends = at;
          if (depth === 0 && !isInArray) ends = at;
          break;
        case COMMA:
          if (depth === 0 && isInArray) ends = at;
          break;
        case NEWLINE:
          if (isBegun) this.#hasNewline = true;
          break;
        default:
      }
    }
    this.#depth = depth;
    this.#isBegun = isBegun;
    return ends;
  }

  /** The quote that ends a string; -1: not here. */
  #stringEnd(chunk: Buffer, from: number): number {
    // A backslash that ended the chunk before escapes the first byte of this one.
    const begins = this.#isEscaped ? from + 1 : from;
    // Most strings are short. The end of a long one is searched for, which is faster from some length on.
    const near = Math.min(begins + SHORT_STRING_BYTES, chunk.length);
    let at = begins;
    while (at < near && chunk[at] !== QUOTE) at += chunk[at] === BACKSLASH ? 2 : 1;
    if (at < near) {
      this.#isEscaped = false;
      return at;
    }
    for (; ; at += 1) {
      at = chunk.indexOf(QUOTE, at);
      const ends = at === -1 ? chunk.length : at;
      const isEscaped = backslashesBefore(chunk, ends, begins) % 2 === 1;
      if (at === -1) {
        this.#isEscaped = isEscaped;
        return -1;
      }
      if (isEscaped) continue;
      this.#isEscaped = false;
      return at;
    }
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length;
    if (this.#length <= MOST_BYTES) this.#parts.push(bytes);
    else this.#parts = [];
  }

  *#value(ended: number | undefined): Generator<JsonValue> {
    const isBegun = this.#isBegun;
    const [bytes, isArray] = [this.#take(), this.#isInArray];
    if (ended === CLOSE_ARRAY && this.#depth === 0) this.#isInArray = false;
    // An array has just begun, or ends after a comma or with nothing in it.
    if (!isBegun && ended !== COMMA) return;
    this.#count += 1;
    const place = isArray ? `[${this.#count - 1}]` : `:${this.#count}`;
    yield valueOf(`${this.#name}${place}`, this.#count, bytes);
  }

  *#line(): Generator<JsonValue> {
    this.#count += 1;
    const bytes = this.#take();
    if (bytes?.every(isSpace)) return;
    yield valueOf(`${this.#name}:${this.#count}`, this.#count, bytes);
  }

  /** The first value ended on the line on which it began: so do the others, and one that does not is broken. */
  #startLines(): void {
    this.#isLines = true;
    // The rest of its line is a line to be skipped.
    this.#count = 0;
  }

  /** @returns null for one that is too great */
  #take(): Buffer | null {
    const [whole] = this.#parts;
    const bytes =
      this.#length > MOST_BYTES
        ? null
        : this.#parts.length === 1 && whole
          ? whole
          : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    this.#isBegun = false;
    return bytes;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

const valueOf = (from: string, number: number, bytes: Buffer | null): JsonValue => ({
  from,
  number,
  parse() {
    if (!bytes) throw new Error(`is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
    const text = textOf(bytes);
    try {
      return parseJson(text);
    } catch (error) {
      if (error instanceof NumberTooLarge) throw error;
      // The message quotes what stands there: only where it stands is passed on.
      const [place = ""] = / at position \d+/.exec((error as Error).message) ?? [];
      throw new Error(`is no JSON${place}`, { cause: error });
    }
  },
});

function isWhole(value: JsonValue): boolean {
  try {
    value.parse();
    return true;
  } catch {
    return false;
  }
}

function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new Error("is no UTF-8: it looks like Latin-1 or Windows-1252", { cause: error });
  }
}
