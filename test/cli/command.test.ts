import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client as Postgres } from "pg";
import { createConnection } from "mysql2/promise";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";

import { transfer } from "../../src/cli/command.ts";
import { FORMAT } from "../../src/account/archive/format/format.ts";
import { freshStorage, startServer } from "../journeys/server.ts";
import type { Server } from "../journeys/server.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const CLOCK = join(import.meta.dirname, "../support/node-clock.ts");
const T = Date.parse("2026-03-01T10:00:00.000Z");
const directory = mkdtempSync(join(tmpdir(), "transfer-command-"));

let colloquy: Server;
beforeAll(async () => {
  colloquy = await startServer(freshStorage());
});
afterAll(async () => {
  await colloquy.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Ran {
  status: number | null;
  out: string;
  err: string;
}

/**
 * The command in this process: another one takes half a second to load it.
 *
 * @param to - in place of the server, something between
 */
async function run(args: string[], to = colloquy.url): Promise<Ran> {
  const ran: Ran = { status: null, out: "", err: "" };
  const spies = [
    vi.spyOn(console, "log").mockImplementation((text) => void (ran.out += `${text}\n`)),
    vi.spyOn(console, "error").mockImplementation((text) => void (ran.err += `${text}\n`)),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      ran.err += String(text);
      return true;
    }),
  ];
  try {
    ran.status = await transfer([...args, "--to", to]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return ran;
}

/** The command line itself, which ends with what it has opened. */
async function spawned(args: string[], to = colloquy.url): Promise<Ran> {
  const child = spawn(process.execPath, ["--import", CLOCK, MAIN, ...args, "--to", to], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ran: Ran = { status: null, out: "", err: "" };
  child.stdout.on("data", (chunk) => void (ran.out += String(chunk)));
  child.stderr.on("data", (chunk) => void (ran.err += String(chunk)));
  killer = () => child.kill("SIGKILL");
  [ran.status] = (await once(child, "close")) as [number | null];
  return ran;
}
/** Kills the command that is running. */
let killer: () => void = () => undefined;

const json = (ran: Ran) => {
  if (ran.out === "") throw new Error(`it said nothing but: ${ran.err}`);
  return JSON.parse(ran.out);
};
// oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
const get = async (account: string, path: string): Promise<any> => {
  const separator = path.includes("?") ? "&" : "?";
  const response = await fetch(`${colloquy.url}${path}${separator}account_id=${account}`);
  return response.json();
};
/** The account's lines, but for its own numbers: an object that was evicted meanwhile leaves some out. */
const exported = async (account: string): Promise<object[]> => {
  const response = await fetch(`${colloquy.url}/export?account_id=${account}`);
  return (await response.text()).split("\n").map((line) => {
    const { key: _, call_id: _id, ...rest } = JSON.parse(line || "{}") as Record<string, unknown>;
    return rest;
  });
};

/** Stands before the server. @param onImport - is told the number of each POST /import, before its reply is passed on */
async function between(
  onImport: (number: number) => "pass" | "drop" | "kill" | { status: number; headers: object },
): Promise<{ url: string; close: () => void }> {
  let imports = 0;
  const proxy = createServer((from, to) => {
    const isImport = from.method === "POST" && from.url?.startsWith("/import");
    const what = isImport ? onImport((imports += 1)) : "pass";
    if (typeof what === "object") {
      from.resume();
      to.writeHead(what.status, { ...what.headers }).end('{"error":"not now","code":"x"}');
      return;
    }
    const { method, headers, url } = from;
    const passed = request(`${colloquy.url}${url}`, { method, headers }, (reply) => {
      if (what === "drop" || what === "kill") {
        reply.resume();
        // The server has done its work by now, and the command does not hear of it.
        reply.on("end", () => {
          if (what === "kill") killer();
          to.destroy();
        });
        return;
      }
      to.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(to);
    });
    from.pipe(passed);
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

/** Chats of some 12 MB: three pieces. */
function manyChats(): string {
  const file = join(directory, "chats.jsonl");
  const lines = Array.from({ length: 300 }, (_, chat) =>
    JSON.stringify({
      id: `chat-${chat}`,
      created_at: T + chat * 1_000,
      messages: Array.from({ length: 40 }, (_each, n) => ({
        role: n % 2 === 0 ? "user" : "assistant",
        content: `${chat}/${n} ${"word ".repeat(200)}`,
      })),
    }),
  );
  writeFileSync(file, lines.join("\n"));
  return file;
}

test("says what it takes, and what is wrong with what it was given", async () => {
  const help = await spawned(["--help"]);
  expect([help.status, help.out]).toEqual([0, expect.stringContaining("Usage")]);
  const cases: [string[], string][] = [
    [["dropbox", "x"], "dropbox: is no source."],
    [["chatgpt"], "Name a source, and where it is."],
    [["chatgpt", "x", "--branches", "some"], "--branches takes active, all."],
    [["redis", "x", "--source-ttl", "cart=3"], "--source-ttl takes customer, admin"],
    [["chatgpt", "x", "--more"], "--more"],
  ];
  for (const [args, message] of cases) {
    const { status, err } = await run(args);
    expect([status, err]).toEqual([64, expect.stringContaining(message)]);
  }
  const missing = await spawned(["chatgpt", join(directory, "none.json")]);
  expect([missing.status, missing.err]).toEqual([1, expect.stringContaining("none.json")]);
});

test("tries a file, brings it, and takes it back", async () => {
  const account = "files";
  const file = join(directory, "few.jsonl");
  const messages = [
    { role: "user", content: "Is it raining?" },
    { role: "assistant", content: "No." },
  ];
  const long = [{ role: "user", content: "x".repeat(22e6) }];
  writeFileSync(
    file,
    [{ id: "a", messages }, { id: "b", messages: long }, { id: "c" }, { id: "d", messages }]
      .map((line) => JSON.stringify(line))
      .join("\n"),
  );
  const args = ["openai", file, "--account", account];
  const dry = await run([...args, "--dry-run"]);
  expect(dry.status).toBe(2);
  expect(dry.out).toContain("would be  2 created");
  expect(dry.out).toMatch(/few\.jsonl.*: The turn has 2[01](?:\.\d)? MiB of text/);
  expect((await get(account, "/sessions")).data).toEqual([]);

  const done = await spawned(args);
  expect(done.status).toBe(2);
  expect(done.out).toContain("read back 2 sessions, 2 turns, the same as sent");
  const ids = (await get(account, "/sessions?order=asc")).data.map(
    (session: { session_id: string }) => session.session_id,
  );
  expect(ids).toEqual(["a", "d"]);
  const again = await run([...args, "--json"]);
  expect(json(again).report).toMatchObject({ created: 0, unchanged: 2 });

  const importId = /undo +npm run transfer -- undo (\S+)/.exec(done.out)?.[1] ?? "";
  const undone = await run(["undo", importId, "--account", account]);
  expect([undone.status, undone.out]).toEqual([0, expect.stringContaining("2 sessions removed")]);
  expect((await get(account, "/sessions")).data).toEqual([]);
});

test("goes on after it was killed half-way, with no double and no gap", async () => {
  const file = manyChats();
  const whole = await run(["openai", file, "--account", "whole", "--json"]);
  expect(whole.status).toBe(0);
  const proxy = await between((number) => (number === 2 ? "kill" : "pass"));
  const killed = await spawned(["openai", file, "--account", "killed"], proxy.url);
  proxy.close();
  expect(killed.status).toBeNull();
  const importId = /import (transfer-openai-\d+)/.exec(killed.err)?.[1] ?? "";
  const half = await get("killed", `/imports/${importId}`);
  expect(half.status).toBe("running");
  expect(half.sessions).toBeLessThan(300);
  const other = join(directory, "other.jsonl");
  writeFileSync(other, JSON.stringify({ id: "a", messages: [{ role: "user", content: "Hi" }] }));
  const wrong = await run(["openai", other, "--account", "killed", "--resume", importId]);
  expect([wrong.status, wrong.err]).toEqual([1, expect.stringContaining("chats.jsonl, not of")]);
  const resume = ["openai", file, "--account", "killed", "--resume", importId, "--json"];
  const resumed = await spawned(resume);
  expect(resumed.status).toBe(0);
  expect(json(resumed).report).toMatchObject({ status: "complete", created: 300, unchanged: 0 });
  expect(json(resumed).report.reconciliation).toEqual(json(whole).report.reconciliation);
  expect(await exported("killed")).toEqual(await exported("whole"));
  expect((await run(resume)).err).toContain("is complete");
}, 60_000);

test("goes on within a session that an export has in parts", async () => {
  const counts = [2, 2, 2, 2, 1];
  const lines = counts.flatMap((turns, index) => {
    const before = 2 * index;
    const part = { number: index + 1, before, all: 9 };
    const said = Array.from({ length: turns }, (_, n) => ({
      type: "turn",
      created_at: new Date(T + (before + n) * 1_000).toISOString(),
      // Two parts are more than one request has.
      input: `${before + n} ${"heron ".repeat(200_000)}${before + n}`,
      output: "Yes.",
    }));
    return [{ type: "session", format: FORMAT, session_id: "large", part, turns }, ...said];
  });
  const all = [...lines, { type: "end", sessions: 1, turns: 9 }];
  const file = join(directory, "parts.ndjson");
  writeFileSync(file, all.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const proxy = await between((number) => (number === 2 ? "kill" : "pass"));
  const killed = await spawned(["ndjson", file, "--account", "parts"], proxy.url);
  proxy.close();
  expect(killed.status).toBeNull();
  const importId = /import (transfer-ndjson-\d+)/.exec(killed.err)?.[1] ?? "";
  expect(await get("parts", `/imports/${importId}`)).toMatchObject({ created: 0, sessions: 1 });
  const resume = ["ndjson", file, "--account", "parts", "--resume", importId, "--json"];
  const { report } = json(await run(resume));
  expect(report).toMatchObject({ status: "complete", created: 1, turns: 9, problem_count: 0 });
  const response = await fetch(`${colloquy.url}/export?account_id=parts`);
  const text = await response.text();
  expect(text.match(/"number":/g)).toHaveLength(5);
  const again = join(directory, "again.ndjson");
  writeFileSync(again, text);
  const second = json(await run(["ndjson", again, "--account", "again", "--json"]));
  expect(second).toMatchObject({ found: 1, report: { created: 1, turns_written: 9 } });
  expect(await exported("again")).toEqual(await exported("parts"));
}, 60_000);

test("waits when it is told to, and tries again what may pass", async () => {
  const file = join(directory, "one.jsonl");
  writeFileSync(file, JSON.stringify({ id: "a", messages: [{ role: "user", content: "Hi" }] }));
  const proxy = await between((number) => {
    if (number === 1) return { status: 429, headers: { "retry-after-ms": "300" } };
    if (number === 2) return { status: 503, headers: { "retry-after-ms": "10" } };
    return number === 3 ? "drop" : "pass";
  });
  const began = Date.now();
  const { status, err } = await run(["openai", file, "--account", "polite"], proxy.url);
  proxy.close();
  expect(status).toBe(0);
  expect(Date.now() - began).toBeGreaterThan(300);
  expect(err.match(/waiting/g)).toHaveLength(3);
  expect((await get("polite", "/sessions/a/turns")).data).toHaveLength(1);
});

/** A context of three questions and answers. */
const all = (key: string) =>
  [0, 1, 2].flatMap((n) => [
    { role: "user", content: `Question ${n} of ${key}`, timestamp: T + n * 2_000 },
    { role: "assistant", content: `Answer ${n}`, timestamp: T + n * 2_000 + 900 },
  ]);

const redisUrl = inject("redis");
describe.skipIf(redisUrl === null)("a Redis (needs redis-server)", () => {
  const redis = createClient({ url: `${redisUrl ?? "redis://none"}/7` });
  beforeAll(async () => {
    await redis.connect();
  });
  afterAll(async () => {
    await redis.flushDb();
    await redis.close();
  });

  test("comes whole, by a dry run first, and is left as it was", async () => {
    await redis.flushDb();
    for (let n = 0; n < 100; n += 1) {
      const uuid = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
      await redis.set(`chat:customer:c${n}`, JSON.stringify(all(`c${n}`)), {
        expiration: { type: "EX", value: 86_400 },
      });
      const triple = `conversation:client:u${n}:${uuid}`;
      await redis.rPush(
        `${triple}:history`,
        all(uuid).map((message) => JSON.stringify(message)),
      );
      await redis.hSet(`${triple}:state`, { step: String(n) });
      await redis.lPush(
        `message_store:l${n}`,
        [
          { type: "human", data: { content: `Question of l${n}` } },
          { type: "ai", data: { content: "Answer" } },
        ].map((message) => JSON.stringify(message)),
      );
    }
    await redis.set("chat:customer:broken", "{");
    const keys = await redis.dbSize();
    const args = ["redis", `${redisUrl}/7`, "--account", "redis"];
    const dry = await run([...args, "--dry-run", "--json"]);
    expect(json(dry)).toMatchObject({ found: 300, unread: 1, report: { created: 300 } });
    expect((await get("redis", "/sessions")).data).toEqual([]);
    const done = await spawned([...args, "--json"]);
    expect(done.status).toBe(2);
    expect(json(done)).toMatchObject({
      problems: [{ from: "chat:customer:broken" }],
      report: { created: 300, sessions: 300, turns: 700, reconciliation: { differing: [] } },
    });
    expect(await redis.dbSize()).toBe(keys);
    for (const n of [0, 57, 99]) {
      const { data } = await get("redis", `/sessions/customer:c${n}/messages`);
      const expected = all(`c${n}`);
      expect(data).toMatchObject(
        expected.map(({ role, content, timestamp }) => ({
          role,
          content,
          created_at: new Date(timestamp).toISOString(),
        })),
      );
    }
    const again = await run([...args, "--json"]);
    expect(json(again).report).toMatchObject({ created: 0, unchanged: 300 });
  }, 60_000);
});

const mysqlUrl = inject("mysql");
const postgresUrl = inject("postgres");
const MESSAGES = Array.from({ length: 60 }, (_, n) => ({
  session_id: `s${n % 6}`,
  role: Math.floor(n / 6) % 2 === 0 ? "customer" : "bot",
  content: `Message ${n} – ünïcödé`,
  created_at: new Date(T + n * 1_000).toISOString(),
}));
/** Where {@link MESSAGES} lie in a table. @returns the mapping's file */
function mappingOf(table: string): string {
  const file = join(directory, `${table}.json`);
  const columns = ["session_id", "role", "content", "created_at", "id"];
  const named = Object.fromEntries(columns.map((name) => [name, name]));
  const roles = { customer: "user", bot: "assistant" };
  writeFileSync(file, JSON.stringify({ table, ...named, roles }));
  return file;
}

/** Brings {@link MESSAGES}, after a dry run. @returns what became of one session, and what is expected */
async function bring(account: string, args: string[]) {
  const dry = await run([...args, "--account", account, "--dry-run", "--json"]);
  expect(json(dry)).toMatchObject({ unread: 0, report: { created: 6, turns: 30 } });
  expect((await spawned([...args, "--account", account])).status).toBe(0);
  const { data } = await get(account, "/sessions/s2/messages?limit=100");
  const expected = MESSAGES.filter(({ session_id }) => session_id === "s2").map(
    ({ role, content, created_at }) => ({
      role: role === "bot" ? "assistant" : "user",
      content,
      created_at,
    }),
  );
  return { data, expected };
}

test.skipIf(mysqlUrl === null)(
  "brings a MySQL's messages (needs mariadb-server)",
  async () => {
    const db = await createConnection({ uri: mysqlUrl ?? "", timezone: "Z" });
    await db.query("create database if not exists transfer_command character set utf8mb4");
    await db.query("use transfer_command");
    await db.query(
      "create table chat_messages (id bigint primary key auto_increment, session_id varchar(64), role varchar(16), content text, created_at datetime(3))",
    );
    for (const { session_id, role, content, created_at } of MESSAGES)
      await db.query(
        "insert into chat_messages (session_id, role, content, created_at) values (?, ?, ?, ?)",
        [session_id, role, content, new Date(created_at)],
      );
    await db.end();
    const url = new URL(mysqlUrl ?? "");
    url.pathname = "/transfer_command";
    const args = ["mysql", url.href, "--mapping", mappingOf("chat_messages")];
    const { data, expected } = await bring("mysql", args);
    expect(data).toMatchObject(expected);
  },
  60_000,
);

describe.skipIf(postgresUrl === null)("a PostgreSQL (needs postgresql)", () => {
  test("comes by its messages", async () => {
    const db = new Postgres({ connectionString: postgresUrl ?? "" });
    await db.connect();
    await db.query("create schema transfer_command");
    await db.query(
      "create table transfer_command.chat_messages (id bigserial primary key, session_id text, role text, content text, created_at timestamptz)",
    );
    for (const { session_id, role, content, created_at } of MESSAGES)
      await db.query(
        "insert into transfer_command.chat_messages (session_id, role, content, created_at) values ($1, $2, $3, $4)",
        [session_id, role, content, created_at],
      );
    await db.end();
    const args = [
      "postgresql",
      postgresUrl ?? "",
      "--mapping",
      mappingOf("transfer_command.chat_messages"),
    ];
    const { data, expected } = await bring("postgres", args);
    expect(data).toMatchObject(expected);
  }, 60_000);

  test("comes by its old journal of calls, call by call", async () => {
    const db = new Postgres({ connectionString: postgresUrl ?? "" });
    await db.connect();
    await db.query("create database transfer_journal");
    await db.end();
    const url = new URL(postgresUrl ?? "");
    url.pathname = "/transfer_journal";
    const journal = new Postgres({ connectionString: url.href });
    await journal.connect();
    await journal.query(
      "create table conversation_calls (call_id text primary key, model_name text, provider text, status text, created_at timestamptz, completed_at timestamptz)",
    );
    await journal.query(
      "create table conversation_events (id bigserial primary key, call_id text, event_type text, sequence int, payload jsonb, created_at timestamptz)",
    );
    for (let n = 0; n < 20; n += 1) {
      const at = new Date(T + n * 1_000).toISOString();
      await journal.query(
        "insert into conversation_calls values ($1, 'gpt-5', 'openai', 'completed', $2, $2)",
        [`old-${n}`, at],
      );
      const events = [
        ["client_request", { model: "gpt-5", messages: [{ role: "user", content: `Q${n}` }] }],
        [
          "client_response",
          { choices: [{ index: 0, message: { role: "assistant", content: "A" } }] },
        ],
      ] as const;
      for (const [sequence, [type, payload]] of events.entries())
        await journal.query(
          "insert into conversation_events (call_id, event_type, sequence, payload, created_at) values ($1, $2, $3, $4, $5)",
          [`old-${n}`, type, sequence, JSON.stringify(payload), at],
        );
    }
    await journal.end();
    const args = ["journal", url.href, "--account", "journal", "--json"];
    expect(json(await run([...args, "--dry-run"]))).toMatchObject({ calls: 20, created: 0 });
    const done = await spawned(args);
    expect(done.status).toBe(0);
    expect(json(done)).toMatchObject({ calls: 20, created: 20, rows: 60, errors: [] });
    const { data } = await get("journal", "/calls/old-7/events");
    expect(data[0].payload.messages).toEqual([{ role: "user", content: "Q7" }]);
    expect(data[1].payload.choices[0].message.content).toBe("A");
    expect(json(await run(args))).toMatchObject({ created: 0, known: 20 });
  }, 60_000);
});
