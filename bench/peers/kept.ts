import { globSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { Client } from "pg";
import { createClient } from "redis";

/** What a peer has on its disk. */
export interface Kept {
  bytes: number;
  /** Null where there are none to count. */
  rows: number | null;
}

/** Of SQLite files that nobody has open any more, their logs taken in. */
export function keptIn(pattern: string): Kept {
  const kept = { bytes: 0, rows: 0 };
  for (const path of globSync(pattern)) {
    const db = new DatabaseSync(path);
    const number = (sql: string) => Number(Object.values(db.prepare(sql).get() ?? {})[0]);
    db.exec("pragma wal_checkpoint(truncate)");
    kept.bytes += number("pragma page_count") * number("pragma page_size");
    const tables = db
      .prepare(
        "select name from sqlite_schema where type = 'table' and sql not like 'create virtual%' and name not like 'sqlite\\_%' escape '\\'",
      )
      .all();
    for (const { name } of tables) kept.rows += number(`select count(*) from "${String(name)}"`);
    db.close();
  }
  return kept;
}

/** Of all tables in a PostgreSQL's usual schema, with their indexes. */
export async function keptInPostgres(connectionString: string): Promise<Kept> {
  const client = new Client({ connectionString });
  await client.connect();
  const kept = { bytes: 0, rows: 0 };
  const { rows: tables } = await client.query<{ name: string; bytes: number }>(
    `select tablename as name, pg_total_relation_size(quote_ident(tablename)::regclass)::float8 as bytes
     from pg_tables where schemaname = 'public'`,
  );
  for (const { name, bytes } of tables) {
    const counted = await client.query<{ rows: number }>(
      `select count(*)::float8 as rows from ${client.escapeIdentifier(name)}`,
    );
    kept.bytes += bytes;
    kept.rows += counted.rows[0]?.rows ?? 0;
  }
  await client.end();
  return kept;
}

/** The log of a Redis, which has no rows. */
export async function keptInRedis(url: string): Promise<Kept> {
  const redis = await createClient({ url }).connect();
  const bytes = Number(/aof_current_size:(\d+)/.exec(await redis.info("persistence"))?.[1]);
  redis.destroy();
  return { bytes, rows: null };
}
