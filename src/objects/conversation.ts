import { DurableObject } from "cloudflare:workers";

import init from "../../migrations/conversation/0001_init.sql";
import { Archivist } from "../archive/archivist.ts";
import type { BatchResult } from "../archive/archivist.ts";
import { eraseSession } from "../archive/erase.ts";
import type { Erased } from "../archive/erase.ts";
import type { SessionRecord } from "../archive/record.ts";
import { configOf } from "../config.ts";
import { ApiError, unwrap } from "../errors.ts";
import type { Result } from "../errors.ts";
import { Mutex } from "../guard/mutex.ts";
import { logError } from "../observe/log.ts";
import { deleteValue, readValue, writeValue } from "../store/account.ts";
import { Counters } from "../store/counters.ts";
import { Database } from "../store/database.ts";
import { KEEP_KEYS_MS, dropExpiredKeys } from "../store/idempotency.ts";
import { SessionKeys } from "../store/keys.ts";
import { Ledger } from "../store/ledger.ts";

import { Line } from "../store/line.ts";
import { pageMessages, pageTurns, readerOf } from "../store/messages.ts";
import type { PlacedMessage, TurnReader } from "../store/messages.ts";
import { migrate } from "../store/migrate.ts";
import type { BeginRequest, Begun, OpenTurn, Outcome } from "../store/open-turn.ts";
import type { Page, PageQuery } from "../store/page.ts";
import { dueBytes, dueSessions, nextDueAt } from "../store/retention.ts";
import { SearchIndex } from "../store/search.ts";
import type { SearchResult } from "../store/search.ts";
import { findSession, listSessions, patchSession, viewSession } from "../store/sessions.ts";
import type { Session, SessionFilter, SessionPatch, SessionRow } from "../store/sessions.ts";
import { readStats } from "../store/stats.ts";
import type { Stats } from "../store/stats.ts";
import { Turns, settledView } from "../store/turns.ts";
import type { Turn } from "../store/turns.ts";
import { DAY_MS, MINUTE_MS } from "../time.ts";
import { shardName, shardOf } from "./account-directory.ts";
import { answer } from "./answer.ts";

/** Append-only. */
const MIGRATIONS = [{ name: "0001_init", sql: init }];

/** When to look again after something outside could not be reached. */
const UPKEEP_RETRY_MS = MINUTE_MS;

export interface SweepRequest {
  /** The moment by which age is told: a cron's scheduled time. */
  now: number;
  /** Overrules the account's retention. */
  older_than_ms: number | null;
  /** Where the last batch ended; 0 for the first. */
  after: number;
  /** What the batches before this one did. */
  so_far: { deleted: number; errors: number; bytes: number };
}

export interface Swept extends BatchResult {
  /** Sessions that are still due, after the last batch. */
  remaining: number;
  next_due_at: number;
}

export interface DueReport {
  sessions: number;
  bytes: number;
  first_ids: string[];
  retention_days: number;
}

/** One account: its sessions and turns in SQLite, its archives in R2. A shell over store/ and archive/. */
export class ConversationDO extends DurableObject<Env> {
  readonly #db: Database;
  readonly #turns: Turns;
  readonly #counters: Counters;
  readonly #search: SearchIndex;
  readonly #ledger: Ledger;
  readonly #archivist: Archivist;
  /** Whatever moves sessions between SQLite and R2 does so one at a time. */
  readonly #archiving = new Mutex();
  /** Whether the directory was told of the account, or will be by the alarm. */
  #registered: boolean;
  /** Whether an alarm is set that drops old idempotency keys. */
  #keysWatched = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const db = new Database(ctx.storage);
    migrate(db, MIGRATIONS);
    this.#db = db;
    this.#turns = new Turns(db);
    this.#counters = new Counters(db);
    this.#search = new SearchIndex(db);
    const readRegistered = () => {
      this.#registered = readValue(db, "directory") !== null;
    };
    this.#registered = false;
    readRegistered();
    db.onRollback(readRegistered);
    this.#ledger = new Ledger({
      db,
      turns: this.#turns,
      line: new Line(Date.now),
      keys: new SessionKeys(db),
      counters: this.#counters,
      restore: (sessionId, now) => this.#restore(sessionId, now),
      sessionWritten: () => this.#register(),
      keyWritten: () => this.#keyWritten(),
      turnWritten: (key) => this.#search.turnWritten(key),
      clock: Date.now,
    });
    this.#archivist = new Archivist({
      db,
      turns: this.#turns,
      counters: this.#counters,
      bucket: env.ARCHIVE,
      accountId: this.#accountId,
      isBusy: (sessionId) => this.#ledger.isBusy(sessionId),
      turnsWritten: (key) => this.#search.turnWritten(key),
      onError: (error, about) =>
        logError("archive.failed", "[Archive Error] kept what could not be archived", error, about),
    });
  }

  begin(request: BeginRequest, now: number): Promise<Result<Begun>> {
    return answer("begin", () => this.#ledger.begin(request, now));
  }

  settle(turn: OpenTurn, outcome: Outcome, now: number): Promise<Result<Turn>> {
    return answer("settle", () => this.#ledger.settle(turn, outcome, now));
  }

  renew(turn: OpenTurn): Promise<Result<boolean>> {
    return answer("renew", () => this.#ledger.renew(turn));
  }

  session(sessionId: string): Promise<Result<Session>> {
    return answer("session", () => this.#view(sessionId));
  }

  sessions(filter: SessionFilter, query: PageQuery): Promise<Result<Page<Session>>> {
    return answer("sessions", () => listSessions(this.#db, filter, query));
  }

  turns(sessionId: string, query: PageQuery, now: number): Promise<Result<Page<Turn>>> {
    return answer("turns", async () => pageTurns(await this.#reader(sessionId, now), query));
  }

  messages(sessionId: string, query: PageQuery, now: number): Promise<Result<Page<PlacedMessage>>> {
    return answer("messages", async () => pageMessages(await this.#reader(sessionId, now), query));
  }

  patch(sessionId: string, patch: SessionPatch): Promise<Result<Session>> {
    return answer("patch", () => {
      const session = this.#find(sessionId);
      this.#db.transaction(() => {
        this.#counters.changing();
        const flags = patchSession(this.#db, session, patch);
        if (flags !== session.flags) this.#exemptionChanged(session, flags);
      });
      return this.#view(sessionId);
    });
  }

  erase(sessionId: string, now: number): Promise<Result<Erased>> {
    return answer("erase", () =>
      this.#archiving.run(async () => {
        const parts = {
          db: this.#db,
          turns: this.#turns,
          counters: this.#counters,
          archivist: this.#archivist,
        };
        const erased = await eraseSession(parts, sessionId, now);
        this.#ledger.drop(sessionId);
        await this.#clean();
        return erased;
      }),
    );
  }

  search(query: string, page: { limit: number; offset: number }): Promise<Result<SearchResult>> {
    return answer("search", () => this.#search.search(query, page));
  }

  stats(now: number): Promise<Result<Stats & { retention_days: number }>> {
    return answer("stats", () => ({
      ...readStats(this.#db, this.#counters, this.#retentionDays * DAY_MS, now),
      retention_days: this.#retentionDays,
    }));
  }

  /** What a sweep would archive and delete. Changes nothing. */
  due(now: number, olderThanMs: number | null): Promise<Result<DueReport>> {
    return answer("due", () => {
      const cutoff = this.#cutoff(now, olderThanMs);
      const first = dueSessions(this.#db, cutoff, { after: 0, limit: 20 });
      return {
        sessions: this.#counters.due(cutoff),
        bytes: dueBytes(this.#db, cutoff),
        first_ids: first.map(({ session_id }) => session_id),
        retention_days: this.#retentionDays,
      };
    });
  }

  /** One batch of a retention pass: archives what is due, deletes it, and says where the next batch begins. */
  sweep({ now, older_than_ms, after, so_far }: SweepRequest): Promise<Result<Swept>> {
    return answer("sweep", () =>
      this.#archiving.run(async () => {
        if (after === 0) await this.#clean();
        const cutoff = this.#cutoff(now, older_than_ms);
        const batch = await this.#archivist.archiveDue(cutoff, after);
        const next_due_at = nextDueAt(this.#counters, this.#retentionDays * DAY_MS, now);
        if (batch.cursor !== null) return { ...batch, remaining: 0, next_due_at };
        this.#db.transaction(() => {
          dropExpiredKeys(this.#db, now);
          this.#counters.save();
          writeValue(this.#db, "last_purge", {
            at: now,
            deleted: so_far.deleted + batch.archived,
            errors: so_far.errors + batch.errors,
            bytes: so_far.bytes + batch.bytes,
          });
        });
        return { ...batch, remaining: this.#counters.due(cutoff), next_due_at };
      }),
    );
  }

  archive(sessionId: string): Promise<Result<SessionRecord>> {
    return answer("archive", () => this.#archivist.read(this.#archived(sessionId)));
  }

  /** @returns how many turns came back, null when the session is live already */
  restore(sessionId: string, now: number): Promise<Result<number | null>> {
    return answer("restore", () => this.#restore(sessionId, now));
  }

  retention(): Promise<Result<number>> {
    return answer("retention", () => this.#retentionDays);
  }

  /** @param days - null for the deployment's */
  setRetention(days: number | null): Promise<Result<number>> {
    return answer("setRetention", () => {
      this.#db.transaction(() => {
        if (days === null) deleteValue(this.#db, "retention_days");
        else writeValue(this.#db, "retention_days", days);
        this.#dueChanged();
      });
      return this.#retentionDays;
    });
  }

  /** Rows read and written since the object woke: the bill, for benchmarks and tests. */
  rows(): Promise<Result<{ read: number; written: number }>> {
    return answer("rows", () => ({ read: this.#db.rowsRead, written: this.#db.rowsWritten }));
  }

  /** Tells the directory of the account and drops old idempotency keys. Can run twice. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    const keysExpireAt = dropExpiredKeys(this.#db, now);
    const told = readValue(this.#db, "directory") !== "pending" || (await this.#tellDirectory(now));
    const next = [keysExpireAt, told ? null : now + UPKEEP_RETRY_MS].filter((at) => at !== null);
    if (next.length > 0) await this.ctx.storage.setAlarm(Math.min(...next));
  }

  get #accountId(): string {
    const { name } = this.ctx.id;
    if (name === undefined) throw new Error("an account's object is reached by its name only");
    return name;
  }

  get #retentionDays(): number {
    return readValue(this.#db, "retention_days") ?? configOf(this.env).RETENTION_DAYS;
  }

  #cutoff(now: number, olderThanMs: number | null): number {
    return now - (olderThanMs ?? this.#retentionDays * DAY_MS);
  }

  #find(sessionId: string): SessionRow {
    const session = findSession(this.#db, sessionId);
    if (session) return session;
    throw new ApiError("session_not_found", "There is no session with this id.");
  }

  #archived(sessionId: string): SessionRow {
    const session = findSession(this.#db, sessionId);
    if (session && session.segment !== null) return session;
    throw new ApiError("archive_not_found", "There is no archive of a session with this id.");
  }

  #view(sessionId: string): Session {
    this.#find(sessionId);
    return viewSession(this.#db, sessionId) as Session;
  }

  /** A live session is read from SQLite, an archived one from R2, without bringing it back. */
  async #reader(sessionId: string, now: number): Promise<TurnReader> {
    const session = this.#find(sessionId);
    if (session.segment !== null) return readerOf((await this.#archivist.read(session)).turns);
    return (order, from, limit) =>
      this.#turns.list(session.key, { order, from, limit }).map((turn) => settledView(turn, now));
  }

  #restore(sessionId: string, now: number): Promise<number | null> {
    return this.#archiving.run(() => this.#archivist.restore(sessionId, now));
  }

  /** What cannot be deleted now stays doomed, and the next sweep tries again. */
  async #clean(): Promise<void> {
    try {
      await this.#archivist.clean();
    } catch (error) {
      logError("archive.clean_failed", "[Archive Error] objects stay to be deleted", error);
    }
  }

  #exemptionChanged(session: SessionRow, flags: number): void {
    if (session.segment !== null) return;
    this.#counters.sessionChanged(session, { ...session, flags });
    this.#dueChanged();
  }

  /** The account tells the directory of itself once, with its first turn: in the same commit, so that no crash loses it. */
  #register(): void {
    if (!this.#registered) this.#dueChanged();
    this.#registered = true;
  }

  /** Something may be due sooner than the directory knows. The alarm tells it: a turn does not wait for that. */
  #dueChanged(): void {
    writeValue(this.#db, "directory", "pending");
    void this.ctx.storage.setAlarm(Date.now());
  }

  async #wakeToDropKeys(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) !== null) return;
    await this.ctx.storage.setAlarm(Date.now() + KEEP_KEYS_MS);
  }

  async #tellDirectory(now: number): Promise<boolean> {
    try {
      const directory = this.env.DIRECTORY.getByName(shardName(shardOf(this.#accountId)));
      const { bounds } = this.#counters.read();
      const due_at = nextDueAt(this.#counters, this.#retentionDays * DAY_MS, now);
      unwrap(
        await directory.register({
          account_id: this.#accountId,
          created_at: bounds?.oldest_at ?? now,
          due_at,
        }),
      );
      writeValue(this.#db, "directory", "registered");
      return true;
    } catch (error) {
      logError("directory.unreachable", "the directory does not know this account yet", error);
      return false;
    }
  }

  #keyWritten(): void {
    if (this.#keysWatched) return;
    this.#keysWatched = true;
    void this.#wakeToDropKeys();
  }
}
