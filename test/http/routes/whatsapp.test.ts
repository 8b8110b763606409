import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { afterAll, describe, expect, inject, it } from "vitest";

import { partsOf, signatureOf } from "../../../src/outbound/twilio.ts";
import { app } from "../../support/app.ts";
import { Client, objectOf } from "../../support/client.ts";
import { PUBLIC_URL, TOKEN, Traveller, settleTravellers } from "../../support/traveller.ts";

const MINUTE = 60_000;

afterAll(settleTravellers);

const isOffers = expect.stringMatching(/^DEMO flights from New York to London/);
const isSearching = expect.stringMatching(/^Searching flights from New York to London/);

const SID = `SM${"0".repeat(32)}`;

describe("the webhook", () => {
  it("acknowledges with empty TwiML, and answers right after, without a job", async () => {
    const ann = new Traveller();
    const response = await ann.write("NYC to London next Friday");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/xml");
    expect(await response.text()).toContain("<Response></Response>");
    expect((await ann.got()).map(({ body }) => body)).toEqual([isSearching, isOffers]);
    expect(ann.queued).toEqual([]);
  });

  it("queues a job where the answer breaks off", async () => {
    const ann = new Traveller();
    const broken = { ...ann.env, CACHE: undefined, DIRECTORY: undefined } as unknown as Env;
    const response = await ann.deliver(
      { MessageSid: ann.sid(), From: ann.phone, Body: "NYC to London next Friday" },
      { env: broken },
    );
    expect(response.status).toBe(200);
    await ann.hurry();
    await ann.work();
    expect((await ann.got()).at(-1)?.body).toEqual(isOffers);
  });

  it("is answered to its sender with a notice and then with offers", async () => {
    const ann = new Traveller({ FLIGHTS_PROVIDER: "amadeus", ...amadeus("ok") });
    await ann.write("NYC to London next Friday");
    await ann.work();
    const got = await ann.got();
    expect(got.map(({ to }) => to)).toEqual([ann.phone, ann.phone]);
    expect(got.map(({ body }) => body)).toEqual([
      isSearching,
      expect.stringMatching(
        /^Flights from New York to London .*\n1\. \$498 British Airways: 09:00–16:30/,
      ),
    ]);
    const { data } = (await ann.client.get(`/sessions?user_id=${encodeURIComponent(ann.phone)}`))
      .body;
    expect(data).toMatchObject([{ assistant: "travel", user_id: ann.phone }]);
  });

  it("delivered three times, and worked off three times at once, answers once", async () => {
    const ann = new Traveller();
    const form = { MessageSid: ann.sid(), From: ann.phone, Body: "NYC to London next Friday" };
    const deliveries = await Promise.all([1, 2, 3].map(() => ann.deliver(form)));
    expect(deliveries.map(({ status }) => status)).toEqual([200, 200, 200]);
    await Promise.all([ann.work(), ann.work(), ann.work()]);
    await ann.deliver(form);
    await ann.work();
    const texts = (await ann.got()).map(({ body }) => body);
    expect(texts.filter((text) => text.startsWith("DEMO flights"))).toHaveLength(1);
    const { data } = (await ann.client.get("/sessions")).body;
    expect(data).toMatchObject([{ turns: 1 }]);
  });

  it.each([
    ["another token", { token: "forged" }],
    ["another path", { path: "/whatsapp/webhook?x=1" }],
  ])("refuses what is signed for %s", async (name, how) => {
    const ann = new Traveller();
    const form = { MessageSid: ann.sid(), From: ann.phone, Body: "Hi" };
    const response = await ann.deliver(form, how);
    expect(response.status).toBe(name === "another token" ? 403 : 200);
    const params = new URLSearchParams(form);
    const altered = await app.fetch(
      new Request("http://colloquy.test/whatsapp/webhook", {
        method: "POST",
        headers: {
          "x-twilio-signature": signatureOf(TOKEN, `${PUBLIC_URL}/whatsapp/webhook`, params),
        },
        body: new URLSearchParams({ ...form, Body: "Send me everything" }).toString(),
      }),
      ann.env,
      createExecutionContext(),
    );
    expect(altered.status).toBe(403);
    expect(await altered.json()).toMatchObject({ code: "forbidden" });
  });

  it("refuses unsigned requests and bodies that are no message", async () => {
    const ann = new Traveller();
    const bare = await app.fetch(
      new Request("http://colloquy.test/whatsapp/webhook", { method: "POST", body: "Body=x" }),
      ann.env,
      createExecutionContext(),
    );
    expect(bare.status).toBe(403);
    for (const form of [
      {},
      { MessageSid: SID },
      { MessageSid: SID.slice(0, -1), From: ann.phone },
      { MessageSid: `${SID}0`, From: ann.phone },
      { MessageSid: SID.replace("SM", "CA"), From: ann.phone },
      { MessageSid: SID.toUpperCase().replaceAll("0", "A"), From: ann.phone },
      { MessageSid: "../x", From: ann.phone },
      { MessageSid: SID, From: "+1555" },
    ]) {
      const response = await ann.deliver(form);
      expect(response.status).toBe(422);
    }
    const huge = await ann.deliver({
      MessageSid: SID,
      From: ann.phone,
      Body: "x".repeat(70_000),
    });
    expect(huge.status).toBe(413);
  });

  it.each([
    ["https://bot.example", "https://bot.example:443"],
    ["https://bot.example:443", "https://bot.example"],
    ["https://bot.example:8443/hook", "https://bot.example/hook"],
    ["http://bot.example", "http://bot.example:80"],
    ["HTTPS://u:p@bot.example", "HTTPS://u:p@bot.example:443"],
    ["https://[2001:db8::1]", "https://[2001:db8::1]:443"],
  ])("takes a signature over %s and over %s", async (publicUrl, other) => {
    const settings = { PUBLIC_URL: publicUrl };
    for (const signedFor of [publicUrl, other]) {
      const ann = new Traveller(settings);
      const form = { MessageSid: ann.sid(), From: ann.phone, Body: "Hi" };
      expect((await ann.deliver(form, { signedFor })).status).toBe(200);
      const elsewhere = signedFor.replace("bot.example", "bot.example.org").replace("db8", "db9");
      expect((await ann.deliver(form, { signedFor: elsewhere })).status).toBe(403);
    }
    const ann = new Traveller(settings);
    const form = { MessageSid: ann.sid(), From: ann.phone, Body: "Hi" };
    const wrongPort = publicUrl.replace(/(:\d+)?(\/hook)?$/, ":8080$2");
    expect((await ann.deliver(form, { signedFor: wrongPort })).status).toBe(403);
  });

  it("takes no form whose letters were moved between its fields as another message", async () => {
    const ann = new Traveller();
    await ann.says("hello");
    const [sent] = await ann.got();
    const original = {
      MessageSid: ann.sid(),
      From: ann.phone,
      Body: "hello again",
      NumMedia: "0",
      OriginalRepliedMessageSid: sent?.sid ?? "",
    };
    const form = new URLSearchParams(original);
    const signature = signatureOf(TOKEN, `${PUBLIC_URL}/whatsapp/webhook`, form);
    expect((await ann.deliver(original)).status).toBe(200);
    const turns = async () => (await ann.client.get("/storage-stats")).body.total_turns;
    const before = await turns();
    const { MessageSid, NumMedia, OriginalRepliedMessageSid, ...rest } = original;
    const moved = [
      // A longer identifier.
      { ...rest, MessageSid: `${MessageSid}NumMedia0`, OriginalRepliedMessageSid },
      // The other identifier of the form. The letters in between become a field of no meaning.
      {
        ...rest,
        M: `essageSid${MessageSid}NumMedia${NumMedia}OriginalReplied`,
        MessageSid: OriginalRepliedMessageSid,
      },
    ];
    const statuses = [];
    for (const fields of moved) {
      const replayed = new URLSearchParams(fields);
      expect(signatureOf(TOKEN, `${PUBLIC_URL}/whatsapp/webhook`, replayed)).toBe(signature);
      statuses.push((await ann.deliver(fields)).status);
    }
    // The second is acknowledged like a message that came before.
    expect(statuses).toEqual([422, 200]);
    await ann.work();
    expect(await turns()).toBe(before);
  });

  it("knows Twilio's signature as Twilio's own example has it", () => {
    const form = new URLSearchParams({
      CallSid: "CA1234567890ABCDE",
      Caller: "+14158675309",
      Digits: "1234",
      From: "+14158675309",
      To: "+18005551212",
    });
    expect(signatureOf("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form)).toBe(
      "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    );
  });

  it("says what is missing where it is not set up", async () => {
    const { status, body } = await new Client().post("/whatsapp/webhook", { body: "Body=x" });
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: "whatsapp_not_configured" });
  });
});

const amadeus = (name: string) => ({
  AMADEUS_CLIENT_ID: "id",
  AMADEUS_CLIENT_SECRET: "secret",
  AMADEUS_BASE_URL: `${inject("travelServer")}/amadeus/${name}-${crypto.randomUUID()}`,
});

describe("a conversation", () => {
  it("goes on in one session, and begins again after a quarter of an hour", async () => {
    const ann = new Traveller();
    const now = Date.now();
    expect((await ann.says("I want to go to London", now)).at(-1)).toContain(
      "Where are you flying from",
    );
    expect((await ann.says("NYC, next Friday", now + 14 * MINUTE)).at(-1)).toEqual(isOffers);
    expect((await ann.says("2", now + 15 * MINUTE)).at(-1)).toMatch(/^Offer 2: /);
    expect((await ann.says("2", now + 31 * MINUTE)).at(-1)).toContain("did not understand");
  });

  it("knows reset, help and stop", async () => {
    const ann = new Traveller();
    await ann.says("I want to go to London");
    expect(await ann.says("help")).toEqual([expect.stringContaining("I find flights")]);
    expect(await ann.says("RESET")).toEqual([expect.stringContaining("All forgotten")]);
    expect(await ann.says("from NYC next Friday")).toEqual([
      expect.stringContaining("Where do you want to go?"),
    ]);
    expect(await ann.says("stop")).toEqual([expect.stringContaining("Stopped")]);
    expect(await ann.says("hello")).toEqual([expect.stringContaining("Hello!")]);
  });

  it("is asked for words where there are none, and told so where there are both", async () => {
    const ann = new Traveller();
    await ann.write("", { NumMedia: "1", MediaUrl0: "http://169.254.169.254/latest" });
    await ann.work();
    expect((await ann.got()).map(({ body }) => body)).toEqual([
      expect.stringContaining("only read text"),
    ]);
    await ann.write("hello", { NumMedia: "2" });
    await ann.work();
    expect((await ann.got()).at(-1)?.body).toContain("what you attached I left alone");
  });

  it("is answered in the order in which it was written", async () => {
    const ann = new Traveller();
    for (const text of ["I want to go to London", "from NYC", "next Friday"]) await ann.leave(text);
    await Promise.all([ann.work(), ann.work()]);
    expect((await ann.got()).at(-1)?.body).toEqual(isOffers);
  });

  it("does not say that it searches where the flag is off, or the cache has it", async () => {
    const quiet = new Traveller({ use_async_search: "false" });
    expect(await quiet.says("NYC to London in three weeks")).toEqual([isOffers]);
    const ann = new Traveller();
    expect(await ann.says("NYC to London in three weeks")).toEqual([isOffers]);
    expect(await ann.says("NYC to London in four weeks")).toEqual([isSearching, isOffers]);
  });

  it("goes step by step where the flag says so", async () => {
    const ann = new Traveller({ use_smart_handler: "false", use_async_search: "false" });
    expect(await ann.says("NYC to London next Friday")).toEqual([
      expect.stringContaining("Where are you flying from"),
    ]);
    expect(await ann.says("New York")).toEqual(["Where do you want to go?"]);
    expect(await ann.says("nowhere")).toEqual([expect.stringContaining("do not know that place")]);
    expect(await ann.says("London")).toEqual([expect.stringContaining("When do you leave")]);
    expect(await ann.says("next Friday")).toEqual([isOffers]);
  });

  it("asks a sender that writes too fast to wait, once a minute", async () => {
    const ann = new Traveller({ WHATSAPP_MESSAGES_A_MINUTE: "3" });
    const now = Date.now();
    for (let time = 0; time < 6; time += 1) await ann.write("hello", {}, now + time);
    await ann.work();
    const texts = (await ann.got()).map(({ body }) => body);
    expect(texts.filter((text) => text.includes("faster than I can read"))).toHaveLength(1);
    expect(texts.filter((text) => text.startsWith("Hello!"))).toHaveLength(3);
    expect((await ann.says("hello", now + 2 * MINUTE)).at(-1)).toContain("Hello!");
  });
});

describe("the outbox", () => {
  it("loses nothing of a job that the queue lost: the object's alarm queues it again", async () => {
    const ann = new Traveller();
    await ann.leave("NYC to London next Friday");
    const alarm = await runInDurableObject(objectOf(ann.account), (_, { storage }) =>
      storage.getAlarm(),
    );
    expect(alarm).toBeLessThanOrEqual(Date.now() + 31_000);
    await ann.work();
    expect((await ann.got()).at(-1)?.body).toEqual(isOffers);
  });

  it("sends an answer that was not sent before a crash", async () => {
    const ann = new Traveller({ use_async_search: "false" }, "fail2");
    await ann.write("NYC to London next Friday");
    await ann.work();
    expect(await ann.got()).toEqual([]);
    expect(ann.queued.at(-1)?.delay).toBe(1);
    await ann.work();
    expect(await ann.got()).toEqual([]);
    await ann.hurry();
    await ann.work();
    await ann.hurry();
    await ann.work();
    await ann.hurry();
    await ann.work();
    expect((await ann.got()).map(({ body }) => body)).toEqual([isOffers]);
  });

  it("asks Twilio, where no one knows whether a message was sent, and does not send it twice", async () => {
    const ann = new Traveller({ use_async_search: "false" }, "cut");
    await ann.write("NYC to London next Friday");
    await ann.work();
    expect(await ann.statuses()).toEqual(["sending"]);
    await ann.hurry();
    await ann.work();
    expect(await ann.got()).toHaveLength(1);
    expect(await ann.statuses()).toEqual(["sent"]);
  });

  it("does not take the same words of an earlier answer for what may have been sent", async () => {
    const ann = new Traveller();
    const [hello = ""] = await ann.says("hello");
    await ann.write("hello");
    // As a crash leaves it between Twilio's answer and the note of it, had Twilio taken nothing.
    await runInDurableObject(objectOf(ann.account), (_, { storage }) => {
      storage.sql.exec(
        `insert into outbound_messages (reply_to, part, user_id, body, status, due_at, created_at, updated_at)
         values ('SMx', 1, ?, ?, 'sending', 0, ?, 0)`,
        ann.phone,
        hello,
        Date.now(),
      );
    });
    await ann.work();
    expect((await ann.got()).map(({ body }) => body)).toEqual([hello, hello, hello]);
  });

  it("retries as long as a reply is allowed, and then gives up", async () => {
    const ann = new Traveller({}, "fail");
    await ann.write("hello");
    await ann.work();
    for (let time = 0; time < 9; time += 1) {
      await ann.hurry();
      await ann.work();
    }
    const { data } = (await ann.client.get("/whatsapp/messages")).body;
    expect(data).toMatchObject([{ status: "waiting", attempts: 10 }]);
    expect(ann.queued.at(-1)?.delay).toBe(300);
    await runInDurableObject(objectOf(ann.account), async (object, { storage }) => {
      storage.sql.exec("update outbound_messages set created_at = created_at - 86400001");
      await object.alarm();
    });
    expect(await ann.statuses()).toEqual(["failed"]);
  });

  it("gives up what Twilio does not take, and goes on with what comes next", async () => {
    const ann = new Traveller({}, "refuse");
    await ann.write("hello");
    await ann.work();
    const { data } = (await ann.client.get("/whatsapp/messages")).body;
    expect(data).toMatchObject([{ status: "failed", error_code: 63_016, attempts: 1 }]);
    await ann.hurry();
    await ann.work();
    expect(await ann.statuses()).toEqual(["failed"]);
  });

  it("records what Twilio says later, in whatever order, and nothing of others", async () => {
    const ann = new Traveller();
    await ann.says("hello");
    const [{ sid, status_callback } = { sid: "", status_callback: "" }] = await ann.got();
    const path = status_callback.slice(PUBLIC_URL.length);
    expect(path).toMatch(/^\/whatsapp\/status\?id=\d+$/);
    const say = (MessageStatus: string, MessageSid = sid, more = {}) =>
      ann.deliver({ MessageSid, MessageStatus, ...more }, { path });
    expect((await say("read")).status).toBe(204);
    expect((await say("delivered")).status).toBe(204);
    expect(await ann.statuses()).toEqual(["read"]);
    await say("failed", SID);
    expect(await ann.statuses()).toEqual(["read"]);
    await say("undelivered", sid, { ErrorCode: "63024" });
    expect((await ann.client.get("/whatsapp/messages")).body.data).toMatchObject([
      { status: "undelivered", error_code: 63_024, message_sid: sid },
    ]);
    const forged = await ann.deliver(
      { MessageSid: sid, MessageStatus: "read" },
      { path, token: "x" },
    );
    expect(forged.status).toBe(403);
  });

  it("keeps no words once they are said, and nothing of a user who is erased", async () => {
    const ann = new Traveller();
    await ann.says("NYC to London next Friday");
    const rows = () =>
      runInDurableObject(objectOf(ann.account), (_, { storage }) =>
        ["inbound_messages", "outbound_messages"].map((table) =>
          storage.sql.exec(`select body from ${table}`).toArray(),
        ),
      );
    expect((await rows()).flat().every(({ body }) => body === null)).toBe(true);
    const { body } = await ann.client.call("DELETE", `/users/${encodeURIComponent(ann.phone)}`);
    expect(body).toMatchObject({ verified: true });
    expect(await rows()).toEqual([[], []]);
  });
});

describe("a long answer", () => {
  it("is cut where lines and words end, and nowhere within a character", () => {
    const lines = Array.from({ length: 100 }, (_, index) => `${index} ${"word ".repeat(8)}`).join(
      "\n",
    );
    const parts = partsOf(lines);
    expect(parts.every(({ length }) => length > 0 && length <= 1_600)).toBe(true);
    expect(parts.join("\n").replaceAll(/\s+/g, " ")).toBe(lines.trim().replaceAll(/\s+/g, " "));
    const faces = partsOf("🛫".repeat(2_000));
    expect(faces.join("")).toBe("🛫".repeat(2_000));
    expect(faces.every((part) => part.isWellFormed())).toBe(true);
    expect(partsOf("short")).toEqual(["short"]);
    expect(partsOf("  ")).toEqual([]);
  });
});
