-- The places of erased sessions in lists: a page goes on after one that was erased since. An id's place is its key.
create table erased_places (
  session_id text primary key,
  key        integer not null             -- sessions.key, which no other session gets
) without rowid;
