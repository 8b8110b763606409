import { ApiError } from "../shared/errors.ts";
import type { Refusal } from "../shared/errors.ts";
import { keyOf } from "../shared/ids.ts";
import type { ExternalCall, Turn } from "../shared/turn.ts";
import type { Account } from "./account.ts";
import type { AccountServices } from "./account-services.ts";
import type { ArchivedTurns } from "./archive/sessions/archived-turns.ts";
import { oldRowsFor } from "./calls/dual.ts";
import { callsMode } from "./calls/mode.ts";
import { writeCalls } from "./calls/write.ts";
import type { WriteResult } from "./calls/write.ts";
import { checkSame } from "./conversation/external-calls.ts";
import type { CallWrite } from "./conversation/external-calls.ts";
import { readWhereItLies } from "./store/archive/read-where-it-lies.ts";
import { findCall, isCallErased } from "./store/calls/calls.ts";
import { putOldRows } from "./store/calls/legacy-call-rows.ts";
import { findKey } from "./store/turns/idempotency.ts";
import { sessionByKey } from "./store/sessions/sessions.ts";
import type { SessionRow } from "./store/sessions/sessions.ts";

/** Writes the call's rows of the old schema, while both are written. Call it in the transaction that writes the call. */
export function keepOldRows(
  services: AccountServices,
  turn: Turn,
  streamed?: ExternalCall["chunks"],
): void {
  if (callsMode(services) === "new") return;
  putOldRows(services.db, oldRowsFor(turn, streamed), Date.now());
}

/**
 * Writes each call by itself, in one transaction. Calls that come at the same time share a commit. The archived session of a
 * new call comes back first; that of a known call stays where it is. A session that cannot come back refuses its own new
 * calls alone, and one whose archive is damaged the known calls that are to be compared with it, too. Where R2 is away each
 * of these is `archive_unavailable`: write them again.
 */
export async function writeExternalCalls(
  account: Account,
  writes: readonly CallWrite[],
  now: number,
): Promise<WriteResult[]> {
  const refused = await refuseChanged(account, writes);
  const sessions = sessionsOfNew(account, writes);
  const isArchived = (sessionId: string) =>
    (account.services.journal.sessions.find(sessionId)?.session.segment ?? null) !== null;
  const lost = new Map<string, Refusal>();
  let away = refused.find(isAway);
  for (;;) {
    for (const sessionId of sessions) {
      if (!isArchived(sessionId) || lost.has(sessionId)) continue;
      const refusal = away ?? (await refusalOf(account.restore(sessionId, now)));
      if (refusal) lost.set(sessionId, refusal);
      if (isAway(refusal)) away = refusal;
    }
    const written = await account.commit((services) => {
      // While this waited a sweep came.
      if (sessions.some((sessionId) => isArchived(sessionId) && !lost.has(sessionId))) return null;
      // What fails here does not undo a flush before it, which memory knows of.
      return attempt(() => {
        for (const sessionId of sessions) services.lifecycle.flush(sessionId);
        const refusals = writes.map(
          (write, at) => refused[at] ?? (isNew(services, write) ? lostOf(lost, write) : undefined),
        );
        return services.db.transaction(() => writeEach(services, writes, refusals, now));
      });
    });
    if (written) return written();
  }
}

const isNew = ({ db }: AccountServices, { call_id, idempotency }: CallWrite): boolean =>
  !(idempotency && findKey(db, idempotency.key)) &&
  (call_id === undefined || (findCall(db, call_id) === null && !isCallErased(db, call_id)));

const lostOf = (lost: ReadonlyMap<string, Refusal>, { session_id }: CallWrite) =>
  session_id === undefined ? undefined : lost.get(session_id);

const sessionsOfNew = ({ services }: Account, writes: readonly CallWrite[]): string[] => [
  ...new Set(writes.flatMap((write) => (isNew(services, write) ? (write.session_id ?? []) : []))),
];

/**
 * Refusals of whole calls that are archived with other content: the transaction that writes cannot read R2. In the order of
 * their turns, so that each part of an archive is read once, and two at most are in memory.
 */
async function refuseChanged(
  { services }: Account,
  writes: readonly CallWrite[],
): Promise<(Refusal | undefined)[]> {
  const { db, archivist } = services;
  const known = writes.flatMap((write, at) => {
    const id = write.is_whole && write.call_id !== undefined ? findCall(db, write.call_id) : null;
    return id === null ? [] : { at, id, write };
  });
  const refused: (Refusal | undefined)[] = writes.map(() => undefined);
  let away: Refusal | undefined;
  let archive: (Pick<SessionRow, "key" | "segment"> & { turns: ArchivedTurns }) | null = null;
  for (const { at, id, write } of known.toSorted((a, b) => a.id - b.id)) {
    const compare = async () => {
      const session = sessionByKey(db, keyOf(id));
      if (!session || session.segment === null) return;
      if (archive?.key !== session.key || archive.segment !== session.segment)
        archive = { ...session, turns: archivist.turnsOf(session) };
      checkSame(await archive.turns.find(id), write);
    };
    refused[at] = away ?? (await refusalOf(readWhereItLies(db, keyOf(id), compare)));
    if (isAway(refused[at])) away = refused[at];
  }
  return refused;
}

/** What is away for one session is away for all. */
const isAway = (refusal: Refusal | undefined): boolean => refusal?.code === "archive_unavailable";

/** How work was refused; undefined where it was done. */
async function refusalOf(work: Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.toRefusal();
    throw error;
  }
}

/** The result of work, or its error, when it is asked for. */
function attempt<T>(work: () => T): () => T {
  try {
    const result = work();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** In a transaction. @param refusals - of writes that are not to be tried */
function writeEach(
  services: AccountServices,
  writes: readonly CallWrite[],
  refusals: readonly (Refusal | undefined)[],
  now: number,
): WriteResult[] {
  const results = writes.flatMap((write, at): WriteResult[] => {
    const error = refusals[at];
    return error ? [{ error }] : writeCalls(services.journal, [write], now);
  });
  for (const result of results)
    if ("created" in result && result.created) keepOldRows(services, result.created.turn);
  return results;
}
