import { inspect } from "node:util";

import { createConnection } from "mysql2/promise";
import { createClient } from "redis";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";

import { FORMAT } from "../../../src/account/archive/format/format.ts";
import { MYSQL_MAPPINGS } from "../../../src/cli/redis/mysql-history.ts";
import { redisSource } from "../../../src/cli/redis/redis-source.ts";
import type { RedisSourceOptions } from "../../../src/cli/redis/redis-source.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, isoTime } from "../../../src/shared/time.ts";
import php from "../../fixtures/sources/php/values.json" with { type: "json" };
import { conversationsIn, problemsIn, readAll, spoken } from "../../support/found.ts";
import { clockOffset } from "../../support/clock.ts";

const server = inject("redis");
const NOW = Date.now();
/** What the source sets for customers, admins and conversations. */
const TTL_MS = 30 * MINUTE_MS;
const T = Date.parse("2026-03-01T10:00:00.000Z");

const line = (role: string, n: number) =>
  JSON.stringify({ role, content: `${role} ${n} ✓`, timestamp: T + n * 1_000 });

const until = (value: number) => ({ expiration: { type: "PXAT", value } as const });
const used = (read: ReturnType<typeof conversationsIn>, id: string) =>
  Date.parse(read.get(id)?.session.accessed_at ?? "");

describe.skipIf(server === null)("the Redis source (needs redis-server)", () => {
  const url = `${server ?? "redis://not-installed"}/1`;
  const redis = createClient({ url });
  const source = (options: Partial<RedisSourceOptions> = {}) =>
    redisSource({ url, now: NOW, ...options });
  const all = async (options: Partial<RedisSourceOptions> = {}, after: string | null = null) =>
    readAll(source(options), after);

  beforeAll(async () => {
    await redis.connect();
  });
  afterAll(() => redis.close());
  beforeEach(() => redis.flushDb());

  /** Every key's bytes and when it expires. */
  async function dump(): Promise<Record<string, string>> {
    const raw: Record<string, string> = {};
    for await (const keys of redis.scanIterator({ COUNT: 1_000 }))
      for (const key of keys) {
        const value = await redis.eval("return redis.sha1hex(redis.call('DUMP', KEYS[1]))", {
          keys: [key],
        });
        raw[key] = `${value as string} ${await redis.pExpireTime(key)}`;
      }
    return raw;
  }

  test("keeps the digits of a user's number, and of the numbers of a bot's state", async () => {
    for (const id of ["1145678901234567891", "1145678901234567892"])
      await redis.set(
        `chat:customer:p${id.slice(-1)}`,
        `{"userId":${id},"guild":${id},"messages":[{"role":"customer","content":"Hi"}]}`,
      );
    const read = conversationsIn(await all());
    const users = [...read.values()].map(({ session }) => session.user_id);
    expect(new Set(users)).toEqual(new Set(["1145678901234567891", "1145678901234567892"]));
    const states = [...read.values()].map(({ session }) => JSON.stringify(session.state));
    expect(states.every((state, index) => state.includes(`:${users[index]}`))).toBe(true);
  });

  test("reads a customer's context in each shape that it may have", async () => {
    const messages = [
      { role: "customer", content: "Hi", timestamp: "2026-03-01T10:00:00Z" },
      { sender: "bot", text: "Hello!", created_at: T / 1_000 + 2 },
      { type: "human", message: "Bye", time: T + 5_000 },
    ];
    const json = JSON.stringify(messages);
    await redis.set("chat:customer:1", json);
    await redis.set("chat:customer:2", JSON.stringify({ messages, cart: ["tea"], userId: "u-2" }));
    await redis.set("chat:customer:3", JSON.stringify({ history: json, step: 3 }));
    await redis.set("chat:customer:4", JSON.stringify({ context: messages }));
    await redis.rPush(
      "chat:customer:5",
      messages.map((each) => JSON.stringify(each)),
    );
    await redis.lPush(
      "chat:customer:6",
      messages.map((each) => JSON.stringify(each)),
    );
    await redis.hSet("chat:customer:7", {
      messages: json,
      locale: "de",
      cart: '{"n":2}',
      zip: "01",
    });
    const found = await all();
    expect(problemsIn(found)).toEqual([]);
    const read = conversationsIn(found);
    expect([...read.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7].map((id) => `customer:${id}`));
    for (const one of read.values())
      expect(spoken(one.turns)).toEqual(["> user: Hi", "< assistant: Hello!", "> user: Bye"]);
    expect(read.get("customer:1")).toEqual({
      session: {
        type: "session",
        format: FORMAT,
        session_id: "customer:1",
        created_at: "2026-03-01T10:00:00.000Z",
        accessed_at: isoTime(NOW),
        assistant: "customer",
        user_id: "1",
        role: "client",
        metadata: { source: "redis", key: "chat:customer:1" },
        turns: 2,
      },
      turns: [
        expect.objectContaining({ created_at: "2026-03-01T10:00:00.000Z", duration_ms: 2_000 }),
        expect.objectContaining({ status: "abandoned", output: null }),
      ],
    });
    expect(read.get("customer:2")?.session).toMatchObject({
      user_id: "u-2",
      state: { cart: ["tea"] },
    });
    expect(read.get("customer:3")?.session.state).toEqual({ step: 3 });
    expect(read.get("customer:7")?.session.state).toEqual({
      locale: "de",
      cart: { n: 2 },
      zip: "01",
    });
  });

  test("reads what PHP serialised: lists, documents, objects, and JSON in them", async () => {
    const values = Object.fromEntries(
      Object.entries(php.values).map(([name, value]) => [name, Buffer.from(value, "base64")]),
    ) as Record<keyof typeof php.values, Buffer>;
    await redis.set("chat:customer:list", values.list);
    await redis.set("chat:customer:document", values.document);
    await redis.set("chat:customer:object", values.object);
    await redis.set("chat:customer:json", values.json);
    await redis.rPush("chat:customer:pushed", values.message);
    await redis.hSet("chat:customer:hash", { history: values.list, cart: values.document });
    await redis.set("chat:customer:torn", values.list.subarray(0, 60));
    const found = await all();
    expect(problemsIn(found)).toEqual([
      "The key chat:customer:torn cannot be read: it is not JSON.",
    ]);
    const read = conversationsIn(found);
    const asked = "> user: Mein Name ist Jürgen";
    for (const id of ["list", "document", "object", "json", "hash"])
      expect(spoken(read.get(`customer:${id}`)?.turns ?? [])).toEqual([
        asked,
        "< assistant: Hallo Jürgen!",
      ]);
    expect(spoken(read.get("customer:pushed")?.turns ?? [])).toEqual([asked]);
    expect(read.get("customer:document")?.session.state).toEqual({ cart: { tea: 2 }, empty: [] });
    expect(read.get("customer:object")?.session.state).toEqual({ step: 2, locale: "de" });
  });

  test("has a replacement character where a text was cut within a character", async () => {
    const text = String.raw`"cut \ud83d", "mood": "\udc00", "__proto__": {"a": 1}`;
    await redis.set(
      "chat:customer:1",
      `{"history": [{"role": "user", "content": ${text}}], "x": ${text}}`,
    );
    const [one] = conversationsIn(await all()).values();
    expect(one && spoken(one.turns)).toEqual(["> user: cut \ufffd"]);
    expect(JSON.stringify(one?.session.state)).toBe(
      '{"x":"cut \ufffd","mood":"\ufffd","__proto__":{"a":1}}',
    );
  });

  test("keeps an admin's document as the session's state, and says that the messages lie elsewhere", async () => {
    const document = { draft: { name: "Tea", price: 3 }, step: "price", history: [] };
    await redis.set("admin:context:9", JSON.stringify(document));
    const [found] = await all();
    expect(found).toMatchObject({
      conversation: {
        session: {
          session_id: "admin:9",
          user_id: "9",
          role: "admin",
          assistant: "admin",
          state: { draft: { name: "Tea", price: 3 }, step: "price" },
        },
        turns: [],
        left_out: { "messages in MySQL (none was named)": 1 },
      },
    });
  });

  test.skipIf(inject("mysql") === null)(
    "takes what admins and customers said from MySQL, and from Redis what MySQL has not (needs mariadbd)",
    async () => {
      const mysql = `${inject("mysql")}/admins`;
      const connection = await createConnection(inject("mysql") ?? "");
      await connection.query("create or replace database admins");
      await connection.query("use admins");
      await connection.query(
        "create table admin_messages (id int auto_increment primary key, admin_id varchar(20), role varchar(20), content text, created_at datetime, key (admin_id))",
      );
      const rows = Array.from({ length: 24 }, (_, n) => [
        "7",
        n % 2 === 0 ? "admin" : "assistant",
        `said ${n}`,
        "2026-03-01 10:00:00",
      ]);
      rows.push(["7 ", "user", "somebody else's", "2026-03-01 10:00:00"]);
      await connection.query(
        "insert into admin_messages (admin_id, role, content, created_at) values ?",
        [rows],
      );
      await connection.end();
      const history = [{ role: "user", content: "cached" }];
      await redis.set("admin:context:7", JSON.stringify({ step: 2, history }));
      await redis.set("admin:context:8", JSON.stringify({ step: 1, history }));
      await redis.set("chat:customer:7", JSON.stringify([{ role: "client", content: "said 23" }]));
      await redis.set("chat:customer:8", JSON.stringify(history));
      const mapping = { ...MYSQL_MAPPINGS.admin, roles: { admin: "user" } };
      const read = conversationsIn(await all({ mysql, mysqlMapping: mapping }));
      const seven = read.get("admin:7");
      expect(seven && spoken(seven.turns)).toEqual([
        ...rows
          .slice(0, 24)
          .map(([, role, said]) => `${role === "admin" ? "> user" : "< assistant"}: ${said}`),
        // What MySQL has not is taken from Redis.
        "> user: cached",
      ]);
      expect(seven).toMatchObject({
        session: { state: { step: 2 }, created_at: "2026-03-01T10:00:00.000Z" },
      });
      expect(seven).not.toHaveProperty("left_out");
      const eight = read.get("admin:8");
      expect(eight && spoken(eight.turns)).toEqual(["> user: cached"]);
      expect(eight?.left_out).toEqual({ "admins without messages in MySQL": 1 });
      expect(read.get("customer:7")?.left_out).toEqual({ "customers without a table in MySQL": 1 });

      const customers = await createConnection(mysql);
      await customers.query(
        "create table customer_messages (id int auto_increment primary key, customer_id int, role varchar(20), content text, created_at datetime)",
      );
      await customers.query("insert into customer_messages values ?", [
        Array.from({ length: 24 }, (_, n) => [
          n + 1,
          7,
          n % 2 === 0 ? "assistant" : "customer",
          `said ${n}`,
          "2026-03-01 10:00:00",
        ]),
      ]);
      await customers.query(
        "insert into customer_messages values (25, 9, 'customer', 'now', '2026-03-01 10:00:00')",
      );
      await customers.end();
      await redis.set(
        "chat:customer:9",
        JSON.stringify([
          { role: "customer", content: "long before", timestamp: "2026-02-01T10:00:00Z" },
          { role: "customer", content: "now", timestamp: "2026-03-01T10:00:00Z" },
          { role: "customer", content: "since", timestamp: "2026-03-02T10:00:00Z" },
        ]),
      );
      const mysqlMapping = { admin: mapping };
      const last = conversationsIn(await all({ mysql, mysqlMapping, mysqlLast: 10 }));
      expect(last.get("admin:7")).toMatchObject({ left_out: { "older messages": 14 } });
      const customer = last.get("customer:7");
      expect(customer && spoken(customer.turns)).toEqual(
        Array.from(
          { length: 10 },
          (_, n) => `${n % 2 === 0 ? "< assistant" : "> user"}: said ${n + 14}`,
        ),
      );
      expect(customer?.left_out).toEqual({ "older messages": 14 });
      // What only Redis has is lost on neither side of what MySQL has.
      const nine = last.get("customer:9");
      expect(nine && spoken(nine.turns)).toEqual([
        "> user: long before",
        "> user: now",
        "> user: since",
      ]);
      expect(nine).not.toHaveProperty("left_out");
      expect(last.get("customer:8")?.left_out).toEqual({
        "customers without messages in MySQL": 1,
      });
      const failed = all({ mysql: mysql.replace("admins", "nowhere") });
      await expect(failed).rejects.toThrow("Unknown database 'nowhere'");
    },
  );

  test("makes of a travel bot's session what the travel assistant can go on with", async () => {
    const history = [{ role: "user", content: "NYC to London", timestamp: T }];
    await redis.set(
      "session:+4915112345678",
      JSON.stringify({
        step: "awaiting_dates",
        slots: { from: "New York", to: "LHR", adults: "2", cabin: "business", mood: "good" },
        history,
        lang: "en",
        constructor: "x",
      }),
    );
    await redis.hSet("session:whatsapp:+4915100000000", { step: "origin", name: "Ada" });
    await redis.set("session:abcdef", "{}");
    const found = await all();
    const read = conversationsIn(found);
    expect(read.get("travel:+4915112345678")).toMatchObject({
      session: {
        user_id: "whatsapp:+4915112345678",
        assistant: "travel",
        state: {
          trip: {
            origin: "NYC",
            destination: "LHR",
            passengers: 2,
            cabin: "business",
            departure_date: null,
          },
          dialogue: { step: "dates", offers: [] },
          brought: {
            step: "awaiting_dates",
            slots: { from: "New York", adults: "2", mood: "good" },
            lang: "en",
            constructor: "x",
          },
        },
      },
      turns: [{ input: [{ content: "NYC to London" }] }],
    });
    expect(read.get("travel:+4915100000000")?.session.state).toMatchObject({
      dialogue: { step: "origin" },
      brought: { name: "Ada" },
    });
    expect(problemsIn(found)).toEqual([
      "The key session:abcdef is left: its name has no phone number, so it is no travel bot's session.",
    ]);
  });

  test("puts the three keys of a conversation together", async () => {
    const history = [
      JSON.stringify({ role: "client", content: "Where is it?", timestamp: T }),
      JSON.stringify({ role: "ai", content: "On its way.", timestamp: T + 900 }),
    ];
    const key = "conversation:client:whatsapp:+49151:6f1c";
    await redis.rPush(`${key}:history`, history);
    await redis.set(`${key}:state`, JSON.stringify({ order: 7, meta: 1 }));
    await redis.hSet(`${key}:meta`, { created_at: "2026-03-01T09:59:00", channel: "web" });
    await redis.set(
      "conversation:admin:2:77aa:history",
      JSON.stringify(history.map((each) => JSON.parse(each) as object)),
    );
    await redis.set("conversation:auditor:3:88bb:state", "{}");
    await redis.set("conversation:lost", "{}");
    const found = await all();
    const read = conversationsIn(found);
    expect(read.get("6f1c")).toMatchObject({
      session: {
        created_at: "2026-03-01T09:59:00.000Z",
        user_id: "whatsapp:+49151",
        role: "client",
        assistant: "customer",
        state: { order: 7, meta: 1, meta_key: { channel: "web" } },
      },
      turns: [
        {
          input: [{ content: "Where is it?" }],
          output: [{ content: "On its way." }],
          duration_ms: 900,
        },
      ],
    });
    expect(read.get("77aa")?.session).toMatchObject({
      role: "admin",
      assistant: "admin",
      user_id: "2",
    });
    expect(read.get("88bb")?.session).toMatchObject({ role: "auditor", user_id: "3", turns: 0 });
    expect(read.get("88bb")?.session).not.toHaveProperty("assistant");
    expect(problemsIn(found)).toEqual([
      "The key conversation:lost is left: its name is not conversation:{role}:{user}:{id}:history, :state or :meta.",
    ]);
  });

  test("reads LangChain's lists, which have the newest message first, with their tool calls", async () => {
    const kwargs = {
      tool_calls: [
        { id: "c1", type: "function", function: { name: "search", arguments: '{"q": "tea"}' } },
      ],
    };
    const messages = [
      { type: "system", data: { content: "Be brief.", additional_kwargs: {}, type: "system" } },
      {
        type: "human",
        data: {
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } },
          ],
          id: null,
          example: false,
        },
      },
      {
        type: "ai",
        data: {
          content: "",
          id: "run-1",
          tool_calls: [{ name: "search", args: { q: "tea" }, id: "c1", type: "tool_call" }],
          invalid_tool_calls: [{ name: "search", args: '{"q": ', id: "c2", error: "torn" }],
          additional_kwargs: kwargs,
          response_metadata: { model_name: "gpt-4o" },
        },
      },
      {
        type: "tool",
        data: { content: "Tea.", tool_call_id: "c1", name: "search", status: "success" },
      },
      {
        type: "AIMessageChunk",
        data: {
          content: [
            { type: "thinking", thinking: "Hm." },
            { type: "text", text: "It is tea." },
          ],
          usage_metadata: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
          response_metadata: { model_name: "gpt-4o", finish_reason: "stop" },
        },
      },
      {
        lc: 1,
        type: "constructor",
        id: ["langchain_core", "messages", "HumanMessage"],
        kwargs: { content: "Thanks" },
      },
    ];
    for (const message of messages) await redis.lPush("message_store:s 1", JSON.stringify(message));
    const [found] = await all();
    expect(found).toMatchObject({
      conversation: {
        session: {
          metadata: { source: "redis", key: "message_store:s 1", source_session_id: "s 1" },
        },
        turns: [
          {
            model: "gpt-4o",
            output: [
              { call_id: "c1" },
              { call_id: "c2" },
              { call_id: "c1" },
              { role: "assistant" },
            ],
          },
          { output: null },
        ],
        left_out: { reasoning: 1, usage_metadata: 1, response_metadata: 1 },
      },
    });
    const [one] = conversationsIn(found ? [found] : []).values();
    expect(one && spoken(one.turns)).toEqual([
      "> system: Be brief.",
      '> user: [{"type":"input_text","text":"What is this?"},{"type":"input_image","image_url":"https://example.com/a.png","detail":"low"}]',
      '< search({"q": "tea"})',
      '< search({"q": )',
      "< = Tea.",
      "< assistant: It is tea.",
      "> user: Thanks",
    ]);
    // No time is known, and none is made up.
    expect(one?.turns.some((turn) => "created_at" in turn || "duration_ms" in turn)).toBe(false);
  });

  test("finds LangChain's lists under another prefix, and under none", async () => {
    const human = JSON.stringify({ type: "human", data: { content: "Hi" } });
    await redis.lPush("memory:a", human);
    await redis.lPush("b", human);
    await redis.lPush("chat:customer:1", JSON.stringify({ role: "user", content: "Hi" }));
    await redis.set("something", "else");
    const named = await all({ langchainPrefix: "memory:" });
    expect([...conversationsIn(named).keys()]).toEqual(["customer:1", "a"]);
    const any = await all({ kinds: ["langchain"], langchainPrefix: "" });
    expect([...conversationsIn(any).keys()]).toEqual(["b", "memory:a"]);
  });

  test("takes the last access from a key's TTL and the source's own", async () => {
    const soon = NOW + 10 * MINUTE_MS;
    const late = NOW + 90 * DAY_MS;
    const undated = JSON.stringify([{ role: "user", content: "Hi" }]);
    await redis.set("chat:customer:soon", undated, until(soon));
    await redis.set("chat:customer:late", undated, until(late));
    await redis.set("chat:customer:never", undated);
    await redis.set("admin:context:soon", undated, until(soon));
    await redis.hSet("session:+4915112345678", { step: "origin" });
    await redis.pExpireAt("session:+4915112345678", soon);
    await redis.lPush("message_store:a", '{"type":"human","data":{"content":"Hi"}}');
    await redis.pExpireAt("message_store:a", soon);
    await redis.set("conversation:client:1:x:history", undated, until(soon));
    await redis.set("conversation:client:1:x:state", "{}", until(soon + 5));
    const read = conversationsIn(await all());
    expect(read.get("customer:soon")).toMatchObject({
      session: { accessed_at: isoTime(soon - TTL_MS), created_at: isoTime(soon - TTL_MS) },
      turns: [{ created_at: isoTime(soon - TTL_MS) }],
    });
    expect(used(read, "admin:soon")).toBe(soon - TTL_MS);
    expect(used(read, "travel:+4915112345678")).toBe(soon - 15 * MINUTE_MS);
    expect(used(read, "x")).toBe(soon + 5 - TTL_MS);
    // A key that lives for longer than the TTL, or for ever, or of an unknown TTL, is live: it counts as used now.
    for (const id of ["customer:late", "customer:never", "a"]) expect(used(read, id)).toBe(NOW);
    expect(read.get("customer:late")?.turns[0]).not.toHaveProperty("created_at");
    const sourceTtl = { customer: 3_600, langchain: 1_200 };
    const told = conversationsIn(await all({ sourceTtl }));
    expect(used(told, "customer:soon")).toBe(soon - HOUR_MS);
    expect(used(told, "admin:soon")).toBe(soon - TTL_MS);
    expect(used(told, "a")).toBe(soon - 20 * MINUTE_MS);
  });

  test("knows the time to live of an older Redis to the second", async () => {
    const soon = Math.ceil((NOW + 10 * MINUTE_MS) / 1_000) * 1_000 + 300;
    const value = JSON.stringify([{ role: "user", content: "Hi" }]);
    // Redis keeps the machine's time.
    const expiration = { type: "PXAT", value: soon - clockOffset() } as const;
    await redis.set("chat:customer:1", value, { expiration });
    await redis.sendCommand("ACL SETUSER old on nopass ~* +@all -pexpiretime".split(" "));
    const old = url.replace("redis://", "redis://old:any@");
    const [one] = conversationsIn(await all({ url: old })).values();
    expect(one?.session.accessed_at).toBe(new Date(soon - 300 - TTL_MS).toISOString());
  });

  test("tells of everything that cannot be read, and reads the rest", async () => {
    await redis.set("chat:customer:garbage", "{oh");
    await redis.set("chat:customer:number", "7");
    await redis.sAdd("chat:customer:set", "a");
    await redis.set("chat:customer:binary", Buffer.from([0xff, 0xfe, 0x00]));
    await redis.set(Buffer.concat([Buffer.from("chat:customer:"), Buffer.from([0xff])]), "[]");
    await redis.hSet("chat:customer:torn", { messages: "[{" });
    await redis.rPush("message_store:torn", [
      "{oh",
      JSON.stringify({ type: "human", data: { content: "Hi" } }),
    ]);
    await redis.set(
      "chat:customer:some",
      JSON.stringify([
        { role: "user", content: "One" },
        { role: "narrator", content: "Two" },
        { role: "user" },
        "Three",
        { role: "bot", content: "Four", timestamp: "soon", mood: "good" },
      ]),
    );
    const found = await all();
    expect(problemsIn(found)).toEqual([
      "The key chat:customer:binary cannot be read: it is not UTF-8.",
      "The key chat:customer:garbage cannot be read: it is not JSON.",
      "The key chat:customer:number cannot be read: it is JSON, but neither a list nor an object.",
      "The key chat:customer:set cannot be read: it is a set, and no string, list or hash.",
      'Message 2 of chat:customer:some is left out: its role "narrator" is not known.',
      "Message 3 of chat:customer:some is left out: it has no content (content, text, message, body).",
      "Message 4 of chat:customer:some is left out: it is no object with a role and a content.",
      "The key chat:customer:torn cannot be read: its field messages is not JSON.",
      String.raw`The key chat:customer:\xff is left: its name is not UTF-8.`,
      "Message 2 of message_store:torn is left out: it is not JSON.",
    ]);
    const read = conversationsIn(found);
    expect(read.get("customer:some")).toMatchObject({
      turns: [{ input: [{ content: "One" }], output: [{ content: "Four" }] }],
      left_out: {
        "messages that cannot be read": 3,
        "time that cannot be read": 1,
        "message.mood": 1,
      },
    });
    expect([...read.keys()]).toEqual(["customer:some", "torn"]);
  });

  test("reads hundreds of keys twice the same, from anywhere on, and changes none of them", async () => {
    for (let n = 0; n < 150; n += 1) {
      const expiring = n % 3 === 0;
      const keys = [
        `chat:customer:${n}`,
        `conversation:client:${n}:u${n}:history`,
        `message_store:m${n}`,
        `session:+4915${String(n).padStart(6, "0")}`,
        `admin:context:${n}`,
      ] as const;
      await redis.rPush(keys[0], [line("user", n), line("bot", n + 1)]);
      await redis.set(keys[1], `[${line("client", n)}]`);
      await redis.lPush(keys[2], JSON.stringify({ type: "human", data: { content: `${n}` } }));
      await redis.hSet(keys[3], { step: "dates", history: `[${line("user", n)}]` });
      await redis.set(keys[4], n % 10 === 0 ? "garbage" : JSON.stringify({ n }));
      if (expiring) for (const key of keys) await redis.expire(key, 5_000 + n);
    }
    const before = await dump();
    const whole = await all();
    expect(whole).toHaveLength(750);
    expect(problemsIn(whole)).toHaveLength(15);
    expect(await all()).toEqual(whole);
    expect(new Set(whole.map(({ position }) => position)).size).toBe(750);
    for (const at of [0, 99, 100, 420, 748, 749])
      expect(await all({}, whole[at]?.position)).toEqual(whole.slice(at + 1));
    expect(await dump()).toEqual(before);
    expect(await source().total()).toBe(750);
    const some = await all({ kinds: ["travel"] });
    expect(some).toEqual(whole.filter(({ from }) => from.startsWith("session:")));
    const commands = await redis.info("commandstats");
    expect(commands).toContain("cmdstat_scan:");
    expect(commands).not.toContain("cmdstat_keys:");
  });

  test("goes on in the middle of a place that has problems with the whole of it", async () => {
    await redis.rPush("chat:customer:1", ["{oh", JSON.stringify({ role: "user", content: "Hi" })]);
    const [problem, conversation, ...none] = await all();
    expect(none).toEqual([]);
    expect(await all({}, problem?.position)).toEqual([problem, conversation]);
    expect(await all({}, conversation?.position)).toEqual([]);
  });

  test("ends with a clear sentence when the server goes in the middle", async () => {
    for (let n = 0; n < 300; n += 1) await redis.set(`chat:customer:${n}`, `[${line("user", n)}]`);
    const going = source();
    const read = async () => {
      for await (const found of going.read(null)) {
        if (found.from !== "chat:customer:0") continue;
        const own = await redis.clientId();
        for (const { id, db } of await redis.clientList())
          if (db === 1 && id !== own) await redis.sendCommand(["CLIENT", "KILL", "ID", String(id)]);
      }
    };
    await expect(read()).rejects.toThrow(/^Redis: \w+ failed: .*closed/i);
    await going.close();
  });

  test("says what is wrong with a connection, and not the password", async () => {
    for (const bad of [
      "redis://u:s3cret@127.0.0.1:1",
      "http://u:s3cret@127.0.0.1",
      "s3cret",
      url.replace("redis://", "redis://nobody:s3cret@"),
    ]) {
      const failed = await all({ url: bad }).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(Error);
      expect(inspect(failed, { depth: 9, showHidden: true })).not.toContain("s3cret");
      expect((failed as Error).message).toMatch(
        /^No connection to Redis at 127|^Redis takes a URL/,
      );
    }
  });
});
