import { accepts } from "hono/accepts";

import { storageLimitBytes } from "../../account/store/retention/retention-policy.ts";
import type { Config } from "../../config.ts";
import { OPERATIONS } from "../../directory/account-directory-do.ts";
import { deploymentTotals } from "../../directory/deployment-totals.ts";
import { callDirectory } from "../../directory/directory-client.ts";
import { flushCounts } from "../../directory/flush-metrics.ts";
import { cacheCounts, distribution, toPrometheus, total } from "../../observe/exposition.ts";
import type { GaugeName } from "../../observe/metric-list.ts";
import { circuitStates, readCircuits } from "../../outbound/circuit-breaker.ts";
import type { CircuitState } from "../../outbound/circuit-breaker.ts";
import { circuitNames, flightsCircuit } from "./circuit-names.ts";
import { CACHES } from "../../outbound/kv-cache.ts";
import { isoTime } from "../../shared/time.ts";
import * as s from "../openapi/schema.ts";
import { noFields } from "../read-request.ts";
import { route } from "../route.ts";
import { metricsReply } from "./metrics-reply.ts";

/** The deployment's metrics, as JSON, or as text in the format of Prometheus. */
export const metrics = [
  route("GET /metrics", {
    id: "getMetrics",
    summary: "Reads the metrics, as JSON or as text",
    scope: "admin",
    query: noFields,
    exempt: "rate limit",
    replies: () => ({
      200: { content: { "application/json": metricsReply, "text/plain": s.text } },
    }),
    handle: async ({ c, config, now }) => {
      await flushCounts(c.env);
      const [counters, sums, open] = await Promise.all([
        callDirectory(c.env, OPERATIONS, (directory) => directory.metrics()),
        deploymentTotals(c.env),
        readCircuits(c.env),
      ]);
      const totals = {
        ...sums,
        account_limit_bytes: storageLimitBytes(config),
      } satisfies Partial<Record<GaugeName, number>>;
      const circuits = circuitStates(circuitNames(config), open, now);
      const type = accepts(c, {
        header: "Accept",
        supports: ["application/json", "text/plain", "application/openmetrics-text"],
        default: "application/json",
      });
      if (type === "application/json") return metricsBody(config, counters, totals, circuits);
      const gauges: Record<string, number> = { ...totals };
      for (const { name, state } of circuits)
        gauges[`circuit_open{circuit=${JSON.stringify(name)}}`] = state === "open" ? 1 : 0;
      return c.body(toPrometheus(counters, gauges), 200, {
        "content-type": "text/plain; version=0.0.4; charset=utf-8",
      });
    },
  }),
];

function metricsBody(
  config: Config,
  counters: Record<string, number>,
  totals: Record<string, number>,
  circuits: readonly CircuitState[],
) {
  const cache = (name: string) => {
    const { hits, misses } = cacheCounts(counters, name);
    return { hits, misses, hit_rate: hits + misses === 0 ? null : hits / (hits + misses) };
  };
  return {
    object: "metrics",
    storage: totals,
    requests: {
      total: total(counters, "requests_total"),
      refused: total(counters, "refusals_total"),
      rate_limited: total(counters, "refusals_total", { code: "rate_limited" }),
      duration_ms: distribution(counters, "request_duration_ms"),
    },
    turns: {
      total: total(counters, "turns_total"),
      completed: total(counters, "turns_total", { status: "completed" }),
      failed: total(counters, "turns_total", { status: "failed" }),
      duration_ms: distribution(counters, "turn_duration_ms"),
    },
    tokens: {
      input: total(counters, "tokens_total", { direction: "input" }),
      output: total(counters, "tokens_total", { direction: "output" }),
    },
    caches: Object.fromEntries(CACHES.map((name) => [name, cache(name)])),
    travel: {
      messages: total(counters, "travel_messages_total"),
      searches: total(counters, "travel_searches_total"),
      provider_failures: total(counters, "flight_searches_total", { result: "failed" }),
      search_ms: distribution(counters, "flight_search_ms"),
      messages_to_search: {
        smart: messagesToSearch(counters, "smart"),
        steps: messagesToSearch(counters, "steps"),
      },
    },
    whatsapp: {
      received: total(counters, "whatsapp_messages_total", { direction: "in" }),
      sent: total(counters, "whatsapp_messages_total", { direction: "out" }),
      repeated: total(counters, "whatsapp_repeated_total"),
      limited: total(counters, "whatsapp_limited_total"),
      forged: total(counters, "whatsapp_forged_total"),
      failed: total(counters, "whatsapp_failed_total"),
      acknowledge_ms: distribution(counters, "whatsapp_acknowledge_ms"),
      progress_ms: distribution(counters, "whatsapp_progress_ms"),
      answer_ms: distribution(counters, "whatsapp_answer_ms"),
    },
    sweeps: {
      completed: total(counters, "sweeps_total"),
      archived: total(counters, "swept_sessions_total"),
      errors: total(counters, "sweep_errors_total"),
      bytes: total(counters, "archive_written_bytes_total"),
      expired: total(counters, "expired_archives_total"),
      backups: total(counters, "backups_total"),
    },
    circuits: circuits.map(({ opened_at, until, ...circuit }) => ({
      ...circuit,
      opened_at: opened_at === null ? null : isoTime(opened_at),
      until: until === null ? null : isoTime(until),
    })),
    // Metric names of the earlier travel bot.
    cache: { backend: "kv", ...cache("flights") },
    circuit_breaker: circuitBreaker(config, circuits),
    series: counters,
  };
}

/** The state of the flight provider's circuit. The made-up timetable has none: it counts as closed. */
function circuitBreaker(
  config: Config,
  circuits: readonly CircuitState[],
): { name: string; state: "CLOSED" | "OPEN"; failures: number; retry_at: string | null } {
  const name = flightsCircuit(config);
  const circuit = circuits.find((each) => each.name === name);
  if (!circuit || circuit.until === null)
    return { name, state: "CLOSED", failures: 0, retry_at: null };
  return { name, state: "OPEN", failures: circuit.failures, retry_at: isoTime(circuit.until) };
}

/** Messages a search, on average. Null before the first search. */
function messagesToSearch(counters: Record<string, number>, handler: string): number | null {
  const labels = { handler };
  const searches = total(counters, "travel_searches_total", { handler, result: "found" });
  const messages = total(counters, "travel_messages_to_search_total", labels);
  return searches === 0 ? null : Math.round((messages / searches) * 100) / 100;
}
