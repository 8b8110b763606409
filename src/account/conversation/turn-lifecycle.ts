import { boundTurn } from "../../shared/bound-turn.ts";
import { keyOf } from "../../shared/ids.ts";
import { sessionErased } from "../../shared/not-found-errors.ts";
import type { Turn } from "../../shared/turn.ts";
import type { GroupCommit } from "../../sqlite/group-commit.ts";
import { readValue } from "../store/account/account-values.ts";
import type { Assistants } from "../store/account/assistants.ts";
import { sessionByKey } from "../store/sessions/sessions.ts";
import type { User } from "../store/sessions/users.ts";
import {
  dropBackground,
  findBackground,
  isTakenUpAgain,
  putBackground,
} from "../store/turns/background-turns.ts";
import { putPieces } from "../store/turns/stream-pieces.ts";
import type { Quotas } from "../store/usage/quotas.ts";
import { endTurn } from "./end-abandoned-turn.ts";
import type { Ending } from "./end-abandoned-turn.ts";
import type { CacheParts } from "./open-turn.ts";
import { PendingTurns } from "./pending-turns.ts";
import { previewTurn } from "./preview-turn.ts";
import type { PreviousTurnParts } from "./previous-turn.ts";
import { rebuildRequest } from "./rebuild-request.ts";
import { recoverTurn } from "./recover-turn.ts";
import { LEASE_MS } from "./session-queue.ts";
import type { SessionQueue } from "./session-queue.ts";
import { TurnIntake } from "./turn-intake.ts";
import type { BeginRequest, BeginResult, OpenTurn, Outcome, TurnPreview } from "./turn-contract.ts";
import { seen } from "./write-turn.ts";
import type { WriteParts } from "./write-turn.ts";

const BROKEN_OFF = {
  code: "model_failed",
  message: "The answer was interrupted, and is not tried again by itself. Send the request again.",
};

export interface TurnLifecycleParts extends WriteParts, CacheParts {
  queue: SessionQueue;
  quotas: Quotas;
  assistants: Assistants;
  /** Brings an archived session back. @throws ApiError when it cannot */
  restore: (sessionId: string, now: number) => Promise<unknown>;
  archiveOf: PreviousTurnParts["archiveOf"];
  /** Copies a session up to a turn, under another id. Call it in a transaction. */
  fork: (turn: number, sessionId: string, now: number) => void;
  /** Undoes `fork`. Call it in a transaction. */
  unfork: (sessionId: string) => void;
  clock: () => number;
  commits: GroupCommit;
}

/**
 * The account's turns from begin to settle. A begin takes the session's place in the queue and answers at once. The turn
 * is written a few ms later, or together with its settle when that comes first. Nothing is acknowledged before its
 * commit: a begin acknowledges nothing.
 */
export class TurnLifecycle {
  readonly #parts: TurnLifecycleParts;
  readonly #previous: PreviousTurnParts;
  readonly #commits: GroupCommit;
  readonly #pending: PendingTurns;
  /** When the account was last erased, in ms since the epoch: older turns are not written. */
  readonly #erasedAt: number | null;
  readonly #intake: TurnIntake;

  constructor(parts: TurnLifecycleParts) {
    this.#parts = parts;
    this.#previous = { ...parts, flush: (sessionId) => this.flush(sessionId) };
    this.#erasedAt = readValue(parts.db, "erased_at");
    this.#commits = parts.commits;
    this.#pending = new PendingTurns(parts, this.#commits);
    this.#intake = new TurnIntake(
      { ...this.#previous, ...parts, erasedAt: this.#erasedAt },
      this.#pending,
    );
  }

  /** @throws ApiError when the turn is refused */
  begin(request: BeginRequest, now: number): Promise<BeginResult> {
    return this.#intake.begin(request, now);
  }

  /** Records how the turn ended. Twice is once; a settle whose lease was lost changes nothing and says so. */
  async settle(open: OpenTurn, outcome: Outcome, now: number): Promise<Turn> {
    const { error, cached, policy, state_patch, response, ...rest } = outcome;
    // Bounded as it is stored, so that a replay is the given answer.
    const turn = boundTurn({
      id: open.turn_id,
      created_at: open.created_at,
      input: open.input,
      ...rest,
      ...seen(open),
      extra: {
        ...(error && { error: { code: error.code, message: error.message } }),
        ...(open.restored && { restored: true as const }),
        ...(cached && { cached: true as const }),
        ...(policy && { policy }),
        ...(open.facts && { facts: open.facts }),
        ...((open.response ?? response) && { response: { ...open.response, ...response } }),
      },
    });
    const waiting = this.#pending.held(open);
    if (waiting) this.#pending.cancelWrite(waiting);
    const settled = await this.#commits.run(() => {
      if (this.#intake.isClosed) throw sessionErased();
      const held = this.#pending.held(open);
      const state = held ?? recoverTurn({ ...this.#parts, erasedAt: this.#erasedAt }, open, turn);
      if ("settled" in state) return state.settled;
      // It began in an object that went, and wrote nothing there.
      if (!held && !state.begun) this.#parts.quotas.recount();
      state.answer_patch = state_patch;
      this.#pending.write(state, turn, now);
      return turn;
    });
    this.#close(open);
    return settled;
  }

  /** Keeps a slow turn's place, in the line and in its row. @returns false when it was lost already */
  renew(open: OpenTurn): boolean {
    const { queue, db, turns, clock } = this.#parts;
    const { session_id, token } = open;
    const stored = turns.head(open.turn_id);
    const lease = stored?.extra.lease;
    const written = stored !== null && lease?.token === token && lease.until > clock();
    // After an eviction the row still says whose turn it is, and the place is taken again from there.
    if (written && queue.holder(session_id) === null) void queue.enter(session_id, token, "reject");
    if (!queue.renew(session_id, token)) return false;
    if (written)
      db.transaction(() =>
        turns.update({ ...this.#pending.inProgress(open), created_at: stored.created_at }),
      );
    return true;
  }

  /** Writes the session's begun turn now, so that its place is known. */
  flush(sessionId: string): void {
    this.#pending.writeBegun(sessionId);
  }

  /** Writes the turn now, where it is begun and not written. */
  flushTurn(turn_id: number): void {
    const pending = this.#pending.find(turn_id);
    if (pending) this.flush(pending.open.session_id);
  }

  /** Whether the session has a turn in progress. */
  isBusy(sessionId: string): boolean {
    return this.#parts.queue.isBusy(sessionId);
  }

  /** How many sessions are begun and not written: storage does not count them yet. */
  newSessions(): number {
    return this.#pending.newSessions();
  }

  /** The user's sessions that are begun and not written. */
  unwrittenSessionsOf(user: User): string[] {
    return this.#pending.newSessionsOf(user);
  }

  /** The session is gone. Its turn in progress has lost its lease, and the next in the queue finds it erased. */
  drop(sessionId: string): void {
    const pending = this.#pending.get(sessionId);
    if (pending) this.#close(pending.open);
    else this.#parts.queue.evict(sessionId);
    this.#intake.sessionLeft(sessionId);
  }

  /** The whole account was erased: no turn that began before may be written. */
  close(): void {
    this.#pending.clear();
    this.#intake.close();
    this.#parts.queue.clear();
  }

  /** See {@link previewTurn}. */
  preview(request: BeginRequest, now: number): Promise<TurnPreview> {
    return previewTurn({ ...this.#previous, assistants: this.#parts.assistants }, request, now);
  }

  /**
   * Takes up a turn that was begun for the background.
   *
   * @returns null when there is nothing to do: it is settled, or another worker has it
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
    const own = this.#pending.get(session.session_id);
    if (own?.open.turn_id === turn_id && own.begun_as && this.#pending.held(own.open) === own) {
      const begun = own.begun_as;
      own.begun_as = undefined;
      return begun;
    }
    const again = rebuildRequest(db, session, stored, models);
    const begun = await this.#intake.enter(again, turn_id, now);
    if (begun.kind !== "begun") return null;
    const resumed = this.#pending.get(session.session_id);
    if (resumed) resumed.begun_as = undefined;
    return begun;
  }

  /** Stores pieces of a streamed answer. @returns false when the turn has lost its lease */
  append(open: OpenTurn, from: number, pieces: string): boolean {
    const { db, turns, clock } = this.#parts;
    // The pieces belong to this try, and not to one before it.
    this.flush(open.session_id);
    const lease = this.#pending.held(open) ? null : turns.head(open.turn_id)?.extra.lease;
    if (lease !== null && (lease?.token !== open.token || lease.until <= clock())) return false;
    db.transaction(() => putPieces(db, open.turn_id, from, pieces));
    return true;
  }

  /** Ends a turn in the middle, and keeps the pieces of its answer. @returns null when it has ended by itself */
  cancel(sessionId: string, turn_id: number): Turn | null {
    this.flush(sessionId);
    const stored = this.#parts.turns.get(turn_id);
    if (stored?.status !== "in_progress") return null;
    return this.#end(stored, { status: "interrupted", cut: "cancelled" });
  }

  #end(stored: Turn, how: Ending): Turn {
    const ended = endTurn(this.#parts, stored, how, this.#parts.clock());
    const pending = this.#pending.find(stored.id);
    if (pending) this.#close(pending.open);
    return ended;
  }

  #close(open: OpenTurn): void {
    this.#pending.remove(open);
    this.#intake.leave(open);
  }
}
