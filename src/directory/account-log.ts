import { logError } from "../observe/log.ts";
import { requestIdField } from "../observe/request-context.ts";
import { callDirectory, directoryOf } from "./directory-client.ts";

type LogEnv = Pick<Env, "DIRECTORY">;

/** Something done to an account's data. */
export interface DataAction {
  account_id: string;
  /** Ms since the epoch. */
  at: number;
  /** The caller's name, or `system`. */
  actor: string;
  /** `session.erase`, `backup.restore`, ... */
  action: string;
  details: Record<string, unknown>;
}

/**
 * Writes down what is done to an account's data, with the id of the request. The entries lie in the directory's object of the
 * account: they stay when the account is erased, and no account waits for another shard's.
 */
export async function recordDataAction(
  env: LogEnv,
  { account_id, details, ...entry }: DataAction,
): Promise<void> {
  const text = JSON.stringify({ ...details, ...requestIdField() });
  await callDirectory(env, directoryOf(account_id), (directory) =>
    directory.append({ ...entry, target: account_id, details: text }),
  );
}

/** {@link recordDataAction} for what is done already: a failure is logged, with the entry. */
export async function noteDataAction(env: LogEnv, action: DataAction): Promise<void> {
  try {
    await recordDataAction(env, action);
  } catch (error) {
    const { details, ...entry } = action;
    const about = { ...entry, details: JSON.stringify(details) };
    logError("audit.failed", "what was done to data is not in the account's log", error, about);
  }
}
