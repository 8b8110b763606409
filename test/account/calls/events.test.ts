import { expect, inject, it } from "vitest";

import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";

import { eventsOf } from "../../../src/account/calls/call.ts";
import { chatMessage } from "../../../src/openai/chat-format.ts";
import type { ChatMessage } from "../../../src/openai/chat-format.ts";
import type { Content, Message, Part } from "../../../src/shared/items.ts";
import { openaiModel } from "../../../src/models/ai-sdk/openai.ts";
import { readerOf } from "../../../src/account/conversation/read-messages.ts";
import type { Turn } from "../../../src/shared/turn.ts";

// What the compiler checks: our messages are the openai package's.
const asParam = (message: ChatMessage): ChatCompletionMessageParam => message;

const ARGUMENTS = '{ "city": "Paris" }';
const CALL = {
  type: "function_call" as const,
  call_id: "c1",
  name: "get_weather",
  arguments: ARGUMENTS,
};
const TOOL_CALL = {
  id: "c1",
  type: "function" as const,
  function: { name: "get_weather", arguments: ARGUMENTS },
};
const PARTS: Part[] = [
  { type: "input_text", text: "Where is this?" },
  { type: "input_text", text: "" },
  { type: "input_image", image_url: "https://pics.test/a.png", detail: "low" },
  { type: "input_image", image_url: "data:image/png;base64,AA==" },
];

const turnOf = (id: number, input: Content, output: Content | null, more: object = {}): Turn => ({
  id,
  status: "completed",
  created_at: 1_000,
  duration_ms: 5,
  model: "openai/gpt-5",
  input_tokens: 1,
  output_tokens: 2,
  input,
  output,
  extra: {},
  ...more,
});

const payloads = (turn: Turn, before: Turn[] = []) =>
  eventsOf(turn, null, readerOf([...before, turn])).map(({ payload }) => JSON.parse(payload));

it("a picture is shown as the model was sent it, and so is a file", () => {
  const file: Part = {
    type: "input_file",
    filename: "a.pdf",
    file_data: "data:application/pdf;base64,AA==",
  };
  const byId: Part[] = [
    { type: "input_image", file_id: "file-1" },
    { type: "input_file", file_url: "https://files.test/a.pdf" },
    { type: "refusal", refusal: "No." },
  ];
  const input: Content = [{ type: "message", role: "user", content: [...PARTS, file, ...byId] }];
  const [request] = payloads(turnOf(1, input, "In Paris."));
  expect(request).toEqual({
    model: "gpt-5",
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "Where is this?" },
          { type: "image_url", image_url: { url: "https://pics.test/a.png", detail: "low" } },
          { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
          {
            type: "file",
            file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AA==" },
          },
          { type: "file", file: { file_id: "file-1" } },
          { type: "file", file: { file_data: "https://files.test/a.pdf" } },
          { type: "text", text: "No." },
        ],
      },
    ],
  });
});

it("a response has the calls that the model made", () => {
  const [, alone] = payloads(turnOf(1, "Weather?", [CALL]));
  expect(alone.choices[0]).toEqual({
    index: 0,
    message: { role: "assistant", content: null, refusal: null, tool_calls: [TOOL_CALL] },
    finish_reason: "tool_calls",
    logprobs: null,
  });
  const said = { type: "message" as const, role: "assistant" as const, content: "I look." };
  const thought = { type: "reasoning" as const, text: "Hm." };
  const [, both] = payloads(turnOf(1, "Weather?", [thought, said, CALL]));
  expect(both.choices[0]).toMatchObject({
    message: { content: "I look.", tool_calls: [TOOL_CALL] },
    finish_reason: "tool_calls",
  });
});

it("a response that was cut off says so", () => {
  const cut = {
    type: "message" as const,
    role: "assistant" as const,
    content: "Once",
    status: "incomplete" as const,
  };
  const [, response] = payloads(turnOf(1, "A story", [cut]));
  expect(response.choices[0]).toMatchObject({
    message: { content: "Once" },
    finish_reason: "length",
  });
});

it("calls and results of the turns before are shown as messages of a chat", () => {
  const result = { type: "function_call_output" as const, call_id: "c1", output: "Rain" };
  const before = turnOf(1, "Weather?", [CALL]);
  const answered = turnOf(2, [result], "It rains.", { shown: 2 });
  const after = turnOf(3, "Thanks", "Welcome", { shown: 4 });
  const [{ messages }] = payloads(after, [before, answered]);
  expect(messages).toEqual([
    { role: "user", content: "Weather?" },
    { role: "assistant", content: null, tool_calls: [TOOL_CALL] },
    { role: "tool", tool_call_id: "c1", content: "Rain" },
    { role: "assistant", content: "It rains." },
    { role: "user", content: "Thanks" },
  ]);
});

it("messages are byte for byte what the model's provider sends", async () => {
  const messages: Message[] = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Where is this?", parts: PARTS },
    { role: "assistant", content: "", tool_calls: [TOOL_CALL] },
    { role: "tool", content: "Rain", tool_call_id: "c1" },
    { role: "assistant", content: "Rain." },
    { role: "user", content: "Thanks" },
  ];
  const model = openaiModel("openai/raw", { baseURL: inject("modelServer") });
  const { text } = await model.respond({
    account_id: "acme",
    session_id: "s",
    messages,
    signal: AbortSignal.timeout(60_000),
  });
  const shown = messages.map(chatMessage).map(asParam);
  expect(text).toBe(JSON.stringify({ model: "raw", messages: shown }));
});
