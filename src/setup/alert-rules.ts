import { gauge, hasGrown, isRefused, quantile, rate, series } from "./promql.ts";

interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  severity: "page" | "ticket";
  summary: string;
  /** What to do, or the page that says it. */
  todo: string;
}

/** A share of few events tells nothing. */
const MIN_PER_SECOND = 0.05;
const SLOW_MS = 30_000;

const isEnough = (expr: string) => `${expr} > ${MIN_PER_SECOND}`;

/** `page` wakes a person: turns are lost or refused now. `ticket` can wait until the morning. */
export const ALERTS: readonly AlertRule[] = [
  {
    alert: "ColloquyUnreachable",
    expr: `up{job="colloquy"} == 0`,
    for: "3m",
    severity: "page",
    summary: "GET /metrics does not answer.",
    todo: "Look at GET /health/detailed. The key of the scrape may have ended: 401 in npx wrangler tail.",
  },
  {
    alert: "ColloquyServerErrors",
    expr: `${rate("requests_total", "5m", { status: "5xx" })} / ${rate("requests_total", "5m")} > 0.02 and ${isEnough(rate("requests_total", "5m"))}`,
    for: "10m",
    severity: "page",
    summary: "More than 2 % of the requests fail.",
    todo: "Look which code grows in colloquy_refusals_total, and at GET /health/detailed.",
  },
  {
    alert: "ColloquyTurnsFail",
    expr: `${rate("turns_total", "10m", { status: "failed" })} / ${rate("turns_total", "10m")} > 0.05 and ${isEnough(rate("turns_total", "10m"))}`,
    for: "10m",
    severity: "page",
    summary: "More than 5 % of the turns fail.",
    todo: "Look for model.failed in the log: it says what the provider answered.",
  },
  {
    alert: "ColloquyStorageUnavailable",
    expr: isRefused("storage_unavailable", "10m"),
    for: "5m",
    severity: "page",
    summary: "Turns or changes are refused: an object does not answer.",
    todo: "Look at the check sqlite of GET /health/detailed, and at Cloudflare's status.",
  },
  {
    alert: "ColloquyStorageFull",
    expr: isRefused("storage_full", "15m"),
    severity: "page",
    summary: "An account is full, and its turns are refused.",
    todo: "The check room of GET /health/detailed names the account. docs/operations.md#room says how to make room.",
  },
  {
    alert: "ColloquyArchiveLocked",
    expr: isRefused("archive_locked", "15m"),
    severity: "page",
    summary: "Archives are encrypted with another ARCHIVE_KEY than the deployment has.",
    todo: "Set the right ARCHIVE_KEY, or the earlier one as ARCHIVE_KEY_PREVIOUS.",
  },
  {
    alert: "ColloquyArchiveCorrupt",
    expr: `${isRefused("archive_corrupt", "1h")} or ${hasGrown("unreadable_objects_total", "1h")}`,
    severity: "page",
    summary: "An archive or a backup cannot be read.",
    todo: "docs/purge.md#troubleshooting: restore it from the second bucket or from a backup.",
  },
  {
    alert: "ColloquyNoKeys",
    expr: isRefused("auth_not_configured", "15m"),
    severity: "page",
    summary: "ROOT_KEY is not set, and every request with a key is refused.",
    todo: "npx wrangler secret put ROOT_KEY, with the key that was used before.",
  },
  {
    alert: "ColloquyArchiveUnavailable",
    expr: isRefused("archive_unavailable", "15m"),
    for: "10m",
    severity: "ticket",
    summary: "R2 does not answer: archived sessions cannot be read.",
    todo: "Look at the check r2 of GET /health/detailed, and at Cloudflare's status.",
  },
  {
    alert: "ColloquyCircuitOpen",
    expr: `max by (circuit) (${series("circuit_open")}) == 1`,
    for: "5m",
    severity: "ticket",
    summary: "{{ $labels.circuit }} fails too often, and is not asked.",
    todo: "docs/operations.md#circuits. With one model in MODEL, turns fail meanwhile.",
  },
  {
    alert: "ColloquyProviderRefusesKey",
    expr: isRefused("provider_refused_key", "15m"),
    severity: "ticket",
    summary: "A model's provider refuses this deployment's key.",
    todo: "Renew the provider's key: npx wrangler secret put OPENAI_API_KEY.",
  },
  {
    alert: "ColloquyTokensUnchecked",
    expr: isRefused("auth_unavailable", "15m"),
    severity: "ticket",
    summary: "The keys of JWT_ISSUER cannot be fetched: its tokens are refused.",
    todo: "Look for auth.jwks_failed in the log.",
  },
  {
    alert: "ColloquyAnswersSlowly",
    expr: `${quantile(0.95, "turn_duration_ms", "10m")} > ${SLOW_MS}`,
    for: "15m",
    severity: "ticket",
    summary: "One answer of twenty takes more than 30 s.",
    todo: "Compare the models' durations on the dashboard. MODEL_TIMEOUT_MS bounds one try.",
  },
  {
    alert: "ColloquyAccountFillsUp",
    expr: `${gauge("fullest_account_bytes")} / ${gauge("account_limit_bytes")} > 0.8`,
    for: "1h",
    severity: "ticket",
    summary: "An account has used 80 % of its room. At 95 % it begins no session.",
    todo: "The check room of GET /health/detailed names the account. docs/operations.md#room says how to make room.",
  },
  {
    alert: "ColloquySweepErrors",
    expr: hasGrown("sweep_errors_total", "1d"),
    severity: "ticket",
    summary: "Sessions could not be archived. They stay in SQLite until the next sweep.",
    todo: "Look for archive.failed in the log.",
  },
  {
    alert: "ColloquyDeadLetters",
    expr: hasGrown("jobs_dead_total", "1h"),
    severity: "ticket",
    summary: "Jobs were given up after their retries: {{ $labels.type }}.",
    todo: "GET /admin/dead-letters says why. docs/operations.md#crons-and-jobs says how to run them again.",
  },
  {
    alert: "ColloquyJobsFail",
    expr: `increase(${series("jobs_failed_total")}[30m]) > 5`,
    severity: "ticket",
    summary: "Queued jobs fail again and again. After five retries they are dead letters.",
    todo: "Look for job.failed in the log, and at GET /admin/operations.",
  },
  {
    alert: "ColloquyCallsDiffer",
    expr: hasGrown("calls_mismatched_total", "1h"),
    severity: "ticket",
    summary: "Calls are not what their old rows say.",
    todo: "docs/migrate-calls.md. Do not drop the old rows.",
  },
  {
    alert: "ColloquyWebhooksForged",
    expr: hasGrown("whatsapp_forged_total", "15m"),
    severity: "ticket",
    summary: "Webhooks have a wrong signature.",
    todo: "PUBLIC_URL and TWILIO_AUTH_TOKEN must be what Twilio has. Else they are not Twilio's.",
  },
  {
    alert: "ColloquyWhatsAppFails",
    expr: hasGrown("whatsapp_failed_total", "15m"),
    severity: "ticket",
    summary: "Messages on WhatsApp are not answered, or not sent.",
    todo: "Look for lines that begin with whatsapp. in the log.",
  },
];
