import { Hono } from "hono";
import { z } from "zod";

import { authorise } from "../../auth/authorise.ts";
import { requestConfig, requestTime } from "../../context.ts";
import type { AppEnv } from "../../context.ts";
import { flushCounts } from "../../../directory/flush-metrics.ts";
import { readQuery } from "../../read-request.ts";
import { CACHES, clearCache } from "../../../outbound/kv-cache.ts";
import { OPERATIONS } from "../../../directory/account-directory-do.ts";
import { cacheCounts } from "../../../observe/exposition.ts";
import { cachePrefixes } from "../../../outbound/cache-keys.ts";
import { id } from "../../../shared/field-schemas.ts";
import { recordAction } from "../record-admin-action.ts";
import { callDirectory } from "../../../directory/directory-client.ts";

const DAYS_RULE = "takes a whole number of days, 1 to 30";
export const warmQuery = z.strictObject({
  days_ahead: z.coerce
    .number({ error: DAYS_RULE })
    .int(DAYS_RULE)
    .min(1, DAYS_RULE)
    .max(30, DAYS_RULE)
    .default(7),
});
export const clearQuery = z.strictObject({ account_id: id.optional() });

export const adminCache = new Hono<AppEnv>()
  .get("/", async (c) => {
    authorise(c, "admin");
    readQuery(c, z.strictObject({}));
    await flushCounts(c.env);
    const counters = await callDirectory(c.env, OPERATIONS, (directory) => directory.metrics());
    const counts = CACHES.map((name) => [name, cacheCounts(counters, name)]);
    return c.json({ object: "cache", ...Object.fromEntries(counts) });
  })
  .delete("/", async (c) => {
    authorise(c, "admin");
    const { account_id } = readQuery(c, clearQuery);
    await recordAction(c, "cache.clear", account_id ?? "all");
    let deleted = 0;
    for (const prefix of cachePrefixes(account_id)) {
      deleted += await clearCache(c.env.CACHE, prefix);
    }
    return c.json({ object: "cache.deleted", deleted });
  })
  .post("/warm", async (c) => {
    authorise(c, "admin");
    const { days_ahead } = readQuery(c, warmQuery);
    const { TRAVEL_ROUTES } = requestConfig(c);
    await recordAction(c, "cache.warm", TRAVEL_ROUTES.join(","), { days_ahead });
    const { warmFlights } = await import("../../../travel/warm-flight-cache.ts");
    const warmed = await warmFlights(c.env, requestConfig(c), days_ahead, requestTime(c));
    return c.json({ object: "cache.warmed", routes: TRAVEL_ROUTES, days_ahead, ...warmed });
  });
