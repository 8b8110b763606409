import { ApiError } from "../../../shared/errors.ts";
import { isHeld } from "../../store/account/account-values.ts";
import {
  countAllCalls,
  countAllFacts,
  countAllIndexed,
  countAllRows,
} from "../../store/erasure/erased-rows.ts";
import { heldSessions } from "../../store/usage/account-totals.ts";
import type { AccountTotals } from "../../store/usage/account-totals.ts";
import { countAllMessages } from "../../store/whatsapp/upkeep.ts";
import type { Database } from "../../../sqlite/database.ts";
import { cachePrefixes } from "../../../outbound/cache-keys.ts";
import { countCached } from "../../../outbound/kv-cache.ts";
import { accountPrefixes, archivePrefix, backupPrefix } from "../format/keys.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { hadReplica, lookAt, lookAtReplica } from "./places.ts";
import type { PlaceReport } from "./place-report.ts";
import type { LookParts } from "./places.ts";

/** Result of erasing an account, with the findings of the check afterwards. */
export interface ErasureReceipt extends AccountTotals {
  account_id: string;
  /** Ms since the epoch. */
  erased_at: number;
  /** R2 objects deleted, and their size. */
  objects: number;
  object_bytes: number;
  /** Entries of the cache that were deleted: answers and embeddings. */
  cache_entries: number;
  /** Where it was erased from. */
  where: string[];
  /** Findings of the check afterwards, by place. */
  places: PlaceReport[];
  /** Whether every place was looked at, and holds nothing. */
  verified: boolean;
}

/** Everywhere that something of an account lies. */
export const placesOf = (accountId: string): string[] => [
  "sqlite",
  "directory",
  ...accountPrefixes(accountId).map((prefix) => `r2:${prefix}`),
  ...cachePrefixes(accountId).map((prefix) => `kv:${prefix}`),
];

/** @throws ApiError `account_held` while the account, or one of its sessions, is under legal hold */
export function checkErasable(db: Database): void {
  const sessions = heldSessions(db);
  if (!isHeld(db) && sessions === 0) return;
  throw new ApiError(
    "account_held",
    sessions > 0
      ? `${sessions} sessions of the account are under legal hold: nothing may erase them. Lift the holds first.`
      : "The account is under legal hold: nothing may erase it. Lift the hold first.",
  );
}

/** Number of things that an account holds, by place. */
export interface AccountFound {
  rows: number;
  indexed: number;
  calls: number;
  facts: number;
  messages: number;
  cached: number;
  archives: number;
  backups: number;
  directory: number;
  /** Whether there ever was a second bucket. */
  hadReplica: boolean;
}

/** Counts what is in SQLite. Call it before anything is deleted. */
export const rowsFound = (db: Database) => ({
  rows: countAllRows(db),
  indexed: countAllIndexed(db),
  calls: countAllCalls(db),
  facts: countAllFacts(db),
  messages: countAllMessages(db),
  hadReplica: hadReplica(db),
});

/** Deletes every object of the account. Twice is once. */
export async function deleteAccountObjects(
  store: ObjectStore,
  accountId: string,
): Promise<{ archives: number; backups: number; object_bytes: number }> {
  const archives = await deleteUnder(store, archivePrefix(accountId));
  const backups = await deleteUnder(store, backupPrefix(accountId));
  return {
    archives: archives.objects,
    backups: backups.objects,
    object_bytes: archives.bytes + backups.bytes,
  };
}

async function deleteUnder(store: ObjectStore, prefix: string) {
  const deleted = { objects: 0, bytes: 0 };
  for (let page = await store.list(prefix); page.length > 0; page = await store.list(prefix)) {
    await store.delete(page.map(({ key }) => key));
    deleted.objects += page.length;
    deleted.bytes += page.reduce((sum, { size }) => sum + size, 0);
  }
  return deleted;
}

/** Looks for anything that is left of the account, in every place. */
export async function lookForAccount(
  parts: LookParts & { accountId: string },
  found: AccountFound,
  directory: () => Promise<number>,
): Promise<PlaceReport[]> {
  const { db, store, cache, accountId, onError } = parts;
  const under = (prefix: string) => () => store.count("primary", prefix);
  return [
    await lookAt("sqlite", found.rows, () => countAllRows(db), onError),
    await lookAt("search_index", found.indexed, () => countAllIndexed(db), onError),
    await lookAt("external_calls", found.calls, () => countAllCalls(db), onError),
    await lookAt("user_facts", found.facts, () => countAllFacts(db), onError),
    await lookAt("whatsapp", found.messages, () => countAllMessages(db), onError),
    await lookAt("kv", found.cached, () => countCached(cache, cachePrefixes(accountId)), onError),
    await lookAt("r2_archives", found.archives, under(archivePrefix(accountId)), onError),
    await lookAt("r2_backups", found.backups, under(backupPrefix(accountId)), onError),
    await lookAtReplica(parts, found.hadReplica, found.archives + found.backups, () =>
      countInReplica(store, accountId),
    ),
    await lookAt("directory", found.directory, directory, onError),
  ];
}

/** How many objects the second bucket still has of the account. */
async function countInReplica(store: ObjectStore, accountId: string): Promise<number> {
  const counts = await Promise.all(
    accountPrefixes(accountId).map((prefix) => store.count("replica", prefix)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
