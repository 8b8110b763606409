import { describe, expect, it } from "vitest";

import { Client } from "../../support/client.ts";

const ONE = "1145678901234567891";
const OTHER = "1145678901234567892";
const NOW = Date.UTC(2026, 5, 1, 12);

const textOf = async (client: Client, path: string, headers: Record<string, string> = {}) =>
  (await client.fetch("GET", path, { headers, at: NOW })).text();
const send = (client: Client, method: string, path: string, body: string, headers = {}) =>
  client.fetch(method, path, { body, headers, at: NOW });

const turnLines = (text: string) => text.split("\n").filter((line) => line.includes('"turn"'));
const setting = (n: string) => `{"query":"Hi","session_id":"s","state_patch":{"n":${n}}}`;

describe("a whole number above 2^53", () => {
  it("keeps its digits in a state that is replaced, patched and settled with a turn", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" }, { at: NOW });
    await send(client, "PUT", "/sessions/s/state", `{"a":${ONE}}`, { "if-match": "*" });
    await send(client, "PATCH", "/sessions/s/state", `{"b":[${OTHER}]}`);
    await send(
      client,
      "POST",
      "/query",
      `{"query":"Go on","session_id":"s","state_patch":{"c":-${ONE}}}`,
    );
    expect(await textOf(client, "/sessions/s/state")).toBe(
      `{"a":${ONE},"b":[${OTHER}],"c":-${ONE}}`,
    );
  });

  it("keeps its digits from a call through archive, restore, export and import", async () => {
    const client = new Client();
    const call = (id: string, metadata: string) =>
      `{"call_id":"${id}","session_id":"s","request":{"model":"m","messages":[{"role":"user","content":"Hi"}],
       "tools":[{"type":"function","function":{"name":"f","parameters":{"maximum":${OTHER}}}}]},
       "response":{"choices":[{"message":{"role":"assistant","content":"Yes."}}],"created":${ONE}},
       "metadata":{"guild":${metadata}}}`.replaceAll(/\s*\n\s*/g, "");
    expect((await send(client, "POST", "/calls", call("c1", ONE))).status).toBe(201);
    await send(client, "POST", "/calls/batch", `${call("c2", ONE)}\n${call("c3", OTHER)}\n`);
    await send(client, "PUT", "/sessions/s/state", `{"n":${ONE}}`, { "if-match": "*" });
    const read = async (from: Client) =>
      Promise.all(
        ["c1", "c2", "c3"].map(
          async (id) =>
            (await textOf(from, `/calls/${id}`)) + (await textOf(from, `/calls/${id}/events`)),
        ),
      );
    const before = await read(client);
    for (const text of before) {
      expect(text).toContain(`"created":${ONE}`);
      expect(text).toContain(`"maximum":${OTHER}`);
    }
    await client.post("/sessions/s/archive", { at: NOW });
    expect(await textOf(client, "/sessions/s/state")).toBe(`{"n":${ONE}}`);
    await client.post("/archives/s/restore", { at: NOW });
    expect(await read(client)).toEqual(before);
    const file = await textOf(client, "/export");
    expect(file.match(/guild.{22}/g)).toEqual([ONE, ONE, OTHER].map((n) => `guild\\":${n}`));
    const copy = new Client();
    expect((await client.get("/sessions/s")).body.turns).toBe(3);
    const report = await copy.post("/import", { body: file, at: NOW });
    expect(report.body).toMatchObject({ created: 1, problems: [] });
    expect(await textOf(copy, "/sessions/s/state")).toBe(`{"n":${ONE}}`);
    expect(turnLines(await textOf(copy, "/export"))).toEqual(turnLines(file));
    // The same file again is the same session.
    expect((await copy.post("/import", { body: file, at: NOW })).body).toMatchObject({
      created: 0,
      unchanged: 1,
    });
  });

  it("keeps its digits in LiteLLM's payload, and names the session of its own", async () => {
    const client = new Client();
    const payload = (id: string, session: string) =>
      `{"id":"${id}","messages":[{"role":"user","content":"Hi"}],"response":{"choices":[],"n":${ONE}},"metadata":{"session_id":${session}}}`;
    await send(
      client,
      "POST",
      "/ingest/litellm",
      `[${payload("l1", ONE)},${payload("l2", OTHER)}]`,
    );
    const { body } = await client.get("/sessions", { at: NOW });
    expect(
      body.data.map(({ session_id }: { session_id: string }) => session_id).toSorted(),
    ).toEqual([ONE, OTHER]);
    expect(await textOf(client, "/calls/l1/events")).toContain(`"n":${ONE}`);
  });

  it("keeps its digits in a tool's schema and arguments on /v1/responses", async () => {
    const client = new Client();
    const answer = await send(
      client,
      "POST",
      "/v1/responses",
      `{"model":"local","input":[{"type":"function_call","call_id":"a","name":"f","arguments":"{\\"n\\":${ONE}}"},
        {"type":"function_call_output","call_id":"a","output":"${OTHER}"},{"role":"user","content":"Hi"}],
        "tools":[{"type":"function","name":"f","parameters":{"type":"object","maximum":${ONE}}}],"tool_choice":"none"}`,
    );
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toContain(`"maximum":${ONE}`);
    const { id } = JSON.parse(text);
    expect(await textOf(client, `/v1/responses/${id}`)).toContain(`"maximum":${ONE}`);
    expect(await textOf(client, `/v1/responses/${id}/input_items?order=asc`)).toContain(ONE);
  });

  it("is told from its neighbour by an idempotency key", async () => {
    const client = new Client();
    const headers = { "idempotency-key": "k" };
    expect((await send(client, "POST", "/query", setting(ONE), headers)).status).toBe(200);
    expect((await send(client, "POST", "/query", setting(ONE), headers)).status).toBe(200);
    expect((await send(client, "POST", "/query", setting(OTHER), headers)).status).toBe(422);
  });

  it.each([
    ["/query", `{"query":"Hi","session_id":${ONE}}`, "session_id"],
    ["/query", `{"query":"Hi","user_id":${ONE}}`, "user_id"],
    ["/query", `{"query":"Hi","metadata":{"guild":${ONE}}}`, "metadata.guild"],
    ["/calls", `{"input_tokens":${ONE}}`, "input_tokens"],
    ["/v1/responses", `{"model":"local","input":"Hi","user":${ONE}}`, "user"],
  ])("is refused by name where a field takes no such number: %s %s", async (path, body, param) => {
    const answer = await new Client().post(path, { body });
    expect(answer.status).toBe(path.startsWith("/v1") ? 400 : 422);
    expect((path.startsWith("/v1") ? answer.body.error : answer.body).param).toBe(param);
  });
});

describe("a number beyond the range of a double", () => {
  it.each([
    ["/query", '{"query":"Hi","state_patch":{"a":[1,1e400]}}', "state_patch.a.1"],
    ["/calls", '{"metadata":{"n":-1e999}}', "metadata.n"],
  ])("is refused by name: %s %s", async (path, body, param) => {
    expect(await new Client().post(path, { body })).toMatchObject({
      status: 422,
      body: { code: "invalid_request", param },
    });
  });

  it("is refused with its line by batches and imports", async () => {
    const client = new Client();
    const batch = '{"request":{"messages":[]}}\n{"metadata":{"n":1e400}}\n';
    expect((await client.post("/calls/batch", { body: batch })).body).toMatchObject({
      errors: [
        { line: 2, code: "invalid_request", message: expect.stringMatching(/^metadata\.n /) },
      ],
    });
    const file = '{"type":"session","format":6,"session_id":"s","state":{"n":1e400},"turns":0}\n';
    expect((await client.post("/import", { body: file })).body.problems).toMatchObject([
      { line: 1, code: "invalid_line", message: expect.stringMatching(/^state\.n /) },
    ]);
  });
});
