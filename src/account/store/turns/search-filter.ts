import type { Principal } from "../../../shared/principal.ts";

export interface SearchFilter {
  status?: "live" | "archived" | undefined;
  /** Those that are there for this caller. */
  caller?: Principal | null;
}

/** The condition that leaves one user their own sessions `s`, and of those the live or the archived ones. */
export function conditions({ status, caller = null }: SearchFilter): {
  sql: string;
  params: string[];
} {
  const ofStatus =
    status === undefined ? "" : `and s.segment is ${status === "live" ? "" : "not "}null`;
  if (caller?.user_id === undefined) return { sql: ofStatus, params: [] };
  const { user_id, role } = caller;
  const ofRole = role === undefined ? "" : "and coalesce(role, ?) = ?";
  return {
    sql: `${ofStatus} and s.key in (select key from session_details where user_id = ? ${ofRole})`,
    params: [user_id, ...(role === undefined ? [] : [role, role])],
  };
}
