-- Users and accounts that were erased, in the object `operations`: jobs of users that fail afterwards are not noted. No id
-- can be read from a hash.
create table forgotten_users (
  hash         text primary key,
  forgotten_at integer not null            -- ms since the epoch
) without rowid;
