// Stands in for `vitest` in the test files: the tests are kept, to be run many times in one process.

type Run = (...values: unknown[]) => unknown;
type Table = readonly unknown[];

interface Suite {
  name: string;
  before: Run[];
  after: Run[];
}

export interface Collected extends Suite {
  file: string;
  run: Run;
}

export { expect, inject, vi } from "vitest";

export const collected: Collected[] = [];
let file = "";
let suite: Suite = { name: "", before: [], after: [] };

/** Takes up the tests that a file declares as it is loaded. */
export async function collect(name: string, load: () => Promise<unknown>): Promise<void> {
  file = name;
  suite = { name, before: [], after: [] };
  await load();
}

const eachOf =
  (declare: (name: string, run: Run) => void) => (table: Table) => (name: string, run: Run) => {
    for (const [index, row] of table.entries()) {
      const values = Array.isArray(row) ? row : [row];
      declare(`${name} ${index + 1}`, () => run(...(values as unknown[])));
    }
  };

function declareSuite(name: string, declare: Run): void {
  const outer = suite;
  suite = { name: `${outer.name} ${name}`, before: [...outer.before], after: [...outer.after] };
  declare();
  suite = outer;
}

function declareTest(name: string, ...rest: unknown[]): void {
  const run = rest.at(-1) as Run;
  // The suite's lists are shared, not copied: hooks may be declared below.
  collected.push({ ...suite, name: `${suite.name} ${name}`, file, run: () => run() });
}

export const describe = Object.assign(declareSuite, { each: eachOf(declareSuite) });
export const it = Object.assign(declareTest, {
  each: eachOf(declareTest),
  skipIf: (isSkipped: boolean) => (isSkipped ? () => undefined : declareTest),
});
export { it as test };

export const beforeEach = (run: Run): void => void suite.before.push(run);
export const afterEach = (run: Run): void => void suite.after.push(run);
/** What is left behind goes with the process. */
export const afterAll = (): void => {};
