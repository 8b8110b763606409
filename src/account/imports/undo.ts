import { checkAccountHold } from "../archive/erasure/erase-session.ts";
import { detachSession } from "../archive/sessions/detach-session.ts";
import { seqOf, turnId } from "../../shared/ids.ts";
import { isLastAwaited } from "../store/turns/background-turns.ts";
import { dropUnseenFrames } from "../store/turns/system-prompts.ts";
import {
  deleteImport,
  forgetImport,
  importsOf,
  keysOfImport,
  passOn,
  rangesOfImport,
  turnsOfImport,
  updateImport,
} from "../store/archive/imports.ts";
import { dropRequestKeys, withRequestKeys } from "../store/turns/request-keys.ts";
import type { RequestKeys } from "../store/turns/request-keys.ts";
import { deletionSlices } from "../store/erasure/deletion-slices.ts";
import { noteFormer } from "../store/erasure/former-sessions.ts";
import { dropStaged, stagedSessions } from "../store/archive/staged-parts.ts";
import { HELD } from "../store/sessions/session-flags.ts";
import { dropCalls } from "../store/calls/legacy-call-rows.ts";
import { unindexTurns } from "../store/turns/indexed-turns.ts";
import { dropExtractions } from "../store/sessions/fact-extractions.ts";
import { tallyLateTurns } from "../store/usage/roll-up.ts";
import { dropFactsOfTurns } from "../store/sessions/user-facts.ts";
import { findDetails, putDetails, sessionByKey } from "../store/sessions/sessions.ts";
import type { SessionRow } from "../store/sessions/sessions.ts";
import { importOf } from "./apply.ts";
import type { ApplyParts } from "./apply.ts";
import type { UndoProgress } from "./undo-progress.ts";

/** Sessions that one step undoes, unless these are too much for one transaction. */
const BATCH_SESSIONS = 100;

/**
 * The next step of undoing an import: the turns that it brought go, with every archived copy of them, and with the
 * sessions that it made unless others have written there since. No tombstone is left: it is as if it had not come.
 *
 * @throws ApiError `import_not_found`, or `account_held`
 */
export async function undoStep(
  parts: ApplyParts,
  importId: string,
  before: UndoProgress,
  now: number,
): Promise<UndoProgress> {
  const { db, archivist, counters, search } = parts;
  checkAccountHold(db);
  const { number } = importOf(parts, importId);
  db.transaction(() => {
    updateImport(db, number, { status: "undoing", updated_at: now });
    for (const staged of stagedSessions(db, number)) dropStaged(db, staged);
  });
  const next = keysOfImport(db, number, before.cursor ?? 0, BATCH_SESSIONS);
  let [keys] = await deletionSlices(db, next, { comeBack: true });
  // An archived one comes back first, and leaves from SQLite like the others.
  for (const { segment, session_id } of undoable(parts, keys))
    if (segment !== null) await archivist.restore(session_id, now);
  // How long their texts are is known now. Those that are too much for one transaction stay for the next step.
  [keys] = await deletionSlices(db, keys);
  const undone: UndoProgress = { ...before, kept: [...before.kept], cursor: keys.at(-1) ?? null };
  if (keys.length === 0) {
    if (undone.kept.length === 0) deleteImport(db, number);
    return undone;
  }
  const rewritten = await archivist.withoutSessions(undoable(parts, keys), { backups: false });
  const going = undoable(parts, keys).map(({ key }) => key);
  await search.forget(going, () =>
    withRequestKeys(db, going, async (requestKeys) =>
      db.transaction(() => {
        checkAccountHold(db);
        counters.changing();
        rewritten.commit();
        for (const key of keys) undoSession(parts, number, key, { undone, requestKeys });
      }),
    ),
  );
  return undone;
}

const undoable = (parts: ApplyParts, keys: readonly number[]): SessionRow[] =>
  keys
    .map((key) => sessionByKey(parts.db, key))
    .filter((session) => session !== null)
    .filter((session) => isKept(parts, session) === null);

/** In a transaction. */
function undoSession(
  parts: ApplyParts,
  number: number,
  key: number,
  { undone, requestKeys }: { undone: UndoProgress; requestKeys: RequestKeys },
): void {
  const { db } = parts;
  const session = sessionByKey(db, key);
  if (!session) return forgetImport(db, number, key);
  const code = session.segment === null ? isKept(parts, session) : "busy";
  if (code !== null) {
    undone.kept.push({ session_id: session.session_id, code });
    return;
  }
  const turns = turnsOfImport(db, number, key);
  undone.turns += turns;
  if (isWhole(parts, number, session)) {
    noteFormer(db, session);
    dropRequestKeys(db, requestKeys, [key]);
    detachSession(parts, session);
    undone.sessions += 1;
    return;
  }
  undone.trimmed += 1;
  removeTurns(parts, session, rangesOfImport(db, number, key));
  const wasMaker = importsOf(db, key).maker === number;
  forgetImport(db, number, key);
  if (wasMaker) passOn(db, key);
}

/** In a transaction. The other turns keep their numbers: their calls are known by them. */
function removeTurns(
  parts: ApplyParts,
  session: SessionRow,
  ranges: readonly { first: number; last: number }[],
): void {
  const { db, turns, counters } = parts;
  const { key, indexed } = session;
  const before = turns.count(key);
  const given = turns.lastSeq(key) + (findDetails(db, key)?.skipped ?? 0);
  // The next search indexes the rest again.
  unindexTurns(db, { key, indexed });
  for (const { first, last } of ranges) {
    const range = [turnId(key, first), turnId(key, last + 1)] as const;
    tallyLateTurns(db, range, -1);
    dropCalls(db, range);
    turns.remove(range);
    dropFactsOfTurns(db, key, first, last);
    dropExtractions(db, range);
  }
  dropUnseenFrames(db, key);
  const left = turns.count(key);
  const last = turns.last(key);
  const missing = last ? seqOf(last.id) - left.turns : 0;
  // No later turn takes the number of one that is gone: its id was told.
  const skipped = given - (last ? seqOf(last.id) : 0);
  putDetails(db, key, {
    missing: missing || null,
    skipped: skipped || null,
    // A summary would go on telling what is gone.
    summary: null,
    summary_turn: null,
  });
  counters.turnsChanged(left.turns - before.turns, left.messages - before.messages);
  parts.turnsWritten(key);
}

function isKept(parts: ApplyParts, { key, flags, session_id }: SessionRow): "held" | "busy" | null {
  if ((flags & HELD) !== 0) return "held";
  const isBusy = parts.lifecycle.isBusy(session_id) || isLastAwaited(parts, key, Date.now());
  return isBusy ? "busy" : null;
}

/** Whether the import made the live session, and all in it. */
const isWhole = ({ db, turns }: ApplyParts, number: number, { key }: SessionRow): boolean =>
  importsOf(db, key).maker === number && turnsOfImport(db, number, key) === turns.countOf(key);
