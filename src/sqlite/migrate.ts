import type { Opened } from "../shared/opened.ts";
import { Database } from "./database.ts";

export interface Migration {
  /** The file's name, `NNNN_name`. */
  name: string;
  sql: string;
}

/** What a database keeps of a migration that ran. */
export type MigrationRecord = { name: string; checksum: string };

export interface Schema {
  /** SQL that makes of an empty database what all migrations make of it. */
  snapshot: string;
  /** Of the migrations that the snapshot is of, in their order. */
  records: readonly MigrationRecord[];
  /** Loads the texts of the same migrations, which only a database that lacks some needs. */
  load: () => Promise<readonly Migration[]>;
}

/** @param snapshot - as `npm run new:migration` makes it: its head names the migrations */
export function schemaOf(snapshot: string, load: Schema["load"]): Schema {
  const records = [...snapshot.matchAll(/^-- (?<name>\d+_\w+) (?<checksum>[\da-f]{64})$/gm)].map(
    ({ groups }) => groups as MigrationRecord,
  );
  return { snapshot, records, load };
}

/**
 * Opens an object's database, in the object's constructor. Where migrations are lacking, to load and run them is work for
 * {@link Opened}.
 *
 * @returns the database at once where no migrations are lacking, as for an empty one
 * @throws Error that says which migration differs and what to do
 */
export function openMigrated(storage: DurableObjectStorage, schema: Schema): Opened<Database> {
  const db = new Database(storage);
  const lacking = openSchema(db, schema);
  if (lacking === 0) return db;
  return async () => {
    await migrate(db, schema, lacking);
    return db;
  };
}

/**
 * Gives an empty database the snapshot. Refuses a database with other or more migrations.
 *
 * @returns how many of the newest migrations the database lacks
 * @throws Error that says which migration differs and what to do
 */
export function openSchema(db: Database, { snapshot, records }: Schema): number {
  db.run(
    "create table if not exists migrations (name text primary key, checksum text not null) without rowid",
  );
  const applied = db.all<MigrationRecord>("select name, checksum from migrations order by name");
  if (applied.length > records.length) {
    const newest = applied.at(-1)?.name;
    throw new Error(
      `This database was written by a newer Colloquy (migration ${newest}); deploy that version or a later one.`,
    );
  }
  for (const [index, { name, checksum }] of applied.entries()) {
    const known = records[index];
    if (known?.name === name && known.checksum === checksum) continue;
    throw new Error(
      `Migration ${known?.name} is not what this database was made with (${name}): migrations are append-only, put it back and add a new one.`,
    );
  }
  if (applied.length > 0) return records.length - applied.length;
  apply(db, [snapshot], records);
  return 0;
}

/** Runs the newest migrations, so many, and records them: all or none. */
export async function migrate(db: Database, schema: Schema, lacking: number): Promise<void> {
  const migrations = await schema.load();
  const texts = migrations.slice(-lacking).map(({ sql }) => sql);
  apply(db, texts, schema.records.slice(-lacking));
}

function apply(db: Database, texts: string[], records: readonly MigrationRecord[]): void {
  db.transaction(() => {
    for (const sql of texts) db.run(sql);
    db.run(
      "insert into migrations (name, checksum) select value ->> 0, value ->> 1 from json_each(?)",
      JSON.stringify(records.map(({ name, checksum }) => [name, checksum])),
    );
  });
}

/** Drops every table, view and index, and the record of migrations. Call inside a transaction. */
export function dropEverything(db: Database): void {
  const named = () =>
    db.all<{ type: string; name: string }>(
      `select type, name from sqlite_master where type in ('view', 'table')
       and name not like 'sqlite\\_%' escape '\\' and name not like '\\_cf\\_%' escape '\\'
       order by type desc, sql like 'create virtual table%' desc`,
    );
  // Read again after each drop: a virtual table takes its shadow tables with it.
  for (let [next] = named(); next; [next] = named()) db.run(`drop ${next.type} ${next.name}`);
}
