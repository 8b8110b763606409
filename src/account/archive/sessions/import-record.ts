import { isLastAwaited } from "../../store/turns/background-turns.ts";
import { isHeld } from "../../store/account/account-values.ts";
import { sortedJson } from "../../../shared/json.ts";
import { endCutOffMove } from "../../store/archive/unfinished-move.ts";
import { dropRequestKeys } from "../../store/turns/request-keys.ts";
import { noteFormer } from "../../store/erasure/former-sessions.ts";
import { HELD } from "../../store/sessions/session-flags.ts";
import { erasedAt, findSession } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { insertFacts } from "../../store/sessions/user-facts.ts";
import { factsFit, isSameOwner, keepOwner, missingFacts } from "./brought-facts.ts";
import { wholeIncoming } from "./incoming.ts";
import type { Incoming } from "./incoming.ts";
import { underKey } from "./insert-record.ts";
import { liveHead, openLive } from "./live-record.ts";
import type { ArchivedSession, CurrentSession } from "./live-record.ts";
import type { SessionRecord } from "../format/record.ts";
import { detachSession } from "./detach-session.ts";
import { repairSession } from "./repair-session.ts";
import { replaceSession } from "./replace-session.ts";
import { isUnread } from "./bring.ts";
import type {
  ImportParts,
  RecordImport,
  ImportRecordOptions,
  RecordImportResult,
} from "./bring.ts";

const nothing = (done: RecordImport): RecordImportResult => ({ done, turns: 0 });

/** {@link importIncoming}, of a session that is in memory. */
export const importRecord = (
  parts: ImportParts,
  record: SessionRecord,
  options: ImportRecordOptions,
): RecordImportResult => importIncoming(parts, wholeIncoming(parts, record), options);

/**
 * Writes a session that comes from outside, in a transaction. An erased one never comes back; what is held, or has a turn
 * on its way, is left alone.
 */
export function importIncoming(
  parts: ImportParts,
  incoming: Incoming,
  options: ImportRecordOptions,
): RecordImportResult {
  const { db, lifecycle } = parts;
  const { head: record, turns } = incoming;
  const { session_id } = record;
  if (erasedAt(db, session_id) !== null) return nothing("erased");
  const session = findSession(db, session_id);
  // Without a row, its first turn is on its way.
  const isBusy = lifecycle.isBusy(session_id);
  if (!session) {
    if (isBusy) return nothing("busy");
    if (!factsFit(db, record, null)) return nothing("facts_full");
    const created = { done: "created" as const, turns };
    if (options.onlyCheck) return created;
    options.beforeCreate?.();
    return { ...created, key: incoming.insert(record, options.import) };
  }
  const there = archivedIn(options, session);
  if (isSame(parts, session, there, incoming)) return nothing("unchanged");
  if (options.on_conflict === "skip" || options.on_conflict === "fail") return nothing("exists");
  const why = session.segment === null ? undefined : options.archived.get(session_id);
  if (isUnread(why)) return repairSession(parts, session, why, incoming, options);
  const current = () => currentOf(parts, session, there);
  const continued = options.on_conflict === "newer" ? continuationOf(current(), incoming) : null;
  if (options.on_conflict === "newer" && continued === null)
    return nothing(bringFacts(parts, current(), incoming, options) ?? "exists");
  // A continuation changes nothing that a hold keeps.
  if (continued) return replace(parts, session, there, incoming, continued, options);
  if (isHeld(db) || (session.flags & HELD) !== 0) return nothing("held");
  if (options.on_conflict !== "merge")
    return replace(parts, session, there, incoming, record, options);
  if (isInUse(parts, session, there)) return nothing("busy");
  const merged = current();
  const comeBack = () => liveSession(parts, session, there, options.now);
  if (merged === null) return nothing("busy");
  const result = incoming.merge(merged, comeBack, options);
  if (result.done !== "unchanged") return result;
  return nothing(bringFacts(parts, merged, incoming, options) ?? "unchanged");
}

/** Null where the session is live, its archive cannot be read, or it changed since it was read. */
function archivedIn(
  { archived }: ImportRecordOptions,
  session: SessionRow,
): ArchivedSession | null {
  if (session.segment === null) return null;
  const known = archived.get(session.session_id);
  return known !== undefined && !isUnread(known) && known.isThere(session) ? known : null;
}

/** Whether a turn is on its way, or its archive could not be read. */
const isInUse = (parts: ImportParts, session: SessionRow, there: ArchivedSession | null): boolean =>
  parts.lifecycle.isBusy(session.session_id) ||
  (session.segment !== null && !there) ||
  isLastAwaited(parts, session.key, Date.now());

function replace(
  parts: ImportParts,
  session: SessionRow,
  there: ArchivedSession | null,
  incoming: Incoming,
  head: Incoming["head"],
  options: ImportRecordOptions,
): RecordImportResult {
  if (isInUse(parts, session, there)) return nothing("busy");
  const detach = (keepsKey: boolean) => {
    const going = liveSession(parts, session, there, options.now);
    if (!keepsKey) {
      // Archives and backups keep copies of what was there: they are found by its key.
      endCutOffMove(parts.db);
      noteFormer(parts.db, going);
    }
    dropRequestKeys(parts.db, options.requestKeys, [going.key]);
    detachSession(parts, going);
  };
  const before = { session, head: headOf(parts, session, there), detach };
  const done = replaceSession(parts, before, incoming, head, options);
  return done === "facts_full" ? nothing(done) : { done: "replaced", ...done };
}

/**
 * The incoming session's head, where it has every turn that is there and more after them: then it is the newer copy. It
 * keeps the hold, the pin, the user's facts and, where it names none, the user of what is there. Null: it is older, or
 * another conversation. It is another one, too, where it would make the facts another user's.
 */
function continuationOf(there: CurrentSession | null, incoming: Incoming): Incoming["head"] | null {
  if (there === null) return null;
  const record = keepOwner(there.head, incoming.head);
  let count = 0;
  for (const turn of there.turns()) {
    if (!incoming.asksAt(count, turn)) return null;
    count += 1;
  }
  if (incoming.turns === count) return null;
  const hold = record.hold ?? there.head.hold;
  const pinned = record.pinned ?? there.head.pinned;
  const known = new Set(record.user_facts?.map(({ fact_id }) => fact_id));
  if (there.head.user_facts !== undefined && !isSameOwner(there.head, record)) return null;
  const own = (there.head.user_facts ?? []).filter(({ fact_id }) => !known.has(fact_id));
  const user_facts = [...(record.user_facts ?? []), ...own];
  return {
    ...record,
    ...(user_facts.length > 0 && { user_facts }),
    ...(hold !== undefined && { hold }),
    ...(pinned !== undefined && { pinned }),
  };
}

/** Adds the user's facts that a copy with the same turns has more. @returns null where none came */
function bringFacts(
  { db }: ImportParts,
  there: CurrentSession | null,
  incoming: Incoming,
  { onlyCheck }: ImportRecordOptions,
): "merged" | "facts_full" | null {
  const missing = there === null ? [] : missingFacts(db, there, incoming);
  if (there === null || missing.length === 0) return null;
  if (!factsFit(db, { ...there.head, user_facts: missing }, null)) return "facts_full";
  if (!onlyCheck) insertFacts(db, there.head.key, missing);
  return "merged";
}

/** An archived session comes back before it is changed, in the same transaction. */
function liveSession(
  { db }: ImportParts,
  session: SessionRow,
  there: ArchivedSession | null,
  now: number,
): SessionRow {
  if (!there) return session;
  there.comeBack(session, now);
  return findSession(db, session.session_id) as SessionRow;
}

/** Whether the session is there, live or archived, with the same content. */
function isSame(
  parts: ImportParts,
  session: SessionRow,
  archived: ArchivedSession | null,
  incoming: Incoming,
): boolean {
  const { turns } = parts;
  const { key, segment } = session;
  const count = segment === null ? turns.countOf(key) : session.turns;
  if (count !== incoming.turns) return false;
  const current = currentOf(parts, session, archived);
  if (current === null) return false;
  const { turns: _, ...head } = underKey({ ...incoming.head, turns: [] }, key);
  const timed = (one: typeof head) => (head.untimed ? { ...one, created_at: 0 } : one);
  if (contentOf(timed(current.head)) !== contentOf(timed(head))) return false;
  let at = 0;
  for (const turn of current.turns()) {
    if (!incoming.isAt(at, turn)) return false;
    at += 1;
  }
  return at === incoming.turns;
}

/** Null: its archive could not be read. */
const headOf = (parts: ImportParts, { key, segment }: SessionRow, there: ArchivedSession | null) =>
  segment === null ? liveHead(parts, key) : (there?.head ?? null);

/** Null: its archive could not be read. */
function currentOf(
  parts: ImportParts,
  { key, segment }: SessionRow,
  archived: ArchivedSession | null,
): CurrentSession | null {
  return segment === null ? openLive(parts, key) : archived;
}

/** When it was last accessed, and what an operator set, is not what makes it another session. */
function contentOf({
  accessed_at: _at,
  pinned: _pinned,
  hold: _hold,
  // The turns have their hashes.
  frames: _frames,
  part: _part,
  untimed: _untimed,
  repaired: _repaired,
  ...record
}: Omit<SessionRecord, "turns">) {
  return sortedJson(record);
}
