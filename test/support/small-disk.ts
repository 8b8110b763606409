import { runInDurableObject } from "cloudflare:test";

import { parseConfig } from "../../src/config.ts";
import { storageLimitBytes } from "../../src/account/store/retention/retention-policy.ts";
import type { Client } from "./client.ts";

/** Where Cloudflare ends an object's SQLite. */
const PLATFORM_BYTES = storageLimitBytes(parseConfig({}));

const GROWS = /^\s*(insert|update|replace|create)/i;

/** SQLite's own words, as the runtime passes them on. */
const full = () => new Error("database or disk is full: SQLITE_FULL");

export interface SmallDisk {
  /** The occupied share of it. */
  share: () => Promise<number>;
  /** From the `nth` statement on every one fails for want of room; null for none. */
  failFrom: (nth: number | null) => Promise<void>;
  /** The next statement with this text alone fails. */
  failAt: (text: string) => Promise<void>;
  undo: () => Promise<void>;
}

/**
 * Has an account's SQLite end at `bytes`, until it is undone: the object stays in memory meanwhile. What the runtime tells of its size is scaled to the
 * platform's limit, and statements that may grow it fail past that, as the platform's do.
 */
export async function shrinkDisk({ object }: Client, bytes: number): Promise<SmallDisk> {
  const { promise: undone, resolve: undo } = Promise.withResolvers<void>();
  await runInDurableObject(object, (_, state) => state.waitUntil(undone));
  let left: number | null = null;
  let text: string | null = null;
  const inside = <T>(work: (sql: SqlStorage) => T) =>
    runInDurableObject(object, (_, { storage }) => work(storage.sql));
  await inside((sql) => {
    const real = Object.getPrototypeOf(sql) as { exec: (...args: unknown[]) => unknown };
    const size = () => Reflect.get(real, "databaseSize", sql) as number;
    Object.defineProperty(sql, "databaseSize", {
      configurable: true,
      get: () => Math.round((size() / bytes) * PLATFORM_BYTES),
    });
    const own: { exec?: unknown } = sql;
    own.exec = (query: string, ...args: unknown[]) => {
      if (left !== null && (left -= 1) < 0) throw full();
      if (text !== null && query.includes(text)) {
        text = null;
        throw full();
      }
      if (size() >= bytes && GROWS.test(query)) throw full();
      return real.exec.call(sql, query, ...args);
    };
  });
  return {
    share: () => inside((sql) => sql.databaseSize / PLATFORM_BYTES),
    failFrom: (nth) =>
      inside(() => {
        left = nth === null ? null : nth - 1;
      }),
    failAt: (wanted) =>
      inside(() => {
        text = wanted;
      }),
    undo: () =>
      inside((sql) => {
        const own: { exec?: unknown; databaseSize?: unknown } = sql;
        delete own.exec;
        delete own.databaseSize;
        undo();
      }),
  };
}
