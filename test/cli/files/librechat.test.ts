import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { allOf, freshDirectory, conversationsOf, saved } from "./found.ts";
import { spoken } from "../../support/found.ts";

const ROOT = "00000000-0000-0000-0000-000000000000";
const message = (
  messageId: string,
  parentMessageId: string,
  text: string,
  second: number,
  more: object = {},
) => ({
  messageId,
  parentMessageId,
  conversationId: "c1",
  sender: "User",
  isCreatedByUser: false,
  text,
  createdAt: `2025-05-01T10:00:0${second}.000Z`,
  updatedAt: `2025-05-01T10:00:0${second}.000Z`,
  endpoint: "openAI",
  model: null,
  error: false,
  unfinished: false,
  ...more,
});
const asked = message("m1", ROOT, "Hello", 1, { isCreatedByUser: true });
const first = message("m2", "m1", ":::thinking\nHm.\n:::\n\nHi.", 2, { model: "gpt-4o" });
const second = message("m3", "m1", "", 3, {
  sender: "Claude",
  endpoint: "anthropic",
  model: "claude-sonnet-4",
  content: [
    { type: "think", think: "Hm." },
    { type: "text", text: "Let me see." },
    {
      type: "tool_call",
      tool_call: {
        id: "toolu_1",
        name: "clock",
        args: '{"zone":"UTC"}',
        output: "10:00",
        progress: 1,
        type: "tool_call",
      },
    },
    { type: "text", text: { value: "Good morning." } },
  ],
});
const conversation = {
  conversationId: "c1",
  endpoint: "openAI",
  title: "Greeting",
  exportAt: "10:11:12 GMT+0200",
  branches: true,
  recursive: false,
  options: { presetId: null, model: "gpt-4o" },
  messages: [asked, first, second],
};
const LAST = [
  "> user: Hello",
  "< assistant: Let me see.",
  '< clock({"zone":"UTC"})',
  "< = 10:00",
  "< assistant: Good morning.",
];

describe("LibreChat's export", () => {
  it("tells the latest branch, with its model and its tools", async () => {
    const path = await saved("Greeting.json", JSON.stringify(conversation));
    const [only] = await conversationsOf("librechat", path);
    expect(only?.session).toMatchObject({
      session_id: "c1",
      created_at: "2025-05-01T10:00:01.000Z",
      accessed_at: "2025-05-01T10:00:03.000Z",
      metadata: { source: "librechat", title: "Greeting" },
    });
    expect(only?.left_out).toEqual({ branches: 1, reasoning: 1 });
    expect(only?.turns[0]?.model).toBe("anthropic/claude-sonnet-4");
    expect(spoken(only?.turns ?? [])).toEqual(LAST);
  });

  it("tells all branches when they are asked for, flat and recursive alike", async () => {
    const { parentMessageId: _, ...root } = asked;
    const tree = [{ ...root, children: [first, { ...second, children: [] }] }];
    const { messages: _messages, ...head } = conversation;
    const recursive = { ...head, recursive: true, messagesTree: tree };
    const sessions = await Promise.all(
      [conversation, recursive].map(async (each) => {
        const path = await saved("Greeting.json", JSON.stringify(each, null, 2));
        return conversationsOf("librechat", path, { branches: "all" });
      }),
    );
    expect(sessions[1]).toEqual(sessions[0]);
    expect(sessions[0]?.map(({ session }) => session.session_id)).toEqual(["c1", "c1.m2"]);
    expect(spoken(sessions[0]?.[1]?.turns ?? [])).toEqual(["> user: Hello", "< assistant: Hi."]);
    expect(sessions[0]?.[1]?.left_out).toEqual({ reasoning: 1 });
  });

  it("is read however long it is", async () => {
    let tree: object[] = [];
    for (let index = 1_000; index > 0; index -= 1)
      tree = [
        { ...asked, messageId: `m${index}`, isCreatedByUser: index % 2 === 1, children: tree },
      ];
    const path = await saved("long.json", JSON.stringify({ ...conversation, messages: tree }));
    const [only] = await conversationsOf("librechat", path);
    expect(only?.turns).toHaveLength(500);
  });

  it("is read file by file in a directory, and a bad one is named", async () => {
    const directory = await freshDirectory();
    const write = (name: string, value: unknown) =>
      writeFile(join(directory, name), JSON.stringify(value));
    await write("a.json", conversation);
    await write("b.json", { version: 1 });
    await write("c.json", { ...conversation, conversationId: "c2" });
    const all = await allOf("librechat", directory);
    expect(all.map((found) => ("problem" in found ? found.problem : found.from))).toEqual([
      "a.json:1",
      expect.stringMatching(/^conversationId: /),
      "c.json:1",
    ]);
  });
});

/** A document as `mongoexport` writes it. */
const mongo = (document: typeof asked, conversationId: string) => ({
  ...document,
  _id: { $oid: "66f0a1b2" },
  conversationId,
  createdAt: { $date: document.createdAt },
});
const lines = (values: unknown[]) => values.map((each) => `${JSON.stringify(each)}\n`).join("");

async function exported(messages: unknown[]): Promise<string> {
  const directory = await freshDirectory();
  const heads = ["c1", "c2", "c3"].map((conversationId) => ({
    _id: { $oid: "66f0" },
    conversationId,
    user: "66aa",
    title: `Title of ${conversationId}`,
    endpoint: "openAI",
    createdAt: { $date: "2025-05-01T09:00:00Z" },
    updatedAt: { $date: { $numberLong: "1746093600000" } },
    messages: [{ $oid: "66f0a1b2" }],
  }));
  await writeFile(join(directory, "conversations.json"), lines(heads));
  await writeFile(join(directory, "messages.json"), lines(messages));
  return directory;
}

describe("LibreChat's collections", () => {
  it("are put together, a conversation at a time", async () => {
    const directory = await exported([
      mongo(asked, "c1"),
      mongo(second, "c1"),
      mongo(asked, "c2"),
      mongo(asked, "gone"),
    ]);
    const all = await allOf("librechat", directory);
    expect(all.map((found) => [found.from, "problem" in found ? found.problem : null])).toEqual([
      ["c1", null],
      ["c2", null],
      ["gone", null],
      ["c3", "has no messages"],
    ]);
    expect(all[0]).toMatchObject({
      conversation: {
        session: {
          session_id: "c1",
          created_at: "2025-05-01T09:00:00.000Z",
          accessed_at: "2025-05-01T10:00:00.000Z",
          metadata: { title: "Title of c1", user: "66aa" },
        },
      },
    });
    expect(await allOf("librechat", directory, {}, all[0]?.position)).toEqual(all.slice(1));
  });

  it("are refused before anything is read where the messages are not sorted", async () => {
    const directory = await exported([mongo(asked, "c1"), mongo(asked, "c2"), mongo(second, "c1")]);
    await expect(allOf("librechat", directory)).rejects.toThrow(/messages\.json:3: is not sorted/);
  });
});
