import { DAY_MS, dayOf } from "../../../shared/time.ts";
import { readValue } from "../account/account-values.ts";
import { noteSize } from "../account/file-compaction.ts";
import type { DayCounts } from "../usage/account-count.ts";
import type { Counters } from "../usage/counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import { dropFrames } from "../turns/system-prompts.ts";
import { dropStates } from "../sessions/session-state.ts";
import { before, byRule, isUniform } from "./retention-policy.ts";
import type { Retention } from "./retention-policy.ts";
import { LAST_ACCESS } from "../sessions/sessions.ts";
import { EXEMPT, JOURNAL, KEPT } from "../sessions/session-flags.ts";
import { sessionSlices } from "../sessions/session-slices.ts";
import type { SessionRow } from "../sessions/sessions.ts";
import { writeSession } from "../sessions/write-session.ts";

/** Everything about a session that can change under a sweep. Compared as JSON before the session is deleted. */
export type Snapshot = {
  key: number;
  session_id: string;
  created_at: number;
  accessed_at: number;
  flags: number;
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
  hold: string | null;
};

/** A session that lies in a segment now: what to delete, and where it went. */
export interface Archived {
  snapshot: Snapshot;
  member: number;
  turns: number;
  messages: number;
}

const SNAPSHOT = `select s.key, s.session_id, s.created_at, s.accessed_at, s.flags, s.segment,
  d.assistant, d.user_id, d.role, d.metadata, d.facts, d.state_version, d.summary, d.summary_turn, d.hold, ${LAST_ACCESS} as last_accessed_at, t.id as last_id, t.status as last_status
  from sessions s left join session_details d on d.key = s.key
  left join turns t on t.id = (select id from turns where id > s.key * 1048576 and id < (s.key + 1) * 1048576 order by id desc limit 1)`;

/** Which sessions a sweep takes. */
export interface Due {
  /** The moment by which age is told, in ms since the epoch. */
  now: number;
  retention: Retention;
  /** Last accessed at or before this, they are due as well: there are more turns than the account may have. */
  crowded_before: number | null;
  /** Last accessed at or before this, they are due as well: SQLite has more bytes than the account may have live. */
  full_before: number | null;
  /** Blocks of the journal up to this key are due; null: none. */
  journal_through: number | null;
}

type Where = { sql: string; params: (number | string)[] };

/** A session's last access; it costs a seek, so it is asked for only of those that may be due. */
export const accessedBefore = (at: number | null): string =>
  at === null ? "0" : `(s.accessed_at < ${at} and ${LAST_ACCESS} < ${at})`;
/** {@link accessedBefore}, with that moment. */
export const accessedUntil = (at: number | null): string =>
  accessedBefore(at === null ? null : at + 1);
export const createdBefore = (at: number | null): string =>
  at === null ? "0" : `s.created_at < ${at}`;
const FROM = "from sessions s left join session_details d on d.key = s.key";

/** Live, neither pinned nor held, and idle or old for too long. No index: a scan is cheaper than a row a session and day. */
export function due({ now, retention, crowded_before, full_before, journal_through }: Due): Where {
  const rule = byRule(
    retention,
    ({ idle_days, age_days }) =>
      `(${accessedBefore(before(now, idle_days))} or ${createdBefore(before(now, age_days))})`,
  );
  const crowded = [crowded_before, full_before].map(accessedUntil).join(" or ");
  const journal = journal_through === null ? "0" : `s.key <= ${journal_through}`;
  const sql = `s.segment is null and (s.flags & ${EXEMPT} = 0 and (${rule.sql} or ${crowded})
    or s.flags & ${EXEMPT} = ${JOURNAL} and ${journal})`;
  return { sql, params: rule.params };
}

/** How many sessions are due. Where one number of days goes for all, the counters know. Other calls run between slices. */
export async function countDueSessions(
  db: Database,
  counters: Counters,
  request: Due,
): Promise<number> {
  const { now, retention, crowded_before, full_before, journal_through } = request;
  const byDays = crowded_before === null && full_before === null && journal_through === null;
  if (isUniform(retention) && byDays) {
    const cutoff = before(now, retention.idle_days);
    if (cutoff === null) return 0;
    await counters.load(dayOf(cutoff));
    return counters.due(cutoff);
  }
  const { sql, params } = due(request);
  let count = 0;
  for await (const { from, to } of sessionSlices(db))
    count +=
      db.scalar<number>(
        `select count(*) ${FROM} where s.key >= ? and s.key < ? and (${sql})`,
        from,
        to,
        ...params,
      ) ?? 0;
  return count;
}

/** The next due sessions, by key, after `after`. Other calls run between slices of those that are looked at. */
export async function dueSessions(
  db: Database,
  request: Due,
  { after, limit }: { after: number; limit: number },
): Promise<Snapshot[]> {
  const { sql, params } = due(request);
  const found: Snapshot[] = [];
  for await (const { from, to } of sessionSlices(db, after + 1)) {
    found.push(
      ...db.all<Snapshot>(
        `${SNAPSHOT} where s.key >= ? and s.key < ? and ${sql} order by s.key limit +?`,
        from,
        to,
        ...params,
        limit - found.length,
      ),
    );
    if (found.length === limit) break;
  }
  return found;
}

export const hasJournal = (db: Database): boolean => readValue(db, "journal") !== null;

/** Archived sessions whose archive has been kept for as long as it may be, by key. A backup's part is no archive. */
export function expiredArchives(
  db: Database,
  { now, retention }: Pick<Due, "now" | "retention">,
  { after = 0, limit }: { after?: number; limit: number },
): SessionRow[] {
  const rule = byRule(retention, ({ archive_days }) => {
    const at = before(now, archive_days);
    return at === null ? "0" : `g.created_at < ${at}`;
  });
  return db.all<SessionRow>(
    `select s.* ${FROM} join segments g on g.id = s.segment and g.backup_id is null
     where s.flags & ${KEPT} = 0 and ${rule.sql} and s.segment > ? order by s.segment limit +?`,
    ...rule.params,
    after,
    limit,
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
  noteSize(db);
  const keys = archived.map(({ snapshot }) => snapshot.key);
  dropStates(db, keys);
  dropFrames(db, keys);
  db.run(
    `delete from turns where id in (select t.id from json_each(?) j cross join turns t
     on t.id between j.value * 1048576 and j.value * 1048576 + 1048575)`,
    JSON.stringify(keys),
  );
  writeSession(
    db,
    keys,
    `update sessions set segment = ?, member = j.member, turns = j.turns, accessed_at = j.accessed_at
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
