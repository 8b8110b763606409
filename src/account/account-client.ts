import { callObject } from "../rpc/call.ts";
import { sendAsText } from "../rpc/as-text.ts";
import { sendInContext } from "../rpc/carry-context.ts";
import { configOf } from "../config.ts";
import type { Result } from "../shared/errors.ts";
import { jurisdictionOf } from "../shared/ids.ts";
import type { ConversationDO } from "./conversation-do.ts";
import type { AnyMethod } from "./rpc/facet.ts";
import { FACETS } from "./rpc/facets.ts";
import type { AccountRpc } from "./rpc/facets.ts";

type Method = (...args: unknown[]) => unknown;
type Flat = Record<string, Method>;

/** The facets of one object, with the methods that {@link FACETS} names. Made once: a call makes no proxy. */
class AccountMethods {
  readonly object: Flat;

  constructor(object: Flat) {
    this.object = object;
  }

  static {
    for (const [facet, methods] of Object.entries(FACETS)) {
      class FacetMethods extends AccountMethods {}
      for (const [name, { isText }] of Object.entries<AnyMethod>(methods)) {
        const rpc = `${facet}.${name}`;
        const send = isText ? sendAsText : sendInContext;
        Object.defineProperty(FacetMethods.prototype, name, {
          value(this: AccountMethods, ...args: unknown[]) {
            return send(this.object, rpc, args);
          },
        });
      }
      Object.defineProperty(this.prototype, facet, {
        get(this: AccountMethods) {
          return new FacetMethods(this.object);
        },
      });
    }
  }
}

/**
 * The RPC methods of an account's object, by facet: `accountRpc(stub).sessions.get(…)` calls its method `sessions.get`,
 * in one RPC.
 *
 * @param object - a stub, or the object itself
 */
export const accountRpc = (
  object: DurableObjectStub<ConversationDO> | ConversationDO,
): AccountRpc => new AccountMethods(object as unknown as Flat) as unknown as AccountRpc;

/** One RPC to an account's object. @throws ApiError the object's refusal, or `storage_unavailable` */
export const callAccount = <T>(
  env: Pick<Env, "CONVERSATIONS">,
  accountId: string,
  call: (account: AccountRpc) => Promise<Result<T>>,
): Promise<T> =>
  callObject(() => call(accountRpc(namespaceOf(env, accountId).getByName(accountId))));

/**
 * The objects of the account's jurisdiction, for every call: one without it would make another object of the same name.
 */
function namespaceOf(env: Pick<Env, "CONVERSATIONS">, accountId: string): Env["CONVERSATIONS"] {
  const jurisdiction = jurisdictionOf(accountId);
  if (jurisdiction === null) return env.CONVERSATIONS;
  try {
    return env.CONVERSATIONS.jurisdiction(jurisdiction);
  } catch (error) {
    // workerd by itself has no jurisdictions: development goes on, and a deployment refuses.
    if (configOf(env).AUTH === "open") return env.CONVERSATIONS;
    throw error;
  }
}
