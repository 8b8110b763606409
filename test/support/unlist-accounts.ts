import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/**
 * Has the directory forget all accounts, and which of them fail. What goes over all of them, as a cron does, then goes over
 * those that come after.
 */
export async function unlistAccounts(): Promise<void> {
  await Promise.all(
    (await listDurableObjectIds(env.DIRECTORY)).map((id) =>
      runInDurableObject(env.DIRECTORY.get(id), (_, { storage }) => {
        storage.sql.exec("delete from accounts");
        storage.sql.exec("delete from operations where name = 'failing'");
      }),
    ),
  );
}
