import { parseJson } from "../shared/json.ts";
import type { Database } from "../sqlite/database.ts";
import type { Errand } from "./accounts-table.ts";

/** Runs that are kept: four months of nights, beside four maintenances a day for one. */
export const MAX_RUNS = 500;
/** Accounts with failed jobs that a run names. */
const MAX_FAILURES = 20;

/** A job of a run that failed, and may have been done since by a retry. */
export interface RunFailure {
  account_id: string;
  reason: string;
  /** Ms since the epoch. */
  at: number;
}

/** Totals of jobs that a run queued. */
export interface RunProgress {
  /** Accounts that are done. */
  done: number;
  /** Sessions that were archived. */
  sessions: number;
  bytes: number;
  /** Sessions, archives and copies that failed. */
  errors: number;
  failures: RunFailure[];
}

export interface CronRun extends RunProgress {
  run_id: string;
  errand: Errand;
  /** Ms since the epoch. */
  started_at: number;
  /** When all accounts were queued, in ms since the epoch; null: not yet, or never. */
  queued_at: number | null;
  /** Accounts that were queued. */
  accounts: number;
  /** Why not all accounts were queued. */
  error: string | null;
}

type Row = { [Column in keyof Omit<CronRun, "failures">]: CronRun[Column] } & { failures: string };

export function beginRun(
  db: Database,
  { run_id, errand, started_at }: Pick<CronRun, "run_id" | "errand" | "started_at">,
): void {
  db.transaction(() => {
    db.run(
      "insert or ignore into cron_runs (run_id, errand, started_at) values (?, ?, ?)",
      run_id,
      errand,
      started_at,
    );
    db.run(
      `delete from cron_runs where run_id in
       (select run_id from cron_runs order by id desc limit -1 offset ?)`,
      MAX_RUNS,
    );
  });
}

/** All accounts of the run were queued, or some could not be. */
export function endRun(
  db: Database,
  runId: string,
  { accounts, error, at }: { accounts: number; error: string | null; at: number },
): void {
  db.run(
    "update cron_runs set accounts = ?, error = ?, queued_at = ? where run_id = ?",
    accounts,
    error,
    error === null ? at : null,
    runId,
  );
}

/** Adds what jobs of the run did. Jobs of no known run are left out. */
export function addToRun(db: Database, runId: string, progress: RunProgress): void {
  db.transaction(() => {
    const stored = db.scalar<string>("select failures from cron_runs where run_id = ?", runId);
    if (stored === null) return;
    const before = parseJson(stored) as RunFailure[];
    db.run(
      `update cron_runs set done = done + ?, sessions = sessions + ?, bytes = bytes + ?,
       errors = errors + ?, failures = ? where run_id = ?`,
      progress.done,
      progress.sessions,
      progress.bytes,
      progress.errors,
      JSON.stringify(lastFailures([...before, ...progress.failures])),
      runId,
    );
  });
}

/** Each account's last failure, of the accounts that failed last. */
function lastFailures(all: readonly RunFailure[]): RunFailure[] {
  const byAccount = new Map<string, RunFailure>();
  for (const failure of all) {
    byAccount.delete(failure.account_id);
    byAccount.set(failure.account_id, failure);
  }
  return [...byAccount.values()].slice(-MAX_FAILURES);
}

/** The last runs, newest first. @param after - a `run_id`; null for the first page */
export const readRuns = (db: Database, after: string | null, limit: number): CronRun[] =>
  db
    .all<Row>(
      `select run_id, errand, started_at, queued_at, accounts, done, sessions, bytes, errors, error, failures
       from cron_runs where ?1 is null or id < (select id from cron_runs where run_id = ?1)
       order by id desc limit +?2`,
      after,
      limit,
    )
    .map((row) => ({ ...row, failures: parseJson(row.failures) as RunFailure[] }));
