import type { Database } from "../../../sqlite/database.ts";
import { DEFAULT_ASSISTANT } from "../../../assistants/assistant.ts";
import { HELD, JOURNAL, PINNED } from "./session-flags.ts";
import { IS_COMPLETION, LAST_ACCESS } from "./sessions.ts";

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
  "from session_details d cross join sessions s on s.key = d.key where d.user_id = +?1 and (?2 is null or coalesce(d.role, ?2) = ?2)";
const params = ({ user_id, role }: User) => [user_id, role ?? null] as const;

/** The ids of the user's next sessions, oldest first. */
export function userSessions(db: Database, user: User, limit: number): string[] {
  const rows = db.all<{ session_id: string }>(
    `select s.session_id ${OF_USER} order by d.key limit +?3`,
    ...params(user),
    limit,
  );
  return rows.map(({ session_id }) => session_id);
}

export const countUserSessions = (db: Database, user: User): number =>
  db.scalar<number>(`select count(*) ${OF_USER}`, ...params(user)) ?? 0;

export const heldUserSessions = (db: Database, user: User): number =>
  db.scalar<number>(`select count(*) ${OF_USER} and s.flags & ${HELD} <> 0`, ...params(user)) ?? 0;

/** Number of a user's newest sessions that are searched for a block of the journal. */
const BLOCK_SCAN = 100;

/**
 * The key of the newest live block of the user's own journal: their calls that belong to no session. Null where none is
 * among their newest sessions.
 */
export const journalOf = (db: Database, userId: string): number | null =>
  db.scalar<number>(
    `select s.key from (select key from session_details
       where user_id = +? and assistant is null and role is null order by key desc limit ${BLOCK_SCAN}) d
     cross join sessions s on s.key = d.key
     where s.flags & ${JOURNAL | PINNED} = ${JOURNAL} and s.segment is null order by s.key desc limit 1`,
    userId,
  );

/** The user's newest session with an assistant, in a role. Chat completions do not count: each ends with its answer. */
export const latestSessionOf = (
  db: Database,
  { user_id, assistant, role }: { user_id: string; assistant: string; role: string | null },
): { session_id: string; last_accessed_at: number } | null =>
  db.one<{ session_id: string; last_accessed_at: number }>(
    `select s.session_id, ${LAST_ACCESS} as last_accessed_at
     from session_details d cross join sessions s on s.key = d.key
     where d.user_id = +? and d.assistant is +? and d.role is +? and s.flags & ${JOURNAL} = 0
       and not ${IS_COMPLETION} order by d.key desc limit 1`,
    user_id,
    assistant === DEFAULT_ASSISTANT ? null : assistant,
    role,
  );
