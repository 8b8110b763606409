import { dropStagedOf } from "../../store/archive/staged-parts.ts";
import type { TurnLifecycle } from "../../conversation/turn-lifecycle.ts";
import { sessionNotFound } from "../../../shared/not-found-errors.ts";
import { sessionByKey } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { checkAccountHold, checkHold } from "./erase-session.ts";
import type { EraseParts } from "./erase-session.ts";

/**
 * Deletes something that was said in a live session, with the copies of the session that lie in archives from before it
 * came back, and what imports have begun to bring of it. Backups keep what they hold until they expire, but for a whole turn's words.
 *
 * @param remove - takes it out of the session, in a transaction
 * @param wholeTurn - the number of the turn that says nothing any more
 * @throws ApiError `session_held` or `account_held`; then nothing was deleted
 */
export async function redactSession(
  { db, archivist, lifecycle }: EraseParts & { lifecycle: TurnLifecycle },
  { key, session_id }: SessionRow,
  remove: () => void,
  wholeTurn: number | null = null,
): Promise<void> {
  const session = sessionByKey(db, key);
  // What is taken for old copies here would be all that there is of it.
  if (session && session.segment !== null) throw new Error("an archived session is restored first");
  const copies = await archivist.withoutSessions(session ? [session] : [], { backups: false });
  const backups =
    session && wholeTurn !== null ? await archivist.withoutTurn(session, wholeTurn) : null;
  // A turn that is tried again is on its way with what it was before: once it is written, that is seen.
  lifecycle.flush(session_id);
  db.transaction(() => {
    checkAccountHold(db);
    const current = sessionByKey(db, key);
    if (!current) throw sessionNotFound();
    checkHold(current);
    remove();
    // An import may be bringing a copy, which would take its place.
    dropStagedOf(db, [session_id]);
    copies.commit();
    backups?.();
  });
}
