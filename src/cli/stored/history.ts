import { phpValueOf } from "./php.ts";
import { toolCallOf } from "../tool-calls.ts";
import type { ToolCall } from "../tool-calls.ts";
import type { FoundMessage } from "../turns.ts";
import { Tally } from "../tally.ts";

/** One of a conversation's messages as it was found: what it says, or why that cannot be told. */
export type Entry = ({ value: unknown } | { why: string }) & {
  /** When it was said, where that is told beside it; ms since the epoch. */
  at?: number;
};

/** The message of a text that is its JSON, or was serialised by PHP; null is for bytes that are no text. */
export function entryOf(text: string | null): Entry {
  if (text === null) return { why: "it is not UTF-8" };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    const value = phpValueOf(text);
    if (value === undefined) return { why: "it is not JSON" };
    // PHP programs serialise JSON, too.
    return typeof value === "string" ? { ...entryOf(value) } : { value };
  }
}

/** What was made of a conversation's messages. */
export interface History {
  messages: FoundMessage[];
  /** Messages that could not be read, by their place among the others, from 0. */
  unread: { at: number; why: string }[];
  left: Tally;
}

/** Why a message cannot be read, for a person. */
export class Unreadable extends Error {}

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
 * @param read - @throws {@link Unreadable}; null for what is known to be no message
 */
export function historyOf(
  entries: readonly Entry[],
  read: (value: unknown, left: Tally) => FoundMessage | null,
  left = new Tally(),
): History {
  const history: History = { messages: [], unread: [], left };
  for (const [at, entry] of entries.entries()) {
    try {
      if ("why" in entry) throw new Unreadable(entry.why);
      const message = read(entry.value, left);
      const said = entry.at === undefined ? {} : { at: entry.at };
      if (message) history.messages.push({ ...said, ...message });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      history.unread.push({ at, why: error.message });
      left.add("messages that cannot be read");
    }
  }
  return history;
}

/** Oldest first, also where the list was pushed to at its head: its times tell. */
export function oldestFirst(history: History): History {
  const times = history.messages.map(({ at }) => at);
  const isKnown = times.every((at) => at !== undefined);
  const falls = times.every((at, index) => index === 0 || (at ?? 0) <= (times[index - 1] ?? 0));
  if (!isKnown || !falls || (times[0] ?? 0) === (times.at(-1) ?? 0)) return history;
  return { ...history, messages: history.messages.toReversed() };
}
