import * as fc from "fast-check";

import { Account } from "./account.ts";
import type { Fault } from "./faults.ts";

/** Past any clock that alarms go by: what they would let expire is the commands' to say. */
const START = Date.UTC(2040, 0, 1, 12);
const TICK_MS = 1_000;

/** Two accounts side by side, with sessions of the same names, and one clock. */
export class World {
  readonly accounts = [new Account(), new Account()] as const;
  now = START;
  /** The command that was run last. */
  last = "";
  /** How many were run, by name. */
  readonly tally: Map<string, number>;

  constructor(tally: Map<string, number>) {
    this.tally = tally;
  }
}

/** What every command says: whose account and which session it is about, and what fails meanwhile. */
export interface Common {
  who: 0 | 1;
  id: string;
  fault: Fault | null;
}

const common = {
  who: fc.constantFrom<0 | 1>(0, 0, 1),
  id: fc.constantFrom("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"),
  fault: fc.option(
    fc.record({
      where: fc.constantFrom<Fault["where"]>("sql", "sync", "r2-before", "r2-after", "r2-altered"),
      nth: fc.integer({ min: 1, max: 12 }),
      // The disk, or R2, is back at once, at the next but one, or not while the command runs.
      times: fc.constantFrom(1, 1, 2, 1_000),
    }),
    { freq: 12 },
  ),
};

/** So many in about a thousand, and which. */
export type Share = [share: number, command: Command];

export type Command = fc.Arbitrary<fc.AsyncCommand<object, World>>;

/** A command that can be run whatever came before: the model knows what comes of it, refusals too. */
export function command<P extends object>(
  name: string,
  own: { [K in keyof P]: fc.Arbitrary<P[K]> },
  run: (world: World, account: Account, params: P & Common) => Promise<void>,
): Command {
  const params = fc.record({ ...common, ...own }) as fc.Arbitrary<unknown> as fc.Arbitrary<
    P & Common
  >;
  return params.map((given) => ({
    check: () => true,
    run: async (_model: object, world: World) => {
      world.tally.set(name, (world.tally.get(name) ?? 0) + 1);
      world.now += TICK_MS;
      world.last = `${name}(${JSON.stringify(given)})`;
      await run(world, world.accounts[given.who], given);
    },
    toString: () => `${name}(${JSON.stringify(given)})`,
  }));
}
