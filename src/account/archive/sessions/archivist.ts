import { ApiError } from "../../../shared/errors.ts";
import { callId } from "../../../shared/ids.ts";
import { isHeld } from "../../store/account/account-values.ts";
import { tally } from "../../store/usage/analytics.ts";
import type { Counters } from "../../store/usage/counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import {
  ARCHIVE,
  countSegmentsNotUnder,
  deleteSegment,
  scheduleDeletion,
  objectsToDelete,
  findSegment,
  forgetCopies,
  insertSegment,
  isAll,
  isDoomed,
  recordStaleCopy,
  markLive,
  replaceSegment,
  segmentsNotUnder,
  segmentsWith,
  cancelDeletion,
  staleSegments,
} from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { sessionErased } from "../../../shared/not-found-errors.ts";
import { forgetArchivedTurns } from "../../store/turns/search.ts";
import { dueSessions, moveToSegment, snapshots } from "../../store/retention/retention.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import { bringFrames, framesOf } from "../format/frames.ts";
import type { Archived, Due, Snapshot } from "../../store/retention/retention.ts";
import { PINNED, ownSessions } from "../../store/sessions/session-flags.ts";
import {
  erasedAt,
  findDetails,
  findSession,
  parseFacts,
  parseMetadata,
  putDetails,
} from "../../store/sessions/sessions.ts";
import type { DetailsRow, SessionRow } from "../../store/sessions/sessions.ts";
import { bringState, statesOf } from "../../store/sessions/session-state.ts";
import { isAwaited } from "../../store/turns/background-turns.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { missingIn } from "./insert-record.ts";
import type { Keyring } from "../storage/keyring.ts";
import { manifestKey, segmentKey, segmentName } from "../format/keys.ts";
import { isCacheKey } from "../../../outbound/cache-keys.ts";
import { DELETE_KEYS } from "../storage/object-store.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { FORMAT } from "../format/format.ts";
import { proveLines } from "../format/line-proof.ts";
import { RecordReader, corrupt, recordLines } from "../format/record.ts";
import type { SessionRecord } from "../format/record.ts";
import { rewriteWithout } from "./rewrite.ts";
import { SegmentWriter, indexOffset, parseMembers, sha256 } from "../format/segment.ts";
import type { Segment } from "../format/segment.ts";
import { messageCount, settledView } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";

/** Sessions that one batch archives: few enough to let turns in between, enough for 1 PUT in 500 sessions. */
const BATCH_SESSIONS = 500;
/** A batch ends early past so much compressed text. */
const BATCH_BYTES = 16 * 1024 * 1024;
/** A session beyond this many bytes of text is kept and counted as an error: it would not fit in memory beside its archive. */
const SESSION_MAX_BYTES = 48 * 1024 * 1024;
/** Sessions that are read together and compressed before others get their turn at the event loop. */
const READ_SESSIONS = 50;
/** Past so much text they are read one by one. */
const GROUP_MAX_BYTES = 8 * 1024 * 1024;

export interface ArchivistParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  counters: Counters;
  store: ObjectStore;
  keyring: Keyring;
  accountId: string;
  /** No segment has more bytes, unless a single session does. */
  segmentBytes: number;
  /** Whether the session has a turn on its way. */
  isBusy: (sessionId: string) => boolean;
  /** Called before objects are deleted; what it spares is not. */
  beforeDelete: (objectKeys: readonly string[]) => Promise<void>;
  /** Deletes entries of the cache. */
  forgetCached: (cacheKeys: readonly string[]) => Promise<void>;
  /** Called before sessions' turns leave, for their words to stay in the search index. */
  keepWords: (sessionKeys: readonly number[]) => void;
  /** Called in the transaction that brings a session's turns back. */
  turnsWritten: (sessionKey: number) => void;
  onError: (error: unknown, about: Record<string, string | number>) => void;
}

export interface BatchResult {
  archived: number;
  errors: number;
  /** Written to R2. */
  bytes: number;
  /** Behind which key the next batch begins; null after the last. */
  cursor: number | null;
}

/**
 * Moves sessions between SQLite and R2. The order is always: write, verify, then in one transaction index the archive
 * and delete the rows, of those sessions only that have not changed since. A crash may leave an orphan object, never a
 * hole; and since the object's key is recorded first, the next sweep deletes the orphan.
 */
export class Archivist {
  readonly #parts: ArchivistParts;

  constructor(parts: ArchivistParts) {
    this.#parts = parts;
  }

  /** Archives the next sessions that are due, behind the key `after`. */
  async archiveDue(due: Due, after: number): Promise<BatchResult> {
    const { db } = this.#parts;
    const sessions = dueSessions(db, due, { after, limit: BATCH_SESSIONS });
    const { read, ...result } = await this.#archive(sessions, due.now);
    const cursor =
      read < sessions.length || sessions.length === BATCH_SESSIONS
        ? (sessions[read - 1]?.key ?? null)
        : null;
    return { ...result, cursor };
  }

  /**
   * Archives one session now, due or not.
   *
   * @throws ApiError `session_busy` while a turn is on its way or came in between, `archive_unavailable`
   */
  async archiveNow(session: SessionRow, now: number): Promise<void> {
    const { db, isBusy } = this.#parts;
    const { archived, errors } = await this.#archive(snapshots(db, [session.key]), now);
    if (archived === 1) return;
    if (errors > 0 && !isBusy(session.session_id)) {
      throw new ApiError(
        "archive_unavailable",
        "The session could not be written to its archive; it stays as it was. Try again.",
        { retry_after_ms: 1_000 },
      );
    }
    throw new ApiError(
      "session_busy",
      "A turn is on its way in this session, or has just come. Try again when it is settled.",
      { retry_after_ms: 1_000 },
    );
  }

  /** @param now - when they count as archived */
  async #archive(
    sessions: readonly Snapshot[],
    now: number,
  ): Promise<Omit<BatchResult, "cursor"> & { read: number }> {
    const { keyring, accountId } = this.#parts;
    const key_id = sessions.length === 0 ? null : await keyring.current(now);
    const { writer, archived, errors, read } = await this.#compress(sessions, key_id);
    if (archived.length === 0) return { archived: 0, errors, bytes: 0, read };
    const segment = writer.finish();
    const newest = Math.max(...archived.map(({ snapshot }) => snapshot.last_accessed_at));
    const objectKey = segmentKey(accountId, newest, segment.bytes, key_id !== null);
    try {
      await this.writeSegment(objectKey, segment, now);
    } catch (error) {
      this.#parts.onError(error, { object_key: objectKey, sessions: archived.length });
      return { archived: 0, errors: errors + archived.length, bytes: 0, read };
    }
    const moved = this.#commit(archived, {
      ...ARCHIVE,
      object_key: objectKey,
      bytes: segment.bytes.length,
      members: JSON.stringify(segment.members),
      created_at: now,
      key_id,
    });
    return { archived: moved, errors, bytes: moved > 0 ? segment.bytes.length : 0, read };
  }

  /** Writes a segment that is indexed next. Until then it is doomed, so that no crash leaves an orphan. */
  async writeSegment(objectKey: string, segment: Segment, createdAt: number): Promise<void> {
    const { db, store } = this.#parts;
    db.transaction(() => scheduleDeletion(db, objectKey));
    const offset = indexOffset(segment.members);
    await store.write(objectKey, segment.bytes, {
      contentType: "application/gzip",
      metadata: {
        format: String(FORMAT),
        index_offset: String(offset),
        index_sha256: sha256(segment.bytes.subarray(offset)),
        created_at: String(createdAt),
      },
    });
  }

  /** Brings a session back, whole or not at all, under its own id. @returns how many turns came back, null when it is live */
  async restore(sessionId: string, now: number): Promise<number | null> {
    const { db } = this.#parts;
    const session = findSession(db, sessionId);
    if (!session && erasedAt(db, sessionId) !== null) throw sessionErased();
    if (!session) throw new ApiError("archive_not_found", "There is no archive of this session.");
    if (session.segment === null) return null;
    const record = await this.read(session);
    return db.transaction(() => {
      const current = findSession(db, sessionId);
      // Restored or erased meanwhile: then there is nothing left to do.
      if (current?.segment !== session.segment) return null;
      this.bringBack(current, record, now);
      return record.turns.length;
    });
  }

  /** In a transaction: the archived session is live, with what was read of its archive. */
  bringBack(session: SessionRow, record: SessionRecord, now: number): void {
    const { db, turns, counters } = this.#parts;
    counters.changing();
    turns.insertAll(record.turns);
    bringFrames(this.#parts.frames, session.key, record);
    putDetails(db, session.key, missingIn(record.turns) ?? {});
    this.#parts.turnsWritten(session.key);
    if (record.state) bringState(db, session.key, JSON.stringify(record.state));
    recordStaleCopy(db, session.key, session.segment as number);
    markLive(db, session.key, now);
    tally(db, [session.key], record.turns.at(-1)?.created_at ?? 0, -1);
    counters.sessionAdded({ ...session, accessed_at: now });
    counters.turnsChanged(record.turns.length, countMessages(record.turns));
    counters.archivesChanged(-1, 0);
  }

  /**
   * An archived session: its turns as they lie in R2, its details as they were last set, archived or not.
   *
   * @throws ApiError `archive_corrupt` unless every byte is as it was written, `archive_unavailable` when R2 is away
   */
  async read(session: SessionRow): Promise<SessionRecord> {
    const { db, store, keyring } = this.#parts;
    const segment = session.segment === null ? null : findSegment(db, session.segment);
    if (!segment) throw new ApiError("archive_not_found", "There is no archive of this session.");
    const reader = new RecordReader(session.session_id);
    try {
      for (const member of parseMembers(segment.members).slice(session.member ?? 0)) {
        const record = reader.read(
          await store.readMember(segment.object_key, member, (bytes) => keyring.open(bytes)),
        );
        if (!record) continue;
        const { repaired: _, ...whole } = record;
        return { ...whole, ...recordDetails(findDetails(db, session.key)) };
      }
    } catch (error) {
      // Rewritten under our hands, because another session in it was erased: it lies in the new object now.
      if (findSegment(db, segment.id)?.object_key !== segment.object_key) return this.read(session);
      throw error;
    }
    throw corrupt("it ends before its last turn");
  }

  /** Likewise, for those who need it in one piece. @throws ApiError `archive_too_large` past `bytes` of text */
  async readWhole(session: SessionRow, bytes: number): Promise<SessionRecord> {
    const record = await this.read(session);
    const lines = recordLines(record);
    // Between isolates a character that is not Latin takes two bytes, and the others of its text with it.
    if (2 * sum(lines.map(({ length }) => length)) <= bytes) return record;
    throw new ApiError(
      "archive_too_large",
      "The archive is too large for one reply: page through /sessions/{id}/turns, which reads it too.",
    );
  }

  /**
   * Writes every segment that holds one of the sessions anew without them, parts of backups too if asked. The new ones are indexed
   * by `commit`, in the caller's transaction; the old ones are doomed by it. The sessions
   * leave the search index when all that is written: what cannot go stays findable.
   *
   * @param still - those that may go by then; it throws where none may
   */
  async withoutSessions(
    sessions: readonly SessionRow[],
    { backups, still = () => sessions }: { backups: boolean; still?: () => readonly SessionRow[] },
  ): Promise<{ segments: number; commit: () => void }> {
    const { db } = this.#parts;
    const replaced: { old: SegmentRow; fresh: SegmentRow | null }[] = [];
    const keys = sessions.map(({ key }) => key);
    const gone = new Set(sessions.map(({ session_id }) => session_id));
    for (const old of segmentsWith(db, keys)) {
      if (old.backup_id !== null && !backups) continue;
      // Nothing else is in it: then what it holds need not be read.
      const fresh = isAll(db, old, keys) ? null : await this.rewrite(old, gone);
      if (fresh?.object_key !== old.object_key) replaced.push({ old, fresh });
    }
    await this.unindex(still());
    const commit = () => {
      for (const { old, fresh } of replaced) this.#replace(old, fresh);
      forgetCopies(db, keys);
    };
    return { segments: replaced.length, commit };
  }

  /**
   * Writes a segment anew, without some sessions and with the key of today.
   *
   * @returns the segment as it lies in R2 now, or null when nothing is left in it
   */
  async rewrite(old: SegmentRow, gone: ReadonlySet<string>): Promise<SegmentRow | null> {
    return (await this.#rewrite(old, gone)).fresh;
  }

  async #rewrite(
    old: SegmentRow,
    gone: ReadonlySet<string>,
  ): Promise<{ fresh: SegmentRow | null; repaired: string[] }> {
    const { keyring } = this.#parts;
    const key_id = await keyring.current(Date.now());
    const rewritten = await rewriteWithout(this.#parts, old, gone, key_id);
    if (rewritten === null) return { fresh: null, repaired: [] };
    if (rewritten === "unchanged") return { fresh: old, repaired: [] };
    const { segment, sessions, turns, repaired } = rewritten;
    const folder = old.object_key.slice(0, old.object_key.lastIndexOf("/"));
    const objectKey = `${folder}/${segmentName(segment.bytes, key_id !== null)}`;
    await this.writeSegment(objectKey, segment, old.created_at);
    const fresh = {
      ...old,
      object_key: objectKey,
      bytes: segment.bytes.length,
      members: JSON.stringify(segment.members),
      key_id,
      ...(old.backup_id !== null && { sessions, turns }),
    };
    return { fresh, repaired };
  }

  /**
   * {@link Archivist.rewrite}, and then the new one takes the old one's place.
   *
   * @returns the sessions whose values were brought into bounds
   */
  async rewriteSegment(id: number, gone: ReadonlySet<string>): Promise<string[]> {
    const { db } = this.#parts;
    const old = findSegment(db, id);
    if (!old) return [];
    const { fresh, repaired } = await this.#rewrite(old, gone);
    if (fresh?.object_key !== old.object_key) db.transaction(() => this.#replace(old, fresh));
    return repaired;
  }

  /** In a transaction. @param fresh - null when nothing is left in it */
  #replace(old: SegmentRow, fresh: SegmentRow | null): void {
    const { db, counters, accountId } = this.#parts;
    counters.changing();
    scheduleDeletion(db, old.object_key);
    if (fresh) {
      replaceSegment(db, fresh);
      cancelDeletion(db, fresh.object_key);
    } else {
      deleteSegment(db, old.id);
    }
    if (old.backup_id === null) counters.archivesChanged(0, (fresh?.bytes ?? 0) - old.bytes);
    // It is written anew before anything that is doomed is deleted.
    else scheduleDeletion(db, manifestKey(accountId, old.backup_id));
  }

  /** Encrypts with the key of today what lies under another, or under none. @returns how many segments are left to do */
  async reencrypt(limit: number): Promise<number> {
    const { db, keyring } = this.#parts;
    const key_id = await keyring.current(Date.now());
    if (key_id === null) return 0;
    for (const { id } of segmentsNotUnder(db, key_id, limit))
      await this.rewriteSegment(id, new Set());
    const left = countSegmentsNotUnder(db, key_id);
    if (left === 0) await keyring.drop((id) => id === key_id);
    return left;
  }

  /** Takes archived sessions out of the search index, which needs their words for it: it has no copy of them. */
  async unindex(sessions: readonly SessionRow[]): Promise<void> {
    const { db } = this.#parts;
    for (const session of sessions) {
      if (session.segment === null || session.indexed === 0) continue;
      const { turns } = await this.read(session);
      db.transaction(() => forgetArchivedTurns(db, session, turns));
    }
  }

  /** Deletes what is doomed: orphans of crashes, rewritten segments, segments that nothing is left in. */
  async clean(): Promise<void> {
    const { db, store, counters } = this.#parts;
    const stale = staleSegments(db);
    if (stale.length > 0) {
      db.transaction(() => {
        counters.changing();
        for (const { id, object_key, bytes } of stale) {
          deleteSegment(db, id);
          scheduleDeletion(db, object_key);
          counters.archivesChanged(0, -bytes);
        }
      });
    }
    for (
      let doomed = objectsToDelete(db, DELETE_KEYS);
      doomed.length > 0;
      doomed = objectsToDelete(db, DELETE_KEYS)
    ) {
      await this.#parts.beforeDelete(doomed);
      const [cached, objects] = [
        doomed.filter(isCacheKey),
        doomed.filter((key) => !isCacheKey(key)),
      ];
      await this.#parts.forgetCached(cached);
      if (objects.length > 0) await store.delete(objects.filter((key) => isDoomed(db, key)));
      const deleted = doomed;
      db.transaction(() => deleted.forEach((objectKey) => cancelDeletion(db, objectKey)));
    }
  }

  /** @returns how many of the due were read, the archive of those that could be, and how many could not */
  async #compress(due: readonly Snapshot[], key_id: number | null) {
    const { db, turns, isBusy, keyring, segmentBytes } = this.#parts;
    const writer = new SegmentWriter(
      (bytes) => keyring.seal(bytes, key_id),
      (bytes) => keyring.open(bytes),
    );
    const archived: Archived[] = [];
    let errors = 0;
    let read = 0;
    let full = false;
    while (!full && read < due.length && writer.compressedBytes < BATCH_BYTES) {
      const group = due.slice(read, read + READ_SESSIONS);
      const free = group.filter(({ session_id }) => !isBusy(session_id));
      this.#parts.keepWords(free.map(({ key }) => key));
      const together = this.#try(() =>
        turns.allOf(
          free.map(({ key }) => key),
          GROUP_MAX_BYTES,
        ),
      );
      const states = statesOf(
        db,
        free.map(({ key }) => key),
      );
      for (const snapshot of group) {
        read += 1;
        if (isBusy(snapshot.session_id)) continue;
        // One bad session, or one that is too large, never blocks the rest: it stays, and is counted.
        const all = together?.get(snapshot.key) ?? this.#readAlone(snapshot);
        if (!all) {
          errors += 1;
          continue;
        }
        const last = all.at(-1);
        if (last && isAwaited(db, last, Date.now())) continue;
        const lines = this.#provenLines(snapshot, all, states.get(snapshot.key));
        if (!lines) {
          errors += 1;
          continue;
        }
        // Compressed it is hardly ever longer.
        if (archived.length > 0 && writer.pendingBytes + byteLength(lines) > segmentBytes) {
          read -= 1;
          full = true;
          break;
        }
        const member = writer.add(lines);
        archived.push({ snapshot, member, turns: all.length, messages: countMessages(all) });
      }
      await scheduler.wait(0);
    }
    return { writer, archived, errors, read };
  }

  /** A turn that was never settled goes into the archive as what it is by now: abandoned. */
  #toRecord(snapshot: Snapshot, turns: Turn[], state: string | undefined): SessionRecord {
    return {
      ...recordHead(snapshot, state),
      turns: turns.map((turn) => settledView(turn, Number.POSITIVE_INFINITY)),
      frames: framesOf(this.#parts.frames, snapshot.key, turns),
    };
  }

  /** Null where they cannot be read back: the session stays live then. */
  #provenLines(snapshot: Snapshot, turns: Turn[], state: string | undefined): string[] | null {
    try {
      const lines = recordLines(this.#toRecord(snapshot, turns, state));
      proveLines(lines);
      return lines;
    } catch (error) {
      this.#parts.onError(error, { session_id: snapshot.session_id });
      return null;
    }
  }

  #readAlone({ key, session_id }: Snapshot): Turn[] | null {
    try {
      const all = this.#parts.turns.allOf([key], SESSION_MAX_BYTES)?.get(key);
      if (all) return all;
      throw new Error("the session has more text than one archive takes");
    } catch (error) {
      this.#parts.onError(error, { session_id });
      return null;
    }
  }

  /** Null where it failed: whoever asks then finds out which of the sessions it was. */
  #try<T>(read: () => T): T | null {
    try {
      return read();
    } catch {
      return null;
    }
  }

  /** @returns how many were moved: those that are still what was archived */
  #commit(archived: readonly Archived[], segment: Omit<SegmentRow, "id">): number {
    const { db, counters, isBusy } = this.#parts;
    return db.transaction(() => {
      const now = new Map(
        snapshots(
          db,
          archived.map(({ snapshot }) => snapshot.key),
        ).map((each) => [each.key, JSON.stringify(each)]),
      );
      const held = isHeld(db);
      const unchanged = archived.filter(
        ({ snapshot }) =>
          !held &&
          now.get(snapshot.key) === JSON.stringify(snapshot) &&
          !isBusy(snapshot.session_id),
      );
      if (unchanged.length === 0) return 0;
      counters.changing();
      const id = insertSegment(db, segment);
      const latest = Math.max(...unchanged.map(({ snapshot }) => snapshot.last_accessed_at));
      const keys = unchanged.map(({ snapshot }) => snapshot.key);
      tally(db, keys, latest, 1);
      moveToSegment(db, unchanged, id);
      for (const { snapshot } of archived) {
        // A copy of what stayed live is in the segment all the same: erasing must find it.
        if (!unchanged.some((one) => one.snapshot === snapshot))
          recordStaleCopy(db, snapshot.key, id);
      }
      cancelDeletion(db, segment.object_key);
      for (const { snapshot } of unchanged) counters.sessionRemoved(snapshot);
      counters.turnsChanged(
        -sum(unchanged.map(({ turns }) => turns)),
        -sum(unchanged.map(({ messages }) => messages)),
      );
      const own = ownSessions(unchanged.map(({ snapshot }) => snapshot));
      counters.archivesChanged(own.length, segment.bytes);
      return unchanged.length;
    });
  }
}

/** A live session's record, its turns aside. @param state - JSON; undefined for none */
export function recordHead(
  snapshot: Snapshot,
  state: string | undefined,
): Omit<SessionRecord, "turns"> {
  return {
    session_id: snapshot.session_id,
    key: snapshot.key,
    created_at: snapshot.created_at,
    accessed_at: snapshot.last_accessed_at,
    ...recordDetails(snapshot),
    ...(state !== undefined && { state: JSON.parse(state) as Record<string, unknown> }),
    ...(snapshot.state_version !== null && { state_version: snapshot.state_version }),
    ...((snapshot.flags & PINNED) !== 0 && { pinned: true as const }),
    ...(snapshot.hold !== null && { hold: snapshot.hold }),
  };
}

/** What SQLite keeps of an archived session as well, and may have newer. */
function recordDetails(
  details: RecordedDetails | null,
): Pick<SessionRecord, "assistant" | "user_id" | "metadata" | "role" | "facts" | "summary"> {
  const { assistant = null, user_id = null, role = null, metadata = null } = details ?? {};
  const { facts = null, summary = null, summary_turn = null } = details ?? {};
  return {
    assistant,
    user_id,
    metadata: parseMetadata(metadata),
    ...(role !== null && { role }),
    ...(facts !== null && { facts: parseFacts(facts) }),
    ...(summary !== null && { summary: { text: summary, turn: callId(summary_turn ?? 0) } }),
  };
}

type RecordedDetails = Pick<
  DetailsRow,
  "assistant" | "user_id" | "role" | "metadata" | "facts" | "summary" | "summary_turn"
>;

const byteLength = (lines: readonly string[]): number =>
  sum(lines.map((line) => Buffer.byteLength(line) + 1));
const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);
const countMessages = (turns: readonly Turn[]): number => sum(turns.map(messageCount));
