import { phpValueOf } from "./php.ts";
import { toolCallOf } from "./tool-calls.ts";
import type { ToolCall } from "./tool-calls.ts";
import { Calls } from "./calls.ts";
import type { FoundMessage } from "./turns.ts";
import { Tally } from "./tally.ts";
import { UNREAD, Unreadable, readOrNote } from "./unreadable.ts";
import type { Unread } from "./unreadable.ts";
import { NumberTooLarge, parseJson } from "../../shared/json.ts";

/** One of a conversation's messages as it was found: what it says, or why that cannot be told. */
export type Entry = ({ value: unknown } | { why: string }) & {
  /** When it was said, where that is told beside it; ms since the epoch. */
  at?: number;
};

/** The message of a text that is its JSON, or was serialised by PHP; null is for bytes that are no text. */
export function entryOf(text: string | null): Entry {
  if (text === null) return { why: "it is not UTF-8" };
  try {
    return { value: parseJson(text) };
  } catch (error) {
    if (error instanceof NumberTooLarge) return { why: error.message };
    const value = phpValueOf(text);
    if (value === undefined) return { why: "it is not JSON" };
    // PHP programs serialise JSON, too.
    return typeof value === "string" ? { ...entryOf(value) } : { value };
  }
}

/** A conversation's messages, read. */
export interface History {
  messages: FoundMessage[];
  unread: Unread[];
  left: Tally;
}

/** @throws Unreadable where one of them is no call */
export const toolCallsIn = (values: readonly unknown[]): ToolCall[] =>
  values.map((value) => {
    const call = toolCallOf(value);
    if (call === null) throw new Unreadable("a tool call has no name");
    return call;
  });

/**
 * Reads messages one by one: one that cannot be read is told of, and keeps no other from being read.
 *
 * @param addTo - adds what one says to what was said before; @throws {@link Unreadable}
 */
export function historyOf(
  entries: readonly Entry[],
  addTo: (value: unknown, calls: Calls, left: Tally) => void,
  left = new Tally(),
): History {
  const calls = new Calls();
  const unread: Unread[] = [];
  for (const [place, entry] of entries.entries()) {
    const before = calls.messages.length;
    const read = () => {
      if ("why" in entry) throw new Unreadable(entry.why);
      addTo(entry.value, calls, left);
    };
    readOrNote(read, place, unread);
    for (const message of calls.messages.slice(before)) message.at ??= entry.at;
  }
  left.add(UNREAD, unread.length);
  return { messages: calls.messages, unread, left };
}

/** Oldest first, also where the list was pushed to at its head: its times tell. */
export function oldestFirst(history: History): History {
  const times = history.messages.map(({ at }) => at);
  const isKnown = times.every((at) => at !== undefined);
  const falls = times.every((at, index) => index === 0 || (at ?? 0) <= (times[index - 1] ?? 0));
  if (!isKnown || !falls || (times[0] ?? 0) === (times.at(-1) ?? 0)) return history;
  return { ...history, messages: history.messages.toReversed() };
}
