-- What admins set in place of vars. Lies in one object, the directory named "admin".
create table flags (
  name       text primary key,            -- the var that it overrules
  flag       text not null,               -- JSON: default, allow, percentage
  changed_at integer not null             -- ms since the epoch
) without rowid;
