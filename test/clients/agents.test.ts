import {
  Agent,
  MemorySession,
  OpenAIConversationsSession,
  OpenAIProvider,
  OpenAIResponsesCompactionSession,
  Runner,
  applyPatchTool,
  shellTool,
  tool,
} from "@openai/agents";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { z } from "zod";

import { Account, expectStored } from "./account.ts";
import { runPage } from "./page.ts";
import { calls, script } from "./script.ts";

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const clientOf = ({ apiKey, baseURL }: Account) => new OpenAI({ apiKey, baseURL });

type ProviderOptions = NonNullable<ConstructorParameters<typeof OpenAIProvider>[0]>;

const runnerOf = ({ apiKey, baseURL }: Account, more: ProviderOptions = {}) =>
  new Runner({
    modelProvider: new OpenAIProvider({ apiKey, baseURL, ...more }),
    tracingDisabled: true,
  });

const getWeather = tool({
  name: "get_weather",
  description: "The weather of a city.",
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `sunny in ${city}`,
});

const weatherAgent = () =>
  new Agent({ name: "Weather", instructions: "Be brief.", tools: [getWeather] });

const refuse = () => Promise.resolve({ status: "failed" as const });

const ASKED = script("The weather?", [
  {
    reasoning_content: "Two cities.",
    tool_calls: calls("get_weather", { city: "Paris" }, { city: "Rome" }),
    late_names: true,
  },
  { content: "Sunny in both." },
  { content: "You asked for two cities." },
]);

const TOLD = [
  "user: The weather?",
  "thought: Two cities.",
  'call get_weather: {"city":"Paris"}',
  'call get_weather: {"city":"Rome"}',
  "result: sunny in Paris",
  "result: sunny in Rome",
  "assistant: Sunny in both.",
];
const TOLD_MORE = ["user: What did I ask?", "assistant: You asked for two cities."];

it("`run` with `conversationId`: two tools at once, then another turn", async (test) => {
  const account = await Account.fresh();
  const runner = runnerOf(account);
  const { id: conversationId } = await clientOf(account).conversations.create();
  const first = await runner.run(weatherAgent(), ASKED, { conversationId });
  expect(first.finalOutput).toBe("Sunny in both.");
  await runner.run(weatherAgent(), "What did I ask?", { conversationId });
  await expectStored(test, account, [[...TOLD, ...TOLD_MORE]]);
});

it("`run` streamed, chained by `previousResponseId`", async (test) => {
  const account = await Account.fresh();
  const runner = runnerOf(account);
  const { id: previousResponseId } = await clientOf(account).responses.create({ input: "Hello" });
  const first = await runner.run(weatherAgent(), ASKED, { stream: true, previousResponseId });
  const deltas: string[] = [];
  for await (const delta of first.toTextStream()) deltas.push(delta);
  await first.completed;
  expect(deltas.join("")).toBe("Sunny in both.");
  await expectStored(test, account, [["user: Hello", "assistant: You said: Hello", ...TOLD]]);
});

it("`run` over the WebSocket transport, streamed and not, with `conversationId`", async (test) => {
  const account = await Account.fresh();
  const { apiKey, baseURL } = account;
  const modelProvider = new OpenAIProvider({ apiKey, baseURL, useResponsesWebSocket: true });
  const runner = new Runner({ modelProvider, tracingDisabled: true });
  const { id: conversationId } = await clientOf(account).conversations.create();
  const first = await runner.run(weatherAgent(), ASKED, { conversationId });
  expect(first.finalOutput).toBe("Sunny in both.");
  const second = await runner.run(weatherAgent(), "What did I ask?", {
    conversationId,
    stream: true,
  });
  await second.completed;
  expect(second.finalOutput).toBe("You asked for two cities.");
  await modelProvider.close();
  await expectStored(test, account, [[...TOLD, ...TOLD_MORE]]);
});

it("`OpenAIConversationsSession`: two runs, the last item popped and said again", async (test) => {
  const account = await Account.fresh();
  const runner = runnerOf(account);
  const session = new OpenAIConversationsSession(account);
  // The session keeps what was said: the model's responses need not be kept as well.
  const agent = weatherAgent().clone({ modelSettings: { store: false } });
  await runner.run(agent, ASKED, { session });
  await runner.run(agent, "What did I ask?", { session });
  await session.popItem();
  await session.popItem();
  await runner.run(agent, "What did I ask?", { session });
  expect(await session.getItems(2)).toMatchObject([{ role: "user" }, { role: "assistant" }]);
  await expectStored(test, account, [[...TOLD, ...TOLD_MORE]]);
});

it("A handoff to another agent", async (test) => {
  const account = await Account.fresh();
  const french = new Agent({ name: "French", instructions: "Answer in French." });
  const triage = new Agent({ name: "Triage", handoffs: [french] });
  const { id: conversationId } = await clientOf(account).conversations.create();
  const input = script("Bonjour", [
    { tool_calls: calls("transfer_to_French", {}) },
    { content: "Bonjour !" },
  ]);
  const { finalOutput, lastAgent } = await runnerOf(account).run(triage, input, { conversationId });
  expect([finalOutput, lastAgent?.name]).toEqual(["Bonjour !", "French"]);
  await expectStored(test, account, [
    [
      "user: Bonjour",
      "call transfer_to_French: {}",
      'result: {"assistant":"French"}',
      "assistant: Bonjour !",
    ],
  ]);
});

it("A tool whose output is an image", async (test) => {
  const account = await Account.fresh();
  const look = tool({
    name: "look",
    description: "Takes a picture.",
    parameters: z.object({}),
    execute: () => [
      { type: "text" as const, text: "Here it is." },
      { type: "image" as const, image: PIXEL },
    ],
  });
  const agent = new Agent({ name: "Looking", tools: [look] });
  const { id: conversationId } = await clientOf(account).conversations.create();
  const input = script("Look!", [{ tool_calls: calls("look", {}) }, { shown: true }]);
  const { finalOutput } = await runnerOf(account).run(agent, input, { conversationId });
  expect(finalOutput).toContain(PIXEL);
  const [told = []] = await account.conversations();
  expect(told.at(-1)).toContain(PIXEL);
  await clientOf(account).responses.create({ conversation: conversationId, input: "Thanks." });
  const [all = []] = await account.conversations();
  await expectStored(test, account, [
    [
      "user: Look!",
      "call look: {}",
      "result: Here it is. [input_image]",
      told.at(-1) ?? "",
      "user: Thanks.",
      all.at(-1) ?? "",
    ],
  ]);
});

it("`shellTool` and `applyPatchTool`, which run on the client", async (test) => {
  const account = await Account.fresh();
  const ran: string[] = [];
  const outcome = { type: "exit" as const, exitCode: 0 };
  const shell = shellTool({
    shell: {
      run: ({ commands }) => {
        ran.push(...commands);
        return Promise.resolve({ output: [{ stdout: "one", stderr: "", outcome }] });
      },
    },
  });
  const editor = {
    createFile: ({ path, diff }: { path: string; diff: string }) => {
      ran.push(`${path}: ${diff}`);
      return Promise.resolve({ status: "completed" as const, output: "Made." });
    },
    updateFile: refuse,
    deleteFile: refuse,
  };
  const agent = new Agent({ name: "Coder", tools: [shell, applyPatchTool({ editor })] });
  const { id: conversationId } = await clientOf(account).conversations.create();
  const operation = { type: "create_file", path: "hello.txt", diff: "+Hello" };
  const input = script("Make a file.", [
    { tool_calls: [{ name: "shell", arguments: { commands: ["ls"] } }] },
    { tool_calls: [{ name: "apply_patch", arguments: operation }] },
    { content: "It is made." },
  ]);
  const { finalOutput } = await runnerOf(account).run(agent, input, { conversationId });
  expect([finalOutput, ...ran]).toEqual(["It is made.", "ls", "hello.txt: +Hello"]);
  const [told = []] = await account.conversations();
  expect(told.map((line) => line.split(":")[0])).toEqual([
    "user",
    "call shell_call",
    "result",
    "call apply_patch",
    "result",
    "assistant",
  ]);
  await expectStored(test, account, [told]);
});

it("`OpenAIResponsesCompactionSession`: the history is compacted, and gone on with", async (test) => {
  const account = await Account.fresh();
  const runner = runnerOf(account);
  const session = new OpenAIResponsesCompactionSession({
    client: clientOf(account),
    model: "gpt-5.2",
    underlyingSession: new MemorySession(),
    shouldTriggerCompaction: ({ sessionItems }) => sessionItems.length > 3,
  });
  const agent = new Agent({ name: "Brief" });
  await runner.run(agent, "My name is Alice.", { session });
  await runner.run(agent, "I like tea.", { session });
  expect(await session.getItems()).toMatchObject([{ type: "compaction" }]);
  await runner.run(agent, "Hello again.", { session });
  const stored = await account.conversations();
  expect(stored.at(-1)?.[0]).toBe("compaction");
  await expectStored(test, account, [
    ["user: My name is Alice.", "assistant: You said: My name is Alice."],
    [
      "user: My name is Alice.",
      "assistant: You said: My name is Alice.",
      "user: I like tea.",
      "assistant: You said: I like tea.",
    ],
    ["compaction", "user: Hello again.", "assistant: You said: Hello again."],
  ]);
});

it("Chat completions instead of responses, with `store: true`", async (test) => {
  const account = await Account.fresh();
  const runner = runnerOf(account, { useResponses: false });
  const agent = weatherAgent().clone({ modelSettings: { store: true } });
  const { finalOutput } = await runner.run(agent, ASKED);
  expect(finalOutput).toBe("Sunny in both.");
  const [, last = []] = await account.conversations();
  expect(last.filter((line) => !line.startsWith("thought"))).toEqual([
    "system: Be brief.",
    ...TOLD.filter((line) => !line.startsWith("thought")),
  ]);
  await expectStored(test, account, await account.conversations());
});

it("The page [Agents SDK](integrations/agents-sdk.md)", async (test) => {
  const account = await Account.fresh();
  await runPage("agents-sdk", account);
  await expectStored(test, account, [
    [
      "user: My name is Alice.",
      "assistant: You said: My name is Alice.",
      "user: What is my name?",
      "assistant: You said: What is my name?",
    ],
  ]);
});
