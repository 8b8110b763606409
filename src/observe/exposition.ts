import { METRICS, PREFIX } from "./metric-list.ts";
import { DURATION_BUCKETS } from "./metrics.ts";
import { parseJson } from "../shared/json.ts";

type Series = Record<string, number>;

/** Counters of an earlier version may still be there under a name that the list has no more. */
const helpOf = (name: string): string =>
  (METRICS as Record<string, { help: string }>)[name]?.help ?? name;

/** Prometheus' text format, version 0.0.4. @param gauges - by name, without labels or with */
export function toPrometheus(counters: Series, gauges: Series): string {
  const lines: string[] = [];
  for (const [name, series] of byName(gauges)) lines.push(...head(name, "gauge"), ...plain(series));
  const histograms = new Set(
    Object.keys(counters).flatMap((key) => /^(\w+)_bucket\{/.exec(key)?.[1] ?? []),
  );
  const isPart = (name: string) =>
    [...histograms].some((each) =>
      [`${each}_bucket`, `${each}_sum`, `${each}_count`].includes(name),
    );
  for (const [name, series] of byName(counters)) {
    if (!isPart(name)) lines.push(...head(name, "counter"), ...plain(series));
  }
  for (const name of histograms)
    lines.push(...head(name, "histogram"), ...histogram(counters, name));
  return `${lines.join("\n")}\n`;
}

/** The hits and misses of a cache. */
export const cacheCounts = (counters: Series, cache: string): { hits: number; misses: number } => ({
  hits: total(counters, "cache_requests_total", { cache, result: "hit" }),
  misses: total(counters, "cache_requests_total", { cache, result: "miss" }),
});

export interface Distribution {
  count: number;
  mean: number | null;
  /** The upper bound of the bucket; null above the last. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** The distribution over all series of a histogram. */
export function distribution(counters: Series, name: string): Distribution {
  const sumOf = (part: string) =>
    Object.entries(counters).reduce(
      (sum, [key, value]) => (nameOf(key) === `${name}_${part}` ? sum + value : sum),
      0,
    );
  const total = sumOf("count");
  const below = (bound: number) =>
    Object.entries(counters).reduce((sum, [key, value]) => {
      const le = nameOf(key) === `${name}_bucket` ? labelOf(key, "le") : undefined;
      return le !== undefined && le !== "+Inf" && Number(le) <= bound ? sum + value : sum;
    }, 0);
  const quantile = (share: number) =>
    DURATION_BUCKETS.find((bound) => total > 0 && below(bound) >= share * total) ?? null;
  return {
    count: total,
    mean: total === 0 ? null : Math.round(sumOf("sum") / total),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
  };
}

/** The sum of a counter over its series with these labels. */
export const total = (
  counters: Series,
  name: string,
  labels: Record<string, string> = {},
): number =>
  Object.entries(counters).reduce((sum, [key, value]) => {
    const fits = Object.entries(labels).every(([label, is]) => labelOf(key, label) === is);
    return nameOf(key) === name && fits ? sum + value : sum;
  }, 0);

const nameOf = (series: string): string => series.split("{")[0] as string;

function labelOf(series: string, label: string): string | undefined {
  const found = new RegExp(`[{,]${label}=("(?:[^"\\\\]|\\\\.)*")`).exec(series)?.[1];
  return found === undefined ? undefined : (parseJson(found) as string);
}

const head = (name: string, type: string): string[] => [
  `# HELP ${PREFIX}${name} ${helpOf(name)}`,
  `# TYPE ${PREFIX}${name} ${type}`,
];

const plain = (series: [string, number][]): string[] =>
  series.map(([key, value]) => `${PREFIX}${key} ${value}`);

function byName(series: Series): Map<string, [string, number][]> {
  const sorted = Object.entries(series).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Map.groupBy(sorted, ([key]) => nameOf(key));
}

/** Counters hold each bucket apart; Prometheus wants cumulative buckets. */
function histogram(counters: Series, name: string): string[] {
  const counts = Object.keys(counters).filter((key) => nameOf(key) === `${name}_count`);
  return counts.toSorted().flatMap((key) => {
    const labels = key.slice(`${name}_count`.length).replace(/^\{|\}$/g, "");
    const own = (le: string) => seriesValue(counters, `${name}_bucket`, labels, le);
    let sum = 0;
    const buckets = [...DURATION_BUCKETS.map(String), "+Inf"].map((le) => {
      sum += own(le);
      const inner = labels === "" ? `le="${le}"` : `${labels},le="${le}"`;
      return `${PREFIX}${name}_bucket{${inner}} ${sum}`;
    });
    const tail = labels === "" ? "" : `{${labels}}`;
    return [
      ...buckets,
      `${PREFIX}${name}_sum${tail} ${counters[`${name}_sum${tail}`] ?? 0}`,
      `${PREFIX}${name}_count${tail} ${counters[`${name}_count${tail}`] ?? 0}`,
    ];
  });
}

/** Series have their labels in alphabetical order. */
function seriesValue(counters: Series, name: string, labels: string, le: string): number {
  const pairs = [...(labels === "" ? [] : labels.split(/,(?=\w+=")/)), `le="${le}"`];
  return counters[`${name}{${pairs.toSorted().join(",")}}`] ?? 0;
}
