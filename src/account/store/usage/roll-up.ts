import { letOthersRun } from "../../../shared/let-others-run.ts";
import { DAY_MS, HOUR_MS, dayOf } from "../../../shared/time.ts";
import { parseJson } from "../../../shared/json.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";
import { NO_TURNS, addCounts, summed } from "./analytics.ts";
import type { DailyCounts, TurnCounts } from "./analytics.ts";
import {
  DailyUsers,
  addUsersOfSlice,
  countSlice,
  countTurnsBefore,
  countTurnsOf,
  countsOfTurn,
} from "./count-turns.ts";
import type { Counted } from "./count-turns.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /** Turns that began before `to` are being counted into `daily`: those with ids before `before` are in it. */
    rolling: { to: number; before: number };
  }
}

/** So long after its end a day is rolled up: by then whatever began in it is settled, or abandoned. */
const AFTER_MS = HOUR_MS;
/** How often it is counted again because turns left or came back meanwhile. Then it is counted without a pause. */
const TRIES = 3;
const ALL = Number.MAX_SAFE_INTEGER;

/** Before this, in ms since the epoch, every turn is in `daily`; from it on, those that are gone from `turns` are. */
const rolledThrough = (db: Database): number => readValue(db, "rolled_through") ?? 0;

/** Turns that `daily` lacks. */
function uncounted(db: Database, to = ALL): Counted {
  return { from: rolledThrough(db), to, rolled: readValue(db, "rolling") };
}

/** How often turns have left or come back since the object woke: users that were counted before are stale. */
const tallies = new WeakMap<Database, number>();

/**
 * Counts the days that are over into `daily`, whose rows outlive the turns. Twice is once. Other calls run between its slices,
 * and a later call goes on where one was cut off. An erasure of the account ends it.
 */
export async function rollUp(db: Database, now: number): Promise<void> {
  const end = dayOf(now - AFTER_MS) * DAY_MS;
  const erasedAt = readValue(db, "erased_at");
  const isOver = () => readValue(db, "erasing") !== null || readValue(db, "erased_at") !== erasedAt;
  for (let tries = 1; !isOver() && rolledThrough(db) < end; tries += 1) {
    // Another call may have begun it, for fewer days.
    const to = readValue(db, "rolling")?.to ?? end;
    const counted = { from: rolledThrough(db), to, rolled: null };
    const before = tallies.get(db);
    const users = await countUsers(db, counted, tries < TRIES);
    const isFresh = () => tallies.get(db) === before;
    while (!isOver() && rollSlice(db, counted, { users, isFresh })) await letOthersRun();
  }
}

/** Each user counts once a day, so all of a day are looked at before one is written. */
async function countUsers(db: Database, counted: Counted, pauses: boolean): Promise<DailyUsers> {
  const users = new DailyUsers();
  for (let next = addUsersOfSlice(db, counted, 0, users); next !== null;) {
    if (pauses) await letOthersRun();
    next = addUsersOfSlice(db, counted, next, users);
  }
  return users;
}

/** @returns false: it is done, another call goes on with it, or the users have to be counted again before its end */
function rollSlice(
  db: Database,
  counted: Counted,
  { users, isFresh }: { users: DailyUsers; isFresh: () => boolean },
): boolean {
  const { from, to } = counted;
  const rolling = readValue(db, "rolling");
  if (rolledThrough(db) !== from || (rolling !== null && rolling.to !== to)) return false;
  const { counts, next } = countSlice(db, counted, rolling?.before ?? 0);
  if (next === null && !isFresh()) return false;
  db.transaction(() => {
    addAll(db, counts, 1);
    if (next !== null) return writeValue(db, "rolling", { to, before: next });
    addAll(db, users.counts(), 1);
    if (rolling !== null) deleteValue(db, "rolling");
    writeValue(db, "rolled_through", to);
  });
  return next !== null;
}

/**
 * Turns of days that are not rolled up leave `turns`, or come back to it. In the transaction that does it, while they
 * are there.
 *
 * @param accessedAt - when the latest of the sessions was last accessed: mostly it was before
 */
export function tally(
  db: Database,
  keys: readonly number[],
  accessedAt: number,
  sign: 1 | -1,
): void {
  if (keys.length === 0 || accessedAt < rolledThrough(db)) return;
  tallies.set(db, (tallies.get(db) ?? 0) + 1);
  addAll(db, countTurnsOf(db, uncounted(db), keys), sign);
}

/**
 * A turn that was written, or is about to be changed, on a day that is rolled up already: a call from outside came late, or
 * a turn ended after its day was over. In the transaction that does it. The day's users stay as they were.
 */
export function tallyLate(db: Database, turn: Turn, assistant: string | null, sign: 1 | -1): void {
  const { from, rolled } = uncounted(db);
  const since = rolled !== null && turn.id < rolled.before ? rolled.to : from;
  if (turn.created_at < since) addDaily(db, countsOfTurn(turn, assistant), sign);
}

/**
 * {@link tallyLate}, of a live session's turns: an import, a merge, a fork or a backup has brought them, or they are about
 * to go as if they had never been.
 *
 * @param ids - from the first one to before the last one
 */
export function tallyLateTurns(
  db: Database,
  ids: readonly [first: number, end: number],
  sign: 1 | -1,
): void {
  const [first, end] = ids;
  const { from, rolled } = uncounted(db);
  const split = rolled === null ? first : Math.min(Math.max(rolled.before, first), end);
  const counts = countTurnsBefore(db, rolled?.to ?? from, [first, split]);
  addAll(db, [...counts, ...countTurnsBefore(db, from, [split, end])], sign);
}

/** Sessions that SQLite had lost were found in R2. In the transaction that indexes them. */
export function tallyFound(db: Database, counts: readonly DailyCounts[]): void {
  tallies.set(db, (tallies.get(db) ?? 0) + 1);
  addAll(db, counts, 1);
}

/** Counts of the days between two days, both included. Other calls run between the slices of what is not rolled up. */
export async function readDaily(
  db: Database,
  fromDay: number,
  toDay: number,
): Promise<DailyCounts[]> {
  for (let tries = 1; ; tries += 1) {
    const before = rolledCounts(db, fromDay, toDay);
    const stateBefore = stateOf(db, before);
    const live = await liveCounts(db, fromDay, toDay, tries < TRIES);
    // What left the turns meanwhile is in `daily` now, or the other way round.
    if (tries === TRIES || stateOf(db, rolledCounts(db, fromDay, toDay)) === stateBefore)
      return [...rolledCounts(db, fromDay, toDay), ...live];
  }
}

const stateOf = (db: Database, counts: readonly DailyCounts[]): string =>
  JSON.stringify([uncounted(db), counts]);

async function liveCounts(
  db: Database,
  fromDay: number,
  toDay: number,
  pauses: boolean,
): Promise<DailyCounts[]> {
  const { from, rolled } = uncounted(db);
  const to = (toDay + 1) * DAY_MS;
  const counted = { from: Math.max(from, fromDay * DAY_MS), to, rolled };
  if (counted.from >= to) return [];
  const users = new DailyUsers();
  let sums: DailyCounts[] = [];
  for (let next: number | null = 0; next !== null;) {
    addUsersOfSlice(db, counted, next, users);
    const slice = countSlice(db, counted, next);
    sums = summed([...sums, ...slice.counts]);
    ({ next } = slice);
    if (next !== null && pauses) await letOthersRun();
  }
  return [...sums, ...users.counts()];
}

function rolledCounts(db: Database, fromDay: number, toDay: number): DailyCounts[] {
  return db
    .all<{ day: number; assistant: string; model: string; counts: string }>(
      "select * from daily where day >= ? and day <= ? order by day",
      fromDay,
      toDay,
    )
    .map(({ counts, ...row }) => ({
      ...row,
      counts: { ...NO_TURNS, ...(parseJson(counts) as Partial<TurnCounts>) },
    }));
}

function addAll(db: Database, counts: readonly DailyCounts[], sign: 1 | -1): void {
  for (const each of summed(counts)) addDaily(db, each, sign);
}

function addDaily(
  db: Database,
  { day, assistant, model, counts }: DailyCounts,
  sign: 1 | -1,
): void {
  const stored = db.scalar<string>(
    "select counts from daily where day = ? and assistant = ? and model = ?",
    day,
    assistant,
    model,
  );
  const before = { ...NO_TURNS, ...(stored && (parseJson(stored) as Partial<TurnCounts>)) };
  const sum = addCounts(before, counts, sign);
  const some = Object.entries(sum).filter(([, value]) => value !== 0);
  db.run(
    `insert into daily values (?, ?, ?, ?)
     on conflict (day, assistant, model) do update set counts = excluded.counts`,
    day,
    assistant,
    model,
    JSON.stringify(Object.fromEntries(some)),
  );
}
