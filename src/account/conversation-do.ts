import { DurableObject } from "cloudflare:workers";

import type { RequestContext } from "../observe/request-context.ts";
import { runInContext } from "../observe/request-context.ts";
import { serveAsText, textMethod } from "../rpc/as-text.ts";
import { serveInContext } from "../rpc/carry-context.ts";
import { Account } from "./account.ts";
import { runAlarm } from "./alarm.ts";
import { openMigrated } from "../sqlite/migrate.ts";
import type { AnyMethod } from "./rpc/facet.ts";
import { FACETS } from "./rpc/facets.ts";
import { schema } from "./store/schema.ts";

/**
 * One account: its sessions and turns in SQLite, its archives in R2. A shell: its RPC methods are those of the facets,
 * under `facet.method`. Call them through `account-client.ts`, which types them.
 */
export class ConversationDO extends DurableObject<Env> {
  /** Set before the first call comes. */
  #account!: Account;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    openMigrated(ctx, schema, () => {
      this.#account = new Account(ctx, env);
    });
  }

  override alarm(): Promise<void> {
    const { accountId: account_id } = this.#account.services;
    const request_id = `alarm_${crypto.randomUUID()}`;
    return runInContext({ request_id, account_id }, () => runAlarm(this.#account));
  }

  static {
    for (const [facet, methods] of Object.entries<Record<string, AnyMethod>>(FACETS)) {
      for (const [name, { serve, isText }] of Object.entries(methods)) {
        const rpc = `${facet}.${name}`;
        this.#serveUnder(rpc, (account, context: RequestContext | null, ...args: unknown[]) =>
          serveInContext(context, { account_id: account.services.accountId }, () =>
            serve(rpc, account, args as never),
          ),
        );
        if (!isText) continue;
        this.#serveUnder(textMethod(rpc), (account, text: string) =>
          serveAsText(text, { account_id: account.services.accountId }, (args) =>
            serve(rpc, account, args as never),
          ),
        );
      }
    }
  }

  static #serveUnder(rpc: string, method: (account: Account, ...sent: never[]) => unknown): void {
    const value = function (this: ConversationDO, ...sent: unknown[]) {
      return method(this.#account, ...(sent as never[]));
    };
    Object.defineProperty(this.prototype, rpc, { value });
  }
}
