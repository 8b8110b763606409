import { ApiError } from "../shared/errors.ts";
import { NumberTooLarge, parseJson } from "../shared/json.ts";
import { invalid, readText, tooLarge } from "./read-request.ts";
import type { AppContext } from "./context.ts";

const MAX_LINES = 10_000;

export interface LineError {
  line: number;
  code: string;
  message: string;
}

/**
 * Reads a body of NDJSON, or of JSON that is one document or a list. A line with an error does not keep the others from
 * being read.
 *
 * @param toValue - reads the JSON of a line, from 1; throws an ApiError for one that it does not take
 * @param onError - may refuse the whole body; `json` is undefined where the line is not JSON
 */
export async function readLines<T>(
  c: AppContext,
  toValue: (json: unknown, line: number) => T,
  onError: (error: LineError, json: unknown) => void = () => {},
): Promise<{ lines: number; read: { line: number; value: T }[]; errors: LineError[] }> {
  const documents = documentsIn(await readText(c));
  const read: { line: number; value: T }[] = [];
  const errors: LineError[] = [];
  for (const [index, parse] of documents.entries()) {
    const line = index + 1;
    let json: unknown;
    try {
      json = parse();
      read.push({ line, value: toValue(json, line) });
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      const error = { line, code: thrown.code, message: thrown.message };
      onError(error, json);
      errors.push(error);
    }
  }
  return { lines: documents.length, read, errors };
}

function documentsIn(text: string): (() => unknown)[] {
  const list = text.trimStart().startsWith("[") ? parseLine(text) : null;
  const documents = Array.isArray(list)
    ? list.map((json: unknown) => () => json)
    : text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => () => parseLine(line));
  if (documents.length > MAX_LINES)
    throw invalid(`The body takes ${MAX_LINES} lines at most.`, "body");
  return documents;
}

function parseLine(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof NumberTooLarge) throw tooLarge(error);
    throw new ApiError("invalid_json", "The line is not JSON.");
  }
}
