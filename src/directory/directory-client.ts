import type { AccountDirectoryDO } from "./account-directory-do.ts";
import type { Result } from "../shared/errors.ts";
import { reach } from "../rpc/call.ts";
import { shardName, shardOf } from "./account-directory-do.ts";

export type DirectoryStub = DurableObjectStub<AccountDirectoryDO>;

/** One RPC to one of the directory's objects. @throws ApiError its refusal, or `storage_unavailable` */
export const onDirectory = <T>(
  env: Pick<Env, "DIRECTORY">,
  name: string,
  call: (directory: DirectoryStub) => Promise<Result<T>>,
): Promise<T> => reach(() => call(env.DIRECTORY.getByName(name)));

/** The name of the directory's object that knows the account. */
export const directoryOf = (accountId: string): string => shardName(shardOf(accountId));
