import type { GroupCommit } from "../../sqlite/group-commit.ts";
import type { Turn } from "../../shared/turn.ts";
import { isInRole } from "../store/sessions/users.ts";
import type { User } from "../store/sessions/users.ts";
import { LEASE_MS } from "./session-queue.ts";
import type { SessionQueue } from "./session-queue.ts";
import type { OpenTurn, PendingTurn } from "./turn-contract.ts";
import { inProgress, writeTurn } from "./write-turn.ts";
import type { WriteParts } from "./write-turn.ts";

/**
 * How long a begun turn may stay unwritten, in ms: a settle that comes sooner writes both as one row. Long enough for an
 * instant answer under load, short enough to see a turn that a crash cut off.
 */
const WRITE_BEHIND_MS = 50;

export interface PendingTurnsParts extends WriteParts {
  queue: SessionQueue;
  clock: () => number;
}

/** The turns that are begun and not settled: one a session. Writes each a few ms after its begin. */
export class PendingTurns {
  readonly #parts: PendingTurnsParts;
  readonly #commits: GroupCommit;
  readonly #bySession = new Map<string, PendingTurn>();
  /** When each is written, in ms since the epoch. The oldest is first. */
  readonly #unwritten = new Map<PendingTurn, number>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(parts: PendingTurnsParts, commits: GroupCommit) {
    this.#parts = parts;
    this.#commits = commits;
  }

  add(pending: PendingTurn): void {
    this.#bySession.set(pending.open.session_id, pending);
    this.#writeLater(pending);
  }

  get(sessionId: string): PendingTurn | undefined {
    return this.#bySession.get(sessionId);
  }

  find(turn_id: number): PendingTurn | undefined {
    return [...this.#bySession.values()].find(({ open }) => open.turn_id === turn_id);
  }

  /** The turn as this instance began it, while it holds its place in the queue. Otherwise null. */
  held(open: OpenTurn): PendingTurn | null {
    const { queue } = this.#parts;
    const pending = this.#bySession.get(open.session_id);
    const holds = queue.holder(open.session_id) === open.token && queue.isBusy(open.session_id);
    return holds && pending?.open.token === open.token ? pending : null;
  }

  /** Call it in a transaction. */
  write(pending: PendingTurn, turn: Turn, now: number): void {
    writeTurn(this.#parts, pending, turn, now);
    this.cancelWrite(pending);
  }

  /** Writes the session's begun turn now, so that its place is known. */
  writeBegun(sessionId: string): void {
    const pending = this.#bySession.get(sessionId);
    if (!pending || pending.begun || this.held(pending.open) !== pending) return;
    this.#parts.db.transaction(() => this.#writeInProgress(pending));
  }

  /** The turn's row as long as it is in progress, with a fresh lease. */
  inProgress(open: OpenTurn): Turn {
    return inProgress(open, this.#parts.clock() + LEASE_MS);
  }

  /** The turn needs no write of its own. Stops the timer after the last one: a timer that fires costs a millisecond. */
  cancelWrite(pending: PendingTurn): void {
    this.#unwritten.delete(pending);
    if (this.#unwritten.size > 0 || this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  remove({ session_id, token }: OpenTurn): void {
    const pending = this.#bySession.get(session_id);
    if (pending?.open.token !== token) return;
    this.#bySession.delete(session_id);
    this.cancelWrite(pending);
  }

  /** How many sessions are begun and not written: storage does not count them yet. */
  newSessions(): number {
    return this.#newSessions().length;
  }

  /** The user's sessions that are begun and not written. */
  newSessionsOf(user: User): string[] {
    return this.#newSessions()
      .filter(({ user_id, role }) => user_id === user.user_id && isInRole(user, role))
      .map(({ session_id }) => session_id);
  }

  clear(): void {
    this.#bySession.clear();
    this.#unwritten.clear();
  }

  #newSessions(): OpenTurn[] {
    return [...this.#bySession.values()]
      .filter(({ open, begun }) => open.new_session && !begun)
      .map(({ open }) => open);
  }

  #writeInProgress(pending: PendingTurn): void {
    this.write(pending, this.inProgress(pending.open), pending.open.created_at);
  }

  #writeLater(pending: PendingTurn): void {
    this.#unwritten.set(pending, Date.now() + WRITE_BEHIND_MS);
    this.#timer ??= setTimeout(() => this.#writeDue(), WRITE_BEHIND_MS);
  }

  /** Under load a turn is always younger than the timer: each is written by its own age, or most would be written twice. */
  #writeDue(): void {
    this.#timer = null;
    const now = Date.now();
    for (const [pending, dueAt] of this.#unwritten) {
      // Where the clock was set back, a turn does not wait until it is as late again.
      if (dueAt > now && dueAt <= now + WRITE_BEHIND_MS) {
        this.#timer = setTimeout(() => this.#writeDue(), dueAt - now);
        return;
      }
      this.#unwritten.delete(pending);
      const write = () => {
        // A settle or an erasure may have come while this waited for its commit.
        if (this.held(pending.open) !== pending || pending.begun) return;
        this.#writeInProgress(pending);
      };
      // The settle writes what fails here, and reports it.
      void this.#commits.run(write).catch(() => undefined);
    }
  }
}
