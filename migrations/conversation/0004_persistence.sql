alter table segments add column created_at integer not null default 0; -- ms since the epoch: when its sessions were archived
alter table segments add column key_id integer;                        -- archive_keys.id; null: plain gzip
alter table segments add column backup_id text;                        -- the backup that it is a part of; null: an archive
alter table segments add column part integer;                          -- its number there, from 1
alter table segments add column first_key integer;                     -- of a backup's part: its sessions' keys lie between these
alter table segments add column last_key integer;
alter table segments add column sessions integer;                      -- of a backup's part: how many were written, and their turns
alter table segments add column turns integer;
update segments set created_at = unixepoch() * 1000;
-- serves: where backup_id = ? order by part
create index segments_backup on segments (backup_id, part) where backup_id is not null;

-- The keys that members are encrypted with, each wrapped by the deployment's. R2 holds the same list.
create table archive_keys (
  id         integer primary key,
  wrapped    text not null,
  wrapped_by text not null,               -- the first half of sha256 of the deployment's key
  created_at integer not null             -- ms since the epoch
);

-- R2 objects that the replica does not have yet.
create table unreplicated (
  object_key text primary key
) without rowid;

create table backups (
  backup_id    text primary key,
  status       text not null,             -- running, complete
  reason       text not null,             -- request, policy
  created_at   integer not null,          -- ms since the epoch
  completed_at integer,
  session_ids  text,                      -- JSON list; null: all
  through_key  integer not null,          -- sessions that began later are not in it
  next_key     integer not null,          -- where it goes on while it is running
  skipped      text not null default '[]', -- JSON [[session_id, why], ...]: could not be read
  restore      text                       -- JSON: how far the last restore came
) without rowid;

-- The KV entry that this session's first answer was kept under: erasing the session deletes it.
alter table session_details add column cache_key text;

-- The account's retention, in one document.
insert into account (name, value)
  select 'retention', json_object('idle_days', json(value)) from account where name = 'retention_days';
delete from account where name = 'retention_days';

-- Turns by day, assistant and model. These rows outlive the turns.
create table daily (
  day       integer not null,             -- days since the epoch
  assistant text not null,
  model     text not null,
  counts    text not null,                -- JSON, see analytics.ts
  primary key (day, assistant, model)
) without rowid;
