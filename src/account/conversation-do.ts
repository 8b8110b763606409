import { DurableObject } from "cloudflare:workers";

import { Account } from "./account.ts";
import { runAlarm } from "./alarm.ts";
import type { AnyMethod } from "./rpc/facet.ts";
import { FACETS } from "./rpc/facets.ts";

/**
 * One account: its sessions and turns in SQLite, its archives in R2. A shell: its RPC methods are those of the facets,
 * under `facet.method`. Call them through `account-client.ts`, which types them.
 */
export class ConversationDO extends DurableObject<Env> {
  readonly #account: Account;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#account = new Account(ctx, env);
  }

  override alarm(): Promise<void> {
    return runAlarm(this.#account);
  }

  static {
    for (const [facet, methods] of Object.entries<Record<string, AnyMethod>>(FACETS)) {
      for (const [name, { serve }] of Object.entries(methods)) {
        const rpc = `${facet}.${name}`;
        Object.defineProperty(this.prototype, rpc, {
          value(this: ConversationDO, ...args: unknown[]) {
            return serve(rpc, this.#account, args as never);
          },
        });
      }
    }
  }
}
