import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";

/** How long whoever answers a message may take before somebody else does. */
const ANSWER_LEASE_MS = 2 * MINUTE_MS;
/** Likewise for sending one part of an answer. */
const SEND_LEASE_MS = 30 * SECOND_MS;
/** So often a message is tried to be answered. */
export const ATTEMPTS = 6;
/** How long a message is remembered, so that its repetition is known and its status can be told. */
const RETENTION_MS = 30 * DAY_MS;
const DELETE_BATCH_SIZE = 100;
/** WhatsApp lets nobody reply later than this. */
const REPLY_WINDOW_MS = DAY_MS;

/** What Twilio says of a message on its way, in the order in which it may say it. */
const PROGRESS = ["accepted", "queued", "sending", "sent", "delivered", "read"];
const ENDS = new Set(["failed", "undelivered", "canceled"]);

export interface InboundMessage {
  message_sid: string;
  user_id: string;
  body: string;
  media: number;
}

/** A message that is to be answered now. */
export interface WaitingMessage extends InboundMessage {
  received_at: number;
  /** Counting this one. */
  attempts: number;
}

/** A part that is to be sent now. */
export interface WaitingPart {
  id: number;
  body: string;
  created_at: number;
  attempts: number;
  /** A try before this one ended in nobody knows what: it may have been sent. */
  isDoubtful: boolean;
}

export interface OutboundMessage {
  id: number;
  reply_to: string;
  part: number;
  user_id: string;
  status: string;
  attempts: number;
  created_at: number;
  updated_at: number;
  message_sid: string | null;
  error_code: number | null;
}

/** What Twilio says of a part. */
export interface PartStatus {
  id: number;
  /** Twilio's. */
  message_sid: string;
  status: string;
  error_code: number | null;
}

export type Receipt = "new" | "known" | "limited";

/**
 * Takes a message in, once. Past the limit it is not to be answered; the first of a minute is told so.
 *
 * @param slowDown - what that one is told
 */
export function receiveMessage(
  db: Database,
  { message_sid, user_id, body, media }: InboundMessage,
  limit: { a_minute: number; slowDown: string },
  now: number,
): Receipt {
  if (db.scalar("select 1 from inbound_messages where message_sid = ?", message_sid) !== null)
    return "known";
  const recent = db.one<{ all: number; limited: number }>(
    `select count(*) as "all", count(*) filter (where status = 'limited') as limited
     from inbound_messages where user_id = ? and received_at > ?`,
    user_id,
    now - MINUTE_MS,
  );
  const isLimited = (recent?.all ?? 0) >= limit.a_minute;
  db.run(
    `insert into inbound_messages (message_sid, user_id, body, media, received_at, status)
     values (?, ?, ?, ?, ?, ?)`,
    message_sid,
    user_id,
    isLimited ? null : body,
    media,
    now,
    isLimited ? "limited" : "waiting",
  );
  if (!isLimited) return "new";
  if (recent?.limited === 0) putParts(db, message_sid, user_id, 1, [limit.slowDown], now);
  return "limited";
}

/** The user's next message, for whoever asks to answer; null where there is none, or somebody is at it. */
export function nextMessage(db: Database, userId: string, now: number): WaitingMessage | null {
  const first = db.one<Pick<WaitingMessage, keyof WaitingMessage> & { lease_until: number }>(
    `select message_sid, user_id, body, media, received_at, attempts, lease_until
     from inbound_messages where status = 'waiting' and user_id = ? order by id limit 1`,
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

/** What is said while an answer is being worked on, and not after it. Twice is once. */
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
  // That it is being worked on is no news any more.
  db.run(
    "delete from outbound_messages where reply_to = ? and part = 0 and status = 'waiting'",
    message_sid,
  );
  putParts(db, message_sid, user_id, 1, parts, now);
}

function putParts(
  db: Database,
  replyTo: string,
  userId: string,
  first: number,
  parts: readonly string[],
  now: number,
): void {
  for (const [index, body] of parts.entries()) {
    db.run(
      `insert into outbound_messages (reply_to, part, user_id, body, status, due_at, created_at, updated_at)
       values (?, ?, ?, ?, 'waiting', ?, ?, ?) on conflict (reply_to, part) do nothing`,
      replyTo,
      first + index,
      userId,
      body,
      now,
      now,
      now,
    );
  }
}

/** The next part that the user is to be sent, in order; null where there is none, or it is not due. */
export function nextPart(db: Database, userId: string, now: number): WaitingPart | null {
  const first = db.one<Omit<WaitingPart, "isDoubtful"> & { due_at: number; status: string }>(
    `select id, body, created_at, attempts, due_at, status from outbound_messages
     where body is not null and user_id = ? order by id limit 1`,
    userId,
  );
  if (!first || first.due_at > now) return null;
  const { due_at: _, status, ...part } = first;
  const attempts = part.attempts + 1;
  db.run(
    "update outbound_messages set status = 'sending', attempts = ?, due_at = ?, updated_at = ? where id = ?",
    attempts,
    now + SEND_LEASE_MS,
    now,
    part.id,
  );
  return { ...part, attempts, isDoubtful: status === "sending" };
}

/** What became of sending a part: Twilio took it, it is to be tried again, or it is given up. */
export type Sent =
  | { message_sid: string; status: string }
  | { retry_at: number; isDoubtful: boolean }
  | { error_code: number | null };

export function noteSent(db: Database, id: number, sent: Sent, now: number): void {
  if ("message_sid" in sent) {
    noteStatus(db, { id, ...sent, error_code: null }, now);
  } else if ("retry_at" in sent) {
    db.run(
      `update outbound_messages set status = ?, due_at = ?, updated_at = ?
       where id = ? and body is not null`,
      sent.isDoubtful ? "sending" : "waiting",
      sent.retry_at,
      now,
      id,
    );
  } else {
    db.run(
      `update outbound_messages set body = null, status = 'failed', error_code = ?, updated_at = ?
       where id = ? and body is not null`,
      sent.error_code,
      now,
      id,
    );
  }
}

/** What Twilio says of a part: when it takes it, and later in any order. So nothing goes back. */
export function noteStatus(
  db: Database,
  { id, message_sid, status, error_code }: PartStatus,
  now: number,
): void {
  const known = db.one<{ status: string; message_sid: string | null }>(
    "select status, message_sid from outbound_messages where id = ?",
    id,
  );
  if (!known || (known.message_sid !== null && known.message_sid !== message_sid)) return;
  const isFirst = known.message_sid === null;
  const isNews =
    isFirst ||
    (!ENDS.has(known.status) &&
      (ENDS.has(status) || PROGRESS.indexOf(status) > PROGRESS.indexOf(known.status)));
  if (!isNews) return;
  db.run(
    `update outbound_messages
     set body = null, status = ?, message_sid = ?, error_code = ?, updated_at = ? where id = ?`,
    status,
    message_sid,
    error_code,
    now,
    id,
  );
}

/** Twilio's identifiers of what the user was sent since, as far as they are known. */
export const sentSince = (db: Database, userId: string, since: number): string[] =>
  db
    .all<{ message_sid: string }>(
      `select message_sid from outbound_messages
       where user_id = ? and created_at >= ? and message_sid is not null`,
      userId,
      since,
    )
    .map(({ message_sid }) => message_sid);

/** Whose messages wait to be answered, or whose answers to be sent, since when, and from when on somebody may do it. */
export function waitingUsers(db: Database): { user_id: string; since: number; from: number }[] {
  return db.all<{ user_id: string; since: number; from: number }>(
    `select user_id, min(received_at) as since, min(lease_until) as "from"
     from inbound_messages where status = 'waiting' group by user_id
     union all
     select user_id, min(created_at), min(due_at)
     from outbound_messages where body is not null group by user_id`,
  );
}

/** The newest first. */
export function listOutbound(
  db: Database,
  { user_id, before, limit }: { user_id: string | null; before: number | null; limit: number },
): { data: OutboundMessage[]; has_more: boolean } {
  const rows = db.all<Pick<OutboundMessage, keyof OutboundMessage>>(
    `select id, reply_to, part, user_id, status, attempts, created_at, updated_at, message_sid, error_code
     from outbound_messages where (?1 is null or user_id = ?1) and (?2 is null or id < ?2)
     order by id desc limit ?3`,
    user_id,
    before,
    limit + 1,
  );
  return { data: rows.slice(0, limit), has_more: rows.length > limit };
}

/** The user is erased: what was said, and that it was. */
export function dropMessagesOf(db: Database, userId: string): void {
  db.run("delete from inbound_messages where user_id = ?", userId);
  db.run("delete from outbound_messages where user_id = ?", userId);
}

export const countMessagesOf = (db: Database, userId: string): number =>
  db.scalar<number>(
    `select (select count(*) from inbound_messages where user_id = ?1)
     + (select count(*) from outbound_messages where user_id = ?1)`,
    userId,
  ) ?? 0;

/** Gives up what waits for longer than WhatsApp lets anybody reply, and drops what is too old to be asked for. */
export function dropOldMessages(db: Database, now: number): void {
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
      `delete from ${table} where ${at} < ? and id in (select id from ${table} order by id limit ?)`,
      now - RETENTION_MS,
      DELETE_BATCH_SIZE,
    );
  }
}
