import { letOthersRun } from "../../../shared/let-others-run.ts";
import { parseJson } from "../../../shared/json.ts";
import type { Database } from "../../../sqlite/database.ts";

/** Keys that are looked at before other calls run, or deleted by one statement: SQLite's bound of a text is 2 MB. */
const SLICE_KEYS = 1_000;

/** The idempotency keys of requests, by the keys of their sessions. */
export type RequestKeys = ReadonlyMap<number, readonly string[]>;

/**
 * Finds the keys of these sessions' requests before slices delete the sessions. No index leads there: the table is read
 * once for all slices. Other calls run meanwhile.
 */
export async function requestKeysOf(
  db: Database,
  sessions: readonly number[],
): Promise<RequestKeys> {
  const found = new Map<number, string[]>();
  if (sessions.length === 0) return found;
  const list = JSON.stringify(sessions);
  for (let after: string | null = ""; after !== null; await letOthersRun()) {
    const slice: { last: string | null; rows: number; found: string } | null = db.one(
      `select max(key) as last, count(*) as rows, json_group_array(json_array(session, key))
         filter (where session in (select value from json_each(?1))) as found
       from (select key, turn_id / 1048576 as session from idempotency where key > ?2 order by key limit +?3)`,
      list,
      after,
      SLICE_KEYS,
    );
    for (const [session, key] of parseJson(slice?.found ?? "[]") as [number, string][]) {
      const keys = found.get(session);
      if (keys) keys.push(key);
      else found.set(session, [key]);
    }
    after = slice?.rows === SLICE_KEYS ? slice.last : null;
  }
  return found;
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
