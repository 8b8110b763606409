import type { Database } from "../../../sqlite/database.ts";
import type { Owner } from "../sessions/session-access.ts";
import type { SessionRow } from "../sessions/sessions.ts";
import type { User } from "../sessions/users.ts";

/**
 * A session that went without being erased: its archive expired, its import was undone, or one with another key
 * replaced it. A backup or an archive has a copy of it.
 */
export interface FormerSession extends Owner {
  key: number;
  session_id: string;
}

type FormerRow = FormerSession & Record<string, number | string | null>;

/** Whether a part of a backup, or an archive, may have a copy of the session with that key. */
const hasCopy = (key: string): string =>
  `exists (select 1 from segments g where g.backup_id is not null and ${key} between g.first_key and g.last_key)
   or exists (select 1 from stale_copies c where c.key = ${key})`;

/** In the transaction that drops the session, before it: its copies can still be erased. */
export const noteFormer = (db: Database, { key }: Pick<SessionRow, "key">): void =>
  db.run(
    `insert or replace into former_sessions (key, session_id, user_id, role)
     select s.key, s.session_id, d.user_id, d.role from sessions s left join session_details d on d.key = s.key
     where s.key = ?1 and (${hasCopy("?1")})`,
    key,
  );

/** What says of a copy which session it is of. */
type Copy = { key: number; session_id: string; created_at: number } & Omit<Owner, "role"> & {
    role?: string | undefined;
  };

/**
 * A copy of a session whose archive expired here, under the key and with the owner that the session had last. A copy may be
 * older than both. Its turns are counted no second time then, its calls keep their ids, and an erasure of its user finds it.
 *
 * @returns the copy itself where no such session is known
 */
export function asFormer<T extends Copy>(db: Database, copy: T): T {
  const { key, session_id, created_at, user_id, role } = copy;
  const former = db.one<FormerRow>(
    `select f.* from former_sessions f cross join expired_sessions e on e.key = f.key
     where f.session_id = +?1 and e.created_at = +?2
       and coalesce(f.user_id, ?3) is coalesce(?3, f.user_id) and coalesce(f.role, ?4) is coalesce(?4, f.role)
     order by f.key = +?5 desc, f.key desc limit 1`,
    session_id,
    created_at,
    user_id,
    role ?? null,
    key,
  );
  if (!former) return copy;
  const own = role ?? former.role;
  return {
    ...copy,
    key: former.key,
    user_id: user_id ?? former.user_id,
    ...(own !== null && { role: own }),
  };
}

/** In the transaction that inserts a session under the key that it had: its copies are found by that again. */
export const noteBack = (db: Database, key: number): void =>
  db.run("delete from former_sessions where key = ?", key);

/** Those that had one of these ids. */
export const formersOf = (db: Database, sessionIds: readonly string[]): FormerSession[] =>
  db.all<FormerRow>(
    `select f.* from json_each(?) j cross join former_sessions f on f.session_id = j.value order by f.key`,
    JSON.stringify(sessionIds),
  );

/** Sessions that expired, of which a segment has copies still: a crash came before it was rewritten without them. */
export const expiredIn = (db: Database, segment: number | null): FormerSession[] =>
  db.all<FormerRow>(
    `select f.* from stale_copies c cross join former_sessions f on f.key = c.key
     cross join expired_sessions e on e.key = f.key where c.segment = +? order by f.key`,
    segment,
  );

const OF_USER = `from former_sessions f where f.user_id = +?1 and (?2 is null or coalesce(f.role, ?2) = ?2)`;
const params = ({ user_id, role }: User) => [user_id, role ?? null] as const;

export const formersOfUser = (db: Database, user: User, limit: number): FormerSession[] =>
  db.all<FormerRow>(`select f.* ${OF_USER} order by f.key limit +?3`, ...params(user), limit);

export const countFormersOfUser = (db: Database, user: User): number =>
  db.scalar<number>(`select count(*) ${OF_USER}`, ...params(user)) ?? 0;

/** Their copies are erased: nothing brings them back. */
export function dropFormers(db: Database, keys: readonly number[]): void {
  for (const table of ["former_sessions", "expired_sessions"])
    db.run(
      `delete from ${table} where key in (select value from json_each(?))`,
      JSON.stringify(keys),
    );
}

/**
 * A backup is deleted: of the next former sessions after that key, those are forgotten that no other backup may have.
 *
 * @returns the key after which the next slice begins; null after the last
 */
export function forgetFormers(db: Database, after: number, limit: number): number | null {
  const keys = db
    .all<{ key: number }>(
      "select key from former_sessions where key > ? order by key limit +?",
      after,
      limit,
    )
    .map(({ key }) => key);
  forgetWithoutCopy(db, keys);
  return keys.length < limit ? null : (keys.at(-1) ?? null);
}

/** A segment is deleted that may have copies of them: those are forgotten of which there is no other. */
export const forgetWithoutCopy = (db: Database, keys: readonly number[]): void =>
  db.run(
    `delete from former_sessions where key in (select value from json_each(?)) and not (${hasCopy("former_sessions.key")})`,
    JSON.stringify(keys),
  );
