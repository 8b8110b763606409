import { letOthersRun } from "../../../shared/let-others-run.ts";
import { keyOf, seqOf } from "../../../shared/ids.ts";
import type { Database } from "../../../sqlite/database.ts";
import { noteSize } from "../account/file-compaction.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";
import { indexAllAgain } from "../archive/archived-words.ts";
import { dropVolume } from "./search-volumes.ts";

/**
 * By which rule turns become words. 1: by their rows, in which items are JSON. 2: by `searchedText`, but
 * for a failed turn before a gap in the numbers. 3: by `searchedText`, all of them. 4: the same, in volumes. 5: the same, in shorter
 * parts. A change of the rule takes the next number: the index forgets words by the text that they came from, and so cannot hold two rules' words.
 */
export const INDEX_VERSION = 5;

/** `sessions.indexed` is the version and the last indexed turn's number, packed as the ids of turns are. */
export const INDEXED_BASE = INDEX_VERSION * 1_048_576;

/** Up to which turn a session is indexed, from its column `indexed`. Another version's index is none. */
export const indexedSeq = (indexed: number): number =>
  keyOf(indexed) === INDEX_VERSION ? seqOf(indexed) : 0;

/** {@link indexedSeq} of a session `s`, in SQL. */
export const INDEXED_SEQ = `max(0, s.indexed - ${INDEXED_BASE})`;

const isOld = (db: Database): boolean => readValue(db, "index_version") !== INDEX_VERSION;

/**
 * Drops the volumes of another version's index one by one, so that {@link dropOldIndex} has little left to do. Other calls
 * run in between: any that writes or reads the index drops the rest itself.
 */
export async function dropOldVolumes(db: Database): Promise<void> {
  const dropNext = () => isOld(db) && dropNoted(db);
  while (db.transaction(dropNext)) await letOthersRun();
}

function dropNoted(db: Database): boolean {
  noteSize(db);
  return dropVolume(db);
}

/**
 * Empties an index of another version. The account is indexed again as at its first search. In a transaction, before all
 * that writes or reads the index.
 *
 * @returns whether it did
 */
export function dropOldIndex(db: Database): boolean {
  if (!isOld(db)) return false;
  noteSize(db);
  while (dropVolume(db));
  db.run("insert into turn_search (turn_search) values ('delete-all')");
  db.run("delete from search_parts");
  db.run("delete from unfinished_turns");
  deleteValue(db, "thinned_volumes");
  deleteValue(db, "moving_volume");
  indexAllAgain(db);
  writeValue(db, "index_version", INDEX_VERSION);
  return true;
}
