/** Where an export goes on. */
export interface ExportCursor {
  /** The session that is being written, or was last. */
  key: number;
  /** Its turns up to this seq are written. */
  seq: number;
  /** Its turns up to this seq belong to the export: later ones came after its line was written. */
  through: number;
  /** How many turns that is, and how many of them are still to come. */
  all: number;
  left: number;
  /** The part that is being written: its number, and the seqs that it lies between. 0: the session has no parts. */
  part: number;
  start: number;
  end: number;
  /** Versions that are still to come before the turns, and the last one's id. */
  versions: number;
  version: number;
  /** Creation time of the last turn. Another time in its place means that the session was rewritten. */
  at: number;
  /** So far, for the last line. */
  sessions: number;
  turns: number;
  skipped: number;
}

export const EXPORT_START: ExportCursor = {
  key: 0,
  seq: 0,
  through: 0,
  all: 0,
  left: 0,
  part: 0,
  start: 0,
  end: 0,
  versions: 0,
  version: 0,
  at: 0,
  sessions: 0,
  turns: 0,
  skipped: 0,
};
