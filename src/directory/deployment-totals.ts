import { DIRECTORY_SHARDS, shardName } from "./account-directory-do.ts";
import type { AccountRow, Totals } from "./accounts-table.ts";
import { callDirectory } from "./directory-client.ts";

/** The sums of what the accounts last reported to the directory. */
export async function deploymentTotals(env: Pick<Env, "DIRECTORY">): Promise<Totals> {
  const shards = await Promise.all(
    Array.from({ length: DIRECTORY_SHARDS }, (_, shard) =>
      callDirectory(env, shardName(shard), (directory) => directory.totals()),
    ),
  );
  const sum = (name: keyof (typeof shards)[number]) =>
    shards.reduce((all, shard) => all + shard[name], 0);
  return {
    accounts: sum("accounts"),
    live_sessions: sum("live_sessions"),
    archived_sessions: sum("archived_sessions"),
    storage_bytes: sum("storage_bytes"),
    archived_bytes: sum("archived_bytes"),
    fullest_account_bytes: Math.max(...shards.map((shard) => shard.fullest_account_bytes)),
  };
}

/** The account that holds the most in SQLite, by its last report; null where there is none. */
export async function fullestAccount(env: Pick<Env, "DIRECTORY">): Promise<AccountRow | null> {
  const shards = await Promise.all(
    Array.from({ length: DIRECTORY_SHARDS }, (_, shard) =>
      callDirectory(env, shardName(shard), (directory) => directory.fullest()),
    ),
  );
  const [fullest = null] = shards
    .filter((each) => each !== null)
    .toSorted((a, b) => b.storage_bytes - a.storage_bytes);
  return fullest;
}
