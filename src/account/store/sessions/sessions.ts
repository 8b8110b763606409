import { DEFAULT_ASSISTANT } from "../../../assistants/assistant.ts";
import { ApiError } from "../../../shared/errors.ts";
import { turnId } from "../../../shared/ids.ts";
import { isObject } from "../../../shared/json-merge-patch.ts";
import { boundText, boundTime, jsonOr } from "../../../shared/stored-bounds.ts";
import { dayOf } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";
import { dropReleasedVersions } from "./held-versions.ts";
import { PINNED, HELD } from "./session-flags.ts";
import { METADATA_PAIRS, METADATA_VALUE } from "../../../shared/field-schemas.ts";
import { writeSession } from "./write-session.ts";
export type Metadata = Record<string, string>;

/** A row of `sessions`, live or archived. */
export type SessionRow = {
  key: number;
  session_id: string;
  created_at: number;
  accessed_at: number;
  flags: number;
  indexed: number;
  segment: number | null;
  member: number | null;
  turns: number | null;
};

export type DetailsRow = {
  assistant: string | null;
  user_id: string | null;
  role: string | null;
  metadata: string | null;
  hold: string | null;
  facts: string | null;
  state: string | null;
  state_version: number | null;
  summary: string | null;
  summary_turn: number | null;
  cache_key: string | null;
  /** Number of turn numbers before the last that have no turn; null for none. */
  missing: number | null;
  /** So many numbers after the last turn's were given to turns that are gone; null for none. */
  skipped: number | null;
};

/** A session as readers see it. Times are ms since the epoch. */
export interface Session {
  session_id: string;
  status: "live" | "archived";
  created_at: number;
  /** Its last turn, or its restore if that was later. */
  last_accessed_at: number;
  turns: number;
  assistant: string;
  user_id: string | null;
  role: string | null;
  metadata: Metadata;
  /** Facts that the model is always shown. */
  facts: string[];
  pinned: boolean;
  /** Why it is under legal hold; null when it is not. */
  hold: string | null;
}

export function findSession(db: Database, sessionId: string): SessionRow | null {
  return db.one<SessionRow>("select * from sessions where session_id = ?", sessionId);
}

export function sessionByKey(db: Database, key: number): SessionRow | null {
  return db.one<SessionRow>("select * from sessions where key = ?", key);
}

/** Whether any session of these keys has one of the flags. */
export const hasFlag = (db: Database, keys: readonly number[], flags: number): boolean =>
  db.scalar(
    "select 1 from json_each(?) j cross join sessions s on s.key = j.value where s.flags & ? != 0 limit 1",
    JSON.stringify(keys),
    flags,
  ) !== null;

export function findDetails(db: Database, key: number): DetailsRow | null {
  return db.one<DetailsRow>("select * from session_details where key = ?", key);
}

export function insertSession(
  db: Database,
  session: Pick<SessionRow, "key" | "session_id" | "created_at" | "accessed_at" | "flags">,
): void {
  writeSession(
    db,
    session.key,
    "insert into sessions (key, session_id, created_at, accessed_at, flags) values (?, ?, ?, ?, ?)",
    session.key,
    session.session_id,
    boundTime(session.created_at),
    boundTime(session.accessed_at),
    session.flags,
  );
}

/** A session whose turns lie in a segment. */
export function insertArchived(db: Database, session: Omit<SessionRow, "indexed">): void {
  writeSession(
    db,
    session.key,
    "insert into sessions (key, session_id, created_at, accessed_at, flags, segment, member, turns) values (?, ?, ?, ?, ?, ?, ?, ?)",
    session.key,
    session.session_id,
    boundTime(session.created_at),
    boundTime(session.accessed_at),
    session.flags,
    session.segment,
    session.member,
    session.turns,
  );
}

/** Writes what is given and leaves the rest as it is. */
export function putDetails(db: Database, key: number, details: Partial<DetailsRow>): void {
  const columns = Object.keys(details);
  if (columns.length === 0) return;
  writeSession(
    db,
    key,
    `insert into session_details (key, ${columns.join(", ")}) values (?, ${columns.map(() => "?").join(", ")})
     on conflict (key) do update set ${columns.map((name) => `${name} = excluded.${name}`).join(", ")}`,
    key,
    ...Object.values(details),
  );
}

/** The turns' next number is taken: the numbers that were skipped before it are gaps now. In its transaction. */
export function closeGap(db: Database, key: number): void {
  const { missing = null, skipped = null } = findDetails(db, key) ?? {};
  if (skipped !== null) putDetails(db, key, { missing: (missing ?? 0) + skipped, skipped: null });
}

/** The set details, as stored. */
export function encodeDetails({
  assistant,
  user_id,
  role,
  metadata,
  facts,
}: {
  assistant: string | null;
  user_id: string | null;
  role?: string | undefined;
  metadata: Metadata;
  facts?: string[] | undefined;
}): Partial<DetailsRow> {
  return {
    ...(assistant !== null && { assistant }),
    ...(user_id !== null && { user_id }),
    ...(role !== undefined && { role }),
    ...(Object.keys(metadata).length > 0 && { metadata: JSON.stringify(metadata) }),
    ...(facts && facts.length > 0 && { facts: JSON.stringify(facts) }),
  };
}

/** Records an access. Costs a row only on another day than the last: within a day, the last turn's time is exact. */
export function touchSession(db: Database, key: number, accessedAt: number): void {
  const at = boundTime(accessedAt);
  writeSession(db, key, "update sessions set accessed_at = ? where key = ?", at, key);
}

export const needsTouch = (accessedAt: number, now: number): boolean =>
  dayOf(now) > dayOf(accessedAt);

/**
 * RFC 7396 on a flat object of strings.
 *
 * @throws ApiError `invalid_request` when more than {@link METADATA_PAIRS} come of it
 */
export function mergeMetadata(
  stored: string | null,
  patch: Record<string, string | null>,
): Metadata {
  const merged = new Map(Object.entries(parseMetadata(stored)));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, value);
  }
  if (merged.size <= METADATA_PAIRS) return Object.fromEntries(merged);
  throw new ApiError(
    "invalid_request",
    `A session takes ${METADATA_PAIRS} pairs of metadata; set some to null to remove them.`,
    {
      param: "metadata",
    },
  );
}

/** Stored metadata that is no object is shown under a name, cut to what a value may hold. */
export function parseMetadata(stored: string | null): Metadata {
  const metadata = stored === null ? {} : jsonOr(stored, null);
  return isObject(metadata)
    ? (metadata as Metadata)
    : { unreadable: boundText(stored ?? "", METADATA_VALUE) };
}

/** Stored facts that are no list of texts are none: a model would take them for instructions. */
export function parseFacts(stored: string | null): string[] {
  const facts = stored === null ? [] : jsonOr(stored, null);
  return Array.isArray(facts) ? facts.filter((each) => typeof each === "string") : [];
}

/** The exact last access of the session `s`, in SQL: its last turn, or its restore if that was later. */
export const LAST_ACCESS = `max(s.accessed_at, coalesce((select created_at from turns where id > s.key * 1048576 and id < (s.key + 1) * 1048576 order by id desc limit 1), 0))`;
/** SQL condition: the session `s` has the id of a chat completion. "." is the character after "-". */
export const IS_COMPLETION = `(s.session_id >= 'chatcmpl-' and s.session_id < 'chatcmpl.')`;
/** {@link VIEW}, of the sessions that come `from` somewhere. */
export const viewFrom = (from: string): string =>
  `select s.*, d.assistant, d.user_id, d.role, d.metadata, d.facts, d.hold, d.missing, t.id - s.key * 1048576 as last_seq, t.created_at as last_turn_at
  from ${from} left join session_details d on d.key = s.key
  left join turns t on t.id = (select id from turns where id > s.key * 1048576 and id < (s.key + 1) * 1048576 order by id desc limit 1)`;
export const VIEW = viewFrom("sessions s");

export type ViewRow = SessionRow &
  Pick<DetailsRow, "assistant" | "user_id" | "role" | "metadata" | "facts" | "hold" | "missing"> & {
    last_seq: number | null;
    last_turn_at: number | null;
  };

export function viewSession(db: Database, sessionId: string): Session | null {
  const row = db.one<ViewRow>(`${VIEW} where s.session_id = ?`, sessionId);
  return row && toSession(row);
}

export function toSession(row: ViewRow): Session {
  return {
    session_id: row.session_id,
    status: row.segment === null ? "live" : "archived",
    created_at: row.created_at,
    last_accessed_at: Math.max(row.accessed_at, row.last_turn_at ?? 0),
    turns: row.turns ?? (row.last_seq ?? 0) - (row.missing ?? 0),
    assistant: row.assistant ?? DEFAULT_ASSISTANT,
    user_id: row.user_id,
    role: row.role,
    metadata: parseMetadata(row.metadata),
    facts: parseFacts(row.facts),
    pinned: (row.flags & PINNED) !== 0,
    hold: row.hold,
  };
}

export interface SessionPatch {
  /** RFC 7396: null removes. */
  metadata?: Record<string, string | null> | undefined;
  pinned?: boolean | undefined;
  /** Facts that the model is always shown; null for none. */
  facts?: string[] | null | undefined;
  /** Why it is put under legal hold; null lifts the hold. */
  hold?: string | null | undefined;
}

/** @returns the session's flags after the patch */
export function patchSession(db: Database, session: SessionRow, patch: SessionPatch): number {
  const details: Partial<DetailsRow> = {};
  let flags = session.flags;
  const flag = (bit: number, on: boolean) => {
    flags = on ? flags | bit : flags & ~bit;
  };
  if (patch.pinned !== undefined) flag(PINNED, patch.pinned);
  if (patch.hold !== undefined) {
    flag(HELD, patch.hold !== null);
    details.hold = patch.hold;
  }
  if (patch.facts !== undefined)
    details.facts = patch.facts?.length ? JSON.stringify(patch.facts) : null;
  if (patch.metadata) {
    const stored = findDetails(db, session.key)?.metadata ?? null;
    details.metadata = JSON.stringify(mergeMetadata(stored, patch.metadata));
  }
  if (flags !== session.flags)
    writeSession(
      db,
      session.key,
      "update sessions set flags = ? where key = ?",
      flags,
      session.key,
    );
  putDetails(db, session.key, details);
  if (patch.hold === null) dropReleasedVersions(db);
  return flags;
}

/** @returns when it was erased, or null when it was not */
export function erasedAt(db: Database, sessionId: string): number | null {
  return db.scalar<number>("select erased_at from tombstones where session_id = ?", sessionId);
}

export const firstTurnOf = (key: number): number => turnId(key, 0);
export const afterTurnsOf = (key: number): number => turnId(key + 1, 0);

/** Whether there is a session, live or archived. */
export const hasSessions = (db: Database): boolean =>
  db.scalar("select 1 from sessions limit 1") !== null;
