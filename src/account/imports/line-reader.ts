import { ApiError } from "../../shared/errors.ts";

/** In bytes: longer than any turn that is stored, much of it escaped. */
const LINE_BYTES = 26 * 1024 * 1024;
/** More than this is decoded line by line. */
const LONG_BYTES = 1024 * 1024;
const NEWLINE = 10;

/** A line and its number, from 1; or why it cannot be read. */
export type Line = { number: number } & (
  | { text: string }
  | { code: "line_too_long" | "not_utf8"; message: string }
);

/**
 * Cuts bytes as they come into lines of UTF-8, and never holds more than one line and one piece.
 *
 * @throws ApiError `unsupported_encoding` when they begin like another encoding
 */
export class LineReader {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  #number: number;
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  /** The line that is being read is too long: it is passed over. */
  #skipping = false;
  #begun = false;

  /** @param before - lines that came before these */
  constructor(before = 0) {
    this.#number = before;
  }

  push(piece: Uint8Array): Line[] {
    if (!this.#begun && piece.length > 0) {
      checkEncoding(piece);
      this.#begun = true;
    }
    const end = piece.lastIndexOf(NEWLINE);
    const lines = end < 0 ? [] : this.#cut(piece.subarray(0, end));
    this.#keep(piece.subarray(end + 1));
    return lines;
  }

  /** Text after the last newline is a line, too. */
  end(): Line[] {
    return this.#restBytes === 0 && !this.#skipping ? [] : this.#cut(new Uint8Array());
  }

  #keep(piece: Uint8Array): void {
    if (piece.length === 0) return;
    if (this.#skipping || this.#restBytes + piece.length > LINE_BYTES) {
      this.#rest = [];
      this.#restBytes = 0;
      this.#skipping = true;
      return;
    }
    // A copy: the piece is its sender's.
    this.#rest.push(new Uint8Array(piece));
    this.#restBytes += piece.length;
  }

  /** @param bytes - whole lines, the first of them begun by what was kept */
  #cut(bytes: Uint8Array): Line[] {
    const lines: Line[] = [];
    let left = bytes;
    if (this.#skipping) {
      const end = bytes.indexOf(NEWLINE);
      lines.push(this.#tooLong());
      this.#skipping = false;
      if (end < 0) return lines;
      left = bytes.subarray(end + 1);
    } else if (this.#restBytes > 0) {
      left = Buffer.concat([...this.#rest, bytes]);
      this.#rest = [];
      this.#restBytes = 0;
    }
    return [...lines, ...this.#decode(left)];
  }

  #decode(bytes: Uint8Array): Line[] {
    // A line that is cut from a text holds all of the text.
    if (bytes.length > LONG_BYTES) return this.#decodeEach(bytes);
    let text: string;
    try {
      text = this.#decoder.decode(bytes);
    } catch {
      return this.#decodeEach(bytes);
    }
    return text.split("\n").map((line) =>
      // A UTF-16 unit takes three bytes at most.
      line.length * 3 > LINE_BYTES && Buffer.byteLength(line) > LINE_BYTES
        ? this.#tooLong()
        : { number: this.#next(), text: line },
    );
  }

  #decodeEach(bytes: Uint8Array): Line[] {
    const lines: Line[] = [];
    for (let from = 0; from <= bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, from);
      const end = newline < 0 ? bytes.length : newline;
      lines.push(this.#decodeOne(bytes.subarray(from, end)));
      from = end + 1;
    }
    return lines;
  }

  #decodeOne(bytes: Uint8Array): Line {
    if (bytes.length > LINE_BYTES) return this.#tooLong();
    try {
      return { number: this.#next(), text: this.#decoder.decode(bytes) };
    } catch {
      return {
        number: this.#number,
        code: "not_utf8",
        message: `The line is not UTF-8 (${firstForeign(bytes)}); it looks like Windows-1252. Convert it: iconv -f WINDOWS-1252 -t UTF-8`,
      };
    }
  }

  #tooLong(): Line {
    return {
      number: this.#next(),
      code: "line_too_long",
      message: `The line has more than ${LINE_BYTES / 1024 / 1024} MiB. A turn takes 20 MiB at most.`,
    };
  }

  #next(): number {
    this.#number += 1;
    return this.#number;
  }
}

function firstForeign(bytes: Uint8Array): string {
  const lossy = new TextDecoder().decode(bytes);
  const at = Buffer.byteLength(lossy.slice(0, lossy.indexOf("\uFFFD")));
  return `byte 0x${(bytes[at] ?? 0).toString(16).toUpperCase()} at ${at + 1}`;
}

/** JSON begins with an ASCII character: from the first bytes it is plain what they are. */
function checkEncoding(bytes: Uint8Array): void {
  const [first, second] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  if (!isLittle && !isBig) return;
  const name = isLittle ? "UTF-16LE" : "UTF-16BE";
  throw new ApiError(
    "unsupported_encoding",
    `The body is ${name}. Convert it to UTF-8: iconv -f ${name} -t UTF-8`,
  );
}
