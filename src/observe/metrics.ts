import type { CounterName, HistogramName, LabelsFor } from "./metric-list.ts";

/** Counts that are not flushed, by series: `name{label="value"}`. */
const counted = new Map<string, number>();

type Labels = Record<string, string>;

/** Upper bounds of the buckets of histograms, in ms. */
export const DURATION_BUCKETS = [
  5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
] as const;

/** Adds to a counter of the list. */
export function count<N extends CounterName>(
  name: N,
  ...[labels, by]: LabelsFor<N, [by?: number]>
): void {
  add(name, labels, by);
}

function add(name: string, labels: Labels = {}, by = 1): void {
  if (by === 0) return;
  const series = seriesOf(name, labels);
  counted.set(series, (counted.get(series) ?? 0) + by);
}

/** Adds a duration to a histogram of the list. */
export function observe<N extends HistogramName>(
  name: N,
  ms: number,
  ...[labels]: LabelsFor<N, []>
): void {
  const bound = DURATION_BUCKETS.find((each) => ms <= each);
  add(`${name}_bucket`, { ...labels, le: bound === undefined ? "+Inf" : String(bound) });
  add(`${name}_sum`, labels, ms);
  add(`${name}_count`, labels);
}

/** Takes the counts. Give them back with {@link restoreCounts} if they cannot be flushed. */
export function drainCounts(): [series: string, by: number][] {
  const counts = [...counted];
  counted.clear();
  return counts;
}

export function restoreCounts(counts: readonly [series: string, by: number][]): void {
  for (const [series, by] of counts) counted.set(series, (counted.get(series) ?? 0) + by);
}

export const hasCounts = (): boolean => counted.size > 0;

const seriesOf = (name: string, labels: Labels): string => {
  const entries = Object.entries(labels);
  if (entries.length === 0) return name;
  // On the path of every request: most series have one label, and nothing to sort.
  const sorted = entries.length === 1 ? entries : entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${sorted.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(",")}}`;
};
