import { parseJson } from "../../shared/json.ts";

/** Parses a text that is the JSON of a document, a list or a text. Returns any other value as it is. */
export function documentOf(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{"]/.test(value)) return value;
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}
