/** Progress of undoing an import. */
export interface UndoProgress {
  /** Sessions that it made, and that hold nothing else. */
  sessions: number;
  turns: number;
  /** Sessions that have turns of others as well: these are left. */
  trimmed: number;
  /** Sessions that cannot be undone now. */
  kept: { session_id: string; code: "held" | "busy" }[];
  /** The key after which the next step begins; null after the last. */
  cursor: number | null;
}

export const NOTHING_UNDONE: UndoProgress = {
  sessions: 0,
  turns: 0,
  trimmed: 0,
  kept: [],
  cursor: 0,
};
