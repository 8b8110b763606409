import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { Client } from "../../support/client.ts";
import { LOCKED, keyHolder } from "../../support/keys.ts";

const said = (text: string, more: object = {}) => ({
  body: {
    id: "trip",
    messages: [{ id: "m-1", role: "user", parts: [{ type: "text", text }] }],
    ...more,
  },
});

const send = async (client: Client, text = "Hello", more: object = {}) => {
  const response = await client.fetch("POST", "/chat", said(text, more));
  return { status: response.status, text: await response.text() };
};

const say = (role: string, content: string) => ({ type: "message", role, content });

/** Makes the account's last turn one that ended so. */
const endLast = (client: Client, status: "failed" | "interrupted") =>
  runInDurableObject(client.object, (_, { storage }) => {
    const ended = status === "failed" ? "status = 2, output = null" : "status = 4";
    storage.sql.exec(`update turns set ${ended} where id = (select max(id) from turns)`);
  });

describe("a user's key in a browser", () => {
  it("reaches the user's own chats, and no one else's", async () => {
    const ann = await keyHolder(["query", "read"], undefined, { user_id: "ann" });
    const { account } = ann.client;
    const bob = await keyHolder(["query", "read"], account, { user_id: "bob" });
    const stranger = await keyHolder(["query", "read"]);
    expect(await send(ann.client)).toMatchObject({ status: 200 });
    const own = await ann.client.get("/chat/trip/messages");
    expect(own.body.messages).toMatchObject([
      { id: "m-1", role: "user", parts: [{ type: "text", text: "Hello" }] },
      { role: "assistant" },
    ]);
    expect((await ann.client.get("/sessions/trip")).body).toMatchObject({ user_id: "ann" });
    for (const { client } of [bob, stranger]) {
      const { status, body } = await client.get("/chat/trip/messages");
      expect([status, body]).toEqual([200, { messages: [], first_id: null, has_more: false }]);
      expect((await client.fetch("GET", "/chat/trip/stream")).status).toBe(204);
      expect((await client.post("/chat/trip/stop")).body.stopped).toBe(false);
    }
    // The id is taken in the account, and says nothing of its chat.
    const refused = await send(bob.client);
    expect(refused.status).toBe(404);
    expect(JSON.parse(refused.text)).toMatchObject({ code: "session_not_found" });
    expect(await send(stranger.client)).toMatchObject({ status: 200 });
  });

  it("needs the scopes that the routes say", async () => {
    const reader = await keyHolder(["read"], undefined, { user_id: "ann" });
    const asker = await keyHolder(["query"], undefined, { user_id: "ann" });
    expect((await send(reader.client)).status).toBe(403);
    expect((await reader.client.post("/chat/trip/stop")).status).toBe(403);
    expect((await asker.client.get("/chat/trip/messages")).status).toBe(403);
    expect((await asker.client.fetch("GET", "/chat/trip/stream")).status).toBe(403);
  });

  it("is used from the pages of the origins that are allowed", async () => {
    const origin = "https://app.example.com";
    const client = new Client({ ...LOCKED, CORS_ORIGINS: origin });
    const preflight = await client.fetch("OPTIONS", "/chat", {
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    });
    expect(preflight.headers.get("access-control-allow-origin")).toBe(origin);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
  });
});

describe("a chat", () => {
  it("shows the turns of other routes, page by page", async () => {
    const client = new Client();
    for (const text of ["one", "two", "three"]) await client.ask(text, { session_id: "trip" });
    const { body: last } = await client.get("/chat/trip/messages?limit=2");
    expect(last).toMatchObject({ has_more: true });
    expect(last.messages).toHaveLength(4);
    const { body: first } = await client.get(`/chat/trip/messages?limit=2&before=${last.first_id}`);
    expect(first).toMatchObject({ has_more: false });
    expect(first.messages).toMatchObject([
      { role: "user", parts: [{ text: "one" }] },
      { role: "assistant" },
    ]);
    // Ids are those of the items: an answered message of another route is found by them, too.
    const [asked] = first.messages;
    expect(asked.id).toMatch(/^msg_/);
    const again = await send(client, "one", {
      messages: [asked],
      trigger: "regenerate-message",
    });
    expect([again.status, JSON.parse(again.text)]).toMatchObject([
      409,
      { code: "message_answered" },
    ]);
  });

  it("shows the results of an imported chat, each before the words that follow it, once", async () => {
    const client = new Client();
    const call = { type: "function_call", call_id: "c1", name: "fare", arguments: '{"to":"Rome"}' };
    const result = { type: "function_call_output", call_id: "c1", output: '{"eur":120}' };
    const steps = [call, result, say("assistant", "120 euros.")];
    const created_at = "2026-11-01T00:00:00.000Z";
    const input = [say("user", "A fare?"), ...steps, say("user", "And back?")];
    const lines = [
      { type: "session", format: 6, session_id: "trip", created_at },
      { type: "turn", created_at, input, output: [...steps, say("assistant", "Book?")] },
    ];
    const body = lines.map((line) => JSON.stringify(line)).join("\n");
    expect(await client.post("/import", { body })).toMatchObject({ status: 200 });
    const shown = (await client.get("/chat/trip/messages")).body;
    const tool = { type: "tool-fare", state: "output-available", output: { eur: 120 } };
    const step = { type: "step-start" };
    const text = { type: "text", text: "120 euros." };
    expect(shown.messages).toMatchObject([
      { role: "user", parts: [{ text: "A fare?" }] },
      { role: "assistant", parts: [tool, step, text] },
      { role: "user", parts: [{ text: "And back?" }] },
      { role: "assistant", parts: [step, tool, step, text, { text: "Book?" }] },
    ]);
  });

  it("is lost by no branch: a blocked answer is made again in the chat that branch names", async () => {
    const client = new Client();
    const policies = [{ type: "block", on: "request", pattern: "bomb", message: "Not that." }];
    const assistants = `/admin/accounts/${client.account}/assistants`;
    for (const [name, body] of [
      ["clerk", { policies }],
      ["other", {}],
    ] as const)
      expect((await client.call("PUT", `${assistants}/${name}`, { body })).status).toBe(200);
    for (const text of ["Hi", "A bomb"])
      await client.ask(text, { session_id: "trip", assistant: "clerk" });
    expect(
      (await client.call("PATCH", "/sessions/trip", { body: { hold: "case 1" } })).status,
    ).toBe(200);
    const { body: before } = await client.get("/chat/trip/messages");
    const again = { messages: [before.messages[2]], trigger: "regenerate-message" };
    const refused = async (more: object) => {
      const { status, text } = await send(client, "", { ...again, ...more });
      return [status, JSON.parse(text)];
    };
    expect(await refused({ branch: "trip", assistant: "other" })).toMatchObject([
      422,
      { code: "invalid_request", param: "branch" },
    ]);
    expect(await refused({ branch: "copy", assistant: "other" })).toMatchObject([
      422,
      { code: "invalid_request", param: "assistant" },
    ]);
    expect((await client.get("/sessions/copy")).status).toBe(404);
    expect((await send(client, "", { ...again, branch: "copy" })).status).toBe(200);
    expect((await client.get("/chat/trip/messages")).body).toEqual(before);
    const { body: copy } = await client.get("/chat/copy/messages");
    expect(copy.messages).toMatchObject([
      { parts: [{ text: "Hi" }] },
      { role: "assistant" },
      { parts: [{ text: "A bomb" }] },
      { role: "assistant" },
    ]);
  });

  it("tries a message again whose text a policy changed, as it was sent and as it is shown", async () => {
    const client = new Client();
    const policies = [{ type: "redact", on: "request", pattern: "4111", replacement: "[x]" }];
    const clerk = `/admin/accounts/${client.account}/assistants/clerk`;
    expect((await client.call("PUT", clerk, { body: { policies } })).status).toBe(200);
    const sent = (text: string, more: object = {}) =>
      send(client, text, { assistant: "clerk", ...more });
    const first = await sent("Card 4111");
    expect(first.status).toBe(200);
    const again = { trigger: "regenerate-message" };
    for (const text of ["Card [x]", "Card 4111", "Card [x]"]) {
      await endLast(client, "failed");
      expect((await sent(text, again)).status).toBe(200);
      const { body } = await client.get("/chat/trip/messages");
      expect(body.messages).toMatchObject([
        { id: "m-1", parts: [{ text: "Card [x]" }] },
        { metadata: { status: "completed" } },
      ]);
    }
    expect((await client.get("/sessions/trip/turns")).body.data).toHaveLength(1);
    // Without an edit an answer is replayed: from the page that sent it, and after a reload.
    await endLast(client, "failed");
    const answer = await sent("Card 4111", again);
    for (const text of ["Card 4111", "Card [x]"])
      expect(await sent(text, { messageId: "m-1" })).toEqual(answer);
    const edited = await sent("Card 5500", { messageId: "m-1" });
    expect([edited.status, JSON.parse(edited.text).code]).toEqual([409, "message_answered"]);
  });

  it("has a message once that is tried again under a hold", async () => {
    const client = new Client();
    await send(client);
    await endLast(client, "interrupted");
    const hold = await client.call("PATCH", "/sessions/trip", { body: { hold: "case 1" } });
    expect(hold.status).toBe(200);
    expect((await send(client, "Hello", { trigger: "regenerate-message" })).status).toBe(200);
    const { data } = (await client.get("/sessions/trip/turns")).body;
    expect(data.map(({ status }: { status: string }) => status).toSorted()).toEqual([
      "completed",
      "interrupted",
    ]);
    const { body } = await client.get("/chat/trip/messages");
    expect(body.messages).toMatchObject([
      { id: "m-1", parts: [{ text: "Hello" }] },
      { metadata: { status: "completed" } },
    ]);
    expect(body.messages).toHaveLength(2);
    // An edit keeps the held message.
    await endLast(client, "failed");
    expect((await send(client, "Edited", { messageId: "m-1" })).status).toBe(200);
    const turns = (await client.get("/sessions/trip/turns")).body.data;
    expect(JSON.stringify(turns)).toContain("Hello");
    expect(turns).toHaveLength(3);
  });

  it("takes pictures up to the bounds of the other routes", async () => {
    const url = `data:image/png;base64,${"A".repeat(16 * 1024 * 1024)}`;
    const parts = [{ type: "file", mediaType: "image/png", url }];
    const refused = await send(new Client(), "", { messages: [{ id: "m", role: "user", parts }] });
    expect([refused.status, JSON.parse(refused.text)]).toMatchObject([
      413,
      { code: "body_too_large" },
    ]);
  });

  it("is refused where a flag keeps turns out of storage", async () => {
    const refused = await send(new Client({ ENABLE_CONVERSATION_STORAGE: "false" }));
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.text)).toMatchObject({
      code: "invalid_request",
      detail: expect.stringContaining("flag"),
    });
  });

  it("is archived and read like any session", async () => {
    const client = new Client();
    await send(client);
    const { body: before } = await client.get("/chat/trip/messages");
    expect((await client.post("/sessions/trip/archive")).status).toBe(200);
    expect((await client.get("/chat/trip/messages")).body).toEqual(before);
    expect((await client.fetch("GET", "/chat/trip/stream")).status).toBe(204);
  });
});
