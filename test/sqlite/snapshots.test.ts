import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { schema as conversation } from "../../src/account/store/schema.ts";
import { schema as directory } from "../../src/directory/schema.ts";
import { Database } from "../../src/sqlite/database.ts";
import type { Row } from "../../src/sqlite/database.ts";
import { digestOf, dropEverything, migrate } from "../../src/sqlite/migrate.ts";
import type { Schema } from "../../src/sqlite/migrate.ts";
import { freshAccount, objectOf } from "../support/client.ts";

/** All that stands in an empty database after it was opened: what was made, in its order, and the rows of each table. */
const opened = (schema: Schema) =>
  runInDurableObject(objectOf(freshAccount()), (_, { storage }) => {
    const db = new Database(storage);
    dropEverything(db);
    migrate(db, schema);
    const made = db.all<Row & { type: string; name: string }>(
      `select type, name, tbl_name, sql from sqlite_master
       where name not like '\\_cf\\_%' escape '\\' order by rowid`,
    );
    const tables = made.filter(({ type }) => type === "table").map(({ name }) => name);
    const rows = tables.map((table) => [table, db.all(`select * from "${table}"`)]);
    return { made, rows: Object.fromEntries(rows) as Record<string, Row[]> };
  });

describe.each([
  ["conversation", conversation],
  ["directory", directory],
])("the snapshot of migrations/%s", (_, schema) => {
  it("is of all its migrations, as they are: else call `npm run new:migration`", () => {
    expect(schema.snapshot).toContain(digestOf(schema.migrations));
  });

  it("makes of an empty database what they make of it", async () => {
    const one = await opened({ migrations: schema.migrations });
    const other = await opened(schema);
    expect(one.rows["migrations"]).toHaveLength(schema.migrations.length);
    expect(other).toEqual(one);
  });
});
