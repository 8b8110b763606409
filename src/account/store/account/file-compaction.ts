import { hasVolume, volumesOf } from "../turns/search-volumes.ts";
import { rewriteVolume } from "../turns/volume-rewrites.ts";
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
  noteSize(db);
  // So that nothing new is laid on what was erased.
  await overwriteFreePages(db, commit, () => rewriteVolumes(db, commit));
  db.transaction(() => {
    rewrite(db);
  });
  await commit();
  await overwriteFreePages(db, commit);
}

/**
 * To be called before much is deleted: the file never gets smaller, and how large it is cannot be asked. In a
 * transaction.
 */
export function noteSize(db: Database): void {
  const bytes = db.sizeBytes * COPY_ROOM;
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
  await commit();
  await meanwhile();
  db.run("drop table filler");
  await commit();
}

/**
 * Writes the search index again, a volume a transaction. Each is laid on pages that the filler gives for it, and the filler
 * takes those that it was on.
 */
async function rewriteVolumes(db: Database, commit: () => Promise<void>): Promise<void> {
  for (const volume of volumesOf(db)) {
    db.transaction(() => {
      if (!hasVolume(db, volume)) return;
      const bytes = db.scalar<number>(`select total(length(block)) from ${volume}_data`) ?? 0;
      const full = db.sizeBytes;
      db.run(
        "delete from filler where rowid in (select rowid from filler order by rowid desc limit +?)",
        Math.ceil((bytes * COPY_ROOM) / FILLER_BYTES) + 1,
      );
      rewriteVolume(db, volume);
      fillUpTo(db, full);
    });
    await commit();
  }
}

/** Fills free pages with zeros: SQLite uses them before the file grows. */
function takeFreePages(db: Database): void {
  const fileBytes = readValue(db, "file_bytes") ?? 0;
  db.run("drop table if exists filler");
  db.run("create table filler (zeros blob)");
  fillUpTo(db, fileBytes);
}

function fillUpTo(db: Database, fileBytes: number): void {
  while (db.sizeBytes < fileBytes) {
    const left = fileBytes - db.sizeBytes;
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
  const fileBytes = Math.max(readValue(db, "file_bytes") ?? 0, db.sizeBytes);
  for (const { name } of tables) {
    db.run(`drop table "${name}"`);
    db.run(`alter table "${name}_anew" rename to "${name}"`);
  }
  for (const { sql } of [...views, ...triggers]) db.run(sql);
  writeValue(db, "file_bytes", fileBytes);
  db.run("drop table filler");
}
