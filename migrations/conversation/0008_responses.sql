-- What has come of answers that are still being streamed; gone when their turns are settled, which say it whole.
create table streamed_pieces (
  turn_id integer not null,
  seq     integer not null,               -- the number of the first of these, from 0
  pieces  text not null,                  -- JSON list
  primary key (turn_id, seq)
) without rowid;

-- Turns that are answered without anybody waiting for them.
create table background_turns (
  turn_id  integer primary key,
  attempts integer not null default 0,
  due_at   integer not null               -- not taken up again before then, in ms since the epoch
);
