import { DURATION_BUCKETS } from "../../../observe/metrics.ts";

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

/** One of each day, assistant and model. */
export function summed(counts: readonly DailyCounts[]): DailyCounts[] {
  const sums = new Map<string, DailyCounts>();
  for (const each of counts) {
    const name = JSON.stringify([each.day, each.assistant, each.model]);
    const sum = sums.get(name);
    sums.set(name, sum ? { ...sum, counts: addCounts(sum.counts, each.counts) } : each);
  }
  return [...sums.values()];
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
