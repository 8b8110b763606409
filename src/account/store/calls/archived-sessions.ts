import type { Database } from "../../../sqlite/database.ts";
import type { Order } from "../../../sqlite/keyset-page.ts";
import type { SessionRow } from "../sessions/sessions.ts";
import type { CallFilter } from "./calls.ts";

/** The next archived sessions whose calls a list may show, by key, from the key `from` on. */
export function archivedSessions(
  db: Database,
  { session_id, user_id }: Pick<CallFilter, "session_id" | "user_id">,
  { order, from, limit }: { order: Order; from: number | null; limit: number },
): SessionRow[] {
  const params: (string | number)[] = [];
  const conditions = ["s.segment is not null"];
  const add = (condition: string, value: string | number) => {
    conditions.push(condition);
    params.push(value);
  };
  if (from !== null) add(`s.key ${order === "asc" ? ">=" : "<="} ?`, from);
  if (session_id !== undefined) add("s.session_id = +?", session_id);
  if (user_id !== undefined)
    add("exists (select 1 from session_details d where d.key = s.key and d.user_id = ?)", user_id);
  return db.all<SessionRow>(
    `select s.* from sessions s where ${conditions.join(" and ")} order by s.key ${order} limit +?`,
    ...params,
    limit,
  );
}
