import { keyOf } from "../../../shared/ids.ts";
import { parseJson } from "../../../shared/json.ts";
import type { Database } from "../../../sqlite/database.ts";
import { keySlices, onKeyWritten } from "../turns/idempotency.ts";

/** Keys that one statement deletes: SQLite's bound of a text is 2 MB. */
const SLICE_KEYS = 1_000;

/** The idempotency keys of requests, by the keys of their sessions. */
export type RequestKeys = ReadonlyMap<number, readonly string[]>;

const FOUND = `json_group_array(json_array(turn_id / 1048576, key))
  filter (where turn_id / 1048576 in (select value from json_each(?1))) as found`;

/**
 * Finds the keys of these sessions' requests before slices delete the sessions. The table is read once for all slices, and
 * other calls run meanwhile.
 *
 * @param work - with those that are found, and those that come while it runs
 */
export async function withRequestKeys<T>(
  db: Database,
  sessions: readonly number[],
  work: (keys: RequestKeys) => Promise<T>,
): Promise<T> {
  const found = new Map<number, string[]>(sessions.map((session) => [session, []]));
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

/** In the transaction that deletes these sessions. A key that another session's request has now stays. */
export function dropRequestKeys(
  db: Database,
  found: RequestKeys,
  sessions: readonly number[],
): void {
  const keys = sessions.flatMap((session) => found.get(session) ?? []);
  for (let from = 0; from < keys.length; from += SLICE_KEYS)
    db.run(
      `delete from idempotency where key in (select value from json_each(?))
       and turn_id / 1048576 in (select value from json_each(?))`,
      JSON.stringify(keys.slice(from, from + SLICE_KEYS)),
      JSON.stringify(sessions),
    );
}
