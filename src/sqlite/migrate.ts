import { createHash } from "node:crypto";

import type { Database } from "./database.ts";

interface Migration {
  /** The file's name, `NNNN_name`. */
  name: string;
  sql: string;
}

/**
 * Runs the migrations that a database lacks, and records each with its checksum. The list is append-only: start-up refuses
 * a database with other or more migrations.
 *
 * @throws Error that says which migration differs and what to do
 */
export function migrate(db: Database, migrations: readonly Migration[]): void {
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
  const recorded = applied.map(({ name, checksum }) => `${name} ${checksum}`);
  for (const [index, record] of recorded.entries()) {
    const known = migrations[index];
    if (known && `${known.name} ${checksumOf(known)}` === record) continue;
    throw new Error(
      `Migration ${known?.name} is not what this database was made with (${applied[index]?.name}): migrations are append-only, put it back and add a new one.`,
    );
  }
  if (applied.length === migrations.length) return;
  db.transaction(() => {
    for (const migration of migrations.slice(applied.length)) {
      db.run(migration.sql);
      db.run(
        "insert into migrations (name, checksum) values (?, ?)",
        migration.name,
        checksumOf(migration),
      );
    }
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

const checksumOf = ({ sql }: Migration): string => createHash("sha256").update(sql).digest("hex");
