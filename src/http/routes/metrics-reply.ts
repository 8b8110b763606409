import * as s from "../openapi/schema.ts";

const distribution = s.named("Distribution", () =>
  s.object({
    count: s.whole,
    mean: s.maybe(s.number),
    p50: s.maybe(s.number),
    p95: s.maybe(s.number),
    p99: s.maybe(s.number),
  }),
);

export const metricsReply = s.named("Metrics", () =>
  s.object({
    object: s.only("metrics"),
    storage: s.mapOf(s.number),
    requests: s.object({
      total: s.number,
      refused: s.number,
      rate_limited: s.number,
      duration_ms: distribution,
    }),
    turns: s.object({
      total: s.number,
      completed: s.number,
      failed: s.number,
      duration_ms: distribution,
    }),
    tokens: s.object({ input: s.number, output: s.number }),
    caches: s.mapOf(s.object({ hits: s.whole, misses: s.whole, hit_rate: s.maybe(s.number) })),
    travel: s.object({
      messages: s.number,
      searches: s.number,
      provider_failures: s.number,
      search_ms: distribution,
      messages_to_search: s.object({ smart: s.maybe(s.number), steps: s.maybe(s.number) }),
    }),
    whatsapp: s.object({
      received: s.number,
      sent: s.number,
      repeated: s.number,
      limited: s.number,
      forged: s.number,
      failed: s.number,
      acknowledge_ms: distribution,
      progress_ms: distribution,
      answer_ms: distribution,
    }),
    sweeps: s.mapOf(s.number),
    circuits: s.many(
      s.object({
        name: s.text,
        failures: s.whole,
        state: s.only("open", "half_open", "closed"),
        opened_at: s.maybe(s.time),
        until: s.maybe(s.time),
      }),
    ),
    cache: s.object({
      backend: s.text,
      hits: s.number,
      misses: s.number,
      hit_rate: s.maybe(s.number),
    }),
    circuit_breaker: s.object({
      name: s.text,
      state: s.only("CLOSED", "OPEN"),
      failures: s.whole,
      retry_at: s.maybe(s.time),
    }),
    series: s.mapOf(s.number),
  }),
);
