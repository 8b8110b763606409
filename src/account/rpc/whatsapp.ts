import { WAKE_MS } from "../alarm.ts";
import { userAt } from "../store/whatsapp/addresses.ts";
import {
  nextMessage,
  putAnswer,
  putProgress,
  receiveMessage,
  releaseMessage,
} from "../store/whatsapp/inbox.ts";
import type { InboundMessage, WaitingMessage } from "../store/whatsapp/inbox.ts";
import {
  listOutbound,
  nextPart,
  noteSent,
  noteStatus,
  sentSince,
} from "../store/whatsapp/outbox.ts";
import type { PartStatus, Sent } from "../store/whatsapp/outbox.ts";
import { defineFacet, wholeAccount, worker } from "./facet.ts";

/** Messages of WhatsApp, in and out. */
export const whatsappFacet = defineFacet({
  /**
   * Stores a message. A stored message is answered, also when its job is lost. @returns the message to answer now,
   * leased to the caller, where no other worker answers one of the user's
   */
  receive: worker.changes(
    async (
      { services: { db }, ctx: { storage } },
      message: InboundMessage,
      limit: { a_minute: number; slowDown: string },
      now: number,
    ) => {
      const alarm = await storage.getAlarm();
      const received = db.transaction(() => {
        const receipt = receiveMessage(db, message, limit, now);
        return { ...receipt, message: nextMessage(db, receipt.user_id, now) };
      });
      // No await in between: the message and the alarm for it are one commit.
      const at = Date.now() + WAKE_MS;
      const isNew = received.result !== "known";
      if (isNew && (alarm === null || alarm > at)) void storage.setAlarm(at);
      return received;
    },
  ),

  /** Leases the user's next message. Null when there is none without a lease. */
  nextMessage: worker.serves(({ services: { db } }, userId: string, now: number) =>
    db.transaction(() => nextMessage(db, userId, now)),
  ),

  /** @param attempt - the lease to give up: another worker's stays */
  release: worker.serves(({ services }, messageSid: string, attempt: number) =>
    releaseMessage(services.db, messageSid, attempt),
  ),

  /** @returns the part to send now, leased to the caller, where it is the user's next one */
  putProgress: worker.serves(
    ({ services: { db } }, message: WaitingMessage, text: string, now: number) =>
      db.transaction(() => {
        putProgress(db, message, text, now);
        return nextPart(db, message.user_id, now);
      }),
  ),

  /** @returns the part to send now, leased to the caller, where it is the user's next one */
  putAnswer: worker.serves(
    ({ services: { db } }, message: WaitingMessage, parts: string[], now: number) =>
      db.transaction(() => {
        putAnswer(db, message, parts, now);
        return nextPart(db, message.user_id, now);
      }),
  ),

  /** Leases the next part of an answer to send. */
  nextPart: worker.serves(({ services: { db } }, userId: string, now: number) =>
    db.transaction(() => nextPart(db, userId, now)),
  ),

  /** @returns what the caller does next for the user, leased to the caller: the next part, else the next message */
  noteSent: worker.serves(
    ({ services: { db } }, userId: string, id: number, sent: Sent, now: number) =>
      db.transaction(() => {
        noteSent(db, id, sent, now);
        const part = nextPart(db, userId, now);
        return { part, message: part === null ? nextMessage(db, userId, now) : null };
      }),
  ),

  sentSince: worker.serves(({ services }, userId: string, since: number) =>
    sentSince(services.db, userId, since),
  ),

  noteStatus: worker.serves(({ services: { db } }, status: PartStatus, now: number) =>
    db.transaction(() => noteStatus(db, status, now)),
  ),

  listOutbound: wholeAccount.serves(
    (
      { services },
      _caller,
      filter: { user_id: string | null; before: number | null; limit: number },
    ) => {
      const { user_id } = filter;
      const { db } = services;
      return listOutbound(db, {
        ...filter,
        user_id: user_id === null ? null : userAt(db, user_id),
      });
    },
  ),
});
