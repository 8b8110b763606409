import { logError } from "../observe/log.ts";
import { withSpan } from "../observe/spans.ts";
import { ApiError } from "../shared/errors.ts";
import { sessionNotFound } from "../shared/not-found-errors.ts";
import { loadPatterns } from "../policies/patterns.ts";
import type { Principal } from "../shared/principal.ts";
import { MINUTE_MS } from "../shared/time.ts";
import { openServices } from "./account-services.ts";
import { ArchiveIndexing } from "./archive-indexing.ts";
import type { AccountServices } from "./account-services.ts";
import { checkHold } from "./archive/erasure/erase-session.ts";
import { redactSession } from "./archive/erasure/redact-session.ts";
import type { Redaction } from "./archive/erasure/redact-session.ts";
import { readWhereItLies } from "./store/archive/read-where-it-lies.ts";
import type { TurnReader } from "./conversation/read-messages.ts";
import { Mutex } from "./mutex.ts";
import { Responses } from "./response-reader.ts";
import { readValue, writeValue } from "./store/account/account-values.ts";
import { hasObjectsToDelete } from "./store/archive/archives.ts";
import { mayReach } from "./store/sessions/session-access.ts";
import { findSession, viewSession } from "./store/sessions/sessions.ts";
import type { Session, SessionRow } from "./store/sessions/sessions.ts";
import { backgroundTurns } from "./store/turns/background-turns.ts";
import { settledTurn } from "./store/turns/stream-pieces.ts";
import { hasThinned } from "./store/turns/thinned-volumes.ts";
import { waitingUsers } from "./store/whatsapp/upkeep.ts";

/** How long until the alarm tries again what could not be finished, in ms. */
export const RETRY_MS = MINUTE_MS;

const beingErased = (): ApiError =>
  new ApiError("storage_unavailable", "The account is being erased. Try again in a minute.", {
    retry_after_ms: RETRY_MS,
  });

/** One account inside its object: its services, and what every facet needs around them. */
export class Account {
  readonly ctx: DurableObjectState;
  readonly env: Env;
  /** Work that moves sessions between SQLite and R2 runs one at a time. */
  readonly archiving = new Mutex();
  readonly responses = new Responses(() => this.services);
  readonly archiveIndexing = new ArchiveIndexing({
    services: () => this.services,
    archiving: this.archiving,
    isErasing: () => this.isErasing,
    wake: () => this.wakeWithin(RETRY_MS),
  });
  #services: AccountServices;
  #isErasing: boolean;

  constructor(ctx: DurableObjectState, env: Env) {
    this.ctx = ctx;
    this.env = env;
    this.#services = this.#open();
    const { db } = this.#services;
    this.#isErasing = readValue(db, "erasing") !== null;
    const isUnfinished =
      this.#isErasing ||
      hasObjectsToDelete(db) ||
      readValue(db, "directory") === "pending" ||
      backgroundTurns(db).length > 0 ||
      waitingUsers(db).length > 0 ||
      this.archiveIndexing.isDue;
    if (isUnfinished) void this.wakeWithin(RETRY_MS);
  }

  /** The services over the storage as it is now: an erasure of the account replaces them. Read them after each wait. */
  get services(): AccountServices {
    return this.#services;
  }

  /** Whether an erasure of the whole account has begun and is not complete. */
  get isErasing(): boolean {
    return this.#isErasing;
  }

  /** Begins the erasure: from here on nothing is taken in. */
  beginErasing(): void {
    this.#isErasing = true;
    writeValue(this.#services.db, "erasing", true);
    void this.ctx.storage.setAlarm(Date.now() + RETRY_MS);
  }

  /** Opens the emptied storage again. */
  reopen(): void {
    this.#services = this.#open();
  }

  endErasing(): void {
    this.#isErasing = false;
  }

  /** @throws ApiError `storage_unavailable` while the account is being erased */
  checkNotErasing(): void {
    if (this.#isErasing) throw beingErased();
  }

  /**
   * Writes in a transaction, with what else is written at the same time: the disk is waited for once.
   *
   * @throws ApiError `storage_unavailable` when the account is erased before the write's turn comes
   */
  commit<T>(write: (services: AccountServices) => T): Promise<T> {
    const services = this.#services;
    return services.commits.run(() => {
      this.checkNotErasing();
      if (services !== this.#services) throw beingErased();
      return write(services);
    });
  }

  /** Has the patterns of the account's policies ready. Await it before policies are applied. */
  loadPatterns(): Promise<void> {
    const all = this.#services.assistants.list();
    return loadPatterns(all.flatMap(({ policies }) => policies));
  }

  /** @throws ApiError `session_not_found`, also for another user's session */
  find(caller: Principal | null, sessionId: string): SessionRow {
    const { db } = this.#services;
    const session = findSession(db, sessionId);
    if (session && mayReach(db, caller, session.key)) return session;
    throw sessionNotFound();
  }

  /** @throws ApiError `session_not_found`, also for another user's session */
  view(caller: Principal | null, sessionId: string): Session {
    this.find(caller, sessionId);
    return viewSession(this.#services.db, sessionId) as Session;
  }

  /**
   * Reads a live session from SQLite and an archived one from R2, without bringing it back.
   *
   * @param work - only reads: it runs once more for each part of the archive that it needs
   */
  async reading<T>(
    caller: Principal | null,
    sessionId: string,
    now: number,
    work: (read: TurnReader) => T,
  ): Promise<T> {
    const { db, turns, archivist } = this.#services;
    return readWhereItLies(db, this.find(caller, sessionId).key, () => {
      const session = this.find(caller, sessionId);
      if (session.segment !== null) return archivist.turnsOf(session).reading(work);
      return work((order, from, limit) =>
        turns.list(session.key, { order, from, limit }).map((turn) => settledTurn(db, turn, now)),
      );
    });
  }

  /** Brings an archived session back. @returns how many turns came back, null when the session is live already */
  restore(sessionId: string, now: number): Promise<number | null> {
    return this.archiving.run(() => {
      const { db, quotas } = this.#services;
      if (findSession(db, sessionId)?.segment) quotas.takeRestored(() => 1);
      return this.#bringBack(sessionId, now);
    });
  }

  /** Call it in {@link archiving}. */
  #bringBack(sessionId: string, now: number): Promise<number | null> {
    const { archivist } = this.#services;
    const about = { "gen_ai.conversation.id": sessionId };
    return withSpan("colloquy.restore", about, () => archivist.restore(sessionId, now));
  }

  /**
   * Does work on a live session that erases some of it, in {@link archiving}. An archived session comes back first, whatever
   * the account's quota of sessions is: a full account can be erased from. So look first whether there is anything to
   * erase. Whether the session is archived is looked at in there: a sweep may archive the session while this waits for its turn.
   *
   * @throws ApiError `session_not_found`, or `session_held` under a legal hold
   */
  changeLive<T>(
    caller: Principal | null,
    sessionId: string,
    now: number,
    work: (session: SessionRow) => Promise<T>,
  ): Promise<T> {
    return this.archiving.run(async () => {
      const found = this.find(caller, sessionId);
      checkHold(found);
      if (found.segment !== null) await this.#bringBack(sessionId, now);
      return work(this.find(caller, sessionId));
    });
  }

  /** Erases some of a live session, in all its copies. Call it in {@link changeLive}. */
  async redact(session: SessionRow, redaction: Redaction): Promise<void> {
    await this.wakeWithin(RETRY_MS);
    await redactSession(this.#services, session, redaction);
    this.askForMaintenance();
    await this.clean();
  }

  /** What the search index still has of erased words goes with the next maintenance: the directory learns that it is due. */
  askForMaintenance(): void {
    const { db, outbox } = this.#services;
    if (hasThinned(db)) outbox.idleChanged();
  }

  /** Deletes the objects that are to go from R2. The alarm tries again what fails. */
  async clean(): Promise<void> {
    try {
      await this.#services.archivist.clean();
    } catch (error) {
      logError("archive.clean_failed", "[Archive Error] objects stay to be deleted", error);
      await this.wakeWithin(RETRY_MS);
    }
  }

  /** What is scheduled to be deleted goes by the next alarm, which is soon then. */
  async cleanLater(): Promise<void> {
    if (hasObjectsToDelete(this.#services.db)) await this.wakeWithin(RETRY_MS);
  }

  /** Sets the alarm to fire within so many ms. An earlier alarm stays. */
  async wakeWithin(ms: number): Promise<void> {
    const at = Date.now() + ms;
    const alarm = await this.ctx.storage.getAlarm();
    if (alarm === null || alarm > at) await this.ctx.storage.setAlarm(at);
  }

  #open(): AccountServices {
    return openServices(this.ctx, this.env, (sessionId, now) => this.restore(sessionId, now));
  }
}
