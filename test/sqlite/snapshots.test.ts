import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { compactSql } from "../../migrations/compact-sql.ts";
import { checksumOf, isOf } from "../../migrations/snapshot-head.ts";
import { schema as conversation } from "../../src/account/store/schema.ts";
import { schema as directory } from "../../src/directory/schema.ts";
import { Database } from "../../src/sqlite/database.ts";
import type { Row } from "../../src/sqlite/database.ts";
import { dropEverything, migrate, openSchema } from "../../src/sqlite/migrate.ts";
import type { Schema } from "../../src/sqlite/migrate.ts";
import { freshAccount, objectOf } from "../support/client.ts";

/** All that stands in an empty database after it was opened: what was made, in its order, and the rows of each table. */
const opened = (open: (db: Database) => void | Promise<void>) =>
  runInDurableObject(objectOf(freshAccount()), async (_, { storage }) => {
    const db = new Database(storage);
    dropEverything(db);
    await open(db);
    const made = db
      .all<Row & { type: string; name: string; sql: string | null }>(
        `select type, name, tbl_name, sql from sqlite_master
         where name not like '\\_cf\\_%' escape '\\' order by rowid`,
      )
      // The snapshot has no comments, and less white space.
      .map((each) => ({ ...each, sql: each.sql === null ? null : compactSql(each.sql) }));
    const tables = made.filter(({ type }) => type === "table").map(({ name }) => name);
    const rows = tables.map((table) => [table, db.all(`select * from "${table}"`)]);
    return { made, rows: Object.fromEntries(rows) as Record<string, Row[]> };
  });

/** Runs all migrations, with nothing from the snapshot. */
async function runAll(db: Database, schema: Schema): Promise<void> {
  openSchema(db, { ...schema, snapshot: "select 1", records: [] });
  await migrate(db, schema, schema.records.length);
}

describe.each([
  ["conversation", conversation],
  ["directory", directory],
])("the snapshot of migrations/%s", (_, schema) => {
  it("names all its migrations, as they are: else call `npm run new:migration`", async () => {
    const migrations = await schema.load();
    expect(schema.records).toEqual(
      migrations.map((each) => ({ name: each.name, checksum: checksumOf(each) })),
    );
    expect(isOf(schema.snapshot, migrations)).toBe(true);
  });

  it("is not of more migrations, of fewer, or of changed ones", async () => {
    const migrations = await schema.load();
    const [{ name, sql }] = migrations.slice(-1) as [(typeof migrations)[number]];
    const before = migrations.slice(0, -1);
    for (const others of [
      before,
      [...migrations, { name: "9999_more", sql }],
      [...before, { name, sql: `${sql} ` }],
      [...before, { name: "9999_other", sql }],
    ])
      expect(isOf(schema.snapshot, others)).toBe(false);
  });

  it("makes of an empty database what they make of it", async () => {
    const one = await opened((db) => runAll(db, schema));
    const other = await opened((db) => void openSchema(db, schema));
    expect(one.rows["migrations"]).toHaveLength(schema.records.length);
    expect(other).toEqual(one);
  });
});
