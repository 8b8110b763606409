import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

import { accountPrefixes } from "../../src/account/archive/format/keys.ts";
import type { Client } from "./client.ts";

/** But the search index, which SQLite lets no one write row by row. */
const TABLES = `select name from sqlite_master where type = 'table' and name not like 'turn_search%'
  and name not like 'sqlite\\_%' escape '\\' and name not like '\\_cf\\_%' escape '\\'`;
/** Has the account index everything again. */
const NO_INDEX = "update account set value = '0' where name = 'index_version'";

const namesIn = (sql: SqlStorage): string[] =>
  sql
    .exec<{ name: string }>(TABLES)
    .toArray()
    .map(({ name }) => name);

/** A table's rows as SQL, so that each value keeps its type. */
function insertsOf(sql: SqlStorage, table: string): string[] {
  const columns = sql.exec(`select * from ${table} limit 0`).columnNames;
  const values = columns.map((column) => `quote("${column}")`).join(" || ',' || ");
  return sql
    .exec<{ row: string }>(
      `select 'insert or replace into ${table} values (' || ${values} || ')' as row from ${table}`,
    )
    .toArray()
    .map(({ row }) => row);
}

const objectsOf = async ({ account }: Client): Promise<R2Object[]> => {
  const lists = await Promise.all(
    accountPrefixes(account).map((prefix) => env.ARCHIVE.list({ prefix })),
  );
  return lists.flatMap(({ objects }) => objects);
};

/**
 * Copies all that an account holds in SQLite and R2, but for the index of its search, which it makes again.
 *
 * @returns gives the account all of that back, and nothing else
 */
export async function copyAccount(client: Client): Promise<() => Promise<void>> {
  const rows = await runInDurableObject(client.object, (_, { storage: { sql } }) =>
    namesIn(sql).flatMap((table) => insertsOf(sql, table)),
  );
  const kept = new Map<string, { etag: string; bytes: ArrayBuffer; metadata: R2PutOptions }>();
  for (const { key } of await objectsOf(client)) {
    const object = (await env.ARCHIVE.get(key))!;
    const { etag, httpMetadata, customMetadata } = object;
    const metadata = { httpMetadata, customMetadata } as R2PutOptions;
    kept.set(key, { etag, bytes: await object.arrayBuffer(), metadata });
  }
  return async () => {
    await runInDurableObject(client.object, (_, { storage }) =>
      storage.transactionSync(() => {
        const { sql } = storage;
        const tables = namesIn(sql);
        // Twice: to delete a row may write one.
        for (const table of [...tables, ...tables]) sql.exec(`delete from ${table}`);
        for (const row of rows) sql.exec(row);
        sql.exec(NO_INDEX);
      }),
    );
    // It has read what was there before.
    await evictDurableObject(client.object);
    const etags = new Map((await objectsOf(client)).map(({ key, etag }) => [key, etag]));
    for (const [key, { etag, bytes, metadata }] of kept)
      if (etags.get(key) !== etag) await env.ARCHIVE.put(key, bytes, metadata);
    await env.ARCHIVE.delete([...etags.keys()].filter((key) => !kept.has(key)));
  };
}
