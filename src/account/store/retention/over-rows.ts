import { letOthersRun } from "../../../shared/let-others-run.ts";
import { keyOf } from "../../../shared/ids.ts";
import { DAY_MS, MINUTE_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";
import { JOURNAL } from "../sessions/session-flags.ts";
import { LAST_ACCESS } from "../sessions/sessions.ts";
import { sessionSlices } from "../sessions/session-slices.ts";
import type { KeyRange } from "../sessions/session-slices.ts";
import type { Counters } from "../usage/counters.ts";

/** Turns that are read before other calls run: some 3 ms of a core. */
const SLICE_TURNS = 4_000;

/** Live sessions in the order of their keys, one at each place. Arrays of numbers: there may be some 100,000 of them. */
interface LiveSessions {
  key: number[];
  /** When each was last accessed, in ms since the epoch. */
  at: number[];
  turns: number[];
  /** A turn has two events, its request and, unless it is in progress, its response. */
  events: number[];
}

type Row = { key: number; at: number; turns: number; events: number; last: number };

/**
 * Up to which last access sessions have to go for no more than `rows` turns to be live; null when there are no more.
 * Sessions that may not go count, too. Other calls run between its slices.
 */
export async function overQuotaCutoff(
  db: Database,
  counters: Counters,
  rows: number | null,
): Promise<number | null> {
  if (rows === null) return null;
  await counters.load();
  if (counters.read().turns <= rows) return null;
  return newestBeyond(await liveSessions(db, ""), rows);
}

/**
 * Up to which key blocks of the journal have to go for no more than `rows` events, and no more than a share of them, to be
 * live; null when there are no more. Other calls run between its slices.
 */
export async function journalThrough(
  db: Database,
  rows: number | null,
  share = 1,
): Promise<number | null> {
  if (rows === null && share === 1) return null;
  const { key, events } = await liveSessions(db, `and s.flags & ${JOURNAL} <> 0`);
  const total = events.reduce((sum, each) => sum + each, 0);
  const most = Math.min(rows ?? Infinity, total * share);
  let newer = 0;
  const index = events.findLastIndex((each) => (newer += each) > most);
  return key[index] ?? null;
}

/** @param chosen - a further SQL condition on sessions `s` */
async function liveSessions(db: Database, chosen: string): Promise<LiveSessions> {
  const all: LiveSessions = { key: [], at: [], turns: [], events: [] };
  for await (const range of sessionSlices(db))
    for (let begin: number | null = 0; begin !== null;) {
      const rows = readSlice(db, range, chosen, begin);
      for (const row of rows) add(all, row);
      const read = rows.reduce((sum, { turns }) => sum + turns, 0);
      begin = read < SLICE_TURNS ? null : Math.max(...rows.map(({ last }) => last)) + 1;
      if (begin !== null) await letOthersRun();
    }
  return all;
}

/** @param begin - the id of the turn at which the slice begins; 0: at the first session */
function readSlice(db: Database, { from, to }: KeyRange, chosen: string, begin: number): Row[] {
  return db.all<Row>(
    `select s.key, ${LAST_ACCESS} as at, count(*) as turns, sum(1 + (l.status <> 0)) as events, max(l.id) as last
     from (select s.key, t.id, t.status from sessions s
       cross join turns t on t.id >= max(s.key * 1048576, ?) and t.id < (s.key + 1) * 1048576
       where s.key >= ? and s.key < ? and s.segment is null ${chosen} order by s.key, t.id limit ${SLICE_TURNS}) l
     cross join sessions s on s.key = l.key group by s.key order by s.key`,
    begin,
    Math.max(from, keyOf(begin)),
    to,
  );
}

/** A session may go over several slices. */
function add({ key, at, turns, events }: LiveSessions, row: Row): void {
  const index = key.at(-1) === row.key ? key.length - 1 : key.length;
  key[index] = row.key;
  at[index] = row.at;
  turns[index] = (turns[index] ?? 0) + row.turns;
  events[index] = (events[index] ?? 0) + row.events;
}

/**
 * The newest last access from which on there are more turns than `rows`; null: there are no more. Days are summed first, then
 * the minutes of one day, so that no more than the sessions of a minute are sorted.
 */
function newestBeyond({ at, turns }: LiveSessions, rows: number): number | null {
  let left = [...at.keys()];
  let newer = 0;
  for (const width of [DAY_MS, MINUTE_MS, 1]) {
    const bucketOf = (index: number) => Math.floor((at[index] as number) / width);
    const sums = new Map<number, number>();
    for (const index of left) {
      const bucket = bucketOf(index);
      sums.set(bucket, (sums.get(bucket) ?? 0) + (turns[index] as number));
    }
    const newest = [...sums].toSorted(([a], [b]) => b - a);
    const beyond = newest.find(([, sum]) => {
      if (newer + sum > rows) return true;
      newer += sum;
      return false;
    });
    if (!beyond) return null;
    const [bucket] = beyond;
    if (width === 1) return bucket;
    left = left.filter((index) => bucketOf(index) === bucket);
  }
  return null;
}
