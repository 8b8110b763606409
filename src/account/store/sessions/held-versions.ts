import { isHeld } from "../account/account-values.ts";
import type { Database } from "../../../sqlite/database.ts";
import { HELD } from "./session-flags.ts";

/** The columns of a session whose values are kept under a legal hold. See migration 0012, whose trigger keeps them. */
export const VERSIONED = ["state", "metadata", "facts", "role", "user_id"] as const;

/** A value that was overwritten under a legal hold. */
export interface HeldVersion {
  name: (typeof VERSIONED)[number];
  /** The session's stored value: state, metadata and facts are JSON. */
  value: string;
  /** Ms since the epoch. */
  replaced_at: number;
}

type VersionRow = { [K in keyof HeldVersion]: HeldVersion[K] } & { id: number };

/** The session's next versions in the order of their coming. @param after - the id of the last one before */
export const heldVersions = (db: Database, key: number, after = 0, limit = -1): VersionRow[] =>
  db.all<VersionRow>(
    "select id, name, value, replaced_at from held_versions where key = +? and id > ? order by id limit +?",
    key,
    after,
    limit,
  );

export const countHeldVersions = (db: Database, key: number): number =>
  db.scalar<number>("select count(*) from held_versions where key = ?", key) ?? 0;

/** In the transaction that writes the session they belong to. */
export function insertHeldVersions(
  db: Database,
  key: number,
  versions: readonly HeldVersion[],
): void {
  for (const { name, value, replaced_at } of versions)
    db.run(
      "insert into held_versions (key, name, value, replaced_at) values (?, ?, ?, ?)",
      key,
      name,
      value,
      replaced_at,
    );
}

/**
 * In a transaction: work that takes values out of their column and overwrites none, as an archive takes the state along. The
 * trigger does not know that, so what it keeps meanwhile goes.
 */
export function keepingNone(db: Database, work: () => void): void {
  const last = db.scalar<number>("select max(id) from held_versions") ?? 0;
  work();
  db.run("delete from held_versions where id > ?", last);
}

/** In the transaction that deletes the session. */
export const dropHeldVersions = (db: Database, key: number): void =>
  db.run("delete from held_versions where key = ?", key);

/** Drops the versions of all sessions that no hold is on. In the transaction that lifts a hold. */
export function dropReleasedVersions(db: Database): void {
  if (isHeld(db)) return;
  db.run(
    `delete from held_versions where not exists
       (select 1 from sessions s where s.key = held_versions.key and s.flags & ${HELD} <> 0)`,
  );
}
