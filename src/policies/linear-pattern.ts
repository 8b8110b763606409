import { RE2JS } from "re2js";

/** Matches in time that grows with the text alone: RE2's engine does not backtrack. */
export interface LinearPattern {
  test: (text: string) => boolean;
  replaceAll: (text: string, replacement: string) => string;
}

/** A pattern that takes backtracking, or more than the engine's memory. */
export class PatternError extends Error {}

/** RE2's instructions. With each the time for a text may grow. */
const MAX_PROGRAM_SIZE = 2_000;

/** JavaScript's `\s` as ranges of code points; RE2 has ASCII alone. */
const SPACES = [
  [0x9, 0xd],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
] as const;
const LAST_CODE_POINT = 0x10_ffff;

const codePoint = (value: number): string => `\\x{${value.toString(16)}}`;
const range = ([from, to]: readonly [number, number]): string =>
  `${codePoint(from)}-${codePoint(to)}`;
const SPACE = SPACES.map(range).join("");
const NO_SPACE = SPACES.map(([, to], index): [number, number] => [
  to + 1,
  (SPACES[index + 1]?.[0] ?? LAST_CODE_POINT + 1) - 1,
])
  .concat([[0, 0x8]])
  .map(range)
  .join("");
const ANY = range([0, LAST_CODE_POINT]);
/** `.` in JavaScript. */
const NO_LINE_END = String.raw`[^\n\r\x{2028}\x{2029}]`;
const CONTROLS: Record<string, number> = { t: 0x9, n: 0xa, v: 0xb, f: 0xc, r: 0xd, "0": 0 };

const ESCAPE =
  /\\(?:u\{(?<point>[\da-f]+)\}|u(?<high>d[89ab]..)\\u(?<low>d[c-f]..)|u(?<unit>[\da-f]{4})|x(?<byte>[\da-f]{2})|c(?<control>[a-z])|(?<class>p)\{(?:(?:Script|sc|General_Category|gc)=)?(?<property>[^}]*)\}|(?<other>.))/iuy;
const GROUP = /\((?:\?(?:(?<behind><[=!])|(?<name><[^>]*>|:)|(?<other>.)))?/uy;

/**
 * A pattern of JavaScript (flag `u`) for the linear engine.
 *
 * @throws PatternError with a reason: "takes no lookahead"
 */
export function linearPattern(source: string, ignoreCase: boolean): LinearPattern {
  const flags = RE2JS.LOOKBEHINDS | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  const translated = translate(source);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(translated, flags);
  } catch {
    throw new PatternError(
      "takes neither repeats above 1000 nor properties but \\p{L} and the like",
    );
  }
  if (compiled.programSize() > MAX_PROGRAM_SIZE)
    throw new PatternError("takes fewer or smaller repeats: the pattern is too large");
  return {
    test: (text) => compiled.test(text),
    replaceAll: (text, replacement) => compiled.matcher(text).replaceAll(() => replacement),
  };
}

/** The same pattern as RE2 writes it. JavaScript has compiled the pattern before, so that its syntax is right. */
function translate(source: string): string {
  let translated = "";
  let at = 0;
  let inClass = false;
  while (at < source.length) {
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
    let [next, length] = [character, character.length];
    if (character === "\\") [next, length] = escape(source, at, inClass);
    else if (inClass) {
      inClass = character !== "]";
      if (character === "[") next = "\\[";
    } else if (character === "(") [next, length] = group(source, at);
    else if (character === ".") next = NO_LINE_END;
    else if (source.startsWith("[^]", at)) [next, length] = [`[${ANY}]`, 3];
    else if (source.startsWith("[]", at)) [next, length] = [`[^${ANY}]`, 2];
    else if (character === "[") {
      inClass = true;
      if (source[at + 1] === "^") [next, length] = ["[^", 2];
    }
    translated += next;
    at += length;
  }
  return translated;
}

/** Nothing uses what groups capture. */
function group(source: string, at: number): [translated: string, length: number] {
  GROUP.lastIndex = at;
  const { 0: text = "(", groups = {} } = GROUP.exec(source) ?? {};
  if (groups["other"] === "=" || groups["other"] === "!")
    throw new PatternError("takes no lookahead, (?= or (?!");
  if (groups["other"] !== undefined) throw new PatternError("takes no flags in a group");
  return [groups["behind"] === undefined ? "(?:" : text, text.length];
}

function escape(
  source: string,
  at: number,
  inClass: boolean,
): [translated: string, length: number] {
  ESCAPE.lastIndex = at;
  const { 0: text = "", groups = {} } = ESCAPE.exec(source) ?? {};
  const { point, high, low, unit, byte, control, property, other } = groups;
  const hex = point ?? unit ?? byte;
  if (high !== undefined && low !== undefined)
    return [codePoint(codePointOf(high, low)), text.length];
  if (hex !== undefined) return [codePoint(Number.parseInt(hex, 16)), text.length];
  if (control !== undefined) return [codePoint(control.charCodeAt(0) % 32), text.length];
  if (property !== undefined) return [`${text.slice(0, 2)}{${property}}`, text.length];
  return [simpleEscape(other ?? "", inClass), text.length];
}

/** Both halves of a surrogate pair, in hex digits. */
const codePointOf = (high: string, low: string): number =>
  String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16)).codePointAt(0) ?? 0;

function simpleEscape(letter: string, inClass: boolean): string {
  if (/[1-9k]/.test(letter)) throw new PatternError(String.raw`takes no back-reference, \1 or \k`);
  if (letter === "s") return inClass ? SPACE : `[${SPACE}]`;
  if (letter === "S") return inClass ? NO_SPACE : `[${NO_SPACE}]`;
  if (letter === "b" && inClass) return codePoint(0x8);
  const control = CONTROLS[letter];
  if (control !== undefined) return codePoint(control);
  return /[dDwWbB]/.test(letter) ? `\\${letter}` : codePoint(letter.codePointAt(0) ?? 0);
}
