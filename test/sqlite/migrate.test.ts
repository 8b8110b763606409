import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { Database } from "../../src/sqlite/database.ts";
import { digestOf, migrate } from "../../src/sqlite/migrate.ts";
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

const recorded = (db: Database) =>
  db.all<{ name: string }>("select name from migrations order by name").map(({ name }) => name);

describe("migrate", () => {
  it("runs each migration once, in order", async () => {
    await inDatabase((db) => {
      migrate(db, { migrations: [first] });
      migrate(db, { migrations: [first, second] });
      migrate(db, { migrations: [first, second] });
      expect(tables(db)).toEqual(["a", "b"]);
    });
  });

  it("refuses a migration that was changed after it ran", async () => {
    await inDatabase((db) => {
      migrate(db, { migrations: [first] });
      expect(() =>
        migrate(db, { migrations: [{ ...first, sql: "create table a (y text)" }, second] }),
      ).toThrow("append-only");
      expect(tables(db)).toEqual(["a"]);
    });
  });

  it("refuses a database that is newer than the code", async () => {
    await inDatabase((db) => {
      migrate(db, { migrations: [first, second] });
      expect(() => migrate(db, { migrations: [first] })).toThrow(
        "newer Colloquy (migration 0002_second)",
      );
    });
  });

  it("leaves nothing when one of them fails", async () => {
    await inDatabase((db) => {
      const broken = { name: "0002_broken", sql: "create table" };
      expect(() => migrate(db, { migrations: [first, broken] })).toThrow("incomplete input");
      expect(tables(db)).toEqual([]);
    });
  });

  const both = { migrations: [first, second] };
  const of = `-- ${digestOf(both.migrations)}\n`;

  it("gives an empty database the snapshot in their place, and records all of them", async () => {
    await inDatabase((db) => {
      const snapshot = `${of}create table b (x text); create table a (x text);`;
      migrate(db, { ...both, snapshot });
      migrate(db, both);
      expect(tables(db)).toEqual(["b", "a"]);
      expect(recorded(db)).toEqual(["0001_first", "0002_second"]);
    });
  });

  it("leaves nothing when the snapshot fails, and takes it up when it is tried again", async () => {
    await inDatabase((db) => {
      const snapshot = `${of}create table a (x text);`;
      expect(() => migrate(db, { ...both, snapshot: `${snapshot} create table` })).toThrow(
        "incomplete input",
      );
      expect([tables(db), recorded(db)]).toEqual([[], []]);
      migrate(db, { ...both, snapshot });
      expect(tables(db)).toEqual(["a"]);
    });
  });

  it.each([
    ["of other migrations", [], `-- ${digestOf([first])}\ncreate table`],
    ["where some migrations ran", [first], `${of}create table`],
  ])("takes no snapshot %s", async (_, before, snapshot) => {
    await inDatabase((db) => {
      migrate(db, { migrations: before });
      migrate(db, { ...both, snapshot });
      expect(tables(db)).toEqual(["a", "b"]);
      expect(recorded(db)).toEqual(["0001_first", "0002_second"]);
    });
  });
});
