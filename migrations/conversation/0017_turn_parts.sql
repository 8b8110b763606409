-- How many bytes of the turn's long texts lie in turn_parts, a space, and their sha256. Null: the row holds all of it.
alter table turns add column parts text;

-- Long texts of turns that are too large for one row: JSON [[side, n, text], ...], in pieces.
create table turn_parts (
  id      integer primary key,            -- the pieces of a turn in their order
  turn_id integer not null,               -- turns.id
  text    text not null
);
-- serves: where turn_id = ? order by id
create index turn_parts_turn on turn_parts (turn_id);

-- Triggers, so that no writer can leave a text without its turn.
create trigger drop_parts_of_deleted after delete on turns when old.parts is not null begin
  delete from turn_parts where turn_id = old.id;
end;
create trigger drop_parts_of_changed after update of parts on turns
when old.parts is not null and old.parts is not new.parts begin
  delete from turn_parts where turn_id = old.id;
end;
