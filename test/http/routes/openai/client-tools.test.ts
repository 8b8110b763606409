import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { resetCircuit } from "../../../../src/outbound/circuit-breaker.ts";
import { CALLS, HISTORY } from "../../../openai/responses/example-items.ts";
import { Client } from "../../../support/client.ts";
import type { Answer } from "../../../support/client.ts";

/** `told` calls what the last message says; `raw` answers with the request that it got. */
const fresh = () =>
  new Client({
    MODEL: "openai/told,openai/raw",
    OPENAI_BASE_URL: inject("modelServer"),
    OPENAI_API_KEY: "test-key",
  });

// What one test has fail would open the circuit for the next.
beforeEach(() => resetCircuit(env, "openai"));

const create = (client: Client, input: unknown, more: object = {}): Promise<Answer> =>
  client.post("/v1/responses", { body: { model: "openai/told", input, ...more } });

let calls = 0;
/** Asks the model `told` to call a function. */
function asking(name: string, args: unknown): { id: string; input: string } {
  calls += 1;
  const id = `call_x${calls}`;
  const text = typeof args === "string" ? args : JSON.stringify(args);
  const tool_calls = [{ id, type: "function", function: { name, arguments: text } }];
  return { id, input: `<<${JSON.stringify({ content: null, tool_calls })}>>` };
}

interface Event {
  type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
  [field: string]: any;
}
const eventsIn = async (response: Response): Promise<Event[]> =>
  (await response.text())
    .split("\n\n")
    .map((block) => block.split("\n").find((line) => line.startsWith("data: {")))
    .filter((line) => line !== undefined)
    .map((line) => JSON.parse(line.slice("data: ".length)) as Event);

const stream = async (client: Client, input: unknown, more: object): Promise<Event[]> =>
  eventsIn(
    await client.fetch("POST", "/v1/responses", {
      body: { model: "openai/told", input, stream: true, ...more },
    }),
  );

/** What the provider is asked with. */
async function asked(client: Client, input: unknown, more: object = {}) {
  const { body } = await create(client, input, { model: "openai/raw", ...more });
  const text = body.output.at(-1).content[0].text as string;
  return { body, request: JSON.parse(text) };
}

const CUSTOM = {
  type: "custom",
  name: "write_sql",
  description: "Runs SQL.",
  format: { type: "grammar", syntax: "regex", definition: "select .*" },
};

describe("a freeform tool", () => {
  it("is called, answered, and shown again as it was called", async () => {
    const client = fresh();
    const { id, input } = asking("write_sql", { input: "select\n1" });
    const { body } = await create(client, input, {
      tools: [CUSTOM],
      tool_choice: { type: "custom", name: "write_sql" },
    });
    expect(body).toMatchObject({
      tools: [CUSTOM],
      tool_choice: { type: "custom", name: "write_sql" },
      output: [
        {
          type: "custom_tool_call",
          id: expect.stringMatching(/^ctc_/),
          call_id: id,
          name: "write_sql",
          input: "select\n1",
          status: "completed",
        },
      ],
    });
    const output = { type: "custom_tool_call_output", call_id: id, output: "1 row" };
    const { request } = await asked(client, [output], {
      tools: [CUSTOM],
      previous_response_id: body.id,
    });
    expect(request.tools).toMatchObject([
      {
        type: "function",
        function: {
          name: "write_sql",
          parameters: {
            properties: { input: { description: expect.stringContaining("select .*") } },
          },
        },
      },
    ]);
    expect(JSON.stringify(request.tools)).not.toContain("standsFor");
    expect(request.messages.slice(1)).toMatchObject([
      {
        role: "assistant",
        tool_calls: [{ id, function: { name: "write_sql", arguments: '{"input":"select\\n1"}' } }],
      },
      { role: "tool", tool_call_id: id, content: "1 row" },
    ]);
    const lost = { type: "custom_tool_call_output", call_id: "lost", output: "x" };
    expect(await create(client, [lost])).toMatchObject({ status: 400 });
  });

  it("is streamed as its own input, and told again just so", async () => {
    const client = fresh();
    const { input } = asking("write_sql", { input: 'select "a"' });
    const events = await stream(client, input, { tools: [CUSTOM] });
    const of = (type: string) => events.filter((event) => event.type === type);
    const deltas = of("response.custom_tool_call_input.delta");
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.map(({ delta }) => delta as string).join("")).toBe('select "a"');
    expect(of("response.custom_tool_call_input.done")).toMatchObject([{ input: 'select "a"' }]);
    expect(of("response.output_item.added")).toMatchObject([
      { item: { type: "custom_tool_call", status: "in_progress", input: "" } },
    ]);
    const last = events.at(-1);
    expect(last?.type).toBe("response.completed");
    await evictDurableObject(client.object);
    const again = await client.fetch("GET", `/v1/responses/${last?.["response"].id}?stream=true`);
    expect(await eventsIn(again)).toEqual(events);
  });
});

/** An answer that is cut off within a call. */
const cut = (name: string, args: string) => {
  const tool_calls = [{ id: `cut_${name}`, type: "function", function: { name, arguments: args } }];
  return `<<${JSON.stringify({ content: null, tool_calls, finish_reason: "length" })}>>`;
};

describe("a tool that the client runs", () => {
  it.each([
    ["shell", { commands: ["ls", "pwd"] }, { type: "shell_call", environment: null }],
    ["local_shell", { command: ["ls"] }, { type: "local_shell_call", action: { type: "exec" } }],
    [
      "apply_patch",
      { type: "create_file", path: "a", diff: "+a" },
      { type: "apply_patch_call", operation: { type: "create_file", diff: "+a" } },
    ],
    [
      "computer",
      { actions: [{ type: "screenshot" }] },
      { type: "computer_call", pending_safety_checks: [] },
    ],
  ])("is called with its own item: %s", async (type, args, item) => {
    const client = fresh();
    const { id, input } = asking(type, args);
    const events = await stream(client, input, { tools: [{ type }], tool_choice: { type } });
    const ended = events.at(-1)?.["response"];
    expect(ended).toMatchObject({
      status: "completed",
      tools: [{ type }],
      tool_choice: { type },
      output: [{ ...item, call_id: id, status: "completed" }],
    });
    expect(events.map(({ sequence_number }) => sequence_number as number)).toEqual(
      events.map((_, n) => n),
    );
    const commands = events.filter((each) => each.type === "response.shell_call_command.done");
    expect(commands.map(({ command }) => command as string)).toEqual(
      type === "shell" ? ["ls", "pwd"] : [],
    );
    const { body } = await client.get(`/v1/responses/${ended.id}`);
    expect(body.output).toEqual(ended.output);
  });

  it("is no whole call where the answer was cut short", async () => {
    const client = fresh();
    const tools = [CUSTOM, { type: "shell" }];
    const cases = [
      [cut("write_sql", '{"input":"sel'), { type: "custom_tool_call", input: "sel" }],
      [cut("shell", '{"commands":["l'), { type: "function_call", arguments: '{"commands":["l' }],
    ] as const;
    for (const [input, item] of cases) {
      const { body } = await create(client, input, { tools });
      expect(body).toMatchObject({
        status: "incomplete",
        output: [{ ...item, status: "incomplete" }],
      });
      const ended = (await stream(client, input, { tools })).at(-1);
      expect(ended).toMatchObject({
        type: "response.incomplete",
        response: { output: [{ ...item, status: "incomplete" }] },
      });
    }
  });

  it("is called by the offline model, too", async () => {
    const input = "Use the shell, please.";
    const { body } = await create(new Client(), input, {
      model: "local",
      tools: [{ type: "shell" }],
    });
    expect(body.output).toMatchObject([
      { type: "shell_call", action: { commands: [expect.any(String)] } },
    ]);
  });

  it("in a group is told with the group's name, and shown under one name", async () => {
    const client = fresh();
    const tools = [
      {
        type: "namespace",
        name: "crm",
        description: "Customers.",
        tools: [{ type: "function", name: "find" }],
      },
    ];
    const { id, input } = asking("crm__find", { id: 1 });
    const { body } = await create(client, input, { tools });
    expect(body.output).toMatchObject([
      { type: "function_call", name: "find", namespace: "crm", call_id: id },
    ]);
    const result = { type: "function_call_output", call_id: id, output: "Ann" };
    const { request } = await asked(client, [result], { tools, previous_response_id: body.id });
    expect(request.messages[1].tool_calls).toMatchObject([{ function: { name: "crm__find" } }]);
  });

  it("that a search found may be called from then on", async () => {
    const client = fresh();
    const tools = [{ type: "tool_search", execution: "client", description: "Finds tools." }];
    const { id, input } = asking("tool_search", { query: "weather" });
    const { body } = await create(client, input, { tools });
    expect(body.output).toMatchObject([
      {
        type: "tool_search_call",
        call_id: id,
        execution: "client",
        arguments: { query: "weather" },
      },
    ]);
    const found = {
      type: "tool_search_output",
      call_id: id,
      execution: "client",
      status: "completed",
      tools: [
        {
          type: "namespace",
          name: "sky",
          description: "The sky.",
          tools: [{ type: "function", name: "weather", defer_loading: true, strict: null }],
        },
        { type: "web_search" },
      ],
    };
    const previous_response_id = body.id as string;
    const { request } = await asked(client, [found], { tools, previous_response_id });
    expect(request.tools.map((tool: { function: { name: string } }) => tool.function.name)).toEqual(
      ["tool_search", "sky__weather"],
    );
    const without = await asked(client, [found], { previous_response_id });
    expect(without.request.tools).toBeUndefined();
    const next = asking("sky__weather", { city: "Paris" });
    const called = await create(client, [found, { role: "user", content: next.input }], {
      tools,
      previous_response_id,
    });
    expect(called.body.output).toMatchObject([
      { type: "function_call", namespace: "sky", name: "weather", call_id: next.id },
    ]);
  });

  it("may come as an item, in place of the request's own", async () => {
    const client = fresh();
    const more = {
      type: "additional_tools",
      role: "developer",
      tools: [{ type: "namespace", name: "functions", tools: [{ type: "custom", name: "exec" }] }],
    };
    const { id, input } = asking("functions__exec", { input: "ls" });
    const user = { role: "user", content: input };
    const { body } = await create(client, [more, user], { tool_choice: "required" });
    expect(body).toMatchObject({
      tools: [],
      output: [{ type: "custom_tool_call", namespace: "functions", name: "exec", call_id: id }],
    });
    const output = { type: "custom_tool_call_output", call_id: id, output: "a" };
    const { request } = await asked(client, [output], { previous_response_id: body.id });
    expect(request.tools).toMatchObject([{ function: { name: "functions__exec" } }]);
    const hosted = { ...more, tools: [{ type: "custom", name: "exec" }, { type: "web_search" }] };
    const unnamed = { ...more, tools: [{ type: "custom" }] };
    expect((await create(client, [hosted, user])).body.error).toMatchObject({
      param: "input[0].tools[1].type",
      message: expect.stringContaining("runs no hosted tools"),
    });
    expect((await create(client, [unnamed, user])).body.error.param).toBe("input[0].tools[0]");
    expect(await create(client, [user], { tool_choice: "required" })).toMatchObject({
      status: 400,
    });
  });

  it("is refused where it runs elsewhere, or has another's name", async () => {
    const client = fresh();
    const refusal = async (tools: object[], more: object = {}) => {
      const { status, body } = await create(client, "Hi", { tools, ...more });
      return { status, ...body.error } as { status: number; param: string; message: string };
    };
    expect(await refusal([{ type: "web_search" }])).toMatchObject({
      status: 400,
      param: "tools[0].type",
      message: expect.stringContaining("runs no hosted tools"),
    });
    expect(
      await refusal([{ type: "shell", environment: { type: "container_auto" } }]),
    ).toMatchObject({
      param: "tools[0].environment.type",
      message: expect.stringContaining("no containers"),
    });
    expect(await refusal([{ type: "tool_search" }])).toMatchObject({
      param: "tools[0].execution",
    });
    expect(await refusal([{ type: "shell" }, { type: "function", name: "shell" }])).toMatchObject({
      status: 400,
      param: "tools",
    });
    expect(
      await refusal([{ type: "shell" }], { tool_choice: { type: "apply_patch" } }),
    ).toMatchObject({ param: "tool_choice" });
  });
});

const policed = async (on: string): Promise<Client> => {
  const client = fresh();
  const policies = [{ type: "redact", on, pattern: "secret", replacement: "[gone]" }];
  const path = `/admin/accounts/${client.account}/assistants/clerk`;
  expect((await client.call("PUT", path, { body: { policies } })).status).toBe(200);
  return client;
};
const model = "assistant/clerk";

describe("items of tools", () => {
  const items = [...CALLS.flat(), ...HISTORY].map((sent) => ({ ...sent }));

  it("are kept, paged, searched, exported, archived and brought back", async () => {
    const client = fresh();
    const made = await client.post("/v1/conversations", { body: { items: items.slice(0, 20) } });
    const { id } = made.body as { id: string };
    const path = `/v1/conversations/${id}/items`;
    expect((await client.post(path, { body: { items: items.slice(20) } })).status).toBe(200);
    const all = async () => {
      const page = await client.get(`${path}?order=asc&limit=100`);
      return page.body.data as { type: string; id: string }[];
    };
    const told = await all();
    expect(told.map(({ type }) => type)).toEqual(items.map(({ type }) => type));
    const second = await client.get(`${path}?order=asc&limit=5&after=${told[4]?.id}`);
    expect(second.body.data).toEqual(told.slice(5, 10));
    expect((await client.get(`${path}/${told[2]?.id}`)).body).toEqual(told[2]);
    expect((await client.get("/search?q=secret")).body.data.length).toBeGreaterThan(0);
    const counted = (await client.get(`/sessions/${id}`)).body;
    const messages = await client.get(`/sessions/${id}/messages?limit=100`);
    expect(messages.body.data).toHaveLength(items.length - 1);
    expect(counted.messages ?? items.length - 1).toBe(items.length - 1);

    const exported = await (await client.fetch("GET", "/export")).text();
    const other = fresh();
    expect((await other.post("/import", { body: exported })).body).toMatchObject({
      created: 1,
      problem_count: 0,
    });
    const page = await other.get(`${path}?order=asc&limit=100`);
    expect(page.body.data).toEqual(told);

    expect((await client.post(`/sessions/${id}/archive`)).status).toBe(200);
    expect(await all()).toEqual(told);
    expect((await client.post(`/archives/${id}/restore`)).status).toBe(200);
    expect(await all()).toEqual(told);
    const { request } = await asked(client, "Well?", { conversation: id });
    expect(JSON.stringify(request.messages)).toContain("An earlier web_search_call");
    expect((await client.call("DELETE", `${path}/${told[0]?.id}`)).status).toBe(200);
    expect((await all()).slice(0, told.length - 1)).toEqual(told.slice(1));
  });

  it("are redacted where a caller sends them", async () => {
    const client = await policed("request");
    const sent = items.filter(({ type }) => type !== "local_shell_call_output");
    const { body } = await create(client, [...sent, { role: "user", content: "Hi" }], { model });
    const path = `/v1/responses/${body.id}/input_items?order=asc&limit=100`;
    const { data } = (await client.get(path)).body;
    expect(data).toHaveLength(sent.length + 1);
    expect(JSON.stringify(data)).not.toContain("secret");
    const events = await client.get(`/calls/${body.id.replace("resp_", "call_")}/policy-events`);
    expect(events.body.data).toMatchObject([{ event_type: "modified" }]);
    expect(events.body.data[0].modified).toContain("select '[gone]'");
  });

  it("are redacted where a model calls them, also in a stream", async () => {
    const client = await policed("response");
    const { input } = asking("write_sql", { input: "select secret" });
    const { body } = await create(client, input, { model, tools: [CUSTOM] });
    expect(body.output).toMatchObject([{ type: "custom_tool_call", input: "select [gone]" }]);
    const events = await client.get(`/calls/${body.id.replace("resp_", "call_")}/policy-events`);
    expect(events.body.data).toMatchObject([{ event_type: "modified", modified: "select [gone]" }]);
    const shell = asking("shell", { commands: ["cat secret"] });
    const told = await stream(client, shell.input, { model, tools: [{ type: "shell" }] });
    const answered = told.filter(({ type }) => /item|command|completed/.test(type));
    const output = answered.at(-1)?.["response"].output as unknown;
    expect(output).toMatchObject([{ action: { commands: ["cat [gone]"] } }]);
    expect(JSON.stringify(answered.map(({ item, command }) => [item, command]))).not.toContain(
      "cat secret",
    );
  });
});

const argumentsIn = ({ body }: Answer): unknown => JSON.parse(body.output[0].arguments);

describe("calls of plain functions", () => {
  const tools = [{ type: "function", name: "send", parameters: { type: "object" } }];
  const args = { to: { name: "secret", cards: [4_111, "the secret"] } };
  const redacted = { to: { name: "[gone]", cards: [4_111, "the [gone]"] } };

  it("are redacted where a caller sends them, and the model sees no more", async () => {
    const client = await policed("request");
    const call = { call_id: "c1", name: "send", arguments: JSON.stringify(args) };
    const sent = [
      { role: "user", content: "Hi" },
      { type: "function_call", ...call },
      { type: "function_call_output", call_id: "c1", output: "Sent." },
    ];
    const { body } = await create(client, sent, { model });
    const path = `/v1/responses/${body.id}/input_items?order=asc`;
    const { data } = (await client.get(path)).body;
    expect(JSON.parse(data[1].arguments)).toEqual(redacted);
    const call_id = body.id.replace("resp_", "call_");
    const told = JSON.stringify((await client.get(`/calls/${call_id}/events`)).body);
    expect(told).toContain("[gone]");
    expect(told).not.toContain("the secret");
    expect((await client.get(`/calls/${call_id}/policy-events`)).body.data).toMatchObject([
      { event_type: "modified" },
    ]);
  });

  it("are redacted where a model makes them, also in streams", async () => {
    const client = await policed("response");
    const first = await create(client, asking("send", args).input, { model, tools });
    expect(argumentsIn(first)).toEqual(redacted);
    const told = await stream(client, asking("send", args).input, { model, tools });
    const events = told.filter(({ type }) => /item|arguments|completed/.test(type));
    const output = events.at(-1)?.["response"].output as { arguments: string }[];
    expect(JSON.parse(output[0]?.arguments ?? "")).toEqual(redacted);
    for (const { item, delta, arguments: whole } of events)
      expect(JSON.stringify([item, delta, whole])).not.toContain("the secret");
    const [, chunk] = JSON.stringify(events).match(/"delta":"(.*?)","/) ?? [];
    expect(chunk).toContain("[gone]");

    const messages = [{ role: "user", content: asking("send", args).input }];
    const fn = { type: "function", function: { name: "send", parameters: { type: "object" } } };
    const chunks = await (
      await client.fetch("POST", "/v1/chat/completions", {
        body: { model, messages, stream: true, tools: [fn] },
      })
    ).text();
    expect(chunks).toContain("[gone]");
    expect(chunks).not.toContain("the secret");
  });

  it("are blocked with what the policy says", async () => {
    const client = fresh();
    const policies = [{ type: "block", on: "both", pattern: "the secret", message: "Not that." }];
    const path = `/admin/accounts/${client.account}/assistants/clerk`;
    await client.call("PUT", path, { body: { policies } });
    // The model gets the words without the mark that the policy knows.
    const hidden = JSON.stringify(args).replace("the secret", String.raw`the \u0073ecret`);
    const { body } = await create(client, asking("send", hidden).input, { model, tools });
    expect(body.output[0].content[0].text).toBe("Not that.");
  });
});

describe("a chat completion", () => {
  const tool = {
    type: "custom",
    custom: {
      name: "write_sql",
      description: "Runs SQL.",
      format: { type: "grammar", grammar: { syntax: "regex", definition: "select .*" } },
    },
  };
  const chat = (client: Client, messages: object[], more: object = {}) =>
    client.post("/v1/chat/completions", {
      body: { model: "openai/told", messages, tools: [tool], ...more },
    });

  it("calls a freeform tool, and takes its result", async () => {
    const client = fresh();
    const { id, input } = asking("write_sql", { input: "select 1" });
    const user = { role: "user", content: input };
    const { body } = await chat(client, [user], {
      tool_choice: { type: "custom", custom: { name: "write_sql" } },
      store: true,
    });
    const called = { id, type: "custom", custom: { name: "write_sql", input: "select 1" } };
    const [{ message, finish_reason }] = body.choices;
    expect(message).toMatchObject({ content: null, tool_calls: [called] });
    expect(finish_reason).toBe("tool_calls");
    const result = { role: "tool", tool_call_id: id, content: "1 row" };
    const next = await chat(client, [user, message, result], { model: "openai/raw", store: true });
    const request = JSON.parse(next.body.choices[0].message.content as string);
    expect(request.messages.slice(1)).toMatchObject([
      { tool_calls: [{ id, function: { name: "write_sql", arguments: '{"input":"select 1"}' } }] },
      { role: "tool", tool_call_id: id, content: "1 row" },
    ]);
    const kept = await client.get(`/v1/chat/completions/${next.body.id}/messages`);
    expect(kept.body.data.slice(1)).toMatchObject([
      { role: "assistant", tool_calls: [called] },
      { role: "tool", tool_call_id: id, content: "1 row" },
    ]);
    const items = await client.get(`/v1/conversations/${next.body.id}/items?order=asc`);
    expect(items.body.data.map(({ type }: { type: string }) => type)).toEqual([
      "message",
      "custom_tool_call",
      "custom_tool_call_output",
      "message",
    ]);
  });

  it("streams the call of one", async () => {
    const client = fresh();
    const { id, input } = asking("write_sql", { input: "select 1, 2" });
    const response = await client.fetch("POST", "/v1/chat/completions", {
      body: {
        model: "openai/told",
        messages: [{ role: "user", content: input }],
        tools: [tool],
        stream: true,
      },
    });
    const chunks = await eventsIn(response);
    const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(deltas[0]).toEqual({
      index: 0,
      id,
      type: "custom",
      custom: { name: "write_sql", input: "" },
    });
    expect(deltas.map((each: Event) => each["custom"].input as string).join("")).toBe(
      "select 1, 2",
    );
    expect(chunks.at(-1)?.["choices"][0].finish_reason).toBe("tool_calls");
  });

  it("refuses tools that are neither", async () => {
    const { status, body } = await chat(fresh(), [{ role: "user", content: "Hi" }], {
      tools: [{ type: "shell" }],
    });
    expect({ status, ...body.error }).toMatchObject({
      status: 400,
      param: "tools[0].type",
      message: expect.stringContaining('"function" or "custom"'),
    });
  });
});
