import { z } from "zod";

import { OPERATIONS } from "../../../directory/account-directory-do.ts";
import { callDirectory } from "../../../directory/directory-client.ts";
import { flushCounts } from "../../../directory/flush-metrics.ts";
import { cacheCounts } from "../../../observe/exposition.ts";
import { cachePrefixes } from "../../../outbound/cache-keys.ts";
import { CACHES, clearCache } from "../../../outbound/kv-cache.ts";
import { accountIdField } from "../../../shared/field-schemas.ts";
import * as s from "../../openapi/schema.ts";
import { noFields } from "../../read-request.ts";
import { route } from "../../route.ts";
import { recordAction } from "../record-admin-action.ts";

const DAYS_RULE = "takes a whole number of days, 1 to 30";

export const adminCache = [
  route("GET /admin/cache", {
    id: "getCacheCounts",
    summary: "Reads the caches' hit counts",
    scope: "admin",
    query: noFields,
    reply: () => {
      const counts = s.object({ hits: s.whole, misses: s.whole });
      return s.object({
        object: s.only("cache"),
        ...Object.fromEntries(CACHES.map((name) => [name, counts])),
      });
    },
    handle: async ({ c }) => {
      await flushCounts(c.env);
      const counters = await callDirectory(c.env, OPERATIONS, (directory) => directory.metrics());
      const counts = CACHES.map((name) => [name, cacheCounts(counters, name)]);
      return { object: "cache", ...Object.fromEntries(counts) };
    },
  }),
  route("DELETE /admin/cache", {
    id: "clearCache",
    summary: "Clears the caches, of one account or of all",
    scope: "admin",
    query: () => z.strictObject({ account_id: accountIdField.optional() }),
    reply: () => s.object({ object: s.only("cache.deleted"), deleted: s.whole }),
    handle: async ({ c, query: { account_id } }) => {
      await recordAction(c, "cache.clear", account_id ?? "all");
      let deleted = 0;
      for (const prefix of cachePrefixes(account_id)) {
        deleted += await clearCache(c.env.CACHE, prefix);
      }
      return { object: "cache.deleted", deleted };
    },
  }),
  route("POST /admin/cache/warm", {
    id: "warmCache",
    summary: "Searches the configured flights in advance",
    repeat: "safe",
    scope: "admin",
    query: () =>
      z.strictObject({
        days_ahead: z.coerce
          .number({ error: DAYS_RULE })
          .int(DAYS_RULE)
          .min(1, DAYS_RULE)
          .max(30, DAYS_RULE)
          .default(7),
      }),
    reply: () =>
      s.object({
        object: s.only("cache.warmed"),
        routes: s.many(s.text),
        days_ahead: s.whole,
        searched: s.whole,
        cached: s.whole,
        failed: s.whole,
      }),
    handle: async ({ c, query: { days_ahead }, config, now }) => {
      const { TRAVEL_ROUTES } = config;
      await recordAction(c, "cache.warm", TRAVEL_ROUTES.join(","), { days_ahead });
      const { warmFlights } = await import("../../../travel/warm-flight-cache.ts");
      const warmed = await warmFlights(c.env, config, days_ahead, now);
      return { object: "cache.warmed", routes: TRAVEL_ROUTES, days_ahead, ...warmed };
    },
  }),
];
