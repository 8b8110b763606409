import { z } from "zod";

import { logError } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import { MINUTE_MS, SECOND_MS } from "../shared/time.ts";

/** KV keeps nothing for less. */
const MIN_SECONDS = MINUTE_MS / SECOND_MS;

export const CACHES = ["query", "embedding", "flights"] as const;
export type CacheName = (typeof CACHES)[number];

/** What is in the cache under a key. One that fails, or holds something else, is a miss. */
export async function readCache<T extends z.ZodType>(
  kv: KVNamespace,
  name: CacheName,
  key: string,
  schema: T,
): Promise<z.infer<T> | null> {
  let found: z.infer<T> | null = null;
  try {
    const parsed = schema.safeParse(await kv.get(key, "json"));
    if (parsed.success) found = parsed.data;
  } catch (error) {
    logError("cache.failed", "the cache could not be read", error, { cache: name });
  }
  count("cache_requests_total", { cache: name, result: found === null ? "miss" : "hit" });
  return found;
}

/** One that fails is logged, and that is all. */
export async function writeCache(
  kv: KVNamespace,
  name: CacheName,
  key: string,
  value: unknown,
  seconds: number,
): Promise<void> {
  try {
    const expirationTtl = Math.max(MIN_SECONDS, Math.round(seconds));
    await kv.put(key, JSON.stringify(value), { expirationTtl });
  } catch (error) {
    logError("cache.failed", "the cache could not be written", error, { cache: name });
  }
}

/** Deletes everything under a prefix. @returns how many entries */
export async function clearCache(kv: KVNamespace, prefix: string): Promise<number> {
  let deleted = 0;
  let cursor: string | undefined;
  do {
    const page: KVNamespaceListResult<unknown> = await kv.list({
      prefix,
      ...(cursor !== undefined && { cursor }),
    });
    await Promise.all(page.keys.map(({ name }) => kv.delete(name)));
    deleted += page.keys.length;
    cursor = page.list_complete ? undefined : page.cursor;
  } while (cursor !== undefined);
  return deleted;
}
