import { DurableObject } from "cloudflare:workers";

import { runInContext } from "../observe/request-context.ts";
import { openObject } from "../shared/opened.ts";
import type { Opened } from "../shared/opened.ts";
import type { Account } from "./account.ts";
import type { ServedMethod } from "./object-code.ts";

type ObjectCode = typeof import("./object-code.ts");

/**
 * One account: its sessions and turns in SQLite, its archives in R2. A shell: its RPC methods are those of the facets,
 * under `facet.method`. Call them through `account-client.ts`, which types them.
 *
 * Its code is compiled where an isolate makes its first object, and most isolates make none.
 */
export class ConversationDO extends DurableObject<Env> {
  /** Null until the isolate's first object has loaded it. */
  static #code: ObjectCode | null = null;

  /** Set before the first call comes. */
  #account!: Account;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const opened: Opened<Account> =
      ConversationDO.#code?.openAccount(ctx, env) ??
      (async () => (await ConversationDO.loadCode()).openAccount(ctx, env));
    openObject(ctx, opened, (account) => {
      this.#account = account;
    });
  }

  override async alarm(): Promise<void> {
    const { runAlarm } = await ConversationDO.loadCode();
    const { accountId: account_id } = this.#account.services;
    const request_id = `alarm_${crypto.randomUUID()}`;
    return runInContext({ request_id, account_id }, () => runAlarm(this.#account));
  }

  /** The isolate's first object loads it. */
  static async loadCode(): Promise<ObjectCode> {
    if (ConversationDO.#code !== null) return ConversationDO.#code;
    const code = await import("./object-code.ts");
    for (const [rpc, method] of code.METHODS) ConversationDO.#serveUnder(rpc, method);
    ConversationDO.#code = code;
    return code;
  }

  static #serveUnder(rpc: string, method: ServedMethod): void {
    const value = function (this: ConversationDO, ...sent: unknown[]) {
      return method(this.#account, ...(sent as never[]));
    };
    Object.defineProperty(this.prototype, rpc, { value, configurable: true });
  }
}
