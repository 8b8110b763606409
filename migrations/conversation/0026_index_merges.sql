-- A search merges four segments of a size in pieces of bounded work. FTS5 by itself waits for eight.
insert into turn_search (turn_search, rank) values ('automerge', 8);
