import type { Database } from "../../../sqlite/database.ts";
import { findSegment } from "./archives.ts";
import type { SegmentRow } from "./archives.ts";

/** `segments.indexed` of an archive that cannot be read: it is damaged or locked. */
const DAMAGED = -1;
const ARCHIVES = "from segments where backup_id is null and indexed";

/** The next archive with words that the search index lacks: one that was begun, else the newest. Parts have their order. */
export function nextToIndex(db: Database): SegmentRow | null {
  const id = db.scalar<number>(`select id ${ARCHIVES} >= 0 order by indexed desc, id desc limit 1`);
  if (id === null) return null;
  const first = db.scalar<number>(
    `select p.segment from session_parts p join segments g on g.id = p.segment and g.indexed >= 0
     where p.key = (select key from session_parts where segment = +?) order by p.part limit 1`,
    id,
  );
  return findSegment(db, first ?? id);
}

/** Whether the search index lacks words of some archive: because it was not read yet, or because it is damaged. */
export const wordsMissing = (db: Database): { isPending: boolean; isDamaged: boolean } => ({
  isPending: db.scalar(`select 1 ${ARCHIVES} >= 0 limit 1`) !== null,
  isDamaged: db.scalar(`select 1 ${ARCHIVES} < 0 limit 1`) !== null,
});

/** @param members - so many members are done with; null: all */
export function noteIndexed(db: Database, segment: number, members: number | null): void {
  db.run("update segments set indexed = ? where id = ?", members, segment);
}

/**
 * Some of its words are about to leave the index. Until {@link noteIndexed} says otherwise, all of it is to be indexed
 * again. A damaged archive stays damaged: it is tried again as a whole. In a transaction.
 *
 * @returns how far it was indexed, as {@link noteIndexed} takes it
 */
export function beginForgetting(db: Database, segment: number): number | null {
  const before = db.scalar<number>("select indexed from segments where id = ?", segment);
  if (before !== DAMAGED) noteIndexed(db, segment, 0);
  return before;
}

export const noteDamaged = (db: Database, segment: number): void =>
  noteIndexed(db, segment, DAMAGED);

/** Damaged and locked archives are tried again. */
export const retryDamaged = (db: Database): void =>
  db.run("update segments set indexed = 0 where backup_id is null and indexed = ?", DAMAGED);

/** The search index has lost all words of archives. */
export const indexAllAgain = (db: Database): void =>
  db.run("update segments set indexed = 0 where backup_id is null");
