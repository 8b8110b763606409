import { DIRECTORY_SHARDS, OPERATIONS, shardName } from "../directory/account-directory-do.ts";
import { settingsOf } from "../account/due-settings.ts";
import type { Errand } from "../directory/accounts-table.ts";
import { requestIdField } from "../observe/request-context.ts";
import { callDirectory } from "../directory/directory-client.ts";
import { logError } from "../observe/log.ts";

/** Messages that a queue takes in one call. */
const QUEUE_BATCH = 100;

/**
 * Queues a job for every account that may be due at `now`. A sweep, after which comes a maintenance, is tried again of each
 * account whose last one had errors, also where it is due no more.
 *
 * @returns the number of accounts
 */
export async function fanOut(env: Env, errand: Errand, now: number): Promise<number> {
  const settings = settingsOf(env);
  const failing = new Set(errand === "sweep" ? await failingAccounts(env, now) : []);
  const queue = (accounts: readonly string[]) =>
    env.JOBS.sendBatch(
      accounts.map((account_id) => ({
        body: { type: errand, account_id, now, ...requestIdField() },
      })),
    );
  let queued = 0;
  for (let shard = 0; shard < DIRECTORY_SHARDS; shard += 1) {
    let after = "";
    for (;;) {
      const page = { after, limit: QUEUE_BATCH };
      const due = await callDirectory(env, shardName(shard), (directory) =>
        directory.due(errand, { now, settings }, page),
      );
      const accounts = due.map(({ account_id }) => account_id);
      const last = accounts.at(-1);
      if (last === undefined) break;
      await queue(accounts);
      for (const account of accounts) failing.delete(account);
      queued += accounts.length;
      after = last;
    }
  }
  const others = [...failing];
  for (let at = 0; at < others.length; at += QUEUE_BATCH)
    await queue(others.slice(at, at + QUEUE_BATCH));
  return queued + others.length;
}

/** None where the deployment's object does not answer: the accounts that are due are queued all the same. */
async function failingAccounts(env: Env, now: number): Promise<string[]> {
  try {
    const known = await callDirectory(env, OPERATIONS, (each) => each.operations(0, now));
    return (known.failing_maintenance ?? []).map(({ account_id }) => account_id);
  } catch (error) {
    logError("cron.failing_unknown", "failing accounts could not be read", error);
    return [];
  }
}
