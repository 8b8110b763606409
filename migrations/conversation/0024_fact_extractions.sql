-- Turns whose facts a model was asked for. A row goes with its turn: then what is still on its way is not stored.
create table fact_extractions (
  turn_id  integer primary key,
  user_id  text not null,
  day      integer not null,              -- of the first attempt, in days since the epoch
  attempts integer not null,
  done     integer not null default 0     -- 1: its facts are stored
);
-- serves: count where day = ?; count where day = ? and user_id = ?; delete where day < ?
create index fact_extractions_day on fact_extractions (day, user_id);
