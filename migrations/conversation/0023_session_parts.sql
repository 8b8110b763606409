-- Each index says here which query it serves. The file ends with a statement, not with a comment.
-- A session that is too large for one segment lies in several, one a part. Sessions of one segment have no rows here.
create table session_parts (
  key       integer not null,
  part      integer not null,           -- from 1, in the order of the turns
  segment   integer not null,           -- which holds nothing else
  first_seq integer not null,           -- its turns are numbered from here
  last_seq  integer not null,           -- to here; numbers between may be missing
  is_back   integer not null default 0, -- 1: its turns are in SQLite again, the session's other parts are not yet
  primary key (key, part)
) without rowid;
-- serves: where segment = ?
create unique index session_parts_segment on session_parts (segment);
