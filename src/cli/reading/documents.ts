import { parseJson } from "../../shared/json.ts";

/** What a text is the JSON of, where that is a document, a list or a text; another value as it is. */
export function documentOf(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{"]/.test(value)) return value;
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}
