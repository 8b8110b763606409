import {
  addVolume,
  emptyIndex,
  hasVolume,
  isEmptyIndex,
  movingVolume,
  newestVolume,
  volumesOf,
} from "../turns/search-volumes.ts";
import { copyVolume, finishMove } from "../turns/volume-moves.ts";
import { readValue, writeValue } from "./account-values.ts";
import type { Database } from "../../../sqlite/database.ts";

const FILLER_BYTES = 1_000_000;
/** Factor above the largest measured size: copies and merges of the search index take unreported room. */
export const COPY_ROOM = 2;

interface SchemaRow {
  [column: string]: string;
  type: string;
  name: string;
  sql: string;
}

/**
 * Rewrites every table and overwrites free pages. SQLite leaves deleted data in free parts of its pages, and neither
 * `secure_delete` nor `VACUUM` is allowed here. It writes each row once and takes twice the room. The data stay the
 * same wherever it is interrupted.
 * @param commit - resolves when all writes are on disk
 */
export async function compactFile(db: Database, commit: () => Promise<void>): Promise<void> {
  const committed = async () => {
    await commit();
    noteGrowth(db);
  };
  noteSize(db);
  // So that nothing new is laid on what was erased.
  await overwriteFreePages(db, committed, () => rewriteVolumes(db, committed));
  db.transaction(() => {
    rewrite(db);
  });
  await committed();
  await overwriteFreePages(db, committed);
}

/**
 * To be called before much is deleted: the file never gets smaller, and how large it is cannot be asked. In a
 * transaction.
 */
export function noteSize(db: Database): void {
  noteFile(db, db.sizeBytes * COPY_ROOM);
}

/** The file grows where others write meanwhile, as the filler has its free pages. */
const noteGrowth = (db: Database): void => noteFile(db, db.usedBytes);

function noteFile(db: Database, bytes: number): void {
  if (bytes > (readValue(db, "file_bytes") ?? 0)) writeValue(db, "file_bytes", bytes);
}

/**
 * A page that is used and freed in one transaction would not be written.
 *
 * @param meanwhile - is done while the filler has all free pages
 */
async function overwriteFreePages(
  db: Database,
  commit: () => Promise<void>,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  db.transaction(() => {
    takeFreePages(db);
  });
  countFiller(db);
  await commit();
  await meanwhile();
  db.run("drop table filler");
  countFiller(db);
  await commit();
}

/**
 * Moves the search index to volumes that are made on pages which the filler gives. FTS5 writes to no table but its own, and a
 * page that a volume goes on using keeps the beginning of what was there. So each volume goes as a whole, and the filler takes
 * the pages that it was on.
 */
async function rewriteVolumes(db: Database, commit: () => Promise<void>): Promise<void> {
  const fill = () => {
    fillUpTo(db, readValue(db, "file_bytes") ?? 0);
  };
  if (isEmptyIndex(db)) {
    db.transaction(() => {
      emptyIndex(db, fill);
    });
    countFiller(db);
    return commit();
  }
  // One whose move was cut off comes first.
  const volumes = new Set([movingVolume(db) ?? newestVolume(db), ...volumesOf(db)]);
  let isFirst = true;
  for (const volume of volumes) {
    db.transaction(() => {
      giveBack(db, volume);
    });
    countFiller(db);
    await commit();
    // All of them go to volumes that are made now.
    if (isFirst) db.transaction(() => addVolume(db));
    isFirst = false;
    await copyVolume(db, volume, () => {
      noteGrowth(db);
    });
    db.transaction(() => {
      finishMove(db, fill);
      fill();
    });
    countFiller(db);
    await commit();
  }
}

/** Notes what the filler has, as the object wakes, too: a compaction that was cut off leaves it to the next one. */
export function countFiller(db: Database): void {
  const isThere = db.scalar("select 1 from sqlite_master where type = 'table' and name = 'filler'");
  db.fillerBytes =
    isThere === null ? 0 : (db.scalar<number>("select total(length(zeros)) from filler") ?? 0);
}

/** Gives room for a copy of the volume. */
function giveBack(db: Database, volume: string): void {
  const bytes = hasVolume(db, volume)
    ? (db.scalar<number>(`select total(length(block)) from ${volume}_data`) ?? 0)
    : 0;
  db.run(
    "delete from filler where rowid in (select rowid from filler order by rowid desc limit +?)",
    Math.ceil((bytes * COPY_ROOM) / FILLER_BYTES) + 1,
  );
}

/** Fills free pages with zeros: SQLite uses them before the file grows. */
function takeFreePages(db: Database): void {
  const fileBytes = readValue(db, "file_bytes") ?? 0;
  db.run("drop table if exists filler");
  db.run("create table filler (zeros blob)");
  fillUpTo(db, fileBytes);
}

function fillUpTo(db: Database, fileBytes: number): void {
  while (db.usedBytes < fileBytes) {
    const left = fileBytes - db.usedBytes;
    db.run("insert into filler values (zeroblob(?))", Math.min(FILLER_BYTES, left));
  }
}

function rewrite(db: Database): void {
  const schema = db.all<SchemaRow>(
    `select type, name, sql from sqlite_master where sql is not null and sql not like 'create virtual table%'
     and name not like 'turn\\_search%' escape '\\' and name not like '\\_cf\\_%' escape '\\' and name not like 'sqlite\\_%' escape '\\'`,
  );
  const ofType = (type: string) => schema.filter((row) => row.type === type);
  const [tables, indexes] = [ofType("table"), ofType("index")];
  const [views, triggers] = [ofType("view"), ofType("trigger")];
  for (const { name, sql } of tables) {
    db.run(sql.replace(/^create table "?\w+"?/i, `create table "${name}_anew"`));
    db.run(`insert into "${name}_anew" select * from "${name}"`);
  }
  // A table that a view or a trigger reads cannot be renamed, and an index cannot be renamed at all.
  for (const { type, name } of [...triggers, ...views, ...indexes])
    db.run(`drop ${type} "${name}"`);
  // The pages of the old indexes are not for the new ones.
  takeFreePages(db);
  for (const { sql } of indexes) db.run(sql.replace(/ on "?(\w+)"?/i, ' on "$1_anew"'));
  const fileBytes = Math.max(readValue(db, "file_bytes") ?? 0, db.usedBytes);
  for (const { name } of tables) {
    db.run(`drop table "${name}"`);
    db.run(`alter table "${name}_anew" rename to "${name}"`);
  }
  for (const { sql } of [...views, ...triggers]) db.run(sql);
  writeValue(db, "file_bytes", fileBytes);
  db.run("drop table filler");
}
