import { describe, expect, it } from "vitest";

import { Client } from "../../support/client.ts";
import { oldCalls } from "../../support/old-calls.ts";

const MODES = ["old", "dual", "new"] as const;
type Mode = (typeof MODES)[number];

const request = { model: "m", messages: [{ role: "user", content: "Hi" }] };
const response = { choices: [{ index: 0, message: { content: "A" }, finish_reason: "stop" }] };

const setMode = (client: Client, mode: Mode, more: object = {}) =>
  client.call("PUT", "/migrations/calls", { body: { mode, ...more } });
const upload = async (client: Client, rows: readonly object[]) =>
  (
    await client.post("/migrations/calls", {
      body: rows.map((row) => JSON.stringify(row)).join("\n"),
    })
  ).body;
const old = (client: Client, id: string) => client.get(`/api/conversation/${id}`);
const v2 = (client: Client, id: string) => client.get(`/api/conversation/${id}/v2`);

/** The table of docs/migrate-calls.md: what is written, and what is read where. */
const TABLE: Record<Mode, { upload: [old: string, v2: number]; calls: string; own: string }> = {
  old: { upload: ["rows", 404], calls: "rows", own: "rows" },
  dual: { upload: ["rows", 200], calls: "rows", own: "rows" },
  new: { upload: ["call", 200], calls: "call", own: "call" },
};

describe.each(MODES)("in mode %s", (mode) => {
  const expected = TABLE[mode];
  const whole = oldCalls(6, 11).find(({ faults }) => faults.length === 0);
  const { call_id, rows } = whole as NonNullable<typeof whole>;

  it("an upload is written and read as the table says", async () => {
    const client = new Client();
    await setMode(client, mode);
    await upload(client, rows);
    const [source, status] = expected.upload;
    const { body } = await old(client, call_id);
    expect(body).toMatchObject({ object: "conversation", call_id, source });
    expect(body.call).toMatchObject({
      provider: "openai",
      model_name: "gpt-4o",
      status: "completed",
    });
    expect(body.events[0]).toMatchObject({ event_type: "request" });
    const tools = rows.filter(({ table }) => table === "conversation_tool_calls");
    expect(body.tool_calls).toHaveLength(tools.length);
    const chunks = rows.filter(({ chunk_index }) => chunk_index !== undefined);
    const answered =
      source === "rows"
        ? chunks.map((_, chunk_index) => ({ chunk_index }))
        : [{ event_type: "response", payload: whole?.response }];
    expect(body.events.slice(1)).toMatchObject(answered);
    expect((await v2(client, call_id)).status).toBe(status);
  });

  it("a call that is written is in both, and read as the table says", async () => {
    const client = new Client();
    await setMode(client, mode);
    await client.post("/calls", { body: { call_id: "c", provider: "p", request, response } });
    expect((await old(client, "c")).body).toMatchObject({
      source: expected.calls,
      call: { call_id: "c", provider: "p", model_name: "m", status: "completed" },
      events: [
        { event_type: "request", payload: request },
        { event_type: "response", payload: response },
      ],
    });
    expect(
      (await v2(client, "c")).body.events.map((event: { payload: object }) => event.payload),
    ).toEqual([request, response]);
  });

  it("turns of our own are in both where that is asked", async () => {
    const client = new Client();
    await setMode(client, mode);
    const first = await client.ask("My name is Alice", { session_id: "s" });
    expect((await old(client, first.body.call_id)).body.source).toBe("call");
    expect((await setMode(client, mode, { own_turns: true })).body.own_turns).toBe(true);
    const second = await client.ask("What is my name?", { session_id: "s" });
    const { call_id: id } = second.body;
    const { body } = await old(client, id);
    expect(body.source).toBe(expected.own);
    const read = (await client.get(`/calls/${id}/events`)).body.data;
    expect(body.events.map((event: { payload: object }) => event.payload)).toEqual(
      read.map((event: { payload: object }) => event.payload),
    );
    expect(JSON.stringify(body.events[0])).toContain("My name is Alice");
    expect((await client.post("/migrations/calls/compare")).body).toMatchObject({
      compared: mode === "new" ? 0 : 1,
      mismatches: 0,
    });
    expect((await setMode(client, mode, { own_turns: false })).body.own_turns).toBe(false);
    const third = await client.ask("Thanks", { session_id: "s" });
    expect((await old(client, third.body.call_id)).body.source).toBe("call");
  });
});

describe("the old format", () => {
  it("is not found for a call that is not there, and gone for one that was erased", async () => {
    const client = new Client();
    await setMode(client, "old");
    expect(await old(client, "none")).toMatchObject({
      status: 404,
      body: { code: "call_not_found" },
    });
    const [whole] = oldCalls(2, 12).slice(1);
    await upload(client, whole?.rows ?? []);
    // Rows alone are erased by the call's id, too.
    expect((await client.call("DELETE", `/calls/${whole?.call_id}`)).status).toBe(200);
    expect(await old(client, String(whole?.call_id))).toMatchObject({
      status: 410,
      body: { code: "call_erased" },
    });
    expect((await upload(client, whole?.rows ?? [])).errors).toMatchObject([
      { code: "call_erased" },
    ]);
  });

  it("keeps nothing of a turn that was erased, nor of later requests that showed it", async () => {
    const client = new Client();
    await setMode(client, "dual", { own_turns: true });
    const first = await client.ask("My secret is marmalade", { session_id: "s" });
    const second = await client.ask("Thanks", { session_id: "s" });
    const { call_id: id } = second.body;
    expect(JSON.stringify((await old(client, id)).body)).toContain("marmalade");
    await client.call("DELETE", `/calls/${first.body.call_id}`);
    expect((await old(client, first.body.call_id)).status).toBe(410);
    expect(JSON.stringify((await old(client, id)).body)).not.toContain("marmalade");
    await client.call("DELETE", "/sessions/s");
    expect((await client.get("/migrations/calls/status")).body).toMatchObject({ old_rows: 0 });
  });

  it("is read of archived calls", async () => {
    const client = new Client();
    await client.post("/calls", { body: { call_id: "c", session_id: "s", request, response } });
    await client.post("/purge?older_than_days=0.00000001");
    expect((await old(client, "c")).body).toMatchObject({ source: "call", events: [{}, {}] });
  });
});

describe("POST /migrations/calls/backfill", () => {
  it("makes calls of the rows that were kept, once", async () => {
    const client = new Client();
    const cases = oldCalls(120, 13);
    await setMode(client, "old");
    for (let from = 0; from < cases.length; from += 40)
      await upload(
        client,
        cases.slice(from, from + 40).flatMap(({ rows }) => rows),
      );
    expect((await client.get("/calls")).body.data).toEqual([]);
    const backfill = async () => (await client.post("/migrations/calls/backfill")).body;
    const first = await backfill();
    expect(first).toMatchObject({
      complete: true,
      after: null,
      calls: 120,
      created: 120,
      errors: [],
    });
    expect(first.discrepancy_count).toBeGreaterThan(0);
    const whole = cases.find(({ faults }) => faults.length === 0);
    const { body } = await client.get(`/calls/${whole?.call_id}/events`);
    expect(body.data[1].payload).toEqual(whole?.response);
    expect(await backfill()).toMatchObject({ calls: 120, created: 0, updated: 0, known: 120 });
    const last = cases
      .map(({ call_id }) => call_id)
      .toSorted()
      .at(-2);
    const path = `/migrations/calls/backfill?after=${last}`;
    expect((await client.post(path)).body).toMatchObject({ calls: 1, known: 1 });
  });

  it("leaves a call that is there when its rows lack something", async () => {
    const client = new Client();
    const damaged = oldCalls(30, 14).find(({ faults }) =>
      faults.some(({ kind }) => kind === "chunk_missing"),
    );
    const {
      call_id,
      rows,
      request: asked,
      response: answered,
    } = damaged as NonNullable<typeof damaged>;
    await setMode(client, "old");
    await upload(client, rows);
    await setMode(client, "new", { force: true });
    const written = { call_id, provider: "openai", request: asked, response: answered };
    expect((await client.post("/calls", { body: written })).status).toBe(201);
    expect((await client.post("/migrations/calls/backfill")).body).toMatchObject({
      calls: 1,
      created: 0,
      updated: 0,
      known: 1,
      discrepancy_count: 1,
    });
    // The same rows uploaded again are no better.
    expect(await upload(client, rows)).toMatchObject({ calls: 1, updated: 0, known: 1 });
    const { body } = await client.get(`/calls/${call_id}/events`);
    expect(body.data.map((event: { payload: object }) => event.payload)).toEqual([asked, answered]);
  });
});
