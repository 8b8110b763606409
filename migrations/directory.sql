-- Made by `npm run new:migration` of these files in directory/. An empty database gets it in their place.
-- 0001_init 315d0c747e0031c8e6276aee72197f6115a568495cf7287fb184763b80def684
-- 0002_admin_log 00df7449218e9bc81c0e7c6b02a4445b15cf1ee97c9f70405790c81e9fa6cbe5
-- 0003_flags f199360e1c1221793c087616263e46d82071b1d3d5d1bdedf6c6db183f0036dc
-- 0004_maintenance 3cad06e74201f9abec9f974596bce8bacefd0a663c328ce5b9e4399a48aa9f43
-- 0005_operations cf40f5e81c939f2f2a8b19093e85733b05e46579087a3b4593e4fae1651876d0
-- 0006_jobs 0e37f44730bbc0117a4c41d215452033f1e5af76792dc1c4101fdbba8e2e84f0
-- 0007_forgotten_users d0a76598077a685d16e53cbd76d5772fc87451939996913edddc3c8a3e782299
CREATE TABLE accounts (account_id text primary key,
created_at integer not null,
purge_at integer, maintain_at integer, settings text, live_sessions integer not null default 0, archived_sessions integer not null default 0, storage_bytes integer not null default 0, archived_bytes integer not null default 0) without rowid;
CREATE TABLE admin_log (seq integer primary key,
at integer not null,
actor text not null,
action text not null,
target text not null,
details text not null,
hash text not null);
CREATE TABLE flags (name text primary key,
flag text not null,
changed_at integer not null) without rowid;
CREATE TABLE operations (name text primary key,
value text not null) without rowid;
CREATE TABLE failed_jobs (id integer primary key autoincrement,
job text not null unique,
type text not null,
account_id text,
user_id text,
request_id text,
reason text,
failed_at integer not null,
dead_at integer);
CREATE TABLE cron_runs (id integer primary key autoincrement,
run_id text not null unique,
errand text not null,
started_at integer not null,
queued_at integer,
accounts integer not null default 0,
done integer not null default 0,
sessions integer not null default 0,
bytes integer not null default 0,
errors integer not null default 0,
error text,
failures text not null default '[]');
CREATE TABLE forgotten_users (hash text primary key,
forgotten_at integer not null) without rowid;
