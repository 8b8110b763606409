-- What the account held at its last look of a day: one row a day in which it was used or swept, 400 days at most.
create table daily_sizes (
  day               integer primary key,
  storage_bytes     integer not null,
  archived_bytes    integer not null,
  sessions          integer not null,
  archived_sessions integer not null,
  turns             integer not null
);
