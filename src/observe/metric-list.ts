/** Before each name in Prometheus' text. */
export const PREFIX = "colloquy_";

interface Metric {
  /** Counters only grow. Histograms count durations in ms. Gauges are read when they are asked for. */
  type: "counter" | "gauge" | "histogram";
  /** Where a dashboard shows it. */
  group: string;
  /** Names of its labels. A label has few fixed values, never a caller's text or ids. */
  labels: readonly string[];
  help: string;
}

const counter = <const L extends readonly string[]>(group: string, help: string, ...labels: L) =>
  ({ type: "counter", group, labels, help }) as const;
const gauge = <const L extends readonly string[]>(group: string, help: string, ...labels: L) =>
  ({ type: "gauge", group, labels, help }) as const;
const histogram = <const L extends readonly string[]>(group: string, help: string, ...labels: L) =>
  ({ type: "histogram", group, labels, help }) as const;

/** Every metric. `npm run generate:monitoring` makes the dashboard and the alerts of this list. */
export const METRICS = {
  requests_total: counter("HTTP", "HTTP requests by class of status.", "status"),
  request_duration_ms: histogram("HTTP", "Duration of HTTP requests until their response began."),
  refusals_total: counter(
    "HTTP",
    "Refused requests by code; rate_limited are those of the rate limit.",
    "code",
  ),
  turns_total: counter("Turns", "Turns by status and model.", "status", "model"),
  turn_duration_ms: histogram("Turns", "Duration of answers by models.", "model"),
  tokens_total: counter("Turns", "Tokens, as models counted them.", "direction"),
  cache_requests_total: counter("Turns", "Look-ups in the caches.", "cache", "result"),
  circuit_open: gauge("Turns", "Open circuits.", "circuit"),
  circuit_opened_total: counter("Turns", "Circuits that opened.", "circuit"),
  accounts: gauge("Storage", "Accounts that the directory knows."),
  live_sessions: gauge("Storage", "Live sessions, by the accounts' last reports."),
  archived_sessions: gauge("Storage", "Archived sessions, by the accounts' last reports."),
  storage_bytes: gauge("Storage", "Size of the accounts' SQLite, by their last reports."),
  archived_bytes: gauge("Storage", "Size of the archives in R2, by the accounts' last reports."),
  fullest_account_bytes: gauge(
    "Storage",
    "Size of the fullest account's SQLite, by the accounts' last reports.",
  ),
  account_limit_bytes: gauge(
    "Storage",
    "Size at which an account's SQLite takes nothing more: ACCOUNT_MAX_MB.",
  ),
  sweeps_total: counter("Upkeep", "Retention passes that were completed."),
  swept_sessions_total: counter("Upkeep", "Sessions that sweeps archived."),
  sweep_errors_total: counter("Upkeep", "Sessions that sweeps could not archive."),
  archive_written_bytes_total: counter("Upkeep", "Bytes of archives that sweeps wrote."),
  expired_archives_total: counter("Upkeep", "Archived sessions that retention deleted."),
  backups_total: counter("Upkeep", "Backups that were completed."),
  repaired_turns_total: counter("Upkeep", "Turns that maintenance repaired in archives."),
  repaired_sessions_total: counter("Upkeep", "Archived sessions that are readable again."),
  unreadable_objects_total: counter("Upkeep", "Objects in R2 that maintenance could not read."),
  jobs_failed_total: counter("Upkeep", "Queued jobs that failed and are retried."),
  jobs_dead_total: counter("Upkeep", "Jobs that were given up: dead letters.", "type"),
  calls_compared_total: counter("Upkeep", "Calls that were compared with their old rows."),
  calls_mismatched_total: counter("Upkeep", "Compared calls that are not what their old rows say."),
  travel_messages_total: counter("Travel", "Messages to the travel assistant.", "handler"),
  travel_searches_total: counter(
    "Travel",
    "Searches for flights by result and dialogue.",
    "handler",
    "result",
  ),
  travel_messages_to_search_total: counter(
    "Travel",
    "Messages up to each search that found flights.",
    "handler",
  ),
  travel_understood_total: counter(
    "Travel",
    "Messages that a model was asked to read, by what understood them.",
    "by",
  ),
  flight_searches_total: counter(
    "Travel",
    "Searches that were not cached, by provider.",
    "provider",
    "result",
  ),
  flight_search_ms: histogram(
    "Travel",
    "Duration of searches at providers of flights.",
    "provider",
  ),
  whatsapp_messages_total: counter("WhatsApp", "Messages on WhatsApp.", "direction"),
  whatsapp_repeated_total: counter("WhatsApp", "Repeated deliveries of a message."),
  whatsapp_limited_total: counter("WhatsApp", "Messages past the limit of their number."),
  whatsapp_forged_total: counter("WhatsApp", "Webhooks with a wrong signature."),
  whatsapp_failed_total: counter(
    "WhatsApp",
    "Messages that could not be answered or sent.",
    "what",
  ),
  whatsapp_statuses_total: counter("WhatsApp", "Status callbacks.", "result"),
  whatsapp_acknowledge_ms: histogram("WhatsApp", "Duration of the webhook."),
  whatsapp_progress_ms: histogram(
    "WhatsApp",
    "Time from a message to the note that a search is running.",
  ),
  whatsapp_answer_ms: histogram("WhatsApp", "Time from a message until its answer was sent."),
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

type NamesOf<T extends Metric["type"]> = {
  [N in MetricName]: (typeof METRICS)[N]["type"] extends T ? N : never;
}[MetricName];

export type CounterName = NamesOf<"counter">;
export type HistogramName = NamesOf<"histogram">;
export type GaugeName = NamesOf<"gauge">;

/** A value for each label of a metric. */
export type LabelsOf<N extends MetricName> = Record<(typeof METRICS)[N]["labels"][number], string>;
/** The labels, which a metric without labels may leave out. */
export type LabelsFor<N extends MetricName, Rest extends unknown[]> = [keyof LabelsOf<N>] extends [
  never,
]
  ? [labels?: Record<string, never>, ...Rest]
  : [labels: LabelsOf<N>, ...Rest];
