import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { FileKind, FileOptions } from "../../../src/cli/files/files.ts";
import { allOf, freshDirectory, saved } from "./found.ts";
import { spoken } from "../../support/found.ts";

/** What was read: problems, what was said, and what was left out. */
async function readingOf(kind: FileKind, value: unknown, options: FileOptions = {}) {
  const all = await allOf(kind, await saved("x.json", JSON.stringify(value)), options);
  const conversations = all.flatMap((found) => ("conversation" in found ? found.conversation : []));
  return {
    problems: all.flatMap((found) => ("problem" in found ? found.problem : [])),
    said: conversations.map(({ turns }) => spoken(turns)),
    left: conversations[0]?.left_out ?? {},
    conversations,
  };
}

/** A node of ChatGPT's mapping. */
const node = (id: string, parent: string | null, message: unknown) => [id, { id, parent, message }];
const text = (id: string, role: string, content: unknown, more: object = {}) => ({
  id,
  author: { role },
  content,
  ...more,
});
const chatContent = (words: string) => ({ content_type: "text", parts: [words] });

describe("one odd message costs no conversation", () => {
  it("in ChatGPT's export", async () => {
    const mapping = Object.fromEntries([
      node("r", null, null),
      node("a", "r", text("a", "user", chatContent("One"), { create_time: 1_717_000_000 })),
      node("b", "a", text("b", "assistant", null)),
      node("c", "b", { id: "c", content: chatContent("Nobody's") }),
      node("d", "c", text("d", "user", { content_type: "text", parts: "Two" })),
      node(
        "e",
        "d",
        text("e", "human", { content_type: "multimodal_text", parts: [null, 7, "Three"] }),
      ),
      node("f", "e", "odd"),
      // The year 2100.
      node("g", "f", text("g", "model", chatContent("Four"), { create_time: 4_102_444_800 })),
      node("h", "g", { ...text("h", "user", chatContent("Five")), id: 12, create_time: "soon" }),
    ]);
    const { problems, said: words, left } = await readingOf("chatgpt", [{ id: 9, mapping }]);
    expect(problems).toEqual([
      "Message 3 is left out: it has no content.",
      "Message 4 is left out: it has no author.",
      "Message 7 is left out: it is no object.",
    ]);
    expect(words).toEqual([
      ["> user: One", "> user: Two", "> user: Three", "< assistant: Four", "> user: Five"],
    ]);
    expect(left).toEqual({
      "messages that cannot be read": 3,
      "content of no type": 1,
      "times in the future": 1,
    });
  });

  it("in Claude's export", async () => {
    const at = "2026-04-24T07:27:17.628Z";
    const chat_messages = [
      { uuid: "a", sender: "human", text: "One", created_at: at },
      { uuid: "b", sender: "assistant", content: null, text: "Two", created_at: "soon" },
      { uuid: "c", text: "Nobody's" },
      null,
      { uuid: 5, sender: "user", content: "Three" },
      {
        uuid: "e",
        sender: "model",
        content: [null, "Four", { type: "text", text: 4 }, { type: "tool_use", input: "x" }],
        created_at: "9999-01-01T00:00:00Z",
      },
    ];
    const { problems, said: words } = await readingOf("claude", [{ uuid: "u", chat_messages }]);
    expect(problems).toEqual([
      "Message 3 is left out: it has no sender.",
      "Message 4 is left out: it has no sender.",
    ]);
    expect(words).toEqual([
      ["> user: One", "< assistant: Two", "> user: Three", "< assistant: Four", "< tool(x)"],
    ]);
  });

  it("in LibreChat's export", async () => {
    const messages = [
      { messageId: "a", parentMessageId: null, sender: "User", text: "One" },
      { messageId: null, parentMessageId: "a", isCreatedByUser: false, text: "Two" },
      { messageId: "c", text: "Nobody's" },
      {
        messageId: 4,
        sender: "Claude",
        content: [
          null,
          { type: "text", text: { value: "Three" } },
          {
            type: "tool_call",
            tool_call: { name: "clock", args: { zone: "UTC" }, output: { at: 10 } },
          },
          { type: "steer", steer: "Faster, please" },
          { type: "text", text: "Four" },
          { type: "summary", summary: "…" },
          { type: "activity_label", activity_label: "Thinking" },
        ],
      },
    ];
    const {
      problems,
      said: words,
      left,
    } = await readingOf("librechat", {
      conversationId: "c",
      messages,
    });
    expect(problems).toEqual(["Message 3 is left out: it does not say who wrote it."]);
    expect(words).toEqual([
      [
        "> user: One",
        "< assistant: Two",
        "< assistant: Three",
        '< clock({"zone":"UTC"})',
        '< = {"at":10}',
        // What the user said in the middle is the user's.
        "> user: Faster, please",
        "< assistant: Four",
      ],
    ]);
    expect(left).toEqual({
      "messages that cannot be read": 1,
      "content of no type": 1,
      summary: 1,
      activity_label: 1,
    });
  });

  it("in threads of Assistants", async () => {
    const messages = [
      { id: 1, role: "user", content: "One", created_at: 1_717_000_000 },
      { id: "b", role: "model", content: [null, { type: "text", text: { value: "Two" } }] },
      { id: "c", content: [] },
      "odd",
    ];
    const steps = [
      {
        created_at: 1_717_000_000,
        step_details: {
          tool_calls: [
            { type: "function", function: { name: "look", arguments: { a: 1 }, output: "seen" } },
            null,
          ],
        },
      },
    ];
    const { problems, said: words } = await readingOf("assistants", { id: 7, messages, steps });
    expect(problems).toHaveLength(2);
    expect(words[0]?.toSorted()).toEqual(
      ["> user: One", '< look({"a":1})', "< = seen", "< assistant: Two"].toSorted(),
    );
  });

  it("in messages of chat completions", async () => {
    const messages = [
      { role: "human", content: "One", id: 1, created: 9e15 },
      {
        role: "model",
        content: null,
        tool_calls: [{ function: { name: "look", arguments: { a: 1 } } }],
      },
      { role: "tool", content: { seen: true } },
      { content: "Nobody's" },
      null,
      { role: "assistant", content: [null, { type: "text", text: "Two" }] },
    ];
    const { problems, said: words } = await readingOf("openai", { messages });
    expect(problems).toEqual([
      "Message 4 is left out: it has no role.",
      "Message 5 is left out: it is no object.",
    ]);
    expect(words).toEqual([
      ["> user: One", '< look({"a":1})', '< = {"seen":true}', "< assistant: Two"],
    ]);
  });

  it("and its place is gone on from", async () => {
    const messages = [
      { role: "user", content: "One" },
      { role: "x", content: "y" },
    ];
    const path = await saved("x.json", JSON.stringify({ id: "c", messages }));
    const all = await allOf("openai", path);
    expect(all).toHaveLength(2);
    expect(await allOf("openai", path, {}, all[0]?.position)).toEqual(all.slice(1));
  });
});

const timedNode = (id: string, parent: string | null, second: number | null) => [
  id,
  {
    parent,
    message: {
      id,
      author: { role: "user" },
      ...(second !== null && { create_time: 1_717_000_000 + second }),
      content: { content_type: "text", parts: [id] },
    },
  },
];
const orderOf = async (nodes: unknown[][], branches?: "all") => {
  const value = [{ id: "x", mapping: Object.fromEntries(nodes) }];
  const { said, left } = await readingOf("chatgpt", value, branches ? { branches } : {});
  return {
    said: said.map((words) => words.map((each) => each.replace("> user: ", "")).join("")),
    left,
  };
};

describe("a message whose parent is missing", () => {
  const missing = { "missing parents (joined to the message before)": 1 };

  it("is joined to the message before it by time", async () => {
    // a ← b, and c, whose parent is gone, ← d.
    expect(
      await orderOf([
        timedNode("c", "gone", 3),
        timedNode("d", "c", 4),
        timedNode("a", null, 1),
        timedNode("b", "a", 2),
      ]),
    ).toEqual({ said: ["abcd"], left: missing });
  });

  it("and by place where there are no times", async () => {
    expect(
      await orderOf([
        timedNode("a", null, null),
        timedNode("b", "a", null),
        timedNode("c", "gone", null),
        timedNode("d", "c", null),
      ]),
    ).toEqual({ said: ["abcd"], left: missing });
  });

  it("and is a beginning where nothing stands before it, and no circle is closed", async () => {
    expect(await orderOf([timedNode("a", "gone", 1), timedNode("b", "a", 2)])).toEqual({
      said: ["ab"],
      left: missing,
    });
    // Both look as if they came after the other.
    const circle = [
      timedNode("a", "gone", 5),
      timedNode("b", "a", 1),
      timedNode("c", "lost", 5),
      timedNode("d", "c", 1),
    ];
    expect((await orderOf(circle)).left).toEqual({
      "missing parents (joined to the message before)": 2,
    });
    expect((await orderOf(circle)).said[0]).toHaveLength(4);
  });

  it("and parents that run in a circle are gone through once", async () => {
    const nodes = [timedNode("x", null, 1), timedNode("a", "b", 2), timedNode("b", "a", 3)];
    const { said } = await orderOf([...nodes, timedNode("c", "b", 4)]);
    expect(said).toEqual(["abc"]);
  });

  it("and true branches stay branches", async () => {
    const nodes = [timedNode("a", null, 1), timedNode("b", "a", 2), timedNode("c", "a", 3)];
    expect(await orderOf(nodes)).toEqual({ said: ["ac"], left: { branches: 1 } });
    expect((await orderOf(nodes, "all")).said).toEqual(["ac", "ab"]);
  });

  it("in LibreChat and Claude, too", async () => {
    const libre = ["a", "b", "c", "d"].map((messageId, second) => ({
      messageId,
      parentMessageId: [null, "a", "gone", "c"][second],
      sender: "User",
      text: messageId,
      createdAt: `2025-05-01T10:00:0${second}.000Z`,
    }));
    const one = await readingOf("librechat", { conversationId: "c", messages: libre });
    expect(one).toMatchObject({
      said: [["a", "b", "c", "d"].map((id) => `> user: ${id}`)],
      left: missing,
    });
    const chat_messages = libre.map(({ messageId, parentMessageId, createdAt }) => ({
      uuid: messageId,
      parent_message_uuid: parentMessageId ?? "00000000-0000-4000-8000-000000000000",
      sender: "human",
      text: messageId,
      created_at: createdAt,
    }));
    const other = await readingOf("claude", { uuid: "c", chat_messages });
    expect(other).toMatchObject({ said: one.said, left: missing });
  });
});

const conversationOf = (id: string, count: number) => ({
  id,
  mapping: Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `m${n}`,
      {
        parent: n === 0 ? null : `m${n - 1}`,
        message: {
          author: { role: "user" },
          content: { content_type: "text", parts: [`${n}`] },
        },
      },
    ]),
  ),
});

describe("an export in numbered files", () => {
  it("has the longest copy of a conversation, once", async () => {
    const directory = await freshDirectory();
    const write = (name: string, value: unknown) =>
      writeFile(join(directory, name), JSON.stringify(value));
    await write("conversations-000.json", [conversationOf("x", 2), conversationOf("y", 3)]);
    await write("conversations-001.json", [conversationOf("x", 4), conversationOf("y", 3)]);
    const all = await allOf("chatgpt", directory);
    expect(
      all.map((found) =>
        "conversation" in found
          ? [
              found.from,
              found.conversation.session.session_id,
              found.conversation.turns[0]?.input.length,
              found.conversation.left_out,
            ]
          : found.problem,
      ),
    ).toEqual([
      ["conversations-000.json[1]", "y", 3, { "shorter copies": 1 }],
      ["conversations-001.json[0]", "x", 4, { "shorter copies": 1 }],
    ]);
    expect(await allOf("chatgpt", directory, {}, all[0]?.position)).toEqual(all.slice(1));
  });

  it("has what is new counted by its name, and the model of the conversation", async () => {
    const mapping = {
      a: {
        parent: null,
        message: {
          author: { role: "assistant" },
          content: { content_type: "text", parts: ["Hi"] },
          metadata: { request_id: "r", memory_citations: [{ id: "m" }], empty: [] },
        },
      },
    };
    const { left, conversations } = await readingOf("chatgpt", [
      { id: "x", mapping, default_model_slug: "gpt-5-2", is_starred: true, shared_with: ["ann"] },
    ]);
    expect(left).toEqual({ shared_with: 1, "metadata.memory_citations": 1 });
    expect(conversations[0]).toMatchObject({
      session: { metadata: { is_starred: "true" } },
      turns: [{ model: "openai/gpt-5-2" }],
    });
  });
});
