import { ApiError } from "../../../shared/errors.ts";
import type { KeyUse } from "../account/api-keys.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { User } from "./users.ts";
import { findDetails } from "./sessions.ts";

/** Whom an RPC is made for, where that bounds what it may do. Null stands for the whole account. */
export interface Principal {
  /** For the account's object to check against what was revoked. */
  key: KeyUse | null;
  /** The one user that the key or token speaks for: nothing of another user's is there for it. */
  user_id?: string | undefined;
  /** That user's role, where the token names one. */
  role?: string | undefined;
}

/** @throws ApiError `forbidden` for whoever speaks for one user only */
export function checkWholeAccount(caller: Principal | null): void {
  if (caller?.user_id === undefined) return;
  throw new ApiError(
    "forbidden",
    "The key speaks for one user, and this is about the whole account.",
  );
}

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
