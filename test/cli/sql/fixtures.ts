import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue } from "node:sqlite";
import { join } from "node:path";

import { Client } from "pg";

import { freshDirectory } from "../files/found.ts";

type Row = Record<string, unknown>;
/** Tables as a fixture has them. */
export interface Dump {
  schema: readonly string[];
  tables: Record<string, readonly object[]>;
}

const bytesOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "base64" in value
    ? Buffer.from(String(value.base64), "base64")
    : value;

/** A SQLite file with the tables of a fixture. */
export async function sqliteOf({ schema, tables }: Dump): Promise<string> {
  const path = join(await freshDirectory(), "fixture.db");
  const file = new DatabaseSync(path);
  for (const sql of schema) file.exec(sql);
  for (const [table, rows] of Object.entries(tables))
    for (const row of rows as Row[]) {
      const names = Object.keys(row).map((name) => `"${name}"`);
      const marks = names.map(() => "?").join(", ");
      file
        .prepare(`insert into "${table}" (${names.join(", ")}) values (${marks})`)
        .run(...(Object.values(row).map(bytesOf) as SQLInputValue[]));
    }
  file.close();
  return path;
}

/** A PostgreSQL database of its own with the tables of a fixture. @returns its URL */
export async function postgresOf(
  server: string,
  database: string,
  tables: Record<string, { columns: { name: string; type: string }[]; rows: readonly object[] }>,
): Promise<string> {
  const admin = new Client({ connectionString: server });
  await admin.connect();
  await admin.query(`drop database if exists ${database}`);
  await admin.query(`create database ${database}`);
  await admin.end();
  const url = new URL(server);
  url.pathname = `/${database}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  for (const [table, { columns, rows }] of Object.entries(tables)) {
    await client.query(
      `create table ${table} (${columns.map(({ name, type }) => `"${name}" ${type}`).join(", ")})`,
    );
    for (const row of rows as Row[]) {
      const values = columns.map(({ name, type }) =>
        type.startsWith("json") && row[name] !== null
          ? JSON.stringify(row[name])
          : bytesOf(row[name]),
      );
      const marks = columns.map((_, index) => `$${index + 1}`).join(", ");
      await client.query(`insert into ${table} values (${marks})`, values);
    }
  }
  await client.end();
  return url.href;
}
