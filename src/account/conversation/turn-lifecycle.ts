import { DEFAULT_ASSISTANT } from "../../assistants/assistant.ts";
import type { Assistant } from "../../assistants/assistant.ts";
import { ApiError } from "../../shared/errors.ts";
import { TURNS_PER_SESSION, keyOf, seqOf, turnId } from "../../shared/ids.ts";
import { watchesResponse } from "../../policies/apply.ts";
import { readValue } from "../store/account/account-values.ts";
import type { Assistants } from "../store/account/assistants.ts";
import { queryKey } from "../../outbound/cache-keys.ts";
import { GroupCommit } from "../../sqlite/group-commit.ts";
import { frameId } from "../store/turns/system-prompts.ts";
import { findKey } from "../store/turns/idempotency.ts";
import { LEASE_MS } from "./session-queue.ts";
import { SessionCache } from "../store/sessions/session-cache.ts";
import type { SessionQueue } from "./session-queue.ts";
import type {
  BeginRequest,
  BeginResult,
  CachedAnswer,
  OpenTurn,
  Outcome,
  TurnPreview,
  PendingTurn,
} from "./turn-contract.ts";
import { mayReach } from "../store/sessions/session-access.ts";
import type { Quotas } from "../store/usage/quotas.ts";
import { endTurn } from "./end-abandoned-turn.ts";
import type { Ending } from "./end-abandoned-turn.ts";
import { rebuildRequest } from "./rebuild-request.ts";
import { resolveTurn, prepareTurn } from "./prepare-turn.ts";
import { recoverTurn } from "./recover-turn.ts";
import {
  anotherRequest,
  anotherUsers,
  conversationNotFound,
  inFlight,
  previousNotFound,
  responseInProgress,
  sessionErased,
  sessionNotFound,
} from "../../shared/not-found-errors.ts";
import {
  erasedAt,
  findDetails,
  findSession,
  firstTurnOf,
  mergeMetadata,
  sessionByKey,
} from "../store/sessions/sessions.ts";
import type { DetailsRow, SessionRow } from "../store/sessions/sessions.ts";
import { patched, stateOf } from "../store/sessions/session-state.ts";
import { SUMMARY_TURNS } from "./summaries.ts";
import {
  dropBackground,
  findBackground,
  isTakenUpAgain,
  putBackground,
} from "../store/turns/background-turns.ts";
import { putPieces, withPieces } from "../store/turns/stream-pieces.ts";
import { isInRole } from "../store/sessions/users.ts";
import type { User } from "../store/sessions/users.ts";
import { UserSessions } from "./open-session-for-user.ts";
import { isAnswered } from "./window.ts";
import { HOUR_MS, SECOND_MS } from "../../shared/time.ts";
import { inProgress, seen, writeTurn } from "./write-turn.ts";
import type { WriteParts } from "./write-turn.ts";
import type { Principal } from "../../shared/principal.ts";
import { isVisible, settledView } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";

/**
 * How long a begun turn may stay unwritten: an answer that comes sooner is written with it, as one row. Long enough for
 * an instant answer under load, short enough for a turn that a crash cut off to be seen as such.
 */
const WRITE_BEHIND_MS = 20;
/** What a caller who found the session busy should wait. */
const BUSY_RETRY_MS = 500;

const BROKEN_OFF = { code: "model_failed", message: "Answering it broke off again and again" };
/** So many failed turns may have come after one, and it is the last still. */
const LOOK_BEHIND = 20;
const FOLLOWS = "previous_response_id";

export interface TurnLifecycleParts extends WriteParts {
  accountId: string;
  /** How long answers may be kept in the cache; null: not at all. */
  cacheHours: () => number | null;
  line: SessionQueue;
  quotas: Quotas;
  assistants: Assistants;
  /** Brings an archived session back. @throws ApiError when it cannot */
  restore: (sessionId: string, now: number) => Promise<unknown>;
  /** Makes a session of another one's turns up to this one. */
  fork: (turn: number, sessionId: string, now: number) => void;
  /** Takes it back. In a transaction, as that is. */
  unfork: (sessionId: string) => void;
  clock: () => number;
  /** Resolves when everything written so far is on the disk. */
  sync: () => Promise<void>;
}

/**
 * The account's turns from begin to settle. Begin takes the session's place in line and answers at once; the turn is
 * written a few milliseconds behind it, or together with its settle when that comes first. Nothing is acknowledged
 * before its commit: a begin acknowledges nothing.
 */
export class TurnLifecycle {
  readonly #parts: TurnLifecycleParts;
  readonly #commits: GroupCommit;
  /** By session: it has one turn at a time. */
  readonly #unsettled = new Map<string, PendingTurn>();
  readonly #unwritten = new Set<PendingTurn>();
  #behindTimer: ReturnType<typeof setTimeout> | null = null;
  /** Idempotency keys on their way; null while the turn waits in line. */
  readonly #keys = new Map<string, OpenTurn | null>();
  readonly #instance = crypto.randomUUID();
  #closed = false;
  /** When the account was last erased: this lifecycle is of its life since. */
  readonly #erasedAt: number | null;
  readonly #userSessions: UserSessions;
  readonly #sessions: SessionCache;
  #tokens = 0;

  constructor(parts: TurnLifecycleParts) {
    this.#parts = parts;
    this.#erasedAt = readValue(parts.db, "erased_at");
    this.#commits = new GroupCommit(parts.db, parts.sync);
    this.#userSessions = new UserSessions(parts.db, parts.line);
    this.#sessions = new SessionCache(parts.db);
  }

  async begin(request: BeginRequest, now: number): Promise<BeginResult> {
    const key = request.idempotency?.key;
    if (key === undefined) return this.#enter(request, null, now);
    if (this.#isInFlight(key)) throw inFlight();
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

  /** Records how the turn ended. Twice is once; a settle whose lease was lost changes nothing and says so. */
  async settle(open: OpenTurn, outcome: Outcome, now: number): Promise<Turn> {
    const { error, cached, policy, state_patch, response, ...rest } = outcome;
    const turn: Turn = {
      id: open.turn_id,
      created_at: open.created_at,
      input: open.input,
      ...rest,
      ...seen(open),
      extra: {
        ...(error && { error }),
        ...(open.restored && { restored: true as const }),
        ...(cached && { cached: true as const }),
        ...(policy && { policy }),
        ...((open.response ?? response) && { response: { ...open.response, ...response } }),
      },
    };
    const waiting = this.#mine(open);
    if (waiting) this.#isWritten(waiting);
    const settled = await this.#commits.run(() => {
      if (this.#closed) throw sessionErased();
      const state =
        this.#mine(open) ?? recoverTurn({ ...this.#parts, erasedAt: this.#erasedAt }, open, turn);
      if ("settled" in state) return state.settled;
      state.answer_patch = state_patch;
      this.#write(state, turn, now);
      return turn;
    });
    this.#close(open);
    return settled;
  }

  /** Keeps a slow turn's place, in the line and in its row. @returns false when it was lost already */
  renew(open: OpenTurn): boolean {
    const { line, db, turns, clock } = this.#parts;
    const { session_id, token } = open;
    const stored = turns.get(open.turn_id);
    const lease = stored?.extra.lease;
    const written = stored !== null && lease?.token === token && lease.until > clock();
    // After an eviction the row still says whose turn it is, and the place is taken again from there.
    if (written && line.holder(session_id) === null) void line.enter(session_id, token, "reject");
    if (!line.renew(session_id, token)) return false;
    if (written)
      db.transaction(() =>
        turns.update({ ...this.#inProgress(open), created_at: stored.created_at }),
      );
    return true;
  }

  /** Writes the turn that the session has on its way, if it has one: so that the next place after it is known. */
  flush(sessionId: string): void {
    const unsettled = this.#unsettled.get(sessionId);
    if (!unsettled || unsettled.begun || this.#mine(unsettled.open) !== unsettled) return;
    const { open } = unsettled;
    this.#parts.db.transaction(() =>
      this.#write(unsettled, this.#inProgress(open), open.created_at),
    );
  }

  /** Likewise the turn itself, if it is on its way. */
  flushTurn(turn_id: number): void {
    this.#unsettledTurn(turn_id, ({ open }) => this.flush(open.session_id));
  }

  /** Whether the session has a turn on its way. */
  isBusy(sessionId: string): boolean {
    return this.#parts.line.isBusy(sessionId);
  }

  /** Sessions of the user that are begun and not written yet. */
  unwrittenSessionsOf(user: User): string[] {
    return [...this.#unsettled.values()]
      .filter(({ open, begun }) => open.new_session && !begun)
      .filter(({ open }) => open.user_id === user.user_id && isInRole(user, open.role))
      .map(({ open }) => open.session_id);
  }

  /** The session is gone: its turn on the way will find that it lost its lease, and the next in line that it was erased. */
  drop(sessionId: string): void {
    const unsettled = this.#unsettled.get(sessionId);
    if (unsettled) this.#close(unsettled.open);
    else this.#parts.line.evict(sessionId);
    this.#userSessions.left(sessionId);
  }

  /** The whole account was erased: nothing that began before may be written any more. */
  close(): void {
    this.#closed = true;
    this.#unsettled.clear();
    this.#unwritten.clear();
    this.#keys.clear();
    this.#parts.line.clear();
  }

  async #beginOnce(request: BeginRequest, now: number): Promise<BeginResult> {
    const { db, turns } = this.#parts;
    const { idempotency } = request;
    const known = idempotency && findKey(db, idempotency.key);
    if (!known) return this.#enter(request, null, now);
    if (known.hash !== idempotency.hash) throw anotherRequest();
    const session = sessionByKey(db, keyOf(known.turn_id));
    if (!session) throw sessionErased();
    if (!mayReach(db, request.caller ?? null, session.key)) throw anotherRequest();
    if (session.segment !== null) await this.#parts.restore(session.session_id, now);
    const stored = turns.get(known.turn_id);
    const turn = stored && settledView(stored, this.#parts.clock());
    if (turn?.status === "in_progress") throw inFlight();
    if (turn?.status === "completed") {
      return { kind: "replay", session_id: session.session_id, turn };
    }
    return this.#enter({ ...request, session_id: session.session_id }, known.turn_id, now);
  }

  /** @param retryOf - the turn without a whole answer that this request is another try of */
  async #enter(request: BeginRequest, retryOf: number | null, now: number): Promise<BeginResult> {
    const { line } = this.#parts;
    const previous_turn_id = retryOf === null ? request.previous_turn_id : undefined;
    const session_id =
      previous_turn_id === undefined
        ? (request.session_id ?? this.#openSession(request, now))
        : await this.#behind(previous_turn_id, request, now);
    this.#tokens += 1;
    const token = `${this.#instance}.${this.#tokens}`;
    if (!(await line.enter(session_id, token, request.on_busy))) throw this.#busy(session_id);
    if (
      previous_turn_id !== undefined &&
      session_id !== request.new_session_id &&
      !this.#isLast(previous_turn_id)
    ) {
      // Somebody was faster: this one goes another way.
      line.leave(session_id, token);
      return this.#enter(request, retryOf, now);
    }
    try {
      return await this.#open({ ...request, session_id }, token, retryOf, now);
    } catch (error) {
      line.leave(session_id, token);
      this.#userSessions.left(session_id);
      // A copy that nobody goes on with is not to stay.
      if (previous_turn_id !== undefined && session_id === request.new_session_id)
        this.#parts.db.transaction(() => this.#parts.unfork(session_id));
      throw error;
    }
  }

  /** The session to go on behind a turn: its own while nothing has come after it, else a copy of that up to there. */
  async #behind(
    turn_id: number,
    { caller, new_session_id }: BeginRequest,
    now: number,
  ): Promise<string> {
    const { db, fork, quotas, line } = this.#parts;
    const { session_id } = await this.#followed(turn_id, caller ?? null, now);
    if (this.#isLast(turn_id) && !line.isBusy(session_id)) return session_id;
    quotas.takeSession(() => this.#newSessions() + 1);
    db.transaction(() => fork(turn_id, new_session_id, now));
    return new_session_id;
  }

  /** Whether nothing has come behind a turn that is shown to anybody, or may be yet. */
  #isLast(turn_id: number): boolean {
    const { turns, clock } = this.#parts;
    const page = { order: "asc", from: turn_id + 1, limit: LOOK_BEHIND } as const;
    const after = turns.list(keyOf(turn_id), page);
    return (
      after.length < LOOK_BEHIND &&
      after.every((turn) => hasNoVisibleAnswer(settledView(turn, clock())))
    );
  }

  /** The session of a turn that may be followed; an archived one is brought back. */
  async #followed(turn_id: number, caller: Principal | null, now: number): Promise<SessionRow> {
    const { db, turns, clock } = this.#parts;
    const find = () => sessionByKey(db, keyOf(turn_id));
    let session = find();
    if (!session || !mayReach(db, caller, session.key)) throw previousNotFound();
    if (session.segment !== null) {
      await this.#parts.restore(session.session_id, now);
      session = find();
    }
    this.flush(session?.session_id ?? "");
    const stored = turns.get(turn_id);
    if (!session || !stored || stored.extra.response?.deleted) throw previousNotFound();
    const turn = settledView(stored, clock());
    if (turn.status === "in_progress") throw responseInProgress(FOLLOWS);
    if (isVisible(turn)) return session;
    throw new ApiError(
      "invalid_request",
      "Nothing comes behind a response that failed; send its input again, behind the one before it.",
      { param: FOLLOWS },
    );
  }

  /** Up to the line's place without a pause, so that a user's turns that come at once find the same session. */
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
    const { db, turns, line, keys, clock } = this.#parts;
    const { session_id } = request;
    if (this.#closed) throw sessionErased();
    let known = this.#sessions.find(session_id);
    let session = known?.session ?? null;
    if (!session && erasedAt(db, session_id) !== null) throw sessionErased();
    if (!session && request.must_exist) throw conversationNotFound("conversation");
    const restored = session !== null && session.segment !== null;
    if (restored) {
      await this.#parts.restore(session_id, now);
      // A restore that outlasts the lease loses the place to whoever waited.
      if (line.holder(session_id) !== token) throw this.#busy(session_id);
      known = this.#sessions.find(session_id);
      session = known?.session ?? null;
      if (!session) throw sessionErased();
    }
    const details = known?.details ?? null;
    if (session) this.#checkDetails(session, details, request);
    const view = prepareTurn(this.#parts, request, { session, details, retryOf }, now);
    const { assistant, role, models, input, system, question, policed } = view;
    const { last, messages, shown, oldest } = view.window;
    const { state_patch } = request;
    // Nobody here answers what was written from outside: no turn waits for it, and it is not abandoned for one.
    const pending = last?.status === "in_progress" && !last.extra.call ? turns.get(last.id) : null;
    const ghost = pending?.extra.lease;
    const isOwn = ghost !== undefined && ghost.token === request.takes_over;
    if (session && last && ghost && ghost.until > clock() && !isOwn) {
      // Begun before this object was evicted, and whoever answers it may still be at it.
      if (request.on_busy === "reject" || !(await line.giveWay(session_id, token, ghost))) {
        throw this.#busy(session_id, ghost.until - clock());
      }
      return this.#open(request, token, retryOf, now);
    }
    const abandoned = pending && withPieces(db, settledView(pending, isOwn ? Infinity : clock()));
    const retried = last && last.id === retryOf ? (abandoned ?? turns.get(last.id)) : null;
    const turn_id =
      retried?.id ?? (session ? (last?.id ?? turnId(session.key, 0)) + 1 : turnId(keys.next(), 1));
    if (seqOf(turn_id) === TURNS_PER_SESSION - 1) {
      throw new ApiError(
        "session_full",
        `A session takes ${TURNS_PER_SESSION - 2} turns; start a new one.`,
      );
    }
    this.#parts.quotas.take(now, session === null ? () => this.#newSessions() + 1 : null);
    const cache =
      session === null && !request.response ? this.#cached(assistant, models, question) : null;
    const open: OpenTurn = {
      turn_id,
      token,
      session_id,
      input,
      created_at: request.created_at ?? now,
      new_session: session === null,
      restored,
      account_erased_at: this.#erasedAt,
      accessed_at: session?.accessed_at ?? now,
      user_id: request.user_id,
      assistant: assistant.name === DEFAULT_ASSISTANT ? null : assistant.name,
      role,
      shown,
      ...(system && { frame: frameId(system.content) }),
      metadata: request.metadata,
      state_patch: request.state_patch,
      ...(request.idempotency && { idempotency: request.idempotency }),
      ...(cache && { cache_key: cache.key }),
      ...(view.response && { response: view.response }),
      ...(request.background && { background: true }),
    };
    const covered = details?.summary_turn ?? firstTurnOf(keyOf(turn_id));
    const left = (oldest ?? 0) - 1;
    const to_summarise = assistant.summary && left - covered >= SUMMARY_TURNS ? left : null;
    const unsettled: PendingTurn = {
      open,
      stored: retried,
      begun: false,
      abandoned: retried ? null : abandoned,
      ...(system && {
        system: {
          text: system.content,
          isOwn: view.isOwn,
        },
      }),
    };
    this.#unsettled.set(session_id, unsettled);
    this.#writeBehind(unsettled);
    const begun: BeginResult = {
      kind: "begun",
      turn: open,
      window: system ? [system, ...messages] : messages,
      models,
      to_summarise,
      cache,
      ...(assistant.responder && {
        responder: {
          name: assistant.responder,
          state: patched(stateOf(details), state_patch ?? "{}"),
        },
      }),
      ...(policed && { policed }),
    };
    if (request.background) unsettled.begun_as = begun;
    return begun;
  }

  /**
   * What a turn would be answered with, were it begun now. Nothing is kept of it, and it waits in no line.
   *
   * @throws ApiError as begin does
   */
  async preview(request: BeginRequest, now: number): Promise<TurnPreview> {
    const { db } = this.#parts;
    const { previous_turn_id, caller } = request;
    const find = () =>
      request.session_id === undefined ? null : findSession(db, request.session_id);
    let session =
      previous_turn_id === undefined
        ? find()
        : await this.#followed(previous_turn_id, caller ?? null, now);
    if (session && session.segment !== null) {
      await this.#parts.restore(session.session_id, now);
      session = find();
    }
    if (!session && request.must_exist) throw conversationNotFound("conversation");
    const details = session && findDetails(db, session.key);
    if (session) this.#checkDetails(session, details, request);
    // What came after the turn that is followed is no part of what it says.
    const { assistant, input, models, system, window, policed } = prepareTurn(
      this.#parts,
      { ...request, until: previous_turn_id },
      { session, details, retryOf: null },
      now,
    );
    return {
      assistant: assistant.name,
      input,
      window: system ? [system, ...window.messages] : window.messages,
      models,
      ...(assistant.responder && {
        responder: { name: assistant.responder, state: patched(stateOf(details), "{}") },
      }),
      ...(policed && { policed }),
    };
  }

  /**
   * Takes up a turn that was begun for the background.
   *
   * @returns null when there is nothing to do: it is settled, or somebody else is at it
   */
  async resume(
    turn_id: number,
    models: string[],
    now: number,
  ): Promise<Extract<BeginResult, { kind: "begun" }> | null> {
    const { db, turns, clock } = this.#parts;
    const known = findBackground(db, turn_id);
    const stored = turns.get(turn_id);
    const session = sessionByKey(db, keyOf(turn_id));
    if (!known) return null;
    if (!stored || !session || stored.status !== "in_progress") {
      dropBackground(db, [turn_id, turn_id + 1]);
      return null;
    }
    const lease = stored.extra.lease;
    const isTaken = known.attempts > 0 && lease !== undefined && lease.until > clock();
    if (isTaken) return null;
    if (!isTakenUpAgain(db, stored)) {
      this.#end(stored, { status: "failed", error: BROKEN_OFF });
      return null;
    }
    putBackground(db, { turn_id, attempts: known.attempts + 1, due_at: clock() + LEASE_MS });
    const own = this.#unsettled.get(session.session_id);
    if (own?.open.turn_id === turn_id && own.begun_as && this.#mine(own.open) === own) {
      const begun = own.begun_as;
      own.begun_as = undefined;
      return begun;
    }
    const again = rebuildRequest(db, session, stored, models);
    const begun = await this.#enter(again, turn_id, now);
    if (begun.kind !== "begun") return null;
    const resumed = this.#unsettled.get(session.session_id);
    if (resumed) resumed.begun_as = undefined;
    return begun;
  }

  /** Keeps pieces of an answer that is on its way. @returns false when the turn has lost its place */
  append(open: OpenTurn, from: number, pieces: string): boolean {
    const { db, turns, clock } = this.#parts;
    // What is kept belongs to this try, and not to one before it.
    this.flush(open.session_id);
    const lease = this.#mine(open) ? null : turns.get(open.turn_id)?.extra.lease;
    if (lease !== null && (lease?.token !== open.token || lease.until <= clock())) return false;
    db.transaction(() => putPieces(db, open.turn_id, from, pieces));
    return true;
  }

  /** Ends a turn in the middle. What had come of its answer stays. @returns null when it has ended by itself */
  cancel(sessionId: string, turn_id: number): Turn | null {
    this.flush(sessionId);
    const stored = this.#parts.turns.get(turn_id);
    if (stored?.status !== "in_progress") return null;
    return this.#end(stored, { status: "interrupted", cut: "cancelled" });
  }

  #end(stored: Turn, how: Ending): Turn {
    const ended = endTurn(this.#parts, stored, how, this.#parts.clock());
    this.#unsettledTurn(stored.id, ({ open }) => this.#close(open));
    return ended;
  }

  #unsettledTurn(turn_id: number, then: (unsettled: PendingTurn) => void): void {
    const unsettled = [...this.#unsettled.values()].find(({ open }) => open.turn_id === turn_id);
    if (unsettled) then(unsettled);
  }

  /** Where the answer to a session's first question may lie. */
  #cached(assistant: Assistant, models: string[], question: string): CachedAnswer | null {
    const { accountId, cacheHours } = this.#parts;
    // What a policy takes out of answers is not for the cache to keep.
    const isCached = assistant.cache && !watchesResponse(assistant.policies);
    const hours = isCached ? cacheHours() : null;
    if (hours === null) return null;
    const { name, instructions } = assistant;
    const key = queryKey(accountId, { assistant: name, models, instructions, question });
    return { key, seconds: (hours * HOUR_MS) / SECOND_MS };
  }

  /** Sessions that are begun and not yet written, so that counting them needs their turns. */
  #newSessions(): number {
    return [...this.#unsettled.values()].filter(({ open, begun }) => open.new_session && !begun)
      .length;
  }

  /** Whether the request's details go with the session's. */
  #checkDetails(
    session: SessionRow,
    stored: DetailsRow | null,
    { user_id, metadata, caller }: BeginRequest,
  ): void {
    if (!mayReach(this.#parts.db, caller ?? null, session.key)) throw sessionNotFound();
    if (user_id === undefined && metadata === undefined) return;
    const owner = stored?.user_id ?? user_id;
    if (user_id !== undefined && owner !== user_id) throw anotherUsers();
    mergeMetadata(stored?.metadata ?? null, metadata ?? {});
  }

  #writeBehind(unsettled: PendingTurn): void {
    this.#unwritten.add(unsettled);
    this.#behindTimer ??= setTimeout(() => {
      const group = [...this.#unwritten];
      this.#behindTimer = null;
      this.#unwritten.clear();
      for (const each of group) {
        const write = () => {
          // Its settle, or an erasure, may have come first while this waited for its commit.
          if (this.#mine(each.open) !== each || each.begun) return;
          this.#write(each, this.#inProgress(each.open), each.open.created_at);
        };
        // What fails here is written by its settle, which reports it.
        void this.#commits.run(write).catch(() => undefined);
      }
    }, WRITE_BEHIND_MS);
  }

  /** In a transaction. */
  #write(unsettled: PendingTurn, turn: Turn, now: number): void {
    writeTurn(this.#parts, unsettled, turn, now);
    this.#isWritten(unsettled);
  }

  #inProgress(open: OpenTurn): Turn {
    return inProgress(open, this.#parts.clock() + LEASE_MS);
  }

  /** The turn needs no writing behind any more. The last one stops the timer: one that fires costs a millisecond. */
  #isWritten(unsettled: PendingTurn): void {
    this.#unwritten.delete(unsettled);
    if (this.#unwritten.size > 0 || this.#behindTimer === null) return;
    clearTimeout(this.#behindTimer);
    this.#behindTimer = null;
  }

  /** The turn as this instance began it, while it still holds its place. */
  #mine(open: OpenTurn): PendingTurn | null {
    const { line } = this.#parts;
    const unsettled = this.#unsettled.get(open.session_id);
    const holds = line.holder(open.session_id) === open.token && line.isBusy(open.session_id);
    return holds && unsettled?.open.token === open.token ? unsettled : null;
  }

  #close(open: OpenTurn): void {
    const { session_id, token, idempotency } = open;
    const unsettled = this.#unsettled.get(session_id);
    if (unsettled?.open.token === token) {
      this.#unsettled.delete(session_id);
      this.#isWritten(unsettled);
    }
    if (idempotency && this.#keys.get(idempotency.key)?.token === token)
      this.#keys.delete(idempotency.key);
    this.#parts.line.leave(session_id, token);
    this.#userSessions.left(session_id);
  }

  /** A key whose turn lost its lease is free for a retry: whoever had it is gone. */
  #isInFlight(key: string): boolean {
    const open = this.#keys.get(key);
    return open === null || (open !== undefined && this.#mine(open) !== null);
  }

  #busy(sessionId: string, leaseLeftMs = this.#parts.line.leaseLeftMs(sessionId)): ApiError {
    return new ApiError(
      "session_busy",
      'The session is answering another turn. Try again, or leave on_busy at "queue" to wait in line.',
      { retry_after_ms: Math.max(1, Math.min(BUSY_RETRY_MS, leaseLeftMs)), session_id: sessionId },
    );
  }
}

/** Nothing is shown of it, and nothing will be. */
const hasNoVisibleAnswer = (turn: Turn): boolean =>
  turn.status !== "in_progress" && !isAnswered(turn);
