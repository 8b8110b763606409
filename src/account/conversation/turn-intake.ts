import { ApiError } from "../../shared/errors.ts";
import { TURNS_PER_SESSION, seqOf, turnId } from "../../shared/ids.ts";
import {
  anotherRequest,
  anotherUsers,
  inFlight,
  sessionErased,
  sessionExists,
} from "../../shared/not-found-errors.ts";
import { settledView } from "../../shared/turn.ts";
import type { Assistants } from "../store/account/assistants.ts";
import { checkNotErased, isOwner } from "../store/sessions/session-access.ts";
import type { SessionCache } from "../store/sessions/session-cache.ts";
import type { SessionKeys } from "../store/sessions/session-keys.ts";
import { keyFor } from "../store/turns/idempotency.ts";
import type { IdempotencyKey } from "../store/turns/idempotency.ts";
import { withPieces } from "../store/turns/stream-pieces.ts";
import type { Quotas } from "../store/usage/quotas.ts";
import { UserSessions } from "./open-session-for-user.ts";
import { openTurn } from "./open-turn.ts";
import type { CacheParts } from "./open-turn.ts";
import type { PendingTurns } from "./pending-turns.ts";
import { checkDetails, notReached, prepareTurn, resolveTurn } from "./prepare-turn.ts";
import { findPrevious, isLastTurn } from "./previous-turn.ts";
import type { PreviousTurnParts } from "./previous-turn.ts";
import { findRepeated } from "./repeated-request.ts";
import type { SessionQueue } from "./session-queue.ts";
import type { BeginRequest, BeginResult, OpenTurn } from "./turn-contract.ts";

/** How long a caller that finds the session busy should wait, in ms. */
const BUSY_RETRY_MS = 500;

export interface TurnIntakeParts extends PreviousTurnParts, CacheParts {
  keys: SessionKeys;
  sessions: SessionCache;
  queue: SessionQueue;
  quotas: Quotas;
  assistants: Assistants;
  /** Copies a session up to a turn, under another id. Call it in a transaction. */
  fork: (turn: number, sessionId: string, now: number) => void;
  /** Undoes `fork`. Call it in a transaction. */
  unfork: (sessionId: string) => void;
  /** When the account was last erased, in ms since the epoch: older turns are not written. */
  erasedAt: number | null;
}

/** Begins turns: finds the session, waits in its queue, and checks what a turn needs. */
export class TurnIntake {
  readonly #parts: TurnIntakeParts;
  readonly #pending: PendingTurns;
  /** Turns in progress by idempotency key; null while the turn waits in the queue. */
  readonly #keys = new Map<string, OpenTurn | null>();
  readonly #instance = crypto.randomUUID();
  readonly #userSessions: UserSessions;
  #closed = false;
  #tokens = 0;

  constructor(parts: TurnIntakeParts, pending: PendingTurns) {
    this.#parts = parts;
    this.#pending = pending;
    this.#userSessions = new UserSessions(parts.db, parts.queue);
  }

  async begin(sent: BeginRequest, now: number): Promise<BeginResult> {
    if (sent.idempotency === undefined) return this.enter(sent, null, now);
    const key = keyFor(sent.caller ?? null, sent.idempotency.key);
    const request = { ...sent, idempotency: { ...sent.idempotency, key } };
    this.#checkInFlight(request.idempotency);
    this.#keys.set(key, null);
    let begun: BeginResult | undefined;
    try {
      begun = await this.#beginOnce(request, now);
      return begun;
    } finally {
      if (begun?.kind === "begun") this.#keys.set(key, begun.turn);
      else this.#keys.delete(key);
    }
  }

  /** The turn has ended: its place in the queue and its idempotency key are free. */
  leave({ session_id, token, idempotency }: OpenTurn): void {
    if (idempotency && this.#keys.get(idempotency.key)?.token === token)
      this.#keys.delete(idempotency.key);
    this.#parts.queue.leave(session_id, token);
    this.sessionLeft(session_id);
  }

  /** The session may no longer be its user's open one. */
  sessionLeft(sessionId: string): void {
    this.#userSessions.left(sessionId);
  }

  /** Whether the whole account was erased. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** The whole account was erased: no turn begins here any more. */
  close(): void {
    this.#closed = true;
    this.#keys.clear();
  }

  /** @param retryOf - the turn without a whole answer that this request is another try of */
  async enter(request: BeginRequest, retryOf: number | null, now: number): Promise<BeginResult> {
    const { queue } = this.#parts;
    const previous_turn_id = retryOf === null ? request.previous_turn_id : undefined;
    const { session_id, isFork } =
      previous_turn_id === undefined
        ? { session_id: request.session_id ?? this.#openSession(request, now), isFork: false }
        : await this.#sessionAfter(previous_turn_id, request, now);
    if (previous_turn_id === undefined) this.#checkOwner(session_id, request);
    this.#tokens += 1;
    const token = `${this.#instance}.${this.#tokens}`;
    if (!(await queue.enter(session_id, token, request.on_busy))) throw this.#busy(session_id);
    if (previous_turn_id !== undefined && !isFork && !isLastTurn(this.#parts, previous_turn_id)) {
      // Another turn was faster: this one continues in a fork.
      queue.leave(session_id, token);
      return this.enter(request, retryOf, now);
    }
    try {
      return await this.#open({ ...request, session_id }, token, retryOf, now);
    } catch (error) {
      queue.leave(session_id, token);
      this.#userSessions.left(session_id);
      // Keep no fork without a turn of its own.
      if (isFork) this.#parts.db.transaction(() => this.#parts.unfork(session_id));
      throw error;
    }
  }

  async #beginOnce(request: BeginRequest, now: number): Promise<BeginResult> {
    const repeated = await findRepeated(this.#parts, request, now);
    if (repeated.kind === "replay") return repeated;
    return this.enter(repeated.request, repeated.retryOf, now);
  }

  /**
   * Before the place in the queue: a turn of another user would make the owner's turns wait, or be refused.
   *
   * @throws ApiError `session_not_found`; `invalid_request` for another `user_id` than the session's
   */
  #checkOwner(sessionId: string, request: BeginRequest): void {
    const { caller, user_id } = request;
    const known = this.#parts.sessions.find(sessionId);
    // A session that is begun is its user's before its first row is written.
    const begun = known ? undefined : this.#pending.get(sessionId)?.open;
    const owner = begun ? { user_id: begun.user_id ?? null, role: begun.role } : known?.details;
    if (!known && !begun) return;
    if (!isOwner(caller ?? null, owner ?? null)) throw notReached(request);
    if (user_id !== undefined && (owner?.user_id ?? user_id) !== user_id) throw anotherUsers();
  }

  /** The session to continue after a turn: its own while no turn follows, else a fork that this call makes. */
  async #sessionAfter(
    turn_id: number,
    { caller, new_session_id, always_forks }: BeginRequest,
    now: number,
  ): Promise<{ session_id: string; isFork: boolean }> {
    const { db, fork, quotas, queue } = this.#parts;
    const { session_id } = await findPrevious(this.#parts, turn_id, caller ?? null, now);
    if (!always_forks && isLastTurn(this.#parts, turn_id) && !queue.isBusy(session_id))
      return { session_id, isFork: false };
    // A caller may have named the fork.
    if (this.#parts.sessions.find(new_session_id)) throw sessionExists();
    checkNotErased(db, caller ?? null, new_session_id);
    quotas.takeSession(() => this.#pending.newSessions() + 1);
    db.transaction(() => fork(turn_id, new_session_id, now));
    return { session_id: new_session_id, isFork: true };
  }

  /** No await before the place in the queue: concurrent turns of a user find the same session. */
  #openSession(request: BeginRequest, now: number): string {
    const { user_id, new_session_id } = request;
    if (user_id === undefined) return new_session_id;
    const { assistant, role } = resolveTurn(this.#parts.assistants, request, null);
    const wanted = {
      user_id,
      assistant: assistant.name,
      role,
      idle_seconds: assistant.idle_seconds,
    };
    return this.#userSessions.find(wanted, new_session_id, now);
  }

  async #open(
    request: BeginRequest & { session_id: string },
    token: string,
    retryOf: number | null,
    now: number,
  ): Promise<BeginResult> {
    const { db, turns, queue, keys, clock } = this.#parts;
    const { session_id } = request;
    if (this.#closed) throw sessionErased();
    let known = this.#parts.sessions.find(session_id);
    let session = known?.session ?? null;
    if (!session) checkNotErased(db, request.caller ?? null, session_id, () => notReached(request));
    if (!session && request.must_exist) throw notReached(request);
    const restored = session !== null && session.segment !== null;
    if (restored) {
      await this.#parts.restore(session_id, now);
      // A restore that outlasts the lease loses its place to the next turn in the queue.
      if (queue.holder(session_id) !== token) throw this.#busy(session_id);
      known = this.#parts.sessions.find(session_id);
      session = known?.session ?? null;
      if (!session) throw sessionErased();
    }
    const details = known?.details ?? null;
    if (session) checkDetails(db, session, details, request);
    const view = prepareTurn(this.#parts, request, { session, details, retryOf }, now);
    const { last } = view.window;
    // A call that was written from outside has no lease: no turn waits for it.
    const inProgress =
      last?.status === "in_progress" && !last.extra.call ? turns.get(last.id) : null;
    const lease = inProgress?.extra.lease;
    const isOwn = lease !== undefined && lease.token === request.takes_over;
    if (session && last && lease && lease.until > clock() && !isOwn) {
      // The turn began before this object was evicted, and its worker may still answer it.
      if (request.on_busy === "reject" || !(await queue.giveWay(session_id, token, lease)))
        throw this.#busy(session_id, lease.until - clock());
      return this.#open(request, token, retryOf, now);
    }
    const abandoned =
      inProgress && withPieces(db, settledView(inProgress, isOwn ? Infinity : clock()));
    const retried = last && last.id === retryOf ? (abandoned ?? turns.get(last.id)) : null;
    const turn_id =
      retried?.id ??
      (session
        ? (last?.id ?? turnId(session.key, 0)) + (details?.skipped ?? 0) + 1
        : turnId(keys.next(), 1));
    if (seqOf(turn_id) === TURNS_PER_SESSION - 1) {
      throw new ApiError(
        "session_full",
        `A session takes ${TURNS_PER_SESSION - 2} turns. Start a new one.`,
      );
    }
    const isNew = session === null;
    this.#parts.quotas.take(now, isNew ? () => this.#pending.newSessions() + 1 : null);
    const { pending, result } = openTurn(
      this.#parts,
      request,
      view,
      {
        turn_id,
        token,
        session,
        details,
        restored,
        retried,
        abandoned,
        erasedAt: this.#parts.erasedAt,
      },
      now,
    );
    this.#pending.add(pending);
    return result;
  }

  /** A key whose turn lost its lease is free for a retry. */
  #checkInFlight({ key, hash }: IdempotencyKey): void {
    const open = this.#keys.get(key);
    if (open === undefined || (open && this.#pending.held(open) === null)) return;
    throw open && open.idempotency?.hash !== hash ? anotherRequest() : inFlight();
  }

  #busy(sessionId: string, leaseLeftMs = this.#parts.queue.leaseLeftMs(sessionId)): ApiError {
    return new ApiError(
      "session_busy",
      'The session is answering another turn. Try again, or leave on_busy at "queue" to wait in line.',
      { retry_after_ms: Math.max(1, Math.min(BUSY_RETRY_MS, leaseLeftMs)), session_id: sessionId },
    );
  }
}
