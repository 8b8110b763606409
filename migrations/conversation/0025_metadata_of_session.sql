-- Each index says here which query it serves. The file ends with a statement, not with a comment.
-- serves: count where key in the sessions of an erasure
create index session_metadata_key on session_metadata (key);
