import { Database } from "../../src/sqlite/database.ts";

/** Statements of one turn of the event loop, and the rows that they read. No other call runs between them. */
export interface LoopTurn {
  rows: number;
  /** The one that read most. */
  statement: string;
}

/**
 * Counts the rows that all objects read in a turn of the event loop while work goes on. So a slice that grows with its
 * account is found without a clock.
 *
 * @returns the turn of the event loop in which most were read
 */
export async function largestTurn(work: () => Promise<unknown>): Promise<LoopTurn> {
  const { prototype } = Database;
  const all = prototype.all as (this: Database, ...args: unknown[]) => never;
  let largest: LoopTurn = { rows: 0, statement: "" };
  let current: LoopTurn | null = null;
  let most = 0;
  /** It ends before any pause that the work makes from here on. */
  const endTurn = async (turn: LoopTurn) => {
    await scheduler.wait(0);
    current = null;
    if (turn.rows > largest.rows) largest = turn;
  };
  prototype.all = function counting(this: Database, ...args: unknown[]) {
    const before = this.rowsRead;
    const rows = all.apply(this, args);
    const read = this.rowsRead - before;
    if (current === null) {
      current = { rows: 0, statement: "" };
      most = -1;
      void endTurn(current);
    }
    current.rows += read;
    if (read > most) {
      most = read;
      current.statement = String(args[0]);
    }
    return rows;
  };
  try {
    await work();
    await scheduler.wait(0);
  } finally {
    prototype.all = all;
  }
  return largest;
}
