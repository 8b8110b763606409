import { createOpenAI } from "@ai-sdk/openai";
import { generateText, stepCountIs, streamText, tool } from "ai";
import { BadRequestError, NotFoundError } from "openai";
import type OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import type { ChatCompletion, ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { describe, expect, inject, it } from "vitest";
import { z } from "zod";

import { freshAccount, get, openai } from "./client.ts";

const user = (content: string): ChatCompletionMessageParam => ({ role: "user", content });

const PARAMETERS = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};

const place = z.object({ city: z.string(), note: z.string() });

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of pages) found.push(each);
  return found;
}

const stored = (client: OpenAI, content: string, metadata = {}): Promise<ChatCompletion> =>
  client.chat.completions.create({
    model: "openai/echo",
    messages: [user(content)],
    store: true,
    metadata,
  });

describe("chat completions", () => {
  it("are made, whole and in chunks", async () => {
    const { completions } = openai().chat;
    const asked = { model: "openai/echo", messages: [user("one two")] };
    const whole = await completions.create(asked);
    expect(whole.choices[0]?.message.content).toBe("You said: one two");
    const chunks = await all(
      await completions.create({
        ...asked,
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    const texts = chunks.map(({ choices }) => choices[0]?.delta.content ?? "");
    expect(texts.join("")).toBe("You said: one two");
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
  });

  it("are put together out of a stream to what they are without", async () => {
    const { completions } = openai().chat;
    const asked = { model: "openai/reason", messages: [user("one two")] };
    const whole = await completions.create(asked);
    const streamed = completions.stream({ ...asked, stream_options: { include_usage: true } });
    const texts: string[] = [];
    streamed.on("content", (delta) => texts.push(delta));
    const final = await streamed.finalChatCompletion();
    const { annotations: _, ...message } = whole.choices[0]?.message ?? {};
    expect(final).toMatchObject({
      object: "chat.completion",
      model: whole.model,
      usage: whole.usage,
      choices: [{ finish_reason: "stop", message }],
    });
    expect(texts.join("")).toBe("You said: one two");
  });

  it.each([false, true])("run tools, with stream: %s", async (isStreamed) => {
    const { completions } = openai().chat;
    const cities: string[] = [];
    const asked = {
      model: "openai/tools",
      messages: [user("What is the weather?")],
      tools: [
        {
          type: "function" as const,
          function: {
            name: "get_weather",
            description: "The weather of a city.",
            parameters: PARAMETERS,
            parse: (args: string) => JSON.parse(args) as { city: string },
            function: ({ city }: { city: string }) => {
              cities.push(city);
              return `Rain in ${city}.`;
            },
          },
        },
      ],
    };
    const runner = isStreamed
      ? completions.runTools({ ...asked, stream: true })
      : completions.runTools(asked);
    expect(await runner.finalContent()).toBe("The tool said: Rain in Paris.");
    expect(cities).toEqual(["Paris"]);
  });

  it("are parsed by a schema, and said again", async () => {
    const { completions } = openai().chat;
    const asked = {
      model: "local",
      messages: [user("city: Paris")],
      response_format: zodResponseFormat(place, "place"),
    };
    const parsed = await completions.parse(asked);
    const message = parsed.choices[0]?.message;
    expect(place.safeParse(message?.parsed).success).toBe(true);
    const again = await completions.create({
      model: "openai/count",
      messages: [...asked.messages, message as ChatCompletionMessageParam, user("And now?")],
    });
    expect(again.choices[0]?.message.content).toBe("3 messages");
    const streamed = await completions.stream(asked).finalChatCompletion();
    expect(streamed.choices[0]?.message.parsed).toEqual(message?.parsed);
  });

  it("say what is wrong, also in the middle of a stream", async () => {
    const { completions } = openai(freshAccount(), { maxRetries: 0 }).chat;
    const messages = [user("one two")];
    await expect(completions.create({ model: "local", messages, n: 2 })).rejects.toMatchObject({
      constructor: BadRequestError,
      param: "n",
    });
    await expect(completions.create({ model: "gpt-none", messages })).rejects.toThrow(
      NotFoundError,
    );
    const broken = completions.create({ model: "openai/break", messages, stream: true });
    await expect(broken.then(all)).rejects.toMatchObject({ code: "model_failed" });
  });
});

describe("the AI SDK", () => {
  it("streams, and runs tools", async () => {
    const provider = createOpenAI({ baseURL: `${inject("server")}/v1`, apiKey: "none" });
    const said = streamText({ model: provider.chat("openai/reason"), prompt: "one two" });
    expect(await said.text).toBe("You said: one two");
    expect(await said.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
    const { text, steps } = await generateText({
      model: provider.chat("openai/tools"),
      prompt: "What is the weather?",
      tools: {
        get_weather: tool({
          description: "The weather of a city.",
          inputSchema: z.object({ city: z.string() }),
          execute: ({ city }) => `Rain in ${city}.`,
        }),
      },
      stopWhen: stepCountIs(3),
    });
    expect(steps).toHaveLength(2);
    expect(text).toBe("The tool said: Rain in Paris.");
  });
});

describe("stored chat completions", () => {
  it("are read, changed, listed and deleted", async () => {
    const account = freshAccount();
    const client = openai(account);
    const { completions } = client.chat;
    const made: ChatCompletion[] = [];
    for (const topic of ["sea", "tea", "sea"]) made.push(await stored(client, topic, { topic }));
    const [first, second, third] = made as [ChatCompletion, ChatCompletion, ChatCompletion];
    expect(await completions.retrieve(first.id)).toEqual(first);
    expect(await all(completions.list({ limit: 1 }))).toEqual(made);
    expect(await all(completions.list({ metadata: { topic: "sea" }, order: "desc" }))).toEqual([
      third,
      first,
    ]);
    expect(await all(completions.list({ model: "echo", after: first.id }))).toEqual([
      second,
      third,
    ]);
    const changed = await completions.update(first.id, { metadata: { topic: "fog" } });
    expect(changed).toEqual({ ...first, metadata: { topic: "fog" } });
    expect((await get(account, `/sessions/${first.id}`)).body.metadata).toEqual({ topic: "fog" });
    expect(await completions.delete(first.id)).toEqual({
      id: first.id,
      object: "chat.completion.deleted",
      deleted: true,
    });
    await expect(completions.retrieve(first.id)).rejects.toThrow(NotFoundError);
    expect(await all(completions.list())).toEqual([second, third]);
  });

  it("tell their messages", async () => {
    const { completions } = openai().chat;
    const { id } = await completions.create({
      model: "openai/echo",
      messages: [{ role: "system", content: "Be kind." }, user("one"), user("two")],
      store: true,
    });
    const messages = await all(completions.messages.list(id, { limit: 2 }));
    expect(messages.map(({ role, content }) => [role, content])).toEqual([
      ["system", "Be kind."],
      ["user", "one"],
      ["user", "two"],
    ]);
  });
});

describe("models", () => {
  it("are listed, and each is found", async () => {
    const { models } = openai();
    const listed = await all(models.list());
    expect(listed.map(({ id }) => id)).toContain("openai/echo");
    for (const each of listed) expect(await models.retrieve(each.id)).toEqual(each);
    await expect(models.retrieve("gpt-none")).rejects.toThrow(NotFoundError);
  });
});
