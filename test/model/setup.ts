import type { TestProject } from "vitest/node";

/** How many commands `npm test` runs from each of its seeds, and `npm run test:large`; `npm run test:model` runs 50,000. */
const COMMANDS = process.env["LARGE"] === undefined ? 150 : 5_000;
/** How long a history that fails is shortened. */
const SHORTEN_MS = 60_000;
/** Far apart: a history has the seed after that of the one before it, and none is to be run from both. */
const SEEDS = [1, 1_000_001] as const;
const newSeed = (): number => Math.floor(Math.random() * 2 ** 31);

/**
 * `SEED` and `COMMANDS` for those who run in workerd and see no environment. Without a seed there are two that are always
 * the same, so that what breaks them is the change; with `SEED=new`, as by `npm run test:model`, two that never were before.
 */
export default function setup(project: TestProject): void {
  const { SEED, COMMANDS: commands = COMMANDS } = process.env;
  const seeds = SEED === "new" ? [newSeed(), newSeed()] : (SEED?.split(",").map(Number) ?? SEEDS);
  project.provide("model", {
    seeds: [...seeds],
    commands: Number(commands),
    shortenMs: SHORTEN_MS,
  });
}

declare module "vitest" {
  interface ProvidedContext {
    model: { seeds: number[]; commands: number; shortenMs: number };
  }
}
