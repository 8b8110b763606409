import { createOpenAI } from "@ai-sdk/openai";
import { generateText, isStepCount, streamText } from "ai";
import { expect, inject, it } from "vitest";

import { freshAccount } from "./client.ts";

const PROMPT = `<<${JSON.stringify({
  content: null,
  tool_calls: [
    ["write_sql", { input: "select 1" }],
    ["shell", { commands: ["ls"] }],
    ["local_shell", { command: ["pwd"] }],
    ["apply_patch", { type: "create_file", path: "a", diff: "+a" }],
  ].map(([name, args], n) => ({
    id: `call_${n}`,
    type: "function",
    function: { name, arguments: JSON.stringify(args) },
  })),
})}>>`;

it.each([true, false])("the AI SDK runs its tools for OpenAI, where store is %s", async (store) => {
  const account = freshAccount();
  const sent: string[] = [];
  const provider = createOpenAI({
    baseURL: `${inject("server")}/v1`,
    apiKey: "none",
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      url.searchParams.set("account_id", account);
      if (typeof init?.body === "string") sent.push(init.body);
      return fetch(url, init);
    },
  });
  const run: unknown[] = [];
  const did = <T>(input: unknown, output: T): Promise<T> => {
    run.push(input);
    return Promise.resolve(output);
  };
  const outcome = { type: "exit" as const, exitCode: 0 };
  const asked = {
    model: provider.responses("openai/told"),
    prompt: PROMPT,
    tools: {
      write_sql: provider.tools.customTool({ execute: (input: string) => did(input, "1 row") }),
      shell: provider.tools.shell({
        execute: ({ action }) => did(action, { output: [{ stdout: "a", stderr: "", outcome }] }),
      }),
      local_shell: provider.tools.localShell({
        execute: ({ action }) => did(action, { output: "/" }),
      }),
      apply_patch: provider.tools.applyPatch({
        execute: ({ operation }) => did(operation, { status: "completed" as const }),
      }),
    },
    stopWhen: isStepCount(3),
    providerOptions: { openai: { store } },
  };
  const { steps } = await generateText(asked);
  expect(steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
  const inputs = [
    "select 1",
    { commands: ["ls"] },
    { type: "exec", command: ["pwd"] },
    { type: "create_file", path: "a", diff: "+a" },
  ];
  expect(run).toMatchObject(inputs);
  run.length = 0;
  const streamed = streamText(asked);
  expect(await streamed.finishReason).toBe("stop");
  expect(run).toMatchObject(inputs);
  const results = JSON.parse(sent.at(-1) ?? "") as { input: { type?: string }[] };
  expect(results.input.map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      "custom_tool_call_output",
      "shell_call_output",
      "local_shell_call_output",
      "apply_patch_call_output",
    ]),
  );
});
