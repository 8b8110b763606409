import type { Database } from "../../../sqlite/database.ts";
import { letOthersRun } from "../../../shared/let-others-run.ts";
import { readPage } from "../../../sqlite/keyset-page.ts";
import type { Page, PageQuery } from "../../../sqlite/keyset-page.ts";
import { HELD } from "../sessions/session-flags.ts";
import type { SegmentRow } from "./archives.ts";

export type BackupStatus = "running" | "complete";
/** The backup's reason: a request or the policy. */
export type BackupReason = "request" | "policy";

export type BackupRow = {
  backup_id: string;
  status: BackupStatus;
  reason: BackupReason;
  created_at: number;
  completed_at: number | null;
  /** JSON list; null: every session. */
  session_ids: string | null;
  /** Sessions that began later are not in it. */
  through_key: number;
  /** Where it goes on while it is running. */
  next_key: number;
  /** JSON, see {@link Skipped}. */
  skipped: string;
  /** JSON: how far the last restore came. */
  restore: string | null;
};

/** Sessions that could not be read, and why not. */
export type Skipped = [session_id: string, why: string][];

export type BackupCounts = {
  parts: number;
  sessions: number;
  turns: number;
  bytes: number;
};

export type CountedBackup = BackupRow & BackupCounts;

const COUNTED = `select b.*, count(g.id) as parts, coalesce(sum(g.sessions), 0) as sessions,
  coalesce(sum(g.turns), 0) as turns, coalesce(sum(g.bytes), 0) as bytes
  from backups b left join segments g on g.backup_id = b.backup_id`;

export function insertBackup(db: Database, backup: BackupRow): void {
  db.run(
    "insert into backups values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    backup.backup_id,
    backup.status,
    backup.reason,
    backup.created_at,
    backup.completed_at,
    backup.session_ids,
    backup.through_key,
    backup.next_key,
    backup.skipped,
    backup.restore,
  );
}

/** Without its counts, for which the rows of all its parts are read. */
export const findBackupRow = (db: Database, backupId: string): BackupRow | null =>
  db.one<BackupRow>("select * from backups where backup_id = ?", backupId);

/** The backup whose id ends so; null for none. Reads all rows: an account has some tens. */
export const findBackupByEnd = (db: Database, end: string): BackupRow | null =>
  db.one<BackupRow>("select * from backups where backup_id glob 'backup_*_' || ?", end);

export function findBackup(db: Database, backupId: string): CountedBackup | null {
  return db.one<CountedBackup>(`${COUNTED} where b.backup_id = +? group by b.backup_id`, backupId);
}

/** Ids begin with the time, so they are in the order of age. */
export function listBackups(db: Database, query: PageQuery): Page<CountedBackup> {
  return readPage(query, {
    // The id of a deleted backup has its place, too.
    cursorOf: (id) => (/^backup_\d+_/.test(id) ? id : null),
    walk: (order, after, count) =>
      db.all<CountedBackup>(
        `${COUNTED} ${after === null ? "" : `where b.backup_id ${order === "desc" ? "<" : ">"} ?`}
         group by b.backup_id order by b.backup_id ${order} limit +?`,
        ...(after === null ? [] : [after]),
        count,
      ),
    placeOf: ({ backup_id }) => backup_id,
    sizeOf: ({ skipped, session_ids }) => skipped.length + (session_ids?.length ?? 0),
  });
}

export function updateBackup(
  db: Database,
  backupId: string,
  change: Partial<Omit<BackupRow, "backup_id">>,
): void {
  const columns = Object.keys(change);
  db.run(
    `update backups set ${columns.map((name) => `${name} = ?`).join(", ")} where backup_id = ?`,
    ...Object.values(change),
    backupId,
  );
}

export const runningBackup = (db: Database): string | null =>
  db.scalar<string>("select backup_id from backups where status = 'running' limit 1");

/** When the last backup by policy began; null: never. */
export const lastByPolicy = (db: Database): number | null =>
  db.scalar<number>("select max(created_at) from backups where reason = 'policy'");

/** The id of the last one that has begun. */
export const newestBackup = (db: Database): string | null =>
  db.scalar<string>("select max(backup_id) from backups");

export const oldestBackup = (db: Database): string | null =>
  db.scalar<string>("select min(backup_id) from backups");

/** The id of the last complete one before another. */
export const lastComplete = (db: Database, before: string): string | null =>
  db.scalar<string>(
    "select max(backup_id) from backups where status = 'complete' and backup_id < ?",
    before,
  );

export const oldestBackupAt = (db: Database): number | null =>
  db.scalar<number>("select min(created_at) from backups where status = 'complete'");

/**
 * Complete backups made before `at`, and backups by policy beyond the newest `kept`. The newest `kept` without a
 * skipped session stay too, so that no incomplete backup replaces them.
 */
export function surplusBackups(db: Database, at: number | null, kept: number | null): string[] {
  const rows = db.all<{ backup_id: string }>(
    `select backup_id from backups where status = 'complete' and (created_at < ?1 or (?2 >= 0 and reason = 'policy'
       and backup_id not in (select backup_id from backups where status = 'complete' and reason = 'policy'
                             order by backup_id desc limit +?2)
       and backup_id not in (select backup_id from backups where status = 'complete' and reason = 'policy'
                             and skipped = '[]' order by backup_id desc limit +?2)))`,
    at ?? -1,
    kept ?? -1,
  );
  return rows.map(({ backup_id }) => backup_id);
}

/** What a manifest tells of a part. */
export type BackupPart = {
  part: number;
  object_key: string;
  bytes: number;
  sessions: number;
  turns: number;
  first_key: number;
  last_key: number;
  key_id: number | null;
  /** Where the part's index begins: after its last member. */
  index_offset: number;
};

/** Parts that are read before other calls run: the members of one are some 25 KB of JSON, which has to be read. */
const READ_PARTS = 20;
const BACKUP_PART = `part, object_key, bytes, sessions, turns, first_key, last_key, key_id,
  coalesce(members ->> '$[#-1][0]' + members ->> '$[#-1][1]', 0) as index_offset`;

/** A backup's parts, in order. Other calls run between some and the next. */
export async function listParts(db: Database, backupId: string): Promise<BackupPart[]> {
  const parts: BackupPart[] = [];
  for (;;) {
    const next = db.all<BackupPart>(
      `select ${BACKUP_PART} from segments where backup_id = +? and part > ? order by part limit +?`,
      backupId,
      parts.at(-1)?.part ?? 0,
      READ_PARTS,
    );
    parts.push(...next);
    if (next.length < READ_PARTS) return parts;
    await letOthersRun();
  }
}

/** The keys of the objects of a backup's parts, in order. */
export const partKeys = (db: Database, backupId: string): string[] =>
  db
    .all<{ object_key: string }>(
      "select object_key from segments where backup_id = +? order by part",
      backupId,
    )
    .map(({ object_key }) => object_key);

export function findPart(db: Database, backupId: string, behind: number): SegmentRow | null {
  return db.one<SegmentRow>(
    "select * from segments where backup_id = +? and part > ? order by part limit 1",
    backupId,
    behind,
  );
}

/** The number of the backup's last part; 0 for none. Numbers before it may be missing: nothing was left in these parts. */
export const lastPart = (db: Database, backupId: string): number =>
  db.scalar<number>("select max(part) from segments where backup_id = +?", backupId) ?? 0;

/** Archived sessions whose turns the backup has, and no archive: they are being restored from it. */
export const sessionsRestoredFrom = (db: Database, backupId: string): string[] =>
  db
    .all<{ session_id: string }>(
      `select s.session_id from segments g join session_parts p on p.segment = g.id join sessions s on s.key = p.key
       where g.backup_id = ? and p.part = 1`,
      backupId,
    )
    .map(({ session_id }) => session_id);

export function deleteBackup(db: Database, backupId: string): void {
  db.run(
    "delete from stale_copies where segment in (select id from segments where backup_id = ?)",
    backupId,
  );
  db.run("delete from segments where backup_id = ?", backupId);
  db.run("delete from backups where backup_id = ?", backupId);
}

/** How many sessions under legal hold may be in the backup, under their keys or, restored from it, under others. */
export function heldIn(db: Database, backupId: string): number {
  return (
    db.scalar<number>(
      `select count(*) from sessions s where s.flags & ${HELD} <> 0 and exists (
         select 1 from segments g where g.backup_id = ? and (s.key between g.first_key and g.last_key
           or exists (select 1 from stale_copies c where c.key = s.key and c.segment = g.id)
           or exists (select 1 from session_parts p where p.key = s.key and p.segment = g.id)))`,
      backupId,
    ) ?? 0
  );
}

/** The largest key of a session; 0 for none. */
export const lastSessionKey = (db: Database): number =>
  db.scalar<number>("select coalesce(max(key), 0) from sessions") ?? 0;

/** The keys of the next sessions that a backup takes, from a key on. */
export function backupSessionKeys(
  db: Database,
  { through_key, session_ids }: Pick<BackupRow, "through_key" | "session_ids">,
  from: number,
  limit: number,
): number[] {
  const chosen = session_ids === null ? "" : "and session_id in (select value from json_each(?))";
  const rows = db.all<{ key: number }>(
    `select key from sessions where key >= ? and key <= ? ${chosen} order by key limit +?`,
    from,
    through_key,
    ...(session_ids === null ? [] : [session_ids]),
    limit,
  );
  return rows.map(({ key }) => key);
}

/** The ids of all backups, or of the complete ones. */
export const backupIds = (db: Database, isComplete = false): string[] =>
  db
    .all<{ backup_id: string }>(
      `select backup_id from backups ${isComplete ? "where status = 'complete'" : ""}`,
    )
    .map(({ backup_id }) => backup_id);
