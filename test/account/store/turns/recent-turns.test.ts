import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { Database } from "../../../../src/sqlite/database.ts";
import { Turns } from "../../../../src/account/store/turns/turns.ts";
import { turnOf } from "../../../support/archive.ts";
import { freshAccount, objectOf } from "../../../support/client.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

const turn = (seq: number, more: Partial<Turn> = {}): Turn =>
  turnOf(turnId(1, seq), `question ${seq}`, { created_at: seq, ...more });

/** What is remembered, beside what somebody reads who remembers nothing. */
const withTurns = (
  work: (turns: Turns, db: Database, read: () => { rows: number; same: boolean }) => void,
): Promise<void> =>
  runInDurableObject(objectOf(freshAccount()), (_, { storage }) => {
    const db = new Database(storage);
    const turns = new Turns(db);
    work(turns, db, () => {
      const before = db.rowsRead;
      const newest = turns.newest(1, 3, null);
      const rows = db.rowsRead - before;
      return {
        rows,
        same: JSON.stringify(newest) === JSON.stringify(new Turns(db).newest(1, 3, null)),
      };
    });
  });

describe("the newest turns of a session", () => {
  it("are read once, and kept as turns are written", async () => {
    await withTurns((turns, _, read) => {
      read();
      for (let seq = 1; seq <= 5; seq += 1) {
        turns.insert(turn(seq, { status: "in_progress", output: null }));
        expect(read()).toEqual({ rows: 0, same: true });
        turns.update(turn(seq));
        expect(read()).toEqual({ rows: 0, same: true });
      }
    });
  });

  it.each<[string, (turns: Turns, db: Database) => void]>([
    ["an older one is changed", (turns) => turns.update(turn(4, { input: "changed" }))],
    ["one beyond them is changed", (turns) => turns.update(turn(1, { input: "changed" }))],
    ["several are written at once", (turns) => turns.insertAll([turn(6), turn(7)])],
    ["they are removed", (turns) => turns.remove([turnId(1, 1), turnId(1, 99)])],
    [
      "one of items is written",
      (turns) =>
        turns.insert(turn(6, { input: [{ type: "message", role: "user", content: "Hi" }] })),
    ],
    [
      "one with half a surrogate pair is written",
      (turns) => turns.insert(turn(6, { output: "\ud800" })),
    ],
    [
      "one that is very long is written",
      (turns) => turns.insert(turn(6, { output: "x".repeat(100_000) })),
    ],
    [
      "a write is undone",
      (turns, db) => {
        expect(() =>
          db.transaction(() => {
            turns.insert(turn(6));
            throw new Error("undone");
          }),
        ).toThrow("undone");
      },
    ],
  ])("are what lies in storage after %s", async (_, change) => {
    await withTurns((turns, db, read) => {
      for (let seq = 1; seq <= 5; seq += 1) turns.insert(turn(seq));
      read();
      change(turns, db);
      expect(read().same).toBe(true);
      expect(read().same).toBe(true);
    });
  });
});
