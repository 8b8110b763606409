import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

import { AccountDirectoryDO, OPERATIONS } from "../../src/directory/account-directory-do.ts";

/** Ids of the directory's objects that have listed an account since {@link unlistAccounts}: most have not. */
const listing = new Set<string>();

interface Directory {
  register: (
    this: { ctx: DurableObjectState },
    ...account: Parameters<AccountDirectoryDO["register"]>
  ) => ReturnType<AccountDirectoryDO["register"]>;
}
const prototype = AccountDirectoryDO.prototype as unknown as Directory;
const { register } = prototype;
prototype.register = function (...account) {
  listing.add(String(this.ctx.id));
  return register.apply(this, account);
};

/**
 * Has the directory forget all accounts, and which of them fail. What goes over all of them, as a cron does, then goes over
 * those that come after.
 */
export async function unlistAccounts(): Promise<void> {
  const { DIRECTORY } = env;
  const ids = [
    DIRECTORY.idFromName(OPERATIONS),
    ...[...listing].map((id) => DIRECTORY.idFromString(id)),
  ];
  listing.clear();
  await Promise.all(
    ids.map((id) =>
      runInDurableObject(DIRECTORY.get(id), (_, { storage }) => {
        storage.sql.exec("delete from accounts");
        storage.sql.exec("delete from operations where name = 'failing'");
      }),
    ),
  );
}
