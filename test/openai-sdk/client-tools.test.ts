import type { ResponseInputItem, Tool } from "openai/resources/responses/responses";
import { describe, expect, it } from "vitest";

import { openai } from "./client.ts";

const model = "openai/told";

/** Asks the model `told` to call these functions. */
function asking(...called: [name: string, args: object][]): string {
  const tool_calls = called.map(([name, args], n) => ({
    id: `call_${n}`,
    type: "function",
    function: { name, arguments: JSON.stringify(args) },
  }));
  return `<<${JSON.stringify({ content: null, tool_calls })}>>`;
}

const TOOLS: Tool[] = [
  {
    type: "custom",
    name: "write_sql",
    format: { type: "grammar", syntax: "regex", definition: "select .*" },
  },
  { type: "shell", environment: { type: "local" } },
  { type: "apply_patch" },
  {
    type: "namespace",
    name: "crm",
    description: "Customers.",
    tools: [{ type: "function", name: "find", parameters: { type: "object" } }],
  },
];
const INPUT = asking(
  ["write_sql", { input: "select 1, 2" }],
  ["shell", { commands: ["ls", "pwd"] }],
  ["apply_patch", { type: "create_file", path: "a", diff: "+a" }],
  ["crm__find", { id: 1 }],
);
const OUTPUT = [
  { type: "custom_tool_call", name: "write_sql", input: "select 1, 2" },
  { type: "shell_call", action: { commands: ["ls", "pwd"] } },
  { type: "apply_patch_call", operation: { type: "create_file", path: "a", diff: "+a" } },
  { type: "function_call", namespace: "crm", name: "find", arguments: '{"id":1}' },
];

describe("tools that the client runs", () => {
  it("are called in a stream as the package puts it together", async () => {
    const client = openai();
    const runner = client.responses.stream({ model, input: INPUT, tools: TOOLS });
    const commands: string[] = [];
    runner.on("event", (event) => {
      if (event.type === "response.shell_call_command.done") commands.push(event.command);
    });
    const response = await runner.finalResponse();
    expect(response.output).toMatchObject(OUTPUT);
    expect(commands).toEqual(["ls", "pwd"]);
    expect((await client.responses.retrieve(response.id)).output).toMatchObject(OUTPUT);
  });

  it("are answered by items of their own, after the response and in a conversation", async () => {
    const client = openai();
    const { id: conversation } = await client.conversations.create();
    await client.responses.create({ model, input: INPUT, tools: TOOLS, conversation });
    const results: ResponseInputItem[] = [
      { type: "custom_tool_call_output", call_id: "call_0", output: "1 row" },
      {
        type: "shell_call_output",
        call_id: "call_1",
        output: [{ stdout: "a", stderr: "", outcome: { type: "exit", exit_code: 0 } }],
      },
      { type: "apply_patch_call_output", call_id: "call_2", status: "completed" },
      { type: "function_call_output", call_id: "call_3", output: "Ann" },
    ];
    const raw = "openai/raw";
    const { output_text } = await client.responses.create({
      model: raw,
      input: results,
      tools: TOOLS,
      conversation,
    });
    const asked = JSON.parse(output_text) as { messages: object[] };
    expect(asked.messages.slice(1)).toMatchObject([
      {
        tool_calls: ["write_sql", "shell", "apply_patch", "crm__find"].map((name) => ({
          function: { name },
        })),
      },
      { role: "tool", content: "1 row" },
      { role: "tool", content: "a\nexit code: 0" },
      { role: "tool", content: "completed" },
      { role: "tool", content: "Ann" },
    ]);
    const kept: string[] = [];
    for await (const { type } of client.conversations.items.list(conversation, { order: "asc" }))
      kept.push(type);
    expect(kept).toEqual([
      "message",
      ...OUTPUT.map(({ type }) => type),
      ...results.map(({ type }) => type),
      "message",
    ]);
  });

  it("may be freeform in a chat completion, whole and streamed", async () => {
    const client = openai();
    const request = {
      model,
      messages: [{ role: "user" as const, content: asking(["write_sql", { input: "select 1" }]) }],
      tools: [{ type: "custom" as const, custom: { name: "write_sql" } }],
    };
    const called = [{ type: "custom", custom: { name: "write_sql", input: "select 1" } }];
    const { choices } = await client.chat.completions.create(request);
    expect(choices[0]?.message.tool_calls).toMatchObject(called);
    const streamed = await client.chat.completions.stream(request).finalMessage();
    expect(streamed.tool_calls).toMatchObject(called);
  });
});
