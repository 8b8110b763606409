-- Messages that came in on WhatsApp. A message's words stay here until they are a turn; what stays after that tells a
-- delivery from its repetition.
create table inbound_messages (
  id          integer primary key,
  message_sid text not null unique,       -- Twilio's
  user_id     text not null,              -- whatsapp:+15551234567
  body        text,                       -- null once it is answered
  media       integer not null,           -- so many attachments
  received_at integer not null,
  status      text not null,              -- waiting | answered | limited
  attempts    integer not null default 0,
  lease_until integer not null default 0  -- somebody is answering it until then
);
-- serves: where user_id = ? and received_at > ?; where user_id = ? order by id
create index inbound_messages_user on inbound_messages (user_id, received_at);
-- serves: where status = 'waiting'
create index inbound_messages_waiting on inbound_messages (user_id, id) where status = 'waiting';

-- The outbox: what is to be said on WhatsApp, each once.
create table outbound_messages (
  id          integer primary key,
  reply_to    text not null,              -- inbound_messages.message_sid
  part        integer not null,           -- 0: that it is being worked on; from 1: the answer
  user_id     text not null,
  body        text,                       -- null once it is sent, or given up
  status      text not null,              -- waiting | sending | failed, then what Twilio says
  attempts    integer not null default 0,
  due_at      integer not null,           -- not before; while sending: until then
  created_at  integer not null,
  updated_at  integer not null,
  message_sid text unique,                -- Twilio's, once it took it
  error_code  integer,                    -- Twilio's
  unique (reply_to, part)
);
-- serves: where user_id = ? and body is not null order by id
create index outbound_messages_waiting on outbound_messages (user_id, id) where body is not null;
-- serves: where user_id = ?; where user_id = ? order by id desc
create index outbound_messages_user on outbound_messages (user_id, id);
