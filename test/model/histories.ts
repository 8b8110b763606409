import * as fc from "fast-check";
import { expect, inject, it, vi } from "vitest";

import { asking } from "./asking.ts";
import { World } from "./command.ts";
import { copies } from "./copies.ts";
import { interceptR2 } from "./faults.ts";
import { forgetting } from "./forgetting.ts";
import { lookOver, reading } from "./reading.ts";

/** So many at most in one life of two accounts: enough for a history, and few enough to make accounts for it. */
const MOST_COMMANDS = 300;
/** Histories at a time, at most: while one waits for the disk, another goes on. */
const MOST_LANES = 8;
/** As long as it takes: how many commands there are is for the caller to say. */
const PATIENCE_MS = 24 * 60 * 60 * 1_000;

const shares = [...asking, ...reading, ...forgetting, ...copies];
const histories = fc.commands(
  shares.flatMap(([share, command]) => Array.from({ length: share }, () => command)),
  { maxCommands: MOST_COMMANDS, size: "max" },
);

/** A test of histories from a seed on, if there is one. */
export const testHistories = (seed: number | undefined): void =>
  it.skipIf(seed === undefined)(
    `goes as the model of it goes, whatever comes in whatever order (SEED=${seed})`,
    { timeout: PATIENCE_MS },
    async () => {
      const release = interceptR2();
      // What fails is planned, and told in tens of thousands of lines.
      vi.spyOn(console, "log").mockImplementation(() => undefined);
      vi.spyOn(console, "error").mockImplementation(() => undefined);
      try {
        const { broken, ...run } = await checkHistories(seed ?? 0);
        console.info(`SEED=${seed}`, run);
        expect(broken).toBeNull();
      } finally {
        release();
        vi.restoreAllMocks();
      }
    },
  );

/** What was run, and the first history that went otherwise than the model, as short as it could be made. */
interface Checked {
  histories: number;
  /** By name. */
  commands: Record<string, number>;
  broken: string | null;
}

/** Runs histories until so many commands were run as are wanted, or one is broken. The first is of this seed, the others of the next. */
async function checkHistories(seed: number): Promise<Checked> {
  const { commands: wanted, shortenMs } = inject("model");
  const tally = new Map<string, number>();
  const ran = () => [...tally.values()].reduce((sum, count) => sum + count, 0);
  const broken: { seed: number; at: number; report: string }[] = [];
  let next = seed;
  const propertyOf = (own: number) =>
    fc.asyncProperty(histories, async (history) => {
      const [first] = broken;
      // The others stop, and what is shortened for long enough holds from then on.
      if (first && (first.seed !== own || Date.now() > first.at + shortenMs)) return;
      const world = new World(first ? new Map() : tally);
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: world }), history);
        for (const account of world.accounts) await lookOver(account, world.now);
      } catch (error) {
        const report = `SEED=${own} npm run test:model\nbroken after ${ran()} commands by ${world.last}\n${String(error)}\n`;
        // Shortening it takes a while.
        if (broken.length === 0) console.info(report);
        broken.push({ seed: own, at: Date.now(), report });
        throw error;
      }
    });
  const lane = async () => {
    while (ran() < wanted && broken.length === 0) {
      const own = next;
      next += 1;
      const checked = await fc.check(propertyOf(own), { seed: own, numRuns: 1 });
      const [first] = broken;
      if (checked.failed && first?.seed === own)
        first.report += fc.defaultReportMessage(checked) ?? "";
    }
  };
  // Of few commands, no more histories than it takes: each of them is run to its end.
  const lanes = Math.min(MOST_LANES, Math.ceil(wanted / (MOST_COMMANDS / 2)));
  await Promise.all(Array.from({ length: lanes }, lane));
  return {
    histories: next - seed,
    commands: Object.fromEntries(tally),
    broken: broken[0]?.report ?? null,
  };
}
