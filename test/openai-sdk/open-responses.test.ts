import type {
  Response as Resource,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import { describe, expect, inject, it } from "vitest";
import { WebSocket } from "ws";

import { conforms, freshAccount } from "./client.ts";
import { checked, checkEvents, WEATHER } from "./events.ts";

// The 17 cases of the specification's compliance suite, by its text, without any client: one `it` each.

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const message = (role: string, content: unknown, more: object = {}) => ({
  type: "message",
  role,
  content,
  ...more,
});

interface Transport {
  post: (path: string, body: object) => Promise<Response>;
  connect: () => Promise<Connection>;
}

const transportOf = (account = freshAccount()): Transport => {
  const urlOf = (path: string) => {
    const url = new URL(`/v1${path}`, inject("server"));
    url.searchParams.set("account_id", account);
    return url;
  };
  return {
    post: (path, body) =>
      fetch(urlOf(path), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    connect: async () => {
      const url = urlOf("/responses");
      url.protocol = "ws:";
      const socket = new WebSocket(url.href);
      await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
      return new Connection(socket);
    },
  };
};

const ENDS = new Set(["response.completed", "response.failed", "response.incomplete", "error"]);

/** One request at a time, each answered by events up to a last one. */
class Connection {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  events(body: object): Promise<Record<string, unknown>[]> {
    const events: Record<string, unknown>[] = [];
    return new Promise((resolve, reject) => {
      const end = () => this.#socket.off("message", take);
      const take = (data: Buffer) => {
        const event = JSON.parse(data.toString()) as { type: string };
        events.push(event);
        if (!ENDS.has(event.type)) return;
        end();
        resolve(events);
      };
      this.#socket.on("message", take).once("error", reject);
      this.#socket.send(JSON.stringify({ type: "response.create", ...body }));
    });
  }

  async ask(body: object): Promise<Resource> {
    const events = (await this.events(body)) as unknown as ResponseStreamEvent[];
    checkEvents(events);
    const last = events.at(-1);
    if (last?.type !== "response.completed")
      throw new Error(`It ends with ${JSON.stringify(last)}`);
    return checked(last.response);
  }

  async refusedAs(body: object): Promise<unknown> {
    const [error, ...others] = await this.events(body);
    if (others.length > 0) throw new Error(`It is answered: ${JSON.stringify(others)}`);
    conforms("WebSocketErrorEvent", error);
    return (error as { error?: { code: string } }).error?.code;
  }

  close(): void {
    this.#socket.close();
  }
}

async function created(body: object): Promise<Resource> {
  const response = await transportOf().post("/responses", body);
  expect(response.status).toBe(200);
  const resource = checked<Resource>(await response.json());
  expect(resource.status).toBe("completed");
  expect(resource.output.length).toBeGreaterThan(0);
  return resource;
}

const textOf = ({ output }: Resource): string =>
  output
    .flatMap((item) => (item.type === "message" ? item.content : []))
    .map((part) => (part.type === "output_text" ? part.text : ""))
    .join("");

const shownTo = (resource: Resource) => JSON.parse(textOf(resource)) as unknown[];

const model = "openai/echo";
const NOT_FOUND = "previous_response_not_found";

describe("over HTTP, by Open Responses", () => {
  it("basic-response: a user's message is answered", async () => {
    const resource = await created({ model, input: [message("user", "Say hello.")] });
    expect(textOf(resource)).toBe("You said: Say hello.");
  });

  it("assistant-phase: earlier messages of the assistant have phases", async () => {
    const resource = await created({
      model: "openai/record",
      input: [
        message("assistant", "I look it up.", { phase: "commentary" }),
        message("assistant", "It is seven.", { phase: "final_answer" }),
        message("user", "Say it again."),
      ],
    });
    expect(JSON.stringify(shownTo(resource))).toContain("It is seven.");
  });

  it("response-output-phase-schema: the schema takes phases of output, and no other value", async () => {
    const resource = await created({ model, input: "Hi" });
    const [first] = resource.output;
    const phased = (phase: unknown) => ({ ...resource, output: [{ ...first, phase }] });
    conforms("ResponseResource", phased("commentary"));
    conforms("ResponseResource", phased("final_answer"));
    expect(() => conforms("ResponseResource", phased(7))).toThrow(/phase|oneOf|anyOf/);
  });

  it("streaming-response: each event conforms, and [DONE] ends the stream", async () => {
    const body = { model, input: [message("user", "Count to three.")], stream: true };
    const response = await transportOf().post("/responses", body);
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const frames = (await response.text()).trimEnd().split("\n\n");
    expect(frames.pop()).toBe("data: [DONE]");
    const events = frames.map((frame) => {
      const [, name, data = ""] = /^event: (.+)\ndata: (.+)$/.exec(frame) ?? [];
      const event = JSON.parse(data) as ResponseStreamEvent;
      expect(event.type).toBe(name);
      return event;
    });
    checkEvents(events);
    expect(events.at(-1)).toMatchObject({ type: "response.completed" });
  });

  it("system-prompt: a system's message reaches the model", async () => {
    const input = [message("system", "Talk like a sailor."), message("user", "Say hello.")];
    const resource = await created({ model: "openai/record", input });
    expect(shownTo(resource)).toEqual([
      { role: "system", content: "Talk like a sailor." },
      { role: "user", content: "Say hello." },
    ]);
  });

  it("tool-calling: a function of the client is called", async () => {
    const input = [message("user", "The weather in Paris?")];
    const { output } = await created({ model: "openai/tools", input, tools: [WEATHER] });
    const given = '{"city":"Paris"}';
    expect(output).toMatchObject([
      { type: "function_call", name: "get_weather", arguments: given, status: "completed" },
    ]);
  });

  it("image-input: an image reaches the model", async () => {
    const content = [
      { type: "input_text", text: "What is this?" },
      { type: "input_image", image_url: PIXEL },
    ];
    const resource = await created({ model: "openai/record", input: [message("user", content)] });
    expect(JSON.stringify(shownTo(resource))).toContain(PIXEL);
  });

  it("multi-turn: a history that the client sends is shown", async () => {
    const input = [
      message("user", "My name is Alice."),
      message("assistant", "Hello Alice."),
      message("user", "What is my name?"),
    ];
    expect(textOf(await created({ model: "local", input }))).toContain("Alice");
  });

  it("compact-response: a conversation becomes a compaction", async () => {
    const input = [
      message("user", "We leave on Tuesday."),
      message("assistant", "On Tuesday, then."),
    ];
    const body = { model: "local", input, prompt_cache_key: "a-key" };
    const response = await transportOf().post("/responses/compact", body);
    expect(response.status).toBe(200);
    const compacted = await response.json<{ object: string; output: { type: string }[] }>();
    conforms("CompactResource", compacted);
    expect(compacted.object).toBe("response.compaction");
    expect(compacted.output.map(({ type }) => type)).toContain("compaction");
  });

  it("compact-missing-model: a compaction without a model is refused", async () => {
    const body = { input: [message("user", "Make it short.")] };
    const response = await transportOf().post("/responses/compact", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: "model" } });
  });
});

describe("over a WebSocket, by Open Responses", () => {
  const unstored = { model: "local", store: false };

  it("websocket-response: events are messages", async () => {
    const connection = await transportOf().connect();
    const resource = await connection.ask({ model, input: [message("user", "Count.")] });
    expect(textOf(resource)).toBe("You said: Count.");
    connection.close();
  });

  it("websocket-sequential-responses: one connection makes several", async () => {
    const connection = await transportOf().connect();
    for (const input of ["first", "second"]) {
      const resource = await connection.ask({ model, store: false, input });
      expect(textOf(resource)).toBe(`You said: ${input}`);
    }
    connection.close();
  });

  it("websocket-continuation: what is not stored is continued on its connection", async () => {
    const connection = await transportOf().connect();
    const first = await connection.ask({ ...unstored, input: "My name is Alice." });
    const input = "What is my name?";
    const second = await connection.ask({ ...unstored, input, previous_response_id: first.id });
    expect(textOf(second)).toContain("Alice");
    connection.close();
  });

  it("websocket-reconnect-store-false-recovery: another connection does not know it, and begins again", async () => {
    const transport = transportOf();
    const before = await transport.connect();
    const first = await before.ask({ ...unstored, input: "My name is Alice." });
    before.close();
    const after = await transport.connect();
    const input = "What is my name?";
    const code = await after.refusedAs({ ...unstored, input, previous_response_id: first.id });
    expect(code).toBe(NOT_FOUND);
    await after.ask({ ...unstored, input });
    after.close();
  });

  it("websocket-previous-response-not-found: an id that never was is refused", async () => {
    const connection = await transportOf().connect();
    const previous_response_id = `resp_never_${Date.now()}`;
    const code = await connection.refusedAs({ ...unstored, input: "Hi", previous_response_id });
    expect(code).toBe(NOT_FOUND);
    connection.close();
  });

  it("websocket-failed-continuation-evicts-cache: a continuation that fails forgets what it named", async () => {
    const connection = await transportOf().connect();
    const first = await connection.ask({ ...unstored, input: "My name is Alice." });
    const named = { ...unstored, previous_response_id: first.id };
    const orphan = [{ type: "function_call_output", call_id: "call_never", output: "x" }];
    expect(await connection.refusedAs({ ...named, input: orphan })).not.toBeUndefined();
    expect(await connection.refusedAs({ ...named, input: "Who am I?" })).toBe(NOT_FOUND);
    connection.close();
  });

  it("websocket-compact-new-chain: a compaction begins a new chain", async () => {
    const transport = transportOf();
    const history = [message("user", "My name is Alice."), message("assistant", "Hello Alice.")];
    const body = { model: "local", input: history };
    const compacted = await (
      await transport.post("/responses/compact", body)
    ).json<{
      output: object[];
    }>();
    const connection = await transport.connect();
    const input = [...compacted.output, message("user", "What is my name?")];
    expect(textOf(await connection.ask({ ...unstored, input }))).toContain("Alice");
    connection.close();
  });
});
