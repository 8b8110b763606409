-- When the account may next have something to archive, and when something else of it needs looking after; null: never.
alter table accounts add column purge_at integer;
alter table accounts add column maintain_at integer;
-- The deployment's settings that these were told by: under others the account is asked again.
alter table accounts add column settings text;
-- What the account held when it told this.
alter table accounts add column live_sessions integer not null default 0;
alter table accounts add column archived_sessions integer not null default 0;
alter table accounts add column storage_bytes integer not null default 0;
alter table accounts add column archived_bytes integer not null default 0;
alter table accounts drop column idle_since;
alter table accounts drop column retention_days;
