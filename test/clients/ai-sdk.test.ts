import { createOpenAI } from "@ai-sdk/openai";
import type { OpenAILanguageModelResponsesOptions } from "@ai-sdk/openai";
import {
  convertToModelMessages,
  generateText,
  isStepCount,
  readUIMessageStream,
  streamText,
  tool,
  toUIMessageStream,
  validateUIMessages,
} from "ai";
import type { UIMessage } from "ai";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { z } from "zod";

import { Account, expectStored } from "./account.ts";
import { calls, script } from "./script.ts";

const tools = {
  get_weather: tool({
    description: "The weather of a city.",
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => Promise.resolve(`sunny in ${city}`),
  }),
};

const SIGNED = { type: "reasoning.encrypted", data: "c2lnbmVk", id: "r1", format: "openai-v1" };

const STEPS = [
  {
    reasoning_content: "Two cities first.",
    reasoning_details: [SIGNED],
    tool_calls: calls("get_weather", { city: "Paris" }, { city: "Rome" }),
    late_names: true,
  },
  { tool_calls: calls("get_weather", { city: "Oslo" }) },
];
const QUESTION = script("The weather?", [...STEPS, { content: "Sunny in all." }]);

const TOLD = [
  "user: The weather?",
  "thought: Two cities first.",
  'call get_weather: {"city":"Paris"}',
  'call get_weather: {"city":"Rome"}',
];

const modelOf = (account: Account) => createOpenAI(account).responses("gpt-5.2");

const options = (openai: OpenAILanguageModelResponsesOptions) => ({
  providerOptions: { openai: { ...openai } },
});

const stopWhen = isStepCount(4);

const user = (text: string): UIMessage => ({
  id: crypto.randomUUID(),
  role: "user",
  parts: [{ type: "text", text }],
});

it("`generateText` and `streamText`: tools over three steps in a `conversation`", async (test) => {
  const account = await Account.fresh();
  const steps = [...STEPS, { content: "Sunny in all." }];
  const { id: conversation } = await new OpenAI(account).conversations.create({
    items: [{ role: "user", content: script("Hello", [...steps, ...steps]) }],
  });
  const asked = {
    model: modelOf(account),
    tools,
    stopWhen,
    prompt: "The weather?",
    ...options({ conversation }),
  };
  const generated = await generateText(asked);
  expect([generated.text, generated.steps.length]).toEqual(["Sunny in all.", 3]);
  const streamed = streamText(asked);
  expect(await streamed.text).toBe("Sunny in all.");
  expect(await streamed.steps).toHaveLength(3);
  // With each step the client says the prompt, and all results, again.
  const again = ["user: The weather?", "result: sunny in Paris", "result: sunny in Rome"];
  const told = [
    ...TOLD,
    ...again,
    'call get_weather: {"city":"Oslo"}',
    ...again,
    "result: sunny in Oslo",
    "assistant: Sunny in all.",
  ];
  await expectStored(test, account, [["user: Hello", ...told, ...told]]);
});

it("`store: false` with encrypted reasoning, which comes back to the model over three steps", async (test) => {
  const account = await Account.fresh();
  const { text, steps } = await generateText({
    model: modelOf(account),
    tools,
    stopWhen,
    prompt: script("The weather?", [...STEPS, { shown: true }]),
    ...options({ store: false, include: ["reasoning.encrypted_content"] }),
  });
  expect(steps).toHaveLength(3);
  const shown = JSON.parse(text) as { role: string; reasoning_details?: object[] }[];
  expect(shown.map(({ role }) => role)).toEqual([
    "user",
    "assistant",
    "tool",
    "tool",
    "assistant",
    "tool",
  ]);
  expect(shown[1]?.reasoning_details).toEqual([SIGNED]);
  await expectStored(test, account, []);
});

it("UI messages: streamed, stored by the app as JSON, validated, and gone on with", async (test) => {
  const account = await Account.fresh();
  const model = modelOf(account);
  const ask = async (messages: UIMessage[]): Promise<UIMessage[]> => {
    const result = streamText({
      model,
      tools,
      stopWhen,
      messages: await convertToModelMessages(messages),
    });
    let answer: UIMessage | undefined;
    const stream = toUIMessageStream({ stream: result.stream, generateMessageId: () => "answer" });
    for await (const message of readUIMessageStream({ stream })) answer = message;
    if (!answer) throw new Error("There is no answer.");
    const stored = JSON.stringify([...messages, answer]);
    return validateUIMessages({ messages: JSON.parse(stored) as UIMessage[] });
  };
  const first = await ask([
    user(script("The weather?", [...STEPS, { content: "Sunny." }, { content: "Good bye." }])),
  ]);
  const second = await ask([...first, user("Thanks.")]);
  expect(second.at(-1)?.parts.at(-1)).toMatchObject({ type: "text", text: "Good bye." });
  const stored = await account.conversations();
  expect(stored.at(-1)).toEqual([
    ...TOLD,
    "result: sunny in Paris",
    "result: sunny in Rome",
    'call get_weather: {"city":"Oslo"}',
    "result: sunny in Oslo",
    "assistant: Sunny.",
    "user: Thanks.",
    "assistant: Good bye.",
  ]);
  await expectStored(test, account, stored);
});

it("Chat completions (`openai.chat`) with `store: true`, streamed", async (test) => {
  const account = await Account.fresh();
  const result = streamText({
    model: createOpenAI(account).chat("gpt-4.1"),
    tools,
    stopWhen,
    prompt: QUESTION,
    providerOptions: { openai: { store: true } },
  });
  expect(await result.text).toBe("Sunny in all.");
  const stored = await account.conversations();
  expect(stored).toHaveLength(3);
  expect(stored.at(-1)?.at(-1)).toBe("assistant: Sunny in all.");
  await expectStored(test, account, stored);
});

it("Errors of the provider, in a stream and instead of it", async (test) => {
  const account = await Account.fresh();
  const model = modelOf(account);
  const refused = generateText({ model, prompt: script("Hi", [{ status: 400 }]), maxRetries: 0 });
  await expect(refused).rejects.toMatchObject({ statusCode: 400, isRetryable: false });
  const seen: unknown[] = [];
  const broken = streamText({
    model,
    prompt: script("Hi", [{ content: "one two three", error_after: 2 }]),
    onError: ({ error }) => void seen.push(error),
  });
  await broken.consumeStream();
  expect(seen).not.toEqual([]);
  expect((await account.conversations()).flat()).toEqual([]);
  await expectStored(test, account, await account.conversations());
});
