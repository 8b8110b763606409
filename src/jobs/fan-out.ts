import { DIRECTORY_SHARDS, shardName } from "../directory/account-directory-do.ts";
import { settingsOf } from "../account/due-settings.ts";
import type { Errand } from "../directory/accounts-table.ts";
import { requestIdField } from "../observe/request-context.ts";
import { callDirectory } from "../directory/directory-client.ts";

/** Messages that a queue takes in one call. */
const QUEUE_BATCH = 100;

/** Queues a job for every account that may be due at `now`. @returns the number of accounts */
export async function fanOut(env: Env, errand: Errand, now: number): Promise<number> {
  const settings = settingsOf(env);
  let queued = 0;
  for (let shard = 0; shard < DIRECTORY_SHARDS; shard += 1) {
    let after = "";
    for (;;) {
      const page = { after, limit: QUEUE_BATCH };
      const accounts = await callDirectory(env, shardName(shard), (directory) =>
        directory.due(errand, { now, settings }, page),
      );
      const last = accounts.at(-1);
      if (!last) break;
      await env.JOBS.sendBatch(
        accounts.map(({ account_id }) => ({
          body: { type: errand, account_id, now, ...requestIdField() },
        })),
      );
      queued += accounts.length;
      after = last.account_id;
    }
  }
  return queued;
}
