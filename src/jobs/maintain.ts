import { z } from "zod";

import type { MaintenanceResult } from "../account/archive/upkeep/maintain.ts";
import { mintBackupId } from "../shared/ids.ts";
import { noteDataAction } from "../directory/account-log.ts";
import type { Maintained } from "../directory/failing-maintenance.ts";
import { callAccount } from "../account/account-client.ts";
import { log } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import { runBackup } from "./backup.ts";
import { noteComparison } from "./note-comparison.ts";
import { BUDGET_MS } from "./sweep.ts";

/** A queued job: the maintenance of one account's archives and backups. */
export const maintainJob = z.object({
  type: z.literal("maintain"),
  account_id: z.string(),
  /** Ages are measured at this time, in ms since the epoch. */
  now: z.int(),
});
type MaintainJob = z.infer<typeof maintainJob>;

/**
 * Compares calls with their old rows while there is time. The next maintenance goes on with them: calls that are written
 * meanwhile begin the comparison again.
 *
 * @param noted - gets what is left undone before the backup begins, which may fail
 * @returns whether the rest is done (if not, the same job continues), and how many archives and copies failed
 */
export async function maintainAccount(
  env: Env,
  { account_id, now }: Omit<MaintainJob, "type">,
  noted: (maintained: Maintained) => void = () => undefined,
): Promise<{ complete: boolean; errors: number }> {
  const until = Date.now() + BUDGET_MS;
  const total = { expired: 0, backups_deleted: 0, replicated: 0, errors: 0 };
  const calls = { calls_compared: 0, call_mismatches: 0 };
  const steps = new Set<string>();
  let done: MaintenanceResult;
  let comparing: boolean;
  do {
    const step = await callAccount(env, account_id, (account) => account.archives.maintain(now));
    done = step;
    comparing = step.calls.more;
    noteComparison(account_id, step.calls);
    calls.calls_compared += step.calls.compared;
    calls.call_mismatches += step.calls.mismatches.length;
    for (const name of ["expired", "backups_deleted", "replicated", "errors"] as const)
      total[name] += done[name];
    for (const name of done.failed_steps ?? []) steps.add(name);
    noteRepair(account_id, done.repaired);
  } while ((done.more || comparing) && Date.now() < until);
  count("expired_archives_total", {}, total.expired);
  log("maintenance.ended", `[Maintenance] Deleted ${total.expired} archived conversations`, {
    account_id,
    ...total,
    ...calls,
    ...(steps.size > 0 && { failed_steps: [...steps].join(" ") }),
    complete: !done.more,
  });
  const { errors } = total;
  noted({ account_id, at: now, errors, failed_steps: [...steps], complete: !done.more });
  const { expired, backups_deleted } = total;
  const system = { account_id, at: now, actor: "system" };
  if (expired + backups_deleted > 0)
    await noteDataAction(env, {
      ...system,
      action: "retention.delete",
      details: { archived_sessions: expired, backups: backups_deleted },
    });
  if (done.more) return { complete: false, errors };
  if (done.backup === null) return { complete: true, errors };
  const running = await callAccount(env, account_id, (account) => account.backups.running());
  const backup_id = running ?? mintBackupId(now);
  if (running === null) {
    const request = { backup_id, session_ids: null, reason: "policy" as const };
    await noteDataAction(env, { ...system, action: "backup.create", details: { backup_id } });
    await callAccount(env, account_id, (account) => account.backups.begin(null, request, now));
  }
  return { complete: await runBackup(env, { account_id, backup_id, now }, null), errors };
}

/** Logs the sessions that can be read again: their owners may believe that they are lost. */
function noteRepair(
  account_id: string,
  { turns, sessions, unreadable }: MaintenanceResult["repaired"],
): void {
  if (turns + sessions.length + unreadable.length === 0) return;
  count("repaired_turns_total", {}, turns);
  count("repaired_sessions_total", {}, sessions.length);
  count("unreadable_objects_total", {}, unreadable.length);
  log(
    "maintenance.repaired",
    `[Maintenance] ${sessions.length} archived sessions are readable again`,
    {
      account_id,
      turns,
      sessions: sessions.join(" "),
      unreadable: unreadable.join(" "),
    },
  );
}
