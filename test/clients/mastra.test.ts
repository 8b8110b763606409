import { createOpenAI } from "@ai-sdk/openai";
import { Agent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { z } from "zod";

import { Account, expectStored } from "./account.ts";
import { runPage } from "./page.ts";
import { calls, script } from "./script.ts";

const getWeather = createTool({
  id: "get_weather",
  description: "The weather of a city.",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => Promise.resolve({ weather: `sunny in ${city}` }),
});

const QUESTION = script("The weather?", [
  { tool_calls: calls("get_weather", { city: "Paris" }, { city: "Rome" }), late_names: true },
  { content: "Sunny in both." },
]);

const weather = {
  id: "weather",
  name: "Weather",
  instructions: "Be brief.",
  tools: { get_weather: getWeather },
};

it("An agent with tools, its model by URL: chat completions", async (test) => {
  const account = await Account.fresh();
  const { baseURL: url, apiKey } = account;
  const model = { providerId: "colloquy", modelId: "gpt-5.2", url, apiKey };
  const agent = new Agent({ ...weather, model });
  const { text } = await agent.generate(QUESTION);
  expect(text).toBe("Sunny in both.");
  await expectStored(test, account, []);
});

it("An agent with tools, streamed, in a `conversation`: responses", async (test) => {
  const account = await Account.fresh();
  const { id: conversation } = await new OpenAI(account).conversations.create({
    items: [{ role: "user", content: QUESTION }],
  });
  // Its types are of an earlier version of the provider's interface.
  const model = createOpenAI(account).responses("gpt-5.2") as never;
  const agent = new Agent({ ...weather, model });
  const stream = await agent.stream("Well?", { providerOptions: { openai: { conversation } } });
  expect(await stream.text).toBe("Sunny in both.");
  // The client says the prompt again with each step.
  await expectStored(test, account, [
    [
      "user: The weather?",
      "developer: Be brief.",
      "user: Well?",
      'call get_weather: {"city":"Paris"}',
      'call get_weather: {"city":"Rome"}',
      "developer: Be brief.",
      "user: Well?",
      'result: {"weather":"sunny in Paris"}',
      'result: {"weather":"sunny in Rome"}',
      "assistant: Sunny in both.",
    ],
  ]);
});

it("The page [Mastra](integrations/mastra.md)", async (test) => {
  const account = await Account.fresh();
  await runPage("mastra", account);
  await expectStored(test, account, [
    [
      "user: My name is Alice.",
      "assistant: You said: My name is Alice.",
      "user: What is my name?",
      "assistant: You said: What is my name?",
    ],
  ]);
});
