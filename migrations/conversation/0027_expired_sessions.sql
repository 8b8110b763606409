-- Sessions whose archives expired. `daily` has their turns: a backup that brings one back does not count them once more.
create table expired_sessions (
  key integer primary key
);
