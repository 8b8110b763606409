import { decodeContent, encodeContent } from "./items.ts";
import type { Content } from "./items.ts";
import { isObject } from "./json-merge-patch.ts";
import { ROW_BYTES } from "./stored-bounds.ts";
import type { Turn } from "./turn.ts";

/** In bytes. Content of a turn that is too large for one row keeps so much in the row: its shorter texts. */
const KEPT_BYTES = 256 * 1024;
/** In UTF-16 units. Shorter texts stay in the row: types, roles, names and ids are shorter. */
export const MIN_TEXT_LENGTH = 1_024;

/** A text that does not lie in its turn's row, and its place: `n` counts the texts of one side of the turn. */
export type TurnPart = [side: "input" | "output", n: number, text: string];

/** A turn's texts as they are stored. */
export interface TurnColumns {
  input: string;
  output: string | null;
  extra: string | null;
  /** Longest texts first. Empty where the row holds all of them. */
  parts: TurnPart[];
}

type Texts = Pick<Turn, "input" | "output" | "extra">;

/**
 * A turn as its row holds it. A turn that is too large for one row leaves its longest texts out, each with an empty text
 * in its place. The same turn always gives the same row.
 */
export function columnsOf(turn: Texts): TurnColumns {
  const input = encodeContent(turn.input, "user");
  const output = turn.output === null ? null : encodeContent(turn.output, "assistant");
  const extra = Object.keys(turn.extra).length === 0 ? null : JSON.stringify(turn.extra);
  const columns = { input, output, extra, parts: [] };
  return isWithin(columns, ROW_BYTES) ? columns : split(turn, columns);
}

/** Whether a turn can be stored: its short texts fit into a row. */
export const fitsRow = (turn: Texts): boolean => isWithin(columnsOf(turn), ROW_BYTES);

function isWithin(
  { input, output, extra }: Pick<TurnColumns, "input" | "output" | "extra">,
  bytes: number,
) {
  const texts = [input, output ?? "", extra ?? ""];
  // UTF-8 takes at most 3 bytes a UTF-16 unit: most turns need no encoding.
  if (texts.reduce((sum, { length }) => sum + length, 0) * 3 <= bytes) return true;
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) <= bytes;
}

function split(turn: Texts, { input, output, extra }: TurnColumns): TurnColumns {
  const texts: TurnPart[] = [
    ...textsIn(turn.input, "user").map((text, n): TurnPart => ["input", n, text]),
    ...textsIn(turn.output ?? [], "assistant").map((text, n): TurnPart => ["output", n, text]),
  ];
  const kept = Math.max(0, Math.min(KEPT_BYTES, ROW_BYTES - Buffer.byteLength(extra ?? "")));
  let left = Buffer.byteLength(input) + Buffer.byteLength(output ?? "");
  const parts: TurnPart[] = [];
  for (const part of texts.toSorted(([, , one], [, , other]) => other.length - one.length)) {
    if (left <= kept || part[2].length < MIN_TEXT_LENGTH) break;
    parts.push(part);
    left -= Buffer.byteLength(JSON.stringify(part[2]));
  }
  const without = (content: Content, side: TurnPart[0]): string => {
    const role = roleOf(side);
    const places = new Set(parts.flatMap(([of, n]) => (of === side ? [n] : [])));
    const rest = mapTexts(asStored(content, role), (text, n) => (places.has(n) ? "" : text));
    return encodeContent(rest as Content, role);
  };
  return {
    input: without(turn.input, "input"),
    output: turn.output === null ? null : without(turn.output, "output"),
    extra,
    parts,
  };
}

/** Stored content with its texts in their places. */
export function contentOf(stored: string, side: TurnPart[0], parts: readonly TurnPart[]): Content {
  if (parts.length === 0) return decodeContent(stored, roleOf(side));
  const texts = new Map(parts.flatMap(([of, n, text]) => (of === side ? [[n, text]] : [])));
  const fill = (value: unknown) => mapTexts(value, (text, n) => texts.get(n) ?? text);
  return decodeContent(stored, roleOf(side), fill);
}

const roleOf = (side: TurnPart[0]) => (side === "input" ? "user" : "assistant");

/** Some texts are stored as a list of one message. */
function asStored(content: Content, role: "user" | "assistant"): unknown {
  const isPlain = typeof content !== "string" || encodeContent(content, role) === content;
  return isPlain ? content : [{ type: "message", role, content }];
}

function textsIn(content: Content, role: "user" | "assistant"): string[] {
  const texts: string[] = [];
  mapTexts(asStored(content, role), (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}

/** Each text in a value changed, in the order that JSON has. @param change - gets the text's number, from 0 */
function mapTexts(value: unknown, change: (text: string, n: number) => string): unknown {
  let n = -1;
  const walk = (each: unknown): unknown => {
    if (typeof each === "string") {
      n += 1;
      return change(each, n);
    }
    if (Array.isArray(each)) return each.map(walk);
    if (!isObject(each)) return each;
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, walk(inner)]));
  };
  return walk(value);
}
