import { NotFoundError } from "openai";
import type OpenAI from "openai";
import type { ConversationItem } from "openai/resources/conversations/items";
import { describe, expect, it } from "vitest";

import { conforms, freshAccount, get, openai } from "./client.ts";
import { checked, WEATHER } from "./events.ts";

async function itemsOf(client: OpenAI, id: string): Promise<ConversationItem[]> {
  const found: ConversationItem[] = [];
  for await (const item of client.conversations.items.list(id, { order: "asc" })) found.push(item);
  for (const item of found) conforms("ItemField", item);
  return found;
}

const textOf = (item: ConversationItem): string => {
  const [part] = item.type === "message" ? item.content : [];
  return part && "text" in part ? part.text : item.type;
};

const textsOf = async (client: OpenAI, id: string): Promise<string[]> =>
  (await itemsOf(client, id)).map(textOf);

const WEATHER_OF_PARIS = { city: "Paris" };

describe("a response of a conversation", () => {
  it("leaves its items there, with the ids that it told them by", async () => {
    const client = openai();
    const { id } = await client.conversations.create({
      items: [{ type: "message", role: "user", content: "My name is Alice." }],
    });
    const first = checked(
      await client.responses.create({
        model: "local",
        conversation: id,
        input: "What is my name?",
      }),
    );
    expect(first).toMatchObject({ conversation: { id } });
    expect(first.output_text).toContain("Alice");
    const second = checked(
      await client.responses.create({
        model: "openai/reason",
        conversation: { id },
        input: [{ role: "user", content: "Why?" }],
      }),
    );
    const items = await itemsOf(client, id);
    expect(items.map(textOf)).toEqual([
      "My name is Alice.",
      "What is my name?",
      first.output_text,
      "Why?",
      "reasoning",
      "You said: Why?",
    ]);
    const { data: asked } = await client.responses.inputItems.list(first.id);
    expect(items[1]).toEqual(asked[0]);
    expect(items[2]).toEqual(first.output[0]);
    expect(items.slice(4)).toEqual(second.output);
  });

  it("is deleted, and its items stay", async () => {
    const client = openai();
    const { id: conversation } = await client.conversations.create();
    const first = await client.responses.create({ model: "local", input: "1 + 1", conversation });
    const before = await itemsOf(client, conversation);
    // The client tells nothing of what it was answered.
    await client.responses.delete(first.id);
    await expect(client.responses.retrieve(first.id)).rejects.toThrow(NotFoundError);
    await expect(client.responses.delete(first.id)).rejects.toThrow(NotFoundError);
    expect(await itemsOf(client, conversation)).toEqual(before);
    const next = { model: "openai/count", input: "Go on", conversation };
    expect((await client.responses.create(next)).output_text).toBe("3 messages");
    const behind = { model: "local", input: "Go on", previous_response_id: first.id };
    await expect(client.responses.create(behind)).rejects.toMatchObject({
      code: "previous_response_not_found",
    });
  });
});

describe("a response that is not kept", () => {
  it("is shown a conversation and leaves nothing there", async () => {
    const client = openai();
    const { id: conversation } = await client.conversations.create({
      items: [{ type: "message", role: "user", content: "My name is Alice." }],
    });
    const asked = { model: "local", input: "What is my name?", conversation, store: false };
    expect(checked(await client.responses.create(asked)).output_text).toContain("Alice");
    expect(await textsOf(client, conversation)).toEqual(["My name is Alice."]);
  });

  it("is continued when the client sends the whole history back", async () => {
    const client = openai();
    const store = false;
    const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: "The weather?" }];
    const ask = async (model: string, include: OpenAI.Responses.ResponseIncludable[] = []) => {
      const asked = { model, input, tools: [WEATHER], store, include };
      const response = checked(await client.responses.create(asked));
      input.push(...(response.output as OpenAI.Responses.ResponseInput));
      return response;
    };
    await ask("openai/reason", ["reasoning.encrypted_content", "message.output_text.logprobs"]);
    input.push({ role: "user", content: "Call it." });
    const [call] = callsIn(await ask("openai/tools"));
    input.push({
      type: "function_call_output",
      call_id: call?.call_id ?? "",
      output: [{ type: "input_text", text: "sunny" }],
    });
    expect((await ask("openai/tools")).output_text).toBe("The tool said: sunny");
    input.push({ role: "user", content: "And now?" });
    expect(rolesShown(await ask("openai/record"))).toEqual([
      "user",
      "assistant",
      "user",
      "assistant",
      "tool",
      "assistant",
      "user",
    ]);
    const kept = await client.responses.create({ model: "openai/count", input });
    const { data } = await client.responses.inputItems.list(kept.id, { order: "asc" });
    expect(data.map(({ type }) => type)).toEqual(input.map(({ type = "message" }) => type));
  });
});

describe("an item that is named", () => {
  it("is shown in its place, and once where the conversation has it", async () => {
    const client = openai();
    const first = await client.responses.create({ model: "openai/reason", input: "one" });
    const named = first.output.map((item) => ({
      type: "item_reference" as const,
      id: item.id ?? "",
    }));
    const input = [
      { role: "user" as const, content: "zero" },
      ...named,
      { role: "user" as const, content: "two" },
    ];
    const model = "openai/record";
    const other = checked(await client.responses.create({ model, input }));
    expect(JSON.parse(other.output_text)).toEqual([
      { role: "user", content: "zero" },
      { role: "assistant", content: "You said: one" },
      { role: "user", content: "two" },
    ]);
    const { data } = await client.responses.inputItems.list(other.id, { order: "asc" });
    for (const item of data) conforms("ItemField", item);
    expect(data.map(({ type }) => type)).toEqual(["message", "reasoning", "message", "message"]);
    const behind = await client.responses.create({
      model,
      previous_response_id: first.id,
      input: [...named, { role: "user", content: "two" }],
    });
    expect(rolesShown(behind)).toEqual(["user", "assistant", "user"]);
  });
});

it("names an item of another branch, which is shown there", async () => {
  const client = openai();
  const ask = (model: string, previous: string, input: OpenAI.Responses.ResponseInput | string) =>
    client.responses.create({ model, input, previous_response_id: previous, tools: [WEATHER] });
  const root = await client.responses.create({ model: "openai/echo", input: "root" });
  const branch = await ask("openai/tools", root.id, "The weather?");
  const [call] = callsIn(branch);
  const other = await ask("openai/record", root.id, [
    { role: "user", content: "The weather?" },
    { type: "item_reference", id: call?.id ?? "" },
    { type: "function_call_output", call_id: call?.call_id ?? "", output: "sunny" },
  ]);
  expect(rolesShown(checked(other))).toEqual(["user", "assistant", "user", "assistant", "tool"]);
});

describe("a chain of responses", () => {
  it("is gone on with from any response, by itself", async () => {
    const client = openai();
    const model = "openai/record";
    const ask = (input: string, previous_response_id?: string) =>
      client.responses.create({
        model,
        input,
        ...(previous_response_id !== undefined && { previous_response_id }),
      });
    const root = await ask("root");
    const left = checked(await ask("left", root.id));
    const kept = await itemsOf(client, left.conversation?.id ?? "");
    const right = checked(await ask("right", root.id));
    expect(left.conversation).toEqual(root.conversation);
    expect(right.conversation).not.toEqual(root.conversation);
    expect(await itemsOf(client, root.conversation?.id ?? "")).toEqual(kept);

    const [leftNext, rightNext] = await Promise.all([ask("more", left.id), ask("more", right.id)]);
    expect(saidTo(leftNext)).toEqual(["root", "left", "more"]);
    expect(saidTo(rightNext)).toEqual(["root", "right", "more"]);
    const many = await Promise.all(Array.from({ length: 5 }, (_, n) => ask(`${n}`, root.id)));
    expect(many.map(saidTo)).toEqual(many.map((_, n) => ["root", `${n}`]));
    expect(new Set(many.map(({ conversation }) => conversation?.id)).size).toBe(5);
    expect(await client.responses.retrieve(root.id)).toMatchObject({ output: root.output });
  });

  it("has a response in it that nothing is kept of", async () => {
    const client = openai();
    const first = await client.responses.create({ model: "local", input: "I am Alice." });
    const unkept = checked(
      await client.responses.create({
        model: "local",
        input: "What is my name?",
        previous_response_id: first.id,
        store: false,
      }),
    );
    expect(unkept).toMatchObject({ store: false, conversation: null });
    expect(unkept.output_text).toContain("Alice");
    await expect(client.responses.retrieve(unkept.id)).rejects.toThrow(NotFoundError);
    await expect(client.responses.delete(unkept.id)).rejects.toThrow(NotFoundError);
    const behind = { model: "local", input: "Hi", previous_response_id: unkept.id };
    await expect(client.responses.create(behind)).rejects.toMatchObject({
      status: 400,
      code: "previous_response_not_found",
    });
    expect(await itemsOf(client, first.conversation?.id ?? "")).toHaveLength(2);
    const next = { model: "openai/count", input: "Hi", previous_response_id: first.id };
    expect((await client.responses.create(next)).output_text).toBe("3 messages");
  });

  it("is deleted response by response", async () => {
    const account = freshAccount();
    const client = openai(account);
    const first = await client.responses.create({ model: "local", input: "one" });
    const second = await client.responses.create({
      model: "local",
      input: "two",
      previous_response_id: first.id,
    });
    await client.responses.delete(second.id);
    await expect(client.responses.retrieve(second.id)).rejects.toThrow(NotFoundError);
    expect(await client.responses.retrieve(first.id)).toMatchObject({ id: first.id });
    const again = {
      model: "openai/record",
      input: "three",
      previous_response_id: first.id,
    };
    expect(saidTo(await client.responses.create(again))).toEqual(["one", "three"]);
    const only = await client.responses.create({ model: "local", input: "pomegranate" });
    await client.responses.delete(only.id);
    const gone = client.conversations.retrieve(only.conversation?.id ?? "");
    await expect(gone).rejects.toThrow(NotFoundError);
    expect((await get(account, "/search?q=pomegranate")).body.data).toEqual([]);
  });

  it("lists what each response was asked, page by page", async () => {
    const client = openai();
    const input = Array.from({ length: 45 }, (_, n) => ({
      role: "user" as const,
      content: `${n}`,
    }));
    const { id } = await client.responses.create({ model: "local", input });
    const texts: string[] = [];
    for await (const item of client.responses.inputItems.list(id, { order: "asc", limit: 15 })) {
      conforms("ItemField", item);
      texts.push(textOf(item));
    }
    expect(texts).toEqual(input.map(({ content }) => content));
    const newest = await client.responses.inputItems.list(id);
    expect(newest.data).toHaveLength(20);
    expect(newest).toMatchObject({ has_more: true });
    expect(textOf(newest.data[0] as ConversationItem)).toBe("44");
  });
});

/** What the user had said, as a model of the name `record` was shown it. */
const saidTo = ({ output_text }: { output_text: string }): string[] =>
  (JSON.parse(output_text) as { role: string; content: string }[])
    .filter(({ role }) => role === "user")
    .map(({ content }) => content);

describe("a function", () => {
  it("is called, and what it gave is told to the model", async () => {
    const client = openai();
    const first = checked(
      await client.responses.create({
        model: "local",
        input: 'Call get_weather for "Paris"',
        tools: [WEATHER],
      }),
    );
    const [call] = callsIn(first);
    expect(call).toMatchObject({ name: "get_weather", arguments: '{"city":"Paris"}' });
    const second = await client.responses.create({
      model: "local",
      previous_response_id: first.id,
      tools: [WEATHER],
      input: [{ type: "function_call_output", call_id: call?.call_id ?? "", output: "sunny" }],
    });
    expect(checked(second).output_text).toContain("sunny");
  });

  it("may be one of several that are called at once", async () => {
    const client = openai();
    const { id: conversation } = await client.conversations.create();
    const tools = [WEATHER, { ...WEATHER, name: "get_time" }];
    const first = checked(
      await client.responses.create({
        model: "openai/tools",
        conversation,
        input: "Call all of them",
        tools,
      }),
    );
    const calls = callsIn(first);
    expect(calls.map(({ name }) => name)).toEqual(["get_weather", "get_time"]);
    expect(calls.map((call) => JSON.parse(call.arguments))).toEqual([
      WEATHER_OF_PARIS,
      WEATHER_OF_PARIS,
    ]);
    const second = await client.responses.create({
      model: "openai/record",
      conversation,
      tools,
      input: calls.map(({ call_id, name }) => ({
        type: "function_call_output" as const,
        call_id,
        output: `${name} is done`,
      })),
    });
    expect(JSON.parse(second.output_text)).toMatchObject([
      { role: "user" },
      {
        role: "assistant",
        tool_calls: [{ id: calls[0]?.call_id }, { id: calls[1]?.call_id }],
      },
      { role: "tool", tool_call_id: calls[0]?.call_id, content: "get_weather is done" },
      { role: "tool", tool_call_id: calls[1]?.call_id, content: "get_time is done" },
    ]);
    expect((await itemsOf(client, conversation)).map(({ type }) => type)).toEqual([
      "message",
      "function_call",
      "function_call",
      "function_call_output",
      "function_call_output",
      "message",
    ]);
  });

  it("whose result never came bricks nothing, and may answer late", async () => {
    const client = openai();
    const { id: conversation } = await client.conversations.create();
    const ask = (model: string, input: OpenAI.Responses.ResponseInput | string) =>
      client.responses.create({ model, conversation, input, tools: [WEATHER] });
    const first = await ask("openai/tools", "The weather of Paris?");
    const [call] = callsIn(first);
    const second = checked(await ask("openai/record", "Never mind. Hello?"));
    expect(rolesShown(second)).toEqual(["user", "user"]);
    const late = [
      { type: "function_call_output" as const, call_id: call?.call_id ?? "", output: "sunny" },
    ];
    const third = checked(await ask("openai/record", late));
    expect(third.output_text).toContain("sunny");
    expect(rolesShown(third)).toEqual(["user", "assistant", "tool", "user", "assistant"]);
    const nobodys = ask("local", [
      { type: "function_call_output", call_id: "call_none", output: "x" },
    ]);
    await expect(nobodys).rejects.toMatchObject({ status: 400, param: "input" });
    expect(checked(await ask("openai/echo", "Still there?")).status).toBe("completed");
  });
});

const callsIn = ({ output }: OpenAI.Responses.Response) =>
  output.filter((item) => item.type === "function_call");

const rolesShown = ({ output_text }: OpenAI.Responses.Response): string[] =>
  (JSON.parse(output_text) as { role: string }[]).map(({ role }) => role);
