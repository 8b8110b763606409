-- Each index says here which query it serves. The file ends with a statement, not with a comment.
-- A long turn is in turn_search in parts: the row of a part has the part's id, negative, as its rowid.
create table search_parts (
  id      integer primary key,
  turn_id integer not null,
  side    text not null,    -- input | output: the column of turns
  begins  integer not null, -- in UTF-16 units of that text
  ends    integer not null
);
-- serves: where turn_id = ? and where turn_id is between those of a session
create index search_parts_turn on search_parts (turn_id);
