create table accounts (
  account_id text primary key,
  created_at integer not null,            -- ms since the epoch: the account's first turn
  due_at     integer not null             -- no session of the account can be due before
) without rowid;
