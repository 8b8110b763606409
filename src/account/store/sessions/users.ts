import type { Database } from "../../../sqlite/database.ts";
import { HELD } from "./session-flags.ts";

/** A user, or of a user what is done in one role. */
export interface User {
  user_id: string;
  /** Sessions in that role, and those without one; undefined for all. */
  role?: string | undefined;
}

/** Whether what is done in `role` is the user's. */
export const isInRole = ({ role }: User, other: string | null): boolean =>
  role === undefined || other === null || other === role;

const OF_USER =
  "from session_details d cross join sessions s on s.key = d.key where d.user_id = ?1 and (?2 is null or coalesce(d.role, ?2) = ?2)";
const params = ({ user_id, role }: User) => [user_id, role ?? null] as const;

/** The ids of the user's next sessions, oldest first. */
export function userSessions(db: Database, user: User, limit: number): string[] {
  const rows = db.all<{ session_id: string }>(
    `select s.session_id ${OF_USER} order by d.key limit ?3`,
    ...params(user),
    limit,
  );
  return rows.map(({ session_id }) => session_id);
}

export const countUserSessions = (db: Database, user: User): number =>
  db.scalar<number>(`select count(*) ${OF_USER}`, ...params(user)) ?? 0;

export const heldUserSessions = (db: Database, user: User): number =>
  db.scalar<number>(`select count(*) ${OF_USER} and s.flags & ${HELD} <> 0`, ...params(user)) ?? 0;
