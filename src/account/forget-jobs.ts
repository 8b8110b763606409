import { OPERATIONS } from "../directory/account-directory-do.ts";
import { callDirectory } from "../directory/directory-client.ts";
import type { Account } from "./account.ts";
import type { PlaceReport } from "./archive/erasure/place-report.ts";

/**
 * Deletes the failed jobs of an erased user, or of the whole account. An erasure does not fail for them: one object has those
 * of all accounts, and it may be away.
 *
 * @param userId - null: all of the account
 */
export async function forgetJobs(
  { env, services: { accountId, onError } }: Account,
  userId: string | null,
): Promise<PlaceReport> {
  const place = "failed_jobs" as const;
  try {
    const { found, left } = await callDirectory(env, OPERATIONS, (each) =>
      each.forgetJobsOf(accountId, userId),
    );
    return { place, state: left === 0 ? "clean" : "left", found, left };
  } catch (error) {
    onError(error, { place });
    return { place, state: "unreachable", found: 0, left: null };
  }
}
