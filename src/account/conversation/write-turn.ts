import { keyOf } from "../../shared/ids.ts";
import type { Counters } from "../store/usage/counters.ts";
import type { Database } from "../../sqlite/database.ts";
import type { SystemPrompts } from "../store/turns/system-prompts.ts";
import { keptFrom, putKey } from "../store/turns/idempotency.ts";
import type { OpenTurn, PendingTurn } from "./turn-contract.ts";
import type { SessionCache } from "../store/sessions/session-cache.ts";
import type { SessionKeys } from "../store/sessions/session-keys.ts";
import {
  closeGap,
  findDetails,
  insertSession,
  mergeMetadata,
  needsTouch,
  putDetails,
  sessionByKey,
  touchSession,
} from "../store/sessions/sessions.ts";
import { JOURNAL, flagsOf } from "../store/sessions/session-flags.ts";
import type { DetailsRow } from "../store/sessions/sessions.ts";
import { dropBackground } from "../store/turns/background-turns.ts";
import { settleState } from "../store/sessions/session-state.ts";
import { reindexTurn } from "../store/turns/indexed-turns.ts";
import { dropPieces } from "../store/turns/stream-pieces.ts";
import type { Turns } from "../store/turns/turns.ts";
import { tallyLate } from "../store/usage/roll-up.ts";
import { dayOf } from "../../shared/time.ts";
import { answerCount, messageCount } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";

export interface WriteParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  keys: SessionKeys;
  sessions: SessionCache;
  counters: Counters;
  /** Called in the transaction that writes a new session. */
  sessionWritten: (accessedAt: number) => void;
  /** Called in the transaction that writes an idempotency key. */
  keyWritten: () => void;
  turnWritten: (sessionKey: number) => void;
  /** Called in the transaction that writes how a turn ended. */
  turnSettled?: (turn: Turn) => void;
}

/** One row for the turn; what else there is to write, once. In a transaction. */
export function writeTurn(
  parts: WriteParts,
  unsettled: PendingTurn,
  turn: Turn,
  now: number,
): void {
  const { db, turns, frames, keys, sessions, counters, sessionWritten, keyWritten, turnWritten } =
    parts;
  const { open, stored, begun: wasBegun, abandoned, system, answer_patch } = unsettled;
  const key = keyOf(open.turn_id);
  const touched =
    !wasBegun && !open.new_session && needsTouch(open.accessed_at, open.created_at)
      ? sessionByKey(db, key)
      : null;
  const accessed = { ...open, flags: flagsOf(open.session_id), accessed_at: open.created_at };
  counters.changing();
  if (!wasBegun) {
    if (open.new_session) {
      keys.reserve(key);
      insertSession(db, { ...accessed, key });
      sessionWritten(open.created_at);
    }
    if (touched) {
      touchSession(db, key, open.created_at);
      sessionWritten(open.created_at);
    }
    writeDetails(db, key, open);
    if (system) frames.put(system.isOwn ? key : null, system.text);
    if (open.idempotency) {
      putKey(db, open.idempotency, open.turn_id, keptFrom(now));
      keyWritten();
    }
    // Pieces of the previous try do not belong to this one.
    if (stored) dropPieces(db, [stored.id, stored.id + 1]);
    if (abandoned) {
      turns.update(abandoned);
      dropPieces(db, [abandoned.id, abandoned.id + 1]);
    }
  }
  for (const patch of turn.status === "completed" ? [open.state_patch, answer_patch] : []) {
    if (patch !== undefined) turn.extra.state_version = settleState(db, key, patch);
  }
  if (stored) {
    turns.update(turn);
    // A turn that another follows may be indexed before it is answered.
    reindexTurn(db, sessions.find(open.session_id)?.session.indexed ?? 0, stored, turn);
  } else {
    turns.insert(turn);
    if (open.skips) closeGap(db, key);
  }
  if (turn.extra.response && turn.status !== "in_progress") {
    const only = [turn.id, turn.id + 1] as const;
    if (turn.extra.response.pieces) dropPieces(db, only);
    if (open.background) dropBackground(db, only);
  }
  const since = Math.min(turn.created_at, stored?.created_at ?? turn.created_at);
  if (dayOf(since) < dayOf(now) && (accessed.flags & JOURNAL) === 0) tallyWrite(db, stored, turn);
  turnWritten(key);
  if (turn.status !== "in_progress") parts.turnSettled?.(turn);
  // Nothing below can fail, so memory says what the transaction did.
  unsettled.stored = turn;
  unsettled.begun = true;
  if (!wasBegun && abandoned) counters.turnsChanged(0, answerCount(abandoned));
  counters.turnsChanged(stored ? 0 : 1, messageCount(turn) - (stored ? messageCount(stored) : 0));
  if (wasBegun) return;
  if (open.new_session) counters.sessionAdded(accessed);
  if (touched) counters.sessionChanged(touched, { ...touched, accessed_at: open.created_at });
  counters.accessed(open.created_at);
}

/** The turn began on an earlier day, which may be rolled up. */
export function tallyWrite(db: Database, stored: Turn | null, turn: Turn): void {
  const assistant = findDetails(db, keyOf(turn.id))?.assistant ?? null;
  if (stored) tallyLate(db, stored, assistant, -1);
  tallyLate(db, turn, assistant, 1);
}

/** The session's details that the request changes: usually none, and then none are read. */
function writeDetails(db: Database, key: number, open: OpenTurn): void {
  const { user_id, metadata, assistant, role, new_session, cache_key } = open;
  const isPlain = assistant === null && role === null;
  const isNothing = user_id === undefined && metadata === undefined && cache_key === undefined;
  if (isNothing && (isPlain || !new_session)) return;
  const stored = findDetails(db, key);
  const changed: Partial<DetailsRow> = {};
  if (new_session && assistant !== null) changed.assistant = assistant;
  if (cache_key !== undefined) changed.cache_key = cache_key;
  if (role !== null && role !== stored?.role) changed.role = role;
  if (user_id !== undefined && user_id !== stored?.user_id) changed.user_id = user_id;
  const merged = JSON.stringify(mergeMetadata(stored?.metadata ?? null, metadata ?? {}));
  if (merged !== (stored?.metadata ?? "{}")) changed.metadata = merged;
  putDetails(db, key, changed);
}

/** The part of the session that the turn's model was shown. */
export const seen = ({ shown, frame }: OpenTurn): Pick<Turn, "shown" | "frame"> => ({
  shown,
  ...(frame !== undefined && { frame }),
});

/** A begun turn as it is written before it is settled. */
export function inProgress(open: OpenTurn, leaseUntil: number): Turn {
  const lease = { token: open.token, until: leaseUntil };
  return {
    id: open.turn_id,
    status: "in_progress",
    created_at: open.created_at,
    duration_ms: null,
    model: null,
    input_tokens: null,
    output_tokens: null,
    input: open.input,
    output: null,
    ...seen(open),
    extra: {
      lease,
      ...(open.restored && { restored: true as const }),
      ...(open.facts && { facts: open.facts }),
      ...(open.response && { response: open.response }),
    },
  };
}
