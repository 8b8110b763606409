import { letOthersRun } from "../../../shared/let-others-run.ts";
import { ApiError } from "../../../shared/errors.ts";
import { ARCHIVE } from "../../store/archive/archives.ts";
import { sessionErased } from "../../../shared/not-found-errors.ts";
import { dueSessions, snapshots } from "../../store/retention/retention.ts";
import type { Due, Snapshot } from "../../store/retention/retention.ts";
import { isLastAwaited } from "../../store/turns/background-turns.ts";
import { erasedAt, findSession } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { segmentKey } from "../format/keys.ts";
import type { SessionRecord } from "../format/record.ts";
import { sha256OfSegment } from "../format/segment.ts";
import { ArchivedTurns } from "./archived-turns.ts";
import { bringBack, bringParts, dropHalfBack, makeWholeLive, restoreParts } from "./bring-back.ts";
import type { BringBackParts } from "./bring-back.ts";
import { checkOwnFault } from "./common-fault.ts";
import { compressSessions, needsParts, partBytes } from "./compress-sessions.ts";
import type { CompressParts } from "./compress-sessions.ts";
import { deleteObjects } from "./delete-objects.ts";
import type { DeleteObjectsParts } from "./delete-objects.ts";
import { moveToArchive } from "./move-to-archive.ts";
import type { Staying } from "./move-to-archive.ts";
import { readParts, readWholeArchive, unindex } from "./read-archive.ts";
import type { ReadArchiveParts } from "./read-archive.ts";
import { reencrypt, rewriteSegment, withoutSessions, withoutTurn } from "./rewrite-segments.ts";
import type {
  Reencrypted,
  RewriteParts,
  WithoutOptions,
  WithoutSessions,
} from "./rewrite-segments.ts";
import { writeParts } from "./write-parts.ts";
import { writeSegment } from "./write-segment.ts";

/** Sessions that one batch archives: few enough to let turns in between, enough for 1 PUT in 500 sessions. */
const BATCH_SESSIONS = 500;

export type ArchivistParts = CompressParts &
  BringBackParts &
  ReadArchiveParts &
  RewriteParts &
  DeleteObjectsParts;

export interface BatchResult {
  archived: number;
  errors: number;
  /** Written to R2. */
  bytes: number;
  /** The key after which the next batch begins; null after the last. */
  cursor: number | null;
}

type ArchiveResult = Omit<BatchResult, "cursor"> & { read: number };

/**
 * Moves sessions between SQLite and R2. The order is always: write, verify, then index the archive and delete the rows,
 * of those sessions only that have not changed since: see `moveToArchive`. A crash may leave an orphan object, never a
 * hole; and since the object's key is recorded first, the next sweep deletes the orphan.
 */
export class Archivist {
  readonly #parts: ArchivistParts;

  constructor(parts: ArchivistParts) {
    this.#parts = parts;
  }

  /** Archives the next sessions that are due, after the key `after`. */
  archiveDue(due: Due, after: number): Promise<BatchResult> {
    const { db, turns } = this.#parts;
    return turns.watching(async (written) => {
      const sessions = await dueSessions(db, due, { after, limit: BATCH_SESSIONS });
      await letOthersRun();
      const { read, ...result } = await this.#archive(
        sessions,
        { written, isSweep: true },
        due.now,
      );
      const cursor =
        read < sessions.length || sessions.length === BATCH_SESSIONS
          ? (sessions[read - 1]?.key ?? null)
          : null;
      return { ...result, cursor };
    });
  }

  /**
   * Archives one session now, due or not, and also under a legal hold: nothing of it is lost, and nothing may erase it there.
   *
   * @throws ApiError `session_busy` while a turn is on its way or came in between, `archive_unavailable`
   */
  async archiveNow(session: SessionRow, now: number): Promise<void> {
    const { db, turns, isBusy } = this.#parts;
    const { archived, errors } = await turns.watching((written) =>
      this.#archive(snapshots(db, [session.key]), { written, isSweep: false }, now),
    );
    if (archived === 1) return;
    if (errors > 0 && !isBusy(session.session_id)) {
      throw new ApiError(
        "archive_unavailable",
        "The session could not be archived, and is unchanged. Try again.",
        { retry_after_ms: 1_000 },
      );
    }
    throw new ApiError(
      "session_busy",
      "A turn is in progress in this session, or has just begun. Try again when it has ended.",
      { retry_after_ms: 1_000 },
    );
  }

  /**
   * @param staying - see {@link moveToArchive}
   * @param now - when they count as archived
   */
  async #archive(
    sessions: readonly Snapshot[],
    staying: Staying,
    now: number,
  ): Promise<ArchiveResult> {
    const { keyring, accountId } = this.#parts;
    const key_id = sessions.length === 0 ? null : await keyring.current(now);
    const { writer, archived, errors, read, isIndexed, large } = await compressSessions(
      this.#parts,
      sessions,
      staying.written,
      key_id,
    );
    if (large) {
      const parted = await this.#archiveParts(large, staying, key_id, now);
      return { ...parted, errors: errors + parted.errors, read };
    }
    if (archived.length === 0) return { archived: 0, errors, bytes: 0, read };
    const segment = writer.finish();
    const newest = Math.max(...archived.map(({ snapshot }) => snapshot.last_accessed_at));
    const hash = await sha256OfSegment(segment.bytes);
    const objectKey = segmentKey(accountId, newest, hash, key_id !== null);
    try {
      await writeSegment(this.#parts, objectKey, { ...segment, hash }, now);
    } catch (error) {
      checkOwnFault(error);
      this.#parts.onError(error, { object_key: objectKey, sessions: archived.length });
      return { archived: 0, errors: errors + archived.length, bytes: 0, read };
    }
    const row = {
      ...ARCHIVE,
      object_key: objectKey,
      bytes: segment.bytes.length,
      members: JSON.stringify(segment.members),
      created_at: now,
      key_id,
      indexed: isIndexed ? null : 0,
    };
    const moved = await moveToArchive(this.#parts, archived, staying, [
      { row, first_seq: 0, last_seq: 0 },
    ]);
    return {
      archived: moved.sessions,
      errors: errors + moved.errors,
      bytes: moved.sessions > 0 ? segment.bytes.length : 0,
      read,
    };
  }

  /** A session that is too large for one segment goes over several. It moves when all of them are written. */
  async #archiveParts(
    snapshot: Snapshot,
    staying: Staying,
    key_id: number | null,
    now: number,
  ): Promise<Omit<BatchResult, "cursor">> {
    if (isLastAwaited(this.#parts, snapshot.key, Date.now()))
      return { archived: 0, errors: 0, bytes: 0 };
    try {
      const { archived, segments } = await writeParts(this.#parts, snapshot, key_id, now);
      const moved = await moveToArchive(this.#parts, [archived], staying, segments);
      const bytes = segments.reduce((sum, { row }) => sum + row.bytes, 0);
      return {
        archived: moved.sessions,
        errors: moved.errors,
        bytes: moved.sessions > 0 ? bytes : 0,
      };
    } catch (error) {
      checkOwnFault(error);
      // It changed meanwhile, and stays live as other sessions do that changed.
      if (staying.written.has(snapshot.key)) return { archived: 0, errors: 0, bytes: 0 };
      this.#parts.onError(error, { session_id: snapshot.session_id });
      return { archived: 0, errors: 1, bytes: 0 };
    }
  }

  /** Brings a session back, whole or not at all, under its own id. @returns how many turns came back, null when it is live */
  async restore(sessionId: string, now: number): Promise<number | null> {
    const { db } = this.#parts;
    const session = findSession(db, sessionId);
    if (!session && erasedAt(db, sessionId) !== null) throw sessionErased();
    if (!session) throw new ApiError("archive_not_found", "There is no archive of this session.");
    return session.segment === null ? null : restoreParts(this.#parts, session, now);
  }

  /** {@link restoreParts}, up to the part that lies in that segment, or all. It keeps its time of last access. */
  restoreThrough(session: SessionRow, through?: number): Promise<number | null> {
    return restoreParts(this.#parts, session, session.accessed_at, { through });
  }

  /** {@link bringBack} */
  bringBack(session: SessionRow, record: SessionRecord, now: number): void {
    // A restore that was cut off may have brought some of it.
    dropHalfBack(this.#parts, [session.key]);
    bringBack(this.#parts, session, record, now);
  }

  /** {@link bringParts} */
  bringParts(session: SessionRow): Promise<boolean> {
    return bringParts(this.#parts, session);
  }

  /** {@link makeWholeLive} */
  makeLive(session: SessionRow, now: number): void {
    makeWholeLive(this.#parts, session, now);
  }

  /** {@link dropHalfBack} */
  dropHalfBack(keys: readonly number[]): void {
    dropHalfBack(this.#parts, keys);
  }

  /** An archived session's turns, read where they lie, a part at a time. */
  turnsOf(session: SessionRow): ArchivedTurns {
    return new ArchivedTurns(this.#parts, session);
  }

  /** {@link partBytes} */
  get partBytes(): number {
    return partBytes(this.#parts);
  }

  /** {@link needsParts} */
  needsParts(key: number, through: number): boolean {
    return needsParts(this.#parts, key, through);
  }

  /** {@link readParts} */
  readParts(session: SessionRow): AsyncGenerator<SessionRecord> {
    return readParts(this.#parts, session);
  }

  /** {@link readWholeArchive} */
  readWhole(session: SessionRow, bytes: number): Promise<SessionRecord> {
    return readWholeArchive(this.#parts, session, bytes);
  }

  /** {@link unindex} */
  unindex(sessions: readonly SessionRow[]): Promise<Map<number, number | null>> {
    return unindex(this.#parts, sessions);
  }

  /** {@link withoutSessions} */
  withoutSessions(
    sessions: readonly SessionRow[],
    options: WithoutOptions,
  ): Promise<WithoutSessions> {
    dropHalfBack(
      this.#parts,
      sessions.map(({ key }) => key),
    );
    return withoutSessions(this.#parts, sessions, options);
  }

  /** {@link withoutTurn} */
  withoutTurn(session: SessionRow, seq: number): Promise<() => void> {
    return withoutTurn(this.#parts, session, seq);
  }

  /** {@link rewriteSegment} */
  rewriteSegment(id: number, gone: ReadonlySet<string>): Promise<string[]> {
    return rewriteSegment(this.#parts, id, gone);
  }

  /** {@link reencrypt} */
  reencrypt(limit: number): Promise<Reencrypted> {
    return reencrypt(this.#parts, limit);
  }

  /** {@link deleteObjects} */
  clean(): Promise<void> {
    dropHalfBack(this.#parts);
    return deleteObjects(this.#parts);
  }
}
