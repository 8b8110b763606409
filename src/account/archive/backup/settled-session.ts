import { firstTurnOf } from "../../store/sessions/sessions.ts";
import { settledView } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { snapshots } from "../../store/retention/retention.ts";
import type { HeldVersion } from "../../store/sessions/held-versions.ts";
import { statesOf } from "../../store/sessions/session-state.ts";
import type { Turns } from "../../store/turns/turns.ts";
import type { SessionHead } from "../format/record.ts";
import { checkDetails } from "../sessions/check-details.ts";
import { factsIn, recordHead, versionsIn } from "../sessions/record-head.ts";

/** How often a session is read because turns that a backup takes of it change meanwhile. */
export const TRIES = 3;

/** What a backup takes of a live session, but for its turns. */
export interface SettledSession {
  head: SessionHead;
  versions: readonly HeldVersion[];
  /**
   * The last turn that it takes, and how many it takes. A turn in progress is not acknowledged yet, unless another program
   * wrote it: such a call was acknowledged as it is.
   */
  through: number;
  count: number;
}

/**
 * Without a pause, so that all of it is of one moment. Null: there is no such session.
 *
 * @throws ApiError `archive_corrupt` where its details cannot be read back
 */
export function settledSession(
  { db, turns }: { db: Database; turns: Turns },
  key: number,
  now: number,
): SettledSession | null {
  const [snapshot] = snapshots(db, [key]);
  if (!snapshot) return null;
  const state = statesOf(db, [key]).get(key);
  checkDetails(snapshot, state);
  const head = { ...recordHead(snapshot, state), ...factsIn(db, key) };
  const { versions = [] } = versionsIn(db, key);
  return { head, versions, ...settledEnd(turns, key, now) };
}

function settledEnd(
  turns: Turns,
  key: number,
  now: number,
): Pick<SettledSession, "through" | "count"> {
  const last = turns.lastHead(key);
  if (!last) return { through: firstTurnOf(key), count: 0 };
  const isOpen = !last.extra.call && settledView(last, now).status === "in_progress";
  const count = turns.countOf(key) - (isOpen ? 1 : 0);
  return { through: isOpen ? last.id - 1 : last.id, count };
}
