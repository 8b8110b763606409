import { letOthersRun } from "../../../shared/let-others-run.ts";
import type { Database } from "../../../sqlite/database.ts";
import { mergeAll } from "./index-merges.ts";
import { dropEmptyVolume, volumesOf } from "./search-volumes.ts";
import { hasThinned, noteThinnedAre, thinnedIn } from "./thinned-volumes.ts";

/** Merges of one step of the maintenance, which other work of the archives waits for. A full volume takes some 100. */
const STEP_MERGES = 64;

/**
 * FTS5 writes a volume again only where there is something to merge: this row, which no search finds. Turns have positive
 * ids, and parts negative ones.
 */
const FILLER_ID = 0;
/** A private character, which is a word to FTS5. */
const FILLER = "\u{e000}";

/**
 * Writes volumes again that lost rows, a merge after the other. Other calls run in between. Twice is once, and the next step
 * goes on after a crash.
 *
 * @returns whether there is more
 */
export async function rewriteThinned(db: Database, merges = STEP_MERGES): Promise<boolean> {
  if (!hasThinned(db)) return false;
  for (let n = 0; n < merges; n += 1) {
    if (!db.transaction(() => rewriteNext(db))) return false;
    await letOthersRun();
  }
  return true;
}

/** @returns whether there is more */
function rewriteNext(db: Database): boolean {
  const there = new Set(volumesOf(db));
  const { due, begun } = thinnedIn(db);
  if (begun !== null && there.has(begun)) {
    if (mergeAll(db, begun)) return true;
    deleteFiller(db, begun);
    dropEmptyVolume(db, begun);
    noteThinnedAre(db, due, null);
    return due.length > 0;
  }
  const [next, ...others] = due.filter((volume) => there.has(volume));
  // A row that goes from now on is noted again: its page may have been written already.
  noteThinnedAre(db, others, next ?? null);
  if (next !== undefined) insertFiller(db, next);
  return next !== undefined;
}

/** A rewriting that was cut off left it. */
const hasFiller = (db: Database, volume: string): boolean =>
  db.scalar(`select 1 from ${volume}_docsize where id = ${FILLER_ID}`) !== null;

function insertFiller(db: Database, volume: string): void {
  if (hasFiller(db, volume)) return;
  db.run(`insert into ${volume} (rowid, input, output) values (${FILLER_ID}, ?, null)`, FILLER);
}

function deleteFiller(db: Database, volume: string): void {
  if (!hasFiller(db, volume)) return;
  db.run(
    `insert into ${volume} (${volume}, rowid, input, output) values ('delete', ${FILLER_ID}, ?, null)`,
    FILLER,
  );
}
