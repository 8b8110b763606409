import { Hono } from "hono";
import { z } from "zod";

import { authorise } from "../../edge/account.ts";
import type { AppEnv } from "../../edge/context.ts";
import { flushCounts } from "../../edge/metrics.ts";
import { id, readQuery } from "../../edge/validate.ts";
import { clearCache } from "../../guard/cache.ts";
import { OPERATIONS } from "../../objects/account-directory.ts";
import { onDirectory } from "../../objects/reach.ts";
import { cacheCounts } from "../../observe/exposition.ts";
import { cachePrefixes } from "../../store/cache-keys.ts";
import { recordAction } from "./log.ts";

const clearQuery = z.strictObject({ account_id: id.optional() });

export const adminCache = new Hono<AppEnv>()
  .get("/", async (c) => {
    authorise(c, "admin");
    readQuery(c, z.strictObject({}));
    await flushCounts(c.env);
    const counters = await onDirectory(c.env, OPERATIONS, (directory) => directory.metrics());
    const [query, embedding] = [cacheCounts(counters, "query"), cacheCounts(counters, "embedding")];
    return c.json({ object: "cache", query, embedding });
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
  });
