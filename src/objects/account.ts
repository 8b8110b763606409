import { ApiError, unwrap } from "../errors.ts";
import type { Result } from "../errors.ts";
import { logError } from "../observe/log.ts";
import type { ConversationDO } from "./conversation.ts";

export type AccountStub = DurableObjectStub<ConversationDO>;

/** What the runtime says of an RPC that failed. */
interface RpcFailure {
  overloaded?: boolean;
  retryable?: boolean;
}

/**
 * One RPC to an account's object. One that the runtime calls retryable is tried once more, with a new stub: every
 * method of the object may run twice.
 *
 * @throws ApiError the object's refusal, or `storage_unavailable`
 */
export async function onAccount<T>(
  env: Pick<Env, "CONVERSATIONS">,
  accountId: string,
  call: (account: AccountStub) => Promise<Result<T>>,
): Promise<T> {
  const attempt = async () => unwrap(await call(env.CONVERSATIONS.getByName(accountId)));
  try {
    return await attempt().catch((error: unknown) => {
      const { overloaded, retryable } = error as RpcFailure;
      if (retryable && !overloaded) return attempt();
      throw error;
    });
  } catch (error) {
    if (error instanceof ApiError) throw error;
    logError("storage.unreachable", "[Storage Error] the account's object did not answer", error);
    throw new ApiError(
      "storage_unavailable",
      "Storage cannot be reached; nothing was acknowledged. Try again.",
      {
        retry_after_ms: 1_000,
      },
    );
  }
}
