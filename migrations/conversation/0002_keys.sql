-- What is known of the account's keys. The keys themselves are nowhere: they are signed, not stored.
create table keys (
  id         text primary key,
  name       text,
  scopes     text not null,               -- JSON list
  created_at integer not null,            -- ms since the epoch
  expires_at integer,
  revoked_at integer                      -- from then on refused; ahead of time while a rotation overlaps
) without rowid;
