import { SECOND_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";

/** How long sending a part may take before another worker sends it, in ms. */
const SEND_LEASE_MS = 30 * SECOND_MS;

/** Twilio's statuses of a message, in their order. */
const PROGRESS = ["accepted", "queued", "sending", "sent", "delivered", "read"];
const ENDS = new Set(["failed", "undelivered", "canceled"]);

/** A part that is to be sent now. */
export interface WaitingPart {
  id: number;
  /** Where it goes. */
  address: string;
  body: string;
  created_at: number;
  attempts: number;
  /** An earlier try broke off: the part may have been sent. */
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

/** Twilio's status of a part. */
export interface PartStatus {
  id: number;
  /** Twilio's. */
  message_sid: string;
  status: string;
  error_code: number | null;
}

/** Puts what is to be said into the outbox. Twice is once. */
export function putParts(
  db: Database,
  replyTo: string,
  userId: string,
  first: number,
  parts: readonly string[],
  now: number,
): void {
  for (const [index, body] of parts.entries()) {
    db.run(
      `insert into outbound_messages
         (reply_to, address, part, user_id, body, status, due_at, created_at, updated_at)
       values (?1, (select address from inbound_messages where message_sid = ?1),
               ?2, ?3, ?4, 'waiting', ?5, ?5, ?5)
       on conflict (reply_to, part) do nothing`,
      replyTo,
      first + index,
      userId,
      body,
      now,
    );
  }
}

/** The next part that the user is to be sent, in order; null where there is none, or it is not due. */
export function nextPart(db: Database, userId: string, now: number): WaitingPart | null {
  const first = db.one<Omit<WaitingPart, "isDoubtful"> & { due_at: number; status: string }>(
    `select id, coalesce(address, user_id) as address, body, created_at, attempts, due_at, status
     from outbound_messages
     where body is not null and user_id = +? order by id limit 1`,
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

/** Outcome of sending a part: accepted by Twilio, to be retried, or given up. */
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

/** Records Twilio's status of a part. Statuses come in any order, so none goes back. */
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

/** The newest first. */
export function listOutbound(
  db: Database,
  { user_id, before, limit }: { user_id: string | null; before: number | null; limit: number },
): { data: OutboundMessage[]; has_more: boolean } {
  const rows = db.all<Pick<OutboundMessage, keyof OutboundMessage>>(
    `select id, reply_to, part, user_id, status, attempts, created_at, updated_at, message_sid, error_code
     from outbound_messages where (?1 is null or user_id = ?1) and (?2 is null or id < ?2)
     order by id desc limit +?3`,
    user_id,
    before,
    limit + 1,
  );
  return { data: rows.slice(0, limit), has_more: rows.length > limit };
}
