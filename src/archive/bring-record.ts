import { isHeld } from "../store/account.ts";
import { markTurns } from "../store/imports.ts";
import { isObject } from "../store/merge-patch.ts";
import { HELD } from "../store/session-flags.ts";
import { erasedAt, findSession } from "../store/sessions.ts";
import type { SessionRow } from "../store/sessions.ts";
import type { Archivist } from "./archivist.ts";
import { insertRecord, underKey } from "./insert-record.ts";
import { liveRecord } from "./live-record.ts";
import { mergeRecord } from "./merge-record.ts";
import type { SessionRecord } from "./record.ts";
import { takeOut } from "./take-out.ts";
import type { TakeOutParts } from "./take-out.ts";

export type BringParts = TakeOutParts & {
  archivist: Archivist;
  ledger: { isBusy: (sessionId: string) => boolean };
};

/** What became of a session that was brought: from a backup, or by an import. */
export type Brought =
  | "created"
  | "replaced"
  | "merged"
  /** There already, just as it came. */
  | "unchanged"
  /** There already, and another. */
  | "exists"
  | "erased"
  | "held"
  | "busy";

export interface BringOptions {
  on_conflict: "skip" | "replace" | "merge" | "fail";
  /** Whether the session is there just as it comes. */
  isSame: boolean;
  /** Says what would become of it, and writes nothing. */
  onlyCheck: boolean;
  /** Who brings it: `imports.number`; null for a backup. */
  import?: number | null;
  /** What it is to be merged with, where that is archived. */
  archived?: SessionRecord | undefined;
}

/**
 * Writes a session that comes from outside, in a transaction. An erased one never comes back; what is held, or has a turn
 * on its way, is left alone.
 *
 * @returns what became of it, and how many turns it brought
 */
export function bringRecord(
  parts: BringParts,
  record: SessionRecord,
  options: BringOptions,
): { done: Brought; turns: number } {
  const { db, ledger } = parts;
  const { session_id } = record;
  const nothing = (done: Brought) => ({ done, turns: 0 });
  if (erasedAt(db, session_id) !== null) return nothing("erased");
  const session = findSession(db, session_id);
  // Without a row, its first turn is on its way.
  const isBusy = ledger.isBusy(session_id);
  if (!session) {
    if (isBusy) return nothing("busy");
    if (!options.onlyCheck) insertBrought(parts, record, options.import ?? null);
    return { done: "created", turns: record.turns.length };
  }
  if (options.isSame) return nothing("unchanged");
  if (options.on_conflict === "skip" || options.on_conflict === "fail") return nothing("exists");
  if (isBusy) return nothing("busy");
  if (isHeld(db) || (session.flags & HELD) !== 0) return nothing("held");
  if (options.on_conflict === "merge") return mergeRecord(parts, session, record, options);
  if (!options.onlyCheck) {
    takeOut(parts, session);
    insertBrought(parts, { ...record, key: session.key }, options.import ?? null);
  }
  return { done: "replaced", turns: record.turns.length };
}

/** In a transaction. */
function insertBrought(parts: BringParts, record: SessionRecord, by: number | null): void {
  const key = insertRecord(parts, record);
  const all = { first: 1, last: record.turns.length };
  if (by !== null) markTurns(parts.db, key, [{ ...all, import: by }], true);
}

/** What is to be replaced leaves the search index first, which for an archived session takes its archive. */
export async function unindexReplaced(
  { db, archivist }: Pick<BringParts, "db" | "archivist">,
  batch: readonly SessionRecord[],
  same: ReadonlySet<string>,
): Promise<void> {
  const archived = batch
    .filter(({ session_id }) => !same.has(session_id))
    .map(({ session_id }) => findSession(db, session_id))
    .filter((session) => session !== null && session.segment !== null);
  await archivist.unindex(archived as SessionRow[]);
}

/** Whether the session is there, live or archived, with the same content. */
export async function isSame(parts: BringParts, record: SessionRecord): Promise<boolean> {
  const { db, turns, archivist } = parts;
  const session = findSession(db, record.session_id);
  if (!session) return false;
  const count = session.segment === null ? turns.count(session.key).turns : session.turns;
  if (count !== record.turns.length) return false;
  const current =
    session.segment === null ? liveRecord(parts, session.key) : await archivist.read(session);
  if (current === null) return false;
  const brought = underKey(record, session.key);
  // What came without times got those of its coming, and comes later now.
  const [one, other] = record.untimed ? [timeless(current), timeless(brought)] : [current, brought];
  return contentOf(one) === contentOf(other);
}

const timeless = (record: SessionRecord): SessionRecord => ({
  ...record,
  created_at: 0,
  turns: record.turns.map((turn) => ({ ...turn, created_at: 0 })),
});

/** When it was last accessed, and what an operator set, is not what makes it another session. */
function contentOf({
  accessed_at: _at,
  pinned: _pinned,
  hold: _hold,
  // The turns have their hashes.
  frames: _frames,
  untimed: _untimed,
  ...record
}: SessionRecord) {
  return JSON.stringify(record, (_name, value: unknown) =>
    isObject(value) ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)) : value,
  );
}
