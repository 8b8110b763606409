-- What is known of a user beside the conversations. Each fact belongs to the session that it came from, and goes with it.
create table user_facts (
  fact_id    text primary key,
  key        integer not null,            -- sessions.key: of its source, or of the block that the user's own facts are in
  seq        integer,                     -- the number of the turn that it came from; null: a client wrote it
  user_id    text not null,
  role       text,                        -- the session's
  text       text not null,
  created_at integer not null,            -- ms since the epoch
  updated_at integer not null
) without rowid;
-- serves: where user_id = ? order by created_at, fact_id
create index user_facts_user on user_facts (user_id, created_at);
-- serves: where key = ?; delete where key = ? and seq = ?
create index user_facts_key on user_facts (key, seq);
