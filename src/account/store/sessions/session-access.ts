import { ApiError } from "../../../shared/errors.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { User } from "./users.ts";
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

/** Whether the session with this key is there for the caller. */
export function mayReach(db: Database, caller: Principal | null, key: number): boolean {
  if (caller?.user_id === undefined) return true;
  const details = findDetails(db, key);
  return (
    details?.user_id === caller.user_id &&
    (caller.role === undefined || details.role === null || details.role === caller.role)
  );
}
