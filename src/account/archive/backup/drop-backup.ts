import { letOthersRun } from "../../../shared/let-others-run.ts";
import { forgetFormers } from "../../store/erasure/former-sessions.ts";
import { removeBackup } from "./backup.ts";
import { finishRestores } from "./restore-large.ts";
import type { FinishParts } from "./restore-large.ts";

/** Former sessions whose copies are looked for before other calls run. */
const FORMERS_TOGETHER = 100;

/**
 * Deletes a backup once what is restored from it is there, and forgets the former sessions that no other backup may have.
 * A crash leaves some of these: they are forgotten with the next backup.
 *
 * @throws ApiError `account_held`, or `session_held` while a session that may be in it is under legal hold
 */
export async function dropBackup(parts: FinishParts, backupId: string): Promise<void> {
  await finishRestores(parts, backupId);
  removeBackup(parts, backupId);
  let after = forgetFormers(parts.db, 0, FORMERS_TOGETHER);
  while (after !== null) {
    await letOthersRun();
    after = forgetFormers(parts.db, after, FORMERS_TOGETHER);
  }
}
