import { ApiError } from "../../../shared/errors.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { User } from "./users.ts";
import { sessionErased, sessionNotFound } from "../../../shared/not-found-errors.ts";
import { findDetails } from "./sessions.ts";
import type { Principal } from "../../../shared/principal.ts";

/** The user that the caller names, as far as the caller speaks for them. @throws ApiError `forbidden` for another's */
export function userFor(caller: Principal | null, userId: string): User {
  if (caller?.user_id === undefined) return { user_id: userId };
  if (caller.user_id === userId) return { user_id: userId, role: caller.role };
  throw new ApiError("forbidden", "The key or token speaks for another user_id.", {
    param: "user_id",
  });
}

/** The owner of a session. */
export type Owner = { user_id: string | null; role: string | null };

/** Whether the session with this key is there for the caller. */
export const mayReach = (db: Database, caller: Principal | null, key: number): boolean =>
  caller?.user_id === undefined || isOwner(caller, findDetails(db, key));

/** Whether a session of this owner is there for the caller. */
export function isOwner(caller: Principal | null, owner: Owner | null): boolean {
  if (caller?.user_id === undefined) return true;
  return (
    owner?.user_id === caller.user_id &&
    (caller.role === undefined || owner.role === null || owner.role === caller.role)
  );
}

/**
 * Refuses the id of an erased session. A caller that speaks for a user learns of their own erased sessions alone:
 * another's looks like a live one of theirs.
 *
 * @param notFound - what the caller hears of a live session of another user
 * @throws ApiError `session_erased` or `session_not_found`
 */
export function checkNotErased(
  db: Database,
  caller: Principal | null,
  sessionId: string,
  notFound = sessionNotFound,
): void {
  const erased = db.one<{ user_id: string | null }>(
    "select user_id from tombstones where session_id = ?",
    sessionId,
  );
  if (erased === null) return;
  if (caller?.user_id === undefined || caller.user_id === erased.user_id) throw sessionErased();
  throw notFound();
}
