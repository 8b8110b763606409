/**
 * The rights of a caller: `query` asks, `read` reads, `manage` changes and erases, `admin` reaches all accounts. No scope
 * includes another.
 */
export const SCOPES = ["query", "read", "manage", "admin"] as const;
export type Scope = (typeof SCOPES)[number];
