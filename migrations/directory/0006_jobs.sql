-- Jobs of queues that failed, in the object `operations`: ids only. While `dead_at` is null, the queue still retries the job.
create table failed_jobs (
  id         integer primary key autoincrement,
  job        text not null unique,
  type       text not null,
  account_id text,
  user_id    text,
  request_id text,
  reason     text,
  failed_at  integer not null,
  dead_at    integer
);
-- Runs of the crons, in the same object, with what their jobs did.
create table cron_runs (
  id         integer primary key autoincrement,
  run_id     text not null unique,
  errand     text not null,
  started_at integer not null,
  queued_at  integer,
  accounts   integer not null default 0,
  done       integer not null default 0,
  sessions   integer not null default 0,
  bytes      integer not null default 0,
  errors     integer not null default 0,
  -- Why not all accounts were queued.
  error      text,
  -- JSON: the last jobs of the run that failed.
  failures   text not null default '[]'
);
