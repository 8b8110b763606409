import { DEFAULT_ASSISTANT } from "../../../assistants/assistant.ts";
import { DURATION_BUCKETS } from "../../../observe/metrics.ts";
import { TURNS_PER_SESSION, keyOf, seqOf } from "../../../shared/ids.ts";
import { DAY_MS, dayOf } from "../../../shared/time.ts";
import { TURN_STATUSES } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database, Row } from "../../../sqlite/database.ts";
import { validJson } from "../../../sqlite/valid-json.ts";
import { JOURNAL } from "../sessions/session-flags.ts";
import { NO_TURNS } from "./analytics.ts";
import type { DailyCounts } from "./analytics.ts";

/** Turns that are counted before other calls run: some 5 ms of a core. */
export const SLICE_TURNS = 4_000;
/** Sessions that are looked at for a slice. */
const SLICE_SESSIONS = 5_000;
/** The model name of turns without an answer. */
const NO_MODEL = "none";

/** Which turns are counted. */
export interface Counted {
  /** Those that began from then on, in ms since the epoch. */
  from: number;
  /** And before then. */
  to: number;
  /** Of turns before this id, those count that began from `to` on, and no others; null: there are none. */
  rolled: { before: number; to: number } | null;
}

/** A part of the turns, in the order of their ids. */
export interface Slice {
  /** The id at which the next slice begins; null after the last. */
  next: number | null;
  counts: DailyCounts[];
}

type CountedRow = {
  day: number;
  assistant: string;
  model: string;
  status: number;
  bucket: number | null;
  turns: number;
  cached: number;
  sessions: number;
  input_tokens: number;
  output_tokens: number;
  duration_ms: number;
};

type UserRow = { day: number; user_id: string };

const BUCKET = `case when t.duration_ms is null then null ${DURATION_BUCKETS.map(
  (bound, bucket) => `when t.duration_ms <= ${bound} then ${bucket}`,
).join(" ")} else ${DURATION_BUCKETS.length} end`;

/** Live sessions `s`. The journal is not counted. */
const LIVE = `s.segment is null and s.flags & ${JOURNAL} = 0`;
/** One lower bound: with a second one SQLite may begin at that for each session. */
const ofSessionFrom = (begin: string): string =>
  `t.id >= max(s.key * 1048576, ${begin}) and t.id < (s.key + 1) * 1048576`;

/** The day of a turn `t`; null where it does not count. */
function dayIn({ from, to, rolled }: Counted): string {
  const since =
    rolled === null
      ? from
      : `case when t.id < ${rolled.before} then ${Math.max(from, rolled.to)} else ${from} end`;
  return `case when t.created_at >= ${since} and t.created_at < ${to} then t.created_at / ${DAY_MS} end`;
}

/** @param turns - SQL of a table `t` with the turns and their sessions' keys */
const sumsOf = (counted: Counted, turns: string): string =>
  `select ${dayIn(counted)} as day, coalesce(d.assistant, '${DEFAULT_ASSISTANT}') as assistant,
     coalesce((select name from models where id = t.model), '${NO_MODEL}') as model, t.status, ${BUCKET} as bucket,
     count(*) as turns, sum(t.id - t.key * 1048576 = 1) as sessions,
     sum(coalesce((${validJson("t.extra")}) ->> '$.cached', 0)) as cached,
     total(t.input_tokens) as input_tokens, total(t.output_tokens) as output_tokens,
     total(t.duration_ms) as duration_ms, max(t.id) as last
   from (${turns}) t left join session_details d on d.key = t.key group by 1, 2, 3, 4, 5`;

/** A day's users are rolled up together, when all else is. */
const usersOf = (counted: Counted, turns: string): string =>
  `select ${dayIn({ ...counted, rolled: null })} as day, d.user_id, count(*) as turns, max(t.id) as last
   from (${turns}) t left join session_details d on d.key = t.key group by 1, 2`;

const COLUMNS =
  "s.key, t.id, t.created_at, t.status, t.model, t.duration_ms, t.input_tokens, t.output_tokens, t.extra";

/** Counts all turns of some sessions. A session's row says on which day its last turn was, so most need not be read. */
export function countTurnsOf(
  db: Database,
  counted: Counted,
  keys: readonly number[],
): DailyCounts[] {
  const turns = `select ${COLUMNS} from sessions s cross join turns t on ${ofSessionFrom("0")}
    where ${LIVE} and s.accessed_at >= ? and s.key in (select value from json_each(?))`;
  const params = [dayOf(counted.from) * DAY_MS, JSON.stringify(keys)];
  const users = new DailyUsers();
  users.add(db.all<UserRow>(usersOf(counted, turns), ...params));
  return [...toCounts(db.all<CountedRow>(sumsOf(counted, turns), ...params)), ...users.counts()];
}

/** Counts the turns of a live session with ids from one to before another that began before a time, in ms since the epoch. */
export function countTurnsBefore(
  db: Database,
  to: number,
  [first, end]: readonly [first: number, end: number],
): DailyCounts[] {
  if (to === 0 || first >= end) return [];
  const turns = `select ${COLUMNS} from sessions s cross join turns t on t.id >= ? and t.id < ?
    where ${LIVE} and s.key = ?`;
  const sums = sumsOf({ from: 0, to, rolled: null }, turns);
  return toCounts(db.all<CountedRow>(sums, first, end, keyOf(first)));
}

/** Counts the next turns. @param begin - the id at which the slice begins: 0, or where the one before it ended */
export function countSlice(db: Database, counted: Counted, begin: number): Slice {
  const { rows, next } = readSlice<CountedRow>(db, counted, begin, sumsOf);
  return { next, counts: toCounts(rows) };
}

/** {@link countSlice}, of the users who had a turn. @returns the id at which the next slice begins; null after the last */
export function addUsersOfSlice(
  db: Database,
  counted: Counted,
  begin: number,
  users: DailyUsers,
): number | null {
  const { rows, next } = readSlice<UserRow>(db, counted, begin, usersOf);
  users.add(rows);
  return next;
}

/** Users by day, each once. It holds as many ids as users had a turn on each of the days. */
export class DailyUsers {
  readonly #days = new Map<number, Set<string>>();

  add(rows: readonly { day: number | null; user_id: string | null }[]): void {
    for (const { day, user_id } of rows) {
      if (day === null || user_id === null) continue;
      const users = this.#days.get(day) ?? new Set();
      this.#days.set(day, users.add(user_id));
    }
  }

  counts(): DailyCounts[] {
    return [...this.#days].map(([day, { size }]) => ({
      day,
      assistant: "",
      model: "",
      counts: { ...NO_TURNS, users: size },
    }));
  }
}

/** One turn as it is counted. */
export function countsOfTurn(turn: Turn, assistant: string | null): DailyCounts {
  const { duration_ms } = turn;
  const beyond = DURATION_BUCKETS.length;
  const place = DURATION_BUCKETS.findIndex((bound) => (duration_ms ?? 0) <= bound);
  return toDaily({
    day: dayOf(turn.created_at),
    assistant: assistant ?? DEFAULT_ASSISTANT,
    model: turn.model ?? NO_MODEL,
    status: TURN_STATUSES.indexOf(turn.status),
    bucket: duration_ms === null ? null : place < 0 ? beyond : place,
    turns: 1,
    cached: turn.extra.cached ? 1 : 0,
    sessions: seqOf(turn.id) === 1 ? 1 : 0,
    input_tokens: turn.input_tokens ?? 0,
    output_tokens: turn.output_tokens ?? 0,
    duration_ms: duration_ms ?? 0,
  });
}

/**
 * Reads at most {@link SLICE_TURNS} turns of {@link SLICE_SESSIONS} sessions, whether they count or not: so a slice is as much
 * work in a large account as in a small one.
 */
function readSlice<T extends Row>(
  db: Database,
  counted: Counted,
  begin: number,
  select: (counted: Counted, turns: string) => string,
): { rows: T[]; next: number | null } {
  const first = keyOf(begin);
  const through = db.scalar<number>(
    "select max(key) from (select key from sessions where key >= ? order by key limit +?)",
    first,
    SLICE_SESSIONS,
  );
  if (through === null) return { rows: [], next: null };
  const turns = `select ${COLUMNS} from sessions s cross join turns t on ${ofSessionFrom("?")}
    where s.key >= ? and s.key <= ? and ${LIVE} and s.accessed_at >= ? limit +?`;
  const rows = db.all<T & { turns: number; last: number }>(
    select(counted, turns),
    begin,
    first,
    through,
    dayOf(counted.from) * DAY_MS,
    SLICE_TURNS,
  );
  const read = rows.reduce((sum, row) => sum + row.turns, 0);
  const last = Math.max(...rows.map((row) => row.last));
  return { rows, next: read === SLICE_TURNS ? last + 1 : (through + 1) * TURNS_PER_SESSION };
}

const toCounts = (rows: readonly CountedRow[]): DailyCounts[] =>
  rows.filter(({ day }) => day !== null).map(toDaily);

function toDaily({ day, assistant, model, status, bucket, ...row }: CountedRow): DailyCounts {
  const name = TURN_STATUSES[status] ?? "abandoned";
  // Whatever is still in progress here was left so.
  const ended = name === "in_progress" ? "abandoned" : name;
  const durations: number[] = [];
  if (bucket !== null) durations[bucket] = row.turns;
  const { turns, cached, sessions, input_tokens, output_tokens, duration_ms } = row;
  return {
    day,
    assistant,
    model,
    counts: {
      ...NO_TURNS,
      turns,
      cached,
      sessions,
      input_tokens,
      output_tokens,
      duration_ms,
      [ended]: turns,
      durations: Array.from(durations, (many) => many ?? 0),
    },
  };
}
