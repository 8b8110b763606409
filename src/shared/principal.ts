import { ApiError } from "./errors.ts";

/** A key, as every RPC carries it. The Worker has checked its signature and expiry; the object checks its revocation. */
export interface KeyUse {
  key_id: string;
  /** Ms since the epoch. */
  issued_at: number;
}

/** The caller of an RPC. Null is a caller with all rights on the account. */
export interface Principal {
  /** For the account's object to check for revocation. */
  key: KeyUse | null;
  /** The one user that the key or token acts for. It finds nothing of another user. */
  user_id?: string | undefined;
  /** The user's role, if the token names one. */
  role?: string | undefined;
}

/** @throws ApiError `forbidden` for a key that acts for one user */
export function checkWholeAccount(caller: Principal | null): void {
  if (caller?.user_id === undefined) return;
  throw new ApiError(
    "forbidden",
    "The key acts for one user, and this is about the whole account. Use a key of the account.",
  );
}
