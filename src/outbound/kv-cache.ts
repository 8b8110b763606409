import { z } from "zod";

import { logError } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import { MINUTE_MS, SECOND_MS } from "../shared/time.ts";

/** KV's shortest expiry. */
const MIN_SECONDS = MINUTE_MS / SECOND_MS;

export const CACHES = ["query", "embedding", "flights"] as const;
type CacheName = (typeof CACHES)[number];

/** An entry carries its expiry, in ms since the epoch: KV keeps it for a minute at least. */
const entryShape = z.lazy(() => z.object({ value: z.unknown(), expires_at: z.number() }));

/** The cached value. A failure, or a value of another shape, is a miss. */
export async function readCache<T extends z.ZodType>(
  kv: KVNamespace,
  name: CacheName,
  key: string,
  schema: T,
): Promise<z.infer<T> | null> {
  let found: z.infer<T> | null = null;
  try {
    const { data: entry } = entryShape.safeParse(await kv.get(key, "json"));
    const parsed = schema.safeParse(entry?.value);
    if (parsed.success && entry && entry.expires_at > Date.now()) found = parsed.data;
  } catch (error) {
    logError("cache.failed", "the cache could not be read", error, { cache: name });
  }
  count("cache_requests_total", { cache: name, result: found === null ? "miss" : "hit" });
  return found;
}

/** Caches a value. A failure is logged, and nothing else. */
export async function writeCache(
  kv: KVNamespace,
  name: CacheName,
  key: string,
  value: unknown,
  seconds: number,
): Promise<void> {
  try {
    const expirationTtl = Math.max(MIN_SECONDS, Math.round(seconds));
    const expires_at = Date.now() + seconds * SECOND_MS;
    await kv.put(key, JSON.stringify({ value, expires_at }), { expirationTtl });
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

/** How many entries lie under the prefixes, counted to one page of each. */
export async function countCached(kv: KVNamespace, prefixes: readonly string[]): Promise<number> {
  const pages = await Promise.all(prefixes.map((prefix) => kv.list({ prefix })));
  return pages.reduce((sum, { keys }) => sum + keys.length, 0);
}
