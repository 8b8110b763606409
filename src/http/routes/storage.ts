import { z } from "zod";

import type { DueReport } from "../../account/archive/upkeep/sweep.ts";
import type { Stats } from "../../account/store/usage/stats.ts";
import { sweepAccount } from "../../jobs/sweep.ts";
import { DAY_MS, isoTime } from "../../shared/time.ts";
import { ARCHIVE_ERRORS } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { quotas } from "../openapi/shared-replies.ts";
import { accountNames } from "../read-request.ts";
import { route } from "../route.ts";

const DAYS_RULE = "takes a number of days above zero";

const purgeFields = () =>
  z.strictObject({
    dry_run: z
      .union([z.boolean(), z.stringbool({ truthy: ["true"], falsy: ["false"] })], {
        error: "takes true or false",
      })
      .default(false),
    older_than_days: z.coerce
      .number({ error: DAYS_RULE })
      .positive(DAYS_RULE)
      .max(36_500, DAYS_RULE)
      .optional(),
    ...accountNames,
  });

/** Routes that operators call with curl. */
export const storage = [
  route("GET /storage-stats", {
    id: "getStorageStats",
    summary: "Counts what the account stores",
    scope: "read",
    reply: () => s.object(statsFields()),
    handle: async ({ call, now }) => {
      const stats = await call((account, caller) => account.settings.stats(caller, now));
      return statsBody(stats);
    },
  }),
  route("POST /purge", {
    id: "purge",
    summary: "Archives due sessions, or with `dry_run` counts them",
    repeat: "safe",
    audit: "account.purge",
    scope: "manage",
    // A schema of its own: the document names those of bodies, and writes out those of query strings.
    query: () => purgeFields(),
    fields: purgeFields,
    reply: () =>
      s.oneOf(
        s.object({
          deleted: s.whole,
          errors: s.whole,
          archived: s.whole,
          bytes: s.whole,
          remaining: s.whole,
        }),
        s.object({
          dry_run: s.only(true),
          deleted: { const: 0 },
          ...dueFields(),
        }),
      ),
    errors: ["account_held", ...ARCHIVE_ERRORS],
    handle: async ({ c, body: { dry_run, older_than_days }, access, call, now }) => {
      const { account_id, principal } = access;
      const olderThanMs = older_than_days === undefined ? null : older_than_days * DAY_MS;
      const readDue = () =>
        call((account, caller) => account.archives.due(caller, now, olderThanMs));
      if (dry_run) {
        const due = await readDue();
        return {
          dry_run: true,
          deleted: 0,
          ...dueBody(due, now),
        };
      }
      const job = { account_id, now, after: 0, so_far: { deleted: 0, errors: 0, bytes: 0 } };
      const { so_far, after, remaining } = await sweepAccount(c.env, job, olderThanMs, principal);
      return {
        ...so_far,
        archived: so_far.deleted,
        remaining: after === null ? remaining : (await readDue()).sessions,
      };
    },
  }),
];

/** What an account stores, as documented. */
export const statsFields = () => ({
  total_conversations: s.whole,
  total_messages: s.whole,
  total_turns: s.whole,
  storage_bytes: s.whole,
  oldest_conversation: s.maybe(s.time),
  newest_conversation: s.maybe(s.time),
  last_accessed: s.mapOf(s.whole),
  last_accessed_earlier: s.whole,
  archived_conversations: s.whole,
  archived_bytes: s.whole,
  due_for_purge: s.whole,
  retention_days: s.maybe(s.number),
  quotas,
  last_purge: s.maybe(s.object({ at: s.time, deleted: s.whole, errors: s.whole, bytes: s.whole })),
});

/** Sessions that a sweep would take, as documented. */
export const dueFields = () => ({
  would_delete: s.whole,
  bytes: s.whole,
  reason: s.text,
  reasons: s.mapOf(s.whole),
  first_session_ids: s.many(s.text),
  first_sessions: s.many(
    s.object({
      session_id: s.text,
      reason: s.only("idle", "age", "rows", "bytes", "journal"),
      days: s.maybe(s.number),
    }),
  ),
});

export const statsBody = ({
  last_accessed,
  last_purge,
  ...stats
}: Stats & { retention_days: number | null }) => ({
  total_conversations: stats.conversations,
  total_messages: stats.messages,
  total_turns: stats.turns,
  storage_bytes: stats.storage_bytes,
  oldest_conversation: optionalTime(stats.oldest_at),
  newest_conversation: optionalTime(stats.newest_at),
  last_accessed: Object.fromEntries(
    last_accessed.map(({ day, conversations }) => [dayName(day), conversations]),
  ),
  last_accessed_earlier: stats.last_accessed_earlier,
  archived_conversations: stats.archived,
  archived_bytes: stats.archived_bytes,
  due_for_purge: stats.due_for_purge,
  retention_days: stats.retention_days,
  quotas: stats.quotas,
  last_purge: last_purge && { ...last_purge, at: isoTime(last_purge.at) },
});

export const dueBody = (due: DueReport, now: number) => ({
  would_delete: due.sessions,
  bytes: due.bytes,
  reason: reasonText(due, now),
  reasons: due.reasons,
  first_session_ids: due.first_ids,
  first_sessions: due.first,
});

/** In words, why sessions are due. */
function reasonText({ reasons, first, is_held }: DueReport, now: number): string {
  if (is_held) return "the whole account is under legal hold: nothing is due";
  const words = {
    idle: "had no turn for longer than their days of retention",
    age: "began longer ago than sessions may last",
    rows: "are the longest without a turn, and the account has more live turns than it may have",
    bytes: "are the longest without a turn, and the account has more live bytes than it may have",
    journal: "are the journal's oldest calls, and it has more events than it may have",
  };
  const some = Object.entries(reasons) as [keyof typeof words, number][];
  if (some.length === 0) return `nothing is due at ${isoTime(now)}`;
  const one = first.every(({ reason, days }) => reason === "idle" && days === first[0]?.days);
  if (one && some.length === 1)
    return `last accessed more than ${first[0]?.days} days before ${isoTime(now)}, neither pinned nor under legal hold`;
  return `at ${isoTime(now)}: ${some.map(([reason, count]) => `${count} ${words[reason]}`).join("; ")}`;
}

const optionalTime = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
const dayName = (ms: number): string => isoTime(ms).slice(0, 10);
