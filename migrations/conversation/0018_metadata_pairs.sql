-- The pairs of sessions' metadata, for lists that ask for one. session_details.metadata is the original.
create table session_metadata (
  name  text not null,
  value text not null,
  key   integer not null,                 -- sessions.key
  -- serves: where name = ? and value = ? and key < ? order by key desc limit 11
  primary key (name, value, key)
) without rowid;

insert or ignore into session_metadata
  select m.key, m.value, d.key from session_details d, json_each(d.metadata) m
  where d.metadata is not null and json_valid(d.metadata) and m.type = 'text';

-- Triggers, so that no writer can forget it.
create trigger index_metadata_insert after insert on session_details
when new.metadata is not null and json_valid(new.metadata)
begin
  insert or ignore into session_metadata
    select key, value, new.key from json_each(new.metadata) where type = 'text';
end;

create trigger index_metadata_update after update of metadata on session_details
when new.metadata is not old.metadata
begin
  delete from session_metadata where key = old.key and (name, value) in (
    select key, value from json_each(case when json_valid(old.metadata) then old.metadata else '{}' end));
  insert or ignore into session_metadata
    select key, value, new.key
    from json_each(case when json_valid(new.metadata) then new.metadata else '{}' end) where type = 'text';
end;

create trigger index_metadata_delete after delete on session_details
when old.metadata is not null and json_valid(old.metadata)
begin
  delete from session_metadata where key = old.key and (name, value) in (
    select key, value from json_each(old.metadata));
end;
