import type { Calls } from "./calls.ts";
import type { Tally } from "./tally.ts";

/** A message as a source has it: where it stands among the others, and how to read what it says. */
export interface RawMessage {
  /** The id by which others name it as their parent. */
  id?: string | undefined;
  /** The message before it; null: it is a first one; undefined: it follows the message that stands before it. */
  parent?: string | null | undefined;
  /** When it was said, where the source tells; ms since the epoch. */
  at?: number | undefined;
  /** Adds what it says to what was said before. @throws Unreadable */
  addTo: (calls: Calls, left: Tally) => void;
}
