-- Whose the erased session was: another user's key learns nothing of it. Null: nobody's, or from before.
alter table tombstones add column user_id text;
