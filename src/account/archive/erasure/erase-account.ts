import { ApiError } from "../../../shared/errors.ts";
import { isHeld } from "../../store/account/account-values.ts";
import { accountTotals, heldSessions } from "../../store/usage/account-totals.ts";
import type { AccountTotals } from "../../store/usage/account-totals.ts";
import type { Counters } from "../../store/usage/counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import { cachePrefixes } from "../../../outbound/cache-keys.ts";
import { accountPrefixes } from "../format/keys.ts";
import type { ObjectStore } from "../storage/object-store.ts";

/** What erasing an account did, and what a look at it afterwards found. */
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
  /** Whether a scan of SQLite, R2 and KV afterwards found nothing. */
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

/** Deletes every object of the account. Twice is once. */
export async function deleteAccountObjects(
  store: ObjectStore,
  accountId: string,
): Promise<{ objects: number; object_bytes: number }> {
  let objects = 0;
  let object_bytes = 0;
  for (const prefix of accountPrefixes(accountId)) {
    for (let page = await store.list(prefix); page.length > 0; page = await store.list(prefix)) {
      await store.delete(page.map(({ key }) => key));
      objects += page.length;
      object_bytes += page.reduce((sum, { size }) => sum + size, 0);
    }
  }
  return { objects, object_bytes };
}

/** Looks for anything that is left of the account. */
export async function isGone(
  db: Database,
  counters: Counters,
  store: ObjectStore,
  accountId: string,
): Promise<boolean> {
  counters.forget();
  const { sessions, archived_sessions, turns } = accountTotals(db, counters);
  const left = await Promise.all(accountPrefixes(accountId).map((prefix) => store.list(prefix)));
  return sessions + archived_sessions + turns + left.flat().length === 0;
}
