import { createHash } from "node:crypto";

import type { Database } from "./database.ts";

export interface Migration {
  /** The file's name, `NNNN_name`. */
  name: string;
  sql: string;
}

export interface Schema {
  /** In their order. The list is append-only. */
  migrations: readonly Migration[];
  /** SQL that makes of an empty database what all migrations make of it. It names them by {@link digestOf}. */
  snapshot?: string;
}

/**
 * Runs the migrations that a database lacks, and records each with its checksum. An empty database gets the snapshot in
 * their place, unless the snapshot is of other migrations. Start-up refuses a database with other or more migrations.
 *
 * @throws Error that says which migration differs and what to do
 */
export function migrate(db: Database, { migrations, snapshot }: Schema): void {
  db.run(
    "create table if not exists migrations (name text primary key, checksum text not null) without rowid",
  );
  const applied = db.all<{ name: string; checksum: string }>(
    "select name, checksum from migrations order by name",
  );
  if (applied.length > migrations.length) {
    const newest = applied.at(-1)?.name;
    throw new Error(
      `This database was written by a newer Colloquy (migration ${newest}); deploy that version or a later one.`,
    );
  }
  for (const [index, { name, checksum }] of applied.entries()) {
    const known = migrations[index];
    if (known && known.name === name && checksumOf(known) === checksum) continue;
    throw new Error(
      `Migration ${known?.name} is not what this database was made with (${name}): migrations are append-only, put it back and add a new one.`,
    );
  }
  if (applied.length === migrations.length) return;
  const lacking = migrations.slice(applied.length);
  const takesSnapshot = applied.length === 0 && snapshot?.includes(digestOf(migrations)) === true;
  const texts = takesSnapshot ? [snapshot] : lacking.map(({ sql }) => sql);
  db.transaction(() => {
    for (const sql of texts) db.run(sql);
    db.run(
      "insert into migrations (name, checksum) select value ->> 0, value ->> 1 from json_each(?)",
      JSON.stringify(lacking.map((each) => [each.name, checksumOf(each)])),
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

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** By migration: each object compares all of them at each wake, and an isolate has many. */
const checksums = new WeakMap<Migration, string>();

export function checksumOf(migration: Migration): string {
  const known = checksums.get(migration);
  if (known !== undefined) return known;
  const checksum = sha256(migration.sql);
  checksums.set(migration, checksum);
  return checksum;
}

/** Tells a list of migrations from any other. */
export const digestOf = (migrations: readonly Migration[]): string =>
  sha256(migrations.map((each) => `${each.name} ${checksumOf(each)}\n`).join(""));
