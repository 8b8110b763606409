import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, describe, expect, inject, it } from "vitest";

import { parseConfig } from "../../../src/config.ts";
import { canonicalNumber, senderOf } from "../../../src/outbound/whatsapp-sender.ts";
import { app } from "../../support/app.ts";
import { freshAccount } from "../../support/client.ts";
import { Traveller, settleTravellers } from "../../support/traveller.ts";

afterAll(settleTravellers);

let ids = 0;
/** An id for one business, as Meta makes them. */
const freshId = () => {
  ids += 1;
  return `US.1349120865530274${1_000 + ids}`;
};

const sessionsOf = async (ann: Traveller) => (await ann.client.get("/sessions")).body.data;
const texts = async (ann: Traveller) => (await ann.got()).map(({ to, body }) => [to, body]);

describe("a user without a number", () => {
  it("is answered at the id that they write from", async () => {
    const ann = new Traveller();
    const From = `whatsapp:${freshId()}`;
    await ann.write("I want to go to London", { From });
    await ann.write("from NYC next Friday", { From });
    const got = await texts(ann);
    expect(got.map(([to]) => to)).toEqual(got.map(() => From));
    expect(got.at(-1)?.[1]).toMatch(/^DEMO flights from New York to London/);
    expect(await sessionsOf(ann)).toMatchObject([{ user_id: From, turns: 2 }]);
  });

  it("may write from an id that several businesses share", async () => {
    const ann = new Traveller();
    const From = `whatsapp:US.ENT.${freshId().slice(3)}`;
    expect((await ann.write("hello", { From })).status).toBe(200);
    expect((await texts(ann)).at(-1)?.[0]).toBe(From);
  });

  it.each(["whatsapp:US", "whatsapp:US.", "whatsapp:usa.1", "whatsapp:US.a b", "US.123"])(
    "is no %s",
    async (From) => {
      expect((await new Traveller().write("hello", { From })).status).toBe(422);
    },
  );
});

describe("one person", () => {
  it("goes on under the id, with a number beside it and without", async () => {
    const ann = new Traveller();
    const id = freshId();
    await ann.write("I want to go to London", { ExternalUserId: id });
    await ann.write("from NYC", { From: `whatsapp:${id}` });
    await ann.write("next Friday", {
      ExternalUserId: `whatsapp:${id}`,
      From: "whatsapp:+15559990000",
    });
    expect(await sessionsOf(ann)).toMatchObject([{ user_id: ann.phone, turns: 3 }]);
    const got = (await texts(ann)).map(([to]) => to);
    expect([...new Set(got)]).toEqual([ann.phone, `whatsapp:${id}`, "whatsapp:+15559990000"]);
  });

  it.each([
    ["whatsapp:+5215512345678", "whatsapp:+525512345678"],
    ["whatsapp:+5511987654321", "whatsapp:+551187654321"],
  ])("writes from %s and from %s", async (one, other) => {
    const ann = new Traveller();
    await ann.write("I want to go to London", { From: one });
    await ann.write("from NYC next Friday", { From: other });
    expect(await sessionsOf(ann)).toMatchObject([{ user_id: one, turns: 2 }]);
    expect((await texts(ann)).at(-1)).toEqual([
      other,
      expect.stringMatching(/^DEMO flights from New York to London/),
    ]);
  });

  it("is another one where a number comes with another id", async () => {
    const ann = new Traveller();
    const [first, second] = [freshId(), freshId()];
    await ann.write("I want to go to London", { ExternalUserId: first });
    await ann.write("hello", { ExternalUserId: second });
    expect(
      (await sessionsOf(ann)).map(({ user_id }: { user_id: string }) => user_id).toSorted(),
    ).toEqual([ann.phone, `whatsapp:${second}`].toSorted());
  });

  it("is erased as a whole, by any of the addresses", async () => {
    const ann = new Traveller();
    const id = freshId();
    await ann.write("I want to go to London", { ExternalUserId: id });
    await ann.write("from NYC", { From: `whatsapp:${id}` });
    const { body } = await ann.client.call(
      "DELETE",
      `/users/${encodeURIComponent(`whatsapp:${id}`)}`,
    );
    expect(body).toMatchObject({ user_id: ann.phone, sessions: 1, verified: true });
    expect(await sessionsOf(ann)).toEqual([]);
    expect((await ann.client.get("/whatsapp/messages")).body.data).toEqual([]);
    // Nothing remembers that the id was theirs.
    await ann.write("hello", { From: `whatsapp:${id}` });
    expect(await sessionsOf(ann)).toMatchObject([{ user_id: `whatsapp:${id}` }]);
  });

  it("is told by id, then by WhatsApp's number, then by the number", () => {
    const From = "whatsapp:+5215512345678";
    expect(senderOf({ From, WaId: "525512345678", ExternalUserId: "MX.1" })).toEqual({
      external: "whatsapp:MX.1",
      numbers: ["whatsapp:+525512345678"],
      reply_to: From,
    });
    expect(senderOf({ From: "whatsapp:+15551234567" })).toEqual({
      external: null,
      numbers: ["whatsapp:+15551234567"],
      reply_to: "whatsapp:+15551234567",
    });
    expect(canonicalNumber("4915112345678")).toBe("4915112345678");
  });
});

describe("a message that is no plain text", () => {
  // Fields as in https://www.twilio.com/docs/messaging/guides/webhook-request
  it.each<[string, Record<string, string>, RegExp]>([
    [
      "a button",
      {
        Body: "NYC to London next Friday",
        ButtonText: "NYC to London next Friday",
        ButtonPayload: "go",
      },
      /^DEMO flights from New York to London/,
    ],
    [
      "a button without a body",
      { Body: "", ButtonText: "NYC to London next Friday", MessageType: "button" },
      /^DEMO flights from New York to London/,
    ],
    [
      "a list's entry",
      { Body: "", ListTitle: "NYC to London next Friday", ListId: "1", MessageType: "interactive" },
      /^DEMO flights from New York to London/,
    ],
    [
      "a place on the map",
      {
        Body: "",
        Latitude: "52.52",
        Longitude: "13.40",
        Address: "Berlin, Germany",
        Label: "Home",
      },
      /^Got it: from Berlin\. Where do you want to go/,
    ],
    [
      "what an advertisement led to",
      {
        Body: "NYC to London next Friday",
        ReferralBody: "Cheap flights to Rome",
        ReferralHeadline: "Fly!",
        ReferralSourceId: "1",
        ReferralSourceType: "ad",
        ReferralSourceUrl: "https://fb.me/x",
        ReferralCtwaClid: "x",
      },
      /^DEMO flights from New York to London/,
    ],
    [
      "a reply to a message",
      {
        Body: "NYC to London next Friday",
        OriginalRepliedMessageSender: "whatsapp:+14155238886",
        OriginalRepliedMessageSid: "SM00000000000000000000000000000001",
        ProfileName: "Ann",
        WaId: "15551234567",
        Forwarded: "true",
      },
      /^DEMO flights from New York to London/,
    ],
    ["a kind that is not known", { Body: "", MessageType: "reaction" }, /I can only read text/],
  ])("%s is understood", async (_, fields, answer) => {
    const ann = new Traveller();
    expect((await ann.write("", fields)).status).toBe(200);
    expect((await texts(ann)).at(-1)?.[1]).toMatch(answer);
  });
});

describe("a failure that Twilio tells", () => {
  it.each([
    ["63016", "The recipient wrote more than 24 hours ago: only a template may be sent now."],
    [
      "63038",
      "The account has reached its daily limit: it opens again within 24 hours, or Twilio raises it.",
    ],
    ["99999", null],
  ])("by code %s is explained", async (ErrorCode, error) => {
    const ann = new Traveller();
    await ann.write("hello");
    const [{ sid, status_callback } = { sid: "", status_callback: "" }] = await ann.got();
    const path = new URL(status_callback).pathname + new URL(status_callback).search;
    await ann.deliver(
      { MessageSid: sid, MessageStatus: "failed", ErrorCode, ChannelPrefix: "whatsapp" },
      { path },
    );
    const { data } = (await ann.client.get("/whatsapp/messages")).body;
    expect(data).toMatchObject([{ status: "failed", error_code: Number(ErrorCode), error }]);
  });
});

it("30 people who ask at once are told that it searches, and are answered side by side", async () => {
  const slow = `${inject("travelServer")}/amadeus/late-${crypto.randomUUID()}`;
  const ann = new Traveller({
    FLIGHTS_PROVIDER: "amadeus",
    AMADEUS_CLIENT_ID: "id",
    AMADEUS_CLIENT_SECRET: "secret",
    AMADEUS_BASE_URL: slow,
  });
  const began = Date.now();
  await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      // A route that no other test has the cache know of.
      ann.write(`Vienna to Lisbon in ${index + 2} days`, {
        From: `whatsapp:+1555000${1_000 + index}`,
      }),
    ),
  );
  const got = await ann.got();
  const searching = got.filter(({ body }) => body.startsWith("Searching"));
  const offers = got.filter(({ body }) => body.startsWith("Flights from"));
  expect([searching.length, offers.length]).toEqual([30, 30]);
  // One after the other would take 75 s.
  expect(Math.max(...offers.map(({ at }) => at)) - began).toBeLessThan(40_000);
});

const overloaded = () => Promise.reject(Object.assign(new Error("no"), { overloaded: true }));

describe("while storage fails", () => {
  const CONVERSATIONS = { getByName: () => new Proxy({}, { get: () => overloaded }) };

  it("a signed message is answered where the deployment prefers that", async () => {
    const ann = new Traveller({ CONVERSATIONS, ON_STORAGE_ERROR: "answer" });
    expect((await ann.write("NYC to London next Friday")).status).toBe(200);
    expect(await texts(ann)).toEqual([
      [ann.phone, expect.stringMatching(/^DEMO flights from New York to London/)],
    ]);
  });

  it("a signed message is refused otherwise, so that Twilio shows the failure", async () => {
    const ann = new Traveller({ CONVERSATIONS });
    expect((await ann.write("NYC to London next Friday")).status).toBe(503);
    expect(await texts(ann)).toEqual([]);
  });
});

/** Posts a message that nobody signed. */
async function postUnsigned(
  form: Record<string, string> | string,
  vars: object,
): Promise<Response> {
  const context = createExecutionContext();
  const own = { ...env, WHATSAPP_ACCOUNT: freshAccount(), ...vars } as unknown as Env;
  const body = typeof form === "string" ? form : new URLSearchParams(form).toString();
  const request = new Request("http://localhost/whatsapp/webhook", { method: "POST", body });
  const response = await app.fetch(request, own, context);
  await waitOnExecutionContext(context);
  return response;
}

describe("in development", () => {
  it("a message is taken as curl -d sends it, with a number's + as it is", async () => {
    const form = "From=whatsapp:+15551234567&Body=NYC+to+London+next+Friday";
    const response = await postUnsigned(form, { TWILIO_SIGNATURE: "off" });
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringContaining("DEMO"),
    ]);
  });

  it("an unsigned message is answered in the reply, without Twilio", async () => {
    const form = { From: "whatsapp:+15551234567", Body: "NYC to London next Friday <b>&</b>" };
    const response = await postUnsigned(form, { TWILIO_SIGNATURE: "off" });
    expect(response.status).toBe(200);
    const xml = await response.text();
    expect(xml).toMatch(/<Response>.*<Message>DEMO flights from New York to London/s);
    expect(xml).not.toMatch(/<b>/);
  });

  it.each([
    [{ TWILIO_SIGNATURE: "off" }, "TWILIO_SIGNATURE is for development"],
    [{ TWILIO_SIGNATURE: "off", AUTH: "open" }, "TWILIO_SIGNATURE is for development"],
    [{ TWILIO_SIGNATURE: "no" }, 'TWILIO_SIGNATURE takes "on" or "off"'],
  ])("and nowhere else: %o", (vars, message) => {
    expect(() => parseConfig(vars)).toThrow(message);
  });
});
