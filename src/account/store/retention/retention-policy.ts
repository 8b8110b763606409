import { z } from "zod";

import { DEFAULT_ASSISTANT } from "../../../assistants/assistant.ts";
import { ID_PATTERN, ID_RULE } from "../../../shared/ids.ts";
import { DAY_MS } from "../../../shared/time.ts";
import { validJson } from "../../../sqlite/valid-json.ts";
import { METADATA_PAIRS } from "../../../shared/field-schemas.ts";
import type { Config } from "../../../config.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /** The account's own retention; absent: none. */
    retention: RetentionSettings;
  }
}

const MAX_RULES = 16;
const RULE_PAIRS = 2;

const DAYS_RULE = "takes a number of days above zero, or null for never";
const days = z.number({ error: DAYS_RULE }).positive(DAYS_RULE).max(36_500, DAYS_RULE).nullable();
const whole = (what: string, max: number) => {
  const rule = `takes ${what}, 1 to ${max}, or null for no limit`;
  return z.number({ error: rule }).int(rule).min(1, rule).max(max, rule).nullable();
};
const HOURS_RULE = "takes a number of hours above zero, or null for not at all";

/** Fields that may differ by session. */
const perSession = {
  /** Without a turn for so long, a session is archived. */
  idle_days: days,
  /** So long after it began a session is archived, whenever its last turn was. */
  age_days: days,
  /** So long after it was archived, an archive is deleted. */
  archive_days: days,
};

const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed());
const METADATA_RULE = `takes an object of at most ${RULE_PAIRS} strings that the session's metadata must have`;

/** Retention settings of an account. The deployment's apply where one is left out; null means never, or no limit. */
export const retentionSettings = z.lazy(() =>
  z
    .strictObject({
      ...perSession,
      /** The sessions longest without a turn are archived until no more turns than this are live. */
      rows: whole("a number of turns", 1_000_000_000),
      /** The sessions longest without a turn are archived until no more bytes than this are live in SQLite. */
      live_bytes: whole("a number of bytes", 10_000_000_000),
      /** The journal's oldest calls are archived until no more of its events than this are live. */
      journal_rows: whole("a number of events", 1_000_000_000),
      /** A backup is deleted so long after it was made. */
      backup_days: days,
      /** A backup is made so often, without being asked for. */
      backup_every_days: days,
      /** Past so many made without being asked for, the oldest is deleted. */
      backups_kept: whole("a number of backups", 1_000),
      /** How long the answers of assistants that allow it are kept in the cache. */
      cache_hours: z
        .number({ error: HOURS_RULE })
        .positive(HOURS_RULE)
        .max(8_760, HOURS_RULE)
        .nullable(),
      /** For some sessions: the first rule that fits, with what it leaves out taken from above. */
      rules: z
        .array(
          z
            .strictObject({
              assistant: z.string().regex(ID_PATTERN, `takes an id: ${ID_RULE}`),
              metadata: z
                .record(text(64), z.string().max(512), { error: METADATA_RULE })
                .refine((pairs) => {
                  const count = Object.keys(pairs).length;
                  return count >= 1 && count <= Math.min(RULE_PAIRS, METADATA_PAIRS);
                }, METADATA_RULE),
              ...perSession,
            })
            .partial()
            .refine(
              ({ assistant, metadata }) => assistant !== undefined || metadata !== undefined,
              "takes an assistant, metadata, or both",
            ),
          { error: "takes a list of rules" },
        )
        .max(MAX_RULES, `takes ${MAX_RULES} rules at most`),
    })
    .partial(),
);

export type RetentionSettings = z.infer<typeof retentionSettings>;
export type RetentionRule = NonNullable<RetentionSettings["rules"]>[number];

type Settings = { [N in keyof RetentionSettings]-?: Exclude<RetentionSettings[N], undefined> };

/** The retention in force: the account's settings over the deployment's. */
export type Retention = Omit<Settings, "rules"> & { rules: RetentionRule[] };

/** The days of one session: of those that one rule is for, or of all that none is for. */
export type SessionDays = Pick<Retention, "idle_days" | "age_days" | "archive_days">;

/** @param byAssistant - how long the assistants' sessions may be idle, where those say so themselves */
export function effectiveRetention(
  deployment: Omit<Retention, "rules">,
  own: RetentionSettings | null,
  byAssistant: ReadonlyMap<string, number>,
): Retention {
  const rules = (own?.rules ?? []).map((rule) => {
    const idle = rule.assistant === undefined ? undefined : byAssistant.get(rule.assistant);
    return idle === undefined ? rule : { idle_days: idle, ...rule };
  });
  const assistants = Array.from(byAssistant, ([assistant, idle_days]): RetentionRule => ({
    assistant,
    idle_days,
  }));
  return { ...deployment, ...(own as Partial<Retention>), rules: [...rules, ...assistants] };
}

/** The days of the rule, what it leaves out being the account's. */
export const daysOf = (retention: Retention, rule: RetentionRule | null): SessionDays => ({
  idle_days: rule?.idle_days === undefined ? retention.idle_days : rule.idle_days,
  age_days: rule?.age_days === undefined ? retention.age_days : rule.age_days,
  archive_days: rule?.archive_days === undefined ? retention.archive_days : rule.archive_days,
});

/** Whether one number of days goes for all sessions: then the counters know how many are due by it. */
export const isUniform = ({ rules, age_days }: Retention): boolean =>
  rules.length === 0 && age_days === null;

/** The least of what any session may have; null: never. */
export function shortest(retention: Retention, name: keyof SessionDays): number | null {
  const all = [null, ...retention.rules].map((rule) => daysOf(retention, rule)[name]);
  const some = all.filter((each) => each !== null);
  return some.length === 0 ? null : Math.min(...some);
}

/**
 * A condition in SQL that is another one for the sessions of each rule, over `sessions s` and its details `d`.
 *
 * @param condition - of the sessions with these days
 */
export function byRule(
  retention: Retention,
  condition: (days: SessionDays) => string,
): { sql: string; params: string[] } {
  const { rules } = retention;
  if (rules.length === 0) return { sql: condition(daysOf(retention, null)), params: [] };
  const params: string[] = [];
  const branches = rules.map((rule) => {
    const fits: string[] = [];
    if (rule.assistant !== undefined) {
      fits.push(`coalesce(d.assistant, '${DEFAULT_ASSISTANT}') = ?`);
      params.push(rule.assistant);
    }
    for (const [name, value] of Object.entries(rule.metadata ?? {})) {
      fits.push(
        `exists (select 1 from json_each(${validJson("d.metadata")}) m where m.key = ? and m.value = ?)`,
      );
      params.push(name, value);
    }
    return `when ${fits.join(" and ")} then ${condition(daysOf(retention, rule))}`;
  });
  return {
    sql: `case ${branches.join(" ")} else ${condition(daysOf(retention, null))} end`,
    params,
  };
}

/** The moment so many days before; null, which nothing is before, for never. */
export const before = (now: number, many: number | null): number | null =>
  many === null ? null : now - many * DAY_MS;

/** The bytes at which SQLite takes nothing more. */
export const storageLimitBytes = ({ ACCOUNT_MAX_MB }: Config): number => ACCOUNT_MAX_MB * 1_000_000;
/** The share of the limit that may be live. */
const LIVE_SHARE = 0.7;

/** The retention of accounts that have set none. */
export const deploymentRetention = (config: Config): Omit<Retention, "rules"> => ({
  idle_days:
    config.SESSION_TTL_HOURS === undefined ? config.RETENTION_DAYS : config.SESSION_TTL_HOURS / 24,
  age_days: null,
  rows: null,
  live_bytes: Math.floor(storageLimitBytes(config) * LIVE_SHARE),
  journal_rows: config.CONVERSATION_EVENTS_MAX_ROWS,
  archive_days: config.ARCHIVE_RETENTION_DAYS,
  backup_days: config.BACKUP_RETENTION_DAYS,
  backup_every_days: config.BACKUP_EVERY_DAYS ?? null,
  backups_kept: config.BACKUPS_KEPT,
  cache_hours: config.CACHE_TTL_HOURS,
});
