import { NotFoundError, BadRequestError } from "openai";
import type OpenAI from "openai";
import type { ConversationItem } from "openai/resources/conversations/items";
import { describe, expect, it } from "vitest";

import { conforms, freshAccount, get, openai, post } from "./client.ts";

const user = (content: string) => ({ type: "message" as const, role: "user" as const, content });

async function all(
  client: OpenAI,
  id: string,
  query: { limit?: number; order?: "asc" | "desc" } = {},
): Promise<ConversationItem[]> {
  const found: ConversationItem[] = [];
  for await (const item of client.conversations.items.list(id, query)) found.push(item);
  return found;
}

const withoutIds = (list: ConversationItem[]) => list.map((item) => ({ ...item, id: undefined }));

const textOf = (item: ConversationItem): string => {
  if (item.type !== "message") return item.type;
  const [part] = item.content;
  return part && "text" in part ? part.text : "";
};

it("tells what conforms from what does not", () => {
  const call = { type: "function_call", id: "fc_1", call_id: "c", name: "n", arguments: "{}" };
  expect(() => conforms("ItemField", { ...call, status: "completed" })).not.toThrow();
  expect(() => conforms("ItemField", call)).toThrow("status");
});

describe("OpenAI's client", () => {
  it("makes, reads, changes and deletes conversations", async () => {
    const client = openai();
    const made = await client.conversations.create({ metadata: { topic: "x" } });
    expect(made).toMatchObject({ object: "conversation", metadata: { topic: "x" } });
    expect(Math.abs(made.created_at - Date.now() / 1_000)).toBeLessThan(60);
    const { conversations } = client;
    expect(await conversations.retrieve(made.id)).toEqual(made);
    const updated = await conversations.update(made.id, { metadata: { other: "y" } });
    expect(updated).toEqual({ ...made, metadata: { other: "y" } });
    expect(await conversations.delete(made.id)).toEqual({
      id: made.id,
      object: "conversation.deleted",
      deleted: true,
    });
    await expect(conversations.retrieve(made.id)).rejects.toThrow(NotFoundError);
    await expect(conversations.delete(made.id)).rejects.toThrow(NotFoundError);
    const bare = await conversations.create();
    expect(bare.metadata).toEqual({});
  });

  it("adds items of each kind, reads them, sends them back, and deletes them", async () => {
    const client = openai();
    const { id } = await client.conversations.create({ items: [user("Hi")] });
    const { items } = client.conversations;
    const added = await items.create(id, {
      items: [
        { role: "developer", content: "Be kind." },
        {
          type: "message",
          role: "user",
          content: [
            { type: "input_text", text: "What is this?" },
            { type: "input_image", image_url: "https://a.test/a.png", detail: "low" },
            { type: "input_file", file_url: "https://a.test/a.pdf" },
          ],
        },
        {
          type: "reasoning",
          id: "rs_x",
          summary: [{ type: "summary_text", text: "Looking." }],
          content: [{ type: "reasoning_text", text: "Hm." }],
        },
        { type: "function_call", call_id: "c1", name: "look", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "A cat." },
        { role: "assistant", content: "A cat." },
      ],
    });
    expect(added.data.map(({ type }) => type)).toEqual([
      "message",
      "message",
      "reasoning",
      "function_call",
      "function_call_output",
      "message",
    ]);
    const told = await all(client, id, { order: "asc" });
    expect(told.slice(1)).toEqual(added.data);
    for (const item of told) conforms("ItemField", item);
    for (const item of told)
      expect(await items.retrieve(item.id ?? "", { conversation_id: id })).toEqual(item);

    const copy = await client.conversations.create({ items: told as never });
    const copied = await all(client, copy.id, { order: "asc" });
    expect(withoutIds(copied)).toEqual(withoutIds(told));

    const [first, ...rest] = told;
    const left = await items.delete(first?.id ?? "", { conversation_id: id });
    expect(left).toMatchObject({ id, object: "conversation" });
    expect(await all(client, id, { order: "asc" })).toEqual(rest);
    const gone = items.retrieve(first?.id ?? "", { conversation_id: id });
    await expect(gone).rejects.toThrow(NotFoundError);
  });

  it("pages through a thousand items, in whichever order, whatever a page takes", async () => {
    const client = openai();
    const { id } = await client.conversations.create();
    for (let from = 0; from < 1_000; from += 20) {
      const items = Array.from({ length: 20 }, (_, index) => user(`${from + index}`));
      await client.conversations.items.create(id, { items });
    }
    const numbers = Array.from({ length: 1_000 }, (_, index) => `${index}`);
    const ascending = await all(client, id, { order: "asc", limit: 100 });
    expect(ascending.map(textOf)).toEqual(numbers);
    expect(new Set(ascending.map((item) => item.id)).size).toBe(1_000);
    expect((await all(client, id)).map(textOf)).toEqual(numbers.toReversed());
    const page = await client.conversations.items.list(id, { limit: 100, order: "asc" });
    const sizes = [page.data.length];
    let last = page;
    while (last.hasNextPage()) {
      last = await last.getNextPage();
      sizes.push(last.data.length);
    }
    expect(sizes).toEqual(Array.from({ length: 10 }, () => 100));
    expect(last.has_more).toBe(false);
  });

  it("shares its conversations with the other routes, both ways", async () => {
    const account = freshAccount();
    const client = openai(account);
    const { id } = await client.conversations.create({
      items: [user("My name is Alice."), { role: "assistant", content: "Hello Alice!" }],
    });
    const { body } = await post(account, "/query", { query: "What is my name?", session_id: id });
    expect(body.response).toContain("Alice");
    expect((await get(account, `/sessions/${id}`)).body).toMatchObject({ turns: 2 });
    expect((await all(client, id, { order: "asc" })).map(textOf).slice(0, 3)).toEqual([
      "My name is Alice.",
      "Hello Alice!",
      "What is my name?",
    ]);
    await post(account, "/query", { query: "1 + 1", session_id: "own-id" });
    const own = await all(client, "own-id", { order: "asc" });
    expect(own.map((item) => (item.type === "message" ? item.role : item.type))).toEqual([
      "user",
      "assistant",
    ]);
    for (const item of own) conforms("ItemField", item);
    expect((await get(account, "/search?q=Alice")).body.data).not.toEqual([]);
    await client.conversations.delete(id);
    expect((await get(account, `/sessions/${id}`)).status).toBe(404);
    expect((await get(account, "/search?q=Alice")).body.data).toEqual([]);
    await expect(client.conversations.items.list(id)).rejects.toThrow(NotFoundError);
    const listed = (await get(account, "/v1/conversations")).body;
    expect(listed.data.map((each: { id: string }) => each.id)).toEqual(["own-id"]);
  });

  it("is told what is wrong in its own way", async () => {
    const client = openai(freshAccount(), { maxRetries: 0 });
    const { id } = await client.conversations.create();
    await expect(client.conversations.retrieve("_x")).rejects.toThrow(BadRequestError);
    await expect(client.conversations.retrieve("none")).rejects.toMatchObject({
      status: 404,
      code: "session_not_found",
      type: "invalid_request_error",
    });
    const wrong = { type: "weather_call", id: "w_1", status: "completed" };
    const refused = client.conversations.items.create(id, { items: [user("x"), wrong as never] });
    await expect(refused).rejects.toMatchObject({ status: 400, param: "items[1].type" });
    const missing = client.conversations.items.create("none", { items: [user("x")] });
    await expect(missing).rejects.toThrow(NotFoundError);
  });
});
