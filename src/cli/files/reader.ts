import type { Conversation } from "../source.ts";

export interface FileOptions {
  /** Of a conversation with branches: the one that was shown last, or each as a session of its own. */
  branches?: "active" | "all";
  /** Whose all sessions are to be. */
  user?: string;
}

export type Outcome = { conversation: Conversation } | { problem: string };

/** What lies at one place of a file. */
export interface Entry {
  from: string;
  /** It is read when it is asked for: whoever goes on behind it only counts it. One for each branch. */
  read: () => Outcome[];
}

/**
 * Reads one kind of file.
 *
 * @throws Error where the file breaks off, after all that was whole
 */
export type Reader = (path: string, options: FileOptions) => AsyncIterable<Entry>;
