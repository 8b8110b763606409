import { DEFAULT_ASSISTANT } from "../../../assistants/assistant.ts";
import type { Database } from "../../../sqlite/database.ts";
import { LAST_ACCESS } from "./sessions.ts";
import type { User } from "./users.ts";

/** Which sessions an export is of. */
export interface ExportFilter {
  user?: User | undefined;
  assistant?: string | undefined;
  /** Last accessed from then on, and before then, in ms since the epoch. */
  since?: number | undefined;
  until?: number | undefined;
}

function conditions({ user, assistant, since, until }: ExportFilter) {
  const sql: string[] = ["s.key > ?"];
  const params: (string | number)[] = [];
  const where = (condition: string, ...values: (string | number)[]) => {
    sql.push(condition);
    params.push(...values);
  };
  if (user) where("d.user_id = ?", user.user_id);
  if (user?.role !== undefined) where("coalesce(d.role, ?) = ?", user.role, user.role);
  if (assistant !== undefined) where("coalesce(d.assistant, ?) = ?", DEFAULT_ASSISTANT, assistant);
  if (since !== undefined) where(`${LAST_ACCESS} >= ?`, since);
  if (until !== undefined) where(`${LAST_ACCESS} < ?`, until);
  // A user's few sessions are found by the index on users, and not by a walk over all.
  const from = user
    ? "session_details d cross join sessions s on s.key = d.key"
    : "sessions s left join session_details d on d.key = s.key";
  return { from, where: sql.join(" and "), params };
}

/** The key of the next session after `after`; null after the last. */
export function nextExported(db: Database, filter: ExportFilter, after: number): number | null {
  const { from, where, params } = conditions(filter);
  const sql = `select s.key from ${from} where ${where} order by s.key limit 1`;
  return db.scalar<number>(sql, after, ...params);
}

export function countExported(db: Database, filter: ExportFilter): number {
  const { from, where, params } = conditions(filter);
  return db.scalar<number>(`select count(*) from ${from} where ${where}`, 0, ...params) ?? 0;
}
