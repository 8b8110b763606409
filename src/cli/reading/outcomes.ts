import { z } from "zod";

import { conversationOf } from "./conversation.ts";
import type { Draft } from "./conversation.ts";
import type { Outcome, ReadOptions } from "./reader.ts";
import type { Unread } from "./unreadable.ts";

/**
 * A conversation as lines of the format, and before it what of it cannot be read; a problem alone where nothing was
 * said in it.
 */
export function outcomesOf(
  { unread, ...draft }: Draft & { unread: readonly Unread[] },
  { user = draft.user, now }: ReadOptions,
): Outcome[] {
  const [first] = unread;
  if (draft.messages.length === 0)
    return [
      { problem: first ? `has no message that can be read: ${first.why}` : "has no messages" },
    ];
  return [
    ...unread.map(({ at, why }) => ({ problem: `Message ${at + 1} is left out: ${why}.` })),
    { conversation: conversationOf({ ...draft, user }, now) },
  ];
}

/** A conversation that cannot be read is a problem of its own, and of no other. */
export function orProblem(read: () => Outcome[]): Outcome[] {
  try {
    return read();
  } catch (error) {
    return [{ problem: problemOf(error) }];
  }
}

/** An error in the words that a person reads. */
export const problemOf = (error: unknown): string =>
  error instanceof z.ZodError ? firstOf(error) : (error as Error).message;

function firstOf({ issues: [issue] }: z.ZodError): string {
  if (!issue) return "has another shape";
  const path = issue.path.join(".");
  return path === "" ? `has another shape: ${issue.message}` : `${path}: ${issue.message}`;
}
