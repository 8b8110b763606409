/** Why a message cannot be read, for a person. */
export class Unreadable extends Error {}

/** A message that cannot be read, by its place among the others, from 0. */
export interface Unread {
  at: number;
  why: string;
}

/**
 * Reads one message. One that cannot be read is told of, and keeps no other from being read.
 *
 * @returns what was read; undefined for a message that cannot be read
 */
export function readOrNote<T>(read: () => T, place: number, unread: Unread[]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    unread.push({ at: place, why: error.message });
    return undefined;
  }
}

export const UNREAD = "messages that cannot be read";
