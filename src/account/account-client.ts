import { callObject } from "../rpc/call.ts";
import { sendAsText } from "../rpc/as-text.ts";
import { sendInContext } from "../rpc/carry-context.ts";
import { configOf } from "../config.ts";
import type { Result } from "../shared/errors.ts";
import { jurisdictionOf } from "../shared/ids.ts";
import type { ConversationDO } from "./conversation-do.ts";
import type { AccountRpc } from "./rpc/facets.ts";
import { TEXT_METHODS } from "./rpc/text-methods.ts";

type Method = (...args: unknown[]) => unknown;
type Flat = Record<string, Method>;

/** The methods of one object, or those of one of its facets. */
class Methods {
  readonly object: Flat;

  constructor(object: Flat) {
    this.object = object;
  }
}

/** `await` asks what it is given for `then`, and `JSON.stringify` for `toJSON`. */
const ASKED_FOR = new Set(["then", "toJSON"]);

/**
 * A class whose properties are made when they are first read, and are kept: a later call meets no proxy. They are made of
 * their names alone, because the object's code is not compiled where it is called from.
 */
function methodsMadeBy(make: (name: string) => PropertyDescriptor): typeof Methods {
  class MadeMethods extends Methods {}
  const { prototype } = MadeMethods;
  const get = (target: object, name: string | symbol, receiver: unknown): unknown => {
    // JavaScript asks every object for these, and they are no RPC methods.
    if (typeof name !== "string" || name in target) return Reflect.get(target, name, receiver);
    if (ASKED_FOR.has(name)) return undefined;
    Object.defineProperty(prototype, name, make(name));
    return Reflect.get(prototype, name, receiver);
  };
  Object.setPrototypeOf(prototype, new Proxy({}, { get }));
  return MadeMethods;
}

const AccountMethods = methodsMadeBy((facet) => {
  const FacetMethods = methodsMadeBy((name) => {
    const rpc = `${facet}.${name}`;
    const send = TEXT_METHODS.has(rpc) ? sendAsText : sendInContext;
    return {
      value(this: Methods, ...args: unknown[]) {
        return send(this.object, rpc, args);
      },
    };
  });
  return {
    get(this: Methods) {
      return new FacetMethods(this.object);
    },
  };
});

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
