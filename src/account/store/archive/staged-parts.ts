import { parseJson } from "../../../shared/json.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { Owner } from "../sessions/session-access.ts";
import { isInRole } from "../sessions/users.ts";
import type { User } from "../sessions/users.ts";
import {
  ARCHIVE,
  cancelDeletion,
  deleteSegment,
  insertSegment,
  replaceSegment,
  scheduleDeletion,
} from "./archives.ts";
import type { SegmentRow } from "./archives.ts";

/**
 * A session of several parts that an import has begun to bring. Its parts wait in R2 as segments, with this as the name of
 * their backup: nothing reads them, and no clean-up deletes them, until the last part has come.
 */
export interface StagedSession {
  /** `imports.number`. */
  import: number;
  /** The key that it gets, if that is free then. */
  key: number;
  session_id: string;
}

/** Between the numbers and after them. No backup's id begins with it. */
const PREFIX = "import:";
/** Between the session's id, which has none of it, and the part's owner as JSON. Parts of an older version name none. */
const BEFORE_OWNER = "\n";

const nameOf = (staged: StagedSession): string =>
  `${PREFIX}${staged.import}:${staged.key}:${staged.session_id}`;

function parseName(name: string): StagedSession & { owner: Owner | null } {
  const [session = "", owner] = name.split(BEFORE_OWNER);
  const [, by, key, ...id] = session.split(":");
  return {
    import: Number(by),
    key: Number(key),
    session_id: id.join(":"),
    owner: owner === undefined ? null : (parseJson(owner) as Owner),
  };
}

const LIKE = "backup_id >= ? and backup_id < ?";
/** All that begins so. */
const range = (prefix: string): [string, string] => {
  const next = String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  return [prefix, `${prefix.slice(0, -1)}${next}`];
};

/** The sessions that an import has begun to bring. */
export function stagedSessions(db: Database, by: number): StagedSession[] {
  const names = db.all<{ backup_id: string }>(
    `select distinct backup_id from segments where ${LIKE}`,
    ...range(`${PREFIX}${by}:`),
  );
  const sessions = names.map(({ backup_id }) => parseName(backup_id));
  return [...new Map(sessions.map((each) => [nameOf(each), each])).values()];
}

/** The parts that came, in their order. */
export const stagedParts = (db: Database, staged: StagedSession): SegmentRow[] =>
  db.all<SegmentRow>(
    `select * from segments where backup_id = +? or (${LIKE}) order by part`,
    nameOf(staged),
    ...range(nameOf(staged) + BEFORE_OWNER),
  );

/**
 * In a transaction: a part that lies in R2 is the next one. Where it came before, it and those after it come again.
 *
 * @param owner - as the part names it: a later part names no role
 */
export function stagePart(
  db: Database,
  staged: StagedSession,
  part: Omit<SegmentRow, "id" | "backup_id">,
  { user_id, role }: Owner,
): void {
  const number = part.part ?? 0;
  dropAll(
    db,
    stagedParts(db, staged).filter((each) => (each.part ?? 0) >= number),
  );
  const owner = JSON.stringify({ user_id, role });
  insertSegment(db, { ...part, backup_id: nameOf(staged) + BEFORE_OWNER + owner });
  cancelDeletion(db, part.object_key);
}

/** What names a segment's object, and what is in it. */
export type SegmentObject = Pick<SegmentRow, "object_key" | "bytes" | "members" | "key_id">;

/**
 * In a transaction: all parts have come. Their segments are those of an archive from now on.
 *
 * @param first - takes the place of the first part's object
 */
export function takeStaged(
  db: Database,
  staged: StagedSession,
  first: SegmentObject | null,
): SegmentRow[] {
  return stagedParts(db, staged).map((part, index) => {
    const archive = { ...part, ...(index === 0 && first), ...ARCHIVE };
    replaceSegment(db, archive);
    scheduleDeletion(db, part.object_key);
    cancelDeletion(db, archive.object_key);
    db.run("update segments set indexed = ? where id = ?", archive.indexed, archive.id);
    return archive;
  });
}

/** The session does not come. */
export const dropStaged = (db: Database, staged: StagedSession): void => {
  dropAll(db, stagedParts(db, staged));
};

/** Drops what has come of sessions with these ids. @returns the objects that are to be deleted */
export function dropStagedOf(db: Database, sessionIds: readonly string[]): string[] {
  const ids = new Set(sessionIds);
  return dropWhere(db, ({ session_id }) => ids.has(session_id));
}

/** Drops what has come of the user's sessions, and of those whose user is not known. @returns the objects that are to be deleted */
export function dropStagedOfUser(db: Database, user: User): string[] {
  const isTheirs = ({ owner }: { owner: Owner | null }) =>
    owner === null || (owner.user_id === user.user_id && isInRole(user, owner.role));
  return dropWhere(db, isTheirs);
}

/** @param isGone - asked of the first part of each session: later ones name no role */
function dropWhere(
  db: Database,
  isGone: (first: ReturnType<typeof parseName>) => boolean,
): string[] {
  const all = db
    .all<SegmentRow & { backup_id: string }>(
      `select * from segments where ${LIKE} order by part`,
      ...range(PREFIX),
    )
    .map((row) => ({ row, part: parseName(row.backup_id) }));
  const bySession = [...Map.groupBy(all, ({ part }) => nameOf(part)).values()];
  const gone = bySession.filter(([first]) => first && isGone(first.part));
  return dropAll(
    db,
    gone.flat().map(({ row }) => row),
  );
}

/** The last request of the import that brings a part. All parts of a session have that time. */
const LAST_REQUEST = `coalesce((select updated_at from imports
  where number = cast(substr(backup_id, ${PREFIX.length + 1}) as integer)), 0)`;

/**
 * Drops all that imports have begun to bring, and not ended.
 *
 * @param before - only of imports that did not go on since, in ms since the epoch
 * @returns the objects that are to be deleted
 */
export function dropAllStaged(db: Database, before = Number.MAX_SAFE_INTEGER): string[] {
  const parts = db.all<SegmentRow>(
    `select * from segments where ${LIKE} and ${LAST_REQUEST} < ?`,
    ...range(PREFIX),
    before,
  );
  return dropAll(db, parts);
}

function dropAll(db: Database, parts: readonly SegmentRow[]): string[] {
  for (const { id, object_key } of parts) {
    deleteSegment(db, id);
    scheduleDeletion(db, object_key);
  }
  return parts.map(({ object_key }) => object_key);
}

/** Since when an import has not gone on whose parts wait, in ms since the epoch; null for none. */
export const oldestStagedAt = (db: Database): number | null =>
  db.scalar<number>(`select min(${LAST_REQUEST}) from segments where ${LIKE}`, ...range(PREFIX));
