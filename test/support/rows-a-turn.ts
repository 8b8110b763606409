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
  // It is called with the database that it belongs to.
  // oxlint-disable-next-line typescript/unbound-method
  const all = prototype.all as (this: Database, ...args: unknown[]) => never;
  const wait = scheduler.wait.bind(scheduler);
  let largest: LoopTurn = { rows: 0, statement: "" };
  let current: LoopTurn = { rows: 0, statement: "" };
  let most = 0;
  const endTurn = () => {
    if (current.rows > largest.rows) largest = current;
    current = { rows: 0, statement: "" };
    most = 0;
  };
  prototype.all = function counting(this: Database, ...args: unknown[]) {
    const before = this.rowsRead;
    const rows = all.apply(this, args);
    const read = this.rowsRead - before;
    current.rows += read;
    if (read > most) {
      most = read;
      current.statement = String(args[0]);
    }
    return rows;
  };
  // A pause ends the turn that asks for it. What waits for R2 or another object asks for none.
  scheduler.wait = (...args) => {
    endTurn();
    return wait(...args);
  };
  const state = { over: false };
  const ticking = (async () => {
    while (!state.over) {
      await wait(0);
      endTurn();
    }
  })();
  try {
    await work();
  } finally {
    state.over = true;
    await ticking;
    prototype.all = all;
    scheduler.wait = wait;
  }
  return largest;
}
