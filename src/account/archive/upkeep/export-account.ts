import { ApiError, isUnreadable } from "../../../shared/errors.ts";
import { readWhereItLies } from "../../store/archive/read-where-it-lies.ts";
import { sessionErased } from "../../../shared/not-found-errors.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { TurnReader } from "../../conversation/read-messages.ts";
import { snapshots } from "../../store/retention/retention.ts";
import { findDetails, sessionByKey } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { countHeldVersions, heldVersions } from "../../store/sessions/held-versions.ts";
import { statesOf } from "../../store/sessions/session-state.ts";
import { settledTurn } from "../../store/turns/stream-pieces.ts";
import { nextSpan } from "../../store/turns/turn-spans.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { partsOf } from "../../store/archive/session-parts.ts";
import { countExported, nextExported } from "../../store/sessions/export-filter.ts";
import type { ExportFilter } from "../../store/sessions/export-filter.ts";
import { seqOf, turnId } from "../../../shared/ids.ts";
import { factsIn, recordFlags, recordHead } from "../sessions/record-head.ts";
import type { Archivist } from "../sessions/archivist.ts";
import { frameReader } from "../format/frames.ts";
import { partHead, sessionLine, versionLine } from "../format/record-lines.ts";
import { TurnLines } from "../format/record.ts";
import type { SessionHead } from "../format/record.ts";
import type { Turn } from "../../../shared/turn.ts";
import { EXPORT_START } from "./export-cursor.ts";
import type { ExportCursor } from "./export-cursor.ts";
import { nextTurnSpan } from "./export-spans.ts";
import type { PartSpan } from "./export-spans.ts";
import { LastArchive } from "./last-archive.ts";

/** A page ends past so much text. In UTF-16 units. */
const PAGE_LENGTH = 512 * 1024;
/** Turns that are read together. */
const READ_TURNS = 16;

export interface ExportPage {
  /** How many sessions there are in all; on the first page only. */
  total: number | null;
  lines: string[];
  /** Null after the last page. */
  cursor: ExportCursor | null;
}

/** A page as it crosses: as a string, a line with one character that is not Latin would take two bytes for each. */
export interface SentPage extends Omit<ExportPage, "lines"> {
  bytes: Uint8Array;
}

export const sentPage = ({ lines, ...page }: ExportPage): SentPage => ({
  ...page,
  bytes: new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")),
});

export interface ExportParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  archivist: Archivist;
}

/**
 * The next lines of every session that fits the filter, and an `end` line with the counts last: without it the export is
 * not whole. Archived sessions are read where they lie. A session that cannot be read is named in a `skipped` line, as a
 * backup names it, and keeps no other from being exported. Where that shows late, a part of the session has come before.
 *
 * @throws ApiError `session_erased` when the session that is being written is gone
 */
export async function exportPage(
  parts: ExportParts,
  filter: ExportFilter,
  start: ExportCursor,
  now: number,
): Promise<ExportPage> {
  const { db } = parts;
  const total = start.key === 0 ? countExported(db, filter) : null;
  // A cursor of an older version has no parts.
  const known: Partial<ExportCursor> = start;
  const cursor = { ...EXPORT_START, end: start.through, ...known };
  const page: Page = { lines: [], length: 0 };
  const writing = { ...parts, page, cursor, archives: new LastArchive(parts.archivist) };
  while (page.length < PAGE_LENGTH) {
    if (isBetween(cursor) && !beginNext(writing, filter)) {
      const { sessions, turns, skipped } = cursor;
      push(page, JSON.stringify({ type: "end", sessions, turns, ...(skipped > 0 && { skipped }) }));
      return { total, lines: page.lines, cursor: null };
    }
    try {
      await readWhereItLies(db, cursor.key, () => writeOn(writing, now));
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      skipSession(writing);
    }
  }
  return { total, lines: page.lines, cursor };
}

interface Page {
  lines: string[];
  /** In UTF-16 units. */
  length: number;
}

type Writing = ExportParts & { page: Page; cursor: ExportCursor; archives: LastArchive };

function push(page: Page, line: string): void {
  page.lines.push(line);
  page.length += line.length;
}

/** Whether all of the session is written. */
const isBetween = ({ versions, seq, through }: ExportCursor): boolean =>
  versions === 0 && seq >= through;

/** A session of which no line is written yet. */
const UNOPENED = -1;

/** @returns whether there is a next session */
function beginNext({ db, cursor }: Writing, filter: ExportFilter): boolean {
  if (cursor.left !== 0) throw rewritten();
  const key = nextExported(db, filter, cursor.key);
  if (key === null) return false;
  Object.assign(cursor, { key, seq: UNOPENED, through: 0, end: 0, all: 0, versions: 0 });
  return true;
}

/** Writes the next lines of the session: its first, some versions, the first of a part, or some turns. */
async function writeOn(writing: Writing, now: number): Promise<void> {
  const { db, page, cursor, archives } = writing;
  if (cursor.seq === UNOPENED) return openNext(writing);
  if (cursor.versions > 0) {
    const next = heldVersions(db, cursor.key, cursor.version, READ_TURNS);
    // A hold was lifted meanwhile, or the session was erased.
    if (next.length === 0) throw rewritten();
    for (const { id, ...version } of next.slice(0, cursor.versions)) {
      push(page, versionLine(version));
      cursor.version = id;
      cursor.versions -= 1;
    }
    return;
  }
  if (cursor.seq >= cursor.end) return push(page, await nextPart(writing, archives, cursor));
  const next = await nextTurns(writing, archives, sessionByKey(db, cursor.key), cursor);
  // Each part names its system message, as each session does.
  const before = cursor.seq === cursor.start ? null : next.before;
  const turnLines = new TurnLines(next.textOf, before);
  for (const turn of next.turns) {
    push(page, turnLines.of(settledTurn(db, turn, now)));
    cursor.seq = seqOf(turn.id);
    cursor.at = turn.created_at;
    cursor.turns += 1;
    cursor.left -= 1;
    // One RPC takes 32 MiB, and a turn may be 20 MiB.
    if (page.length >= PAGE_LENGTH) break;
  }
}

async function openNext(writing: Writing): Promise<void> {
  const { db, page, cursor, archives } = writing;
  const session = sessionByKey(db, cursor.key);
  const begun = session && (await openSession(writing, archives, session));
  if (!begun) {
    // It was erased before a line of it was written.
    cursor.seq = 0;
    return;
  }
  const { head, through, all, versions, isLarge } = begun;
  const opened = { ...cursor, seq: 0, through, all, left: all, versions };
  Object.assign(opened, { version: 0, part: 0, start: 0, end: isLarge ? 0 : through });
  const line = isLarge
    ? await nextPart(writing, archives, opened, begun)
    : sessionLine(head, all, versions);
  Object.assign(cursor, opened);
  cursor.sessions += 1;
  push(page, line);
}

/** Names the session that cannot be read, and is done with it. */
function skipSession({ db, page, cursor }: Writing): void {
  const session = sessionByKey(db, cursor.key);
  if (!session) throw sessionErased();
  const { session_id } = session;
  push(page, JSON.stringify({ type: "skipped", session_id, code: "archive_corrupt" }));
  cursor.skipped += 1;
  Object.assign(cursor, { seq: 0, through: 0, end: 0, left: 0, versions: 0 });
}

/** The stream breaks off then: there is no end line to it. */
const rewritten = (): ApiError =>
  new ApiError("session_busy", "A session was rewritten while it was exported. Export again.");

const lastSeq = (turn: Turn | null | undefined): number => (turn ? seqOf(turn.id) : 0);

interface Begun {
  head: SessionHead;
  through: number;
  all: number;
  versions: number;
  /** Whether it goes over several parts. */
  isLarge: boolean;
  /** The turns of the first. Null: that is not known. */
  span: PartSpan | null;
}

/** What an export takes of a session, as it is now. Null: it is gone. */
async function openSession(
  parts: ExportParts,
  archives: LastArchive,
  session: SessionRow,
): Promise<Begun | null> {
  const { db, turns } = parts;
  const { key } = session;
  const versions = countHeldVersions(db, key);
  if (session.segment !== null) {
    const archive = archives.of(session);
    const { frames: _, ...record } = await archive.head();
    const head = { ...record, ...recordFlags(db, key), ...factsIn(db, key) };
    const [last] = await archive.reading((read) => read("desc", null, 1));
    const through = lastSeq(last);
    const isInParts = partsOf(db, session).length > 1;
    const span = isInParts
      ? null
      : await nextTurnSpan(parts, archives.ofAny, key, { seq: 0, through });
    const isLarge = isInParts || (span !== null && span.last < through);
    return { head, through, all: session.turns ?? 0, versions, isLarge, span };
  }
  const [snapshot] = snapshots(db, [key]);
  if (!snapshot) throw sessionErased();
  const through = turns.lastSeq(key);
  const missing = findDetails(db, key)?.missing ?? 0;
  const head = { ...recordHead(snapshot, statesOf(db, [key]).get(key)), ...factsIn(db, key) };
  const span = await nextTurnSpan(parts, archives.ofAny, key, { seq: 0, through });
  if (!sessionByKey(db, key)) return null;
  const isLarge = span !== null && span.last < through;
  return { head, through, all: through - missing, versions, isLarge, span };
}

/**
 * The session line of the next part, where the cursor goes on then. The part is as large as one of an archive: an import
 * takes no more together.
 *
 * @param first - for the first part of the session
 */
async function nextPart(
  parts: ExportParts,
  archives: LastArchive,
  cursor: ExportCursor,
  first?: Begun,
): Promise<string> {
  const { key, seq, through, all, left, versions } = cursor;
  const [snapshot] = snapshots(parts.db, [key]);
  if (!snapshot) throw sessionErased();
  const span = first?.span ?? (await nextTurnSpan(parts, archives.ofAny, key, { seq, through }));
  if (span === null) throw sessionByKey(parts.db, key) ? rewritten() : sessionErased();
  const part = { number: cursor.part + 1, before: all - left, all };
  const head = partHead(first?.head ?? recordHead(snapshot, undefined), part);
  Object.assign(cursor, { part: part.number, start: seq, end: span.last });
  return sessionLine(head, span.turns, first ? versions : 0);
}

async function nextTurns(
  { db, turns, frames }: ExportParts,
  archives: LastArchive,
  session: SessionRow | null,
  { key, seq, end, at }: ExportCursor,
): Promise<{
  turns: Turn[];
  textOf: (frame: number) => string | null;
  before: number | null | undefined;
}> {
  if (!session) throw sessionErased();
  const from = turnId(key, seq + 1);
  const archive = archives.ofAny(session);
  // Long turns fill a page before they are as many.
  const page = { after: turnId(key, seq), through: turnId(key, end), bytes: PAGE_LENGTH };
  const limit = archive
    ? Math.min(READ_TURNS, end - seq)
    : (nextSpan(db, { ...page, most: READ_TURNS })?.turns ?? 0);
  // With the turn whose system message the first line compares with, so that lines do not depend on pages.
  const work = (read: TurnReader) => ({
    next: read("asc", from, limit),
    before: read("desc", from - 1, 1)[0],
  });
  const { next, before } = archive
    ? await archive.reading(work)
    : work((order, begin, count) =>
        turns.list(key, { order, from: begin, limit: count, heads: order === "desc" }),
      );
  if (next.length === 0) throw sessionErased();
  if (seq > 0 && (before?.id !== turnId(key, seq) || before.created_at !== at)) throw rewritten();
  const textOf = archive?.textOf ?? frameReader(frames, key, null);
  return { turns: next, textOf, before: before?.frame ?? null };
}
