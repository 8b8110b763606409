import { isHeld } from "../../store/account/account-values.ts";
import { recordStaleCopy } from "../../store/archive/archives.ts";
import { mayHaveRedacted } from "../../store/archive/redacted-copies.ts";
import { findBackupRow } from "../../store/archive/backups.ts";
import { partsOf } from "../../store/archive/session-parts.ts";
import { endCutOffMove } from "../../store/archive/unfinished-move.ts";
import { dropSession } from "../../store/erasure/drop-session.ts";
import { noteFormer } from "../../store/erasure/former-sessions.ts";
import { noteExpired } from "../../store/retention/expired-sessions.ts";
import { HELD, ownSessions } from "../../store/sessions/session-flags.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { isLastAwaited } from "../../store/turns/background-turns.ts";
import { dropRequestKeys } from "../../store/turns/request-keys.ts";
import type { RequestKeys } from "../../store/turns/request-keys.ts";
import { indexedSeq } from "../../store/turns/index-version.ts";
import { turnsInParts } from "../../store/turns/search-parts.ts";
import { isOfBackup } from "./bring-back.ts";
import { isOthers, keepOwner } from "./brought-facts.ts";
import type { ImportParts, ImportRecordOptions, RecordImportResult } from "./bring.ts";
import type { Incoming } from "./incoming.ts";
import { liveHead } from "./live-record.ts";
import type { Unreadable } from "./read-archive.ts";
import { replaceSession } from "./replace-session.ts";

const nothing = (done: RecordImportResult["done"]): RecordImportResult => ({ done, turns: 0 });

/**
 * In a transaction: writes a session in the place of one whose archive cannot be read. Its object stays until nothing else is
 * in it. By default (`newer`) only a copy that has no fewer turns, and only where the archive is damaged: a locked one can be
 * read again. Nothing that was erased comes back so, either. What a legal hold keeps is left alone, as are words in the search index: those go before.
 */
export function repairSession(
  parts: ImportParts,
  session: SessionRow,
  why: Unreadable,
  incoming: Incoming,
  options: ImportRecordOptions,
): RecordImportResult {
  const { db, lifecycle } = parts;
  const there = liveHead(parts, session.key);
  const { backupId } = options;
  if (backupId === undefined || there === null) return nothing("damaged");
  const isOlder = options.on_conflict !== "replace" && mayHaveRedacted(db, session.key, backupId);
  const head = isOlder ? null : headOf(there, session, why, incoming, options);
  if (head === null) return nothing("damaged");
  if (isHeld(db) || (session.flags & HELD) !== 0) return nothing("held");
  const isInUse =
    lifecycle.isBusy(session.session_id) || isLastAwaited(parts, session.key, options.now);
  if (isInUse || (!options.onlyCheck && isIndexed(parts, session))) return nothing("busy");
  const isSame = head.created_at === session.created_at;
  const began = findBackupRow(db, backupId)?.created_at ?? 0;
  const keptBefore = isSame && incoming.turns >= (session.turns ?? 0) ? began : 0;
  const detach = (keepsKey: boolean) =>
    detachUnreadable(parts, session, {
      keepsKey,
      isSame,
      keptBefore: keepsKey ? keptBefore : 0,
      requestKeys: options.requestKeys,
    });
  const done = replaceSession(parts, { session, head: there, detach }, incoming, head, options);
  return done === "facts_full" ? nothing(done) : { done: "repaired", ...done };
}

/** Null: the copy does not take the session's place. */
function headOf(
  there: Incoming["head"],
  { turns }: SessionRow,
  why: Unreadable,
  incoming: Incoming,
  { on_conflict }: ImportRecordOptions,
): Incoming["head"] | null {
  if (on_conflict === "replace") return incoming.head;
  if (on_conflict !== "newer" || why === "locked") return null;
  const copy = keepOwner(there, incoming.head);
  if (copy.created_at !== there.created_at || isOthers(there, copy)) return null;
  return incoming.turns < (turns ?? 0) ? null : withDetails(copy, there);
}

/** A copy with what SQLite has of the session: it may have been set after the copy was made. */
function withDetails(copy: Incoming["head"], there: Incoming["head"]): Incoming["head"] {
  const { metadata, assistant, pinned, summary, user_facts = [] } = there;
  const known = new Set(copy.user_facts?.map(({ fact_id }) => fact_id));
  const missing = user_facts.filter(({ fact_id }) => !known.has(fact_id));
  const facts = [...(copy.user_facts ?? []), ...missing];
  const accessed_at = Math.max(copy.accessed_at, there.accessed_at);
  const { pinned: _pinned, summary: _summary, ...own } = copy;
  return {
    ...own,
    metadata,
    assistant,
    accessed_at,
    ...(facts.length > 0 && { user_facts: facts }),
    ...(pinned && { pinned }),
    ...(summary && { summary }),
  };
}

const isIndexed = ({ db }: ImportParts, { key, indexed }: SessionRow): boolean =>
  indexedSeq(indexed) > 0 || turnsInParts(db, [key]).length > 0;

/**
 * In a transaction: every row of the session goes.
 *
 * @param isSame - it is the session that comes: its turns are counted, and are not counted again
 * @param keptBefore - requests before this time find their turns again, under their ids. A later one's turn may be another
 */
function detachUnreadable(
  { db, counters, archivist, lifecycle }: ImportParts,
  session: SessionRow,
  {
    keepsKey,
    isSame,
    keptBefore,
    requestKeys,
  }: { keepsKey: boolean; isSame: boolean; keptBefore: number; requestKeys: RequestKeys },
): void {
  const { key, session_id } = session;
  archivist.dropHalfBack([key]);
  counters.changing();
  endCutOffMove(db);
  dropRequestKeys(db, requestKeys, [key], keptBefore);
  const isCounted = !isOfBackup(db, session);
  for (const { segment } of partsOf(db, session)) recordStaleCopy(db, key, segment);
  if (isCounted && (isSame || !keepsKey)) noteExpired(db, session);
  if (!keepsKey) noteFormer(db, session);
  dropSession(db, session);
  lifecycle.drop(session_id);
  counters.archivesChanged(-ownSessions([session]).length, 0);
}
