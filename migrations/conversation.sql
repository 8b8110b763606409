-- Made by `npm run new:migration` of the files in conversation/. An empty database gets it in their place.
-- 20c6346bb8946944e3f24ea98cef583988e8c30f934d0cc7cd3e5c618508d81a
CREATE TABLE account (
  name  text primary key,
  value text not null
) without rowid;
insert into account values ('index_version', '1');
CREATE TABLE sessions (
  key         integer primary key,        -- never reused; packed into turns.id
  session_id  text not null unique,       -- serves: where session_id = ?
  created_at  integer not null,           -- ms since the epoch
  accessed_at integer not null,           -- rewritten at the first turn of a UTC day; exact once archived
  flags       integer not null default 0, -- 1 pinned, 2 held
  indexed     integer not null default 0, -- turns up to this seq are in turn_search
  segment     integer,                    -- null while live; else the archive segment that holds the turns
  member      integer,                    -- the segment's gzip member where the session begins
  turns       integer                     -- how many there are, once archived
);
CREATE TABLE session_details (
  key       integer primary key,
  assistant text,
  user_id   text,
  metadata  text,                         -- JSON object of strings
  hold      text                          -- why the session is under legal hold
, role text, facts text, state text, state_version integer, summary text, summary_turn integer, cache_key text, missing integer, skipped integer);
CREATE TABLE models (
  id   integer primary key,
  name text not null unique               -- provider/model
);
CREATE TABLE turns (
  id            integer primary key,      -- sessions.key * 2^20 + seq; seq counts from 1
  status        integer not null,         -- 0 in_progress, 1 completed, 2 failed, 3 abandoned, 4 interrupted
  created_at    integer not null,         -- ms since the epoch
  duration_ms   integer,
  model         integer,                  -- models.id
  input_tokens  integer,
  output_tokens integer,
  input         text not null,            -- one plain user message as its bare text, or char(1) and JSON items
  output        text,                     -- likewise, of the assistant
  extra         text                      -- JSON, rare: lease, error, restored
, shown integer, frame integer, parts text);
CREATE VIRTUAL TABLE turn_search using fts5 (
  input, output,
  content = 'turns', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
insert into turn_search (turn_search, rank) values ('automerge', 8);
insert into turn_search (turn_search, rank) values ('secure-delete', 1);
CREATE TABLE idempotency (
  key        text primary key,
  hash       text not null,               -- sha256 of the request that the key was first sent with
  turn_id    integer not null,
  created_at integer not null
) without rowid;
CREATE TABLE segments (
  id         integer primary key,
  object_key text not null,               -- in R2
  bytes      integer not null,
  members    text not null                -- JSON [[offset, length, sha256], ...]
, created_at integer not null default 0, key_id integer, backup_id text, part integer, first_key integer, last_key integer, sessions integer, turns integer, indexed integer default 0);
CREATE TABLE stale_copies (
  key     integer not null,
  segment integer not null,
  primary key (key, segment)
) without rowid;
CREATE TABLE doomed_objects (
  object_key text primary key
) without rowid;
CREATE TABLE tombstones (
  session_id text primary key,
  erased_at  integer not null
, user_id text) without rowid;
CREATE VIEW messages as
  select s.session_id, t.id as turn_id, 'user' as role, t.input as content, t.created_at
    from turns t join sessions s on s.key = t.id / 1048576
  union all
  select s.session_id, t.id, 'assistant', t.output, t.created_at + coalesce(t.duration_ms, 0)
    from turns t join sessions s on s.key = t.id / 1048576
    where t.output is not null;
CREATE TABLE keys (
  id         text primary key,
  name       text,
  scopes     text not null,               -- JSON list
  created_at integer not null,            -- ms since the epoch
  expires_at integer,
  revoked_at integer                      -- from then on refused; ahead of time while a rotation overlaps
, user_id text, grants text) without rowid;
CREATE INDEX session_details_user on session_details (user_id, assistant, role) where user_id is not null;
CREATE INDEX segments_backup on segments (backup_id, part) where backup_id is not null;
CREATE TABLE archive_keys (
  id         integer primary key,
  wrapped    text not null,
  wrapped_by text not null,               -- the first half of sha256 of the deployment's key
  created_at integer not null             -- ms since the epoch
);
CREATE TABLE unreplicated (
  object_key text primary key
) without rowid;
CREATE TABLE backups (
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
CREATE TABLE daily (
  day       integer not null,             -- days since the epoch
  assistant text not null,
  model     text not null,
  counts    text not null,                -- JSON, see analytics.ts
  primary key (day, assistant, model)
) without rowid;
CREATE TABLE frames (
  key  integer not null,                  -- sessions.key, where the session's own facts or summary are in it; else 0
  id   integer not null,                  -- the first 48 bits of the text's sha256
  text text not null,
  primary key (key, id)
) without rowid;
CREATE TABLE calls (
  call_id text primary key,
  turn_id integer not null
) without rowid;
CREATE INDEX calls_turn on calls (turn_id);
CREATE TABLE old_rows (
  id      text primary key,               -- the row's own, or the sha256 of what is in it
  call_id text not null,
  kind    integer not null,               -- 0 calls, 1 events, 2 tool_calls, 3 judge_decisions
  row     text not null                   -- JSON
);
CREATE INDEX old_rows_call on old_rows (call_id);
CREATE TABLE old_mismatches (
  call_id text primary key,
  details text not null                   -- JSON list
) without rowid;
CREATE TABLE inbound_messages (
  id          integer primary key,
  message_sid text not null unique,       -- Twilio's
  user_id     text not null,              -- whatsapp:+15551234567
  body        text,                       -- null once it is answered
  media       integer not null,           -- so many attachments
  received_at integer not null,
  status      text not null,              -- waiting | answered | limited
  attempts    integer not null default 0,
  lease_until integer not null default 0  -- somebody is answering it until then
, address text);
CREATE INDEX inbound_messages_user on inbound_messages (user_id, received_at);
CREATE INDEX inbound_messages_waiting on inbound_messages (user_id, id) where status = 'waiting';
CREATE TABLE outbound_messages (
  id          integer primary key,
  reply_to    text not null,              -- inbound_messages.message_sid
  part        integer not null,           -- 0: that it is being worked on; from 1: the answer
  user_id     text not null,
  body        text,                       -- null once it is sent, or given up
  status      text not null,              -- waiting | sending | failed, then what Twilio says
  attempts    integer not null default 0,
  due_at      integer not null,           -- not before; while sending: until then
  created_at  integer not null,
  updated_at  integer not null,
  message_sid text unique,                -- Twilio's, once it took it
  error_code  integer, address text,                    -- Twilio's
  unique (reply_to, part)
);
CREATE INDEX outbound_messages_waiting on outbound_messages (user_id, id) where body is not null;
CREATE INDEX outbound_messages_user on outbound_messages (user_id, id);
CREATE TABLE imports (
  number     integer primary key,         -- in import_turns
  import_id  text not null unique,
  status     text not null,               -- running | complete | failed | undoing
  options    text not null,               -- JSON: what it was asked for; the same again goes on with it
  line       integer not null default 0,  -- everything up to this line of its source is done with
  position   text,                        -- the uploader's own word for where that is
  report     text not null,               -- JSON
  created_at integer not null,            -- ms since the epoch
  updated_at integer not null
);
CREATE TABLE import_turns (
  key    integer not null,                -- sessions.key
  first  integer not null,
  last   integer not null,                -- first - 1: none
  import integer not null,                -- imports.number
  made   integer not null,                -- 1: the session itself is there by this import
  primary key (key, first)
) without rowid;
CREATE TABLE streamed_pieces (
  turn_id integer not null,
  seq     integer not null,               -- the number of the first of these, from 0
  pieces  text not null,                  -- JSON list
  primary key (turn_id, seq)
) without rowid;
CREATE TABLE background_turns (
  turn_id  integer primary key,
  attempts integer not null default 0,
  due_at   integer not null               -- not taken up again before then, in ms since the epoch
);
CREATE TABLE whatsapp_addresses (
  address text primary key,  -- whatsapp:US.13491208655302741918, whatsapp:+15551234567
  user_id text not null      -- the address that this person first wrote from
) without rowid;
CREATE INDEX whatsapp_addresses_user on whatsapp_addresses (user_id);
CREATE TABLE held_versions (
  id          integer primary key,
  key         integer not null,           -- sessions.key
  name        text not null,              -- the column of session_details
  value       text not null,              -- what stood there
  replaced_at integer not null            -- ms since the epoch
);
CREATE INDEX held_versions_key on held_versions (key);
CREATE TRIGGER keep_held_versions
before update of state, metadata, facts, role, user_id on session_details
when exists (select 1 from account where name = 'hold')
  or exists (select 1 from sessions where key = old.key and flags & 2 <> 0)
begin
  insert into held_versions (key, name, value, replaced_at)
    select old.key, name, value, cast(unixepoch('subsec') * 1000 as integer) from (
      select 'state' as name, old.state as value, new.state as fresh
      union all select 'metadata', old.metadata, new.metadata
      union all select 'facts', old.facts, new.facts
      union all select 'role', old.role, new.role
      union all select 'user_id', old.user_id, new.user_id)
    where value is not null and value is not fresh;
end;
CREATE TABLE erased_places (
  session_id text primary key,
  key        integer not null             -- sessions.key, which no other session gets
) without rowid;
CREATE INDEX segments_to_index on segments (indexed, id) where backup_id is null and indexed is not null;
CREATE TABLE turn_parts (
  id      integer primary key,            -- the pieces of a turn in their order
  turn_id integer not null,               -- turns.id
  text    text not null
);
CREATE INDEX turn_parts_turn on turn_parts (turn_id);
CREATE TRIGGER drop_parts_of_deleted after delete on turns when old.parts is not null begin
  delete from turn_parts where turn_id = old.id;
end;
CREATE TRIGGER drop_parts_of_changed after update of parts on turns
when old.parts is not null and old.parts is not new.parts begin
  delete from turn_parts where turn_id = old.id;
end;
CREATE TABLE session_metadata (
  name  text not null,
  value text not null,
  key   integer not null,                 -- sessions.key
  -- serves: where name = ? and value = ? and key < ? order by key desc limit 11
  primary key (name, value, key)
) without rowid;
CREATE TRIGGER index_metadata_insert after insert on session_details
when new.metadata is not null and json_valid(new.metadata)
begin
  insert or ignore into session_metadata
    select key, value, new.key from json_each(new.metadata) where type = 'text';
end;
CREATE TRIGGER index_metadata_update after update of metadata on session_details
when new.metadata is not old.metadata
begin
  delete from session_metadata where key = old.key and (name, value) in (
    select key, value from json_each(case when json_valid(old.metadata) then old.metadata else '{}' end));
  insert or ignore into session_metadata
    select key, value, new.key
    from json_each(case when json_valid(new.metadata) then new.metadata else '{}' end) where type = 'text';
end;
CREATE TRIGGER index_metadata_delete after delete on session_details
when old.metadata is not null and json_valid(old.metadata)
begin
  delete from session_metadata where key = old.key and (name, value) in (
    select key, value from json_each(old.metadata));
end;
CREATE TABLE search_parts (
  id      integer primary key,
  turn_id integer not null,
  side    text not null,    -- input | output: the column of turns
  begins  integer not null, -- in UTF-16 units of that text
  ends    integer not null
);
CREATE INDEX search_parts_turn on search_parts (turn_id);
CREATE TABLE user_facts (
  fact_id    text primary key,
  key        integer not null,            -- sessions.key: of its source, or of the block that the user's own facts are in
  seq        integer,                     -- the number of the turn that it came from; null: a client wrote it
  user_id    text not null,
  role       text,                        -- the session's
  text       text not null,
  created_at integer not null,            -- ms since the epoch
  updated_at integer not null
) without rowid;
CREATE INDEX user_facts_user on user_facts (user_id, created_at);
CREATE INDEX user_facts_key on user_facts (key, seq);
CREATE TABLE daily_sizes (
  day               integer primary key,
  storage_bytes     integer not null,
  archived_bytes    integer not null,
  sessions          integer not null,
  archived_sessions integer not null,
  turns             integer not null
);
CREATE TABLE session_parts (
  key       integer not null,
  part      integer not null,           -- from 1, in the order of the turns
  segment   integer not null,           -- which holds nothing else
  first_seq integer not null,           -- its turns are numbered from here
  last_seq  integer not null,           -- to here; numbers between may be missing
  is_back   integer not null default 0, -- 1: its turns are in SQLite again, the session's other parts are not yet
  primary key (key, part)
) without rowid;
CREATE UNIQUE INDEX session_parts_segment on session_parts (segment);
CREATE TABLE fact_extractions (
  turn_id  integer primary key,
  user_id  text not null,
  day      integer not null,              -- of the first attempt, in days since the epoch
  attempts integer not null,
  done     integer not null default 0     -- 1: its facts are stored
);
CREATE INDEX fact_extractions_day on fact_extractions (day, user_id);
CREATE INDEX session_metadata_key on session_metadata (key);
CREATE TABLE expired_sessions (
  key integer primary key
, created_at integer);
CREATE TABLE former_sessions (
  key        integer primary key,
  session_id text not null,
  user_id    text,
  role       text
);
CREATE INDEX former_sessions_id on former_sessions (session_id);
CREATE INDEX former_sessions_user on former_sessions (user_id) where user_id is not null;
CREATE INDEX segments_keys on segments (first_key, last_key, backup_id) where backup_id is not null;
