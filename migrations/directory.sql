-- Made by `npm run new:migration` of the files in directory/. An empty database gets it in their place.
-- 3b42690189181b89a4edcd7176f4175d9634162ddcc73c5b4265a55806bb66eb
CREATE TABLE accounts (
  account_id text primary key,
  created_at integer not null,            -- ms since the epoch: the account's first turn
  purge_at integer, maintain_at integer, settings text, live_sessions integer not null default 0, archived_sessions integer not null default 0, storage_bytes integer not null default 0, archived_bytes integer not null default 0) without rowid;
CREATE TABLE admin_log (
  seq     integer primary key,
  at      integer not null,               -- ms since the epoch
  actor   text not null,                  -- "root", "open" or a key's id
  action  text not null,                  -- key.create, account.erase, ...
  target  text not null,                  -- the account or key that it was done to
  details text not null,                  -- JSON
  hash    text not null                   -- sha256 over the previous hash and this entry
);
CREATE TABLE flags (
  name       text primary key,            -- the var that it overrules
  flag       text not null,               -- JSON: default, allow, percentage
  changed_at integer not null             -- ms since the epoch
) without rowid;
CREATE TABLE operations (
  name  text primary key,
  value text not null
) without rowid;
CREATE TABLE failed_jobs (
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
CREATE TABLE cron_runs (
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
CREATE TABLE forgotten_users (
  hash         text primary key,
  forgotten_at integer not null            -- ms since the epoch
) without rowid;
