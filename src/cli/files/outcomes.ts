import { z } from "zod";

import { conversationOf } from "../conversation.ts";
import type { Draft } from "../conversation.ts";
import type { FileOptions, Outcome } from "./reader.ts";

/** A conversation as lines of the format; a problem where nothing was said in it. */
export const outcomeOf = (draft: Draft, { user = draft.user }: FileOptions): Outcome =>
  draft.messages.length === 0
    ? { problem: "has no messages" }
    : { conversation: conversationOf({ ...draft, user }) };

/** A conversation that cannot be read is a problem of its own, and of no other. */
export function outcomesOf(read: () => Outcome[]): Outcome[] {
  try {
    return read();
  } catch (error) {
    return [{ problem: error instanceof z.ZodError ? firstOf(error) : (error as Error).message }];
  }
}

function firstOf({ issues: [issue] }: z.ZodError): string {
  if (!issue) return "has another shape";
  const path = issue.path.join(".");
  return path === "" ? `has another shape: ${issue.message}` : `${path}: ${issue.message}`;
}
