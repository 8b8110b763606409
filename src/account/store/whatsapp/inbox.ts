import { MINUTE_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";
import { userOfSender } from "./addresses.ts";
import type { SenderAddresses } from "./addresses.ts";
import { putParts } from "./outbox.ts";

/** How long an answer to a message may take before another worker begins one, in ms. */
const ANSWER_LEASE_MS = 2 * MINUTE_MS;
/** How often an answer to a message is tried. */
export const ATTEMPTS = 6;

/** A message as it comes in. */
export interface InboundMessage {
  message_sid: string;
  sender: SenderAddresses;
  body: string;
  /** How many attachments it has. */
  media: number;
}

/** A message that is to be answered now. */
export interface WaitingMessage {
  message_sid: string;
  user_id: string;
  body: string;
  media: number;
  received_at: number;
  /** Counting this one. */
  attempts: number;
}

/** Outcome of a received message, with its user. */
export interface Receipt {
  result: "new" | "known" | "limited";
  user_id: string;
}

/**
 * Takes a message in, once. One under the identifier of a message that was sent is no message: its form was put together
 * of a signed one that names both. Past the limit it is not to be answered; the first of a minute is told so.
 *
 * @param slowDown - what that one is told
 */
export function receiveMessage(
  db: Database,
  { message_sid, sender, body, media }: InboundMessage,
  limit: { a_minute: number; slowDown: string },
  now: number,
): Receipt {
  const known = db.scalar<string>(
    `select user_id from inbound_messages where message_sid = ?1
     union all select user_id from outbound_messages where message_sid = ?1 limit 1`,
    message_sid,
  );
  if (known !== null) return { result: "known", user_id: known };
  const user_id = userOfSender(db, sender);
  const recent = db.one<{ all: number; limited: number }>(
    `select count(*) as "all", count(*) filter (where status = 'limited') as limited
     from inbound_messages where user_id = ? and received_at > ?`,
    user_id,
    now - MINUTE_MS,
  );
  const isLimited = (recent?.all ?? 0) >= limit.a_minute;
  db.run(
    `insert into inbound_messages (message_sid, user_id, address, body, media, received_at, status)
     values (?, ?, ?, ?, ?, ?, ?)`,
    message_sid,
    user_id,
    sender.reply_to,
    isLimited ? null : body,
    media,
    now,
    isLimited ? "limited" : "waiting",
  );
  if (!isLimited) return { result: "new", user_id };
  if (recent?.limited === 0) putParts(db, message_sid, user_id, 1, [limit.slowDown], now);
  return { result: "limited", user_id };
}

/** The user's next message, leased to the caller. Null where there is none, or another worker answers one. */
export function nextMessage(db: Database, userId: string, now: number): WaitingMessage | null {
  const first = db.one<Pick<WaitingMessage, keyof WaitingMessage> & { lease_until: number }>(
    `select message_sid, user_id, body, media, received_at, attempts, lease_until
     from inbound_messages where status = 'waiting' and user_id = +? order by id limit 1`,
    userId,
  );
  if (!first || first.lease_until > now) return null;
  const { lease_until: _, ...message } = first;
  const attempts = message.attempts + 1;
  db.run(
    "update inbound_messages set lease_until = ?, attempts = ? where message_sid = ?",
    now + ANSWER_LEASE_MS,
    attempts,
    message.message_sid,
  );
  return { ...message, attempts };
}

/** It could not be answered now. */
export function releaseMessage(db: Database, messageSid: string, attempt: number): void {
  db.run(
    `update inbound_messages set lease_until = 0
     where message_sid = ? and attempts = ? and status = 'waiting'`,
    messageSid,
    attempt,
  );
}

/** Stores a progress notice, unless the answer exists. Idempotent. */
export function putProgress(
  db: Database,
  message: WaitingMessage,
  text: string,
  now: number,
): void {
  const { message_sid, user_id } = message;
  const status = db.scalar(
    "select status from inbound_messages where message_sid = ?",
    message_sid,
  );
  if (status === "waiting") putParts(db, message_sid, user_id, 0, [text], now);
}

/** The answer to a message, in parts. Twice is once: the second time changes nothing. */
export function putAnswer(
  db: Database,
  { message_sid, user_id }: Pick<WaitingMessage, "message_sid" | "user_id">,
  parts: readonly string[],
  now: number,
): void {
  const answered = db.one<{ id: number }>(
    `update inbound_messages set status = 'answered', body = null
     where message_sid = ? and status = 'waiting' returning id`,
    message_sid,
  );
  if (!answered) return;
  // The progress notice is obsolete.
  db.run(
    "delete from outbound_messages where reply_to = ? and part = 0 and status = 'waiting'",
    message_sid,
  );
  putParts(db, message_sid, user_id, 1, parts, now);
}
