-- Append-only: each entry's hash covers the one before it. Lies in one object, the directory named "admin".
create table admin_log (
  seq     integer primary key,
  at      integer not null,               -- ms since the epoch
  actor   text not null,                  -- "root", "open" or a key's id
  action  text not null,                  -- key.create, account.erase, ...
  target  text not null,                  -- the account or key that it was done to
  details text not null,                  -- JSON
  hash    text not null                   -- sha256 over the previous hash and this entry
);
