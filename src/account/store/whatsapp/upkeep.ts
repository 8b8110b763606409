import { DAY_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";
import { isHeld } from "../account/account-values.ts";
import { countAddressesOf, dropAddressesOf } from "./addresses.ts";

/** How long a message is remembered, so that its repetition is known and its status can be told, in ms. */
const RETENTION_MS = 30 * DAY_MS;
const DELETE_BATCH_SIZE = 100;
/** WhatsApp takes no later reply, in ms. */
const REPLY_WINDOW_MS = DAY_MS;

/** Users with messages to answer or answers to send: since when, and from when on a worker may do it. */
export function waitingUsers(db: Database): { user_id: string; since: number; from: number }[] {
  return db.all<{ user_id: string; since: number; from: number }>(
    `select user_id, min(received_at) as since, min(lease_until) as "from"
     from inbound_messages where status = 'waiting' group by user_id
     union all
     select user_id, min(created_at), min(due_at)
     from outbound_messages where body is not null group by user_id`,
  );
}

/** The user is erased: what was said, that it was, and the user's addresses. */
export function dropMessagesOf(db: Database, userId: string): void {
  db.run("delete from inbound_messages where user_id = ?", userId);
  db.run("delete from outbound_messages where user_id = ?", userId);
  dropAddressesOf(db, userId);
}

export const countMessagesOf = (db: Database, userId: string): number =>
  (db.scalar<number>(
    `select (select count(*) from inbound_messages where user_id = ?1)
     + (select count(*) from outbound_messages where user_id = ?1)`,
    userId,
  ) ?? 0) + countAddressesOf(db, userId);

/** Messages and addresses of all users. */
export const countAllMessages = (db: Database): number =>
  db.scalar<number>(
    `select (select count(*) from inbound_messages) + (select count(*) from outbound_messages)
     + (select count(*) from whatsapp_addresses)`,
  ) ?? 0;

/** Gives up what waits for longer than WhatsApp takes replies, and drops what is too old to be asked for. */
export function dropOldMessages(db: Database, now: number): void {
  // A message that never became a turn is evidence, too.
  if (isHeld(db)) return;
  const late = now - REPLY_WINDOW_MS;
  db.run(
    "update inbound_messages set status = 'answered', body = null where status = 'waiting' and received_at < ?",
    late,
  );
  db.run(
    `update outbound_messages set status = 'failed', body = null, updated_at = ?
     where body is not null and created_at < ?`,
    now,
    late,
  );
  for (const table of ["inbound_messages", "outbound_messages"]) {
    const at = table === "inbound_messages" ? "received_at" : "created_at";
    db.run(
      `delete from ${table} where ${at} < ? and id in (select id from ${table} order by id limit +?)`,
      now - RETENTION_MS,
      DELETE_BATCH_SIZE,
    );
  }
}
