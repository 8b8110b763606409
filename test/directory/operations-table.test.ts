import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { appendEntry, hashOf, readLog } from "../../src/directory/admin-log-table.ts";
import { Database } from "../../src/sqlite/database.ts";
import {
  addMetrics,
  closeCircuit,
  noteHealth,
  openCircuit,
  openCircuits,
  readMetrics,
} from "../../src/directory/operations-table.ts";

/** Runs a test on the storage of one of the directory's objects, without the rest of it. */
const onStorage = (test: (db: Database) => void): Promise<void> =>
  runInDurableObject(env.DIRECTORY.getByName(crypto.randomUUID()), (_, { storage }) =>
    test(new Database(storage)),
  );

const circuit = (name: string, opened_at: number, until: number) => ({
  name,
  opened_at,
  until,
  failures: 5,
});

describe("circuits", () => {
  it("are open until their time, each once, beside each other", () =>
    onStorage((db) => {
      expect(openCircuits(db, 0)).toEqual([]);
      openCircuit(db, circuit("a", 10, 20));
      openCircuit(db, circuit("b", 11, 30));
      openCircuit(db, circuit("a", 12, 22));
      expect(openCircuits(db, 12)).toEqual([circuit("b", 11, 30), circuit("a", 12, 22)]);
      expect(openCircuits(db, 21 + 10 * 60_000).map(({ name }) => name)).toEqual(["b", "a"]);
      expect(openCircuits(db, 22 + 10 * 60_000).map(({ name }) => name)).toEqual(["b"]);
    }));

  it("are closed by name, and say whether they were open", () =>
    onStorage((db) => {
      openCircuit(db, circuit("a", 10, 20));
      openCircuit(db, circuit("b", 10, 20));
      expect(closeCircuit(db, "c", 12)).toBe(false);
      expect(closeCircuit(db, "a", 12)).toBe(true);
      expect(closeCircuit(db, "a", 12)).toBe(false);
      expect(openCircuits(db, 12)).toEqual([circuit("b", 10, 20)]);
      expect(closeCircuit(db, "b", 20 + 10 * 60_000)).toBe(false);
    }));
});

describe("metrics", () => {
  it("are added up by series", () =>
    onStorage((db) => {
      expect(readMetrics(db)).toEqual({});
      addMetrics(db, [["a", 1]]);
      addMetrics(db, [
        ["a", 2],
        ["b", 5],
      ]);
      expect(readMetrics(db)).toEqual({ a: 3, b: 5 });
    }));
});

describe("health", () => {
  it("has been so since it became so, and is written only when it changes", () =>
    onStorage((db) => {
      const up = { name: "r2", status: "up" } as const;
      expect(noteHealth(db, [up], 10)).toEqual([{ ...up, since: 10 }]);
      const written = db.rowsWritten;
      expect(noteHealth(db, [up], 20)).toEqual([{ ...up, since: 10 }]);
      expect(db.rowsWritten).toBe(written);
      const down = { name: "r2", status: "down" } as const;
      expect(noteHealth(db, [down], 30)).toEqual([{ ...down, since: 30 }]);
      expect(noteHealth(db, [down], 40)).toEqual([{ ...down, since: 30 }]);
    }));
});

const entry = (action: string) => ({ at: 1, actor: "root", action, target: "a", details: "{}" });

const filled = (db: Database) =>
  ["one", "two", "three"].map((each) => appendEntry(db, entry(each)));

describe("the admin log", () => {
  it("hashes each entry over the one before", () =>
    onStorage((db) => {
      const [first, second] = filled(db);
      expect(first).toMatchObject({
        seq: 1,
        action: "one",
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      const { hash, ...bare } = second!;
      expect([bare.seq, hash]).toEqual([2, hashOf(first!.hash, bare)]);
    }));

  it("is read in pages, of which each is checked from the one before on", () =>
    onStorage((db) => {
      expect(readLog(db, 0, 2)).toEqual({ entries: [], has_more: false, intact: true });
      const all = filled(db);
      expect(readLog(db, 0, 2)).toEqual({ entries: all.slice(0, 2), has_more: true, intact: true });
      expect(readLog(db, 2, 2)).toEqual({ entries: all.slice(2), has_more: false, intact: true });
      expect(readLog(db, 0, 3)).toEqual({ entries: all, has_more: false, intact: true });
      expect(readLog(db, 3, 2)).toEqual({ entries: [], has_more: false, intact: true });
    }));

  it.each([
    "update admin_log set details = '[]' where seq = 1",
    "update admin_log set actor = 'me' where seq = 3",
    "delete from admin_log where seq = 1",
    "delete from admin_log where seq = 2",
  ])("is not intact after %s", (change) =>
    onStorage((db) => {
      filled(db);
      db.run(change);
      expect(readLog(db, 0, 10).intact).toBe(false);
    }),
  );

  it("reports a broken chain after a missing entry", () =>
    onStorage((db) => {
      filled(db);
      db.run("delete from admin_log where seq = 2");
      expect(readLog(db, 2, 10).intact).toBe(false);
    }));
});
