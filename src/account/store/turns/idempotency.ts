import { anotherRequest } from "../../../shared/not-found-errors.ts";
import { DAY_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { Principal } from "../../../shared/principal.ts";

/** A replay is promised for this long. */
export const KEEP_KEYS_MS = DAY_MS;

export interface IdempotencyKey {
  key: string;
  /** sha256 of the request, so that the same key with another one is told apart. */
  hash: string;
}

type KeyRow = {
  hash: string;
  turn_id: number;
};

/**
 * A key as it is stored. Where the caller speaks for a user, it is the user's own: no header has a line break, so that
 * the keys of two users, and of the account, never meet.
 */
export const keyFor = (caller: Principal | null, key: string): string =>
  caller?.user_id === undefined ? key : `${caller.user_id}\n${key}`;

export function findKey(db: Database, key: string): KeyRow | null {
  return db.one<KeyRow>("select hash, turn_id from idempotency where key = ?", key);
}

/**
 * The turn that the same request made, or wrote to; null for a new key.
 *
 * @throws ApiError `idempotency_mismatch` for a key of another request
 */
export function turnOfKey(db: Database, { key, hash }: IdempotencyKey): number | null {
  const known = findKey(db, key);
  if (known && known.hash !== hash) throw anotherRequest();
  return known && known.turn_id;
}

/**
 * The time from which a key is kept for a day. A request may say another time, by the development clock: an older one
 * would have the account's alarm drop the key at once.
 */
export const keptFrom = (requested: number): number => Math.max(requested, Date.now());

export function putKey(
  db: Database,
  { key, hash }: IdempotencyKey,
  turn: number,
  now: number,
): void {
  db.run(
    `insert into idempotency values (?, ?, ?, ?)
     on conflict (key) do update
       set hash = excluded.hash, turn_id = excluded.turn_id, created_at = excluded.created_at`,
    key,
    hash,
    turn,
    now,
  );
}

/** Forgets the keys that a turn was asked with: the same request makes a new turn. */
export const dropKeysOfTurn = (db: Database, turn: number): void => {
  db.run("delete from idempotency where turn_id = ?", turn);
};

/** Forgets what a turn was asked with, and not that it was: its keys are no new ones. */
export const blankKeysOfTurn = (db: Database, turn: number): void => {
  db.run("update idempotency set hash = '' where turn_id = ?", turn);
};

/**
 * In the transaction that deletes the sessions, or the last of them. No index leads there: the table, of one day, is read as a
 * whole. Slices use `dropRequestKeys`.
 */
export const dropKeysOfSessions = (db: Database, keys: readonly number[]): void => {
  if (keys.length === 0) return;
  db.run(
    "delete from idempotency where turn_id / 1048576 in (select value from json_each(?))",
    JSON.stringify(keys),
  );
};

/** {@link dropKeysOfSessions} of one session, from a time on. */
export const dropKeysSince = (db: Database, key: number, since: number): void => {
  db.run(
    "delete from idempotency where turn_id / 1048576 = cast(? as integer) and created_at >= ?",
    key,
    since,
  );
};

/** @returns when the oldest key that is left expires, or null when none is left */
export function dropExpiredKeys(db: Database, now: number): number | null {
  db.run("delete from idempotency where created_at <= ?", now - KEEP_KEYS_MS);
  const oldest = db.scalar<number>("select min(created_at) from idempotency");
  return oldest === null ? null : oldest + KEEP_KEYS_MS;
}
