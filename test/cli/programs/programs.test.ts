import { describe, expect, inject, test } from "vitest";

import { kindOf } from "../../../src/cli/files/detect.ts";
import { postgresSource, sqliteSource } from "../../../src/cli/sql/sql-source.ts";
import langchain from "../../fixtures/sources/langchain.json" with { type: "json" };
import langgraph from "../../fixtures/sources/langgraph.json" with { type: "json" };
import mastra from "../../fixtures/sources/mastra.json" with { type: "json" };
import openWebUi from "../../fixtures/sources/open-webui.json" with { type: "json" };
import uiMessages from "../../fixtures/sources/ui-messages.json" with { type: "json" };
import { conversationsIn, problemsIn, readAll, spoken } from "../../support/found.ts";
import { saved } from "../files/found.ts";
import { postgresOf, sqliteOf } from "../sql/fixtures.ts";
import { LANGGRAPH_SAID } from "./langgraph-said.ts";

const server = inject("postgres");

async function saidIn(source: ReturnType<typeof sqliteSource>) {
  const found = await readAll(source);
  expect(problemsIn(found)).toEqual([]);
  const read = conversationsIn(found);
  return {
    read,
    said: Object.fromEntries(
      [...read.values()].map(({ session, turns }) => [
        session.metadata?.["source_session_id"] ?? session.session_id,
        spoken(turns),
      ]),
    ),
  };
}

describe("LangGraph's checkpoints", () => {
  test("of SQLite 1.0.4: the newest has the history", async () => {
    const url = await sqliteOf(langgraph.sqlite);
    expect(await kindOf(url)).toBe("sqlite");
    const { said, read } = await saidIn(sqliteSource({ url }));
    expect(said).toEqual(LANGGRAPH_SAID);
    expect(read.get("t-1")?.session).toMatchObject({
      created_at: expect.stringMatching(/^2026-11-28T/) as string,
      metadata: { source: "langgraph" },
    });
    const all = await readAll(sqliteSource({ url }));
    expect(await readAll(sqliteSource({ url }), all[0]?.position)).toEqual(all.slice(1));
    expect(await sqliteSource({ url }).total()).toBe(2);
  });

  test("that are of Python's kind are told of", async () => {
    const { schema, tables } = langgraph.sqlite;
    const checkpoints = tables.checkpoints.map((row) => ({
      ...row,
      type: "msgpack",
      checkpoint: { base64: "gqF2BA==" },
    }));
    const url = await sqliteOf({ schema, tables: { checkpoints } });
    expect(problemsIn(await readAll(sqliteSource({ url })))).toEqual([
      "The session t 2 cannot be read: its messages are msgpack, as LangGraph for Python writes them: not JSON.",
      "The session t-1 cannot be read: its messages are msgpack, as LangGraph for Python writes them: not JSON.",
    ]);
  });

  test.skipIf(server === null)(
    "of PostgreSQL 1.0.5: the blob that the newest one names (needs postgresql)",
    async () => {
      const url = await postgresOf(server ?? "", "langgraph", langgraph.postgres);
      expect((await saidIn(postgresSource({ url }))).said).toEqual(LANGGRAPH_SAID);
    },
  );
});

test("Mastra's threads of libSQL 1.23.1, one of which has no row", async () => {
  const url = await sqliteOf(mastra);
  const { said, read } = await saidIn(sqliteSource({ url }));
  expect(said).toEqual({
    gone: ["> user: Is anybody there?"],
    "t-1": [
      "> user: Is it raining in Kraków?",
      "< assistant: Let me look.",
      '< weather({"city":"Kraków"})',
      '< = {"sky":"rain"}',
      "< assistant: Yes.",
      "> user: Thanks",
      "< assistant: You are welcome.",
    ],
  });
  expect(read.get("t-1")).toMatchObject({
    session: { user_id: "ann", metadata: { source: "mastra", title: "Weather" } },
    turns: [{ model: "mock-provider/mock-1" }, {}],
    left_out: { reasoning: 1 },
  });
  expect(read.get("gone")?.session).toMatchObject({
    user_id: "bea",
    created_at: "2026-03-01T10:00:00.000Z",
  });
});

/** An item of an answer, as Open WebUI keeps them. */
const item = (type: string, more: object) => ({ type, id: `${type}-1`, ...more });

describe("Open WebUI's chats", () => {
  const chats = openWebUi.chats.map((chat) => ({ ...chat, chat: JSON.stringify(chat.chat) }));
  const [older = ""] = openWebUi.schema;
  const answered = ['< weather({"city":"Kraków"})', "< = Rain.", "< assistant: Yes."];
  const image = { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=" };

  test("are a tree in a column, of which the current branch counts", async () => {
    const schema = [older, "create table auth (id text)"];
    const url = await sqliteOf({ schema, tables: { chat: chats } });
    const { said, read } = await saidIn(sqliteSource({ url }));
    const asked = [{ type: "input_text", text: "Is it raining?" }, image];
    expect(said).toEqual({ "c-1": [`> user: ${JSON.stringify(asked)}`, ...answered] });
    expect(read.get("c-1")).toMatchObject({
      session: {
        user_id: "ann",
        created_at: "2026-03-01T10:00:00.000Z",
        metadata: { source: "open-webui", title: "Weather" },
      },
      turns: [{ model: "open-webui/llama3", duration_ms: 10_123 }],
      left_out: { reasoning: 1, branches: 1 },
    });
    const all = await saidIn(sqliteSource({ url, branches: "all" }));
    expect(Object.keys(all.said)).toEqual(["c-1", "c-1.a1"]);
  });

  test("are rows of chat_message, too, and these count", async () => {
    const url = await sqliteOf({
      schema: openWebUi.schema,
      tables: { chat: chats, chat_message: openWebUi.messages },
    });
    const { said, read } = await saidIn(sqliteSource({ url }));
    const asked = [{ type: "input_text", text: "Is it raining in Kraków?" }, image];
    expect(said).toEqual({
      "c-1": [`> user: ${JSON.stringify(asked)}`, ...answered, "< assistant: Anything else?"],
    });
    expect(read.get("c-1")?.left_out).toMatchObject({
      "missing parents (joined to the message before)": 1,
    });
  });

  const OUTPUT = [
    item("reasoning", { summary: [{ type: "summary_text", text: "Hm." }] }),
    item("message", { content: [{ type: "output_text", text: "Let me look." }] }),
    item("function_call", { call_id: "c1", name: "weather", arguments: '{"city":"Kraków"}' }),
    item("function_call_output", {
      call_id: "c1",
      output: [{ type: "input_text", text: "Rain." }],
    }),
    item("open_webui:code_interpreter", { code: "print(8)", lang: "python", output: "8" }),
    item("message", { role: "assistant", content: [{ type: "output_text", text: "Yes." }] }),
  ];

  test("have an answer's items beside its text, and the branch in a column", async () => {
    const [chat = ""] = openWebUi.schema;
    const row = {
      chat_id: "c-9",
      user_id: "ann",
      created_at: 1_772_359_200,
      updated_at: 1_772_359_200,
    };
    const answer = { ...row, role: "assistant", parent_id: "u1", model_id: "llama3" };
    const url = await sqliteOf({
      schema: [
        chat.replace("folder_id text", "folder_id text, current_message_id text"),
        ...openWebUi.schema.slice(1),
      ],
      tables: {
        chat: [{ ...chats[0], id: "c-9", chat: "{}", current_message_id: "a1" }],
        chat_message: [
          { ...row, id: "c-9-u1", role: "user", content: '"Is it raining?"' },
          {
            ...answer,
            id: "c-9-a1",
            content: '"Let me look. Yes."',
            output: JSON.stringify(OUTPUT),
          },
          { ...answer, id: "c-9-a2", content: '"No idea."', created_at: 1_772_359_300 },
        ],
      },
    });
    const { said, read } = await saidIn(sqliteSource({ url }));
    expect(said).toEqual({
      "c-9": [
        "> user: Is it raining?",
        "< assistant: Let me look.",
        '< weather({"city":"Kraków"})',
        "< = Rain.",
        '< code_interpreter({"code":"print(8)"})',
        "< = 8",
        "< assistant: Yes.",
      ],
    });
    expect(read.get("c-9")).toMatchObject({
      turns: [{ model: "open-webui/llama3" }],
      left_out: { reasoning: 1, branches: 1 },
    });
  });

  test.each([
    [
      "in an attribute",
      ' result="&quot;Rain &amp; wind.&quot;">\n<summary>Tool Executed</summary>\n',
    ],
    ["after the summary", ">\n<summary>Tool Executed</summary>\n&quot;Rain &amp; wind.&quot;\n"],
  ])("have a result %s, its JSON taken off", async (_where, rest) => {
    const content = `Let me look.\n<details type="tool_calls" done="true" id="c1" name="weather" arguments="{&quot;city&quot;: &quot;Kraków&quot;}"${rest}</details>\nYes.`;
    const history = {
      currentId: "a1",
      messages: {
        u1: { id: "u1", parentId: null, role: "user", content: "Is it raining?" },
        a1: { id: "a1", parentId: "u1", role: "assistant", content },
      },
    };
    const url = await sqliteOf({
      schema: [older, "create table auth (id text)"],
      tables: { chat: [{ ...chats[0], chat: JSON.stringify({ history }) }] },
    });
    expect((await saidIn(sqliteSource({ url }))).said).toEqual({
      "c-1": [
        "> user: Is it raining?",
        "< assistant: Let me look.\n",
        '< weather({"city": "Kraków"})',
        "< = Rain & wind.",
        "< assistant: Yes.",
      ],
    });
  });
});

test("a table is never taken for its JSON: Mastra's through a mapping, and JSON of no known kind", async () => {
  const rows = [
    ...mastra.tables.mastra_messages.filter(({ thread_id }) => thread_id === "gone"),
    { ...mastra.tables.mastra_messages[0], id: "odd", thread_id: "gone", content: '{"blob": 7}' },
  ];
  const url = await sqliteOf({ schema: mastra.schema, tables: { mastra_messages: rows } });
  const mapping = {
    table: "mastra_messages",
    session_id: "thread_id",
    role: "role",
    content: "content",
    created_at: "createdAt",
    id: "id",
  };
  const { said, read } = await saidIn(sqliteSource({ url, mapping }));
  expect(said).toEqual({ gone: ["> user: Is anybody there?", '> user: {"blob": 7}'] });
  expect(read.get("gone")?.left_out).toEqual({ "JSON that is kept as text": 1 });
});

const UI_SAID = [
  `> user: ${JSON.stringify([
    { type: "input_text", text: "Is it raining in Kraków?" },
    { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=" },
    { type: "input_file", filename: "a.pdf", file_url: "https://example.com/a.pdf" },
  ])}`,
  "< assistant: Let me look.",
  '< weather({"city":"Kraków"})',
  '< = {"sky":"rain","degrees":8}',
  "< broken({})",
  "< = Error: out of order",
  `< assistant: ${JSON.stringify([
    { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=" },
    { type: "output_text", text: "Yes, it is raining." },
  ])}`,
];

describe("messages of the AI SDK 7.0.173", () => {
  const MESSAGE_V2 = {
    columns: [
      { name: "id", type: "text" },
      { name: "chatId", type: "uuid" },
      { name: "role", type: "varchar" },
      { name: "parts", type: "json" },
      { name: "attachments", type: "json" },
      { name: "createdAt", type: "timestamp" },
    ],
    rows: uiMessages.messages.map(({ id, role, parts }, index) => ({
      id: `${id}${index}`,
      chatId: "6f1c0000-0000-4000-8000-000000000001",
      role,
      parts,
      attachments: [],
      createdAt: `2026-03-01 10:00:0${index}`,
    })),
  };
  const mapping = {
    table: "Message_v2",
    session_id: "chatId",
    role: "role",
    content: "parts",
    created_at: "createdAt",
    id: "id",
  };

  test.skipIf(server === null)(
    "in Vercel's Message_v2 of a PostgreSQL (needs postgresql)",
    async () => {
      const url = await postgresOf(server ?? "", "message_v2", { '"Message_v2"': MESSAGE_V2 });
      const { said, read } = await saidIn(postgresSource({ url, mapping }));
      expect(Object.values(said)).toEqual([UI_SAID]);
      const [one] = read.values();
      expect(one?.left_out).toEqual({ reasoning: 1, error_marks: 1, citations: 1 });
      expect(one?.session.created_at).toBe("2026-03-01T10:00:00.000Z");
    },
  );

  test("in SQLite, where JSON is text", async () => {
    const rows = MESSAGE_V2.rows.map((row) => ({
      ...row,
      parts: JSON.stringify(row.parts),
      attachments: "[]",
    }));
    const schema = [
      'create table Message_v2 (id text, "chatId" text, role text, parts text, attachments text, "createdAt" text)',
    ];
    const url = await sqliteOf({ schema, tables: { Message_v2: rows } });
    expect(Object.values((await saidIn(sqliteSource({ url, mapping }))).said)).toEqual([UI_SAID]);
  });

  test("in a database of no program, which asks for a mapping", async () => {
    const url = await sqliteOf({ schema: ["create table t (a)"], tables: {} });
    await expect(readAll(sqliteSource({ url }))).rejects.toThrow(/say --mapping/);
    const path = await saved("x.db", "no database");
    await expect(readAll(sqliteSource({ url: path }))).rejects.toThrow(/is not a database/);
  });
});

test.skipIf(server === null)("n8n's Postgres Chat Memory (needs postgresql)", async () => {
  const columns = [
    { name: "id", type: "integer primary key" },
    { name: "session_id", type: "varchar(255)" },
    { name: "message", type: "jsonb" },
  ];
  const url = await postgresOf(server ?? "", "n8n", {
    n8n_chat_histories: { columns, rows: langchain.rows },
  });
  const { said } = await saidIn(postgresSource({ url, langchain: "n8n_chat_histories" }));
  expect(said["s-1"]).toContain('< weather({"city":"Kraków"})');
  expect(said["s-1"]?.at(-1)).toBe("< assistant: Yes.");
});
