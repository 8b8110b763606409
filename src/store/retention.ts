import { DEFAULT_ASSISTANT } from "../assistants/assistant.ts";
import { DAY_MS } from "../time.ts";
import type { Counters, DayCounts } from "./counters.ts";
import type { Database } from "./database.ts";
import { forgetTurns } from "./search.ts";
import { dropStates } from "./state.ts";
import { EXEMPT, LAST_ACCESS } from "./sessions.ts";

/** Everything about a session that can change under a sweep. Compared as JSON before the session is deleted. */
export type Snapshot = {
  key: number;
  session_id: string;
  created_at: number;
  accessed_at: number;
  flags: number;
  indexed: number;
  assistant: string | null;
  user_id: string | null;
  role: string | null;
  metadata: string | null;
  facts: string | null;
  state_version: number | null;
  summary: string | null;
  summary_turn: number | null;
  last_accessed_at: number;
  last_id: number | null;
  last_status: number | null;
};

/** A session that lies in a segment now: what to delete, and where it went. */
export interface Archived {
  snapshot: Snapshot;
  member: number;
  turns: number;
  messages: number;
}

const SNAPSHOT = `select s.key, s.session_id, s.created_at, s.accessed_at, s.flags, s.indexed, s.segment,
  d.assistant, d.user_id, d.role, d.metadata, d.facts, d.state_version, d.summary, d.summary_turn, ${LAST_ACCESS} as last_accessed_at, t.id as last_id, t.status as last_status
  from sessions s left join session_details d on d.key = s.key
  left join turns t on t.id = (select id from turns where id > s.key * 1048576 and id < (s.key + 1) * 1048576 order by id desc limit 1)`;

/** Before which last access a session is due: the account's, and those of assistants that have their own. */
export interface Cutoffs {
  account: number;
  assistants: Record<string, number>;
}

const hasOwn = ({ assistants }: Cutoffs): boolean => Object.keys(assistants).length > 0;

/** Live, neither pinned nor held, and last accessed before its cutoff. No index: a scan is cheaper than a row a session and day. */
function due(cutoffs: Cutoffs): { sql: string; params: (number | string)[] } {
  const { account, assistants } = cutoffs;
  const sql = `s.segment is null and s.flags & ${EXEMPT} = 0 and s.accessed_at < ? and ${LAST_ACCESS} < `;
  if (!hasOwn(cutoffs)) return { sql: `${sql} ?`, params: [account, account] };
  const own = `coalesce((select c.value from json_each(?) c where c.key =
    coalesce((select assistant from session_details where key = s.key), '${DEFAULT_ASSISTANT}')), ?)`;
  const latest = Math.max(account, ...Object.values(assistants));
  return { sql: sql + own, params: [latest, JSON.stringify(assistants), account] };
}

/** How many sessions are due. Without assistants that differ, the counters know. */
export function countDueSessions(db: Database, counters: Counters, cutoffs: Cutoffs): number {
  if (!hasOwn(cutoffs)) return counters.due(cutoffs.account);
  const { sql, params } = due(cutoffs);
  return db.scalar<number>(`select count(*) from sessions s where ${sql}`, ...params) ?? 0;
}

/** The next sessions that are due, by key, behind `after`. */
export function dueSessions(
  db: Database,
  cutoffs: Cutoffs,
  page: { after: number; limit: number },
): Snapshot[] {
  const { sql, params } = due(cutoffs);
  return db.all<Snapshot>(
    `${SNAPSHOT} where s.key > ? and ${sql} order by s.key limit ?`,
    page.after,
    ...params,
    page.limit,
  );
}

/** How many bytes of text are due. */
export function dueBytes(db: Database, cutoffs: Cutoffs): number {
  const { sql, params } = due(cutoffs);
  return (
    db.scalar<number>(
      `select coalesce(sum((select sum(octet_length(input) + coalesce(octet_length(output), 0)) from turns
         where id > s.key * 1048576 and id < (s.key + 1) * 1048576)), 0) from sessions s where ${sql}`,
      ...params,
    ) ?? 0
  );
}

export function snapshots(db: Database, keys: readonly number[]): Snapshot[] {
  return db.all<Snapshot>(
    `${SNAPSHOT} where s.key in (select value from json_each(?))`,
    JSON.stringify(keys),
  );
}

/**
 * Deletes the turns of archived sessions and leaves in each session's row where they went. In a transaction.
 * One row a turn and one a session: the rows of those that stay are not touched.
 */
export function moveToSegment(db: Database, archived: readonly Archived[], segment: number): void {
  dropStates(
    db,
    archived.map(({ snapshot }) => snapshot.key),
  );
  const keys = JSON.stringify(archived.map(({ snapshot }) => snapshot.key));
  forgetTurns(
    db,
    archived.map(({ snapshot }) => snapshot).filter(({ indexed }) => indexed > 0),
  );
  db.run(
    `delete from turns where id in (select t.id from json_each(?) j cross join turns t
     on t.id between j.value * 1048576 and j.value * 1048576 + 1048575)`,
    keys,
  );
  db.run(
    `update sessions set segment = ?, member = j.member, turns = j.turns, accessed_at = j.accessed_at, indexed = 0
     from (select value ->> 0 as key, value ->> 1 as member, value ->> 2 as turns, value ->> 3 as accessed_at from json_each(?)) j
     where sessions.key = j.key`,
    segment,
    JSON.stringify(
      archived.map(({ snapshot, member, turns }) => [
        snapshot.key,
        member,
        turns,
        snapshot.last_accessed_at,
      ]),
    ),
  );
}

/**
 * A moment before which no session that a sweep may take was last accessed: not one that is live now, nor one that
 * begins later. To the day, so a sweep may come some hours early, find nothing, and ask again.
 */
export function idleSince(counters: Counters, now: number): number {
  const { accessed_by_day, exempt_by_day } = counters.sessions();
  const first = firstDay(accessed_by_day, exempt_by_day);
  return first === null ? now : Math.min(now, first * DAY_MS);
}

function firstDay(all: DayCounts, exempt: DayCounts): number | null {
  // Integer keys of an object come in ascending order.
  for (const [day, count] of Object.entries(all)) {
    if (count > (exempt[Number(day)] ?? 0)) return Number(day);
  }
  return null;
}
