import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

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
