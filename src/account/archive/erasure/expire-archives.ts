import { letOthersRun } from "../../../shared/let-others-run.ts";
import { ApiError } from "../../../shared/errors.ts";
import { isHeld } from "../../store/account/account-values.ts";
import type { Counters } from "../../store/usage/counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import {
  copiesToRewrite,
  forgetExpiredCopies,
  noteExpiredCopies,
  noteFailedCopies,
  segmentsWithExpired,
} from "../../store/archive/expired-copies.ts";
import { afterFailed, failedPlace, noteFailedPlace } from "../../store/archive/failed-places.ts";
import { expiredArchives } from "../../store/retention/retention.ts";
import { noteExpired } from "../../store/retention/expired-sessions.ts";
import type { Retention } from "../../store/retention/retention-policy.ts";
import { hasFlag, sessionByKey } from "../../store/sessions/sessions.ts";
import { KEPT, ownSessions } from "../../store/sessions/session-flags.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { Archivist } from "../sessions/archivist.ts";
import { expiredIn, forgetWithoutCopy, noteFormer } from "../../store/erasure/former-sessions.ts";
import { deletionSlices, leaveCopies } from "../../store/erasure/deletion-slices.ts";
import { dropSession } from "../../store/erasure/drop-session.ts";
import { dropRequestKeys, withRequestKeys } from "../../store/turns/request-keys.ts";
import type { RequestKeys } from "../../store/turns/request-keys.ts";

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
  const bySegment = Map.groupBy(due, ({ segment }) => segment ?? 0);
  for (const segment of copiesToRewrite(db, now))
    if (!bySegment.has(segment)) bySegment.set(segment, []);
  const expired = { sessions: 0, errors: 0 };
  await withRequestKeys(db, keysOf(due), async (requestKeys) => {
    for (const [segment, sessions] of bySegment) {
      let left = sessions.length;
      const went = (count: number) => {
        left -= count;
        expired.sessions += count;
      };
      try {
        await dropArchived(parts, segment, { sessions, requestKeys }, went);
      } catch (error) {
        if (isHeld(db)) break;
        // The next maintenance takes the others.
        if (error instanceof ApiError && error.code === "session_held") continue;
        expired.errors += Math.max(1, left);
        onError(error, { segment, sessions: left });
        if (sessions.length > 0) noteFailedPlace(db, "expire", segment);
        if (segmentsWithExpired(db).includes(segment)) noteFailedCopies(db, now);
      }
    }
  });
  if (due.length < BATCH_SESSIONS) noteFailedPlace(db, "expire", null);
  const isFull = isRest || due.length === BATCH_SESSIONS;
  return { ...expired, more: isFull && expired.sessions > 0 };
}

/**
 * All of one segment, and what has a copy there still. Their rows go in transactions of bounded size; the last one switches
 * to the segment without them.
 *
 * @param went - told after each transaction how many sessions it deleted
 * @throws ApiError `session_held` where one was pinned or held meanwhile
 */
async function dropArchived(
  { db, counters, archivist }: ExpireParts,
  segment: number,
  { sessions, requestKeys }: { sessions: readonly SessionRow[]; requestKeys: RequestKeys },
  went: (sessions: number) => void,
): Promise<void> {
  const keys = keysOf(sessions);
  // Those that went before a crash are in the segment still.
  const formers = expiredIn(db, segment);
  const rewritten = await archivist.withoutSessions(sessions, { backups: false, formers });
  const slices = await deletionSlices(db, keys);
  const last = slices.pop() ?? [];
  const dropSlice = (slice: readonly number[], isLast: boolean): number => {
    if (isHeld(db) || hasFlag(db, keys, KEPT)) {
      throw new ApiError(
        "session_held",
        "A session was pinned or put under legal hold meanwhile. Try again.",
      );
    }
    counters.changing();
    if (isLast) rewritten.commit();
    const gone = slice.map((key) => sessionByKey(db, key)).filter((session) => session !== null);
    for (const session of gone) {
      noteExpired(db, session);
      if (isLast) noteFormer(db, session);
      else leaveCopies(db, session);
      dropSession(db, session);
    }
    dropRequestKeys(db, requestKeys, slice);
    counters.archivesChanged(-ownSessions(gone).length, 0);
    return gone.length;
  };
  for (const slice of slices) {
    went(
      db.transaction(() => {
        noteExpiredCopies(db, segment);
        return dropSlice(slice, false);
      }),
    );
    await letOthersRun();
  }
  went(
    db.transaction(() => {
      const gone = dropSlice(last, true);
      forgetExpiredCopies(db, segment);
      forgetWithoutCopy(db, [...keys, ...keysOf(formers)]);
      return gone;
    }),
  );
}

const keysOf = (sessions: readonly { key: number }[]): number[] => sessions.map(({ key }) => key);
