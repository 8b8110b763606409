import { indexedObjects, insertSegment, objectsToDelete } from "../../store/archive/archives.ts";
import { retryDamaged } from "../../store/archive/archived-words.ts";
import { findBackupRow, insertBackup } from "../../store/archive/backups.ts";
import type { BackupParts } from "../backup/backup-parts.ts";
import { parseManifest } from "../backup/manifest.ts";
import { archivePrefix, backupPrefix, isSegment } from "../format/keys.ts";
import { corrupt } from "../format/record.ts";
import { readIndex } from "../format/segment.ts";
import type { Member } from "../format/segment.ts";
import type { InsertParts } from "../sessions/insert-record.ts";
import { DELETE_KEYS } from "../storage/object-store.ts";
import { LooseParts, isKnown, readSegment, takeSegments, writtenAt } from "./find-segments.ts";

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
  const loose = new LooseParts();
  for (const object of segments) {
    await noting(parts, report, object.key, async () => {
      const read = await readSegment(parts, object);
      const whole = loose.add(read);
      // Another part is to come.
      if (whole === null) return;
      report.sessions += await takeSegments(parts, whole);
      report.segments += whole.length;
    });
  }
  for (const mixed of loose.takeMixed())
    await noting(parts, report, mixed[0]?.object.key ?? "", async () => {
      report.sessions += await takeSegments(parts, mixed);
      report.segments += mixed.length;
    });
  for (const some of loose.left())
    for (const segment of some)
      await noting(parts, report, segment.object.key, async () => {
        // An old copy of what is there, or was erased, needs no other part to be deleted.
        if (!isKnown(db, some)) throw corrupt("a part of its session is missing");
        await takeSegments(parts, [segment]);
        report.segments += 1;
      });
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

/** @returns whether it was not known */
async function takeBackup(parts: ReindexParts, objectKey: string): Promise<boolean> {
  const { db, store, keyring, accountId } = parts;
  const said = await store.read(objectKey, (bytes) => parseManifest(bytes, accountId));
  if (findBackupRow(db, said.backup_id)) return false;
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
