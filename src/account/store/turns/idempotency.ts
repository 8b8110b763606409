import { letOthersRun } from "../../../shared/let-others-run.ts";
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

/** Keys that are looked at before other calls run. */
const SLICE_KEYS = 1_000;

/** Some keys that follow each other in the table. */
interface KeySlice {
  /** The key before the first. */
  after: string;
  last: string;
}

/**
 * Reads the whole table, slice by slice: no index leads anywhere but by the key, as another would be a row more for each
 * request. Other calls run between the slices.
 *
 * @param columns - of each slice, as SQL: aggregates of `key`, `turn_id` and `created_at`, with `?1` for `about`
 */
export async function* keySlices<Columns extends object>(
  db: Database,
  columns: string,
  about: string | number,
): AsyncGenerator<KeySlice & Columns, void, undefined> {
  for (let after = ""; ; await letOthersRun()) {
    const slice: ({ last: string | null; rows: number } & Columns) | null = db.one(
      `select max(key) as last, count(*) as rows, ${columns}
       from (select key, turn_id, created_at from idempotency where key > ?2 order by key limit +?3)`,
      about,
      after,
      SLICE_KEYS,
    );
    if (!slice || slice.last === null) return;
    yield { ...slice, after, last: slice.last };
    if (slice.rows < SLICE_KEYS) return;
    after = slice.last;
  }
}

/** Told of each key that is written, with its turn, while the table is read in slices. */
export type KeyListener = (key: string, turn: number) => void;

const listeners = new WeakMap<Database, Set<KeyListener>>();

/** @returns ends it */
export function onKeyWritten(db: Database, listener: KeyListener): () => void {
  const all = listeners.get(db) ?? new Set();
  listeners.set(db, all);
  all.add(listener);
  return () => all.delete(listener);
}

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
  for (const listener of listeners.get(db) ?? []) listener(key, turn);
}

/**
 * Deletes the keys that expired, slice by slice.
 *
 * @returns when the oldest key that is left expires, or null when none is left
 */
export async function dropExpiredKeys(db: Database, now: number): Promise<number | null> {
  const columns =
    "total(created_at <= ?1) as expired, min(created_at) filter (where created_at > ?1) as oldest";
  let oldest: number | null = null;
  for await (const slice of keySlices<{ expired: number; oldest: number | null }>(
    db,
    columns,
    now - KEEP_KEYS_MS,
  )) {
    if (slice.expired > 0)
      db.run(
        "delete from idempotency where key > ? and key <= ? and created_at <= ?",
        slice.after,
        slice.last,
        now - KEEP_KEYS_MS,
      );
    if (slice.oldest !== null) oldest = Math.min(oldest ?? slice.oldest, slice.oldest);
  }
  return oldest === null ? null : oldest + KEEP_KEYS_MS;
}
