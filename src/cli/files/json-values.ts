import { basename } from "node:path";

import { bytesOf } from "./input.ts";
import { MOST_BYTES, isWhole, valueOf } from "./json-value.ts";
import type { JsonValue } from "./json-value.ts";

const [NEWLINE, QUOTE, COMMA, BACKSLASH, PLUS] = [0x0a, 0x22, 0x2c, 0x5c, 0x2b];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** The structural kind of each byte. Brackets of lists count as those of objects. */
const [ORDINARY, SPACE, DIGIT, EXPONENT] = [0, 1, 2, 3];
const KINDS = new Uint8Array(256);
for (const [kind, bytes] of [
  [SPACE, [0x20, 0x09, 0x0b, 0x0c, 0x0d]],
  [DIGIT, Buffer.from("0123456789")],
  [EXPONENT, Buffer.from("eE")],
  [NEWLINE, [NEWLINE]],
  [QUOTE, [QUOTE]],
  [COMMA, [COMMA]],
  [OPEN_OBJECT, [OPEN_OBJECT, OPEN_ARRAY]],
  [CLOSE_OBJECT, [CLOSE_OBJECT, CLOSE_ARRAY]],
] as const)
  for (const byte of bytes) KINDS[byte] = kind;

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

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

/** A double may round a number of so many digits. */
const LONG_DIGITS = 16;

/** So many bytes of a string are looked at one by one, before its end is searched for. */
const SHORT_STRING_BYTES = 64;

/** Backslashes that stand directly before a place, back to where the string begins. */
function backslashesBefore(chunk: Buffer, at: number, from: number): number {
  let count = 0;
  while (at - count > from && chunk[at - count - 1] === BACKSLASH) count += 1;
  return count;
}

/** Whether digits alone follow, from the last to the first: mostly the last is none. A number may go on in the next chunk. */
function mayBeLong(chunk: Buffer, from: number): boolean {
  let at = from + LONG_DIGITS - 1;
  if (at >= chunk.length) return true;
  while (at > from && KINDS[chunk[at] as number] === DIGIT) at -= 1;
  return at === from;
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
  /** Whether the value may have a number that a double rounds. */
  #hasLongNumber = false;

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
    let hasLongNumber = this.#hasLongNumber;
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
        case DIGIT:
          isBegun = true;
          hasLongNumber ||= mayBeLong(chunk, at);
          break;
        case EXPONENT: {
          // The "e" of true and false comes here, too.
          isBegun = true;
          const next = chunk[at + 1];
          hasLongNumber ||= next === undefined || next === PLUS || KINDS[next] === DIGIT;
          break;
        }
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
    this.#hasLongNumber = hasLongNumber;
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
    const [isBegun, hasLongNumber] = [this.#isBegun, this.#hasLongNumber];
    const [bytes, isArray] = [this.#take(), this.#isInArray];
    if (ended === CLOSE_ARRAY && this.#depth === 0) this.#isInArray = false;
    // An array has just begun, or ends after a comma or with nothing in it.
    if (!isBegun && ended !== COMMA) return;
    this.#count += 1;
    const place = isArray ? `[${this.#count - 1}]` : `:${this.#count}`;
    yield valueOf(`${this.#name}${place}`, this.#count, { bytes, hasLongNumber });
  }

  *#line(): Generator<JsonValue> {
    this.#count += 1;
    const bytes = this.#take();
    if (bytes?.every(isSpace)) return;
    yield valueOf(`${this.#name}:${this.#count}`, this.#count, { bytes });
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
    this.#hasLongNumber = false;
    return bytes;
  }
}
