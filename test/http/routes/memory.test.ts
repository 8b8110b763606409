import { evictDurableObject } from "cloudflare:test";
import { describe, expect, inject, it } from "vitest";

import { shippedAssistants } from "../../../src/assistants/shipped.ts";
import { parseConfig } from "../../../src/config.ts";
import { unwrap } from "../../../src/shared/errors.ts";
import { Client, DAY } from "../../support/client.ts";
import type { Scope } from "../../../src/shared/scopes.ts";
import { keyHolder, root } from "../../support/keys.ts";
import { untilListed } from "../../support/until.ts";
import { accountRpc } from "../../../src/account/account-client.ts";

const NOW = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const openai = (model: string) => ({
  MODEL: `openai/${model}`,
  OPENAI_BASE_URL: inject("modelServer"),
});
const idleOf = (vars: object) =>
  shippedAssistants(parseConfig(vars)).map(({ idle_seconds }) => idle_seconds);
/** What an admin sets of an account's assistants. */
const setAssistant = (client: Client, name: string, settings: object) =>
  client.call("PUT", `/admin/accounts/${client.account}/assistants/${name}`, { body: settings });

describe("a user's turn without a session_id", () => {
  const customer = { user_id: "ann", assistant: "customer" };

  it("goes on with the user's open session, and each turn renews it", async () => {
    const client = new Client();
    const first = await client.ask("My name is Ann", customer, { at: NOW });
    expect(first.body).toMatchObject({ new_session: true, stored: true });
    for (const minutes of [29, 58, 87]) {
      const { body } = await client.ask("What is my name?", customer, {
        at: NOW + minutes * MINUTE,
      });
      expect(body.session_id).toBe(first.body.session_id);
      expect(body.response).toContain("Ann");
      expect(body.new_session).toBeUndefined();
    }
  });

  it("opens a new session once the old one has been idle for half an hour, which stays readable", async () => {
    const client = new Client();
    const { body: old } = await client.ask("My name is Ann", customer, { at: NOW });
    const { body } = await client.ask("What is my name?", customer, { at: NOW + 30 * MINUTE });
    expect(body).toMatchObject({ new_session: true });
    expect(body.session_id).not.toBe(old.session_id);
    expect(body.response).not.toContain("Ann.");
    expect((await client.get(`/sessions/${old.session_id}/messages`)).body.data).toHaveLength(2);
  });

  it("never idles out with the default assistant, not even in the archive", async () => {
    const client = new Client();
    const { body: first } = await client.ask("My name is Ann", { user_id: "ann" }, { at: NOW });
    await client.post("/purge", { at: NOW + 40 * DAY });
    const { body } = await client.ask(
      "What is my name?",
      { user_id: "ann" },
      { at: NOW + 41 * DAY },
    );
    expect(body).toMatchObject({ session_id: first.session_id, restored: true });
    expect(body.response).toContain("Ann");
  });

  it("keeps users, assistants and roles apart", async () => {
    const client = new Client();
    const asked = [
      { user_id: "ann" },
      { user_id: "bob" },
      { user_id: "ann", role: "client" },
      { user_id: "ann", role: "admin" },
      { user_id: "ann", assistant: "customer" },
      { user_id: "ann", assistant: "admin" },
      { user_id: "ann", assistant: "support" },
    ];
    const ids = async () =>
      Promise.all(asked.map(async (more) => (await client.ask("Hi", more)).body.session_id));
    const first = await ids();
    expect(new Set(first).size).toBe(asked.length);
    expect(await ids()).toEqual(first);
    const { body } = await client.get(`/sessions/${first[5]}`);
    expect(body).toMatchObject({ assistant: "admin", role: "admin", user_id: "ann" });
  });

  it("makes one session and 50 turns in order of 50 that come at once", async () => {
    const client = new Client(openai("count"));
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => client.ask("Hi", { user_id: "ann" })),
    );
    const ids = new Set(replies.map(({ body }) => body.session_id));
    expect(ids.size).toBe(1);
    expect(replies.filter(({ body }) => body.new_session)).toHaveLength(1);
    const { body } = await client.get(`/sessions/${[...ids][0]}/turns?limit=100`);
    expect(body.data.map(({ output }: { output: string }) => output)).toEqual(
      Array.from({ length: 50 }, (_, before) => `${Math.min(2 * before, 20) + 1} messages`),
    );
    expect((await client.get("/sessions")).body.data).toHaveLength(1);
  });

  it("goes on after the object was evicted, with all that was said", async () => {
    const client = new Client();
    const { body: first } = await client.ask("My name is Ann", { user_id: "ann" });
    await evictDurableObject(client.object);
    const { body } = await client.ask("What is my name?", { user_id: "ann" });
    expect(body.session_id).toBe(first.session_id);
    expect(body.response).toContain("Ann");
  });

  it("opens another session after the first one was erased", async () => {
    const client = new Client();
    const { body: first } = await client.ask("Hi", { user_id: "ann" });
    await client.call("DELETE", `/sessions/${first.session_id}`);
    const { body } = await client.ask("Hi", { user_id: "ann" });
    expect(body).toMatchObject({ new_session: true });
    expect(body.session_id).not.toBe(first.session_id);
  });

  it("opens a session after a first try that a quota refused", async () => {
    const client = new Client();
    const limit = (sessions: number | null) =>
      client.call("PATCH", `/admin/accounts/${client.account}`, { body: { quotas: { sessions } } });
    await limit(0);
    expect((await client.ask("Hi", { user_id: "ann" })).body.code).toBe("quota_sessions");
    await limit(null);
    expect((await client.ask("Hi", { user_id: "ann" })).body.new_session).toBe(true);
  });

  it("writes no more rows a turn than one with a session_id", async () => {
    const client = new Client();
    const written = async () => unwrap(await accountRpc(client.object).settings.rows()).written;
    const { body } = await client.ask("Hi", { user_id: "ann" }, { at: NOW });
    await untilListed(client.object);
    const before = await written();
    await client.ask("Hi", { user_id: "ann" }, { at: NOW + 1 });
    const withUser = await written();
    await client.ask("Hi", { session_id: body.session_id }, { at: NOW + 2 });
    expect(withUser - before).toBe(1);
    expect((await written()) - withUser).toBe(1);
  });
});

describe("an assistant", () => {
  it("is listed with what callers need, and without its instructions", async () => {
    const { body } = await new Client().get("/assistants");
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual([
      "default",
      "customer",
      "admin",
      "support",
      "travel",
    ]);
    expect(body.data[1]).toEqual({
      object: "assistant",
      name: "customer",
      responder: null,
      models: null,
      window: { messages: 10, tokens: null },
      idle_seconds: 1_800,
      retention_days: null,
      roles: ["client"],
      scope: "query",
      summary: false,
      cache: false,
      memory: { extract: false, model: null },
    });
  });

  it("takes its idle times from the vars", () => {
    expect(idleOf({})).toEqual([null, 1_800, 1_800, 1_800, 900]);
    expect(idleOf({ CONTEXT_TTL: "60" })).toEqual([null, 60, 60, 60, 900]);
    expect(idleOf({ SESSION_TTL_SECONDS: "60" }).at(-1)).toBe(60);
    expect(idleOf({ CUSTOMER_CONTEXT_TTL: "5", ADMIN_CONTEXT_TTL: "7" })).toEqual([
      null,
      5,
      7,
      1_800,
      900,
    ]);
    expect(() => parseConfig({ CONTEXT_TTL: "0" })).toThrow("CONTEXT_TTL takes whole seconds");
  });

  it("that does not exist is refused, naming those that do, and nothing is stored", async () => {
    const client = new Client();
    const { status, body } = await client.ask("Hi", { assistant: "oracle", session_id: "s" });
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: "assistant_not_found", param: "assistant" });
    expect(body.error).toContain("default, customer, admin, support");
    expect((await client.get("/sessions")).body.data).toEqual([]);
  });

  it("is for its roles only", async () => {
    const client = new Client();
    expect(await client.ask("Hi", { assistant: "customer", role: "admin" })).toMatchObject({
      status: 403,
      body: { code: "role_not_allowed" },
    });
    expect((await client.ask("Hi", { assistant: "customer", role: "client" })).status).toBe(200);
  });

  it("answers with admin only to keys with the scope manage, in old sessions too", async () => {
    const { client, account } = await adminAndCaller();
    const { body } = await account.ask("Hi", { assistant: "admin", session_id: "ops" });
    expect(body.session_id).toBe("ops");
    for (const more of [{ assistant: "admin" }, { session_id: "ops" }]) {
      expect(await client.ask("Hi", more)).toMatchObject({
        status: 403,
        body: { code: "forbidden" },
      });
    }
  });

  it("stays the one that its session began with", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s", assistant: "customer", user_id: "ann" });
    for (const more of [{ assistant: "support" }, { role: "admin" }, { user_id: "bob" }]) {
      const { status, body } = await client.ask("Hi", { session_id: "s", ...more });
      expect([status, body.code]).toEqual([422, "invalid_request"]);
    }
    await client.ask("Hi", { session_id: "plain" });
    expect((await client.ask("Hi", { session_id: "plain", assistant: "customer" })).status).toBe(
      422,
    );
  });

  it("is what the account has set it to, until that is taken back", async () => {
    const client = new Client(openai("record"));
    expect(
      (await setAssistant(client, "customer", { instructions: "Speak Latin." })).body,
    ).toMatchObject({
      name: "customer",
      instructions: "Speak Latin.",
      idle_seconds: 1_800,
      set: ["instructions"],
    });
    const { body } = await client.ask("Hi", { assistant: "customer" });
    expect(JSON.parse(body.response)).toEqual([
      { role: "system", content: "Speak Latin." },
      { role: "user", content: "Hi" },
    ]);
    const path = `/admin/accounts/${client.account}/assistants/customer`;
    expect((await client.call("DELETE", path)).body.deleted).toBe(true);
    expect((await client.get(path)).body.instructions).toContain("shop");
    expect((await client.call("DELETE", path)).status).toBe(404);
    expect((await new Client(openai("record"), client.account).get(path)).body.set).toEqual([]);
  });

  it("may be the account's own, and no other account's", async () => {
    const client = new Client();
    await setAssistant(client, "clerk", { idle_seconds: 60, window: { messages: 2 } });
    expect((await client.ask("Hi", { assistant: "clerk" })).status).toBe(200);
    expect((await new Client().ask("Hi", { assistant: "clerk" })).status).toBe(404);
    await client.call("DELETE", `/admin/accounts/${client.account}/assistants/clerk`);
    expect((await client.ask("Hi", { assistant: "clerk" })).body.error).not.toContain("clerk,");
  });

  it.each([
    [{ window: { messages: 201 } }, "window.messages"],
    [{ window: { tokens: 5 } }, "window.messages"],
    [{ idle_seconds: 0 }, "idle_seconds"],
    [{ models: ["gpt"] }, "models.0"],
    [{ models: ["upstream"] }, "models"],
    [{ roles: [] }, "roles"],
    [{ scope: "root" }, "scope"],
    [{ retention_days: -1 }, "retention_days"],
    [{ instructions: "x".repeat(16_385) }, "instructions"],
    [{ colour: "red" }, "colour"],
  ])("refuses %j", async (settings, param) => {
    const client = new Client();
    expect(await setAssistant(client, "customer", settings)).toMatchObject({
      status: 422,
      body: { code: "invalid_request", param },
    });
    expect((await client.get("/assistants")).body.data[1].idle_seconds).toBe(1_800);
  });

  it("may ask a model of its own", async () => {
    const client = new Client(openai("echo"));
    await setAssistant(client, "support", { models: ["openai/count"] });
    expect((await client.ask("Hi", { assistant: "support" })).body).toMatchObject({
      model: "openai/count",
    });
    expect(await client.ask("Hi", { assistant: "support", model: "openai/echo" })).toMatchObject({
      status: 404,
      body: { param: "model" },
    });
    expect((await client.ask("Hi", { model: "openai/echo" })).status).toBe(200);
  });

  it("has a retention of its own, longer or shorter than the account's", async () => {
    const client = new Client();
    await setAssistant(client, "customer", { retention_days: 2 });
    await setAssistant(client, "support", { retention_days: 90 });
    for (const assistant of ["default", "customer", "support"]) {
      await client.ask("Hi", { assistant, session_id: assistant }, { at: NOW });
    }
    const live = async () =>
      (await client.get("/sessions?status=live&order=asc")).body.data.map(
        (session: { session_id: string }) => session.session_id,
      );
    const dryRun = { at: NOW + 3 * DAY, body: { dry_run: true } };
    expect((await client.post("/purge", dryRun)).body).toMatchObject({
      would_delete: 1,
      first_session_ids: ["customer"],
    });
    expect((await client.get("/storage-stats", { at: NOW + 3 * DAY })).body.due_for_purge).toBe(1);
    await client.post("/purge", { at: NOW + 3 * DAY });
    expect(await live()).toEqual(["default", "support"]);
    await client.post("/purge", { at: NOW + 31 * DAY });
    expect(await live()).toEqual(["support"]);
    await client.post("/purge", { at: NOW + 91 * DAY });
    expect(await live()).toEqual([]);
  });
});

describe("the doors", () => {
  it("/api/chat answers a customer from the user of the key", async () => {
    const { account } = await adminAndCaller();
    const ann = await userKey(account.account, "ann", ["query", "read"]);
    const { body } = await ann.post("/api/chat", { body: { message: "My name is Ann" } });
    expect(body).toMatchObject({ success: true, new_session: true });
    const again = await ann.post("/api/chat", { body: { message: "What is my name?" } });
    expect(again.body.session_id).toBe(body.session_id);
    expect(again.body.response).toContain("Ann");
    expect((await ann.get(`/sessions/${body.session_id}`)).body).toMatchObject({
      assistant: "customer",
      role: "client",
      user_id: "ann",
    });
  });

  it("/admin/assistant/chat takes the scope manage and finds nothing of the customer's", async () => {
    const { account } = await adminAndCaller();
    const ann = await userKey(account.account, "ann", ["query", "manage"]);
    const chat = await ann.post("/api/chat", { body: { message: "My name is Ann" } });
    const { body } = await ann.post("/admin/assistant/chat", {
      body: { message: "What is my name?" },
    });
    expect(body.session_id).not.toBe(chat.body.session_id);
    expect(body.response).not.toContain("Ann.");
    const customer = await userKey(account.account, "ann", ["query"]);
    expect(
      (await customer.post("/admin/assistant/chat", { body: { message: "Hi" } })).body.code,
    ).toBe("forbidden");
  });

  it("name the field that is wrong as the caller calls it", async () => {
    const client = new Client();
    expect((await client.post("/api/chat", { body: { query: "Hi" } })).body.param).toBe("message");
    const long = { message: "x".repeat(262_145) };
    expect((await client.post("/api/chat", { body: long })).body).toMatchObject({
      code: "message_too_large",
      param: "message",
    });
  });
});

describe("a key that speaks for one user", () => {
  it("reaches that user's sessions and nothing else", async () => {
    const { account } = await adminAndCaller();
    const everything: Scope[] = ["query", "read", "manage"];
    const [ann, bob] = [
      await userKey(account.account, "ann", everything),
      await userKey(account.account, "bob", everything),
    ];
    await ann.ask("The secret word is heron", { session_id: "hers" });
    await account.ask("The secret word is heron", { session_id: "nobodys" });
    for (const id of ["hers", "nobodys"]) {
      expect((await bob.ask("Hi", { session_id: id })).body.code).toBe("session_not_found");
      for (const path of ["", "/messages", "/turns"])
        expect((await bob.get(`/sessions/${id}${path}`)).status).toBe(404);
      const pin = { body: { pinned: true } };
      expect((await bob.call("PATCH", `/sessions/${id}`, pin)).status).toBe(404);
      expect((await bob.call("DELETE", `/sessions/${id}`)).status).toBe(404);
      expect((await bob.get(`/archives/${id}`)).status).toBe(404);
    }
    expect((await bob.get("/sessions")).body.data).toEqual([]);
    expect((await bob.get("/sessions?user_id=ann")).body.data).toEqual([]);
    expect((await bob.get("/search?q=heron")).body.data).toEqual([]);
    expect((await ann.get("/search?q=heron")).body.data).toHaveLength(1);
    expect((await ann.get("/sessions/hers/messages")).body.data).toHaveLength(2);
    for (const call of [
      ["GET", "/storage-stats"],
      ["POST", "/purge"],
      ["GET", "/sessions/hers/window"],
      ["POST", "/archives/hers/restore"],
    ] as const)
      expect((await ann.call(call[0], call[1])).body.code).toBe("forbidden");
    for (const body of [{ hold: "mine" }, { facts: ["Obey me"] }])
      expect((await ann.call("PATCH", "/sessions/hers", { body })).body.code).toBe("forbidden");
    expect((await ann.call("PATCH", "/sessions/hers", { body: { pinned: true } })).status).toBe(
      200,
    );
    expect((await ann.ask("Hi", { user_id: "bob" })).body.code).toBe("forbidden");
  });

  it("is made by an admin, and cannot be one", async () => {
    const body = { account_id: "a", scopes: ["query", "admin"], user_id: "ann" };
    expect((await root.post("/admin/keys", { body })).body).toMatchObject({ param: "user_id" });
  });
});

describe("the window", () => {
  it("is exactly what the model gets, with instructions and facts always there", async () => {
    const client = new Client(openai("record"));
    await setAssistant(client, "customer", {
      instructions: "Be kind.",
      window: { messages: 4, tokens: null },
    });
    const about = { session_id: "s", assistant: "customer" };
    await client.ask("one", about);
    await client.call("PATCH", "/sessions/s", { body: { facts: ["Ann is allergic to nuts"] } });
    for (const text of ["two", "three", "four"]) {
      const window = (await client.get(`/sessions/s/window?query=${text}`)).body;
      const { body } = await client.ask(text, about);
      expect(JSON.parse(body.response)).toEqual(window.messages);
      expect(window.messages[0].content).toBe("Be kind.\n\nFacts:\n- Ann is allergic to nuts");
    }
  });

  it("says why each message is in or out, and leaves what is out in the store", async () => {
    const client = new Client(openai("echo"));
    for (let n = 1; n <= 6; n += 1)
      await client.ask(`message ${n}`, { session_id: "s", assistant: "customer" });
    const { body } = await client.get("/sessions/s/window");
    expect(body).toMatchObject({ assistant: "customer", limits: { messages: 10, tokens: null } });
    expect(body.messages).toHaveLength(11);
    const reasons = body.considered.map(({ reason }: { reason: string }) => reason);
    expect(reasons).toEqual([
      ...Array.from({ length: 10 }, () => "in_window"),
      "beyond_messages",
      "beyond_messages",
    ]);
    expect(body.considered.at(-1)).toMatchObject({ content: "message 1", shown: false });
    expect((await client.get("/sessions/s/messages?limit=100")).body.data).toHaveLength(12);
  });

  it("leaves out a turn without an answer, and says so", async () => {
    const client = new Client(openai("echo"));
    await client.ask("works", { session_id: "s" });
    await new Client(openai("fail"), client.account).ask("fails", { session_id: "s" });
    const { body } = await client.get("/sessions/s/window");
    expect(body.considered.map(({ reason }: { reason: string }) => reason)).toEqual([
      "unanswered",
      "in_window",
      "in_window",
    ]);
  });

  it("keeps to its token budget, the new message and the instructions counted", async () => {
    const client = new Client(openai("record"));
    const settings = { instructions: "Be brief.", window: { messages: 20, tokens: 400 } };
    await setAssistant(client, "clerk", settings);
    const words = " word".repeat(40).trim();
    const long = `${words} `.repeat(4).trim();
    const about = { session_id: "s", assistant: "clerk" };
    for (let n = 0; n < 4; n += 1)
      await new Client(openai("echo"), client.account).ask(words, about);
    const { body: idle } = await client.get("/sessions/s/window");
    const { body: full } = await client.get(`/sessions/s/window?query=${long}`);
    expect(idle.tokens).toBeLessThanOrEqual(400);
    expect(full.messages.length).toBeLessThan(idle.messages.length);
    expect(full.considered.at(-1).reason).toBe("beyond_tokens");
    const { body: sent } = await client.ask(long, about);
    expect(JSON.parse(sent.response)).toEqual(full.messages);
  });

  it("of an archived session is read where it lies", async () => {
    const client = new Client();
    await client.ask("My name is Ann", { session_id: "s" }, { at: NOW });
    const live = (await client.get("/sessions/s/window")).body;
    await client.post("/purge", { at: NOW + 40 * DAY });
    expect((await client.get("/sessions/s/window")).body).toEqual(live);
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
  });
});

describe("the running summary", () => {
  const about = { session_id: "s", assistant: "clerk" };
  const settings = { summary: true, window: { messages: 4, tokens: null } };

  it("covers what left the window, grows with it, and is shown to the model", async () => {
    const client = new Client(openai("echo"));
    await setAssistant(client, "clerk", settings);
    const summaryAfter = async (turns: number) => {
      for (let n = 0; n < turns; n += 1) await client.ask(`word ${n}`, about);
      return (await client.get("/sessions/s/window")).body;
    };
    expect((await summaryAfter(6)).summary).toBeNull();
    const calls = (await client.get("/sessions/s/turns?limit=100")).body.data;
    const { summary, messages } = await summaryAfter(1);
    expect(summary.through).toBe(calls[3].call_id);
    expect(summary.text).toContain("assistant: You said: word 3");
    expect(summary.text).not.toContain("word 4");
    expect(messages[0]).toEqual({
      role: "system",
      content: `What was said before, summed up:\n${summary.text}`,
    });
    const later = (await summaryAfter(4)).summary;
    expect(later.text).toContain("The summary so far");
    expect(later.through).not.toBe(summary.through);
  });

  it("that no model can write costs the turn nothing, and is tried again", async () => {
    const client = new Client(openai("echo"));
    await setAssistant(client, "clerk", { ...settings, models: ["openai/echo", "openai/fail"] });
    for (let n = 0; n < 6; n += 1) await client.ask("Hi", about);
    const failing = await client.ask("Hi", { ...about, model: "openai/fail" });
    expect(failing.status).toBe(502);
    expect((await client.get("/sessions/s/window")).body.summary).toBeNull();
    expect((await client.ask("Hi", about)).status).toBe(200);
    expect((await client.get("/sessions/s/window")).body.summary).not.toBeNull();
  });
});

/** A key for a whole account, and one that may only ask. */
async function adminAndCaller() {
  const { client: account } = await keyHolder(["query", "read", "manage"]);
  const { client } = await keyHolder(["query"], account.account);
  return { account, client };
}

const userKey = async (account: string, user_id: string, scopes: Scope[]): Promise<Client> =>
  (await keyHolder(scopes, account, { user_id })).client;
