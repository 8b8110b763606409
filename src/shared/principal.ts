import { ApiError } from "./errors.ts";

/** What of a key travels with each RPC: its signature and expiry are checked before, its revocation here. */
export interface KeyUse {
  key_id: string;
  /** Ms since the epoch. */
  issued_at: number;
}

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
