-- What was brought by POST /import, and how far each has come.
create table imports (
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

-- Which turns an import brought, for undoing it: those of a session from one seq to another.
create table import_turns (
  key    integer not null,                -- sessions.key
  first  integer not null,
  last   integer not null,                -- first - 1: none
  import integer not null,                -- imports.number
  made   integer not null,                -- 1: the session itself is there by this import
  primary key (key, first)
) without rowid;

-- So many numbers of turns before the last are those of none: an import that brought them was undone.
alter table session_details add column missing integer;
