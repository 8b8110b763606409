import { DAY_MS } from "../shared/time.ts";
import type { Database } from "../sqlite/database.ts";

/** Rows of failed jobs. The oldest ones go first. */
export const MAX_FAILED_JOBS = 1_000;
/** In milliseconds. A failed job is forgotten after so long, whether it is dead or not. */
export const KEEP_FAILED_MS = 30 * DAY_MS;

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
    for (const { job, type, account_id, user_id, request_id, reason } of jobs)
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
    "select * from failed_jobs where dead_at is not null and id < ? order by id desc limit ?",
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

/** Forgets the failed jobs of an account that is erased, or of one of its users. */
export function forgetJobsOf(db: Database, accountId: string, userId: string | null): void {
  db.run(
    "delete from failed_jobs where account_id = ?1 and (?2 is null or user_id = ?2)",
    accountId,
    userId,
  );
}
