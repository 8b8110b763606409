import { ApiError } from "../../../shared/errors.ts";
import { isHeld } from "../../store/account/account-values.ts";
import type { Counters } from "../../store/usage/counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import { afterFailed, failedPlace, noteFailedPlace } from "../../store/archive/failed-places.ts";
import { expiredArchives } from "../../store/retention/retention.ts";
import { noteExpired } from "../../store/retention/expired-sessions.ts";
import type { Retention } from "../../store/retention/retention-policy.ts";
import { sessionByKey } from "../../store/sessions/sessions.ts";
import { KEPT, ownSessions } from "../../store/sessions/session-flags.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { Archivist } from "../sessions/archivist.ts";
import { expiredIn, forgetWithoutCopy, noteFormer } from "../../store/erasure/former-sessions.ts";
import { deletionSlices, leaveCopies } from "../../store/erasure/deletion-slices.ts";
import { dropSession } from "../../store/erasure/drop-session.ts";
import { dropKeysOfSessions } from "../../store/turns/idempotency.ts";

/** Sessions whose archives are deleted before others get their turn. */
const BATCH_SESSIONS = 500;

export interface ExpireParts {
  db: Database;
  counters: Counters;
  archivist: Archivist;
  retention: () => Retention;
  onError: (error: unknown, about: Record<string, string | number>) => void;
}

export interface Expired {
  sessions: number;
  errors: number;
  /** Whether there may be more. */
  more: boolean;
}

/**
 * Deletes expired archives segment by segment. An unreadable segment does not block the others. An expired session
 * leaves no tombstone: its id may be used again, and a backup may restore it.
 */
export async function expireArchives(parts: ExpireParts, now: number): Promise<Expired> {
  const { db, retention, onError } = parts;
  if (isHeld(db)) return { sessions: 0, errors: 0, more: false };
  const due = afterFailed(db, "expire", (after) =>
    expiredArchives(
      db,
      { now, retention: retention() },
      { after: Number(after ?? 0), limit: BATCH_SESSIONS },
    ),
  );
  // Those up to a place that failed come after the last.
  const isRest = failedPlace(db, "expire") !== null;
  const bySegment = Map.groupBy(due, ({ segment }) => segment);
  let errors = 0;
  for (const [segment, sessions] of bySegment) {
    try {
      await dropArchived(parts, sessions);
    } catch (error) {
      errors += sessions.length;
      onError(error, { segment: segment ?? 0, sessions: sessions.length });
      noteFailedPlace(db, "expire", segment);
    }
  }
  if (due.length < BATCH_SESSIONS) noteFailedPlace(db, "expire", null);
  const sessions = due.length - errors;
  return { sessions, errors, more: (isRest || due.length === BATCH_SESSIONS) && sessions > 0 };
}

/** All of one segment. Their rows go in transactions of bounded size; the last one switches to the segment without them. */
async function dropArchived(
  { db, counters, archivist }: ExpireParts,
  sessions: readonly SessionRow[],
): Promise<void> {
  const keys = sessions.map(({ key }) => key);
  // Those that went before a crash are in the segment still.
  const formers = expiredIn(db, sessions[0]?.segment ?? null);
  const rewritten = await archivist.withoutSessions(sessions, { backups: false, formers });
  const slices = await deletionSlices(db, keys);
  const last = slices.pop() ?? [];
  const dropSlice = (slice: readonly number[], isLast: boolean) => {
    const left = keys.map((key) => sessionByKey(db, key)).filter((session) => session !== null);
    if (isHeld(db) || left.some(({ flags }) => (flags & KEPT) !== 0)) {
      throw new ApiError(
        "session_held",
        "A session was pinned or put under legal hold meanwhile. Try again.",
      );
    }
    counters.changing();
    if (isLast) rewritten.commit();
    const gone = left.filter(({ key }) => slice.includes(key));
    for (const session of gone) {
      noteExpired(db, session);
      if (isLast) noteFormer(db, session);
      else leaveCopies(db, session);
      dropSession(db, session);
    }
    counters.archivesChanged(-ownSessions(gone).length, 0);
  };
  for (const slice of slices) {
    db.transaction(() => dropSlice(slice, false));
    await scheduler.wait(0);
  }
  db.transaction(() => {
    dropSlice(last, true);
    dropKeysOfSessions(db, keys);
    forgetWithoutCopy(db, [...keys, ...formers.map(({ key }) => key)]);
  });
}
