-- Turns that changed: the search index has their first parts, or none, and the next search adds the others. They were rows
-- of search_parts, which the version before takes for parts.
create table unfinished_turns (
  turn_id integer primary key
);
insert into unfinished_turns select turn_id from search_parts where id = -turn_id;
delete from search_parts where id = -turn_id;
