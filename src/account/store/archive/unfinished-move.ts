import type { Database } from "../../../sqlite/database.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /** Sessions that are being moved to a segment, which has a copy of each. Some may be live still. */
    moving: { segment: number; keys: number[] };
  }
}

/** In the transaction that moves the first of the sessions, where others follow in transactions of their own. */
export const beginMove = (db: Database, segment: number, keys: readonly number[]): void =>
  writeValue(db, "moving", { segment, keys: [...keys] });

/**
 * The move is over. The copies of sessions that stayed live are recorded, so that erasing one finds its copy. In a
 * transaction.
 */
export function endMove(db: Database, segment: number, keys: readonly number[]): void {
  db.run(
    `insert or ignore into stale_copies select j.value, g.id from json_each(?) j cross join segments g
     where g.id = ? and not exists (select 1 from sessions s where s.key = j.value and s.segment = g.id)`,
    JSON.stringify(keys),
    segment,
  );
  deleteValue(db, "moving");
}

/** {@link endMove}, of a move that a crash cut off, if there is one. In a transaction. */
export function endCutOffMove(db: Database): void {
  const moving = readValue(db, "moving");
  if (moving !== null) endMove(db, moving.segment, moving.keys);
}
