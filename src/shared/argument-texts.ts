import { parseJson } from "./json.ts";
import { noted } from "./noted-change.ts";

/**
 * The arguments of a function's call with each text in them changed. They stay JSON. A number is a text as well, and becomes
 * a string where it changes. Names of fields stay. Arguments that are no JSON are one text. Where an object has a name twice,
 * all its texts are looked at, and the last field of the name is left once one of them changes.
 */
export function mapArguments(json: string, change: (text: string) => string): string {
  const { change: changed, isChanged } = noted(change);
  const mapped = (value: unknown): unknown => {
    if (typeof value === "string") return changed(value);
    if (typeof value === "number" || typeof value === "bigint") {
      const before = String(value);
      const after = changed(before);
      return after === before ? value : after;
    }
    if (Array.isArray(value)) return value.map(mapped);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapped(each)]));
  };
  let after: string;
  try {
    const parsed = parseJson(json);
    const texts = stringsIn(json);
    // Readers differ in which of two fields with one name they take.
    if (texts.length > stringsIn(JSON.stringify(parsed)).length)
      for (const text of [json, ...texts]) changed(text);
    after = JSON.stringify(mapped(parsed));
  } catch (error) {
    // No JSON, or nested too deep to be walked through.
    if (error instanceof SyntaxError || error instanceof RangeError) return change(json);
    throw error;
  }
  return isChanged() ? after : json;
}

/** The names and texts in JSON, also those that a parser leaves out because their name comes again. */
function stringsIn(json: string): string[] {
  const strings: string[] = [];
  let begin: number | null = null;
  for (const { 0: found, index } of json.matchAll(/\\.|"/g)) {
    if (found !== '"') continue;
    if (begin !== null) strings.push(parseJson(json.slice(begin, index + 1)) as string);
    begin = begin === null ? index : null;
  }
  return strings;
}
