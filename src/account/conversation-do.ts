import { DurableObject } from "cloudflare:workers";

import { runInContext } from "../observe/request-context.ts";
import { loadOnce } from "../shared/load-once.ts";
import { whenReady } from "../shared/when-ready.ts";
import type { Account } from "./account.ts";
import type { ServedMethod } from "./object-code.ts";

/**
 * One account: its sessions and turns in SQLite, its archives in R2. A shell: its RPC methods are those of the facets,
 * under `facet.method`. Call them through `account-client.ts`, which types them.
 *
 * Its code is compiled where an isolate makes its first object, and most isolates make none.
 */
export class ConversationDO extends DurableObject<Env> {
  /** Set before the first call comes. */
  #account!: Account;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const opened = whenReady(ConversationDO.loadCode(), ({ openAccount }) =>
      whenReady(openAccount(ctx, env), (account) => {
        this.#account = account;
      }),
    );
    // The object takes no call before. After a failure the runtime makes it again at its next call.
    if (opened instanceof Promise) void ctx.blockConcurrencyWhile(() => opened);
  }

  override async alarm(): Promise<void> {
    const { runAlarm } = await ConversationDO.loadCode();
    const { accountId: account_id } = this.#account.services;
    const request_id = `alarm_${crypto.randomUUID()}`;
    return runInContext({ request_id, account_id }, () => runAlarm(this.#account));
  }

  /** An object loads it, and a test before it makes one: its modules come over an RPC, which a constructor cannot await. */
  static readonly loadCode = loadOnce(async () => {
    const code = await import("./object-code.ts");
    for (const [rpc, method] of code.METHODS) ConversationDO.#serveUnder(rpc, method);
    return code;
  });

  static #serveUnder(rpc: string, method: ServedMethod): void {
    const value = function (this: ConversationDO, ...sent: unknown[]) {
      return method(this.#account, ...(sent as never[]));
    };
    Object.defineProperty(this.prototype, rpc, { value, configurable: true });
  }
}
