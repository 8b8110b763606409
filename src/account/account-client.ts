import { callObject } from "../rpc/call.ts";
import type { Result } from "../shared/errors.ts";
import type { ConversationDO } from "./conversation-do.ts";
import type { AccountRpc } from "./rpc/facets.ts";

type Flat = Record<string, (...args: unknown[]) => unknown>;

/**
 * The RPC methods of an account's object, by facet: `accountRpc(stub).sessions.get(…)` calls its method `sessions.get`,
 * in one RPC.
 *
 * @param object - a stub, or the object itself
 */
export function accountRpc(object: DurableObjectStub<ConversationDO> | ConversationDO): AccountRpc {
  const methods = object as unknown as Flat;
  const facet = (name: string) =>
    new Proxy<Flat>(
      {},
      {
        get:
          (_, method: string) =>
          (...args: unknown[]) =>
            methods[`${name}.${method}`]?.(...args),
      },
    );
  return new Proxy({} as AccountRpc, { get: (_, name: string) => facet(name) });
}

/** One RPC to an account's object. @throws ApiError the object's refusal, or `storage_unavailable` */
export const callAccount = <T>(
  env: Pick<Env, "CONVERSATIONS">,
  accountId: string,
  call: (account: AccountRpc) => Promise<Result<T>>,
): Promise<T> => callObject(() => call(accountRpc(env.CONVERSATIONS.getByName(accountId))));
