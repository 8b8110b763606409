import { DURATION_BUCKETS } from "./metrics.ts";
import { parseJson } from "../shared/json.ts";

type Series = Record<string, number>;

const PREFIX = "colloquy_";
/** The help text of each metric. */
const HELP: Record<string, string> = {
  accounts: "Accounts that the directory knows.",
  live_sessions: "Live sessions, by the accounts' last reports.",
  archived_sessions: "Archived sessions, by the accounts' last reports.",
  storage_bytes: "Size of the accounts' SQLite, by their last reports.",
  archived_bytes: "Size of the archives in R2, by the accounts' last reports.",
  fullest_account_bytes: "Size of the fullest account's SQLite, by the accounts' last reports.",
  account_limit_bytes: "Size at which an account's SQLite takes nothing more: ACCOUNT_MAX_MB.",
  circuit_open: "Open circuits.",
  requests_total: "HTTP requests by class of status.",
  request_duration_ms: "Duration of HTTP requests until their response began.",
  refusals_total: "Refused requests by code; rate_limited are those of the rate limit.",
  turns_total: "Turns by status and model.",
  turn_duration_ms: "Duration of answers by models.",
  tokens_total: "Tokens, as models counted them.",
  cache_requests_total: "Look-ups in the caches.",
  calls_compared_total: "Calls that were compared with their old rows.",
  calls_mismatched_total: "Compared calls that are not what their old rows say.",
  circuit_opened_total: "Circuits that opened.",
  sweeps_total: "Retention passes that were completed.",
  swept_sessions_total: "Sessions that sweeps archived.",
  sweep_errors_total: "Sessions that sweeps could not archive.",
  archive_written_bytes_total: "Bytes of archives that sweeps wrote.",
  expired_archives_total: "Archived sessions that retention deleted.",
  backups_total: "Backups that were completed.",
  travel_messages_total: "Messages to the travel assistant.",
  travel_searches_total: "Searches for flights by result and dialogue.",
  travel_messages_to_search_total: "Messages up to each search that found flights.",
  travel_understood_total: "Messages that a model was asked to read, by what understood them.",
  flight_searches_total: "Searches that were not cached, by provider.",
  flight_search_ms: "Duration of searches at providers of flights.",
  whatsapp_messages_total: "Messages on WhatsApp.",
  whatsapp_repeated_total: "Repeated deliveries of a message.",
  whatsapp_limited_total: "Messages past the limit of their number.",
  whatsapp_forged_total: "Webhooks with a wrong signature.",
  whatsapp_failed_total: "Messages that could not be answered or sent.",
  whatsapp_statuses_total: "Status callbacks.",
  whatsapp_acknowledge_ms: "Duration of the webhook.",
  whatsapp_progress_ms: "Time from a message to the note that a search is running.",
  whatsapp_answer_ms: "Time from a message until its answer was sent.",
  jobs_failed_total: "Queued jobs that failed and are retried.",
  jobs_dead_total: "Queued jobs that were given up, by type.",
};

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
  `# HELP ${PREFIX}${name} ${HELP[name] ?? name}`,
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
