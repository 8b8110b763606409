-- The addresses of a person on WhatsApp: an id that the business sees in place of a number, a number, or both.
create table whatsapp_addresses (
  address text primary key,  -- whatsapp:US.13491208655302741918, whatsapp:+15551234567
  user_id text not null      -- the address that this person first wrote from
) without rowid;
-- serves: where user_id = ?
create index whatsapp_addresses_user on whatsapp_addresses (user_id);

-- Where the answer goes. Null: to user_id, as before there were other addresses.
alter table inbound_messages add column address text;
alter table outbound_messages add column address text;
