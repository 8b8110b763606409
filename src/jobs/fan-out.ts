import { DIRECTORY_SHARDS, shardName } from "../directory/account-directory-do.ts";
import { settingsOf } from "../account/due-settings.ts";
import type { Errand } from "../directory/accounts-table.ts";
import { callDirectory } from "../directory/directory-client.ts";

/** The queue takes this many messages at once. */
const QUEUE_BATCH = 100;

/** Queues a job for every account that the directory says is due at `now`. @returns how many */
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
        accounts.map(({ account_id }) => ({ body: { type: errand, account_id, now } })),
      );
      queued += accounts.length;
      after = last.account_id;
    }
  }
  return queued;
}
