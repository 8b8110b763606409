import type { SweepResult } from "../src/account/archive/upkeep/sweep.ts";
import { fill } from "./fill.ts";
import { atMost, figure, held } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { Platform, Target } from "./platform.ts";
import { median } from "./samples.ts";

const DAY_MS = 86_400_000;
/** Past the 30 days of the default retention, whatever the hour. */
const AGE_MS = 60 * DAY_MS;
const TURNS = 2;
const MESSAGE_BYTES = 200;
/** Sessions that are under way side by side. */
const TOGETHER = 50;
/** Of the time a session, between the sizes. */
const FLAT_SHARE = 0.3;

export interface PurgePlan {
  /** How many sessions, and how often: small ones are over too soon for one to say much. */
  sizes: { sessions: number; runs: number }[];
}

interface Purge {
  callsMs: number[];
  rowsWritten: number;
  objects: number;
}

/** Sessions that a sweep is due for, in an object that is asleep, as a cron finds it. */
export function fillOld({ door }: Target, account: string, sessions: number): Promise<string[]> {
  return fill(door, account, {
    sessions,
    turns: TURNS,
    message_bytes: MESSAGE_BYTES,
    together: TOGETHER,
    at: Date.now() - AGE_MS,
  });
}

/** A whole retention pass over the account, call by call, as the queue's consumer does it. */
export async function sweepAll(door: Target["door"], account: string): Promise<number[]> {
  const now = Date.now();
  const callsMs: number[] = [];
  const so_far = { deleted: 0, errors: 0, bytes: 0 };
  let after: number | null = 0;
  while (after !== null) {
    const began = performance.now();
    const swept: SweepResult = await door("sweep", account, {
      now,
      older_than_ms: null,
      after,
      so_far,
    });
    callsMs.push(performance.now() - began);
    so_far.deleted += swept.archived;
    so_far.errors += swept.errors;
    so_far.bytes += swept.bytes;
    after = swept.cursor;
    if (after === null && (swept.remaining > 0 || so_far.errors > 0)) {
      throw new Error(`${swept.remaining} sessions were left, ${so_far.errors} failed`);
    }
  }
  return callsMs;
}

async function purge(target: Target, account: string, sessions: number): Promise<Purge> {
  const { door } = target;
  await fillOld(target, account, sessions);
  const before = await door("rows", account, {});
  const callsMs = await sweepAll(door, account);
  const after = await door("rows", account, {});
  return {
    callsMs,
    rowsWritten: after.written - before.written,
    objects: await door("archive_objects", account, {}),
  };
}

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

export async function measurePurge({ product }: Platform, plan: PurgePlan): Promise<Figure[]> {
  const figures: Figure[] = [];
  const perSession: number[] = [];
  for (const { sessions, runs } of plan.sizes) {
    const purges: Purge[] = [];
    for (let run = 0; run < runs; run += 1) {
      purges.push(await purge(product, `purge_${sessions}_${run}`, sessions));
    }
    const last = purges.at(-1) as Purge;
    const time = median(purges.map(({ callsMs }) => sum(callsMs))) / sessions;
    perSession.push(time);
    figures.push(...purgeFigures(sessions, time, last, purges));
  }
  const flattest = (Math.max(...perSession) - Math.min(...perSession)) / median(perSession);
  const flat = perSession.every((time) => Math.abs(time / median(perSession) - 1) <= FLAT_SHARE);
  figures.push(
    held(
      figure("purge, a session, between the sizes", flattest * 100, "% apart"),
      "each within ± 30 % of the middle one",
      flat,
    ),
  );
  return figures;
}

function purgeFigures(sessions: number, time: number, last: Purge, purges: Purge[]): Figure[] {
  const of = `of ${sessions.toLocaleString("en")} sessions`;
  const calls = last.callsMs.length;
  const beyond = last.rowsWritten - sessions * TURNS - sessions;
  return [
    figure(`purge ${of}, a session`, time, "ms", `median of ${purges.length}`),
    atMost(
      100,
      figure(
        `purge ${of}, longest call`,
        Math.max(...purges.flatMap(({ callsMs }) => callsMs)),
        "ms",
        `median call ${median(purges.flatMap(({ callsMs }) => callsMs)).toFixed(1)} ms`,
      ),
    ),
    atMost(
      10,
      figure(
        `purge ${of}, rows written beyond turns + sessions, a call`,
        beyond / calls,
        "rows",
        `${last.rowsWritten} written, ${sessions * TURNS} turns + ${sessions} sessions, ${calls} calls`,
      ),
    ),
    atMost(
      1,
      figure(
        `purge ${of}, R2 objects for 500 sessions`,
        (last.objects / sessions) * 500,
        "PUTs",
        `${last.objects} objects`,
      ),
    ),
  ];
}
