import { runInDurableObject } from "cloudflare:test";
import { describe, expect, inject, it } from "vitest";

import { Client, DAY } from "../../support/client.ts";
import { keyHolder } from "../../support/keys.ts";

const openai = (model: string) => ({
  MODEL: `openai/${model}`,
  OPENAI_BASE_URL: inject("modelServer"),
});
const setAssistant = (client: Client, name: string, body: object) =>
  client.call("PUT", `/admin/accounts/${client.account}/assistants/${name}`, { body });
const windowAt = async (client: Client, callId: string) =>
  (await client.get(`/calls/${callId}/window`)).body;
const reasonsIn = ({ considered }: { considered: { reason: string }[] }) =>
  considered.map(({ reason }) => reason);
const repeat = (reason: string, times: number) => Array.from({ length: times }, () => reason);

describe("what the model was shown at a past turn", () => {
  it("is exactly what it got then, whatever the assistant is like today", async () => {
    const client = new Client(openai("record"));
    const settings = { instructions: "Be kind.", window: { messages: 4, tokens: null } };
    await setAssistant(client, "customer", settings);
    const about = { session_id: "s", assistant: "customer" };
    const got: { id: string; messages: unknown }[] = [];
    for (const text of ["one", "two", "three", "four"]) {
      const { body } = await client.ask(text, about);
      got.push({ id: body.call_id, messages: JSON.parse(body.response) });
    }
    await setAssistant(client, "customer", { instructions: "Be brief.", window: { messages: 2 } });
    for (const { id, messages } of got) {
      const window = await windowAt(client, id);
      expect(window.messages).toEqual(messages);
      expect(window).toMatchObject({
        object: "call.window",
        call_id: id,
        session_id: "s",
        assistant: "customer",
        basis: "recorded",
        system: "kept",
        is_complete: true,
        limits: { messages: 2 },
      });
    }
    const third = await windowAt(client, got[2]?.id ?? "");
    expect(third).toMatchObject({ shown: 4, is_same_today: false });
    expect(reasonsIn(third)).toEqual(repeat("in_window", 4));
  });

  it("says which limit left messages out, as far as today's limits explain it", async () => {
    const client = new Client(openai("echo"));
    await setAssistant(client, "customer", { window: { messages: 2, tokens: null } });
    const about = { session_id: "s", assistant: "customer" };
    let last = "";
    for (const text of ["one", "two", "three"]) last = (await client.ask(text, about)).body.call_id;
    const same = await windowAt(client, last);
    expect(same).toMatchObject({ shown: 2, is_same_today: true });
    expect(reasonsIn(same)).toEqual([...repeat("in_window", 2), ...repeat("beyond_messages", 2)]);
    await setAssistant(client, "customer", { window: { messages: 20, tokens: null } });
    const wider = await windowAt(client, last);
    expect(wider).toMatchObject({ shown: 2, is_same_today: false });
    expect(reasonsIn(wider)).toEqual([
      ...repeat("in_window", 2),
      ...repeat("beyond_past_limits", 2),
    ]);
    expect(wider.messages).toEqual(same.messages);
  });

  it("leaves out turns without an answer, and the turns after it", async () => {
    const client = new Client(openai("echo"));
    await client.ask("works", { session_id: "s" });
    await new Client(openai("fail"), client.account).ask("fails", { session_id: "s" });
    const { body } = await client.ask("again", { session_id: "s" });
    await client.ask("later", { session_id: "s" });
    const window = await windowAt(client, body.call_id);
    expect(reasonsIn(window)).toEqual(["unanswered", "in_window", "in_window"]);
    expect(window.messages.at(-1)).toEqual({ role: "user", content: "again" });
  });

  it("is told by today's limits for turns that record none, such as imported ones", async () => {
    const client = new Client();
    const lines = [
      { type: "session", format: 6, session_id: "s", turns: 2 },
      ...["one", "two"].map((input) => ({
        type: "turn",
        created_at: "2026-01-01T00:00:00Z",
        input,
        output: "yes",
      })),
    ];
    await client.post("/import", { body: lines.map((each) => JSON.stringify(each)).join("\n") });
    const { data } = (await client.get("/sessions/s/turns")).body;
    const window = await windowAt(client, data[1].call_id);
    expect(window).toMatchObject({
      basis: "today",
      shown: null,
      is_same_today: null,
      system: "none",
    });
    expect(reasonsIn(window)).toEqual(["in_window", "in_window"]);
  });

  it("is the request where another program made the call", async () => {
    const client = new Client();
    const request = { model: "m", messages: [{ role: "user", content: "Hi" }] };
    const { call_id } = (await client.post("/calls", { body: { call_id: "c-1", request } })).body;
    expect(await windowAt(client, call_id)).toMatchObject({
      call_id: "c-1",
      session_id: null,
      basis: "request",
      shown: null,
      considered: [],
    });
  });

  it("of an archived session is read where it lies", async () => {
    const client = new Client();
    await client.ask("My name is Ann", { session_id: "s" }, { at: Date.now() - 40 * DAY });
    const at = Date.now() - 40 * DAY + 5;
    const { body } = await client.ask("What is my name?", { session_id: "s" }, { at });
    const live = await windowAt(client, body.call_id);
    await client.post("/purge");
    expect(await windowAt(client, body.call_id)).toEqual(live);
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
  });

  it("is there for keys of the whole account alone", async () => {
    const client = new Client();
    const { body } = await client.ask("Hi", { session_id: "s", user_id: "ann" });
    const path = `/calls/${body.call_id}/window`;
    const ann = await keyHolder(["read"], client.account, { user_id: "ann" });
    expect((await ann.client.get(path)).body.code).toBe("forbidden");
    expect((await new Client().get(path)).body.code).toBe("call_not_found");
    await client.call("DELETE", "/sessions/s");
    expect((await client.get(path)).status).toBe(404);
  });
});

const add = async (client: Client, text: string): Promise<string> =>
  (await client.post("/users/ann/facts", { body: { text } })).body.fact_id;

describe("the user's facts that a model was shown at a past turn", () => {
  const about = { session_id: "s", user_id: "ann" };

  it("are those of then, and not those that came later", async () => {
    const client = new Client(openai("record"));
    const tea = await add(client, "Likes tea");
    const rome = await add(client, "Lives in Rome");
    const { body } = await client.ask("one", about);
    await add(client, "Has a cat");
    const window = await windowAt(client, body.call_id);
    expect(window.messages).toEqual(JSON.parse(body.response));
    expect(JSON.stringify(window.messages)).toContain("Likes tea");
    expect(window.facts).toHaveLength(2);
    for (const fact_id of [tea, rome])
      expect(window.facts).toContainEqual({ fact_id, state: "kept" });
    expect(window.tokens).toBeGreaterThan(20);
    const next = await client.ask("two", about);
    expect((await windowAt(client, next.body.call_id)).facts).toHaveLength(3);
    const bobs = await client.ask("three", { session_id: "b", user_id: "bob" });
    expect((await windowAt(client, bobs.body.call_id)).facts).toEqual([]);
  });

  it("say which were edited or erased, and keep no text of these", async () => {
    const client = new Client(openai("echo"));
    const tea = await add(client, "Likes tea");
    const rome = await add(client, "Lives in Rome");
    const cat = await add(client, "Has a cat");
    const { call_id } = (await client.ask("one", about)).body;
    const path = `/users/ann/facts/${tea}`;
    const at = Date.now() + DAY;
    await client.call("PATCH", path, { at, body: { text: "Likes coffee" } });
    await client.call("DELETE", `/users/ann/facts/${rome}`);
    const states = async (): Promise<Record<string, string>> => {
      const { facts, messages } = await windowAt(client, call_id);
      expect(JSON.stringify(messages)).not.toMatch(/tea|coffee|Rome/);
      expect(JSON.stringify(messages)).toContain("Has a cat");
      return Object.fromEntries(
        facts.map(({ fact_id, state }: Record<string, string>) => [fact_id, state]),
      );
    };
    const expected = { [tea]: "changed", [rome]: "erased", [cat]: "kept" };
    expect(await states()).toEqual(expected);
    const edited = (await client.ask("two", about, { at: at + 1 })).body.call_id;
    expect((await windowAt(client, edited)).facts).toContainEqual({ fact_id: tea, state: "kept" });
    const rows = await runInDurableObject(client.object, (_, { storage }) =>
      JSON.stringify(storage.sql.exec("select * from turns").toArray()),
    );
    expect(rows).toContain(rome);
    expect(rows).not.toContain("Lives in Rome");
    await client.post("/sessions/s/archive");
    expect(await states()).toEqual(expected);
  });

  it("travel with an export, and are refused where they are no ids", async () => {
    const client = new Client(openai("echo"));
    const fact_id = await add(client, "Likes tea");
    await client.ask("one", about);
    const lines = await (await client.fetch("GET", "/export")).text();
    const other = new Client();
    expect((await other.post("/import", { body: lines })).body).toMatchObject({
      problem_count: 0,
      reconciliation: { differing: [] },
    });
    const [{ call_id }] = (await other.get("/sessions/s/turns")).body.data;
    const { facts } = await windowAt(other, call_id);
    expect(facts).toEqual([{ fact_id, state: "kept" }]);
    const bad = lines.replace(`"facts":["${fact_id}"]`, '"facts":["Likes tea"]');
    const report = (await new Client().post("/import?mode=skip_bad", { body: bad })).body;
    expect(report).toMatchObject({ problem_count: 1 });
  });

  it("are recorded of a turn that failed, and only as many as were shown", async () => {
    const client = new Client(openai("fail"));
    for (let n = 0; n < 30; n += 1) await add(client, `${n} ${"x".repeat(500)}`);
    await client.ask("fails", about);
    const [{ call_id }] = (await client.get("/sessions/s/turns")).body.data;
    const { facts } = await windowAt(client, call_id);
    expect(facts).toHaveLength(16);
  });
});
