import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { Database } from "../../src/sqlite/database.ts";
import { migrate } from "../../src/sqlite/migrate.ts";
import { freshAccount, objectOf } from "../support/client.ts";

const first = { name: "0001_first", sql: "create table a (x text)" };
const second = { name: "0002_second", sql: "create table b (x text)" };

/** A database that holds the product's schema already: its own migrations are dropped first. */
const inDatabase = (test: (db: Database) => void) =>
  runInDurableObject(objectOf(freshAccount()), (_, { storage }) => {
    const db = new Database(storage);
    db.run("drop table migrations");
    test(db);
  });

const tables = (db: Database) =>
  db
    .all<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name in ('a', 'b')",
    )
    .map(({ name }) => name);

describe("migrate", () => {
  it("runs each migration once, in order", async () => {
    await inDatabase((db) => {
      migrate(db, [first]);
      migrate(db, [first, second]);
      migrate(db, [first, second]);
      expect(tables(db)).toEqual(["a", "b"]);
    });
  });

  it("refuses a migration that was changed after it ran", async () => {
    await inDatabase((db) => {
      migrate(db, [first]);
      expect(() => migrate(db, [{ ...first, sql: "create table a (y text)" }, second])).toThrow(
        "append-only",
      );
      expect(tables(db)).toEqual(["a"]);
    });
  });

  it("refuses a database that is newer than the code", async () => {
    await inDatabase((db) => {
      migrate(db, [first, second]);
      expect(() => migrate(db, [first])).toThrow("newer Colloquy (migration 0002_second)");
    });
  });

  it("leaves nothing when one of them fails", async () => {
    await inDatabase((db) => {
      expect(() => migrate(db, [first, { name: "0002_broken", sql: "create table" }])).toThrow(
        "incomplete input",
      );
      expect(tables(db)).toEqual([]);
    });
  });
});
