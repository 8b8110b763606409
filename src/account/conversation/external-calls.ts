import { boundTurn } from "../../shared/bound-turn.ts";
import { ApiError } from "../../shared/errors.ts";
import { TURNS_PER_SESSION, turnId } from "../../shared/ids.ts";
import { DAY_MS } from "../../shared/time.ts";
import { isHeld, readValue, writeValue } from "../store/account/account-values.ts";
import { tallyLate } from "../store/usage/roll-up.ts";
import { findWritten, locateCall, putCall } from "../store/calls/calls.ts";
import { anotherUsers, callNotFound, sessionErased } from "../../shared/not-found-errors.ts";
import { ROW_BYTES } from "../../shared/stored-bounds.ts";
import type { Database } from "../../sqlite/database.ts";
import type { IdempotencyKey } from "../store/turns/idempotency.ts";
import { reindexTurn } from "../store/turns/indexed-turns.ts";
import { HELD, JOURNAL, journalId } from "../store/sessions/session-flags.ts";
import { journalOf } from "../store/sessions/users.ts";
import { erasedAt, sessionByKey, findDetails } from "../store/sessions/sessions.ts";
import type { SessionRow } from "../store/sessions/sessions.ts";
import { writeTurn } from "./write-turn.ts";
import type { WriteParts } from "./write-turn.ts";
import type { PolicyRecord } from "../../shared/policy-record.ts";
import type { ExternalCall, Turn } from "../../shared/turn.ts";

/** Calls of a block of the journal: what is archived together. */
export const BLOCK_CALLS = 100;
/** A call that is not completed for so long is abandoned. */
const OPEN_MS = DAY_MS;

/** The lease of a call that is under way. No worker has it: it only tells when the call counts as abandoned. */
export const openLease = ({ created_at }: { created_at: number }) => ({
  lease: { token: "", until: created_at + OPEN_MS },
});

/** A call that another program made. Times are ms since the epoch. */
export interface CallWrite {
  /** The caller's; without one, ours. */
  call_id?: string | undefined;
  /** The key of its request: a call without a `call_id` is written once under it. */
  idempotency?: IdempotencyKey | undefined;
  /** It is told as a whole: a call of this id with another request or response is not it. */
  is_whole?: boolean | undefined;
  /** The session of the turn; without one, it goes to the user's journal. */
  session_id?: string | undefined;
  user_id?: string | undefined;
  /** The call's user, as the gateway reports it. An existing session keeps its own user. */
  end_user?: string | undefined;
  status: "in_progress" | "completed" | "failed";
  created_at: number;
  duration_ms: number | null;
  /** Written `provider/model`. */
  model: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  /** Question and answer as text, as a session shows them. */
  input: string;
  output: string | null;
  call: Omit<ExternalCall, "id">;
  policy?: PolicyRecord | undefined;
  error?: { code: string; message: string } | undefined;
}

export interface ExternalCallParts extends WriteParts {
  /** Called in the transaction that begins the journal: it has to be looked after. */
  journalBegun: () => void;
  /** @throws ApiError `quota_bytes`, or `quota_sessions` where the call begins a session */
  checkRoom: (isNewSession: boolean) => void;
}

/** A call that is there now. */
export interface WrittenCall {
  turn_id: number;
  /** The turn of a new call, with its session or its block of the journal. Null where the call was known. */
  created: { turn: Turn; session_id: string } | null;
}

/**
 * Writes a call, once for its id or its idempotency key: into its session as a turn, or into the journal. In a transaction.
 *
 * @throws ApiError `call_erased`, `session_erased`, `session_full`, `quota_bytes`, `quota_sessions` or `invalid_request`;
 *   `call_completed` where a call of the id is there, and another; `idempotency_mismatch`
 */
export function writeCall(parts: ExternalCallParts, write: CallWrite, now: number): WrittenCall {
  const { db } = parts;
  const known = findWritten(db, write);
  if (known !== null) {
    if (write.is_whole) checkSame(parts.turns.get(known), write);
    return { turn_id: known, created: null };
  }
  const { session_id, isNew, key, accessed_at } = placeOf(parts, write, now);
  parts.checkRoom(isNew && write.session_id !== undefined);
  const skipped = isNew ? 0 : (parts.sessions.find(session_id)?.details?.skipped ?? 0);
  const last = isNew ? 0 : parts.turns.lastSeq(key) + skipped;
  if (last >= TURNS_PER_SESSION - 2) {
    throw new ApiError("session_full", `A session takes ${TURNS_PER_SESSION - 2} turns.`);
  }
  const id = turnId(key, last + 1);
  const { input, created_at } = write;
  const user_id = isNew || write.session_id === undefined ? userOf(write) : write.user_id;
  const open = {
    turn_id: id,
    token: "",
    session_id,
    input,
    created_at,
    new_session: isNew,
    restored: false,
    skips: skipped > 0,
    account_erased_at: null,
    accessed_at,
    // A block of the journal holds calls of one user, or of none.
    user_id,
    assistant: null,
    role: null,
    shown: 0,
    ...(write.idempotency && { idempotency: write.idempotency }),
  };
  const unsettled = { open, stored: null, begun: false, abandoned: null };
  const turn = turnOf(id, write);
  checkSize(turn);
  writeTurn(parts, unsettled, turn, now);
  if (write.call_id !== undefined) putCall(db, write.call_id, id);
  return { turn_id: id, created: { turn, session_id } };
}

/** @param turn - the call as it is stored; null where it is archived @throws ApiError `call_completed` for another */
export function checkSame(turn: Turn | null, { call, call_id }: CallWrite): void {
  const stored = turn?.extra.call;
  if (!stored || (stored.request === call.request && stored.response === call.response)) return;
  throw new ApiError(
    "call_completed",
    `The call ${call_id} exists with another request or response. Send this one under another id.`,
  );
}

const assistantOf = (db: Database, key: number): string | null =>
  findDetails(db, key)?.assistant ?? null;

const bytesOf = ({ input, output, extra }: Turn): number =>
  Buffer.byteLength(JSON.stringify([input, output, JSON.stringify(extra)]));

export const isTooLarge = (turn: Turn): boolean => bytesOf(turn) > ROW_BYTES;

/** @throws ApiError `call_too_large` */
export function checkSize(turn: Turn): void {
  if (!isTooLarge(turn)) return;
  throw new ApiError(
    "call_too_large",
    `A call takes ${ROW_BYTES} bytes of JSON: request, response and events together. This one has ${bytesOf(turn)}.`,
  );
}

function turnOf(id: number, write: CallWrite): Turn {
  const { call_id, call, policy, error } = write;
  return boundTurn({
    id,
    status: write.status,
    created_at: write.created_at,
    duration_ms: write.duration_ms,
    model: write.model || null,
    input_tokens: write.input_tokens,
    output_tokens: write.output_tokens,
    input: write.input,
    output: write.output,
    extra: {
      ...(write.status === "in_progress" && openLease(write)),
      ...(error && { error }),
      ...(policy && { policy }),
      call: { ...(call_id !== undefined && { id: call_id }), ...call },
    },
  });
}

const userOf = ({ user_id, end_user }: CallWrite): string | undefined => user_id ?? end_user;

type Place = { session_id: string; key: number; isNew: boolean; accessed_at: number };

function placeOf(parts: ExternalCallParts, write: CallWrite, now: number): Place {
  const { db, keys, sessions } = parts;
  const { session_id, created_at, user_id } = write;
  if (session_id === undefined) return journalPlace(parts, userOf(write), now);
  const known = sessions.find(session_id);
  if (!known) {
    if (erasedAt(db, session_id) !== null) throw sessionErased();
    return { session_id, key: keys.next(), isNew: true, accessed_at: created_at };
  }
  const { session, details } = known;
  checkOwner(details?.user_id ?? null, user_id);
  if (session.segment !== null) throw new Error("an archived session is restored first");
  return { session_id, key: session.key, isNew: false, accessed_at: session.accessed_at };
}

function checkOwner(owner: string | null, userId: string | undefined): void {
  if (userId === undefined || owner === null || owner === userId) return;
  throw anotherUsers();
}

/**
 * The newest block of the user's journal, or of the calls of no user; the next one where that is full or archived.
 * Blocks of one user are erased, exported and archived as a session of theirs is.
 */
function journalPlace(
  { db, turns, keys, journalBegun }: ExternalCallParts,
  userId: string | undefined,
  now: number,
): Place {
  const shared = readValue(db, "journal");
  const current = userId === undefined ? shared : journalOf(db, userId);
  const block = current === null ? null : sessionByKey(db, current);
  const isTheirs = block && (findDetails(db, block.key)?.user_id ?? undefined) === userId;
  if (isTheirs && block.segment === null && turns.lastSeq(block.key) < BLOCK_CALLS) {
    return {
      session_id: block.session_id,
      key: block.key,
      isNew: false,
      accessed_at: block.accessed_at,
    };
  }
  const key = keys.next();
  // A user's first block is the account's first, too: the sweep looks after the journal from then on.
  if (userId === undefined || shared === null) writeValue(db, "journal", key);
  if (shared === null) journalBegun();
  return { session_id: journalId(key), key, isNew: true, accessed_at: now };
}

/**
 * Changes a call that was written from outside. In a transaction.
 *
 * @throws ApiError `session_held` or `account_held` where a legal hold keeps what the change overwrites
 * @throws ApiError `call_not_found`, `call_archived`, or `invalid_request` for a turn of our own
 */
export function changeCall(
  { db, turns, counters, turnWritten }: ExternalCallParts,
  callId: string,
  change: (turn: Turn, call: ExternalCall) => Turn,
): Turn {
  const { session, turn } = findTurn({ db, turns }, callId);
  const { call } = turn.extra;
  if (!call) {
    throw new ApiError(
      "invalid_request",
      "Colloquy answered this turn itself, so it takes no events.",
    );
  }
  const wanted = change(turn, call);
  if (wanted === turn) return turn;
  const held = isHeld(db) ? "account_held" : session.flags & HELD ? "session_held" : null;
  const changed = boundTurn(held === null ? wanted : keepingDocuments(call, wanted, held));
  checkSize(changed);
  counters.changing();
  turns.update(changed);
  if ((session.flags & JOURNAL) === 0) {
    const assistant = assistantOf(db, session.key);
    tallyLate(db, turn, assistant, -1);
    tallyLate(db, changed, assistant, 1);
  }
  reindexTurn(db, session.indexed, turn, changed);
  turnWritten(session.key);
  counters.turnsChanged(0, (changed.output === null ? 0 : 1) - (turn.output === null ? 0 : 1));
  return changed;
}

/** Under a legal hold documents are added to a call, and none is overwritten: its chunks stay beside its response. */
function keepingDocuments(
  before: ExternalCall,
  after: Turn,
  held: "account_held" | "session_held",
): Turn {
  const { call = {} } = after.extra;
  const chunks = new Map(call.chunks?.map(({ index, payload }) => [index, payload]));
  const isOverwritten =
    (["request", "response", "metadata"] as const).some(
      (name) => before[name] !== undefined && call[name] !== before[name],
    ) ||
    ((call.chunks ?? []).length > 0 &&
      (before.chunks ?? []).some(({ index, payload }) => chunks.get(index) !== payload));
  if (isOverwritten)
    throw new ApiError(
      held,
      "The call is under legal hold: its documents are not overwritten. Lift the hold first, or write another call.",
    );
  if (call.chunks || !before.chunks) return after;
  return { ...after, extra: { ...after.extra, call: { ...call, chunks: before.chunks } } };
}

/** @throws ApiError `call_not_found` or `call_archived` */
export function findTurn(
  { db, turns }: Pick<ExternalCallParts, "db" | "turns">,
  callId: string,
): { session: SessionRow; turn: Turn } {
  const { id, session } = locateCall(db, callId);
  if (session.segment !== null) {
    throw new ApiError("call_archived", "The call is archived, and cannot be changed.");
  }
  const turn = turns.get(id);
  if (!turn) throw callNotFound();
  return { session, turn };
}
