import { z } from "zod";

import { dayOf } from "../../shared/time.ts";
import { countFields, countsBody, dayName, groupCounts, sumOf } from "../daily-counts.ts";
import * as s from "../openapi/schema.ts";
import { accountNames, invalid } from "../read-request.ts";
import { route } from "../route.ts";

const DAY_RULE = "takes a day like 2026-01-31";
const DEFAULT_DAYS = 30;
const MAX_DAYS = 3_660;
const day = () => z.iso.date({ error: DAY_RULE }).transform((iso) => dayOf(Date.parse(iso)));

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
      return {
        object: "analytics",
        from: dayName(from),
        to: dayName(to),
        by,
        data: groupCounts(daily, by),
        total: countsBody(sumOf(daily), false),
      };
    },
  }),
];
