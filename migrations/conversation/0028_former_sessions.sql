-- Sessions that went without being erased, of which backups have copies: their archives expired, or their imports were
-- undone. An erasure of the id, or of the user, finds the copies by the key.
create table former_sessions (
  key        integer primary key,
  session_id text not null,
  user_id    text,
  role       text
);
-- serves: where session_id = ?
create index former_sessions_id on former_sessions (session_id);
-- serves: where user_id = ?
create index former_sessions_user on former_sessions (user_id) where user_id is not null;
-- serves: where first_key <= ? and last_key >= ?, without the members, which may be long
create index segments_keys on segments (first_key, last_key, backup_id) where backup_id is not null;
-- When the session began, in ms since the epoch: another that comes with its key is counted. Null: it expired earlier.
alter table expired_sessions add column created_at integer;
