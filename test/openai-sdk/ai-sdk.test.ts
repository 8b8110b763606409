import { createOpenAI } from "@ai-sdk/openai";
import type { OpenAILanguageModelResponsesOptions } from "@ai-sdk/openai";
import {
  APICallError,
  Output,
  embed,
  embedMany,
  generateText,
  isStepCount,
  streamText,
  tool,
} from "ai";
import { describe, expect, inject, it } from "vitest";
import { z } from "zod";

import { freshAccount, openai } from "./client.ts";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/**
 * The AI SDK's provider for OpenAI, of an account that no other test has.
 *
 * @param sent - is given each body that it sends
 */
const providerOf = (account = freshAccount(), sent: string[] = []) =>
  createOpenAI({
    baseURL: `${inject("server")}/v1`,
    apiKey: "none",
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      url.searchParams.set("account_id", account);
      if (typeof init?.body === "string") sent.push(init.body);
      return fetch(url, init);
    },
  });

const options = (set: OpenAILanguageModelResponsesOptions) => ({
  providerOptions: { openai: { ...set } },
});

const weather = tool({
  description: "The weather of a city.",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => Promise.resolve(`sunny in ${city}`),
});
const tools = { get_weather: weather };

const idOf = (of: Record<string, unknown> | undefined): string =>
  z.object({ responseId: z.string() }).parse(of?.["openai"]).responseId;

const saidTo = (text: string) => JSON.parse(text) as { role: string; content: unknown }[];

describe("the AI SDK", () => {
  it("generates texts, one after the other", async () => {
    const provider = providerOf();
    const model = provider.responses("local");
    const first = await generateText({ model, prompt: "My name is Alice." });
    expect(first.text).toContain("Alice");
    expect(first).toMatchObject({ finishReason: "stop", warnings: [] });
    expect(first.usage.totalTokens).toBeGreaterThan(0);
    const previousResponseId = idOf(first.providerMetadata);
    const second = await generateText({
      model,
      prompt: "What is my name?",
      ...options({ previousResponseId }),
    });
    expect(second.text).toContain("Alice");
  });

  it("generates texts in a conversation", async () => {
    const account = freshAccount();
    const provider = providerOf(account);
    const client = openai(account);
    const { id: conversation } = await client.conversations.create();
    for (const prompt of ["one", "two", "three"])
      await generateText({
        model: provider.responses("openai/count"),
        prompt,
        ...options({ conversation }),
      });
    const { data } = await client.conversations.items.list(conversation, { order: "asc" });
    expect(
      data.map((item) => (item.type === "message" ? item.content[0] : undefined)),
    ).toMatchObject(
      ["one", "1 messages", "two", "3 messages", "three", "5 messages"].map((text) => ({ text })),
    );
  });

  it("generates texts that are not kept", async () => {
    const account = freshAccount();
    const provider = providerOf(account);
    const { providerMetadata, text } = await generateText({
      model: provider.responses("openai/echo"),
      prompt: "Hi",
      ...options({ store: false }),
    });
    expect(text).toBe("You said: Hi");
    const kept = openai(account).responses.retrieve(idOf(providerMetadata));
    await expect(kept).rejects.toMatchObject({ status: 404 });
    const thinking = await generateText({
      model: provider.responses("openai/reason"),
      messages: [
        { role: "user", content: "one" },
        { role: "assistant", content: "two" },
        { role: "user", content: "three" },
      ],
      ...options({ store: false, include: ["reasoning.encrypted_content"] }),
    });
    expect(thinking).toMatchObject({ text: "You said: three", reasoningText: "Let me think." });
  });

  it("streams texts", async () => {
    const provider = providerOf();
    const result = streamText({ model: provider.responses("openai/echo"), prompt: "one two" });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe("You said: one two");
    expect(await result.finishReason).toBe("stop");
    const thinking = streamText({ model: provider.responses("openai/reason"), prompt: "one" });
    expect(await thinking.reasoningText).toBe("Let me think.");
    expect(await thinking.text).toBe("You said: one");
    const cut = streamText({ model: provider.responses("openai/length"), prompt: "one" });
    expect(await cut.finishReason).toBe("length");
  });

  it.each([true, false])("calls tools in several steps, where store is %s", async (store) => {
    const provider = providerOf();
    const asked = {
      model: provider.responses("openai/tools"),
      prompt: "The weather?",
      tools,
      stopWhen: isStepCount(3),
      ...options({ store }),
    };
    const generated = await generateText(asked);
    expect(generated.text).toContain("sunny in Paris");
    expect(generated.steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
    const streamed = streamText(asked);
    expect(await streamed.text).toContain("sunny in Paris");
    expect(await streamed.steps).toMatchObject([
      { toolCalls: [{ toolName: "get_weather", input: { city: "Paris" } }] },
      { finishReason: "stop" },
    ]);
  });

  it("calls tools after another response", async () => {
    const provider = providerOf();
    const model = provider.responses("openai/tools");
    const first = await generateText({ model, prompt: "Hi" });
    const { text, steps } = await generateText({
      model,
      prompt: "The weather?",
      tools,
      stopWhen: isStepCount(3),
      ...options({ previousResponseId: idOf(first.providerMetadata) }),
    });
    expect(text).toContain("sunny in Paris");
    expect(steps).toHaveLength(2);
  });

  it("calls tools of which one is named, with what was said in it", async () => {
    const provider = providerOf();
    const { text, steps } = await generateText({
      model: provider.responses("local"),
      prompt: 'Call get_weather for "Lisbon"',
      tools,
      stopWhen: isStepCount(3),
    });
    expect(steps).toHaveLength(2);
    expect(text).toContain("sunny in Lisbon");
  });

  it("calls tools in a conversation", async () => {
    const account = freshAccount();
    const provider = providerOf(account);
    const client = openai(account);
    const { id: conversation } = await client.conversations.create();
    const { steps, text } = await generateText({
      model: provider.responses("openai/tools"),
      prompt: "The weather?",
      tools,
      stopWhen: isStepCount(3),
      prepareStep: ({ stepNumber }) =>
        stepNumber === 0 ? {} : { model: provider.responses("openai/record") },
      ...options({ conversation }),
    });
    expect(steps).toHaveLength(2);
    // It asks again with each step, and leaves out what the conversation has of the model's.
    expect(saidTo(text)).toMatchObject([
      { role: "user" },
      { role: "assistant", tool_calls: [{ function: { name: "get_weather" } }] },
      { role: "tool", content: "sunny in Paris" },
      { role: "user", content: "The weather?" },
    ]);
    const { data } = await client.conversations.items.list(conversation, { order: "asc" });
    expect(data.map(({ type }) => type)).toEqual([
      "message",
      "function_call",
      "message",
      "function_call_output",
      "message",
    ]);
  });

  it("names the items of earlier steps, and they are shown to the model", async () => {
    const sent: string[] = [];
    const provider = providerOf(freshAccount(), sent);
    const first = await generateText({
      model: provider.responses("openai/reason"),
      prompt: "one",
    });
    const second = await generateText({
      model: provider.responses("openai/record"),
      messages: [
        { role: "user", content: "one" },
        ...first.response.messages,
        { role: "user", content: "two" },
      ],
    });
    expect(sent.at(-1)).toContain('"item_reference"');
    expect(saidTo(second.text)).toEqual([
      { role: "user", content: "one" },
      { role: "assistant", content: "You said: one" },
      { role: "user", content: "two" },
    ]);
  });

  it("generates objects", async () => {
    const provider = providerOf();
    const output = Output.object({ schema: z.object({ answer: z.string() }) });
    const model = provider.responses("openai/json");
    const generated = await generateText({ model, prompt: "one", output });
    expect(generated.output).toEqual({ answer: "42" });
    const streamed = streamText({ model, prompt: "one", output });
    expect(await streamed.output).toEqual({ answer: "42" });
    const person = z.object({ name: z.string(), age: z.number() });
    const local = await generateText({
      model: provider.responses("local"),
      prompt: "Alice is 30.",
      output: Output.object({ schema: person }),
    });
    expect(person.safeParse(local.output)).toMatchObject({ success: true });
  });

  it("shows pictures", async () => {
    const provider = providerOf();
    const { text } = await generateText({
      model: provider.responses("openai/record"),
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", image: PIXEL, mediaType: "image/png" },
          ],
        },
      ],
    });
    expect(saidTo(text)).toMatchObject([
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
        ],
      },
    ]);
  });

  it("is told what is wrong", async () => {
    const provider = providerOf();
    const maxRetries = 0;
    const asked = { prompt: "one", maxRetries };
    await generateText({ model: provider.responses("openai/echo"), ...asked });
    const failing = generateText({ model: provider.responses("openai/fail"), ...asked });
    await expect(failing).rejects.toMatchObject({ statusCode: 502, isRetryable: true });
    const unknown = generateText({ model: provider.responses("none"), ...asked });
    await expect(unknown).rejects.toThrow(APICallError);
    await expect(unknown).rejects.toMatchObject({ statusCode: 404, isRetryable: false });
    const hosted = generateText({
      model: provider.responses("local"),
      ...asked,
      tools: { search: provider.tools.webSearch() },
    });
    await expect(hosted).rejects.toMatchObject({ statusCode: 400 });
  });

  it("embeds", async () => {
    const provider = providerOf();
    const model = provider.embedding("local");
    const { embedding, usage } = await embed({ model, value: "A cat" });
    expect(usage.tokens).toBeGreaterThan(0);
    const { embeddings } = await embedMany({ model, values: ["A cat", "A dog"] });
    expect(embeddings).toHaveLength(2);
    expect(embeddings[0]).toEqual(embedding);
    const few = { openai: { dimensions: 16 } };
    const short = await embed({ model, value: "A cat", providerOptions: few });
    expect(short.embedding).toHaveLength(16);
  });
});
