import type { Result } from "../shared/errors.ts";
import type { ConversationDO } from "./conversation-do.ts";
import { callObject } from "../rpc/call.ts";

export type AccountStub = DurableObjectStub<ConversationDO>;

/** One RPC to an account's object. @throws ApiError the object's refusal, or `storage_unavailable` */
export const callAccount = <T>(
  env: Pick<Env, "CONVERSATIONS">,
  accountId: string,
  call: (account: AccountStub) => Promise<Result<T>>,
): Promise<T> => callObject(() => call(env.CONVERSATIONS.getByName(accountId)));
