import { isAscii } from "node:buffer";

import { NumberTooLarge, parseJson } from "../../shared/json.ts";

/** A conversation that is greater is refused: it would have to be in memory as a whole, twice. */
export const MOST_BYTES = 256 * 1024 * 1024;

/** A JSON value of a file, not parsed yet. */
export interface JsonValue {
  /** Where it stands, for a person. */
  from: string;
  /** From 1; of lines, the line. */
  number: number;
  /** @throws Error where it cannot be read, saying why */
  parse: () => unknown;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** @param hasLongNumber - whether a double may round a number in it, where that was seen before */
export const valueOf = (
  from: string,
  number: number,
  { bytes, hasLongNumber }: { bytes: Buffer | null; hasLongNumber?: boolean },
): JsonValue => ({
  from,
  number,
  parse() {
    if (!bytes) throw new Error(`is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
    const text = textOf(bytes);
    try {
      return parseJson(text, hasLongNumber);
    } catch (error) {
      if (error instanceof NumberTooLarge) throw error;
      // The message quotes what stands there: only where it stands is passed on.
      const [place = ""] = / at position \d+/.exec((error as Error).message) ?? [];
      throw new Error(`is no JSON${place}`, { cause: error });
    }
  },
});

export function isWhole(value: JsonValue): boolean {
  try {
    value.parse();
    return true;
  } catch {
    return false;
  }
}

function textOf(bytes: Buffer): string {
  // Twice as fast as decoding.
  if (isAscii(bytes)) return bytes.toString("latin1");
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new Error("is no UTF-8: it looks like Latin-1 or Windows-1252", { cause: error });
  }
}
