import type OpenAI from "openai";
import { zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import type { ResponseCreateAndStreamParams } from "openai/lib/responses/ResponseStream";
import type {
  ResponseCreateParamsStreaming,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import { describe, expect, inject, it } from "vitest";
import { z } from "zod";

import { freshAccount, get, openai, settled } from "./client.ts";
import { checked, checkEvents, eventsOf, idIn, readUntil, textIn, WEATHER } from "./events.ts";

const wordsOf = (length: number) => Array.from({ length }, (_, index) => `word${index}`).join(" ");
const LONG = wordsOf(20);
/** Takes `openai/drip` 20 s: on a busy machine, too, it is ended in the middle. */
const ENDED = wordsOf(200);

/** By what the model does: what it is asked, and how the stream ends. */
const KINDS: Record<string, [ResponseCreateAndStreamParams, ResponseStreamEvent["type"]]> = {
  "text of the local model": [{ model: "local", input: "What is 6 * 7?" }, "response.completed"],
  text: [{ model: "openai/echo", input: "one two three" }, "response.completed"],
  functions: [
    {
      model: "openai/tools",
      input: "all",
      tools: [WEATHER, { ...WEATHER, name: "get_time" }],
    },
    "response.completed",
  ],
  thoughts: [{ model: "openai/reason", input: "one two" }, "response.completed"],
  "an answer that is cut off": [{ model: "openai/length", input: "one" }, "response.incomplete"],
  "an answer that breaks off": [{ model: "openai/break", input: "one two" }, "response.failed"],
  "a refusal": [{ model: "openai/refuse", input: "one" }, "response.completed"],
  "an empty answer": [{ model: "openai/empty", input: "one" }, "response.completed"],
  "no answer": [{ model: "openai/fail", input: "one" }, "response.failed"],
};

/** What follows the last event of a stream, as it is written. */
async function lastLines(path: string, body?: object): Promise<string> {
  const url = new URL(`/v1${path}`, inject("server"));
  const response = await fetch(url, {
    method: body ? "POST" : "GET",
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.text()).trimEnd().split("\n\n").at(-1) ?? "";
}

const warm = (client: OpenAI) =>
  // Failures that stand in a row would have nobody ask this service any more.
  client.responses.create({ model: "openai/echo", input: "Hi", store: false });

describe("a stream", () => {
  it("ends with [DONE], also when it is read again or has failed", async () => {
    const asked = { stream: true, input: "one" };
    for (const more of [{ model: "local" }, { model: "openai/fail" }, { background: true }])
      expect(await lastLines("/responses", { ...asked, ...more })).toBe("data: [DONE]");
    const { id } = await openai("default").responses.create({ model: "local", input: "Hi" });
    expect(await lastLines(`/responses/${id}?stream=true`)).toBe("data: [DONE]");
  });

  it.each(Object.entries(KINDS))("of %s is the same when it is read again", async (_, kind) => {
    const [asked, ending] = kind;
    const client = openai();
    await warm(client);
    const events = await eventsOf(
      await client.responses.create({ ...asked, stream: true } as ResponseCreateParamsStreaming),
    );
    const id = idIn(events);
    const last = events.at(-1);
    expect(last?.type).toBe(ending);
    const told = checked(await client.responses.retrieve(id));
    expect(last).toMatchObject({ response: { ...plain(told) } });
    expect(await eventsOf(await client.responses.retrieve(id, { stream: true }))).toEqual(events);
    for (const after of [0, 3, events.length - 2, events.length - 1]) {
      const rest = await client.responses.retrieve(id, { stream: true, starting_after: after });
      expect(await eventsOf(rest, after)).toEqual(events.slice(after + 1));
    }
  });

  it.each(Object.entries(KINDS))("of %s is what the helper takes", async (_, kind) => {
    const [asked, ending] = kind;
    const client = openai();
    await warm(client);
    const stream = client.responses.stream(asked);
    const events: ResponseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events.at(-1)?.type).toBe(ending);
    const final = await stream.finalResponse();
    const response_id = idIn(events);
    expect(final).toMatchObject({ id: response_id });
    const { output, status } = checked(await client.responses.retrieve(response_id));
    expect(final).toMatchObject({ status, output });
    const again: ResponseStreamEvent[] = [];
    const replay = client.responses.stream({ response_id, starting_after: 2 });
    for await (const event of replay) again.push(event);
    expect(again).toEqual(events.slice(3));
    expect(await replay.finalResponse()).toMatchObject({ status, output });
  });

  it("has arguments and texts that the helper parses", async () => {
    const client = openai();
    const parameters = z.object({ city: z.string() });
    const tool = zodResponsesFunction({ name: "get_weather", parameters });
    const called = await client.responses
      .stream({ model: "openai/tools", input: "one", tools: [tool] })
      .finalResponse();
    expect(called.output).toMatchObject([{ parsed_arguments: { city: "Paris" } }]);
    const answer = z.object({ answer: z.string() });
    const parsed = await client.responses
      .stream({
        model: "openai/json",
        input: "one",
        text: { format: zodTextFormat(answer, "answer") },
      })
      .finalResponse();
    expect(parsed.output_parsed).toEqual({ answer: "42" });
  });

  it("of what is not kept is told, and not again", async () => {
    const client = openai();
    const asked = { model: "openai/echo", input: "Hi", store: false, stream: true } as const;
    const events = await eventsOf(await client.responses.create(asked));
    expect(textIn(events)).toBe("You said: Hi");
    const again = client.responses.retrieve(idIn(events), { stream: true });
    await expect(again).rejects.toMatchObject({ status: 404 });
  });

  it("that its reader left is read on by another one, and loses nothing", async () => {
    const account = freshAccount();
    const { signal, abort } = aborter();
    const asked = { model: "openai/drip", input: LONG, stream: true } as const;
    const stream = await openai(account).responses.create(asked, { signal });
    const seen: ResponseStreamEvent[] = [];
    for await (const event of stream) {
      seen.push(event);
      if (textIn(seen).includes("word5")) break;
    }
    abort();
    const id = idIn(seen);
    const other = openai(account);
    const after = seen.length - 1;
    expect(await other.responses.retrieve(id)).toMatchObject({ status: "in_progress" });
    const rest = await other.responses.retrieve(id, { stream: true, starting_after: after });
    const events = [...seen, ...(await eventsOf(rest, after))];
    expect(textIn(events)).toBe(`You said: ${LONG}`);
    expect(events.at(-1)?.type).toBe("response.completed");
    const again = await other.responses.retrieve(id, { stream: true });
    expect(await eventsOf(again)).toEqual(events);
    const next = { model: "openai/count", input: "Go on", previous_response_id: id };
    expect((await other.responses.create(next)).output_text).toBe("3 messages");
  });

  it("is read by many at once, each from where it is", async () => {
    const account = freshAccount();
    const client = openai(account);
    const stream = await client.responses.create({
      model: "openai/drip",
      input: LONG,
      stream: true,
    });
    const seen: ResponseStreamEvent[] = [];
    const readers: Promise<ResponseStreamEvent[]>[] = [];
    for await (const event of stream) {
      seen.push(event);
      if (seen.length % 6 !== 0) continue;
      const starting_after = seen.length - 6;
      const tail = openai(account).responses.retrieve(idIn(seen), { stream: true, starting_after });
      readers.push(tail.then((rest) => eventsOf(rest, starting_after)));
    }
    const tails = await Promise.all(readers);
    expect(tails.length).toBeGreaterThan(2);
    expect(tails).toEqual(tails.map((_, index) => seen.slice(index * 6 + 1)));
  });
});

describe("a conversation that is deleted in the middle of an answer", () => {
  it.each([true, false])("ends it, where background is %s", async (background) => {
    const account = freshAccount();
    const client = openai(account);
    const { id: conversation } = await client.conversations.create();
    const response = await client.responses
      .create({
        model: "openai/drip",
        input: ENDED,
        conversation,
        background,
        stream: true,
      })
      .asResponse();
    const decoder = new TextDecoder();
    let text = "";
    let isDeleted = false;
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(bytes, { stream: true });
      if (isDeleted || !text.includes("word3")) continue;
      isDeleted = true;
      await client.conversations.delete(conversation);
    }
    const events = text
      .split("\n")
      .filter((line) => line.startsWith("data: {"))
      .map((line) => JSON.parse(line.slice("data: ".length)) as ResponseStreamEvent);
    checkEvents(events);
    expect(events.at(-1)).toMatchObject({ type: "error", message: expect.any(String) });
    const gone = client.responses.retrieve(idIn(events));
    await expect(gone).rejects.toMatchObject({ status: 404 });
    await expect(client.conversations.retrieve(conversation)).rejects.toMatchObject({
      status: 404,
    });
    expect((await get(account, "/search?q=word3")).body.data).toEqual([]);
  });
});

/** Without what the client adds. */
function plain(response: OpenAI.Responses.Response): object {
  const { output_text: _, ...resource } = response;
  return resource;
}

function aborter(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe("a response in the background", () => {
  const asked = { model: "openai/drip", background: true } as const;

  it("is queued at once and answered while no client waits", async () => {
    const client = openai();
    const { id: conversation } = await client.conversations.create();
    const begun = checked(
      await client.responses.create({ ...asked, input: "one two three", conversation }),
    );
    expect(begun).toMatchObject({ status: "queued", background: true, output: [], usage: null });
    const seen = new Set<string | undefined>();
    const done = checked(await settled(client, begun.id, seen));
    expect(done).toMatchObject({
      status: "completed",
      background: true,
      output_text: "You said: one two three",
      conversation: { id: conversation },
    });
    expect(seen.has("failed")).toBe(false);
    const { data } = await client.conversations.items.list(conversation, { order: "asc" });
    expect(data.map(({ type }) => type)).toEqual(["message", "message"]);
    const next = await client.responses.create({
      model: "openai/count",
      input: "Go on",
      previous_response_id: begun.id,
    });
    expect(next.output_text).toBe("3 messages");
  });

  it("is streamed, left, and read on by another client", async () => {
    const account = freshAccount();
    const { signal, abort } = aborter();
    const stream = await openai(account).responses.create(
      { ...asked, input: LONG, stream: true },
      { signal },
    );
    const seen = await readUntil(stream, "response.output_text.delta");
    abort();
    expect(seen.map(({ type }) => type).slice(0, 3)).toEqual([
      "response.created",
      "response.queued",
      "response.in_progress",
    ]);
    const id = idIn(seen);
    const other = openai(account);
    const after = seen.length - 1;
    const rest = await other.responses.retrieve(id, { stream: true, starting_after: after });
    const events = [...seen, ...(await eventsOf(rest, after))];
    expect(textIn(events)).toBe(`You said: ${LONG}`);
    expect(events.at(-1)?.type).toBe("response.completed");
    const again = await other.responses.retrieve(id, { stream: true });
    expect(await eventsOf(again)).toEqual(events);
  });

  it("is cancelled in the middle, and the conversation goes on", async () => {
    const client = openai();
    const { id: conversation } = await client.conversations.create();
    const stream = await client.responses.create({
      ...asked,
      input: ENDED,
      conversation,
      stream: true,
    });
    const events: ResponseStreamEvent[] = [];
    let cancelled: OpenAI.Responses.Response | undefined;
    for await (const event of stream) {
      events.push(event);
      if (cancelled === undefined && textIn(events).includes("word3"))
        cancelled = checked(await client.responses.cancel(idIn(events)));
    }
    expect(cancelled).toMatchObject({ status: "cancelled", completed_at: null });
    const id = idIn(events);
    const told = checked(await client.responses.retrieve(id));
    expect(told).toMatchObject({ status: "cancelled", output: cancelled?.output });
    expect(`You said: ${ENDED}`.startsWith(told.output_text)).toBe(true);
    expect(events.at(-1)).toMatchObject({ response: { status: "cancelled" } });
    const again = await client.responses.retrieve(id, { stream: true });
    expect(await eventsOf(again)).toEqual(events);
    expect(await client.responses.cancel(id)).toMatchObject({ status: "cancelled" });
    const next = { model: "openai/echo", input: "Still there?", conversation };
    expect(await client.responses.create(next)).toMatchObject({ status: "completed" });
    expect(await client.responses.retrieve(id)).toMatchObject({ status: "cancelled" });
  });

  it("is cancelled while its model says nothing", async () => {
    const client = openai();
    const { id: conversation } = await client.conversations.create();
    const silent = { model: "openai/hang", background: true, conversation };
    const begun = await client.responses.create({ ...silent, input: "one" });
    expect(begun.status).toBe("queued");
    const cancelled = checked(await client.responses.cancel(begun.id));
    expect(cancelled).toMatchObject({ status: "cancelled", output: [] });
    const next = { model: "openai/count", input: "Still there?", conversation };
    expect(await client.responses.create(next)).toMatchObject({ output_text: "1 messages" });
    expect(await client.responses.retrieve(begun.id)).toMatchObject({ status: "cancelled" });
  });

  it("is the only one that is cancelled", async () => {
    const client = openai();
    const { id } = await client.responses.create({ model: "local", input: "Hi" });
    await expect(client.responses.cancel(id)).rejects.toMatchObject({ status: 400 });
    const begun = await client.responses.create({ ...asked, input: "one" });
    const done = await settled(client, begun.id);
    const { _request_id: _, ...late } = await client.responses.cancel(begun.id);
    expect(late).toMatchObject({ status: "completed", output: done.output });
  });

  it("fails when its model does, and is told as failed", async () => {
    const client = openai();
    await warm(client);
    const begun = await client.responses.create({ ...asked, model: "openai/fail", input: "one" });
    const done = checked(await settled(client, begun.id));
    expect(done).toMatchObject({ status: "failed", error: { code: "server_error" }, output: [] });
  });

  it("is neither deleted nor continued while it is made", async () => {
    const client = openai();
    const stream = await client.responses.create({ ...asked, input: wordsOf(40), stream: true });
    const id = idIn(await readUntil(stream, "response.output_text.delta"));
    const once = { maxRetries: 0 };
    const removed = client.responses.delete(id, once);
    await expect(removed).rejects.toMatchObject({ status: 409, code: "response_in_progress" });
    const behind = { model: "local", input: "Hi", previous_response_id: id };
    const early = client.responses.create(behind, once);
    await expect(early).rejects.toMatchObject({ status: 409, code: "response_in_progress" });
    // With its usual patience the client gets through.
    const next = await client.responses.create(behind, { maxRetries: 10 });
    expect(next).toMatchObject({ status: "completed" });
    await client.responses.delete(id);
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });
});
