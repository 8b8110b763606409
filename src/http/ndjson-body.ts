import { ApiError } from "../shared/errors.ts";
import { invalid } from "./read-request.ts";

const MAX_LINES = 10_000;

/** The documents of a body: NDJSON, or JSON that is one of them or a list. */
export function linesOf(text: string): (string | { parsed: unknown })[] {
  const whole = text.trimStart().startsWith("[") ? parseLine(text) : null;
  const documents = Array.isArray(whole)
    ? whole.map((parsed: unknown) => ({ parsed }))
    : text.split("\n").filter((line) => line.trim() !== "");
  if (documents.length > MAX_LINES) throw invalid(`${MAX_LINES} lines at most.`, "body");
  return documents;
}

export function parseLine(line: string | { parsed: unknown }): unknown {
  if (typeof line !== "string") return line.parsed;
  try {
    return JSON.parse(line);
  } catch {
    throw new ApiError("invalid_json", "The line is not JSON.");
  }
}
