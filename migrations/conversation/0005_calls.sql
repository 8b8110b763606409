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
