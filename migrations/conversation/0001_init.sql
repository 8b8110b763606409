-- What the account knows of itself: next_key, counters, directory, retention_days, last_purge.
create table account (
  name  text primary key,
  value text not null
) without rowid;

create table sessions (
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

-- Written only when used.
create table session_details (
  key       integer primary key,
  assistant text,
  user_id   text,
  metadata  text,                         -- JSON object of strings
  hold      text                          -- why the session is under legal hold
);
-- serves: where user_id = ? order by key desc
create index session_details_user on session_details (user_id) where user_id is not null;

create table models (
  id   integer primary key,
  name text not null unique               -- provider/model
);

create table turns (
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
);

-- External content: the index holds no second copy of the text. Caught up when somebody searches.
create virtual table turn_search using fts5 (
  input, output,
  content = 'turns', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
-- Without it, words of erased turns stay in the index until their pages are merged away.
insert into turn_search (turn_search, rank) values ('secure-delete', 1);

create table idempotency (
  key        text primary key,
  hash       text not null,               -- sha256 of the request that the key was first sent with
  turn_id    integer not null,
  created_at integer not null
) without rowid;

create table segments (
  id         integer primary key,
  object_key text not null,               -- in R2
  bytes      integer not null,
  members    text not null                -- JSON [[offset, length, sha256], ...]
);

-- Copies of sessions that came back from their archive, or moved on to another: for erasing, they count.
create table stale_copies (
  key     integer not null,
  segment integer not null,
  primary key (key, segment)
) without rowid;

-- R2 objects to delete, recorded before they can become orphans.
create table doomed_objects (
  object_key text primary key
) without rowid;

create table tombstones (
  session_id text primary key,
  erased_at  integer not null
) without rowid;

-- For people with a SQL prompt: the shape that they expect.
create view messages as
  select s.session_id, t.id as turn_id, 'user' as role, t.input as content, t.created_at
    from turns t join sessions s on s.key = t.id / 1048576
  union all
  select s.session_id, t.id, 'assistant', t.output, t.created_at + coalesce(t.duration_ms, 0)
    from turns t join sessions s on s.key = t.id / 1048576
    where t.output is not null;
