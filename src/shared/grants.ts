import type { Scope } from "./scopes.ts";

/** The scopes that an admin key may hand out. Only the root key gives `admin`. */
export const GRANTABLE_SCOPES = ["query", "read", "manage"] as const satisfies Scope[];

/** Limits for the keys that an admin key issues. */
export interface Grants {
  scopes: (typeof GRANTABLE_SCOPES)[number][];
  /** The ids of accounts; `*` is every account. */
  accounts: string[] | "*";
}

/** @returns null when the grants cover such a key; else the field that they do not cover */
export function missingGrant(
  grants: Grants | null,
  key: { account_id: string; scopes: readonly Scope[] },
): "scopes" | "account_id" | null {
  const scopes: readonly Scope[] = grants?.scopes ?? [];
  const accounts = grants?.accounts ?? [];
  if (key.scopes.some((scope) => !scopes.includes(scope))) return "scopes";
  if (accounts !== "*" && !accounts.includes(key.account_id)) return "account_id";
  return null;
}
