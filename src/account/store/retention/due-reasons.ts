import type { Database } from "../../../sqlite/database.ts";
import { JOURNAL } from "../sessions/session-flags.ts";
import { partsBytes } from "../turns/turn-parts.ts";
import { accessedBefore, accessedUntil, createdBefore, due } from "./retention.ts";
import type { Due } from "./retention.ts";
import { before, byRule } from "./retention-policy.ts";

/** Why a sweep takes a session: the first of these that holds. */
export type DueReason =
  /** It belongs to the journal, which has more events than it may have. */
  | "journal"
  /** It had no turn for longer than `days`. */
  | "idle"
  /** It began longer than `days` ago. */
  | "age"
  /** The account has more live turns than it may have, and others had a turn later. */
  | "rows"
  /** The account has more live bytes than it may have, and others had a turn later. */
  | "bytes";

/** A session that is due, and why. */
export interface DueSession {
  session_id: string;
  reason: DueReason;
  /** Those of the retention rule that applies to the session; null where the reason is none of days. */
  days: number | null;
}

/** What is due among some sessions. */
export interface DuePart {
  /** The first by key, each with its reason. */
  first: DueSession[];
  /** How many are due for each reason. */
  counts: Partial<Record<DueReason, number>>;
  /** Their bytes of text. */
  bytes: number;
}

/**
 * Looks at the next sessions by key, due or not, and no more of them than `limit`: an account's sessions are looked at in
 * parts, with other calls in between.
 *
 * @param after - the key that the part before ended with; 0 for the first
 * @param ids - how many due sessions to name
 * @returns the part and the key that it ends with; null after the last
 */
export function explainDue(
  db: Database,
  request: Due,
  { after, limit, ids }: { after: number; limit: number; ids: number },
): { part: DuePart; through: number } | null {
  const through = db.scalar<number>(
    "select max(key) from (select key from sessions where key > ? order by key limit +?)",
    after,
    limit,
  );
  if (through === null) return null;
  const { sql, params } = reasonsOf(request);
  const some = `from (${sql} and s.key > ? and s.key <= ?)`;
  const first = db.all<{ session_id: string; reason: DueReason; days: number | null }>(
    `select session_id, reason, case reason when 'idle' then idle_days when 'age' then age_days end as days
     ${some} order by key limit +?`,
    ...params,
    after,
    through,
    ids,
  );
  const counts = db.all<{ reason: DueReason; sessions: number; bytes: number }>(
    `select reason, count(*) as sessions, total((select sum(octet_length(input) + coalesce(octet_length(output), 0) + ${partsBytes("parts")})
       from turns where id > key * 1048576 and id < (key + 1) * 1048576)) as bytes ${some} group by reason`,
    ...params,
    after,
    through,
  );
  return {
    through,
    part: {
      first,
      counts: Object.fromEntries(counts.map(({ reason, sessions }) => [reason, sessions])),
      bytes: counts.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  };
}

function reasonsOf(request: Due) {
  const { now, retention } = request;
  const rule = (condition: Parameters<typeof byRule>[1]) => byRule(retention, condition);
  const idleDays = rule(({ idle_days }) => String(idle_days));
  const ageDays = rule(({ age_days }) => String(age_days));
  const idle = rule(({ idle_days }) => accessedBefore(before(now, idle_days)));
  const aged = rule(({ age_days }) => createdBefore(before(now, age_days)));
  const taken = due(request);
  const sql = `select s.key, s.session_id, ${idleDays.sql} as idle_days, ${ageDays.sql} as age_days,
      case when s.flags & ${JOURNAL} <> 0 then 'journal' when ${idle.sql} then 'idle' when ${aged.sql} then 'age'
        when ${accessedUntil(request.crowded_before)} then 'rows' else 'bytes' end as reason
    from sessions s left join session_details d on d.key = s.key where ${taken.sql}`;
  const params = [idleDays, ageDays, idle, aged, taken].flatMap((each) => each.params);
  return { sql, params };
}
