import type { RequestKeys } from "../../store/turns/request-keys.ts";
import type { DetachParts } from "./detach-session.ts";
import type { Archivist } from "./archivist.ts";
import type { ArchivedSession } from "./live-record.ts";
import type { Unreadable } from "./read-archive.ts";

export type ImportParts = DetachParts & {
  archivist: Archivist;
  lifecycle: { isBusy: (sessionId: string) => boolean };
};

/**
 * Why a session that can be read was not taken. `facts_full`: its user would have more facts than the API takes. `damaged`: the
 * archive of the session that is there is damaged or locked, so the two cannot be compared.
 */
export const NOT_TAKEN = ["exists", "erased", "held", "busy", "facts_full", "damaged"] as const;
export type NotTaken = (typeof NOT_TAKEN)[number];

/** Outcome for a session of a backup or an import. */
export type RecordImport =
  | "created"
  | "replaced"
  /** It took the place of one whose archive cannot be read. */
  | "repaired"
  | "merged"
  /** There already, just as it came. */
  | "unchanged"
  | NotTaken;

export const isNotTaken = (done: RecordImport): done is NotTaken =>
  NOT_TAKEN.some((each) => each === done);

/** `newer`: a copy that continues the session replaces it; every other copy is left out. */
export type OnConflict = "newer" | "skip" | "replace" | "merge" | "fail";

/** A merge in several steps. What a step appended is not taken for what was there. */
export interface Merging {
  /** The turns that were there, by their hashes: how many of each no step has met so far. Null before the first step. */
  known: Map<string, number> | null;
}

/** What is archived of incoming sessions, by their ids: as it was read, or why it cannot be. */
export type Archived = ReadonlyMap<string, ArchivedSession | Unreadable>;

export const isUnread = (
  archived: ArchivedSession | Unreadable | undefined,
): archived is Unreadable => archived === "damaged" || archived === "locked";

export interface ImportRecordOptions {
  on_conflict: OnConflict;
  /**
   * The backup that it comes from: it may take the place of a session whose archive cannot be read. That has left the search
   * index by then.
   */
  backupId?: string;
  /** Says what would become of it, and writes nothing. */
  onlyCheck: boolean;
  /** The import's `imports.number`; null for a backup. */
  import: number | null;
  archived: Archived;
  /** Of the sessions that are there. */
  requestKeys: RequestKeys;
  /** Ms since the epoch. */
  now: number;
  /** Where a session is merged part by part: one object for all of its parts. */
  merging?: Merging;
  /** Called before a session is created, to refuse where there is no room. */
  beforeCreate?: () => void;
}

export interface RecordImportResult {
  done: RecordImport;
  /** Turns that it brought. */
  turns: number;
  /** The session's, where it was created or replaced. */
  key?: number;
}
