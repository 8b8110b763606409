import type { Database } from "./database.ts";

export type SegmentRow = {
  id: number;
  object_key: string;
  bytes: number;
  /** JSON, see `parseMembers`. */
  members: string;
};

export function insertSegment(db: Database, segment: Omit<SegmentRow, "id">): number {
  return db.scalar<number>(
    "insert into segments (object_key, bytes, members) values (?, ?, ?) returning id",
    segment.object_key,
    segment.bytes,
    segment.members,
  ) as number;
}

export function findSegment(db: Database, id: number): SegmentRow | null {
  return db.one<SegmentRow>("select * from segments where id = ?", id);
}

export function replaceSegment(db: Database, { id, object_key, bytes, members }: SegmentRow): void {
  db.run(
    "update segments set object_key = ?, bytes = ?, members = ? where id = ?",
    object_key,
    bytes,
    members,
    id,
  );
}

export function deleteSegment(db: Database, id: number): void {
  db.run("delete from segments where id = ?", id);
  db.run("delete from stale_copies where segment = ?", id);
}

/** Every segment that holds a copy of one of the sessions, current or stale. */
export function segmentsWith(db: Database, keys: readonly number[]): SegmentRow[] {
  return db.all<SegmentRow>(
    `select * from segments where id in (
       select s.segment from json_each(?1) j cross join sessions s on s.key = j.value where s.segment is not null
       union select c.segment from json_each(?1) j cross join stale_copies c on c.key = j.value)`,
    JSON.stringify(keys),
  );
}

/** Segments in which every session has come back or moved on. */
export function staleSegments(db: Database): SegmentRow[] {
  if (db.scalar("select 1 from stale_copies limit 1") === null) return [];
  return db.all<SegmentRow>(
    "select * from segments where id not in (select segment from sessions where segment is not null)",
  );
}

export function leaveCopy(db: Database, key: number, segment: number): void {
  db.run("insert or ignore into stale_copies values (?, ?)", key, segment);
}

/** Records that an object is to be deleted; before it is written, in case it is never indexed. */
export function doomObject(db: Database, objectKey: string): void {
  db.run("insert or ignore into doomed_objects values (?)", objectKey);
}

export function spareObject(db: Database, objectKey: string): void {
  db.run("delete from doomed_objects where object_key = ?", objectKey);
}

/** Never an object that a segment names: one that was doomed and then indexed after all is spared here. */
export function doomedObjects(db: Database, limit: number): string[] {
  const rows = db.all<{ object_key: string }>(
    "select object_key from doomed_objects where object_key not in (select object_key from segments) limit ?",
    limit,
  );
  return rows.map(({ object_key }) => object_key);
}

export const hasDoomedObjects = (db: Database): boolean => doomedObjects(db, 1).length > 0;

export function forgetCopies(db: Database, keys: readonly number[]): void {
  db.run(
    "delete from stale_copies where key in (select value from json_each(?))",
    JSON.stringify(keys),
  );
}

/** The session's turns are in SQLite again, and it was accessed now. */
export function markLive(db: Database, key: number, now: number): void {
  db.run(
    "update sessions set segment = null, member = null, turns = null, accessed_at = ? where key = ?",
    now,
    key,
  );
}
