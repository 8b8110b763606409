import type { AccountDirectoryDO } from "./account-directory-do.ts";
import type { Result } from "../shared/errors.ts";
import { callObject } from "../rpc/call.ts";
import { sendsContext } from "../rpc/carry-context.ts";
import { shardName, shardOf } from "./account-directory-do.ts";

/** One RPC to one of the directory's objects. @throws ApiError the object's refusal, or `storage_unavailable` */
export const callDirectory = <T>(
  env: Pick<Env, "DIRECTORY">,
  name: string,
  call: (directory: DurableObjectStub<AccountDirectoryDO>) => Promise<Result<T>>,
): Promise<T> => callObject(() => call(sendsContext(env.DIRECTORY.getByName(name))));

/** The name of the directory's object that lists the account. */
export const directoryOf = (accountId: string): string => shardName(shardOf(accountId));
