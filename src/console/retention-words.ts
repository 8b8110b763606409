import type { components } from "../client/index.ts";
import { number } from "./words.ts";

type Settings = components["schemas"]["RetentionSettings"];
type Rule = NonNullable<Settings["rules"]>[number];

/** Fields that take a number, or null for no limit. */
export const RETENTION_FIELDS = [
  { name: "idle_days", label: "Archive a session without a turn for", unit: "days" },
  { name: "age_days", label: "Archive a session that began before", unit: "days" },
  { name: "rows", label: "Live turns at most", unit: "turns" },
  { name: "journal_rows", label: "Live events of the journal at most", unit: "events" },
  { name: "archive_days", label: "Delete an archive after", unit: "days" },
  { name: "backup_every_days", label: "Make a backup every", unit: "days" },
  { name: "backups_kept", label: "Keep of these backups", unit: "backups" },
  { name: "backup_days", label: "Delete a backup after", unit: "days" },
  { name: "cache_hours", label: "Keep cached answers for", unit: "hours" },
] as const;

export type FieldName = (typeof RETENTION_FIELDS)[number]["name"];

const span = (value: number, one: string): string =>
  `${number(value)} ${one}${value === 1 ? "" : "s"}`;

/** A policy in sentences. */
export function retentionWords(policy: Settings): string[] {
  const { idle_days, age_days, rows, journal_rows, archive_days, rules = [] } = policy;
  const { backup_every_days, backups_kept, backup_days, cache_hours } = policy;
  return [
    idle_days == null
      ? "A session is not archived for being idle."
      : `A session is archived after ${span(idle_days, "day")} without a turn.`,
    ...(age_days == null ? [] : [`It is also archived ${span(age_days, "day")} after it began.`]),
    ...(rows == null
      ? []
      : [`Beyond ${span(rows, "live turn")}, the sessions longest without a turn are archived.`]),
    ...(journal_rows == null
      ? []
      : [`Beyond ${span(journal_rows, "event")}, the journal's oldest calls are archived.`]),
    archive_days == null
      ? "An archive is never deleted."
      : `An archive is deleted after ${span(archive_days, "day")}.`,
    backup_every_days == null
      ? "Backups are made only when asked for."
      : `A backup is made every ${span(backup_every_days, "day")}${backups_kept == null ? "" : `; ${number(backups_kept)} of them are kept`}.`,
    backup_days == null
      ? "A backup is never deleted for its age."
      : `A backup is deleted after ${span(backup_days, "day")}.`,
    ...(cache_hours == null ? [] : [`Cached answers are kept for ${span(cache_hours, "hour")}.`]),
    ...rules.map(ruleWords),
    "Pinned and held sessions stay.",
  ];
}

function ruleWords({ assistant, metadata = {}, idle_days, age_days, archive_days }: Rule): string {
  const which = [
    ...(assistant === undefined ? [] : [`of the assistant ${assistant}`]),
    ...Object.entries(metadata).map(([name, value]) => `with ${name} = ${value}`),
  ].join(" and ");
  const what = [
    ...daysWords(idle_days, "archived after", "without a turn", "never archived for being idle"),
    ...daysWords(age_days, "archived", "after they began", "never archived for their age"),
    ...daysWords(archive_days, "deleted", "after they were archived", "never deleted"),
  ].join(", ");
  return `Sessions ${which} are ${what}.`;
}

function daysWords(days: number | null | undefined, verb: string, since: string, never: string) {
  if (days === undefined) return [];
  return [days === null ? never : `${verb} ${span(days, "day")} ${since}`];
}
