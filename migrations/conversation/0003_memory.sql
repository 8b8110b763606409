alter table session_details add column role text;             -- whose conversation it is: client, admin, ...
alter table session_details add column facts text;            -- JSON list of texts that the model is always shown
alter table session_details add column state text;            -- JSON object; in R2 while the session is archived
alter table session_details add column state_version integer; -- how often the state was written
alter table session_details add column summary text;          -- of the turns that left the window
alter table session_details add column summary_turn integer;  -- turns.id of the last turn that the summary covers

drop index session_details_user;
-- serves: where user_id = ?; where user_id = ? and assistant is ? and role is ? order by key desc limit 1
create index session_details_user on session_details (user_id, assistant, role) where user_id is not null;

-- The one user that the key speaks for; null: the whole account.
alter table keys add column user_id text;
