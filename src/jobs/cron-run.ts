import { OPERATIONS } from "../directory/account-directory-do.ts";
import type { AccountDirectoryDO } from "../directory/account-directory-do.ts";
import type { Errand } from "../directory/accounts-table.ts";
import { callDirectory } from "../directory/directory-client.ts";
import { logError } from "../observe/log.ts";
import { currentContext } from "../observe/request-context.ts";
import type { Result } from "../shared/errors.ts";
import { reasonOf } from "./failure-reason.ts";

/** How the request id of a cron's run begins. Its jobs carry it. */
export const RUN_PREFIX = "cron_";

/** Runs a cron's work, and notes when it began and how it ended. @returns the number of accounts that it queued */
export async function noteRun(
  env: Env,
  errand: Errand,
  queueAll: () => Promise<number>,
): Promise<number> {
  const run_id = currentContext()?.request_id ?? RUN_PREFIX;
  await note(env, (directory) => directory.beginRun({ run_id, errand, started_at: Date.now() }));
  const end = (accounts: number, error: string | null) =>
    note(env, (directory) => directory.endRun(run_id, { accounts, error, at: Date.now() }));
  try {
    const accounts = await queueAll();
    await end(accounts, null);
    return accounts;
  } catch (error) {
    await end(0, reasonOf(error));
    throw error;
  }
}

/** The crons' work does not depend on notes of it. */
async function note(
  env: Env,
  write: (directory: DurableObjectStub<AccountDirectoryDO>) => Promise<Result<void>>,
): Promise<void> {
  try {
    await callDirectory(env, OPERATIONS, write);
  } catch (error) {
    logError("cron.unnoted", "a cron's run could not be noted", error);
  }
}
