import { WAKE_MS } from "../alarm.ts";
import {
  listOutbound,
  nextMessage,
  nextPart,
  noteSent,
  noteStatus,
  putAnswer,
  putProgress,
  receiveMessage,
  releaseMessage,
  sentSince,
} from "../store/whatsapp/inbox.ts";
import type { InboundMessage, PartStatus, Sent, WaitingMessage } from "../store/whatsapp/inbox.ts";
import { defineFacet, wholeAccount, worker } from "./facet.ts";

/** Messages of WhatsApp, in and out. */
export const whatsappFacet = defineFacet({
  /** Stores a message. A stored message is answered, also when its job is lost. */
  receive: worker.changes(
    async (
      { services: { db }, ctx: { storage } },
      message: InboundMessage,
      limit: { a_minute: number; slowDown: string },
      now: number,
    ) => {
      const alarm = await storage.getAlarm();
      const receipt = db.transaction(() => receiveMessage(db, message, limit, now));
      // No await in between: the message and the alarm for it are one commit.
      const at = Date.now() + WAKE_MS;
      if (receipt !== "known" && (alarm === null || alarm > at)) void storage.setAlarm(at);
      return receipt;
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

  putProgress: worker.serves(
    ({ services: { db } }, message: WaitingMessage, text: string, now: number) =>
      db.transaction(() => putProgress(db, message, text, now)),
  ),

  putAnswer: worker.serves(
    ({ services: { db } }, message: WaitingMessage, parts: string[], now: number) =>
      db.transaction(() => putAnswer(db, message, parts, now)),
  ),

  /** Leases the next part of an answer to send. */
  nextPart: worker.serves(({ services: { db } }, userId: string, now: number) =>
    db.transaction(() => nextPart(db, userId, now)),
  ),

  noteSent: worker.serves(({ services: { db } }, id: number, sent: Sent, now: number) =>
    db.transaction(() => noteSent(db, id, sent, now)),
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
    ) => listOutbound(services.db, filter),
  ),
});
