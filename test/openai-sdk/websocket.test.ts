import type OpenAI from "openai";
import { ResponsesWS } from "openai/resources/responses/ws";
import type {
  ResponseStreamEvent,
  ResponsesClientEvent,
  ResponsesServerEvent,
} from "openai/resources/responses/responses";
import { afterEach, describe, expect, inject, it } from "vitest";

import { conforms, freshAccount, get, openai } from "./client.ts";
import { checked, checkEvents, idIn, textIn, WEATHER } from "./events.ts";

type Create = Omit<Extract<ResponsesClientEvent, { type: "response.create" }>, "type">;

const ENDS = new Set(["response.completed", "response.failed", "response.incomplete", "error"]);

const open = new Set<Socket>();
afterEach(() => {
  for (const socket of open) socket.close();
  open.clear();
});

/** A connection of OpenAI's client, and what came of each request in it. */
class Socket {
  readonly #socket: ResponsesWS;
  readonly #answers: ResponsesServerEvent[][] = [];
  readonly #waiting: ((answer: ResponsesServerEvent[]) => void)[] = [];
  #events: ResponsesServerEvent[] = [];

  constructor(client: OpenAI) {
    this.#socket = new ResponsesWS(client);
    open.add(this);
    // An error is an event as well.
    this.#socket.on("error", () => undefined);
    this.#socket.on("event", (event) => {
      this.#events.push(event);
      if (!ENDS.has(event.type ?? "")) return;
      const answer = this.#events;
      this.#events = [];
      const taker = this.#waiting.shift();
      if (taker) taker(answer);
      else this.#answers.push(answer);
    });
  }

  create(body: Create): void {
    this.#socket.send({ type: "response.create", ...body });
  }

  sendRaw(text: string): void {
    this.#socket.sendRaw(text);
  }

  /** What comes of the next request, up to its last event. */
  next(): Promise<ResponsesServerEvent[]> {
    const answer = this.#answers.shift();
    if (answer) return Promise.resolve(answer);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async ask(body: Create): Promise<OpenAI.Responses.Response> {
    this.create(body);
    return responseIn(await this.next());
  }

  async refused(body: object): Promise<unknown> {
    this.create(body);
    return errorIn(await this.next());
  }

  /** The id of the response that is begun next. */
  begun(): Promise<string> {
    return new Promise((resolve) => {
      this.#socket.once("response.output_text.delta", () => {
        resolve(idIn(this.#events as ResponseStreamEvent[]));
      });
    });
  }

  close(): void {
    this.#socket.close();
  }
}

/** The response that the events end with, each of them checked. */
function responseIn(answer: ResponsesServerEvent[]): OpenAI.Responses.Response {
  const events = answer as ResponseStreamEvent[];
  checkEvents(events);
  const last = events.at(-1);
  if (!last || !("response" in last)) throw new Error(`It ends with ${JSON.stringify(last)}`);
  expect(last.response.id).toBe(idIn(events));
  return checked(last.response);
}

function errorIn(answer: ResponsesServerEvent[]): unknown {
  const [error, ...others] = answer;
  expect(others).toEqual([]);
  conforms("WebSocketErrorEvent", error);
  return error;
}

const textOf = ({ output }: OpenAI.Responses.Response): string =>
  output
    .flatMap((item) => (item.type === "message" ? item.content : []))
    .map((part) => (part.type === "output_text" ? part.text : ""))
    .join("");

describe("a connection", () => {
  it("makes responses, each after the one before it", async () => {
    const client = openai();
    const socket = new Socket(client);
    const first = await socket.ask({ model: "local", input: "My name is Alice." });
    const second = await socket.ask({
      model: "local",
      previous_response_id: first.id,
      input: [{ role: "user", content: "What is my name?" }],
    });
    expect(textOf(second)).toContain("Alice");
    expect(second).toMatchObject({ conversation: first.conversation, status: "completed" });
    const told = await client.responses.retrieve(second.id);
    expect(told).toMatchObject({ output: second.output });
    const count = { model: "openai/count", input: "Hi", previous_response_id: second.id };
    expect((await client.responses.create(count)).output_text).toBe("5 messages");
    const { id: conversation } = await client.conversations.create();
    await socket.ask({ model: "local", input: "Hi", conversation });
    const { data } = await client.conversations.items.list(conversation);
    expect(data).toHaveLength(2);
  });

  it("sends the events that are read again elsewhere", async () => {
    const client = openai();
    const socket = new Socket(client);
    for (const model of ["openai/echo", "openai/reason", "openai/tools", "openai/length"]) {
      socket.create({ model, input: "one two all", tools: [WEATHER] });
      const events = (await socket.next()) as ResponseStreamEvent[];
      checkEvents(events);
      const again: ResponseStreamEvent[] = [];
      const replay = await client.responses.retrieve(idIn(events), { stream: true });
      for await (const event of replay) again.push(event);
      expect(again).toEqual(events);
    }
  });

  it("remembers what is kept nowhere else", async () => {
    const account = freshAccount();
    const client = openai(account);
    const socket = new Socket(client);
    const unkept = { store: false } as const;
    const first = await socket.ask({ model: "local", input: "My name is Alice.", ...unkept });
    expect(first).toMatchObject({ store: false, conversation: null });
    const second = await socket.ask({
      model: "local",
      input: "What is my name?",
      previous_response_id: first.id,
      ...unkept,
    });
    expect(textOf(second)).toContain("Alice");
    const third = await socket.ask({
      model: "openai/record",
      input: "Go on",
      previous_response_id: second.id,
      ...unkept,
    });
    expect(JSON.parse(textOf(third))).toHaveLength(5);
    const lost = { model: "local", input: "Hi", ...unkept };
    const notFound = {
      type: "error",
      status: 400,
      error: { code: "previous_response_not_found", param: "previous_response_id" },
    };
    // Only the latest is remembered, and by this connection only.
    const elsewhere = new Socket(openai(account));
    expect(await elsewhere.refused({ ...lost, previous_response_id: third.id })).toMatchObject(
      notFound,
    );
    expect(await socket.refused({ ...lost, previous_response_id: first.id })).toMatchObject(
      notFound,
    );
    const over = client.responses.create({ ...lost, previous_response_id: third.id });
    await expect(over).rejects.toMatchObject({ code: "previous_response_not_found" });
    const fourth = await socket.ask({ ...lost, previous_response_id: third.id });
    expect(fourth.status).toBe("completed");
  });

  it("takes what clients send of a stream", async () => {
    const socket = new Socket(openai());
    const more = { stream: true, stream_options: { include_obfuscation: false } };
    const answer = await socket.ask({ model: "local", input: "Hi", ...more });
    expect(answer.status).toBe("completed");
  });

  it("prepares a request without a turn, and goes on from it", async () => {
    const account = freshAccount();
    const client = openai(account);
    const socket = new Socket(client);
    const first = await socket.ask({ model: "openai/record", input: "One" });
    for (const prepared of ["Two", []]) {
      const warm = await socket.ask({
        model: "openai/record",
        previous_response_id: first.id,
        input: prepared,
        generate: false,
      });
      expect(warm).toMatchObject({ status: "completed", output: [] });
      const next = await socket.ask({
        model: "openai/record",
        previous_response_id: warm.id,
        input: "Three",
      });
      const shown = JSON.parse(textOf(next)).map(({ content }: { content: string }) => content);
      expect(shown.filter((_: string, index: number) => index !== 1)).toEqual(
        prepared === "Two" ? ["One", "Two", "Three"] : ["One", "Three"],
      );
    }
    // Each of the two went on after the first: the second is a fork.
    expect((await get(account, "/v1/conversations")).body.data).toHaveLength(2);
    const missing = await socket.refused({ model: "none", input: "Hi", generate: false });
    expect(missing).toMatchObject({ status: 404, error: { code: "model_not_found" } });
  });

  it("may have a response made in the background, as over HTTP", async () => {
    const client = openai();
    const socket = new Socket(client);
    const made = await socket.ask({ model: "openai/drip", input: "a b", background: true });
    expect(made).toMatchObject({ status: "completed", background: true });
    expect((await client.responses.retrieve(made.id)).output_text).toBe("You said: a b");
  });

  it("forgets what could not be continued", async () => {
    const socket = new Socket(openai());
    const unkept = { input: "Hi", store: false };
    const first = await socket.ask({ model: "openai/echo", ...unkept });
    const behind = { ...unkept, previous_response_id: first.id };
    const failed = await socket.ask({ model: "openai/fail", ...behind });
    expect(failed).toMatchObject({ status: "failed", error: { code: "server_error" } });
    expect(await socket.refused({ model: "local", ...behind })).toMatchObject({
      error: { code: "previous_response_not_found" },
    });
    const second = await socket.ask({ model: "openai/echo", ...unkept });
    const next = { ...unkept, previous_response_id: second.id };
    expect(await socket.refused({ model: "none", ...next })).toMatchObject({ status: 404 });
    expect(await socket.refused({ model: "local", ...next })).toMatchObject({
      error: { code: "previous_response_not_found" },
    });
  });

  it("keeps what it remembers where it is told to", async () => {
    const client = openai();
    const socket = new Socket(client);
    const first = await socket.ask({ model: "local", input: "My name is Alice.", store: false });
    const kept = await socket.ask({
      model: "local",
      input: "What is my name?",
      previous_response_id: first.id,
    });
    expect(textOf(kept)).toContain("Alice");
    const next = { model: "openai/count", input: "Hi", previous_response_id: kept.id };
    expect((await client.responses.create(next)).output_text).toBe("5 messages");
  });

  it("answers one after the other", async () => {
    const socket = new Socket(openai());
    socket.create({ model: "openai/drip", input: "one two three" });
    socket.create({ model: "openai/echo", input: "four" });
    socket.create({ model: "openai/none", input: "five" });
    socket.create({ model: "openai/echo", input: "six" });
    const first = (await socket.next()) as ResponseStreamEvent[];
    expect(textIn(first)).toBe("You said: one two three");
    expect(textOf(responseIn(first))).toBe("You said: one two three");
    expect(textOf(responseIn(await socket.next()))).toBe("You said: four");
    expect(errorIn(await socket.next())).toMatchObject({ error: { code: "model_not_found" } });
    expect(textOf(responseIn(await socket.next()))).toBe("You said: six");
  });

  it("that is closed in the middle loses nothing", async () => {
    const client = openai();
    const socket = new Socket(client);
    const begun = socket.begun();
    socket.create({ model: "openai/drip", input: "one two three four five six" });
    const id = await begun;
    socket.close();
    const events: ResponseStreamEvent[] = [];
    for await (const event of await client.responses.retrieve(id, { stream: true }))
      events.push(event);
    expect(textOf(responseIn(events))).toBe("You said: one two three four five six");
  });

  it("calls functions, and takes what they gave", async () => {
    for (const store of [true, false]) {
      const socket = new Socket(openai());
      const first = await socket.ask({
        model: "openai/tools",
        input: "The weather?",
        tools: [WEATHER],
        store,
      });
      const [call] = first.output;
      expect(call).toMatchObject({ type: "function_call", arguments: '{"city":"Paris"}' });
      const call_id = call?.type === "function_call" ? call.call_id : "";
      const second = await socket.ask({
        model: "openai/tools",
        previous_response_id: first.id,
        input: [{ type: "function_call_output", call_id, output: "sunny" }],
        tools: [WEATHER],
        store,
      });
      expect(textOf(second)).toBe("The tool said: sunny");
    }
  });

  it("goes on after a compaction", async () => {
    const client = openai();
    const socket = new Socket(client);
    const first = await socket.ask({ model: "local", input: "My name is Alice." });
    const { output } = await client.responses.compact({
      model: "local",
      previous_response_id: first.id,
      input: "What is my name?",
    });
    const second = await socket.ask({ model: "openai/record", input: output as never });
    expect(textOf(second)).toContain("Alice");
    expect(second.previous_response_id).toBeNull();
  });

  it("says what is wrong, and stays open", async () => {
    const socket = new Socket(openai());
    const body = { model: "local", input: "Hi" };
    const wrong: [object, number, string][] = [
      [{ ...body, temperature: 9 }, 400, "temperature"],
      [{ ...body, tools: [{ type: "web_search" }] }, 400, "tools[0].type"],
      [{ ...body, previous_response_id: "resp_zzzzz" }, 400, "previous_response_id"],
      [{ ...body, model: "none" }, 404, "model"],
    ];
    for (const [more, status, param] of wrong)
      expect(await socket.refused(more)).toMatchObject({ type: "error", status, error: { param } });
    for (const text of ["{", '"Hi"', "null", '{"type":"response.destroy"}']) {
      socket.sendRaw(text);
      expect(errorIn(await socket.next())).toMatchObject({ type: "error", status: 400 });
    }
    expect((await socket.ask(body)).status).toBe("completed");
  });
});

it("is asked for as an upgrade", async () => {
  const response = await fetch(`${inject("server")}/v1/responses`);
  expect(response.status).toBe(426);
  expect(await response.json()).toMatchObject({ error: { code: "upgrade_required" } });
});
