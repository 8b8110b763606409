import type { Database } from "../../../sqlite/database.ts";
import { formersOf } from "../../store/erasure/former-sessions.ts";
import type { FormerSession } from "../../store/erasure/former-sessions.ts";
import { findSession } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";

/** The sessions that go, by their ids and what their lines in the segment say. */
export interface GoneSessions {
  has: (sessionId: string, copy: FormerSession) => boolean;
}

/**
 * A session goes by its id, but for copies of former ones that stay. A former one goes by its id, too, unless another
 * session has that now: then by its key or its owner, as a copy may be older than the key.
 */
export function goneSessions(
  db: Database,
  sessions: readonly SessionRow[],
  formers: readonly FormerSession[],
): GoneSessions {
  const ids = new Set(sessions.map(({ session_id }) => session_id));
  const alone = formers.filter(({ session_id }) => findSession(db, session_id) === null);
  for (const { session_id } of alone) ids.add(session_id);
  const going = new Map(formers.map((former) => [pairOf(former), former]));
  const staying = new Map(
    formersOf(db, [...ids])
      .map((former) => [pairOf(former), former] as const)
      .filter(([pair]) => !going.has(pair)),
  );
  const isStaying = (copy: FormerSession): boolean => {
    const former = staying.get(pairOf(copy));
    const isOfRole = copy.role === null || copy.role === former?.role;
    // The copy may be older than its user's name.
    const isOfUser = copy.user_id === null || copy.user_id === former?.user_id;
    return former !== undefined && isOfUser && isOfRole;
  };
  const owners = new Set(formers.flatMap(ownersOf));
  return {
    has: (id, copy) => {
      const former = going.get(pairOf(copy));
      if ((former && mayBeOf(former, copy)) || owners.has(ownerOf(copy))) return true;
      return ids.has(id) && !isStaying(copy);
    },
  };
}

const pairOf = ({ key, session_id }: Pick<FormerSession, "key" | "session_id">): string =>
  JSON.stringify([key, session_id]);
/** A copy under the session's key may be of another user, whom it had before. */
const mayBeOf = (former: FormerSession, copy: FormerSession): boolean =>
  former.user_id === null || copy.user_id === null || former.user_id === copy.user_id;
const ownerOf = ({ session_id, user_id, role }: FormerSession): string =>
  JSON.stringify([session_id, user_id, role]);
/** Later parts of a session name no role. */
const ownersOf = (former: FormerSession): string[] =>
  former.user_id === null ? [] : [ownerOf(former), ownerOf({ ...former, role: null })];
