import { noteRedacted } from "../../store/archive/redacted-copies.ts";
import { dropStagedOf } from "../../store/archive/staged-parts.ts";
import type { TurnLifecycle } from "../../conversation/turn-lifecycle.ts";
import { keyOf, seqOf } from "../../../shared/ids.ts";
import { sessionNotFound } from "../../../shared/not-found-errors.ts";
import { withRequestKeys } from "../../store/turns/request-keys.ts";
import type { RequestKeys } from "../../store/turns/request-keys.ts";
import { sessionByKey } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { checkAccountHold, checkHold } from "./erase-session.ts";
import type { EraseParts } from "./erase-session.ts";

/** What is taken out of a live session. */
export interface Redaction {
  /** Takes it out, in a transaction. @param requestKeys - of the session */
  remove: (requestKeys: RequestKeys) => void;
  /** The turn that says something else then; null for none. Its words leave the search index before. */
  turn: number | null;
  /** The turn says nothing any more: it goes from backups, too. */
  isWholeTurn?: boolean;
}

/**
 * Deletes something that was said in a live session, with the copies of the session that lie in archives from before it
 * came back, and what imports have begun to bring of it. Backups keep what they hold until they expire, but for a whole turn's words. By
 * default none of it comes back where such a copy could take the place of a damaged archive.
 *
 * @throws ApiError `session_held` or `account_held`; then nothing was deleted
 */
export async function redactSession(
  { db, archivist, lifecycle, search }: EraseParts & { lifecycle: TurnLifecycle },
  { key, session_id }: SessionRow,
  { remove, turn, isWholeTurn = false }: Redaction,
): Promise<void> {
  const session = sessionByKey(db, key);
  // What is taken for old copies here would be all that there is of it.
  if (session && session.segment !== null) throw new Error("an archived session is restored first");
  const copies = await archivist.withoutSessions(session ? [session] : [], { backups: false });
  const backups =
    session && turn !== null && isWholeTurn
      ? await archivist.withoutTurn(session, seqOf(turn))
      : null;
  await withRequestKeys(db, [key], async (requestKeys) => {
    // Without a wait for others between this and the transaction, in which a search would index the turn again.
    if (turn !== null && keyOf(turn) === key) await search.forgetTurn(turn);
    // A turn that is tried again is on its way with what it was before: once it is written, that is seen.
    lifecycle.flush(session_id);
    db.transaction(() => {
      checkAccountHold(db);
      const current = sessionByKey(db, key);
      if (!current) throw sessionNotFound();
      checkHold(current);
      remove(requestKeys);
      if (!isWholeTurn) noteRedacted(db, key);
      // An import may be bringing a copy, which would take its place.
      dropStagedOf(db, [session_id]);
      copies.commit();
      backups?.();
    });
  });
}
