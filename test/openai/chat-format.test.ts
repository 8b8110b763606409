import OpenAI from "openai";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsNonStreaming,
} from "openai/resources/chat/completions";
import { expect, inject, it } from "vitest";

import { assemble, parseChunk } from "../../src/account/calls/assemble.ts";
import { chatResponse } from "../../src/openai/chat-format.ts";
import type { ChatRequest, ChatResponse } from "../../src/openai/chat-format.ts";
import { Client } from "../support/client.ts";

// What the compiler checks: our shapes are the package's.
const asResponse = (response: ChatResponse): ChatCompletion => response;
const asRequest = (request: ChatRequest): ChatCompletionCreateParamsNonStreaming => ({
  ...request,
  messages: request.messages.map((message) => ({ ...message })),
});

const chunk = (delta: ChatCompletionChunk.Choice.Delta, done = false): ChatCompletionChunk => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-5",
  choices: [{ index: 0, delta, finish_reason: done ? "stop" : null, logprobs: null }],
});

it("a response is what the openai package takes for one", () => {
  const response = asResponse(
    chatResponse({
      id: "call_1",
      text: "Tea.",
      model: "gpt-5",
      created_at: 1_500,
      input_tokens: 1,
      output_tokens: 2,
      isPartial: false,
    }),
  );
  expect(response.choices[0]?.message.content).toBe("Tea.");
  expect(response.usage?.total_tokens).toBe(3);
});

it("chunks of the package are put together to a response of the package", () => {
  const chunks = [
    chunk({ role: "assistant", content: "" }),
    chunk({ content: "Te" }),
    chunk({ content: "a." }),
    chunk({}, true),
  ];
  const assembled = assemble(chunks.flatMap((each) => parseChunk(each) ?? []));
  const expected: ChatCompletion = {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-5",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "Tea.", refusal: null },
        finish_reason: "stop",
        logprobs: null,
      },
    ],
  };
  expect(assembled).toEqual(expected);
});

it("a request, replayed by the package to a server that records, is byte for byte what the model saw", async () => {
  const baseURL = inject("modelServer");
  const client = new Client({ MODEL: "openai/raw", OPENAI_BASE_URL: baseURL });
  await client.ask("one", { session_id: "s" });
  const { body: turn } = await client.ask("two", { session_id: "s" });
  const { body } = await client.get(`/calls/${turn.call_id}/events`);
  const openai = new OpenAI({ baseURL, apiKey: "none" });
  const replayed = await openai.chat.completions.create(asRequest(body.data[0].payload));
  expect(replayed.choices[0]?.message.content).toBe(turn.response);
});
