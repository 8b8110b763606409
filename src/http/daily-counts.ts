import { NO_TURNS, addCounts, quantile } from "../account/store/usage/analytics.ts";
import type { DailyCounts, TurnCounts } from "../account/store/usage/analytics.ts";
import { DAY_MS, isoTime } from "../shared/time.ts";
import * as s from "./openapi/schema.ts";

/** Sums over turns, as documented. */
export const countFields = () => ({
  turns: s.whole,
  completed: s.whole,
  failed: s.whole,
  interrupted: s.whole,
  abandoned: s.whole,
  cached: s.whole,
  sessions: s.whole,
  input_tokens: s.whole,
  output_tokens: s.whole,
  "users?": s.whole,
  duration_ms: s.object({
    mean: s.maybe(s.number),
    p50: s.maybe(s.number),
    p95: s.maybe(s.number),
    p99: s.maybe(s.number),
  }),
});

/** By what turns are counted. */
export type Grouping = "day" | "assistant" | "model";

export const dayName = (days: number): string => isoTime(days * DAY_MS).slice(0, 10);
const nameOf = (each: DailyCounts, by: Grouping): string =>
  by === "day" ? dayName(each.day) : each[by];
export const sumOf = (all: readonly DailyCounts[]): TurnCounts =>
  all.reduce((sum, { counts }) => addCounts(sum, counts), NO_TURNS);

/** A row for each day, assistant or model, by name. */
export function groupCounts(daily: readonly DailyCounts[], by: Grouping) {
  return [...Map.groupBy(daily, (each) => nameOf(each, by))]
    .filter(([name]) => name !== "")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => ({ [by]: name, ...countsBody(sumOf(each), by === "day") }));
}

/** @param withUsers - a user is counted once a day, so users don't add up over days. */
export function countsBody(counts: TurnCounts, withUsers: boolean) {
  const { users, duration_ms, durations, ...rest } = counts;
  const timed = durations.reduce((sum, each) => sum + each, 0);
  return {
    ...rest,
    ...(withUsers && { users }),
    duration_ms: {
      mean: timed === 0 ? null : Math.round(duration_ms / timed),
      p50: quantile(counts, 0.5),
      p95: quantile(counts, 0.95),
      p99: quantile(counts, 0.99),
    },
  };
}
