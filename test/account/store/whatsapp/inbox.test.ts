import { describe, expect, it } from "vitest";

import type { Database } from "../../../../src/sqlite/database.ts";
import {
  nextMessage,
  putAnswer,
  putProgress,
  receiveMessage,
  releaseMessage,
} from "../../../../src/account/store/whatsapp/inbox.ts";
import {
  listOutbound,
  nextPart,
  noteSent,
  noteStatus,
  sentSince,
} from "../../../../src/account/store/whatsapp/outbox.ts";
import {
  countMessagesOf,
  dropMessagesOf,
  dropOldMessages,
  waitingUsers,
} from "../../../../src/account/store/whatsapp/upkeep.ts";
import { THEN, withShelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const LIMIT = { a_minute: 2, slowDown: "Slowly" };

function receive(db: Database, sid: string, user = "u", at = THEN) {
  const sender = { external: null, numbers: [], reply_to: user };
  const message = { message_sid: sid, sender, body: `said ${sid}`, media: 1 };
  return receiveMessage(db, message, LIMIT, at).result;
}

const sentTo = (db: Database, user_id: string | null = null) =>
  listOutbound(db, { user_id, before: null, limit: 100 }).data;

/** A message of u's that was answered in so many parts. */
function answered(db: Database, ...parts: string[]): void {
  receive(db, "SM1");
  putAnswer(db, { message_sid: "SM1", user_id: "u" }, parts, THEN);
}

describe("a message that comes in", () => {
  it("is taken once, and limited by user and minute", () =>
    withShelf(async ({ db }) => {
      expect([receive(db, "a"), receive(db, "a"), receive(db, "b")]).toEqual([
        "new",
        "known",
        "new",
      ]);
      expect([receive(db, "c"), receive(db, "d"), receive(db, "c")]).toEqual([
        "limited",
        "limited",
        "known",
      ]);
      expect(receive(db, "e", "v")).toBe("new");
      expect(receive(db, "f", "u", THEN + MINUTE - 1)).toBe("limited");
      expect(receive(db, "g", "u", THEN + 2 * MINUTE)).toBe("new");
    }));

  it("past the limit is answered by one word a minute, and by nothing else", () =>
    withShelf(async ({ db }) => {
      for (const sid of ["a", "b", "c", "d"]) receive(db, sid);
      expect(sentTo(db)).toMatchObject([{ reply_to: "c", part: 1, user_id: "u" }]);
      expect(nextPart(db, "u", THEN)).toMatchObject({ body: "Slowly" });
      const waiting = [];
      for (let at = THEN; waiting.length < 5; at += 10 * MINUTE) {
        const next = nextMessage(db, "u", at);
        if (!next) break;
        putAnswer(db, next, [], at);
        waiting.push(next.message_sid);
      }
      expect(waiting).toEqual(["a", "b"]);
    }));

  it("is handed to one at a time, oldest first, and again when that one gives up or is gone", () =>
    withShelf(async ({ db }) => {
      receive(db, "a");
      receive(db, "b");
      receive(db, "c", "v");
      const first = nextMessage(db, "u", THEN);
      expect(first).toEqual({
        message_sid: "a",
        user_id: "u",
        body: "said a",
        media: 1,
        received_at: THEN,
        attempts: 1,
      });
      expect(nextMessage(db, "u", THEN)).toBeNull();
      expect(nextMessage(db, "v", THEN)).toMatchObject({ message_sid: "c" });
      releaseMessage(db, "a", 2);
      expect(nextMessage(db, "u", THEN)).toBeNull();
      releaseMessage(db, "a", 1);
      expect(nextMessage(db, "u", THEN)).toMatchObject({ message_sid: "a", attempts: 2 });
      expect(nextMessage(db, "u", THEN + 2 * MINUTE - 1)).toBeNull();
      expect(nextMessage(db, "u", THEN + 2 * MINUTE)).toMatchObject({ attempts: 3 });
      putAnswer(db, first!, ["Yes"], THEN);
      expect(nextMessage(db, "u", THEN)).toMatchObject({ message_sid: "b", attempts: 1 });
      expect(nextMessage(db, "nobody", THEN)).toBeNull();
    }));
});

describe("an answer", () => {
  it("is stored once, in its parts, after the progress notice", () =>
    withShelf(async ({ db }) => {
      receive(db, "a");
      const message = nextMessage(db, "u", THEN)!;
      putProgress(db, message, "Searching", THEN);
      putProgress(db, message, "Searching still", THEN);
      expect(nextPart(db, "u", THEN)).toMatchObject({ body: "Searching", attempts: 1 });
      putAnswer(db, message, ["One", "Two"], THEN + 5);
      putAnswer(db, message, ["Other"], THEN + 6);
      putProgress(db, message, "Too late", THEN + 7);
      expect(sentTo(db).map(({ part, status }) => [part, status])).toEqual([
        [2, "waiting"],
        [1, "waiting"],
        [0, "sending"],
      ]);
      expect(sentTo(db)[0]).toMatchObject({
        reply_to: "a",
        user_id: "u",
        attempts: 0,
        created_at: THEN + 5,
        updated_at: THEN + 5,
        message_sid: null,
        error_code: null,
      });
    }));

  it("withdraws a progress notice that no worker has begun to send", () =>
    withShelf(async ({ db }) => {
      receive(db, "a");
      receive(db, "b");
      const message = nextMessage(db, "u", THEN)!;
      putProgress(db, message, "Searching", THEN);
      putProgress(db, { ...message, message_sid: "b" }, "Searching, too", THEN);
      putAnswer(db, message, ["One"], THEN);
      expect(sentTo(db).map(({ reply_to, part }) => [reply_to, part])).toEqual([
        ["a", 1],
        ["b", 0],
      ]);
    }));
});

describe("a part", () => {
  it("is sent in order, once the one before it is done with", () =>
    withShelf(async ({ db }) => {
      answered(db, "One", "Two");
      expect(nextPart(db, "u", THEN - 1)).toBeNull();
      expect(nextPart(db, "v", THEN)).toBeNull();
      const first = nextPart(db, "u", THEN)!;
      expect(first).toEqual({
        id: first.id,
        address: "u",
        body: "One",
        created_at: THEN,
        attempts: 1,
        isDoubtful: false,
      });
      expect(nextPart(db, "u", THEN)).toBeNull();
      noteSent(db, first.id, { message_sid: "TW1", status: "queued" }, THEN + 1);
      expect(nextPart(db, "u", THEN)).toMatchObject({ body: "Two", attempts: 1 });
      expect(sentTo(db)[1]).toMatchObject({
        status: "queued",
        message_sid: "TW1",
        updated_at: THEN + 1,
      });
    }));

  it("is retried when its outcome is unknown, as a message that may have been sent", () =>
    withShelf(async ({ db }) => {
      answered(db, "One");
      nextPart(db, "u", THEN);
      expect(nextPart(db, "u", THEN + 30 * SECOND - 1)).toBeNull();
      expect(nextPart(db, "u", THEN + 30 * SECOND)).toMatchObject({
        attempts: 2,
        isDoubtful: true,
      });
    }));

  it("is tried again when it is due, in doubt or not", () =>
    withShelf(async ({ db }) => {
      answered(db, "One");
      const { id } = nextPart(db, "u", THEN)!;
      noteSent(db, id, { retry_at: THEN + 7, isDoubtful: false }, THEN + 1);
      expect(sentTo(db)).toMatchObject([{ status: "waiting", updated_at: THEN + 1 }]);
      expect(nextPart(db, "u", THEN + 6)).toBeNull();
      expect(nextPart(db, "u", THEN + 7)).toMatchObject({ attempts: 2, isDoubtful: false });
      noteSent(db, id, { retry_at: THEN + 9, isDoubtful: true }, THEN + 8);
      expect(nextPart(db, "u", THEN + 9)).toMatchObject({ attempts: 3, isDoubtful: true });
    }));

  it("that is given up is not sent again, whatever is heard of its tries", () =>
    withShelf(async ({ db }) => {
      answered(db, "One", "Two");
      const { id } = nextPart(db, "u", THEN)!;
      noteSent(db, id, { error_code: 63_016 }, THEN + 1);
      noteSent(db, id, { retry_at: THEN, isDoubtful: true }, THEN + 2);
      noteSent(db, id, { error_code: null }, THEN + 3);
      expect(sentTo(db)[1]).toMatchObject({
        status: "failed",
        error_code: 63_016,
        updated_at: THEN + 1,
      });
      expect(nextPart(db, "u", THEN)).toMatchObject({ body: "Two" });
    }));

  it("has the furthest status that was told of it, in whatever order", () =>
    withShelf(async ({ db }) => {
      answered(db, "One");
      const { id } = nextPart(db, "u", THEN)!;
      let at = THEN;
      const told = (status: string, message_sid = "TW1", error_code: number | null = null) => {
        at += 1;
        noteStatus(db, { id, message_sid, status, error_code }, at);
        const [part] = sentTo(db);
        return [part?.status, part?.error_code, part!.updated_at === at];
      };
      expect(told("sent")).toEqual(["sent", null, true]);
      expect(told("accepted")).toEqual(["sent", null, false]);
      expect(told("sent")).toEqual(["sent", null, false]);
      expect(told("delivered", "TW2")).toEqual(["sent", null, false]);
      expect(told("delivered")).toEqual(["delivered", null, true]);
      expect(told("undelivered", "TW1", 63_024)).toEqual(["undelivered", 63_024, true]);
      expect(told("read")).toEqual(["undelivered", 63_024, false]);
      expect(told("failed")).toEqual(["undelivered", 63_024, false]);
      expect(told("nonsense")).toEqual(["undelivered", 63_024, false]);
      noteStatus(db, { id: id + 1, message_sid: "TW9", status: "sent", error_code: null }, at);
      expect(sentTo(db)).toHaveLength(1);
    }));

  it.each(["accepted", "queued", "sending", "sent", "delivered", "read"])(
    "that is %s may fail still, or be cancelled",
    (status) =>
      withShelf(async ({ db }) => {
        for (const end of ["failed", "undelivered", "canceled"]) {
          receive(db, end, end);
          putAnswer(db, { message_sid: end, user_id: end }, ["One"], THEN);
          const { id } = nextPart(db, end, THEN)!;
          for (const each of [status, end, status])
            noteStatus(db, { id, message_sid: end, status: each, error_code: null }, THEN);
          expect(sentTo(db, end)).toMatchObject([{ status: end }]);
        }
      }),
  );
});

describe("what was sent", () => {
  it("is known by Twilio's names, since a time", () =>
    withShelf(async ({ db }) => {
      answered(db, "One", "Two");
      const { id } = nextPart(db, "u", THEN)!;
      noteSent(db, id, { message_sid: "TW1", status: "sent" }, THEN);
      expect(sentSince(db, "u", THEN)).toEqual(["TW1"]);
      expect(sentSince(db, "u", THEN + 1)).toEqual([]);
      expect(sentSince(db, "v", THEN)).toEqual([]);
    }));

  it("is listed newest first, by page and user", () =>
    withShelf(async ({ db }) => {
      answered(db, "One", "Two", "Three");
      receive(db, "SM2", "v");
      putAnswer(db, { message_sid: "SM2", user_id: "v" }, ["Four"], THEN);
      const page = (before: number | null, limit: number, user_id: string | null = null) => {
        const { data, has_more } = listOutbound(db, { user_id, before, limit });
        return [data.map((each) => `${each.user_id}${each.part}`).join(" "), has_more];
      };
      const [, second] = sentTo(db);
      expect(page(null, 2)).toEqual(["v1 u3", true]);
      expect(page(second!.id, 2)).toEqual(["u2 u1", false]);
      expect(page(null, 3, "u")).toEqual(["u3 u2 u1", false]);
      expect(page(null, 1, "v")).toEqual(["v1", false]);
    }));

  it("is erased with its user, and with no other", () =>
    withShelf(async ({ db }) => {
      answered(db, "One", "Two");
      receive(db, "SM2", "v");
      expect([countMessagesOf(db, "u"), countMessagesOf(db, "v")]).toEqual([3, 1]);
      dropMessagesOf(db, "u");
      expect([countMessagesOf(db, "u"), countMessagesOf(db, "v")]).toEqual([0, 1]);
    }));
});

describe("who waits", () => {
  it("is listed with the time of the first message and of the next try", () =>
    withShelf(async ({ db }) => {
      expect(waitingUsers(db)).toEqual([]);
      receive(db, "a");
      receive(db, "b", "u", THEN + 1);
      expect(waitingUsers(db)).toEqual([{ user_id: "u", since: THEN, from: 0 }]);
      putAnswer(db, nextMessage(db, "u", THEN)!, ["One"], THEN + 2);
      nextMessage(db, "u", THEN + 3);
      expect(waitingUsers(db)).toEqual([
        { user_id: "u", since: THEN + 1, from: THEN + 3 + 2 * MINUTE },
        { user_id: "u", since: THEN + 2, from: THEN + 2 },
      ]);
    }));

  it("for more than a day is told nothing any more", () =>
    withShelf(async ({ db }) => {
      receive(db, "a");
      receive(db, "b");
      putAnswer(db, nextMessage(db, "u", THEN)!, ["One"], THEN);
      dropOldMessages(db, THEN + DAY);
      expect(waitingUsers(db)).toHaveLength(2);
      dropOldMessages(db, THEN + DAY + 1);
      expect(waitingUsers(db)).toEqual([]);
      expect(sentTo(db)).toMatchObject([{ status: "failed", updated_at: THEN + DAY + 1 }]);
      expect(receive(db, "a", "u", THEN + DAY)).toBe("known");
    }));

  it("is forgotten after thirty days, the newer staying", () =>
    withShelf(async ({ db }) => {
      answered(db, "One");
      receive(db, "SM2", "u", THEN + 2 * DAY);
      dropOldMessages(db, THEN + 30 * DAY);
      expect(countMessagesOf(db, "u")).toBe(3);
      dropOldMessages(db, THEN + 30 * DAY + 1);
      expect(countMessagesOf(db, "u")).toBe(1);
      expect(receive(db, "SM1", "u", THEN + 31 * DAY)).toBe("new");
    }));
});
