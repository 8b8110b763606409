import { jsonOr } from "./stored-bounds.ts";

/** JSON inside of JSON is looked into so often: a tool's result is often JSON in a text in JSON. */
const MAX_DEPTH = 4;
const NOT_JSON = Symbol("not JSON");

/** The values of JSON, one a line, without names and syntax. Any other text as it is. */
export const jsonTexts = (text: string): string =>
  isJson(text) ? valuesOf(text).join("\n") : text;

/** {@link jsonTexts} of what is JSON, even where it ends early. */
export const cutJsonTexts = (text: string): string =>
  looksLikeJson(text) ? valuesOf(text).join("\n") : text;

const looksLikeJson = (text: string): boolean => /^\s*[[{"]/.test(text);

const isJson = (text: string): boolean =>
  looksLikeJson(text) && jsonOr(text, NOT_JSON) !== NOT_JSON;

/**
 * Texts and numbers as they are written: a parser would round numbers. It takes no stack, however deep the JSON is.
 *
 * @param depth - so often JSON was looked into
 */
function valuesOf(json: string, depth = 1): string[] {
  const values: string[] = [];
  for (let at = 0; at < json.length;) {
    if (json[at] === '"') {
      const end = endOfText(json, at + 1);
      if (!isName(json, end + 1)) {
        const text = decoded(json.slice(at + 1, end));
        const inner = depth < MAX_DEPTH && isJson(text) ? valuesOf(text, depth + 1) : [text];
        for (const each of inner) if (each !== "") values.push(each);
      }
      at = end + 1;
    } else {
      const end = endOfLiteral(json, at);
      if (/[-\d]/.test(json[at] as string)) values.push(json.slice(at, end));
      at = Math.max(end, at + 1);
    }
  }
  return values;
}

/** The place of the quote that ends a text; the end of JSON that is cut off. */
function endOfText(json: string, from: number): number {
  let at = from;
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return Math.min(at, json.length);
}

/** Whether a text that ended before this place is the name of a field. */
function isName(json: string, from: number): boolean {
  let at = from;
  while (isSpace(json[at])) at += 1;
  return json[at] === ":";
}

/** Where a number, true, false or null ends. */
function endOfLiteral(json: string, from: number): number {
  let at = from;
  while (at < json.length && !isSpace(json[at]) && !',:[]{}"'.includes(json[at] as string)) at += 1;
  return at;
}

const isSpace = (character: string | undefined): boolean =>
  character === " " || character === "\n" || character === "\t" || character === "\r";

/** A text between quotes. One that is cut off in an escape, or not JSON, loses its escapes. */
function decoded(text: string): string {
  if (!text.includes("\\")) return text;
  const value = jsonOr(`"${text}"`, null);
  return typeof value === "string"
    ? value
    : text.replace(/\\(?:u[\da-fA-F]{0,4}|[^u])?/g, (escape) =>
        /^\\["\\/]$/.test(escape) ? escape.slice(1) : " ",
      );
}
