import { ApiError, unwrap } from "../shared/errors.ts";
import type { Result } from "../shared/errors.ts";
import { logError } from "../observe/log.ts";
import { shardName, shardOf } from "../directory/account-directory-do.ts";
import type { AccountDirectoryDO } from "../directory/account-directory-do.ts";
import type { ConversationDO } from "./conversation-do.ts";

export type AccountStub = DurableObjectStub<ConversationDO>;
export type DirectoryStub = DurableObjectStub<AccountDirectoryDO>;

/** What the runtime says of an RPC that failed. */
interface RpcFailure {
  overloaded?: boolean;
  retryable?: boolean;
}

/** One RPC to an account's object. @throws ApiError the object's refusal, or `storage_unavailable` */
export const onAccount = <T>(
  env: Pick<Env, "CONVERSATIONS">,
  accountId: string,
  call: (account: AccountStub) => Promise<Result<T>>,
): Promise<T> => reach(() => call(env.CONVERSATIONS.getByName(accountId)));

/** Likewise, but never twice: what it does would be done twice, too. */
export const onAccountOnce = <T>(
  env: Pick<Env, "CONVERSATIONS">,
  accountId: string,
  call: (account: AccountStub) => Promise<Result<T>>,
): Promise<T> => reach(() => call(env.CONVERSATIONS.getByName(accountId)), 1);

/** One RPC to one of the directory's objects. @throws ApiError its refusal, or `storage_unavailable` */
export const onDirectory = <T>(
  env: Pick<Env, "DIRECTORY">,
  name: string,
  call: (directory: DirectoryStub) => Promise<Result<T>>,
): Promise<T> => reach(() => call(env.DIRECTORY.getByName(name)));

/** The name of the directory's object that knows the account. */
export const directoryOf = (accountId: string): string => shardName(shardOf(accountId));

/** An RPC that the runtime calls retryable is tried once more, with a new stub: our methods may run twice. */
async function reach<T>(call: () => Promise<Result<T>>, tries = 2): Promise<T> {
  const attempt = async () => unwrap(await call());
  try {
    return await attempt().catch((error: unknown) => {
      const { overloaded, retryable } = error as RpcFailure;
      if (tries > 1 && retryable && !overloaded) return attempt();
      throw error;
    });
  } catch (error) {
    if (error instanceof ApiError) throw error;
    logError("storage.unreachable", "[Storage Error] a Durable Object did not answer", error);
    throw new ApiError(
      "storage_unavailable",
      "Storage cannot be reached; nothing was acknowledged. Try again.",
      {
        retry_after_ms: 1_000,
      },
    );
  }
}
