import { keyOf } from "../../../shared/ids.ts";
import { parseJson } from "../../../shared/json.ts";
import type { Database } from "../../../sqlite/database.ts";
import { keySlices, onKeyWritten } from "./idempotency.ts";

/** Keys that one statement deletes: SQLite's bound of a text is 2 MB. */
const SLICE_KEYS = 1_000;

/** The idempotency keys of requests, by the keys of their sessions. Those of another session are looked for when they are used. */
export type RequestKeys = Pick<ReadonlyMap<number, readonly string[]>, "get">;

/** Where there is no time to look before the transaction: it reads the table as a whole. */
export const UNKNOWN_KEYS: RequestKeys = new Map();

/**
 * For a transaction that changes many sessions or none: the table is read, as a whole, where the first one asks for its keys.
 *
 * @param sessions - all that may be changed
 */
export function keysWhenAsked(db: Database, sessions: () => readonly number[]): RequestKeys {
  let found: RequestKeys | null = null;
  return { get: (session) => (found ??= readAll(db, sessions())).get(session) };
}

const FOUND = `json_group_array(json_array(turn_id / 1048576, key))
  filter (where turn_id / 1048576 in (select value from json_each(?1))) as found`;

/**
 * Finds the keys of these sessions' requests before transactions delete or change the sessions. The table is read once for all
 * of them, and other calls run meanwhile.
 *
 * @param work - with those that are found, and those that come while it runs
 */
export async function withRequestKeys<T>(
  db: Database,
  sessions: readonly number[],
  work: (keys: RequestKeys) => Promise<T>,
): Promise<T> {
  const found = noneOf(sessions);
  const end = onKeyWritten(db, (key, turn) => void found.get(keyOf(turn))?.push(key));
  try {
    if (sessions.length > 0)
      for await (const slice of keySlices<{ found: string }>(db, FOUND, JSON.stringify(sessions)))
        for (const [session, key] of parseJson(slice.found) as [number, string][])
          found.get(session)?.push(key);
    return await work(found);
  } finally {
    end();
  }
}

/**
 * In the transaction that deletes these sessions. A key that another session's request has now stays.
 *
 * @param since - those of earlier requests stay, too. Ms since the epoch
 */
export function dropRequestKeys(
  db: Database,
  found: RequestKeys,
  sessions: readonly number[],
  since = 0,
): void {
  const keys = sessions.flatMap((session) => keysIn(db, found, session));
  inSlices(keys, (slice) =>
    db.run(
      `delete from idempotency where key in ${KEYS}
       and turn_id / 1048576 in (select value from json_each(?)) and created_at >= ?`,
      slice,
      JSON.stringify(sessions),
      since,
    ),
  );
}

/** Forgets the keys that a turn was asked with: the same request makes a new turn. */
export function dropKeysOfTurn(db: Database, found: RequestKeys, turn: number): void {
  inSlices(keysIn(db, found, keyOf(turn)), (slice) =>
    db.run(`delete from idempotency where key in ${KEYS} and turn_id = ?`, slice, turn),
  );
}

/** Forgets what a turn was asked with, and not that it was: its keys are no new ones. */
export function blankKeysOfTurn(db: Database, found: RequestKeys, turn: number): void {
  inSlices(keysIn(db, found, keyOf(turn)), (slice) =>
    db.run(`update idempotency set hash = '' where key in ${KEYS} and turn_id = ?`, slice, turn),
  );
}

const keysIn = (db: Database, found: RequestKeys, session: number): readonly string[] =>
  found.get(session) ?? readAll(db, [session]).get(session) ?? [];

/** Reads the table as a whole. */
function readAll(db: Database, sessions: readonly number[]): RequestKeys {
  const found = noneOf(sessions);
  const rows = db.all<{ session: number; key: string }>(
    `select turn_id / 1048576 as session, key from idempotency
     where turn_id / 1048576 in (select value from json_each(?))`,
    JSON.stringify(sessions),
  );
  for (const { session, key } of rows) found.get(session)?.push(key);
  return found;
}

const noneOf = (sessions: readonly number[]): Map<number, string[]> =>
  new Map(sessions.map((session) => [session, []]));

const KEYS = "(select value from json_each(?))";

function inSlices(keys: readonly string[], work: (slice: string) => void): void {
  for (let from = 0; from < keys.length; from += SLICE_KEYS)
    work(JSON.stringify(keys.slice(from, from + SLICE_KEYS)));
}
