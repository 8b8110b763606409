import { sha256 } from "../shared/sha256.ts";
import { DAY_MS } from "../shared/time.ts";
import type { Database } from "../sqlite/database.ts";

/** Rows of failed jobs. The oldest ones go first. */
export const MAX_FAILED_JOBS = 1_000;
/** In milliseconds. A failed job is forgotten after so long, whether it is dead or not. */
export const KEEP_FAILED_MS = 30 * DAY_MS;
/** In milliseconds. Jobs of an erased user are not noted for so long: no queue keeps a job longer. */
export const KEEP_FORGOTTEN_MS = 14 * DAY_MS;

/** A job that a consumer could not do, or that the queue gave up. It holds ids, and no text. */
export interface FailedJob {
  /** The job's body as JSON, without the id of the request that queued it. */
  job: string;
  type: string;
  account_id: string | null;
  user_id: string | null;
  request_id: string | null;
  /** The code or the name of the last error; null where it is not known. */
  reason: string | null;
}

export interface DeadLetter extends FailedJob {
  id: number;
  /** The first failure, in ms since the epoch. */
  failed_at: number;
  /** When the queue gave it up, in ms since the epoch. */
  dead_at: number;
}

type Row = { [Column in keyof DeadLetter]: DeadLetter[Column] };

/** Notes failures. The same job is one row, however often it fails. */
export function noteFailedJobs(db: Database, jobs: readonly FailedJob[], now: number): void {
  write(db, jobs, now, null);
}

/** Notes jobs that the queue gave up. The reason is that of the last failure that was noted. */
export function noteDeadJobs(db: Database, jobs: readonly FailedJob[], now: number): void {
  write(db, jobs, now, now);
}

function write(db: Database, jobs: readonly FailedJob[], now: number, dead: number | null): void {
  db.transaction(() => {
    for (const { job, type, account_id, user_id, request_id, reason } of jobs) {
      if (isForgotten(db, account_id, user_id, now)) continue;
      db.run(
        `insert into failed_jobs (job, type, account_id, user_id, request_id, reason, failed_at, dead_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (job) do update set reason = coalesce(excluded.reason, reason),
         request_id = excluded.request_id, dead_at = coalesce(excluded.dead_at, dead_at)`,
        job,
        type,
        account_id,
        user_id,
        request_id,
        reason,
        now,
        dead,
      );
    }
    db.run("delete from failed_jobs where failed_at < ?", now - KEEP_FAILED_MS);
    // Those that the queue still retries go before those that it gave up.
    db.run(
      `delete from failed_jobs where id in
       (select id from failed_jobs order by dead_at is null, id desc limit -1 offset ?)`,
      MAX_FAILED_JOBS,
    );
  });
}

/** Jobs that the queues gave up, newest first. @param page.after - an id; null for the first page */
export const deadLetters = (
  db: Database,
  page: { after: number | null; limit: number },
): DeadLetter[] =>
  db.all<Row>(
    "select * from failed_jobs where dead_at is not null and id < ? order by id desc limit +?",
    page.after ?? Number.MAX_SAFE_INTEGER,
    page.limit,
  );

export const countDeadLetters = (db: Database): number =>
  db.scalar<number>("select count(*) from failed_jobs where dead_at is not null") ?? 0;

export const findDeadLetter = (db: Database, id: number): DeadLetter | null =>
  db.one<Row>("select * from failed_jobs where id = ? and dead_at is not null", id);

export function dropFailedJob(db: Database, id: number): void {
  db.run("delete from failed_jobs where id = ?", id);
}

/** Result of forgetting jobs: how many there were, and how many there still are. */
export interface ForgottenJobs {
  found: number;
  left: number;
}

/**
 * Forgets the failed jobs of an account that is erased, or of one of its users. A job of an erased user that is queued still
 * is not noted when it fails.
 *
 * @param userId - null: all of the account
 */
export function forgetJobsOf(
  db: Database,
  accountId: string,
  userId: string | null,
  now: number,
): ForgottenJobs {
  const where = "account_id = ?1 and (?2 is null or user_id = ?2)";
  const count = () =>
    db.scalar<number>(`select count(*) from failed_jobs where ${where}`, accountId, userId) ?? 0;
  return db.transaction(() => {
    const found = count();
    db.run(`delete from failed_jobs where ${where}`, accountId, userId);
    db.run("delete from forgotten_users where forgotten_at < ?", now - KEEP_FORGOTTEN_MS);
    db.run("insert or replace into forgotten_users values (?, ?)", hashOf(accountId, userId), now);
    return { found, left: count() };
  });
}

/** When the account was erased last, in ms since the epoch. Null: it was not, or too long ago. */
export const accountForgottenAt = (db: Database, accountId: string): number | null =>
  db.scalar<number>(
    "select forgotten_at from forgotten_users where hash = ?",
    hashOf(accountId, null),
  );

/** A job without a user is noted: an account's id may be used again, and its failures are to be seen. */
const isForgotten = (
  db: Database,
  accountId: string | null,
  userId: string | null,
  now: number,
): boolean =>
  accountId !== null &&
  userId !== null &&
  db.scalar(
    "select 1 from forgotten_users where hash in (?, ?) and forgotten_at >= ?",
    hashOf(accountId, userId),
    hashOf(accountId, null),
    now - KEEP_FORGOTTEN_MS,
  ) !== null;

const hashOf = (accountId: string, userId: string | null): string =>
  sha256(JSON.stringify([accountId, userId]));
