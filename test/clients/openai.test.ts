import OpenAI, { RateLimitError } from "openai";
import { ResponsesWS } from "openai/resources/responses/ws";
import type {
  Response,
  ResponseOutputItem,
  ResponsesClientEvent,
} from "openai/resources/responses/responses";
import { expect, it } from "vitest";

import { Account, expectStored } from "./account.ts";
import { calls, script } from "./script.ts";

const model = "gpt-5.2";

const WEATHER = {
  type: "function" as const,
  name: "get_weather",
  description: "The weather of a city.",
  strict: true,
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};

const clientOf = ({ apiKey, baseURL }: Account) => new OpenAI({ apiKey, baseURL, maxRetries: 0 });

const resultsOf = (output: ResponseOutputItem[]) =>
  output.flatMap((item) =>
    item.type === "function_call"
      ? [{ type: "function_call_output" as const, call_id: item.call_id, output: "sunny" }]
      : [],
  );

it("`responses.stream`: reasoning, two calls at once, chained by `previous_response_id`", async (test) => {
  const account = await Account.fresh();
  const client = clientOf(account);
  const tools = [WEATHER];
  const input = script("The weather?", [
    {
      reasoning_content: "Two cities.",
      tool_calls: calls("get_weather", { city: "Paris" }, { city: "Rome" }),
      late_names: true,
    },
    { content: "Sunny in both.", drip_ms: 20 },
  ]);
  const first = await client.responses.stream({ model, input, tools }).finalResponse();
  const second = await client.responses
    .stream({ model, tools, previous_response_id: first.id, input: resultsOf(first.output) })
    .finalResponse();
  expect(second.output_text).toBe("Sunny in both.");
  await expectStored(test, account, [
    [
      "user: The weather?",
      "thought: Two cities.",
      'call get_weather: {"city":"Paris"}',
      'call get_weather: {"city":"Rome"}',
      "result: sunny",
      "result: sunny",
      "assistant: Sunny in both.",
    ],
  ]);
});

it("`conversations` and `responses.create`: a conversation that begins with items, and a refusal", async (test) => {
  const account = await Account.fresh();
  const client = clientOf(account);
  const { id: conversation } = await client.conversations.create({
    items: [{ role: "developer", content: "Be kind." }],
  });
  const input = script("Help me.", [{ refusal: "I would rather not." }, { content: "Good bye." }]);
  const { output } = await client.responses.create({ model, conversation, input });
  expect(output).toMatchObject([{ content: [{ type: "refusal" }] }]);
  await client.responses.create({ model, conversation, input: "Then good bye." });
  await expectStored(test, account, [
    [
      "developer: Be kind.",
      "user: Help me.",
      "assistant: I would rather not.",
      "user: Then good bye.",
      "assistant: Good bye.",
    ],
  ]);
});

it("`chat.completions.runTools` with `store: true`, streamed", async (test) => {
  const account = await Account.fresh();
  const runner = clientOf(account).chat.completions.runTools({
    model,
    stream: true,
    store: true,
    messages: [
      {
        role: "user",
        content: script("The weather?", [
          { tool_calls: calls("get_weather", { city: "Paris" }), late_names: true },
          { content: "Sunny." },
        ]),
      },
    ],
    tools: [
      {
        type: "function",
        function: {
          name: "get_weather",
          description: "The weather of a city.",
          parameters: WEATHER.parameters,
          parse: (given: string) => JSON.parse(given) as { city: string },
          function: ({ city }: { city: string }) => `sunny in ${city}`,
        },
      },
    ],
  });
  expect(await runner.finalContent()).toBe("Sunny.");
  const asked = ["user: The weather?", 'call get_weather: {"city":"Paris"}'];
  await expectStored(test, account, [
    asked,
    [...asked, "result: sunny in Paris", "assistant: Sunny."],
  ]);
});

it("`ResponsesWS`: a chain in one connection", async (test) => {
  const account = await Account.fresh();
  const socket = new ResponsesWS(clientOf(account));
  const ask = (body: Omit<Extract<ResponsesClientEvent, { type: "response.create" }>, "type">) =>
    new Promise<Response>((resolve, reject) => {
      socket.on("error", reject);
      socket.once("response.completed", ({ response }) => resolve(response));
      socket.send({ type: "response.create", ...body });
    });
  const tools = [WEATHER];
  const input = script("The weather?", [
    { tool_calls: calls("get_weather", { city: "Paris" }) },
    { content: "Sunny." },
  ]);
  const first = await ask({ model, input, tools });
  const input2 = resultsOf(first.output);
  await ask({ model, input: input2, tools, previous_response_id: first.id });
  socket.close();
  await expectStored(test, account, [
    [
      "user: The weather?",
      'call get_weather: {"city":"Paris"}',
      "result: sunny",
      "assistant: Sunny.",
    ],
  ]);
});

it("Errors of the provider: a status, in a stream, a stream that is cut", async (test) => {
  const account = await Account.fresh();
  const client = clientOf(account);
  const { id: conversation } = await client.conversations.create();
  const asked = (step: object) => ({ model, conversation, input: script("Hi", [step]) });
  const refused = client.responses.create(asked({ status: 400 }));
  await expect(refused).rejects.toMatchObject({ status: 400, code: "context_length_exceeded" });
  const tooMany = client.responses.create(asked({ status: 429 }));
  await expect(tooMany).rejects.toBeInstanceOf(RateLimitError);
  for (const broken of [
    { error_after: 0 },
    { error_after: 1 },
    { error_after: 3 },
    { cut_after: 2 },
  ]) {
    const events: string[] = [];
    const step = { content: "one two three", ...broken };
    const stream = await client.responses.create({ ...asked(step), stream: true });
    for await (const { type } of stream) events.push(type);
    expect(events.at(-1)).toBe("response.failed");
    await expect(client.responses.create(asked(step))).rejects.toMatchObject({ status: 502 });
  }
  await client.responses.create(asked({ content: "Hello." }));
  await expectStored(test, account, [["user: Hi", "assistant: Hello."]]);
});
