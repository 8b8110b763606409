import type { Database } from "../../../sqlite/database.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";
import { newestBackup, oldestBackup } from "./backups.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /** See {@link noteRedacted}. Oldest first; each session once. */
    redacted: RedactedCopies[];
  }
}

/** Backups up to this one may have something of these sessions that was erased since. Null: of any session. */
type RedactedCopies = [throughBackup: string, keys: number[] | null];

/** Session keys that are kept: some 8 kB. Beyond, the oldest ones become "any session" of their backups. */
const MAX_KEYS = 1_000;

/**
 * Something was taken out of a session, and every backup that has begun by now may still have it. In the transaction that takes
 * it out.
 */
export function noteRedacted(db: Database, key: number): void {
  const through = newestBackup(db);
  if (through === null) return deleteValue(db, "redacted");
  const noted = redactedCopies(db)
    .map(([backupId, keys]): RedactedCopies => [
      backupId,
      keys && keys.filter((each) => each !== key),
    ])
    .filter(([, keys]) => keys?.length !== 0);
  const last = noted.at(-1);
  if (last?.[0] === through) last[1]?.push(key);
  else noted.push([through, [key]]);
  writeValue(db, "redacted", bounded(noted));
}

/** Whether a backup may have something of a session that was erased since. */
export const mayHaveRedacted = (db: Database, key: number, backupId: string): boolean =>
  redactedCopies(db).some(
    ([through, keys]) => backupId <= through && (keys === null || keys.includes(key)),
  );

/** Those of backups that are still there. */
function redactedCopies(db: Database): RedactedCopies[] {
  const noted = readValue(db, "redacted");
  const oldest = noted && oldestBackup(db);
  return noted && oldest !== null ? noted.filter(([through]) => through >= oldest) : [];
}

function bounded(noted: readonly RedactedCopies[]): RedactedCopies[] {
  let count = 0;
  const firstKept = noted.findLastIndex(([, keys]) => {
    count += keys?.length ?? 0;
    return count > MAX_KEYS;
  });
  const older = noted[firstKept];
  return older ? [[older[0], null], ...noted.slice(firstKept + 1)] : [...noted];
}
