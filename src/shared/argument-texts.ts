import { parseJson } from "./json.ts";

/**
 * The arguments of a function's call with each text in them changed. They stay JSON. A number is a text as well, and becomes
 * a string where it changes. Names of fields stay. Arguments that are no JSON are one text.
 */
export function mapArguments(json: string, change: (text: string) => string): string {
  let isChanged = false;
  const changed = (text: string): string => {
    const after = change(text);
    isChanged ||= after !== text;
    return after;
  };
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
    after = JSON.stringify(mapped(parseJson(json)));
  } catch (error) {
    // No JSON, or nested too deep to be walked through.
    if (error instanceof SyntaxError || error instanceof RangeError) return change(json);
    throw error;
  }
  return isChanged ? after : json;
}
