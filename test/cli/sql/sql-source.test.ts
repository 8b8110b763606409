import { inspect } from "node:util";

import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { mysqlSource, postgresSource } from "../../../src/cli/sql/sql-source.ts";
import type { SqlSourceOptions } from "../../../src/cli/sql/sql-source.ts";
import { conversationsIn, problemsIn, readAll, spoken } from "../../support/found.ts";

interface Server {
  name: string;
  url: string | null;
  source: typeof mysqlSource;
  types: { bytes: string; json: string; instant: string; local: string; serial: string };
  /** How bytes that are no text are written. */
  hex: (hex: string) => string;
  quoted: (name: string) => string;
  run: (sql: string) => Promise<unknown>;
  /** Ends whoever reads. */
  hangUp: () => Promise<unknown>;
  open: () => Promise<void>;
  close: () => Promise<void>;
}

const DATABASE = "sql_source";

function mysql(): Server {
  const url = inject("mysql");
  let connection: Awaited<ReturnType<typeof createConnection>>;
  return {
    name: "MySQL (needs mariadbd)",
    url: url && `${url}/${DATABASE}`,
    source: mysqlSource,
    types: {
      bytes: "longblob",
      json: "json",
      instant: "timestamp(3) null",
      local: "datetime(3)",
      serial: "bigint auto_increment primary key",
    },
    hex: (hex) => `x'${hex}'`,
    quoted: (name) => `\`${name.replaceAll("`", "``")}\``,
    run: (sql) => connection.query(sql),
    hangUp: async () => {
      const [rows] = await connection.query(
        "select id from information_schema.processlist where db = database() and id <> connection_id()",
      );
      for (const { id } of rows as { id: number }[]) await connection.query(`kill ${id}`);
    },
    open: async () => {
      connection = await createConnection({ uri: url ?? "", multipleStatements: true });
      await connection.query(`create or replace database ${DATABASE}; use ${DATABASE}`);
      await connection.query("set time_zone = '+05:30'");
    },
    close: () => connection.end(),
  };
}

function postgres(): Server {
  const url = inject("postgres");
  let client: Client;
  const own = url?.replace(/\/postgres$/, `/${DATABASE}`) ?? null;
  return {
    name: "PostgreSQL (needs postgresql)",
    url: own,
    source: postgresSource,
    types: {
      bytes: "bytea",
      json: "jsonb",
      instant: "timestamptz",
      local: "timestamp",
      serial: "bigserial primary key",
    },
    hex: (hex) => `'\\x${hex}'::bytea`,
    quoted: (name) => `"${name.replaceAll('"', '""')}"`,
    run: (sql) => client.query(sql),
    hangUp: () =>
      client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      ),
    open: async () => {
      const admin = new Client({ connectionString: url ?? "" });
      await admin.connect();
      await admin.query(`drop database if exists ${DATABASE} with (force)`);
      await admin.query(`create database ${DATABASE}`);
      await admin.end();
      client = new Client({ connectionString: own ?? "" });
      await client.connect();
    },
    close: () => client.end(),
  };
}

const MAPPING = {
  table: "messages",
  session_id: "session_id",
  role: "role",
  content: "content",
  created_at: "created_at",
};

const message = (type: string, content: string) => JSON.stringify({ type, data: { content } });

describe.each([mysql(), postgres()])("the source of $name", (server) => {
  const { types, run, hex, quoted } = server;
  const all = (options: Omit<SqlSourceOptions, "url">, after: string | null = null) =>
    readAll(server.source({ url: server.url ?? "", ...options }), after);

  describe.skipIf(server.url === null)("with its server", () => {
    beforeAll(server.open);
    afterAll(server.close);

    test("reads sessions in the order of their ids' bytes, and their messages by time and key", async () => {
      await run(`create table messages (n ${types.serial}, session_id varchar(40), role varchar(20), content text,
        created_at ${types.instant}, model varchar(40), who varchar(20), channel varchar(20))`);
      await run(`insert into messages (session_id, role, content, created_at, model, who, channel) values
        ('b', 'user', 'late', '2026-03-01 15:30:02', null, null, null),
        ('B', 'customer', 'upper', '2026-03-01 15:30:00', null, 'u 1', 'web'),
        ('b', 'user', 'one', '2026-03-01 15:30:00', null, 'u2', null),
        ('b', 'bot', 'two', '2026-03-01 15:30:00', 'openai/gpt-4o', 'u2', 'app'),
        ('b ', 'user', 'space', null, null, null, null),
        ('é', 'user', 'ok ✓ 🙂', '2026-03-01 15:30:00.25', null, null, null),
        ('a"\`;--', 'user', null, '2026-03-01 15:30:00', null, null, null),
        ('a"\`;--', 'narrator', 'x', '2026-03-01 15:30:00', null, null, null),
        ('a"\`;--', 'assistant', 'y', '2026-03-01 15:30:00', null, null, null),
        (null, 'user', 'nowhere', null, null, null, null)`);
      const mapping = {
        ...MAPPING,
        model: "model",
        user_id: "who",
        metadata: { channel: "channel" },
      };
      const found = await all({ mapping });
      const read = conversationsIn(found);
      expect(
        [...read.values()].map(
          ({ session }) => session.metadata?.["source_session_id"] ?? session.session_id,
        ),
      ).toEqual(["B", 'a"`;--', "b", "b ", "é"]);
      const b = read.get("b");
      expect(b && spoken(b.turns)).toEqual(["> user: one", "< assistant: two", "> user: late"]);
      expect(b).toMatchObject({
        session: {
          created_at: "2026-03-01T10:00:00.000Z",
          accessed_at: "2026-03-01T10:00:02.000Z",
          user_id: "u2",
          metadata: { channel: "app", table: "messages" },
        },
        turns: [{ model: "openai/gpt-4o" }, { created_at: "2026-03-01T10:00:02.000Z" }],
      });
      expect(read.get("B")?.session).toMatchObject({
        user_id: expect.stringMatching(/^u_1\./) as string,
        metadata: { source_user_id: "u 1" },
      });
      expect(problemsIn(found)).toEqual([
        "Rows of messages without a session_id are left: 1.",
        'Message 2 of session a"`;-- is left out: its role "narrator" is not known: name it under roles in the mapping.',
      ]);
      expect(found[3]).toMatchObject({
        conversation: {
          left_out: { "messages without content": 1, "messages that cannot be read": 1 },
        },
      });
      expect(await all({ mapping })).toEqual(found);
      const ends = found.flatMap((each, at) => ("conversation" in each ? [at] : []));
      for (const at of ends)
        expect(await all({ mapping }, found[at]?.position)).toEqual(found.slice(at + 1));
      const narrated = await all({ mapping: { ...mapping, roles: { narrator: "system" } } });
      expect(problemsIn(narrated)).toHaveLength(1);
    });

    test("reads names that need quotes, numbers as ids, JSON, parts and bytes", async () => {
      const [table, column] = ['the "log` of', 'sel"ect`'];
      await run(
        `create table ${quoted(table)} (${quoted(column)} bigint, at_ms bigint, is_bot varchar(5), content ${types.json})`,
      );
      await run(`insert into ${quoted(table)} values
        (9007199254740993, 1772359200000, '0', '"Hello"'),
        (9007199254740993, 1772359201000, '1', '[{"type": "text", "text": "A"}, {"type": "input_audio", "input_audio": {}}]'),
        (9007199254740992, 1772359200000, '0', '{"text": "Object"}'),
        (10, 1772359200000, '0', '{"a": 1}')`);
      const mapping = {
        table,
        session_id: column,
        role: "is_bot",
        content: "content",
        created_at: "at_ms",
        roles: { "0": "user", "1": "assistant" },
      };
      const found = await all({ mapping });
      const read = conversationsIn(found);
      expect([...read.keys()]).toEqual(["10", "9007199254740992", "9007199254740993"]);
      const said = [...read.values()].map((each) => spoken(each.turns));
      expect(said.slice(1)).toEqual([["> user: Object"], ["> user: Hello", "< assistant: A"]]);
      expect(read.get("9007199254740993")).toMatchObject({
        session: { created_at: "2026-03-01T10:00:00.000Z" },
        turns: [{ duration_ms: 1_000 }],
        left_out: { audio: 1 },
      });
      expect(JSON.parse(said[0]?.[0]?.replace("> user: ", "") ?? "")).toEqual({ a: 1 });

      await run(
        `create table raw (id ${types.serial}, session_id ${types.bytes}, role varchar(9), content ${types.bytes}, created_at ${types.local})`,
      );
      await run(`insert into raw (session_id, role, content, created_at) values
        (${hex("00112233445566778899aabbccddeeff")}, 'user', ${hex("c3a9")}, '2026-03-01 10:00:00'),
        (${hex("00112233445566778899aabbccddeeff")}, 'user', ${hex("ff00")}, '2026-03-01 10:00:01'),
        (${hex("01")}, 'user', ${hex("ff")}, '2026-03-01 10:00:01'),
        (${hex("02")}, 'user', ${hex("5b7b2274797065223a2274657874222c2274657874223a2268656c6c6f227d5d")}, '2026-03-01 10:00:01')`);
      const bytes = await all({ mapping: { ...MAPPING, table: "raw", id: "id" } });
      expect(problemsIn(bytes).map((each) => each.replaceAll(String.raw`\x`, ""))).toEqual([
        "Message 2 of session 00112233445566778899aabbccddeeff is left out: its content is not UTF-8.",
        "The session 01 has no message that can be read: its content is not UTF-8.",
      ]);
      const whole = conversationsIn(bytes).get("00112233-4455-6677-8899-aabbccddeeff");
      expect(whole).toMatchObject({
        session: { created_at: "2026-03-01T10:00:00.000Z" },
        turns: [{ input: [{ content: "é", id: "1" }] }],
      });
      const parts = conversationsIn(bytes).get("02");
      expect(parts && spoken(parts.turns)).toEqual(["> user: hello"]);
    });

    test("takes what a table of sessions knows of them", async () => {
      await run(
        `create table chats (id int primary key, owner varchar(20), kind varchar(20), opened ${types.local}, title varchar(600))`,
      );
      await run(`create table said (id ${types.serial}, chat int, role varchar(9), content text)`);
      await run(
        `insert into chats values (1, 'ada', 'support', '2026-01-01 08:00:00', '${"t".repeat(600)}'), (2, 'bob', null, null, 'Two'), (3, null, null, null, 'Empty')`,
      );
      await run(
        `insert into said (chat, role, content) values (1, 'user', 'Hi'), (1, 'assistant', 'Ho'), (2, 'user', 'Yo'), (4, 'user', 'Orphan')`,
      );
      const mapping = {
        table: "said",
        session_id: "chat",
        role: "role",
        content: "content",
        session_table: {
          table: "chats",
          session_id: "id",
          user_id: "owner",
          assistant: "kind",
          created_at: "opened",
          metadata: { title: "title" },
        },
      };
      const found = await all({ mapping });
      const read = conversationsIn(found);
      expect(read.get("1")).toMatchObject({
        session: {
          created_at: "2026-01-01T08:00:00.000Z",
          user_id: "ada",
          assistant: "support",
          metadata: { title: "t".repeat(512) },
        },
        left_out: { "metadata.title (its end)": 1 },
      });
      expect(read.get("2")?.turns[0]).not.toHaveProperty("created_at");
      expect([...read.keys()]).toEqual(["1", "2", "4"]);
      expect(problemsIn(found)).toEqual([
        "Sessions of chats without a message in said are left: 1.",
      ]);
    });

    test("reads LangChain's tables without a mapping", async () => {
      await run(`create table message_store (id ${types.serial}, session_id text, message text)`);
      await run(`insert into message_store (session_id, message) values
        ('s', '${message("human", "Hi")}'), ('t', '{torn'), ('s', '${message("ai", "Ho")}'), ('s', '{torn'), ('s', '${message("human", "Bye")}')`);
      const found = await all({ langchain: true });
      const [one, ...none] = conversationsIn(found).values();
      expect(none).toEqual([]);
      expect(one && spoken(one.turns)).toEqual(["> user: Hi", "< assistant: Ho", "> user: Bye"]);
      expect(problemsIn(found)).toEqual([
        "Message 3 of session s is left out: it is not JSON.",
        "The session t has no message that can be read: it is not JSON.",
      ]);
      await run(
        `create table chat_history (id ${types.serial}, session_id ${server.source === postgresSource ? "uuid" : "char(36)"} not null, message ${types.json} not null, created_at ${types.instant})`,
      );
      const id = "6f1c2d3e-0000-4000-8000-000000000001";
      await run(`insert into chat_history (session_id, message, created_at) values
        ('${id}', '${message("human", "Hi")}', '2026-03-01 15:30:00'), ('${id}', '${message("ai", "Ho")}', '2026-03-01 15:30:03')`);
      const timed = conversationsIn(await all({ langchain: "chat_history" }));
      expect(timed.get(id)).toMatchObject({
        session: {
          created_at: "2026-03-01T10:00:00.000Z",
          accessed_at: "2026-03-01T10:00:03.000Z",
        },
        turns: [{ duration_ms: 3_000 }],
      });
    });

    test("streams thousands of sessions, and continues after any", async () => {
      await run(
        `create table many (id ${types.serial}, session_id varchar(40), role varchar(9), content text, created_at ${types.local})`,
      );
      for (let n = 0; n < 6; n += 1) {
        const rows = Array.from({ length: 2_000 }, (_, row) => {
          const at = new Date(Date.UTC(2026, 0, 1, 0, 0, row)).toISOString().slice(0, 19);
          return `('s${(row * 7) % 1_999}', '${n % 2 === 0 ? "user" : "assistant"}', 'text ${n}', '${at.replace("T", " ")}')`;
        });
        await run(
          `insert into many (session_id, role, content, created_at) values ${rows.join(", ")}`,
        );
      }
      const mapping = { ...MAPPING, table: "many" };
      const found = await all({ mapping });
      expect(found).toHaveLength(1_999);
      const positions = found.map(({ position }) => position);
      expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : 1)));
      for (const at of [0, 1_000, 1_997, 1_998])
        expect(await all({ mapping }, positions[at])).toEqual(found.slice(at + 1));
      const source = server.source({ url: server.url ?? "", mapping });
      expect(await source.total()).toBe(1_999);
      // Whoever has enough may leave in the middle, and begin anew.
      for (let time = 0; time < 2; time += 1) {
        for await (const first of source.read(null)) {
          expect(first).toEqual(found[0]);
          break;
        }
      }
      await source.close();
    });

    test("ends with a clear sentence when the server goes in the middle", async () => {
      await run(
        `create table big (id ${types.serial}, session_id varchar(40), role varchar(9), content text)`,
      );
      const text = "x".repeat(20_000);
      for (let n = 0; n < 20; n += 1) {
        const rows = Array.from(
          { length: 100 },
          (_, row) => `('${n * 100 + row}', 'user', '${text}')`,
        );
        await run(`insert into big (session_id, role, content) values ${rows.join(", ")}`);
      }
      const { created_at: _none, ...timeless } = MAPPING;
      const source = server.source({
        url: server.url ?? "",
        mapping: { ...timeless, table: "big" },
      });
      const read = async () => {
        let count = 0;
        for await (const { from } of source.read(null)) {
          if (count === 0) await server.hangUp();
          count += from.length;
        }
      };
      await expect(read()).rejects.toThrow(
        /^(?:MySQL|PostgreSQL): .*(?:terminat|clos|lost|killed)/i,
      );
      await source.close();
    });

    test("says clearly what is wrong with a mapping, a table or a connection", async () => {
      const failed = (options: Partial<SqlSourceOptions>) =>
        readAll(server.source({ url: server.url ?? "", ...options })).then(
          () => "",
          (error: unknown) => (error as Error).message,
        );
      await expect(failed({ mapping: { ...MAPPING, table: "nothing" } })).resolves.toMatch(
        /SQL has no table nothing there/,
      );
      await expect(failed({ mapping: { ...MAPPING, role: "rôle" } })).resolves.toMatch(
        /^The table messages has no column rôle; it has n, session_id/,
      );
      expect(() =>
        server.source({ url: "", mapping: { ...MAPPING, rolle: "x", table: 7, role: "" } }),
      ).toThrow(
        'The mapping is not one: table: takes the name of a table; role: takes the name of a column; Unrecognized key: "rolle".',
      );
      const columns = Object.fromEntries(Array.from({ length: 13 }, (_, n) => [`m${n}`, "x"]));
      expect(() => server.source({ url: "", mapping: { ...MAPPING, metadata: columns } })).toThrow(
        "metadata: takes 12 names at most, with those of session_table",
      );
      expect(() =>
        server.source({ url: "", mapping: { ...MAPPING, metadata: { source: "x" } } }),
      ).toThrow(/metadata\.source/);
      const scheme = server.source === mysqlSource ? "mysql" : "postgres";
      for (const url of [`${scheme}://u:s3cret@127.0.0.1:1/x`, "s3cret", `ftp://u:s3cret@x`]) {
        const error: unknown = await readAll(server.source({ url, mapping: MAPPING })).catch(
          (each: unknown) => each,
        );
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("s3cret");
        expect((error as Error).message).toMatch(
          /^No connection to \w+SQL at 127.0.0.1:1: .*ECONNREFUSED|^The database takes a URL such as/,
        );
      }
    });
  });
});
