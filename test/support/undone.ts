import { expect } from "vitest";

import type { Database } from "../../src/sqlite/database.ts";

/** Runs work in a transaction that is undone. */
export const undone = (db: Database, work: () => void) =>
  expect(() =>
    db.transaction(() => {
      work();
      throw new Error("undone");
    }),
  ).toThrow("undone");
