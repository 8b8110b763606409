import { appendToLog } from "../directory/admin-log.ts";
import { callDirectory, directoryOf } from "../directory/directory-client.ts";
import { logError } from "../observe/log.ts";
import { requestIdField } from "../observe/request-context.ts";
import { dropEverything } from "../sqlite/migrate.ts";
import { cachePrefixes } from "../outbound/cache-keys.ts";
import { clearCache } from "../outbound/kv-cache.ts";
import type { Account } from "./account.ts";
import { forgetJobs } from "./forget-jobs.ts";
import { openEmpty } from "./account-services.ts";
import {
  deleteAccountObjects,
  lookForAccount,
  placesOf,
  rowsFound,
} from "./archive/erasure/erase-account.ts";
import type { ErasureReceipt } from "./archive/erasure/erase-account.ts";
import { isVerified } from "./archive/erasure/places.ts";
import { writeValue } from "./store/account/account-values.ts";
import { accountTotals } from "./store/usage/account-totals.ts";

/** The receipt of an erasure that found nothing left to erase. */
const NOTHING_ERASED = {
  sessions: 0,
  archived_sessions: 0,
  turns: 0,
  objects: 0,
  object_bytes: 0,
  cache_entries: 0,
  where: [],
  places: [],
  verified: true,
};

/**
 * Erases the account that {@link Account.beginErasing} closed: its objects, its directory entry, its rows. Call it in
 * `account.archiving`. A crash at any step is finished by the alarm.
 */
export async function eraseAccount(account: Account): Promise<ErasureReceipt> {
  const { accountId, db, counters, lifecycle, store } = account.services;
  // An earlier erasure in the queue has finished: what there is now came after it, and stays.
  if (!account.isErasing)
    return { ...NOTHING_ERASED, account_id: accountId, erased_at: Date.now() };
  await counters.load();
  const totals = await accountTotals(db, counters);
  const inRows = rowsFound(db);
  const { object_bytes, ...objects } = await deleteAccountObjects(store, accountId);
  const { CACHE } = account.env;
  const cached = await Promise.all(
    cachePrefixes(accountId).map((prefix) => clearCache(CACHE, prefix)),
  );
  const cacheEntries = cached.reduce((sum, count) => sum + count, 0);
  const inDirectory = async () => {
    const row = await callDirectory(account.env, directoryOf(accountId), (directory) =>
      directory.find(accountId),
    );
    return row === null ? 0 : 1;
  };
  const found = {
    ...inRows,
    ...objects,
    cached: cacheEntries,
    directory: await inDirectory(),
  };
  await callDirectory(account.env, directoryOf(accountId), (directory) =>
    directory.remove(accountId),
  );
  const jobs = await forgetJobs(account, null);
  lifecycle.close();
  const erased_at = Date.now();
  db.transaction(() => {
    dropEverything(db);
    writeValue(openEmpty(account.ctx.storage), "erased_at", erased_at);
  });
  account.reopen();
  const places = [
    ...(await lookForAccount({ ...account.services, cache: CACHE }, found, inDirectory)),
    jobs,
  ];
  const receipt: ErasureReceipt = {
    account_id: accountId,
    erased_at,
    ...totals,
    objects: objects.archives + objects.backups,
    object_bytes,
    cache_entries: cacheEntries,
    where: placesOf(accountId),
    places,
    verified: isVerified(places),
  };
  account.endErasing();
  await logErasure(account, receipt);
  return receipt;
}

async function logErasure({ env }: Account, receipt: ErasureReceipt): Promise<void> {
  const { account_id } = receipt;
  const entry = {
    at: receipt.erased_at,
    actor: "system",
    action: "account.erased",
    target: account_id,
    details: JSON.stringify({ ...receipt, ...requestIdField() }),
  };
  await appendToLog(env, entry).catch((error: unknown) => {
    logError("admin_log.failed", "an erasure is not in the admin log", error, { account_id });
  });
}
