import { describe, expect, it } from "vitest";

import { FORMAT } from "../../../src/account/archive/format/format.ts";
import { allOf, conversationsOf, saved } from "./found.ts";
import { spoken } from "../../support/found.ts";

const hello = [
  { role: "system", content: "Be short." },
  { role: "user", content: "Hello" },
  { role: "assistant", content: "Hi." },
];
const SAID = ["> system: Be short.", "> user: Hello", "< assistant: Hi."];

const botLine = (id: string, said: string) =>
  `{"session_id":${id},"user":${id},"messages":[{"role":"user","content":"${said}"},{"role":"assistant","content":[{"type":"tool_use","id":${id},"name":"f","input":{"guild":${id}}}]}]}`;
const labelled = (n: string) =>
  `{"messages":[{"role":"user","content":"Hi"}],"metadata":{"n":${n}}}`;

const sessions = async (name: string, text: string) =>
  (await conversationsOf("openai", await saved(name, text))).map((each) => [
    each.session.session_id,
    ...spoken(each.turns),
  ]);

describe("messages of chat completions", () => {
  it("are one conversation where a file is one array of them, and no time is made up", async () => {
    const [first, ...rest] = await conversationsOf(
      "openai",
      await saved("chat.json", JSON.stringify(hello)),
    );
    expect(rest).toEqual([]);
    expect(first?.session).toEqual({
      type: "session",
      format: FORMAT,
      session_id: "chat.json",
      metadata: { source: "openai" },
      turns: 1,
    });
    expect(first?.turns[0]).not.toHaveProperty("created_at");
    expect(spoken(first?.turns ?? [])).toEqual(SAID);
  });

  it("of two people whose ids differ in the last digit are two conversations", async () => {
    const [one, other] = ["1145678901234567891", "1145678901234567892"];
    const path = await saved("bot.jsonl", `${botLine(one, "Ann")}\n${botLine(other, "Bob")}\n`);
    const found = await conversationsOf("openai", path);
    expect(found.map(({ session }) => [session.session_id, session.user_id])).toEqual([
      [one, one],
      [other, other],
    ]);
    expect(found.map(({ turns }) => spoken(turns))).toEqual([
      ["> user: Ann", `f({"guild":${one}})`].map((each, index) => (index ? `< ${each}` : each)),
      ["> user: Bob", `f({"guild":${other}})`].map((each, index) => (index ? `< ${each}` : each)),
    ]);
  });

  it("of a chat platform keep their ids", async () => {
    const ids = ["-1001234567890", "19:a@thread.tacv2;messageid=1", "U02ABC|T0", "+15551234567"];
    const lines = ids.map((id) => botLine(JSON.stringify(id), "Hi"));
    const found = await conversationsOf("openai", await saved("bot.jsonl", lines.join("\n")));
    expect(found.map(({ session }) => session)).toMatchObject(
      ids.map((id) => ({ session_id: id, user_id: id })),
    );
  });

  it("with a number that no double holds cannot be read, and it is told where it stands", async () => {
    const path = await saved("bot.jsonl", `${labelled("1")}\n${labelled("1e400")}\n`);
    expect(await allOf("openai", path)).toMatchObject([
      { conversation: {} },
      { problem: expect.stringContaining("metadata.n is a number beyond 1.8e308") as string },
    ]);
  });

  it("are a conversation a line, with what the line says of it", async () => {
    const lines = [
      { messages: hello },
      {
        messages: hello,
        session_id: "my session",
        created_at: 1_717_000_000,
        updated_at: "2024-05-30T00:00:00Z",
        user: "ada@example.com",
        title: "Greeting",
        model: "gpt-4o",
        metadata: { plan: "pro", seats: 3 },
      },
      { messages: hello, tools: [{ type: "function" }], id: 7 },
    ].map((line) => JSON.stringify(line));
    const path = await saved("train.jsonl", `${lines.join("\n")}\n`);
    const [first, second, third] = await conversationsOf("openai", path);
    expect(first?.session.session_id).toBe("train.jsonl:1");
    expect(second?.session).toMatchObject({
      session_id: expect.stringMatching(/^my_session\.[0-9a-f]{12}$/) as string,
      created_at: "2024-05-29T16:26:40.000Z",
      accessed_at: "2024-05-30T00:00:00.000Z",
      user_id: "ada@example.com",
      metadata: {
        source: "openai",
        title: "Greeting",
        source_session_id: "my session",
        plan: "pro",
        seats: "3",
      },
    });
    expect(second?.turns[0]?.model).toBe("openai/gpt-4o");
    expect(third?.session.session_id).toBe("7");
    expect(third?.left_out).toEqual({ tools: 1 });
  });

  it("are conversations in an array too, and as lines of bare arrays", async () => {
    const array = JSON.stringify([{ messages: hello }, { messages: hello }]);
    const bare = `${JSON.stringify(hello)}\n${JSON.stringify(hello)}\n`;
    expect(await sessions("c.json", array)).toEqual([
      ["c.json:1", ...SAID],
      ["c.json:2", ...SAID],
    ]);
    expect(await sessions("c.jsonl", bare)).toEqual([
      ["c.jsonl:1", ...SAID],
      ["c.jsonl:2", ...SAID],
    ]);
  });

  it("keep tools, images and files, and count what has no place", async () => {
    const messages = [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "https://i.example/a.png", detail: "low" } },
          { type: "file", file: { file_id: "file-1" } },
          { type: "input_audio", input_audio: { data: "…", format: "wav" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        reasoning_content: "Hm.",
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "look", arguments: '{"a":1}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: [{ type: "text", text: "a tram" }] },
      { role: "assistant", content: null, function_call: { name: "old", arguments: "{}" } },
      { role: "function", name: "old", content: "yes" },
      { role: "assistant", content: null, refusal: "No." },
    ];
    const [first] = await conversationsOf(
      "openai",
      await saved("c.json", JSON.stringify({ messages })),
    );
    expect(first?.left_out).toEqual({ audio: 1, reasoning: 1 });
    expect(spoken(first?.turns ?? [])).toEqual([
      `> user: ${JSON.stringify([
        { type: "input_text", text: "What is this?" },
        { type: "input_image", image_url: "https://i.example/a.png", detail: "low" },
        { type: "input_file", file_id: "file-1" },
      ])}`,
      '< look({"a":1})',
      "< = a tram",
      "< old({})",
      "< = yes",
      '< assistant: [{"type":"refusal","refusal":"No."}]',
    ]);
    const calls = [first?.turns[0]?.output ?? []]
      .flat()
      .flatMap((item) => (typeof item === "object" && "call_id" in item ? [item.call_id] : []));
    expect(calls).toEqual(["call_1", "call_1", "call_3", "call_3"]);
  });

  it("that cannot be read are named by their line, and the others are read", async () => {
    const lines = [
      { messages: hello },
      { prompt: "a" },
      { messages: [{ role: "x" }] },
      { messages: hello },
    ];
    const path = await saved("t.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
    const all = await allOf("openai", path);
    expect(all.map((found) => [found.from, "problem" in found ? found.problem : null])).toEqual([
      ["t.jsonl:1", null],
      ["t.jsonl:2", "has no messages"],
      ["t.jsonl:3", 'has no message that can be read: its role "x" is not known'],
      ["t.jsonl:4", null],
    ]);
    expect(await allOf("openai", path, {}, all[0]?.position)).toEqual(all.slice(1));
    const one = await saved("c.json", `[${JSON.stringify(hello[0])},{"role":}]`);
    expect(await allOf("openai", one)).toEqual([
      { from: "c.json", position: "0/0/0", problem: "is no JSON" },
    ]);
  });

  it("have metadata of what fits, and the rest is counted", async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`k${n}`, "é".repeat(600)]),
    );
    const path = await saved("c.json", JSON.stringify({ messages: hello, metadata }));
    const [first] = await conversationsOf("openai", path);
    expect(Object.keys(first?.session.metadata ?? {})).toHaveLength(16);
    expect(first?.session.metadata?.k1).toHaveLength(512);
    expect(first?.left_out).toMatchObject({ metadata: 5, "metadata.k1 (its end)": 1 });
  });
});
