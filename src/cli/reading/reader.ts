import type { Conversation } from "../source.ts";

export interface ReadOptions {
  /** Which branches of a conversation: the one that was shown last, or each as a session of its own. */
  branches?: "active" | "all";
  /** The user that all sessions belong to. */
  user?: string;
  /** Ms since the epoch: no message was said later. */
  now: number;
  /** Is told of bytes of files as they are read. */
  onBytes?: (bytes: number) => void;
  /** Conversations that are in the export more than once. */
  copies?: Copies;
}

/** See `files/copies.ts`. */
export interface Copies {
  isShorter(id: string, messages: number): boolean;
  others(id: string): number;
}

export type Outcome = { conversation: Conversation } | { problem: string };

/** The entry at one place of a file. */
export interface Entry {
  from: string;
  /** Is called where the entry is wanted: an import that goes on after it only counts it. */
  read: () => Outcome[];
}

/**
 * Reads one kind of file.
 *
 * @throws Error where the file breaks off, after all that was whole
 */
export type Reader = (path: string, options: ReadOptions) => AsyncIterable<Entry>;
