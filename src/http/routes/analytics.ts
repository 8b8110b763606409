import { z } from "zod";

import { NO_TURNS, addCounts, quantile } from "../../account/store/usage/analytics.ts";
import type { DailyCounts, TurnCounts } from "../../account/store/usage/analytics.ts";
import { DAY_MS, dayOf, isoTime } from "../../shared/time.ts";
import * as s from "../openapi/schema.ts";
import { accountNames, invalid } from "../read-request.ts";
import { route } from "../route.ts";

const DAY_RULE = "takes a day like 2026-01-31";
const DEFAULT_DAYS = 30;
const MAX_DAYS = 3_660;
const day = () => z.iso.date({ error: DAY_RULE }).transform((iso) => dayOf(Date.parse(iso)));

const countFields = () => ({
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

/** Includes turns that were archived or erased since. */
export const analytics = [
  route("GET /analytics", {
    id: "getAnalytics",
    summary: "Counts turns by day, assistant or model",
    scope: "read",
    query: () =>
      z.strictObject({
        from: day().optional(),
        to: day().optional(),
        by: z
          .enum(["day", "assistant", "model"], { error: 'takes "day", "assistant" or "model"' })
          .default("day"),
        ...accountNames,
      }),
    reply: () =>
      s.object({
        object: s.only("analytics"),
        from: s.day,
        to: s.day,
        by: s.only("day", "assistant", "model"),
        data: s.many(
          s.object({ "day?": s.day, "assistant?": s.text, "model?": s.text, ...countFields() }),
        ),
        total: s.object(countFields()),
      }),
    handle: async ({ query: { by, ...query }, call, now }) => {
      // Both days are included, in UTC.
      const to = query.to ?? dayOf(now);
      const from = query.from ?? to - DEFAULT_DAYS + 1;
      if (from > to) throw invalid("from takes a day that is not after to.", "from");
      if (to - from >= MAX_DAYS)
        throw invalid(`from and to span ${MAX_DAYS} days at most.`, "from");
      const daily = await call((account, caller) =>
        account.settings.analytics(caller, from, to, now),
      );
      const groups = Map.groupBy(daily, (each) => nameOf(each, by));
      const data = [...groups]
        .filter(([name]) => name !== "")
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, each]) => ({ [by]: name, ...countsBody(sumOf(each), by === "day") }));
      return {
        object: "analytics",
        from: dayName(from),
        to: dayName(to),
        by,
        data,
        total: countsBody(sumOf(daily), false),
      };
    },
  }),
];

const dayName = (days: number): string => isoTime(days * DAY_MS).slice(0, 10);
const nameOf = (each: DailyCounts, by: "day" | "assistant" | "model"): string =>
  by === "day" ? dayName(each.day) : each[by];
const sumOf = (all: readonly DailyCounts[]): TurnCounts =>
  all.reduce((sum, { counts }) => addCounts(sum, counts), NO_TURNS);

/** @param withUsers - a user is counted once a day, so users don't add up over days. */
function countsBody(counts: TurnCounts, withUsers: boolean) {
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
