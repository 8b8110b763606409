import { keyOf } from "../../shared/ids.ts";
import { anotherRequest, inFlight, sessionErased } from "../../shared/not-found-errors.ts";
import { settledView } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";
import type { Database } from "../../sqlite/database.ts";
import { isHeld } from "../store/account/account-values.ts";
import { readWhereItLies } from "../store/archive/read-where-it-lies.ts";
import { mayReach } from "../store/sessions/session-access.ts";
import { HELD } from "../store/sessions/session-flags.ts";
import { sessionByKey } from "../store/sessions/sessions.ts";
import { findKey } from "../store/turns/idempotency.ts";
import { piecesFrom } from "../store/turns/stream-pieces.ts";
import type { PreviousTurnParts } from "./previous-turn.ts";
import type { BeginRequest, BeginResult } from "./turn-contract.ts";

type Repeated =
  | Extract<BeginResult, { kind: "replay" }>
  /** `retryOf`: the turn that the request is answered in; null: a new one. */
  | { kind: "try"; request: BeginRequest; retryOf: number | null };

/**
 * Looks up the turn that a request with an idempotency key made before. A turn without a whole answer is tried again in its
 * place. A whole answer in an archive is read there, and its session stays archived: a repeat takes no room of a full
 * account. Under a legal hold a part of an answer stays as it is, and so does an input that the request would change: the
 * request makes another turn.
 *
 * @throws ApiError `idempotency_mismatch`, `idempotency_in_flight`
 */
export async function findRepeated(
  { db, turns, clock, restore, archiveOf }: Omit<PreviousTurnParts, "flush">,
  request: BeginRequest,
  now: number,
): Promise<Repeated> {
  const { idempotency, always_forks, retries } = request;
  const known = idempotency && (findKey(db, idempotency.key) ?? knownBefore(db, request));
  const turn_id = retries ?? known?.turn_id;
  if (turn_id === undefined) return { kind: "try", request, retryOf: null };
  const isSame = known?.turn_id === turn_id && known.hash === idempotency?.hash;
  if (!isSame && retries === undefined) throw anotherRequest();
  const find = () => sessionByKey(db, keyOf(turn_id));
  let session = find();
  if (!session) throw sessionErased();
  if (!mayReach(db, request.caller ?? null, session.key)) throw anotherRequest();
  const { session_id } = session;
  let stored: Turn | null = null;
  if (session.segment !== null) {
    stored = await readWhereItLies(db, session.key, async () => {
      const there = find();
      return there && there.segment !== null ? archiveOf(there).find(turn_id) : null;
    });
    // The session may have been erased or restored meanwhile.
    session = find();
    if (!session) throw sessionErased();
  }
  if (stored?.status !== "completed") {
    if (session.segment !== null) await restore(session_id, now);
    stored = turns.get(turn_id);
  }
  const turn = stored && settledView(stored, clock());
  if (!isSame && (turn?.status === "in_progress" || turn?.status === "completed"))
    throw anotherRequest();
  if (turn?.status === "in_progress") throw inFlight();
  if (turn?.status === "completed") return { kind: "replay", session_id, turn };
  const isUnderHold = isHeld(db) || (session.flags & HELD) !== 0;
  const isKept = isUnderHold && turn && (!isSame || hasWords(db, turn));
  if (!isKept) return { kind: "try", request: { ...request, session_id }, retryOf: turn_id };
  // The first try made the fork: this one goes on in it.
  const previous_turn_id = always_forks ? undefined : request.previous_turn_id;
  return { kind: "try", request: { ...request, session_id, previous_turn_id }, retryOf: null };
}

const hasWords = (db: Database, turn: Turn): boolean =>
  turn.output !== null || piecesFrom(db, turn.id, 0).length > 0;

/** A user's key from before keys were the user's own: it is theirs where the request and the session are. */
function knownBefore(db: Database, { caller, idempotency }: BeginRequest) {
  if (caller?.user_id === undefined || !idempotency) return null;
  const known = findKey(db, idempotency.key.slice(caller.user_id.length + 1));
  const isOwn = known?.hash === idempotency.hash && mayReach(db, caller, keyOf(known.turn_id));
  return isOwn ? known : null;
}
