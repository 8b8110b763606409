import { version } from "../../../../package.json";
import { ApiError } from "../../../shared/errors.ts";
import { isHeld } from "../../store/account/account-values.ts";
import { scheduleDeletion, insertSegment, cancelDeletion } from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import {
  deleteBackup,
  findBackup,
  heldIn,
  insertBackup,
  lastComplete,
  partsOf,
  runningBackup,
  surplusBackups,
  updateBackup,
} from "../../store/archive/backups.ts";
import type {
  BackupReason,
  BackupRow,
  CountedBackup,
  Skipped,
} from "../../store/archive/backups.ts";
import type { Database } from "../../../sqlite/database.ts";
import { before } from "../../store/retention/retention-policy.ts";
import type { Retention } from "../../store/retention/retention-policy.ts";
import { snapshots } from "../../store/retention/retention.ts";
import { findSession, sessionByKey } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { statesOf } from "../../store/sessions/session-state.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { isoTime } from "../../../shared/time.ts";
import { recordHead } from "../sessions/archivist.ts";
import type { Archivist } from "../sessions/archivist.ts";
import { backupPrefix, manifestKey, segmentName } from "../format/keys.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import type { Keyring } from "../storage/keyring.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { LineProof } from "../format/line-proof.ts";
import { TurnLines, recordLines, sessionLine } from "../format/record.ts";
import { SegmentWriter, indexOffset, parseMembers } from "../format/segment.ts";
import { settledView } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import { backupSessionKeys, lastSessionKey } from "../../store/archive/backups.ts";

/** A part ends past so much compressed text: what a backup has in memory, and what erasing a session writes anew. */
const PART_BYTES = 8 * 1024 * 1024;
/** And past so much of it before, in UTF-16 units: what a restore has in memory, however well it is compressed. */
const PART_TEXT = 16 * 1024 * 1024;
/** Sessions that are read before others get their turn at the event loop. */
const READ_SESSIONS = 50;
/** Turns that are read at a time: of 1 MiB at most. */
const READ_TURNS = 16;
/** So many sessions that could not be read are named. */
const MAX_SKIPPED = 1_000;

/** The version of the manifest. */
export const MANIFEST_FORMAT = 1;

export interface BackupParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  archivist: Archivist;
  store: ObjectStore;
  keyring: Keyring;
  accountId: string;
}

export interface BackupRequest {
  backup_id: string;
  /** Null: all. */
  session_ids: string[] | null;
  reason: BackupReason;
}

/** @throws ApiError `backup_running` while another is, `session_not_found` where one that is named is not there */
export function beginBackup(
  { db }: Pick<BackupParts, "db">,
  { backup_id, session_ids, reason }: BackupRequest,
  now: number,
): void {
  const running = runningBackup(db);
  if (running !== null) {
    throw new ApiError(
      "backup_running",
      `The backup ${running} is being made; wait for it, or DELETE it.`,
      { retry_after_ms: 1_000 },
    );
  }
  const missing = session_ids?.find((id) => findSession(db, id) === null);
  if (missing !== undefined) {
    throw new ApiError(
      "session_not_found",
      `There is no session ${missing}; nothing was backed up.`,
      {
        param: "session_ids",
      },
    );
  }
  insertBackup(db, {
    backup_id,
    status: "running",
    reason,
    created_at: now,
    completed_at: null,
    session_ids: session_ids && JSON.stringify(session_ids),
    through_key: lastSessionKey(db),
    next_key: 1,
    skipped: "[]",
    restore: null,
  });
}

/**
 * Writes the next part of a backup, or, when all are written, its manifest: only with that it is one. Each part is an
 * object of its own that R2 verified, so a backup that was cut off goes on behind the last one.
 *
 * @returns whether the backup is complete
 */
export async function stepBackup(
  parts: BackupParts,
  backupId: string,
  now: number,
): Promise<boolean> {
  const { db, archivist, keyring, accountId } = parts;
  const backup = backupOf(db, backupId);
  if (backup.status === "complete") return true;
  const key_id = await keyring.current(now);
  const written = await writePart(parts, backup, key_id, now);
  const { sessions, turns, first_key, last_key, next_key, skipped } = written;
  const skipping = JSON.stringify([...skippedOf(backup), ...skipped].slice(0, MAX_SKIPPED));
  if (sessions > 0) {
    const segment = written.writer.finish();
    const objectKey = `${backupPrefix(accountId, backupId)}${segmentName(segment.bytes, key_id !== null)}`;
    await archivist.writeSegment(objectKey, segment, now);
    db.transaction(() => {
      // Deleted while its part was being written: then the part is an orphan, and doomed.
      if (!findBackup(db, backupId)) return;
      insertSegment(db, {
        object_key: objectKey,
        bytes: segment.bytes.length,
        members: JSON.stringify(segment.members),
        created_at: now,
        key_id,
        backup_id: backupId,
        part: backup.parts + 1,
        first_key,
        last_key,
        sessions,
        turns,
      });
      cancelDeletion(db, objectKey);
      updateBackup(db, backupId, { next_key, skipped: skipping });
    });
  } else {
    updateBackup(db, backupId, { next_key, skipped: skipping });
  }
  if (next_key <= backup.through_key) return false;
  await writeManifest(parts, backupId, now);
  updateBackup(db, backupId, { status: "complete", completed_at: now });
  return true;
}

/** @throws ApiError `backup_not_found` */
export function backupOf(db: Database, backupId: string): CountedBackup {
  const backup = findBackup(db, backupId);
  if (backup) return backup;
  throw new ApiError("backup_not_found", "There is no such backup.");
}

/** @throws ApiError `account_held`, or `session_held` while a session that may be in it is under legal hold */
export function removeBackup({ db, accountId }: BackupParts, backupId: string): void {
  const backup = backupOf(db, backupId);
  if (isHeld(db)) {
    throw new ApiError(
      "account_held",
      "The account is under legal hold: nothing may erase its backups. Lift the hold first.",
    );
  }
  const held = heldIn(db, backup.backup_id);
  if (held > 0) {
    throw new ApiError(
      "session_held",
      `${held} sessions that may be in the backup are under legal hold: nothing may erase it. Lift the holds first.`,
    );
  }
  db.transaction(() => {
    for (const { object_key } of partsOf(db, backupId)) scheduleDeletion(db, object_key);
    scheduleDeletion(db, manifestKey(accountId, backupId));
    deleteBackup(db, backupId);
  });
}

/** Backups that are older, or more, than they may be. What is held stays. */
export function prunable(
  { db }: Pick<BackupParts, "db">,
  { backup_days, backups_kept }: Retention,
  now: number,
): string[] {
  if (isHeld(db)) return [];
  return surplusBackups(db, before(now, backup_days), backups_kept).filter(
    (backupId) => heldIn(db, backupId) === 0,
  );
}

/** @returns how many were deleted */
export function pruneBackups(parts: BackupParts, retention: Retention, now: number): number {
  const surplus = prunable(parts, retention, now);
  for (const backupId of surplus) removeBackup(parts, backupId);
  return surplus.length;
}

/** What a backup is, for whoever has nothing but the bucket. */
export async function writeManifest(
  { db, store, accountId }: BackupParts,
  backupId: string,
  now: number,
): Promise<void> {
  const backup = backupOf(db, backupId);
  const manifest = {
    format: MANIFEST_FORMAT,
    backup_id: backupId,
    account_id: accountId,
    reason: backup.reason,
    created_at: isoTime(backup.created_at),
    completed_at: isoTime(backup.completed_at ?? now),
    made_by: `colloquy ${version}`,
    made_from: {
      session_ids: sessionIdsOf(backup),
      through_key: backup.through_key,
      after_backup: lastComplete(db, backupId),
    },
    sessions: backup.sessions,
    turns: backup.turns,
    bytes: backup.bytes,
    skipped: skippedOf(backup),
    parts: partsOf(db, backupId).map(manifestPart),
  };
  const objectKey = manifestKey(accountId, backupId);
  await store.write(objectKey, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), {
    contentType: "application/json",
  });
  db.transaction(() => cancelDeletion(db, objectKey));
}

export const manifestPart = ({ object_key, members, ...part }: SegmentRow) => ({
  part: part.part,
  object_key,
  bytes: part.bytes,
  sha256: sha256Of(object_key),
  sessions: part.sessions,
  turns: part.turns,
  first_key: part.first_key,
  last_key: part.last_key,
  key_id: part.key_id,
  index_offset: indexOffset(parseMembers(members)),
});

/** A part is named by what is in it. */
export const sha256Of = (objectKey: string): string =>
  objectKey.slice(objectKey.lastIndexOf("/") + 1).split(".")[0] ?? "";

export const sessionIdsOf = ({ session_ids }: BackupRow): string[] | null =>
  session_ids === null ? null : (JSON.parse(session_ids) as string[]);
export const skippedOf = ({ skipped }: BackupRow): Skipped => JSON.parse(skipped) as Skipped;

async function writePart(
  parts: BackupParts,
  backup: CountedBackup,
  keyId: number | null,
  now: number,
) {
  const { db, keyring } = parts;
  const writer = new SegmentWriter(
    (bytes) => keyring.seal(bytes, keyId),
    (bytes) => keyring.open(bytes),
  );
  const skipped: Skipped = [];
  const total = { sessions: 0, turns: 0, first_key: 0, last_key: 0 };
  let next_key = backup.next_key;
  while (next_key <= backup.through_key && !isFull(writer)) {
    const keys = backupSessionKeys(db, backup, next_key, READ_SESSIONS);
    if (keys.length === 0) {
      next_key = backup.through_key + 1;
      break;
    }
    for (const key of keys) {
      next_key = key + 1;
      const session = sessionByKey(db, key);
      if (!session) continue;
      const takeBack = writer.mark();
      try {
        const turns = await addSession(parts, writer, session, now);
        total.sessions += 1;
        total.turns += turns;
        total.first_key ||= key;
        total.last_key = key;
      } catch (error) {
        // One that cannot be read is named, and does not keep the rest from being saved.
        if (!(error instanceof ApiError) || error.code !== "archive_corrupt") throw error;
        takeBack();
        skipped.push([session.session_id, error.code]);
      }
      if (isFull(writer)) break;
    }
    await scheduler.wait(0);
  }
  return { writer, ...total, next_key, skipped };
}

const isFull = ({ compressedBytes, textLength }: SegmentWriter): boolean =>
  compressedBytes >= PART_BYTES || textLength >= PART_TEXT;

/** Turn by turn, so that a long session needs no more memory than a short one. @returns how many turns */
async function addSession(
  { db, turns, frames, archivist }: BackupParts,
  writer: SegmentWriter,
  session: SessionRow,
  now: number,
): Promise<number> {
  const { key } = session;
  const proof = new LineProof();
  const add = (lines: string[]) => {
    proof.read(lines);
    writer.add(lines);
  };
  if (session.segment !== null) {
    const record = await archivist.read(session);
    add(recordLines({ ...record, ...recordFlags(db, key) }));
    proof.end();
    return record.turns.length;
  }
  // From here without a pause, so that all of it is of one moment.
  const [snapshot] = snapshots(db, [key]);
  if (!snapshot) return 0;
  const last = turns.last(key);
  // Nobody was told of a turn that is on its way.
  const through = last && settledView(last, now).status === "in_progress" ? last.id - 1 : last?.id;
  const count = through === undefined ? 0 : turns.count(key).turns - (through === last?.id ? 0 : 1);
  const head = recordHead(snapshot, statesOf(db, [key]).get(key));
  add([sessionLine(head, count)]);
  const turnLines = new TurnLines((frame) => frames.text(key, frame));
  let from: number | null = null;
  for (let written = 0; written < count;) {
    const page: Turn[] = turns.list(key, { order: "asc", from, limit: READ_TURNS });
    const lines = page
      .filter(({ id }) => id <= (through ?? 0))
      .map((turn) => turnLines.of(settledView(turn, now)));
    add(lines);
    written += lines.length;
    from = (page.at(-1)?.id ?? 0) + 1;
  }
  proof.end();
  return count;
}

/** Of an archived session they lie in SQLite, and may be other ones by now. */
export function recordFlags(db: Database, key: number) {
  const [snapshot] = snapshots(db, [key]);
  const { pinned, hold } = snapshot ? recordHead(snapshot, undefined) : {};
  return { pinned, hold };
}
