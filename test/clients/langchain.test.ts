import { HumanMessage } from "@langchain/core/messages";
import type {
  AIMessage,
  AIMessageChunk,
  BaseMessage,
  ToolMessage,
  UsageMetadata,
} from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { expect, it } from "vitest";
import { z } from "zod";

import { Account, expectStored } from "./account.ts";
import { runPage } from "./page.ts";
import { calls, script } from "./script.ts";

type Fields = NonNullable<ConstructorParameters<typeof ChatOpenAI>[0]> & object;

const modelOf = ({ apiKey, baseURL }: Account, more: Partial<Fields> = {}) =>
  new ChatOpenAI({ model: "gpt-5.2", apiKey, configuration: { baseURL }, maxRetries: 0, ...more });

const getWeather = tool(({ city }) => `sunny in ${city}`, {
  name: "get_weather",
  description: "The weather of a city.",
  schema: z.object({ city: z.string() }),
});

const SIGNED = { type: "reasoning.encrypted", data: "c2lnbmVk", id: "r1", format: "openai-v1" };
const STEP = {
  reasoning_content: "Two cities.",
  reasoning_details: [SIGNED],
  tool_calls: calls("get_weather", { city: "Paris" }, { city: "Rome" }),
  late_names: true,
};
const QUESTION = new HumanMessage(script("The weather?", [STEP, { content: "Sunny in both." }]));

const TOLD = [
  "user: The weather?",
  "thought: Two cities.",
  'call get_weather: {"city":"Paris"}',
  'call get_weather: {"city":"Rome"}',
  "result: sunny in Paris",
  "result: sunny in Rome",
  "assistant: Sunny in both.",
];

async function gathered(stream: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let answer: AIMessageChunk | undefined;
  for await (const chunk of stream) answer = answer ? answer.concat(chunk) : chunk;
  if (!answer) throw new Error("There is no answer.");
  return answer;
}

const resultsOf = ({ tool_calls = [] }: AIMessage | AIMessageChunk): Promise<ToolMessage[]> =>
  Promise.all(tool_calls.map((call) => getWeather.invoke(call) as Promise<ToolMessage>));

it("Responses: tools, chained by `previous_response_id`", async (test) => {
  const account = await Account.fresh();
  const model = modelOf(account, { useResponsesApi: true }).bindTools([getWeather]);
  const first = await model.invoke([QUESTION]);
  const { id } = first.response_metadata as { id: string };
  const second = await model.invoke(await resultsOf(first), { previous_response_id: id });
  expect(second.text).toBe("Sunny in both.");
  await expectStored(test, account, [TOLD]);
});

it("Responses streamed with `zdrEnabled`: encrypted reasoning comes back to the model", async (test) => {
  const account = await Account.fresh();
  const model = modelOf(account, { useResponsesApi: true, zdrEnabled: true });
  const messages: BaseMessage[] = [
    new HumanMessage(script("The weather?", [STEP, { shown: true }])),
  ];
  for (let turn = 0; turn < 2; turn += 1) {
    const include = ["reasoning.encrypted_content" as const];
    const answer = await gathered(
      await model.bindTools([getWeather]).stream(messages, { include }),
    );
    messages.push(answer, ...(await resultsOf(answer)));
  }
  const shown = JSON.parse(messages.at(-1)?.text ?? "") as { reasoning_details?: object[] }[];
  expect(shown[1]?.reasoning_details).toEqual([SIGNED]);
  await expectStored(test, account, []);
});

it("Chat completions with `store`, streamed, with usage", async (test) => {
  const account = await Account.fresh();
  const model = modelOf(account, { modelKwargs: { store: true }, streamUsage: true });
  const messages: BaseMessage[] = [QUESTION];
  let usage = 0;
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await gathered(await model.bindTools([getWeather]).stream(messages));
    usage += (answer.usage_metadata as UsageMetadata | undefined)?.total_tokens ?? 0;
    messages.push(answer, ...(await resultsOf(answer)));
  }
  expect(messages.at(-1)?.text).toBe("Sunny in both.");
  expect(usage).toBe(20);
  const stored = await account.conversations();
  expect(stored.at(-1)).toEqual(TOLD.filter((line) => !line.startsWith("thought")));
  await expectStored(test, account, stored);
});

it("`withStructuredOutput`, by a JSON Schema and by a tool", async (test) => {
  const account = await Account.fresh();
  const model = modelOf(account, { modelKwargs: { store: true } });
  const schema = z.object({ name: z.string(), age: z.number() });
  const alice = { name: "Alice", age: 30 };
  const parsed = await model
    .withStructuredOutput(schema, { method: "jsonSchema" })
    .invoke(script("Alice is 30.", [{ content: JSON.stringify(alice) }]));
  expect(parsed).toEqual(alice);
  const called = await model
    .withStructuredOutput(schema, { method: "functionCalling", name: "person" })
    .invoke(script("Alice is 30.", [{ tool_calls: calls("person", alice) }]));
  expect(called).toEqual(alice);
  await expectStored(test, account, [
    ["user: Alice is 30.", `assistant: ${JSON.stringify(alice)}`],
    ["user: Alice is 30.", `call person: ${JSON.stringify(alice)}`],
  ]);
});

it("`OpenAIEmbeddings`, which stores nothing", async (test) => {
  const account = await Account.fresh();
  const { apiKey, baseURL } = account;
  const embeddings = new OpenAIEmbeddings({
    apiKey,
    model: "text-embedding-3-small",
    configuration: { baseURL },
  });
  const [cat, dog] = await embeddings.embedDocuments(["A cat", "A dog"]);
  expect(cat?.length).toBe(dog?.length);
  expect(cat).not.toEqual(dog);
  await expectStored(test, account, []);
});

it("The page [LangChain and LangGraph](integrations/langchain.md)", async (test) => {
  const account = await Account.fresh();
  await runPage("langchain", account);
  await expectStored(test, account, [
    [
      "user: My name is Alice.",
      "assistant: You said: My name is Alice.",
      "user: What is my name?",
      "assistant: You said: What is my name?",
    ],
  ]);
});
