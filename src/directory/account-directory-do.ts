import { DurableObject } from "cloudflare:workers";

import type { Result } from "../shared/errors.ts";
import { fnv1a } from "../shared/fnv1a.ts";
import { advanceAnchor, readAnchor } from "./admin-log-anchor.ts";
import { appendEntry, checkLog, isContinued, readLog } from "./admin-log-table.ts";
import type { AdminEntry, AppendedEntry, LogCheck, LogHead, LogPage } from "./admin-log-table.ts";
import type { Database } from "../sqlite/database.ts";
import {
  dueAccounts,
  findAccount,
  fullestAccount,
  listAccounts,
  readTotals,
  registerAccount,
  removeAccount,
} from "./accounts-table.ts";
import type { AccountLogPage } from "./account-log-table.ts";
import { readAccountLog } from "./account-log-table.ts";
import type { AccountRow, Errand, Totals } from "./accounts-table.ts";
import {
  addMetrics,
  closeCircuit,
  noteHealth,
  openCircuit,
  openCircuits,
  readMetrics,
} from "./operations-table.ts";
import type { HealthNote, OpenCircuit } from "./operations-table.ts";
import { openObject } from "../shared/opened.ts";
import { nextTurn } from "../shared/pace.ts";
import type { PaceLimit } from "../shared/pace.ts";
import { readFlags, setFlag, unsetFlag } from "./flags-table.ts";
import type { StoredFlag } from "./flags-table.ts";
import { openMigrated } from "../sqlite/migrate.ts";
import { schema } from "./schema.ts";
import { addToRun, beginRun, endRun, readRuns } from "./cron-runs-table.ts";
import type { CronRun } from "./cron-runs-table.ts";
import {
  countDeadLetters,
  deadLetters,
  dropFailedJob,
  findDeadLetter,
  forgetJobsOf,
  noteDeadJobs,
  noteFailedJobs,
} from "./failed-jobs-table.ts";
import type { DeadLetter, FailedJob, ForgottenJobs } from "./failed-jobs-table.ts";
import { failingAccounts, forgetMaintained, noteMaintained } from "./failing-maintenance.ts";
import type { JobsReport, OperationsView } from "./jobs-report.ts";
import { takesContext } from "../rpc/carry-context.ts";
import { serveRpc } from "../rpc/serve.ts";

/** The number of objects of the directory. An account belongs to one by a hash of its id: never change it. */
export const DIRECTORY_SHARDS = 16;

/** The object of the admin log and of the flags. */
export const ADMIN_LOG = "admin";
/** The object of the admin log's head. It is another one, so that the log cannot be cut off unnoticed. */
export const ADMIN_LOG_ANCHOR = "admin-log-anchor";
/** The object of metrics, circuits, health, failed jobs and runs of crons. */
export const OPERATIONS = "operations";

export const shardName = (shard: number): string => `directory-${shard}`;

export const shardOf = (accountId: string): number => fnv1a(accountId) % DIRECTORY_SHARDS;

/** Lists the accounts, with the time at which each is due for retention. No turn calls it. */
export class AccountDirectoryDO extends DurableObject<Env> {
  /** Set before the first call comes. */
  #db!: Database;
  /**
   * When the last calls to each outside service began, in memory alone: an object that is evicted was idle for longer than
   * a limit's period.
   */
  readonly #begins = new Map<string, readonly number[]>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    openObject(ctx, openMigrated(ctx.storage, schema), (db) => {
      this.#db = db;
    });
  }

  register(account: AccountRow): Promise<Result<void>> {
    return serveRpc("directory.register", () => registerAccount(this.#db, account));
  }

  remove(accountId: string): Promise<Result<void>> {
    return serveRpc("directory.remove", () => removeAccount(this.#db, accountId));
  }

  find(accountId: string): Promise<Result<AccountRow | null>> {
    return serveRpc("directory.find", () => findAccount(this.#db, accountId));
  }

  list(page: { after: string; limit: number }): Promise<Result<AccountRow[]>> {
    return serveRpc("directory.list", () => listAccounts(this.#db, page));
  }

  append(entry: AdminEntry): Promise<Result<AppendedEntry>> {
    return serveRpc("directory.append", () => appendEntry(this.#db, entry));
  }

  /** A page, and a check of the whole log against the anchor. */
  log(after: number, limit: number, anchor: LogHead | null): Promise<Result<LogPage & LogCheck>> {
    return serveRpc("directory.log", () => ({
      ...readLog(this.#db, after, limit),
      ...checkLog(this.#db, anchor),
    }));
  }

  isContinued(from: LogHead, to: LogHead): Promise<Result<boolean>> {
    return serveRpc("directory.isContinued", () => isContinued(this.#db, from, to));
  }

  readAnchor(): Promise<Result<LogHead | null>> {
    return serveRpc("directory.readAnchor", () => readAnchor(this.#db));
  }

  advanceAnchor(from: LogHead | null, to: LogHead): Promise<Result<LogHead>> {
    return serveRpc("directory.advanceAnchor", () => advanceAnchor(this.#db, from, to));
  }

  /** Lists actions on an account's data. */
  accountLog(
    accountId: string,
    page: { after: number; limit: number },
  ): Promise<Result<AccountLogPage>> {
    return serveRpc("directory.accountLog", () => readAccountLog(this.#db, accountId, page));
  }

  flags(): Promise<Result<StoredFlag[]>> {
    return serveRpc("directory.flags", () => readFlags(this.#db));
  }

  setFlag(flag: StoredFlag): Promise<Result<void>> {
    return serveRpc("directory.setFlag", () => setFlag(this.#db, flag));
  }

  unsetFlag(name: string): Promise<Result<void>> {
    return serveRpc("directory.unsetFlag", () => unsetFlag(this.#db, name));
  }

  totals(): Promise<Result<Totals>> {
    return serveRpc("directory.totals", () => readTotals(this.#db));
  }

  fullest(): Promise<Result<AccountRow | null>> {
    return serveRpc("directory.fullest", () => fullestAccount(this.#db));
  }

  addMetrics(counts: [series: string, by: number][]): Promise<Result<void>> {
    return serveRpc("directory.addMetrics", () => addMetrics(this.#db, counts));
  }

  metrics(): Promise<Result<Record<string, number>>> {
    return serveRpc("directory.metrics", () => readMetrics(this.#db));
  }

  circuits(now: number): Promise<Result<OpenCircuit[]>> {
    return serveRpc("directory.circuits", () => openCircuits(this.#db, now));
  }

  openCircuit(circuit: OpenCircuit): Promise<Result<void>> {
    return serveRpc("directory.openCircuit", () => openCircuit(this.#db, circuit));
  }

  closeCircuit(name: string, now: number): Promise<Result<boolean>> {
    return serveRpc("directory.closeCircuit", () => closeCircuit(this.#db, name, now));
  }

  /** @returns how long a call to an outside service has to wait, in ms; null where that is too long */
  takeTurn(service: string, limit: PaceLimit, now: number): Promise<Result<number | null>> {
    return serveRpc("directory.takeTurn", () => {
      const turn = nextTurn(this.#begins.get(service) ?? [], limit, now);
      this.#begins.set(service, turn.begins);
      return turn.waitMs;
    });
  }

  noteHealth(seen: Omit<HealthNote, "since">[], now: number): Promise<Result<HealthNote[]>> {
    return serveRpc("directory.noteHealth", () => noteHealth(this.#db, seen, now));
  }

  /** What a batch of jobs did: failures, and the progress of the crons' runs. */
  noteJobs({ failed, runs, maintained = [], now }: JobsReport): Promise<Result<void>> {
    return serveRpc("directory.noteJobs", () => {
      noteMaintained(this.#db, maintained);
      noteFailedJobs(this.#db, failed, now);
      for (const [runId, progress] of runs) addToRun(this.#db, runId, progress);
    });
  }

  noteDeadJobs(dead: FailedJob[], now: number): Promise<Result<void>> {
    return serveRpc("directory.noteDeadJobs", () => noteDeadJobs(this.#db, dead, now));
  }

  deadLetters(page: { after: number | null; limit: number }): Promise<Result<DeadLetter[]>> {
    return serveRpc("directory.deadLetters", () => deadLetters(this.#db, page));
  }

  findDeadLetter(id: number): Promise<Result<DeadLetter | null>> {
    return serveRpc("directory.findDeadLetter", () => findDeadLetter(this.#db, id));
  }

  dropFailedJob(id: number): Promise<Result<void>> {
    return serveRpc("directory.dropFailedJob", () => dropFailedJob(this.#db, id));
  }

  forgetJobsOf(accountId: string, userId: string | null): Promise<Result<ForgottenJobs>> {
    return serveRpc("directory.forgetJobsOf", () => {
      if (userId === null) forgetMaintained(this.#db, accountId);
      return forgetJobsOf(this.#db, accountId, userId, Date.now());
    });
  }

  beginRun(run: Pick<CronRun, "run_id" | "errand" | "started_at">): Promise<Result<void>> {
    return serveRpc("directory.beginRun", () => beginRun(this.#db, run));
  }

  endRun(
    runId: string,
    end: { accounts: number; error: string | null; at: number },
  ): Promise<Result<void>> {
    return serveRpc("directory.endRun", () => endRun(this.#db, runId, end));
  }

  cronRuns(after: string | null, limit: number): Promise<Result<CronRun[]>> {
    return serveRpc("directory.cronRuns", () => readRuns(this.#db, after, limit));
  }

  /** All that an operator's first look needs of this object, at once. */
  operations(runs: number, now: number): Promise<Result<OperationsView>> {
    return serveRpc("directory.operations", () => ({
      circuits: openCircuits(this.#db, now),
      dead_letters: countDeadLetters(this.#db),
      failing_maintenance: failingAccounts(this.#db),
      runs: readRuns(this.#db, null, runs),
    }));
  }

  /** The accounts that may be due, by id, after `page.after`. */
  due(
    errand: Errand,
    at: { now: number; settings: string },
    page: { after: string; limit: number },
  ): Promise<Result<AccountRow[]>> {
    return serveRpc("directory.due", () => dueAccounts(this.#db, errand, at, page));
  }

  static {
    takesContext(this.prototype);
  }
}
