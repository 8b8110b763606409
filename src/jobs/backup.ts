import { z } from "zod";

import { callAccount } from "../account/account-client.ts";
import { log } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import { BUDGET_MS } from "./sweep.ts";
import type { Principal } from "../shared/principal.ts";

/** A queued job: the rest of a backup. */
export const backupJob = z.object({
  type: z.literal("backup"),
  account_id: z.string(),
  backup_id: z.string(),
  /** When the backup began, in ms since the epoch. */
  now: z.int(),
});
type BackupJob = z.infer<typeof backupJob>;

/** Writes a backup part by part, for up to {@link BUDGET_MS}. @returns whether it is complete */
export async function runBackup(
  env: Env,
  { account_id, backup_id, now }: Omit<BackupJob, "type">,
  caller: Principal | null,
): Promise<boolean> {
  const until = Date.now() + BUDGET_MS;
  let complete = false;
  while (!complete && Date.now() < until) {
    complete = await callAccount(env, account_id, (account) =>
      account.backups.step(caller, backup_id, now),
    );
  }
  if (complete) count("backups_total");
  log("backup.ended", `[Backup] ${complete ? "Completed" : "Began"} ${backup_id}`, {
    account_id,
    backup_id,
    complete,
  });
  return complete;
}
