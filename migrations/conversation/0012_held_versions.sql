-- What was overwritten while a session, or its account, was under legal hold. Dropped when the hold is lifted.
create table held_versions (
  id          integer primary key,
  key         integer not null,           -- sessions.key
  name        text not null,              -- the column of session_details
  value       text not null,              -- what stood there
  replaced_at integer not null            -- ms since the epoch
);
-- serves: where key = ? and id > ? order by id; delete where key = ?
create index held_versions_key on held_versions (key);

-- A trigger, so that no writer can forget it.
create trigger keep_held_versions
before update of state, metadata, facts, role, user_id on session_details
when exists (select 1 from account where name = 'hold')
  or exists (select 1 from sessions where key = old.key and flags & 2 <> 0)
begin
  insert into held_versions (key, name, value, replaced_at)
    select old.key, name, value, cast(unixepoch('subsec') * 1000 as integer) from (
      select 'state' as name, old.state as value, new.state as fresh
      union all select 'metadata', old.metadata, new.metadata
      union all select 'facts', old.facts, new.facts
      union all select 'role', old.role, new.role
      union all select 'user_id', old.user_id, new.user_id)
    where value is not null and value is not fresh;
end;
