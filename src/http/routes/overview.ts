import { z } from "zod";

import type { Overview } from "../../account/overview.ts";
import { MAX_SIZE_DAYS } from "../../account/store/usage/daily-sizes.ts";
import { dayOf } from "../../shared/time.ts";
import { countFields, countsBody, dayName, groupCounts, sumOf } from "../daily-counts.ts";
import * as s from "../openapi/schema.ts";
import { accountNames } from "../read-request.ts";
import { route } from "../route.ts";
import { dueFields, dueBody, statsBody, statsFields } from "./storage.ts";

const DEFAULT_DAYS = 30;
const DAYS_RULE = `takes a number of days, 1 to ${MAX_SIZE_DAYS}`;

const size = () =>
  s.object({
    day: s.day,
    storage_bytes: s.whole,
    archived_bytes: s.whole,
    sessions: s.whole,
    archived_sessions: s.whole,
    turns: s.whole,
  });
const limit = () =>
  s.object({
    name: s.only("storage", "live_bytes", "stored_bytes", "sessions"),
    limit: s.whole,
    used: s.whole,
    per_day: s.maybe(s.number),
    reached_on: s.maybe(s.day),
  });

const overviewReply = s.named("Overview", () =>
  s.object({
    object: s.only("overview"),
    from: s.day,
    to: s.day,
    days: s.many(s.object({ day: s.day, ...countFields() })),
    models: s.many(s.object({ model: s.text, ...countFields() })),
    total: s.object(countFields()),
    growth: s.many(size()),
    limits: s.many(limit()),
    storage: s.object(statsFields()),
    due: s.object(dueFields()),
  }),
);

export const overview = [
  route("GET /overview", {
    id: "getOverview",
    summary: "Reads turns, storage, growth and what is due, at once",
    scope: "read",
    query: () =>
      z.strictObject({
        days: z.coerce
          .number({ error: DAYS_RULE })
          .int(DAYS_RULE)
          .min(1, DAYS_RULE)
          .max(MAX_SIZE_DAYS, DAYS_RULE)
          .default(DEFAULT_DAYS),
        ...accountNames,
      }),
    reply: () => overviewReply,
    handle: async ({ query: { days }, call, now }) => {
      const to = dayOf(now);
      const from = to - days + 1;
      const found = await call((account, caller) =>
        account.settings.overview(caller, { from, to }, now),
      );
      return {
        object: "overview",
        from: dayName(from),
        to: dayName(to),
        days: groupCounts(found.daily, "day"),
        models: groupCounts(found.daily, "model"),
        total: countsBody(sumOf(found.daily), false),
        growth: found.sizes.map(({ day, ...held }) => ({ day: dayName(day), ...held })),
        limits: found.limits.map(limitBody),
        storage: statsBody(found.stats),
        due: dueBody(found.due, now),
      };
    },
  }),
];

const limitBody = ({ reached_on, ...known }: Overview["limits"][number]) => ({
  ...known,
  reached_on: reached_on === null ? null : dayName(reached_on),
});
