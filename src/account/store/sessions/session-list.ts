import type { Principal } from "../../../shared/principal.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { PageQuery, Page, Order } from "../../../sqlite/keyset-page.ts";
import type { Session, ViewRow } from "./sessions.ts";
import { VIEW, findSession, toSession, viewFrom } from "./sessions.ts";
import { readPage } from "../../../sqlite/keyset-page.ts";
import { JOURNAL } from "./session-flags.ts";
import { DEFAULT_ASSISTANT } from "../../../assistants/assistant.ts";

export interface SessionFilter {
  user_id?: string | undefined;
  assistant?: string | undefined;
  status?: "live" | "archived" | undefined;
  /** Pairs that the session's metadata must have. */
  metadata?: [name: string, value: string][] | undefined;
  /** Last accessed from then on, and before then, in ms since the epoch; to the day while the session is live. */
  accessed?: { from?: number | undefined; to?: number | undefined };
  /** Those that are there for this caller. */
  caller?: Principal | null | undefined;
}

const BY_METADATA = viewFrom("session_metadata m cross join sessions s on s.key = m.key");

/** One page of the sessions that fit the filter, by age: `desc` is newest first. */
export function listSessions(db: Database, filter: SessionFilter, query: PageQuery): Page<Session> {
  const walk = (order: Order, after: number | null, count: number) => {
    const { sql, params } = conditions(filter);
    // The index of one pair leads: it has its sessions by key.
    const [pair] = filter.metadata ?? [];
    const key = pair ? "m.key" : "s.key";
    if (pair) {
      sql.push("m.name = ? and m.value = ?");
      params.push(...pair);
    }
    if (after !== null) {
      sql.push(`${key} ${order === "desc" ? "<" : ">"} ?`);
      params.push(after);
    }
    return db.all<ViewRow>(
      `${pair ? BY_METADATA : VIEW} where ${sql.join(" and ")} order by ${key} ${order} limit +?`,
      ...params,
      count,
    );
  };
  const page = readPage(query, {
    // A caller that deletes what it lists goes on after what it deleted.
    cursorOf: (id) => findSession(db, id)?.key ?? erasedPlace(db, id),
    walk,
    placeOf: ({ key }) => key,
    // Metadata and the reason of a hold are bounded: 100 sessions are far from a page's bound.
    sizeOf: () => 0,
  });
  return { ...page, data: page.data.map(toSession) };
}

const erasedPlace = (db: Database, id: string): number | null =>
  db.scalar<number>("select key from erased_places where session_id = ?", id);

/** In SQL: of sessions `s` with their details `d`. */
export function conditions({
  user_id,
  assistant,
  status,
  metadata,
  accessed,
  caller,
}: SessionFilter) {
  const sql: string[] = [`s.flags & ${JOURNAL} = 0`];
  const params: (string | number)[] = [];
  const where = (condition: string, ...values: (string | number)[]) => {
    sql.push(condition);
    params.push(...values);
  };
  if (user_id !== undefined)
    where("s.key in (select key from session_details where user_id = ?)", user_id);
  if (caller?.user_id !== undefined) {
    where("s.key in (select key from session_details where user_id = ?)", caller.user_id);
    if (caller.role !== undefined) where("coalesce(d.role, ?) = ?", caller.role, caller.role);
  }
  if (assistant !== undefined) {
    where("coalesce(d.assistant, ?) = ?", DEFAULT_ASSISTANT, assistant);
  }
  if (status !== undefined) where(`s.segment is ${status === "live" ? "" : "not "}null`);
  if (accessed?.from !== undefined) where("s.accessed_at >= ?", accessed.from);
  if (accessed?.to !== undefined) where("s.accessed_at < ?", accessed.to);
  for (const [name, value] of metadata ?? []) {
    where(
      "exists (select 1 from session_metadata p where p.name = ? and p.value = ? and p.key = s.key)",
      name,
      value,
    );
  }
  return { sql, params };
}
