import type { RequestContext } from "../observe/request-context.ts";
import { serveAsText, textMethod } from "../rpc/as-text.ts";
import { serveInContext } from "../rpc/carry-context.ts";
import { whenOpened } from "../shared/opened.ts";
import type { Opened } from "../shared/opened.ts";
import { openMigrated } from "../sqlite/migrate.ts";
import { Account } from "./account.ts";
import type { AnyMethod } from "./rpc/facet.ts";
import { FACETS } from "./rpc/facets.ts";
import { TEXT_METHODS } from "./rpc/text-methods.ts";
import { schema } from "./store/schema.ts";

export { runAlarm } from "./alarm.ts";

/** What an object serves under the name of an RPC method. */
export type ServedMethod = (account: Account, ...sent: never[]) => unknown;

/** Opens the account that the object's storage holds. Migrates its database first, where that lacks some migrations. */
export const openAccount = (ctx: DurableObjectState, env: Env): Opened<Account> =>
  whenOpened(openMigrated(ctx.storage, schema), () => new Account(ctx, env));

/** All RPC methods, by their name. */
export const METHODS: readonly (readonly [rpc: string, method: ServedMethod])[] = Object.entries<
  Record<string, AnyMethod>
>(FACETS).flatMap(([facet, methods]) =>
  Object.entries(methods).flatMap(([name, { serve }]) => {
    const rpc = `${facet}.${name}`;
    const serveFields: ServedMethod = (
      account,
      context: RequestContext | null,
      ...args: unknown[]
    ) =>
      serveInContext(context, { account_id: account.services.accountId }, () =>
        serve(rpc, account, args as never),
      );
    const serveText: ServedMethod = (account, text: string) =>
      serveAsText(text, { account_id: account.services.accountId }, (args) =>
        serve(rpc, account, args as never),
      );
    const fields = [rpc, serveFields] as const;
    return TEXT_METHODS.has(rpc) ? [fields, [textMethod(rpc), serveText] as const] : [fields];
  }),
);
