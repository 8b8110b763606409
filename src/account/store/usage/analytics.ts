import { DEFAULT_ASSISTANT } from "../../../assistants/assistant.ts";
import { DURATION_BUCKETS } from "../../../observe/metrics.ts";
import { DAY_MS, HOUR_MS, dayOf } from "../../../shared/time.ts";
import { seqOf } from "../../../shared/ids.ts";
import { readValue, writeValue } from "../account/account-values.ts";
import { validJson } from "../../../sqlite/valid-json.ts";
import type { Database } from "../../../sqlite/database.ts";
import { JOURNAL } from "../sessions/session-flags.ts";
import { TURN_STATUSES } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import { parseJson } from "../../../shared/json.ts";

/** So long after its end a day is rolled up: by then whatever began in it is settled, or abandoned. */
const AFTER_MS = HOUR_MS;
/** The model name of turns without an answer. */
const NO_MODEL = "none";

/** Sums over turns. */
export interface TurnCounts {
  turns: number;
  completed: number;
  failed: number;
  interrupted: number;
  abandoned: number;
  /** Answered from the cache. */
  cached: number;
  /** Sessions that began. */
  sessions: number;
  /** Users who had a turn: each once a day. Known by day only. */
  users: number;
  input_tokens: number;
  output_tokens: number;
  duration_ms: number;
  /** How many durations lie in which of the buckets, the last being beyond them. */
  durations: number[];
}

export const NO_TURNS: TurnCounts = {
  turns: 0,
  completed: 0,
  failed: 0,
  interrupted: 0,
  abandoned: 0,
  cached: 0,
  sessions: 0,
  users: 0,
  input_tokens: 0,
  output_tokens: 0,
  duration_ms: 0,
  durations: [],
};

/** Turns of a day, of an assistant, of a model. Without these two: the day's users. */
export interface DailyCounts {
  day: number;
  assistant: string;
  model: string;
  counts: TurnCounts;
}

export function addCounts(a: TurnCounts, b: TurnCounts, sign: 1 | -1 = 1): TurnCounts {
  const sum = { ...a };
  for (const name of Object.keys(NO_TURNS) as (keyof TurnCounts)[]) {
    if (name !== "durations") sum[name] = a[name] + sign * b[name];
  }
  const length = Math.max(a.durations.length, b.durations.length);
  sum.durations = Array.from(
    { length },
    (_, bucket) => (a.durations[bucket] ?? 0) + sign * (b.durations[bucket] ?? 0),
  );
  return sum;
}

/** Below which duration so large a share of the turns lies: the bound of its bucket; null beyond the last, and for none. */
export function quantile({ durations }: TurnCounts, share: number): number | null {
  const total = durations.reduce((sum, each) => sum + each, 0);
  let below = 0;
  for (const [bucket, each] of durations.entries()) {
    below += each;
    if (total > 0 && below >= share * total) return DURATION_BUCKETS[bucket] ?? null;
  }
  return null;
}

/** Before this, in ms since the epoch, every turn is in `daily`; from it on, those that are gone from `turns` are. */
const rolledThrough = (db: Database): number => readValue(db, "rolled_through") ?? 0;

/** Counts the days that are over into `daily`, whose rows outlive the turns. Twice is once. */
export function rollUp(db: Database, now: number): void {
  const from = rolledThrough(db);
  const to = dayOf(now - AFTER_MS) * DAY_MS;
  if (to <= from) return;
  db.transaction(() => {
    for (const each of liveCounts(db, from, to)) addDaily(db, each, 1);
    writeValue(db, "rolled_through", to);
  });
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
  const from = rolledThrough(db);
  if (keys.length === 0 || accessedAt < from) return;
  for (const each of liveCounts(db, from, Number.MAX_SAFE_INTEGER, keys)) addDaily(db, each, sign);
}

/**
 * A turn that was written, or is about to be changed, on a day that is rolled up already: calls from outside come late.
 * In the transaction that does it. The day's users stay as they were.
 */
export function tallyLate(db: Database, turn: Turn, assistant: string | null, sign: 1 | -1): void {
  if (turn.created_at >= rolledThrough(db)) return;
  const { duration_ms } = turn;
  const beyond = DURATION_BUCKETS.length;
  const place = DURATION_BUCKETS.findIndex((bound) => (duration_ms ?? 0) <= bound);
  const counted = toDaily({
    day: dayOf(turn.created_at),
    assistant: assistant ?? DEFAULT_ASSISTANT,
    model: turn.model ?? NO_MODEL,
    status: TURN_STATUSES.indexOf(turn.status),
    bucket: duration_ms === null ? null : place < 0 ? beyond : place,
    turns: 1,
    cached: 0,
    sessions: seqOf(turn.id) === 1 ? 1 : 0,
    input_tokens: turn.input_tokens ?? 0,
    output_tokens: turn.output_tokens ?? 0,
    duration_ms: duration_ms ?? 0,
  });
  addDaily(db, counted, sign);
}

/** Counts of the days between two days, both included. */
export function readDaily(db: Database, fromDay: number, toDay: number): DailyCounts[] {
  const rows = db.all<{ day: number; assistant: string; model: string; counts: string }>(
    "select * from daily where day >= ? and day <= ? order by day",
    fromDay,
    toDay,
  );
  const rolled = rows.map(({ counts, ...row }) => ({
    ...row,
    counts: { ...NO_TURNS, ...(parseJson(counts) as Partial<TurnCounts>) },
  }));
  const from = Math.max(rolledThrough(db), fromDay * DAY_MS);
  return [...rolled, ...liveCounts(db, from, (toDay + 1) * DAY_MS)];
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

const BUCKET = `case when t.duration_ms is null then null ${DURATION_BUCKETS.map(
  (bound, bucket) => `when t.duration_ms <= ${bound} then ${bucket}`,
).join(" ")} else ${DURATION_BUCKETS.length} end`;

/** Counts turns that are in `turns`. A session's row says on which day its last turn was, so most need not be read. */
function liveCounts(
  db: Database,
  from: number,
  to: number,
  keys: readonly number[] | null = null,
): DailyCounts[] {
  const chosen = keys === null ? "" : "and s.key in (select value from json_each(?))";
  const of = "t.id > s.key * 1048576 and t.id < (s.key + 1) * 1048576";
  const where = `where s.segment is null and s.flags & ${JOURNAL} = 0 and s.accessed_at >= ? and t.created_at >= ? and t.created_at < ? ${chosen}`;
  const params = [dayOf(from) * DAY_MS, from, to, ...(keys === null ? [] : [JSON.stringify(keys)])];
  const rows = db.all<CountedRow>(
    `select t.created_at / ${DAY_MS} as day, coalesce(d.assistant, '${DEFAULT_ASSISTANT}') as assistant,
     coalesce((select name from models where id = t.model), '${NO_MODEL}') as model, t.status, ${BUCKET} as bucket,
     count(*) as turns, sum(t.id - s.key * 1048576 = 1) as sessions,
     sum(coalesce((${validJson("t.extra")}) ->> '$.cached', 0)) as cached,
     total(t.input_tokens) as input_tokens, total(t.output_tokens) as output_tokens,
     total(t.duration_ms) as duration_ms
     from sessions s cross join turns t on ${of} left join session_details d on d.key = s.key
     ${where} group by 1, 2, 3, 4, 5`,
    ...params,
  );
  const users = db.all<{ day: number; users: number }>(
    `select t.created_at / ${DAY_MS} as day, count(distinct d.user_id) as users
     from sessions s cross join session_details d on d.key = s.key and d.user_id is not null cross join turns t on ${of}
     ${where} group by 1`,
    ...params,
  );
  return [
    ...rows.map(toDaily),
    ...users.map(({ day, users: many }) => ({
      day,
      assistant: "",
      model: "",
      counts: { ...NO_TURNS, users: many },
    })),
  ];
}

function toDaily({ day, assistant, model, status, bucket, ...row }: CountedRow): DailyCounts {
  const name = TURN_STATUSES[status] ?? "abandoned";
  // Whatever is still in progress here was left so.
  const ended = name === "in_progress" ? "abandoned" : name;
  const durations: number[] = [];
  if (bucket !== null) durations[bucket] = row.turns;
  return {
    day,
    assistant,
    model,
    counts: {
      ...NO_TURNS,
      ...row,
      [ended]: row.turns,
      durations: Array.from(durations, (many) => many ?? 0),
    },
  };
}
