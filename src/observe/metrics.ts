/** What this isolate has counted and not handed on yet, by series: `name{label="value"}`. */
const counted = new Map<string, number>();

type Labels = Record<string, string>;

/** Upper bounds of the buckets of durations, in ms. */
export const DURATION_BUCKETS = [
  5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
] as const;

/** Adds to a counter. Its name and its labels are a few fixed ones, never a caller's words or ids. */
export function count(name: string, labels: Labels = {}, by = 1): void {
  if (by === 0) return;
  const series = seriesOf(name, labels);
  counted.set(series, (counted.get(series) ?? 0) + by);
}

/** Notes a duration in a histogram. */
export function observe(name: string, ms: number, labels: Labels = {}): void {
  const bound = DURATION_BUCKETS.find((each) => ms <= each);
  count(`${name}_bucket`, { ...labels, le: bound === undefined ? "+Inf" : String(bound) });
  count(`${name}_sum`, labels, ms);
  count(`${name}_count`, labels);
}

/** Takes what was counted; whoever could not hand it on gives it back with {@link restoreCounts}. */
export function drainCounts(): [series: string, by: number][] {
  const taken = [...counted];
  counted.clear();
  return taken;
}

export function restoreCounts(taken: readonly [series: string, by: number][]): void {
  for (const [series, by] of taken) counted.set(series, (counted.get(series) ?? 0) + by);
}

export const hasCounts = (): boolean => counted.size > 0;

const seriesOf = (name: string, labels: Labels): string => {
  const entries = Object.entries(labels);
  if (entries.length === 0) return name;
  // Every request counts: most have one label, and nothing to sort.
  const sorted = entries.length === 1 ? entries : entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${sorted.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(",")}}`;
};
