import {
  ARCHIVE,
  objectsToDelete,
  indexedObjects,
  insertSegment,
  recordStaleCopy,
} from "../../store/archive/archives.ts";
import { retryDamaged } from "../../store/archive/archived-words.ts";
import { putCall } from "../../store/calls/calls.ts";
import { seqOf, turnId } from "../../../shared/ids.ts";
import { findBackup, insertBackup } from "../../store/archive/backups.ts";
import {
  erasedAt,
  findSession,
  insertArchived,
  putDetails,
} from "../../store/sessions/sessions.ts";
import { ownSessions } from "../../store/sessions/session-flags.ts";
import { DELETE_KEYS } from "../storage/object-store.ts";
import { archivePrefix, backupPrefix, isSegment } from "../format/keys.ts";
import type { BackupParts } from "../backup/backup-parts.ts";
import { recordColumns, flagsOfRecord } from "../sessions/insert-record.ts";
import type { InsertParts } from "../sessions/insert-record.ts";
import { RecordReader, corrupt } from "../format/record.ts";
import type { SessionRecord } from "../format/record.ts";
import { readIndex, readMember, sha256 } from "../format/segment.ts";
import type { Member } from "../format/segment.ts";
import { parseManifest } from "../backup/manifest.ts";

/** Objects in R2 that SQLite did not know. */
export interface ReindexReport {
  /** Archived sessions that can be read again. */
  sessions: number;
  segments: number;
  backups: number;
  /** Objects that could not be read, and why not. */
  errors: { object_key: string; code: string }[];
}

export type ReindexParts = BackupParts &
  InsertParts & { onError: (error: unknown, about: Record<string, string | number>) => void };

/**
 * Indexes every archive and backup in R2 that SQLite does not know, after SQLite was lost. It skips known, erased and
 * scheduled ones, so it is idempotent.
 */
export async function reindex(parts: ReindexParts): Promise<ReindexReport> {
  const { db, keyring, accountId } = parts;
  const report: ReindexReport = { sessions: 0, segments: 0, backups: 0, errors: [] };
  await keyring.recover();
  retryDamaged(db);
  const known = new Set([...indexedObjects(db), ...objectsToDelete(db, -1)]);
  const objects = await listAll(parts, archivePrefix(accountId));
  // The newest first: of several copies of a session the last one written is the one that counts.
  const segments = objects
    .filter(({ key }) => isSegment(key) && !known.has(key))
    .toSorted((a, b) => writtenAt(b) - writtenAt(a));
  for (const object of segments) {
    await noting(parts, report, object.key, async () => {
      report.sessions += await takeSegment(parts, object);
      report.segments += 1;
    });
  }
  for (const { key } of await listAll(parts, backupPrefix(accountId))) {
    if (!key.endsWith("/manifest.json")) continue;
    await noting(parts, report, key, async () => {
      if (await takeBackup(parts, key)) report.backups += 1;
    });
  }
  return report;
}

/** One object that cannot be read does not keep the others from being found. */
async function noting(
  { onError }: ReindexParts,
  { errors }: ReindexReport,
  object_key: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    onError(error, { object_key });
    const { code } = error as { code?: unknown };
    errors.push({ object_key, code: typeof code === "string" ? code : "internal" });
  }
}

async function listAll({ store }: ReindexParts, prefix: string): Promise<R2Object[]> {
  const all: R2Object[] = [];
  for (let page = await store.list(prefix); page.length > 0;) {
    all.push(...page);
    if (page.length < DELETE_KEYS) break;
    page = await store.list(prefix, page.at(-1)?.key);
  }
  return all;
}

const writtenAt = ({ customMetadata, uploaded }: R2Object): number =>
  Number(customMetadata?.["created_at"] ?? uploaded.getTime());

interface Found {
  record: Omit<SessionRecord, "turns">;
  turns: number;
  /** Ids that callers gave its calls, and their places. */
  calls: [id: string, seq: number][];
  member: number;
}

/** @returns how many sessions it gave */
async function takeSegment(parts: ReindexParts, object: R2Object): Promise<number> {
  const { db, store, keyring, counters, sessionKeys, archivist } = parts;
  const open = (stored: Uint8Array) => keyring.open(stored);
  const offset = Number(object.customMetadata?.["index_offset"]);
  if (!Number.isInteger(offset)) throw corrupt("it lacks the offset of its index");
  const hash = object.customMetadata?.["index_sha256"];
  const { members, found } = await store.read(object.key, (bytes) => {
    // Unknown of those that were written before format 3.
    if (hash !== undefined && sha256(bytes.subarray(offset)) !== hash)
      throw corrupt("its index has another checksum");
    const index = readIndex(bytes, offset, open);
    return { members: index, found: sessionsIn(bytes, index, open) };
  });
  const erased = new Set<string>();
  const { sessions, segment } = db.transaction(() => {
    counters.changing();
    const id = insertSegment(db, {
      ...ARCHIVE,
      object_key: object.key,
      bytes: object.size,
      members: JSON.stringify(members),
      created_at: writtenAt(object),
      key_id: object.key.endsWith(".enc") ? (keyring.rows().at(-1)?.id ?? null) : null,
    });
    let taken = 0;
    let own = 0;
    for (const { record, turns, calls, member } of found) {
      const { session_id, created_at, accessed_at } = record;
      if (erasedAt(db, session_id) !== null) {
        erased.add(session_id);
        continue;
      }
      const current = findSession(db, session_id);
      if (current) {
        recordStaleCopy(db, current.key, id);
        continue;
      }
      const key = sessionKeys.claim(record.key);
      const flags = flagsOfRecord(record);
      const row = { key, session_id, created_at, accessed_at, flags, segment: id, member, turns };
      insertArchived(db, row);
      for (const [call_id, seq] of calls) putCall(db, call_id, turnId(key, seq));
      own += ownSessions([row]).length;
      // Its state stays in R2 until it is restored.
      const { state: _, ...details } = record;
      putDetails(db, key, recordColumns(details, key));
      taken += 1;
    }
    counters.archivesChanged(own, object.size);
    return { sessions: taken, segment: id };
  });
  if (erased.size > 0) await archivist.rewriteSegment(segment, erased);
  return sessions;
}

function sessionsIn(
  bytes: Uint8Array,
  members: readonly Member[],
  open: (stored: Uint8Array) => Uint8Array,
): Found[] {
  const reader = new RecordReader(null);
  const found = members.flatMap((member, index) => {
    const text = readMember(bytes.subarray(member[0], member[0] + member[1]), member, open);
    return reader.readAll(text, index).map(({ record: { turns, ...record }, member: begins }) => ({
      record,
      turns: turns.length,
      calls: turns.flatMap(({ id, extra }): [string, number][] =>
        extra.call?.id === undefined ? [] : [[extra.call.id, seqOf(id)]],
      ),
      member: begins,
    }));
  });
  reader.end();
  return found;
}

/** @returns whether it was not known */
async function takeBackup(parts: ReindexParts, objectKey: string): Promise<boolean> {
  const { db, store, keyring, accountId } = parts;
  const said = await store.read(objectKey, (bytes) => parseManifest(bytes, accountId));
  if (findBackup(db, said.backup_id)) return false;
  const members: Member[][] = [];
  for (const part of said.parts) {
    members.push(
      await store.read(part.object_key, (bytes) =>
        readIndex(bytes, part.index_offset, (each) => keyring.open(each)),
      ),
    );
  }
  db.transaction(() => {
    insertBackup(db, {
      backup_id: said.backup_id,
      status: "complete",
      reason: said.reason,
      created_at: Date.parse(said.created_at),
      completed_at: Date.parse(said.completed_at),
      session_ids: said.made_from.session_ids && JSON.stringify(said.made_from.session_ids),
      through_key: said.made_from.through_key,
      next_key: said.made_from.through_key + 1,
      skipped: JSON.stringify(said.skipped),
      restore: null,
    });
    for (const [index, { index_offset: _, ...part }] of said.parts.entries()) {
      insertSegment(db, {
        ...part,
        members: JSON.stringify(members[index]),
        created_at: Date.parse(said.created_at),
        backup_id: said.backup_id,
        indexed: null,
      });
    }
  });
  return true;
}
