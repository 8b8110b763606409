import { ApiError } from "../errors.ts";
import { callId } from "../ids.ts";
import { isHeld } from "../store/account.ts";
import type { Counters } from "../store/counters.ts";
import type { Database } from "../store/database.ts";
import {
  deleteSegment,
  doomObject,
  doomedObjects,
  findSegment,
  forgetCopies,
  insertSegment,
  leaveCopy,
  markLive,
  replaceSegment,
  segmentsWith,
  spareObject,
  staleSegments,
} from "../store/archives.ts";
import type { SegmentRow } from "../store/archives.ts";
import { sessionErased } from "../store/refusals.ts";
import { dueSessions, moveToSegment, snapshots } from "../store/retention.ts";
import type { Archived, Cutoffs, Snapshot } from "../store/retention.ts";
import {
  erasedAt,
  findDetails,
  findSession,
  parseFacts,
  parseMetadata,
} from "../store/sessions.ts";
import type { DetailsRow, SessionRow } from "../store/sessions.ts";
import { bringState, statesOf } from "../store/state.ts";
import { messageCount, settledView } from "../store/turns.ts";
import type { Turn, Turns } from "../store/turns.ts";
import { DELETE_KEYS, deleteObjects, readSegmentMember, writeSegment } from "./bucket.ts";
import { segmentKey } from "./keys.ts";
import { RecordReader, corrupt, recordLines } from "./record.ts";
import type { SessionRecord } from "./record.ts";
import { rewriteWithout } from "./rewrite.ts";
import { SegmentWriter, parseMembers } from "./segment.ts";

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
  counters: Counters;
  bucket: R2Bucket;
  accountId: string;
  /** Whether the session has a turn on its way. */
  isBusy: (sessionId: string) => boolean;
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

  /** Archives the next sessions last accessed before their cutoff, behind the key `after`. */
  async archiveDue(cutoffs: Cutoffs, after: number): Promise<BatchResult> {
    const { db, bucket, accountId } = this.#parts;
    const due = dueSessions(db, cutoffs, { after, limit: BATCH_SESSIONS });
    const { writer, archived, errors, read } = await this.#compress(due);
    const cursor =
      read < due.length || due.length === BATCH_SESSIONS ? (due[read - 1]?.key ?? null) : null;
    if (archived.length === 0) return { archived: 0, errors, bytes: 0, cursor };
    const segment = writer.finish();
    const newest = Math.max(...archived.map(({ snapshot }) => snapshot.last_accessed_at));
    const objectKey = segmentKey(accountId, newest, segment.bytes);
    db.transaction(() => doomObject(db, objectKey));
    try {
      await writeSegment(bucket, objectKey, segment);
    } catch (error) {
      this.#parts.onError(error, { object_key: objectKey, sessions: archived.length });
      return { archived: 0, errors: errors + archived.length, bytes: 0, cursor };
    }
    const moved = this.#commit(archived, {
      object_key: objectKey,
      bytes: segment.bytes.length,
      members: JSON.stringify(segment.members),
    });
    return { archived: moved, errors, bytes: moved > 0 ? segment.bytes.length : 0, cursor };
  }

  /** Brings a session back, whole or not at all, under its own id. @returns how many turns came back, null when it is live */
  async restore(sessionId: string, now: number): Promise<number | null> {
    const { db, turns, counters } = this.#parts;
    const session = findSession(db, sessionId);
    if (!session && erasedAt(db, sessionId) !== null) throw sessionErased();
    if (!session) throw new ApiError("archive_not_found", "There is no archive of this session.");
    if (session.segment === null) return null;
    const record = await this.read(session);
    return db.transaction(() => {
      const current = findSession(db, sessionId);
      // Restored or erased meanwhile: then there is nothing left to do.
      if (current?.segment !== session.segment) return null;
      counters.changing();
      for (const turn of record.turns) turns.insert(turn);
      this.#parts.turnsWritten(session.key);
      if (record.state) bringState(db, session.key, JSON.stringify(record.state));
      leaveCopy(db, session.key, session.segment as number);
      markLive(db, session.key, now);
      counters.sessionAdded({ ...current, accessed_at: now });
      counters.turnsChanged(record.turns.length, countMessages(record.turns));
      counters.archivesChanged(-1, 0);
      return record.turns.length;
    });
  }

  /**
   * An archived session: its turns as they lie in R2, its details as they were last set, archived or not.
   *
   * @throws ApiError `archive_corrupt` unless every byte is as it was written, `archive_unavailable` when R2 is away
   */
  async read(session: SessionRow): Promise<SessionRecord> {
    const { db, bucket } = this.#parts;
    const segment = session.segment === null ? null : findSegment(db, session.segment);
    if (!segment) throw new ApiError("archive_not_found", "There is no archive of this session.");
    const reader = new RecordReader(session.session_id);
    try {
      for (const member of parseMembers(segment.members).slice(session.member ?? 0)) {
        const record = reader.read(await readSegmentMember(bucket, segment.object_key, member));
        if (record) return { ...record, ...recordDetails(findDetails(db, session.key)) };
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
   * Writes every segment that holds one of the sessions anew without them. The new ones are indexed by `commit`, in the
   * caller's transaction; the old ones are doomed by it.
   */
  async withoutSessions(
    sessions: readonly SessionRow[],
  ): Promise<{ segments: number; commit: () => void }> {
    const { db, counters } = this.#parts;
    const replaced: { old: SegmentRow; fresh: SegmentRow | null }[] = [];
    const keys = sessions.map(({ key }) => key);
    const gone = new Set(sessions.map(({ session_id }) => session_id));
    for (const old of segmentsWith(db, keys)) {
      replaced.push({ old, fresh: await rewriteWithout(this.#parts, old, gone) });
    }
    const commit = () => {
      for (const { old, fresh } of replaced) {
        doomObject(db, old.object_key);
        if (fresh) {
          replaceSegment(db, fresh);
          spareObject(db, fresh.object_key);
        } else {
          deleteSegment(db, old.id);
        }
        counters.archivesChanged(0, (fresh?.bytes ?? 0) - old.bytes);
      }
      forgetCopies(db, keys);
    };
    return { segments: replaced.length, commit };
  }

  /** Deletes what is doomed: orphans of crashes, rewritten segments, segments that nothing is left in. */
  async clean(): Promise<void> {
    const { db, bucket, counters } = this.#parts;
    const stale = staleSegments(db);
    if (stale.length > 0) {
      db.transaction(() => {
        counters.changing();
        for (const { id, object_key, bytes } of stale) {
          deleteSegment(db, id);
          doomObject(db, object_key);
          counters.archivesChanged(0, -bytes);
        }
      });
    }
    for (
      let doomed = doomedObjects(db, DELETE_KEYS);
      doomed.length > 0;
      doomed = doomedObjects(db, DELETE_KEYS)
    ) {
      await deleteObjects(bucket, doomed);
      const deleted = doomed;
      db.transaction(() => deleted.forEach((objectKey) => spareObject(db, objectKey)));
    }
  }

  /** @returns how many of the due were read, the archive of those that could be, and how many could not */
  async #compress(due: readonly Snapshot[]) {
    const { db, turns, isBusy } = this.#parts;
    const writer = new SegmentWriter();
    const archived: Archived[] = [];
    let errors = 0;
    let read = 0;
    while (read < due.length && writer.compressedBytes < BATCH_BYTES) {
      const group = due.slice(read, read + READ_SESSIONS);
      read += group.length;
      const free = group.filter(({ session_id }) => !isBusy(session_id));
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
      for (const snapshot of free) {
        // One bad session, or one that is too large, never blocks the rest: it stays, and is counted.
        const all = together?.get(snapshot.key) ?? this.#readAlone(snapshot);
        if (!all) {
          errors += 1;
          continue;
        }
        const member = writer.add(recordLines(toRecord(snapshot, all, states.get(snapshot.key))));
        archived.push({ snapshot, member, turns: all.length, messages: countMessages(all) });
      }
      await scheduler.wait(0);
    }
    return { writer, archived, errors, read };
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
      moveToSegment(db, unchanged, id);
      for (const { snapshot } of archived) {
        // A copy of what stayed live is in the segment all the same: erasing must find it.
        if (!unchanged.some((one) => one.snapshot === snapshot)) leaveCopy(db, snapshot.key, id);
      }
      spareObject(db, segment.object_key);
      for (const { snapshot } of unchanged) counters.sessionRemoved(snapshot);
      counters.turnsChanged(
        -sum(unchanged.map(({ turns }) => turns)),
        -sum(unchanged.map(({ messages }) => messages)),
      );
      counters.archivesChanged(unchanged.length, segment.bytes);
      return unchanged.length;
    });
  }
}

/** A turn that was never settled goes into the archive as what it is by now: abandoned. */
const toRecord = (snapshot: Snapshot, turns: Turn[], state: string | undefined): SessionRecord => ({
  ...recordHead(snapshot, state),
  turns: turns.map((turn) => settledView(turn, Number.POSITIVE_INFINITY)),
});

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

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);
const countMessages = (turns: readonly Turn[]): number => sum(turns.map(messageCount));
