-- JSON: the scopes and accounts that an admin key may issue keys for. Null: none.
alter table keys add column grants text;
