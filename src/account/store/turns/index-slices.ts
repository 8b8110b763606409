import { seqOf, keyOf } from "../../../shared/ids.ts";
import type { Database } from "../../../sqlite/database.ts";
import { JOURNAL } from "../sessions/session-flags.ts";
import { writeSession } from "../sessions/write-session.ts";
import { indexStoredPart } from "./indexed-turns.ts";

/** Text that is indexed in one transaction, in bytes. 64 KiB of words that are all different take 5 ms. */
export const SLICE_BYTES = 64 * 1024;
/** Turns that are looked at for a slice. */
const SLICE_TURNS = 1_000;
/** Sessions that are looked at together for turns that are not indexed. */
const STALE_SESSIONS = 5_000;

/** Turns that no longer change: completed, or no longer the last one, which may be retried. */
const FINAL = "(t.status = 1 or exists (select 1 from turns n where n.id = t.id + 1))";
/** Live sessions `s`. The journal is not searched. */
const LIVE = `s.segment is null and s.flags & ${JOURNAL} = 0`;
const UNINDEXED = `cross join sessions s on s.key = j.value cross join turns t
  on t.id > s.key * 1048576 + s.indexed and t.id < (s.key + 1) * 1048576 where ${LIVE} and ${FINAL}`;

/** Some sessions after the key `after` that have turns to index, and where the next ones begin; null after the last. */
export function staleSessions(
  db: Database,
  after: number,
): { keys: number[]; through: number | null } {
  const through = db.scalar<number>(
    "select max(key) from (select key from sessions where key > ? order by key limit ?)",
    after,
    STALE_SESSIONS,
  );
  if (through === null) return { keys: [], through: null };
  const keys = db
    .all<{ key: number }>(
      `select s.key from sessions s where s.key > ? and s.key <= ? and ${LIVE} and exists (
         select 1 from turns t where t.id > s.key * 1048576 + s.indexed and t.id < (s.key + 1) * 1048576)`,
      after,
      through,
    )
    .map(({ key }) => key);
  return { keys, through };
}

/**
 * Indexes the next turns of these sessions, up to {@link SLICE_BYTES} of text, or a part of one turn that is longer.
 *
 * @returns the sessions that may have more; none when all are indexed
 */
export function indexSlice(db: Database, keys: readonly number[]): number[] {
  const list = JSON.stringify(keys);
  const next = db.all<{ id: number; bytes: number }>(
    `select t.id, octet_length(t.input) + coalesce(octet_length(t.output), 0) as bytes
     from json_each(?) j ${UNINDEXED} limit ?`,
    list,
    SLICE_TURNS,
  );
  const [first] = next;
  if (!first) return [];
  const keysFrom = (id: number) => keys.slice(keys.indexOf(keyOf(id)));
  if (first.bytes > SLICE_BYTES) {
    if (indexStoredPart(db, first.id)) markIndexed(db, [first.id]);
    return keysFrom(first.id);
  }
  let left = SLICE_BYTES;
  const fits = next.findIndex(({ bytes }) => (left -= bytes) < 0);
  const ids = next.slice(0, fits < 0 ? next.length : fits).map(({ id }) => id);
  db.run(
    `insert into turn_search (rowid, input, output)
     select t.id, t.input, t.output from json_each(?) j cross join turns t on t.id = j.value`,
    JSON.stringify(ids),
  );
  markIndexed(db, ids);
  const isAll = ids.length === next.length && next.length < SLICE_TURNS;
  return isAll ? [] : keysFrom(ids.at(-1) ?? first.id);
}

/** The sessions are indexed up to these turns. */
function markIndexed(db: Database, ids: readonly number[]): void {
  const last = new Map(ids.map((id) => [keyOf(id), seqOf(id)]));
  writeSession(
    db,
    null,
    `update sessions set indexed = j.value ->> 1 from json_each(?) j
     where sessions.key = j.value ->> 0`,
    JSON.stringify([...last]),
  );
}
