import type { SessionLine, TurnLine, VersionLine } from "../account/archive/format/format.ts";

/** A conversation of a source, as lines of the format: see docs/format.md. */
export interface Conversation {
  session: SessionLine;
  /** Items that a legal hold kept, in our own format alone. */
  versions?: VersionLine[];
  turns: TurnLine[];
  /** Parts that the format has no place for, counted by kind: `reasoning`, `audio`. */
  left_out?: Record<string, number>;
}

/** The content of one place of a source. */
export type Found = {
  /** The place, for a person: a Redis key, an id, a line. */
  from: string;
  /** The place from which {@link Source.read} continues after it. */
  position: string;
} & (
  | { conversation: Conversation }
  /** It is there, and cannot be read. */
  | { problem: string }
);

/** Where conversations are. It is only read: nothing of it is changed, and no key's time to live renewed. */
export interface Source {
  /** About how many conversations there are; null where that is not known before they are read. */
  total(): Promise<number | null>;
  /** How far files are read. Their conversations are not counted before. */
  bytes?(): Promise<{ total: number; read: () => number }>;
  /**
   * Every conversation, always in the same order, and each time with the same content: what was taken before is then
   * found to be the same, and not taken twice.
   *
   * @param after - a `position` to go on after; null from the beginning
   */
  read(after: string | null): AsyncIterable<Found>;
  close(): Promise<void>;
}
