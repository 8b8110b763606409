import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { headOf } from "../../migrations/snapshot-head.ts";
import { Database } from "../../src/sqlite/database.ts";
import { migrate, openSchema, schemaOf } from "../../src/sqlite/migrate.ts";
import type { Migration } from "../../src/sqlite/migrate.ts";
import { freshAccount, objectOf } from "../support/client.ts";

const first = { name: "0001_first", sql: "create table a (x text)" };
const second = { name: "0002_second", sql: "create table b (x text)" };

/** A database that holds the product's schema already: its own migrations are dropped first. */
const inDatabase = (test: (db: Database) => void | Promise<void>) =>
  runInDurableObject(objectOf(freshAccount()), (_, { storage }) => {
    const db = new Database(storage);
    db.run("drop table migrations");
    return test(db);
  });

const textOf = (migrations: Migration[]) => migrations.map(({ sql }) => `${sql};`).join(" ");

/** Opens the database. @returns how many migrations it lacked */
async function open(
  db: Database,
  migrations: Migration[],
  snapshot = textOf(migrations),
): Promise<number> {
  const schema = schemaOf(`${headOf(migrations)}${snapshot}`, async () => migrations);
  const lacking = openSchema(db, schema);
  if (lacking > 0) await migrate(db, schema, lacking);
  return lacking;
}

const tables = (db: Database) =>
  db
    .all<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name in ('a', 'b')",
    )
    .map(({ name }) => name);

const recorded = (db: Database) =>
  db.all<{ name: string }>("select name from migrations order by name").map(({ name }) => name);

describe("a schema", () => {
  it("runs each migration that is lacking once, in order", async () => {
    await inDatabase(async (db) => {
      const third = { name: "0003_third", sql: "alter table b rename column x to y" };
      expect(await open(db, [first])).toBe(0);
      expect(await open(db, [first, second, third])).toBe(2);
      expect(await open(db, [first, second, third])).toBe(0);
      expect(tables(db)).toEqual(["a", "b"]);
      expect(recorded(db)).toEqual(["0001_first", "0002_second", "0003_third"]);
    });
  });

  it("refuses a migration that was changed after it ran", async () => {
    await inDatabase(async (db) => {
      await open(db, [first]);
      const changed = { ...first, sql: "create table a (y text)" };
      await expect(open(db, [changed, second])).rejects.toThrow("append-only");
      expect(tables(db)).toEqual(["a"]);
    });
  });

  it("refuses a database that is newer than the code", async () => {
    await inDatabase(async (db) => {
      await open(db, [first, second]);
      await expect(open(db, [first])).rejects.toThrow("newer Colloquy (migration 0002_second)");
    });
  });

  it("leaves nothing when a migration fails, and runs all when it is tried again", async () => {
    await inDatabase(async (db) => {
      await open(db, [first]);
      const broken = { name: "0003_broken", sql: "create table" };
      await expect(open(db, [first, second, broken])).rejects.toThrow("incomplete input");
      expect([tables(db), recorded(db)]).toEqual([["a"], ["0001_first"]]);
      expect(await open(db, [first, second])).toBe(1);
      expect([tables(db), recorded(db)]).toEqual([
        ["a", "b"],
        ["0001_first", "0002_second"],
      ]);
    });
  });

  it("gives an empty database the snapshot, and records all migrations", async () => {
    await inDatabase(async (db) => {
      const snapshot = "create table b (x text); create table a (x text);";
      expect(await open(db, [first, second], snapshot)).toBe(0);
      expect(await open(db, [first, second])).toBe(0);
      expect(tables(db)).toEqual(["b", "a"]);
      expect(recorded(db)).toEqual(["0001_first", "0002_second"]);
    });
  });

  it("leaves nothing when the snapshot fails, and takes it up when it is tried again", async () => {
    await inDatabase(async (db) => {
      const snapshot = "create table a (x text);";
      await expect(open(db, [first, second], `${snapshot} create table`)).rejects.toThrow(
        "incomplete input",
      );
      expect([tables(db), recorded(db)]).toEqual([[], []]);
      await open(db, [first, second], snapshot);
      expect(tables(db)).toEqual(["a"]);
    });
  });

  it("takes no snapshot where some migrations ran", async () => {
    await inDatabase(async (db) => {
      await open(db, [first]);
      expect(await open(db, [first, second], "create table")).toBe(1);
      expect(tables(db)).toEqual(["a", "b"]);
      expect(recorded(db)).toEqual(["0001_first", "0002_second"]);
    });
  });
});
