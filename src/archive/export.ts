import { sessionErased } from "../store/refusals.ts";
import type { Frames } from "../store/frames.ts";
import type { Database } from "../store/database.ts";
import { readerOf } from "../store/messages.ts";
import { snapshots } from "../store/retention.ts";
import { sessionByKey } from "../store/sessions.ts";
import type { SessionRow } from "../store/sessions.ts";
import { statesOf } from "../store/state.ts";
import { settledView } from "../store/turns.ts";
import type { Turn, Turns } from "../store/turns.ts";
import { nextUserSession } from "../store/users.ts";
import type { User } from "../store/users.ts";
import { seqOf, turnId } from "../ids.ts";
import { recordHead } from "./archivist.ts";
import type { Archivist } from "./archivist.ts";
import { frameReader } from "./frames.ts";
import { TurnLines, sessionLine } from "./record.ts";

/** A page ends past so much text. In UTF-16 units. */
const PAGE_LENGTH = 512 * 1024;
/** Turns that are read together: of 1 MiB at most, they stay within what one RPC carries. */
const READ_TURNS = 16;

/** Where an export goes on. */
export interface ExportCursor {
  /** The session that is being written, or was last. */
  key: number;
  /** Its turns up to this seq are written. */
  seq: number;
  /** Its turns up to this seq belong to the export: later ones came after its line was written. */
  through: number;
  /** So far, for the last line. */
  sessions: number;
  turns: number;
}

export const EXPORT_START: ExportCursor = { key: 0, seq: 0, through: 0, sessions: 0, turns: 0 };

export interface ExportPage {
  lines: string[];
  /** Null after the last page. */
  cursor: ExportCursor | null;
}

export interface ExportParts {
  db: Database;
  turns: Turns;
  frames: Frames;
  archivist: Archivist;
}

/**
 * The next lines of everything that a user has, in the archive format, and an `end` line with the counts last: without
 * it the export is not whole. Archived sessions are read where they lie.
 *
 * @throws ApiError `session_erased` when the session that is being written is gone
 */
export async function exportPage(
  parts: ExportParts,
  user: User,
  start: ExportCursor,
  now: number,
): Promise<ExportPage> {
  const { db } = parts;
  const lines: string[] = [];
  const cursor = { ...start };
  let length = 0;
  for (; length < PAGE_LENGTH; length = lines.reduce((sum, line) => sum + line.length, 0)) {
    if (cursor.seq >= cursor.through) {
      const key = nextUserSession(db, user, cursor.key);
      if (key === null) {
        const { sessions, turns } = cursor;
        return {
          lines: [...lines, JSON.stringify({ type: "end", sessions, turns })],
          cursor: null,
        };
      }
      const { line, through } = await head(parts, sessionByKey(db, key));
      lines.push(line);
      Object.assign(cursor, { key, seq: 0, through, sessions: cursor.sessions + 1 });
      continue;
    }
    const next = await nextTurns(parts, sessionByKey(db, cursor.key), cursor);
    const turnLines = new TurnLines(next.textOf, cursor.seq > 0);
    for (const turn of next.turns) {
      lines.push(turnLines.of(withoutLease(settledView(turn, now))));
      cursor.seq = seqOf(turn.id);
      cursor.turns += 1;
    }
  }
  return { lines, cursor };
}

async function head(
  { db, turns, archivist }: ExportParts,
  session: SessionRow | null,
): Promise<{ line: string; through: number }> {
  if (!session) throw sessionErased();
  if (session.segment !== null) {
    const { turns: all, frames: _, ...record } = await archivist.read(session);
    return { line: sessionLine(record, all.length), through: all.length };
  }
  const [snapshot] = snapshots(db, [session.key]);
  if (!snapshot) throw sessionErased();
  const last = turns.last(session.key);
  const through = last === null ? 0 : seqOf(last.id);
  const state = statesOf(db, [session.key]).get(session.key);
  return { line: sessionLine(recordHead(snapshot, state), through), through };
}

async function nextTurns(
  { turns, frames, archivist }: ExportParts,
  session: SessionRow | null,
  { key, seq, through }: ExportCursor,
): Promise<{ turns: Turn[]; textOf: (frame: number) => string | null }> {
  if (!session) throw sessionErased();
  const from = turnId(key, seq + 1);
  const limit = Math.min(READ_TURNS, through - seq);
  const archived = session.segment === null ? null : await archivist.read(session);
  const next = archived
    ? readerOf(archived.turns)("asc", from, limit)
    : turns.list(key, { order: "asc", from, limit });
  if (next.length === 0) throw sessionErased();
  return { turns: next, textOf: frameReader(frames, key, archived) };
}

function withoutLease(turn: Turn): Turn {
  const { lease: _lease, ...extra } = turn.extra;
  return { ...turn, extra };
}
