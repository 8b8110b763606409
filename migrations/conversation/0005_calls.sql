-- What a turn's model was shown before the new message: so a call's whole request can be told, and is not stored twice.
alter table turns add column shown integer; -- so many messages of the window; null: not known
alter table turns add column frame integer; -- frames.id: the system message; null: none

-- System messages that models were shown.
create table frames (
  key  integer not null,                  -- sessions.key, where the session's own facts or summary are in it; else 0
  id   integer not null,                  -- the first 48 bits of the text's sha256
  text text not null,
  primary key (key, id)
) without rowid;

-- Calls that were written from outside under an id of the caller's.
create table calls (
  call_id text primary key,
  turn_id integer not null
) without rowid;
-- serves: delete where turn_id between ? and ?
create index calls_turn on calls (turn_id);

-- Rows of the schema that calls were kept in elsewhere, while both are kept: see docs/migrate-calls.md.
create table old_rows (
  id      text primary key,               -- the row's own, or the sha256 of what is in it
  call_id text not null,
  kind    integer not null,               -- 0 calls, 1 events, 2 tool_calls, 3 judge_decisions
  row     text not null                   -- JSON
);
-- serves: where call_id = ?; where call_id > ? order by call_id
create index old_rows_call on old_rows (call_id);

-- Calls that are not, anew, what their old rows say.
create table old_mismatches (
  call_id text primary key,
  details text not null                   -- JSON list
) without rowid;
