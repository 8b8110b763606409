import type { Database } from "./database.ts";

const FILLER_BYTES = 1_000_000;
/** Rows of one filling, at most: a gigabyte. */
const MAX_FILLERS = 1_000;

interface SchemaRow {
  [column: string]: string;
  type: string;
  name: string;
  sql: string;
}

/**
 * Writes every table anew and overwrites what is free. SQLite leaves what was deleted in the free parts of its pages,
 * and neither `secure_delete` nor `VACUUM` is allowed here. Costs a row written for each row there is, and twice the
 * room. Rows mean the same before, in between and after, wherever it is cut off.
 * @param commit - resolves when all that was written is on disk
 */
export async function compact(db: Database, commit: () => Promise<void>): Promise<void> {
  db.transaction(() => {
    rewrite(db);
  });
  await commit();
  db.transaction(() => {
    fillFreePages(db);
  });
  // A page that is used and freed in one transaction would not be written.
  await commit();
  db.run("drop table filler");
  await commit();
}

/** Free pages are taken first: when the file grows, none of them is left. */
function fillFreePages(db: Database): void {
  db.run("drop table if exists filler");
  db.run("create table filler (zeros blob)");
  const size = db.sizeBytes;
  for (let n = 0; n < MAX_FILLERS && db.sizeBytes === size; n += 1) {
    db.run("insert into filler values (zeroblob(?))", FILLER_BYTES);
  }
}

function rewrite(db: Database): void {
  const schema = db.all<SchemaRow>(
    `select type, name, sql from sqlite_master where sql is not null and name <> 'filler'
     and name not like 'turn\\_search%' escape '\\' and name not like '\\_cf\\_%' escape '\\' and name not like 'sqlite\\_%' escape '\\'`,
  );
  const ofType = (type: string) => schema.filter((row) => row.type === type);
  const [tables, indexes, views] = [ofType("table"), ofType("index"), ofType("view")];
  // A table that a view shows cannot be renamed, and an index cannot be renamed at all.
  for (const { type, name } of [...views, ...indexes]) db.run(`drop ${type} "${name}"`);
  // No new page is to be laid on what was erased.
  fillFreePages(db);
  db.run("insert into turn_search (turn_search) values ('optimize')");
  for (const { name, sql } of tables) {
    db.run(sql.replace(/^create table "?\w+"?/i, `create table "${name}_anew"`));
    db.run(`insert into "${name}_anew" select * from "${name}"`);
  }
  for (const { sql } of indexes) db.run(sql.replace(/ on "?(\w+)"?/i, ' on "$1_anew"'));
  for (const { name } of tables) {
    db.run(`drop table "${name}"`);
    db.run(`alter table "${name}_anew" rename to "${name}"`);
  }
  for (const { sql } of views) db.run(sql);
  db.run("drop table filler");
}
