-- Accounts that were there before stored values had bounds are looked through once: see repair.ts.
insert into account (name, value)
  select 'repair', '{"turns_after":0,"segments_after":0,"turns":0,"sessions":[],"unreadable":[]}'
  where exists (select 1 from sessions) or exists (select 1 from segments);
