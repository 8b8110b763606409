-- Made by `npm run new:migration` of these files in conversation/. An empty database gets it in their place.
-- 0001_init 521fca024bf26629b280f80b9300bfcb11b4cd889ad98300b0ff21b1a57805fb
-- 0002_keys b7e3d8d5ccfc513f0a21674341d0e855494ded9527f4f3deb32777f031c42a53
-- 0003_memory aa49b9929e664749ad651a41def5e07ed5468c18131b38db68f98e95f534eecf
-- 0004_persistence 781e82ee84c5594aae4802be4f95a0f2d074366e50e78ad433406f6b524f01f0
-- 0005_calls b034569344046c05198f373f17f71067c9a23c624b41947002792132760e12ea
-- 0006_whatsapp 0624cec654fa95db2d6cabd4f230a07144c493ec044b7d67c1fc433f69291389
-- 0007_imports 4f0529e6280eb068b830862f4ad693b0326f9e919ad7fad68cfb09773a20d5b2
-- 0008_responses bc927c74325f800e6bf63313cb2e10a76de9af7a17f476707b214f5263221685
-- 0009_whatsapp_addresses fcd2110746c772791715fc1d161e3b36bd5d9012c90d70ec537afef0a998cf21
-- 0010_repair a81016d4f3784b264485908c3c2b73688485ff15cb5dd9640d969fc64a9cebd5
-- 0011_grants 63da40c1fbd3bc3ac8cd77363f84fffb487d4d3f5a96cf853c6480c333180da3
-- 0012_held_versions 50f75459531fba4faf7a58b9def814dbc63189280e152574700837d064e9f632
-- 0013_tombstone_users afc5852107b1ebe34f11f913e8cb0be07c525c74119794454aa2dfc781b23300
-- 0014_erased_places a4de07a85f06807f34509752baabda6ea9493c0c04c3cc82479b6cf61b991178
-- 0015_skipped_numbers b953c08cb4a7e380f2dadcfbd88679057f3e2e4cfceb87fbc1acd4dc93803547
-- 0016_archived_words 74cb0486b781597e0d6f25d4e575777648b6e6d611eceab0dedb728563195801
-- 0017_turn_parts 1b5f733c85fd50314de31f99e0f6058cf3429b68eae38d0fc505b140fa39a5dc
-- 0018_metadata_pairs 21be25329c5c2911766f64b45f2d72db291227275b2ef24aae36fa38ad30f74c
-- 0019_search_parts d141ae992921cbee84c7ac0b03795058d3d113e0576d7f3befbbac9bac2a34a9
-- 0020_user_facts 82391536d402559452a841cce6f1df5f53ab90e302088ba5593361f3ad2fdbdd
-- 0021_index_version 7f0cb9ec3e227909828b6e471f91e7444c426d9e6d31fa62b197d66356644604
-- 0022_daily_sizes 630028ba963c25de433f97f37aa166737cf9f4aa61839ede1b9ec7ec85f423a6
-- 0023_session_parts 433946e67bd12f9023832185c8fceff69de1536dad4b1b81da734c8ba6b4fbf8
-- 0024_fact_extractions d7eaa75e5750cf8d36db39f3d338a666969c2b83986c787070193c04475003ce
-- 0025_metadata_of_session e218eb197d399ed25755f71cf255da059327329b586c47af7dcec20ac70b9e6e
-- 0026_index_merges 3059bfa68cd86196d17f9b69cb0d27097671ed526fb168df4fc05e2ccdee3a28
-- 0027_expired_sessions 592854f790535eb82fb1fac87ada59160edf16083b168a9beb0b91f67106af4f
-- 0028_former_sessions f7b7834073402820fec60f2c291752b924a0eb05a5caa9117746cdb2d971316a
-- 0029_unfinished_turns 4cee719bfbe8fab4d5c59f7dbcf5a5b1d0687163d038bd3a669341958d051063
-- 0030_search_volumes 5f982a60a6db4d831a1cf495115e759300a08214bfe973211954f34346b00e4a
CREATE TABLE account (name text primary key,
value text not null) without rowid;
insert into account values ('index_version', '1');
insert into account values ('search_volumes', '[1]');
CREATE TABLE sessions (key integer primary key,
session_id text not null unique,
created_at integer not null,
accessed_at integer not null,
flags integer not null default 0,
indexed integer not null default 0,
segment integer,
member integer,
turns integer);
CREATE TABLE session_details (key integer primary key,
assistant text,
user_id text,
metadata text,
hold text, role text, facts text, state text, state_version integer, summary text, summary_turn integer, cache_key text, missing integer, skipped integer);
CREATE TABLE models (id integer primary key,
name text not null unique);
CREATE TABLE turns (id integer primary key,
status integer not null,
created_at integer not null,
duration_ms integer,
model integer,
input_tokens integer,
output_tokens integer,
input text not null,
output text,
extra text, shown integer, frame integer, parts text);
CREATE VIRTUAL TABLE turn_search using fts5 (input, output,
content = 'turns', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
insert into turn_search (turn_search, rank) values ('automerge', 8);
insert into turn_search (turn_search, rank) values ('secure-delete', 1);
CREATE TABLE idempotency (key text primary key,
hash text not null,
turn_id integer not null,
created_at integer not null) without rowid;
CREATE TABLE segments (id integer primary key,
object_key text not null,
bytes integer not null,
members text not null, created_at integer not null default 0, key_id integer, backup_id text, part integer, first_key integer, last_key integer, sessions integer, turns integer, indexed integer default 0);
CREATE TABLE stale_copies (key integer not null,
segment integer not null,
primary key (key, segment)) without rowid;
CREATE TABLE doomed_objects (object_key text primary key) without rowid;
CREATE TABLE tombstones (session_id text primary key,
erased_at integer not null, user_id text) without rowid;
CREATE VIEW messages as select s.session_id, t.id as turn_id, 'user' as role, t.input as content, t.created_at from turns t join sessions s on s.key = t.id / 1048576 union all select s.session_id, t.id, 'assistant', t.output, t.created_at + coalesce(t.duration_ms, 0) from turns t join sessions s on s.key = t.id / 1048576 where t.output is not null;
CREATE TABLE keys (id text primary key,
name text,
scopes text not null,
created_at integer not null,
expires_at integer,
revoked_at integer, user_id text, grants text) without rowid;
CREATE INDEX session_details_user on session_details (user_id, assistant, role) where user_id is not null;
CREATE INDEX segments_backup on segments (backup_id, part) where backup_id is not null;
CREATE TABLE archive_keys (id integer primary key,
wrapped text not null,
wrapped_by text not null,
created_at integer not null);
CREATE TABLE unreplicated (object_key text primary key) without rowid;
CREATE TABLE backups (backup_id text primary key,
status text not null,
reason text not null,
created_at integer not null,
completed_at integer,
session_ids text,
through_key integer not null,
next_key integer not null,
skipped text not null default '[]',
restore text) without rowid;
CREATE TABLE daily (day integer not null,
assistant text not null,
model text not null,
counts text not null,
primary key (day, assistant, model)) without rowid;
CREATE TABLE frames (key integer not null,
id integer not null,
text text not null,
primary key (key, id)) without rowid;
CREATE TABLE calls (call_id text primary key,
turn_id integer not null) without rowid;
CREATE INDEX calls_turn on calls (turn_id);
CREATE TABLE old_rows (id text primary key,
call_id text not null,
kind integer not null,
row text not null);
CREATE INDEX old_rows_call on old_rows (call_id);
CREATE TABLE old_mismatches (call_id text primary key,
details text not null) without rowid;
CREATE TABLE inbound_messages (id integer primary key,
message_sid text not null unique,
user_id text not null,
body text,
media integer not null,
received_at integer not null,
status text not null,
attempts integer not null default 0,
lease_until integer not null default 0, address text);
CREATE INDEX inbound_messages_user on inbound_messages (user_id, received_at);
CREATE INDEX inbound_messages_waiting on inbound_messages (user_id, id) where status = 'waiting';
CREATE TABLE outbound_messages (id integer primary key,
reply_to text not null,
part integer not null,
user_id text not null,
body text,
status text not null,
attempts integer not null default 0,
due_at integer not null,
created_at integer not null,
updated_at integer not null,
message_sid text unique,
error_code integer, address text,
unique (reply_to, part));
CREATE INDEX outbound_messages_waiting on outbound_messages (user_id, id) where body is not null;
CREATE INDEX outbound_messages_user on outbound_messages (user_id, id);
CREATE TABLE imports (number integer primary key,
import_id text not null unique,
status text not null,
options text not null,
line integer not null default 0,
position text,
report text not null,
created_at integer not null,
updated_at integer not null);
CREATE TABLE import_turns (key integer not null,
first integer not null,
last integer not null,
import integer not null,
made integer not null,
primary key (key, first)) without rowid;
CREATE TABLE streamed_pieces (turn_id integer not null,
seq integer not null,
pieces text not null,
primary key (turn_id, seq)) without rowid;
CREATE TABLE background_turns (turn_id integer primary key,
attempts integer not null default 0,
due_at integer not null);
CREATE TABLE whatsapp_addresses (address text primary key,
user_id text not null) without rowid;
CREATE INDEX whatsapp_addresses_user on whatsapp_addresses (user_id);
CREATE TABLE held_versions (id integer primary key,
key integer not null,
name text not null,
value text not null,
replaced_at integer not null);
CREATE INDEX held_versions_key on held_versions (key);
CREATE TRIGGER keep_held_versions before update of state, metadata, facts, role, user_id on session_details when exists (select 1 from account where name = 'hold') or exists (select 1 from sessions where key = old.key and flags & 2 <> 0) begin insert into held_versions (key, name, value, replaced_at) select old.key, name, value, cast(unixepoch('subsec') * 1000 as integer) from (select 'state' as name, old.state as value, new.state as fresh union all select 'metadata', old.metadata, new.metadata union all select 'facts', old.facts, new.facts union all select 'role', old.role, new.role union all select 'user_id', old.user_id, new.user_id) where value is not null and value is not fresh;
end;
CREATE TABLE erased_places (session_id text primary key,
key integer not null) without rowid;
CREATE INDEX segments_to_index on segments (indexed, id) where backup_id is null and indexed is not null;
CREATE TABLE turn_parts (id integer primary key,
turn_id integer not null,
text text not null);
CREATE INDEX turn_parts_turn on turn_parts (turn_id);
CREATE TRIGGER drop_parts_of_deleted after delete on turns when old.parts is not null begin delete from turn_parts where turn_id = old.id;
end;
CREATE TRIGGER drop_parts_of_changed after update of parts on turns when old.parts is not null and old.parts is not new.parts begin delete from turn_parts where turn_id = old.id;
end;
CREATE TABLE session_metadata (name text not null,
value text not null,
key integer not null,
primary key (name, value, key)) without rowid;
CREATE TRIGGER index_metadata_insert after insert on session_details when new.metadata is not null and json_valid(new.metadata) begin insert or ignore into session_metadata select key, value, new.key from json_each(new.metadata) where type = 'text';
end;
CREATE TRIGGER index_metadata_update after update of metadata on session_details when new.metadata is not old.metadata begin delete from session_metadata where key = old.key and (name, value) in (select key, value from json_each(case when json_valid(old.metadata) then old.metadata else '{}' end));
insert or ignore into session_metadata select key, value, new.key from json_each(case when json_valid(new.metadata) then new.metadata else '{}' end) where type = 'text';
end;
CREATE TRIGGER index_metadata_delete after delete on session_details when old.metadata is not null and json_valid(old.metadata) begin delete from session_metadata where key = old.key and (name, value) in (select key, value from json_each(old.metadata));
end;
CREATE TABLE search_parts (id integer primary key,
turn_id integer not null,
side text not null,
begins integer not null,
ends integer not null);
CREATE INDEX search_parts_turn on search_parts (turn_id);
CREATE TABLE user_facts (fact_id text primary key,
key integer not null,
seq integer,
user_id text not null,
role text,
text text not null,
created_at integer not null,
updated_at integer not null) without rowid;
CREATE INDEX user_facts_user on user_facts (user_id, created_at);
CREATE INDEX user_facts_key on user_facts (key, seq);
CREATE TABLE daily_sizes (day integer primary key,
storage_bytes integer not null,
archived_bytes integer not null,
sessions integer not null,
archived_sessions integer not null,
turns integer not null);
CREATE TABLE session_parts (key integer not null,
part integer not null,
segment integer not null,
first_seq integer not null,
last_seq integer not null,
is_back integer not null default 0,
primary key (key, part)) without rowid;
CREATE UNIQUE INDEX session_parts_segment on session_parts (segment);
CREATE TABLE fact_extractions (turn_id integer primary key,
user_id text not null,
day integer not null,
attempts integer not null,
done integer not null default 0);
CREATE INDEX fact_extractions_day on fact_extractions (day, user_id);
CREATE INDEX session_metadata_key on session_metadata (key);
CREATE TABLE expired_sessions (key integer primary key, created_at integer);
CREATE TABLE former_sessions (key integer primary key,
session_id text not null,
user_id text,
role text);
CREATE INDEX former_sessions_id on former_sessions (session_id);
CREATE INDEX former_sessions_user on former_sessions (user_id) where user_id is not null;
CREATE INDEX segments_keys on segments (first_key, last_key, backup_id) where backup_id is not null;
CREATE TABLE unfinished_turns (turn_id integer primary key);
