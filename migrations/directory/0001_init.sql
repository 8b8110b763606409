create table accounts (
  account_id text primary key,
  created_at integer not null,            -- ms since the epoch: the account's first turn
  idle_since integer not null,            -- no session of it was last accessed before
  retention_days real                     -- its own; null: the deployment's
) without rowid;
