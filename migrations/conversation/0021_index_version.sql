-- Each index says here which query it serves. The file ends with a statement, not with a comment.
-- Up to here the search index was made of turns as they are stored. Code that knows a later version empties it, and sets its
-- own number. From then on sessions.indexed is that version * 2^20 + seq.
insert or ignore into account values ('index_version', '1');
