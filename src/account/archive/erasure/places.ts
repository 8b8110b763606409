import { letOthersRun } from "../../../shared/let-others-run.ts";
import { isCacheKey } from "../../../outbound/cache-keys.ts";
import { readValue } from "../../store/account/account-values.ts";
import { objectsToDelete } from "../../store/archive/archives.ts";
import {
  countCallsOf,
  countFactsOf,
  countIndexedOf,
  countRowsOf,
  keysInSlices,
} from "../../store/erasure/erased-rows.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { PlaceReport } from "./place-report.ts";
import { DELETE_KEYS } from "../storage/object-store.ts";
import type { ObjectStore } from "../storage/object-store.ts";

/** Sessions whose rows are counted before others get their turn. */
const BATCH_SESSIONS = 500;
/** Entries of the cache, or objects, that are asked for together. */
const BATCH_READS = 20;

/** Only where every place was looked at, and holds nothing. */
export const isVerified = (places: readonly PlaceReport[]): boolean =>
  places.every(({ state }) => state === "clean" || state === "absent");

/** The names of the places that are there. */
export const namesOf = (places: readonly PlaceReport[]): string[] =>
  places.filter(({ state }) => state !== "absent").map(({ place }) => place);

type OnError = (error: unknown, about: Record<string, string | number>) => void;

/** @param left - counts what the place still holds; where it throws, the place could not be looked at */
export async function lookAt(
  place: PlaceReport["place"],
  found: number,
  left: () => number | Promise<number>,
  onError: OnError,
): Promise<PlaceReport> {
  try {
    const counted = await left();
    return { place, state: counted === 0 ? "clean" : "left", found, left: counted };
  } catch (error) {
    onError(error, { place });
    return { place, state: "unreachable", found, left: null };
  }
}

/**
 * Looks at the second bucket.
 *
 * @param hadReplica - there was one before: it may hold copies, and without its binding nothing can look at them
 */
export async function lookAtReplica(
  { store, onError }: Pick<LookParts, "store" | "onError">,
  hadReplica: boolean,
  found: number,
  left: () => Promise<number>,
): Promise<PlaceReport> {
  if (store.isReplicated) return lookAt("replica", found, left, onError);
  return hadReplica
    ? { place: "replica", state: "unreachable", found, left: null }
    : { place: "replica", state: "absent", found: 0, left: 0 };
}

/** Whether the account's objects were ever copied to a second bucket. */
export const hadReplica = (db: Database): boolean => readValue(db, "replicated") !== null;

/** Traces of sessions, recorded before an erasure: {@link lookForSessions} looks for them afterwards. */
export interface ErasureTrace {
  /** Their session keys. */
  keys: number[];
  rows: number;
  indexed: number;
  calls: number;
  facts: number;
  /** Objects of R2 and entries of the cache that are to be deleted. */
  archives: string[];
  backups: string[];
  cached: string[];
}

export const newTrace = (): ErasureTrace => ({
  keys: [],
  rows: 0,
  indexed: 0,
  calls: 0,
  facts: 0,
  archives: [],
  backups: [],
  cached: [],
});

/** Notes the rows of sessions. Call it before they are deleted. */
export async function traceRows(
  db: Database,
  trace: ErasureTrace,
  keys: readonly number[],
): Promise<void> {
  trace.keys.push(...keys);
  trace.rows += await countRowsOf(db, keys);
  trace.indexed += await countIndexedOf(db, keys);
  for await (const key of keysInSlices(db, keys)) {
    trace.calls += countCallsOf(db, [key]);
    trace.facts += countFactsOf(db, [key]);
  }
}

export interface LookParts {
  db: Database;
  store: ObjectStore;
  cache: KVNamespace;
  onError: OnError;
}

/**
 * Looks at every place that may hold something of the erased sessions. Call it once their objects are deleted.
 *
 * @param others - counts what belongs to the erased user beside these sessions
 */
export async function lookForSessions(
  parts: LookParts,
  trace: ErasureTrace,
  others: { rows?: () => number; facts?: () => number } = {},
): Promise<PlaceReport[]> {
  const { db, store, cache, onError } = parts;
  // An earlier erasure may have left some that R2 did not delete.
  const pending = objectsToDelete(db, DELETE_KEYS);
  const cached = [...new Set([...trace.cached, ...pending.filter(isCacheKey)])];
  const objects = pending.filter((key) => !isCacheKey(key));
  const archives = [...new Set([...trace.archives, ...objects.filter((key) => !isBackup(key))])];
  const backups = [...new Set([...trace.backups, ...objects.filter(isBackup)])];
  const inRows = (count: CountOf) => countInBatches(db, trace.keys, count);
  const there = (keys: string[], bucket: "primary" | "replica") =>
    countThere(keys, (key) => store.has(bucket, key));
  return [
    await lookAt(
      "sqlite",
      trace.rows,
      async () => (await inRows(countRowsOf)) + (others.rows?.() ?? 0),
      onError,
    ),
    await lookAt("search_index", trace.indexed, () => inRows(countIndexedOf), onError),
    await lookAt("external_calls", trace.calls, () => inRows(countCallsOf), onError),
    await lookAt(
      "user_facts",
      trace.facts,
      async () => (await inRows(countFactsOf)) + (others.facts?.() ?? 0),
      onError,
    ),
    await lookAt(
      "kv",
      cached.length,
      () => countThere(cached, async (key) => (await cache.get(key)) !== null),
      onError,
    ),
    await lookAt("r2_archives", archives.length, () => there(archives, "primary"), onError),
    await lookAt("r2_backups", backups.length, () => there(backups, "primary"), onError),
    await lookAtReplica(parts, hadReplica(db), archives.length + backups.length, () =>
      there([...archives, ...backups], "replica"),
    ),
  ];
}

type CountOf = (db: Database, keys: readonly number[]) => number | Promise<number>;

const isBackup = (objectKey: string): boolean => objectKey.startsWith("backups/");

async function countInBatches(
  db: Database,
  keys: readonly number[],
  count: CountOf,
): Promise<number> {
  let sum = 0;
  for (let at = 0; at < keys.length; at += BATCH_SESSIONS) {
    sum += await count(db, keys.slice(at, at + BATCH_SESSIONS));
    await letOthersRun();
  }
  return sum;
}

async function countThere(
  keys: readonly string[],
  isThere: (key: string) => Promise<boolean>,
): Promise<number> {
  let sum = 0;
  for (let at = 0; at < keys.length; at += BATCH_READS) {
    const found = await Promise.all(keys.slice(at, at + BATCH_READS).map(isThere));
    sum += found.filter(Boolean).length;
  }
  return sum;
}
