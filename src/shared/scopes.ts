/**
 * What a caller may do: `query` asks, `read` reads, `manage` changes and erases, `admin` goes across accounts.
 * No scope includes another.
 */
export const SCOPES = ["query", "read", "manage", "admin"] as const;
export type Scope = (typeof SCOPES)[number];
