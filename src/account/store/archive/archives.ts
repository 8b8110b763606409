import type { Database } from "../../../sqlite/database.ts";
import { forgetWithoutCopy } from "../erasure/former-sessions.ts";
import { sessionSlices } from "../sessions/session-slices.ts";
import { writeSession } from "../sessions/write-session.ts";

/** A segment in R2: an archive, or a part of a backup. */
export type SegmentRow = {
  id: number;
  object_key: string;
  bytes: number;
  /** JSON, see `parseMembers`. */
  members: string;
  /** When its sessions were archived, in ms since the epoch. */
  created_at: number;
  /** The key that it is encrypted with; null for none. */
  key_id: number | null;
  /** The backup that it is a part of, as the how manieth; null for an archive. */
  backup_id: string | null;
  part: number | null;
  /** For a backup's part: its first and last session key. */
  first_key: number | null;
  last_key: number | null;
  /** For a backup's part: the number of sessions and turns. */
  sessions: number | null;
  turns: number | null;
  /** So many of its members have their words in the search index; null: all, or it is a backup's part. -1: damaged. */
  indexed: number | null;
};

/** Columns of a segment that is no part of a backup. No word of it is in the search index. */
export const ARCHIVE = {
  indexed: 0,
  backup_id: null,
  part: null,
  first_key: null,
  last_key: null,
  sessions: null,
  turns: null,
} as const;

const COLUMNS = [
  "object_key",
  "bytes",
  "members",
  "created_at",
  "key_id",
  "backup_id",
  "part",
  "first_key",
  "last_key",
  "sessions",
  "turns",
] as const;

export function insertSegment(db: Database, segment: Omit<SegmentRow, "id">): number {
  const columns = [...COLUMNS, "indexed"] as const;
  return db.scalar<number>(
    `insert into segments (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")}) returning id`,
    ...columns.map((name) => segment[name]),
  ) as number;
}

export function findSegment(db: Database, id: number): SegmentRow | null {
  return db.one<SegmentRow>("select * from segments where id = ?", id);
}

export const isSegment = (db: Database, id: number): boolean =>
  db.scalar("select 1 from segments where id = ?", id) !== null;

/** The next segment by its id: an archive, or a part of a backup. */
export const nextSegment = (db: Database, after: number): SegmentRow | null =>
  db.one<SegmentRow>("select * from segments where id > ? order by id limit 1", after);

/** Its words stay as far indexed as they are: members keep their numbers. */
export function replaceSegment(db: Database, segment: SegmentRow): void {
  db.run(
    `update segments set ${COLUMNS.map((name) => `${name} = ?`).join(", ")} where id = ?`,
    ...COLUMNS.map((name) => segment[name]),
    segment.id,
  );
}

export function deleteSegment(db: Database, id: number): void {
  db.run("delete from segments where id = ?", id);
  const copies = db.all<{ key: number }>(
    "delete from stale_copies where segment = ? returning key",
    id,
  );
  if (copies.length === 0) return;
  forgetWithoutCopy(
    db,
    copies.map(({ key }) => key),
  );
}

/** Every segment that holds a copy of one of the sessions, current or stale. */
export function segmentsWith(db: Database, keys: readonly number[]): SegmentRow[] {
  return db.all<SegmentRow>(
    `select * from segments where id in (
       select s.segment from json_each(?1) j cross join sessions s on s.key = j.value where s.segment is not null
       union select p.segment from json_each(?1) j cross join session_parts p on p.key = j.value
       union select c.segment from json_each(?1) j cross join stale_copies c on c.key = j.value
       union select g.id from json_each(?1) j cross join segments g
         on g.backup_id is not null and j.value between g.first_key and g.last_key)`,
    JSON.stringify(keys),
  );
}

/**
 * Those of the segments in which an archived session lies. Anything else in one is a copy. No index leads there: other
 * calls run between slices of the sessions.
 *
 * @param except - keys of sessions that don't count
 */
export async function segmentsInUse(
  db: Database,
  segments: readonly number[],
  except: readonly number[] = [],
): Promise<ReadonlySet<number>> {
  const used = new Set<number>();
  if (segments.length === 0) return used;
  for await (const { from, to } of sessionSlices(db)) {
    const rows = db.all<{ segment: number }>(
      `select distinct segment from sessions where key >= ? and key < ?
       and segment in (select value from json_each(?)) and key not in (select value from json_each(?))`,
      from,
      to,
      JSON.stringify(segments),
      JSON.stringify(except),
    );
    for (const { segment } of rows) used.add(segment);
    if (used.size === segments.length) break;
  }
  return used;
}

/** Segments that are encrypted with another key, or with none, after a segment. */
export function segmentsNotUnder(
  db: Database,
  keyId: number,
  { after, limit }: { after: number; limit: number },
): SegmentRow[] {
  return db.all<SegmentRow>(
    "select * from segments where key_id is not ? and id > ? order by id limit +?",
    keyId,
    after,
    limit,
  );
}

export const countSegmentsNotUnder = (db: Database, keyId: number): number =>
  db.scalar<number>("select count(*) from segments where key_id is not ?", keyId) ?? 0;

/** Segments in which every session has come back or moved on. Call it where nothing is being archived. */
export async function staleSegments(db: Database): Promise<SegmentRow[]> {
  if (db.scalar("select 1 from stale_copies limit 1") === null) return [];
  const archives = db
    .all<{ id: number }>(
      "select id from segments where backup_id is null and id not in (select segment from session_parts)",
    )
    .map(({ id }) => id);
  const used = await segmentsInUse(db, archives);
  return db.all<SegmentRow>(
    "select * from segments where backup_id is null and id in (select value from json_each(?))",
    JSON.stringify(archives.filter((id) => !used.has(id))),
  );
}

export function recordStaleCopy(db: Database, key: number, segment: number): void {
  db.run("insert or ignore into stale_copies values (?, ?)", key, segment);
}

/** A part of a backup has a copy of the session. Among the part's own keys, the copy is found without a row. */
export function recordCopyIn(
  db: Database,
  key: number,
  { id, first_key, last_key }: Pick<SegmentRow, "id" | "first_key" | "last_key">,
): void {
  const isAmong = first_key !== null && last_key !== null && first_key <= key && key <= last_key;
  if (!isAmong) recordStaleCopy(db, key, id);
}

/** The session had another key: parts of backups that have that key among theirs may have a copy of it. */
export function recordCopiesUnder(db: Database, key: number, formerKey: number): void {
  if (formerKey === key) return;
  db.run(
    `insert or ignore into stale_copies select ?1, id from segments
     where backup_id is not null and ?2 between first_key and last_key and ?1 not between first_key and last_key`,
    key,
    formerKey,
  );
}

/** How many of the sessions have copies in a segment that no row of theirs names. */
export const countStaleCopies = (db: Database, segment: number, keys: readonly number[]): number =>
  db.scalar<number>(
    "select count(*) from json_each(?) j cross join stale_copies c on c.key = j.value where c.segment = ?",
    JSON.stringify(keys),
    segment,
  ) ?? 0;

/** Records that an object of R2, or an entry of the cache, is to be deleted; before it is written, in case it is never indexed. */
export function scheduleDeletion(db: Database, objectKey: string): void {
  db.run("insert or ignore into doomed_objects values (?)", objectKey);
}

export function cancelDeletion(db: Database, objectKey: string): void {
  db.run("delete from doomed_objects where object_key = ?", objectKey);
}

/** Skips objects that a segment names: their deletion was scheduled before they were indexed. */
export function objectsToDelete(db: Database, limit: number): string[] {
  const rows = db.all<{ object_key: string }>(
    "select object_key from doomed_objects where object_key not in (select object_key from segments) limit +?",
    limit,
  );
  return rows.map(({ object_key }) => object_key);
}

export const isDoomed = (db: Database, objectKey: string): boolean =>
  db.scalar("select 1 from doomed_objects where object_key = ?", objectKey) !== null;

/** The objects of all segments. */
export function indexedObjects(db: Database): string[] {
  return db
    .all<{ object_key: string }>("select object_key from segments")
    .map(({ object_key }) => object_key);
}

export const hasObjectsToDelete = (db: Database): boolean => objectsToDelete(db, 1).length > 0;

/** @param backups - also those in parts of backups, or in archives alone */
export function forgetCopies(
  db: Database,
  keys: readonly number[],
  { backups }: { backups: boolean },
): void {
  const where = backups ? "" : "and segment in (select id from segments where backup_id is null)";
  db.run(
    `delete from stale_copies where key in (select value from json_each(?)) ${where}`,
    JSON.stringify(keys),
  );
}

/** An object is to be copied to the replica, or was. */
export function noteUnreplicated(db: Database, objectKey: string): void {
  db.run("insert or ignore into unreplicated values (?)", objectKey);
}

export function noteReplicated(db: Database, objectKey: string): void {
  db.run("delete from unreplicated where object_key = ?", objectKey);
}

/** @param after - the object's key */
export function unreplicatedObjects(db: Database, after: string, limit: number): string[] {
  return db
    .all<{ object_key: string }>(
      "select object_key from unreplicated where object_key > ? order by object_key limit +?",
      after,
      limit,
    )
    .map(({ object_key }) => object_key);
}

export const countUnreplicated = (db: Database): number =>
  db.scalar<number>("select count(*) from unreplicated") ?? 0;

/** The session's turns are in SQLite again. @param accessedAt - when it was last accessed */
export function markLive(db: Database, key: number, accessedAt: number): void {
  writeSession(
    db,
    key,
    "update sessions set segment = null, member = null, turns = null, accessed_at = ? where key = ?",
    accessedAt,
    key,
  );
}

/** When the oldest segment of archived sessions was written, in ms since the epoch; null for none. */
export const oldestSegmentAt = (db: Database): number | null =>
  db.scalar<number>("select min(created_at) from segments where backup_id is null");
