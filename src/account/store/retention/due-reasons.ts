import type { Database } from "../../../sqlite/database.ts";
import { JOURNAL } from "../sessions/session-flags.ts";
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

/** The first due sessions by key, each with its reason; and how many are due for each reason. */
export function explainDue(
  db: Database,
  request: Due,
  limit: number,
): { first: DueSession[]; counts: Partial<Record<DueReason, number>> } {
  const { sql, params } = reasonsOf(request);
  const first = db.all<{ session_id: string; reason: DueReason; days: number | null }>(
    `select session_id, reason, case reason when 'idle' then idle_days when 'age' then age_days end as days
     from (${sql}) order by key limit ?`,
    ...params,
    limit,
  );
  const counts = db.all<{ reason: DueReason; sessions: number }>(
    `select reason, count(*) as sessions from (${sql}) group by reason`,
    ...params,
  );
  return { first, counts: Object.fromEntries(counts.map((each) => [each.reason, each.sessions])) };
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
