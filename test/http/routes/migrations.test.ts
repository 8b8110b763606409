import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { root } from "../../support/keys.ts";
import { Client } from "../../support/client.ts";
import { oldCalls, shuffled } from "../../support/old-calls.ts";
import type { OldCallCase, Row } from "../../support/old-calls.ts";
import { accountRpc } from "../../../src/account/account-client.ts";

const NOW = Date.UTC(2026, 6, 1, 12);
const linesOf = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).join("\n");
const rowsOf = (cases: readonly OldCallCase[]) =>
  shuffled(
    cases.flatMap(({ rows }) => rows),
    3,
  );
const upload = (client: Client, rows: readonly Row[], query = "") =>
  client.post(`/migrations/calls${query}`, { body: linesOf(rows), at: NOW });
const setMode = (client: Client, mode: string, more: object = {}) =>
  client.call("PUT", "/migrations/calls", { body: { mode, ...more } });
const status = async (client: Client) => (await client.get("/migrations/calls/status")).body;
const compare = async (client: Client) => (await client.post("/migrations/calls/compare")).body;

async function expectRebuilt(client: Client, cases: readonly OldCallCase[]): Promise<void> {
  for (const { call_id, request, response } of cases) {
    const { body } = await client.get(`/calls/${call_id}/events`);
    expect(body.data.map(({ payload }: { payload: unknown }) => payload)).toEqual([
      request,
      response,
    ]);
  }
}

const named = (body: { discrepancies: object[] }) =>
  body.discrepancies.map((each) => JSON.stringify(each)).toSorted();
const chunk = (content: string | null) => ({
  id: "x",
  choices: [
    {
      index: 0,
      delta: content === null ? {} : { content },
      finish_reason: content === null ? "stop" : null,
    },
  ],
});

const eventOf = (event_type: string, payload: unknown) => ({
  table: "conversation_events",
  id: 1,
  call_id: 7,
  event_type,
  payload,
});

describe("POST /migrations/calls", () => {
  const cases = oldCalls(60, 21);
  const whole = cases.filter(({ faults }) => faults.length === 0);
  const faults = cases
    .flatMap(({ call_id, faults: planted }) => planted.map((fault) => ({ call_id, ...fault })))
    .map((fault) => JSON.stringify(fault))
    .toSorted();

  it("rebuilds pairs from chunks in any order, and names each fault", async () => {
    const client = new Client();
    const dry = await upload(client, rowsOf(cases), "?dry_run=true");
    expect(dry.body).toMatchObject({ dry_run: true, calls: 60, created: 0, line_errors: [] });
    expect(named(dry.body)).toEqual(faults);
    expect((await client.get("/calls")).body.data).toEqual([]);
    const { body } = await upload(client, rowsOf(cases));
    expect(body).toMatchObject({ mode: "new", calls: 60, created: 60, errors: [] });
    expect(named(body)).toEqual(faults);
    await expectRebuilt(client, whole);
    const [one] = whole;
    expect((await client.get(`/calls/${one?.call_id}`)).body).toMatchObject({
      provider: "openai",
      model: "gpt-4o",
      status: "completed",
      duration_ms: 1_500,
      external: true,
    });
    expect((await upload(client, rowsOf(cases))).body).toMatchObject({ created: 0, known: 60 });
  });

  it("takes no call of which a row is wrong, and the others", async () => {
    const client = new Client();
    const [first, second] = whole;
    const wrong = { ...(first?.rows[0] as Row), created_at: "yesterday" };
    const { body } = await client.post("/migrations/calls", {
      body: `{"table":"nope"}\n${linesOf([wrong, ...(first?.rows.slice(1) ?? []), ...(second?.rows ?? [])])}`,
    });
    expect(body).toMatchObject({
      calls: 1,
      created: 1,
      line_errors: [
        { line: 1, code: "invalid_request" },
        { line: 2, code: "invalid_request" },
      ],
    });
    expect((await client.get(`/calls/${first?.call_id}`)).status).toBe(404);
  });

  it("refuses what psql's \\copy spoilt as a whole, and a corrected upload repairs a call", async () => {
    const client = new Client();
    const call = {
      table: "conversation_calls",
      call_id: 7,
      status: "completed",
      created_at: "2026-01-01 10:00:00",
    };
    const request = { model: "m", messages: [{ role: "user", content: 'line1\n"line2"' }] };
    const response = { choices: [{ index: 0, message: { content: "A" }, finish_reason: "stop" }] };
    const rows = [call, eventOf("request", request), eventOf("response", response)];
    const body = rows.map((row) => JSON.stringify(row)).join("\n");
    const send = (text: string) => client.post("/migrations/calls", { body: text });
    // As COPY's text format writes it.
    const copied = await send(body.replaceAll("\\", "\\\\"));
    expect(copied).toMatchObject({ status: 400, body: { code: "invalid_json" } });
    expect(copied.body.error).toContain("psql -At -c");
    expect((await client.get("/calls/7")).status).toBe(404);
    // A payload that is a text: the same, inside.
    const inner = rows.map((row) => ("payload" in row ? { ...row, payload: '{"a": "\n"' } : row));
    expect((await send(inner.map((row) => JSON.stringify(row)).join("\n"))).body).toMatchObject({
      created: 0,
      line_errors: [{ line: 2 }, { line: 3 }],
    });
    // Spoilt without a trace: COPY made another text of it.
    const other = rows.map((row) =>
      "payload" in row && row.event_type === "request"
        ? {
            ...row,
            payload: { ...request, messages: [{ role: "user", content: String.raw`line1\n` }] },
          }
        : row,
    );
    expect((await send(other.map((row) => JSON.stringify(row)).join("\n"))).body.created).toBe(1);
    expect((await send(body)).body).toMatchObject({ created: 0, updated: 1, known: 0 });
    expect((await send(body)).body).toMatchObject({ updated: 0, known: 1 });
    const { body: events } = await client.get("/calls/7/events");
    expect(events.data[0].payload).toEqual(request);
  });

  it("keeps the original request of a judge's decision", async () => {
    const client = new Client();
    const decision = {
      table: "conversation_judge_decisions",
      id: 9,
      call_id: 7,
      probability: 0.9,
      original_request: { messages: [{ role: "user", content: "Q" }] },
      judge_config: { policy_class: "SafetyJudge" },
    };
    await client.post("/migrations/calls", { body: JSON.stringify(decision) });
    const { body } = await client.get("/calls/7/policy-events");
    expect(body.data[0].metadata).toMatchObject({
      probability: 0.9,
      original_request: { messages: [{ role: "user", content: "Q" }] },
    });
  });
});

describe("the way from the old schema to the new", () => {
  it("goes by both, compared call by call, and back at every phase before the drop", async () => {
    const client = new Client();
    const cases = oldCalls(30, 5).filter(({ faults }) => faults.length === 0);
    const rows = rowsOf(cases);
    const half = Math.floor(rows.length / 2);
    // Old only: rows are kept, and nothing is made of them.
    expect((await setMode(client, "old")).body.mode).toBe("old");
    expect((await upload(client, rows.slice(0, half))).body).toMatchObject({ created: 0 });
    expect((await client.get("/calls")).body.data).toEqual([]);
    // Both: a call is written anew as more of its rows come.
    await setMode(client, "dual");
    const second = await upload(client, rows);
    expect(second.body).toMatchObject({ created: cases.length, discrepancies: [] });
    expect((await upload(client, rows)).body).toMatchObject({ updated: cases.length });
    await expectRebuilt(client, cases);
    expect(await status(client)).toMatchObject({
      mode: "dual",
      old_rows: rows.length,
      old_calls: cases.length,
      is_compared: false,
    });
    expect(await setMode(client, "new")).toMatchObject({
      status: 409,
      body: { code: "calls_differ" },
    });
    expect(await compare(client)).toMatchObject({
      compared: cases.length,
      is_compared: true,
      mismatches: 0,
    });
    // Back, and forth again.
    expect((await setMode(client, "old")).body.mode).toBe("old");
    await setMode(client, "dual");
    expect((await setMode(client, "new")).body.mode).toBe("new");
    expect((await setMode(client, "dual")).body.mode).toBe("dual");
    expect(await client.call("DELETE", "/migrations/calls")).toMatchObject({
      status: 409,
      body: { code: "calls_differ" },
    });
    await setMode(client, "new");
    const hold = (reason: string | null) =>
      root.call("PATCH", `/admin/accounts/${client.account}`, { body: { hold: reason } });
    expect((await hold("case 7")).status).toBe(200);
    expect(await client.call("DELETE", "/migrations/calls")).toMatchObject({
      status: 409,
      body: { code: "account_held" },
    });
    await hold(null);
    const dropped = await client.call("DELETE", "/migrations/calls");
    expect(dropped.body).toMatchObject({ old_rows: 0, dropped: true });
    expect(await setMode(client, "old")).toMatchObject({
      status: 409,
      body: { code: "old_rows_dropped" },
    });
    await expectRebuilt(client, cases);
  });

  it("names what differs, and is not gone on with but by force", async () => {
    const client = new Client();
    const cases = oldCalls(12, 9).filter(({ faults }) => faults.length === 0);
    await setMode(client, "dual");
    await upload(client, rowsOf(cases));
    const [first, second] = cases.map(({ call_id }) => call_id).toSorted();
    await runInDurableObject(client.object, (_, { storage }) => {
      storage.sql.exec(
        `update turns set extra = json_set(extra, '$.call.response', '{}') where extra ->> '$.call.id' = ?`,
        first,
      );
      storage.sql.exec("update turns set status = 2 where extra ->> '$.call.id' = ?", second);
    });
    expect(await compare(client)).toMatchObject({
      mismatches: 2,
      first_mismatches: [
        { call_id: first, differences: ["response"] },
        { call_id: second, differences: ["status"] },
      ],
    });
    expect((await setMode(client, "new")).status).toBe(409);
    // Once it is mended, the next comparison says so.
    await upload(client, cases.find(({ call_id }) => call_id === first)?.rows ?? []);
    expect(await compare(client)).toMatchObject({ mismatches: 1 });
    expect((await setMode(client, "new", { force: true })).body.mode).toBe("new");
  });

  it("keeps chunks as the old schema has them while both are written, and compares what came of them", async () => {
    const client = new Client();
    await setMode(client, "dual");
    const request = { model: "m", messages: [{ role: "user", content: "Hi" }] };
    await client.post("/calls", { body: { call_id: "live", request }, at: NOW });
    for (const [sequence, content] of ["He", "llo", null].entries())
      await client.post("/calls/live/events", {
        body: { event_type: "chunk", sequence, payload: chunk(content) },
      });
    await client.post("/calls/live/complete", { at: NOW + 10 });
    await client.post("/calls", { body: { call_id: "whole", request, response: { choices: [] } } });
    const kinds = await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("select call_id, count(*) as n from old_rows group by 1").toArray(),
    );
    // A call, its request, and three chunks; a call, its request and its response.
    expect(kinds).toEqual([
      { call_id: "live", n: 5 },
      { call_id: "whole", n: 3 },
    ]);
    expect(await compare(client)).toMatchObject({ compared: 2, mismatches: 0 });
  });

  it("is compared by the maintenance, too, and forgets erased calls", async () => {
    const client = new Client();
    await setMode(client, "dual");
    await client.post("/calls", {
      body: { call_id: "c", session_id: "s", request: { messages: [] }, response: {} },
    });
    const maintained = await accountRpc(client.object).archives.maintain(NOW);
    expect(maintained.ok).toBe(true);
    expect(await status(client)).toMatchObject({ old_calls: 1, is_compared: true, mismatches: 0 });
    await client.call("DELETE", "/sessions/s");
    expect(await status(client)).toMatchObject({ old_rows: 0, old_calls: 0 });
  });

  it.each([
    [{ mode: "newest" }, "mode"],
    [{ mode: "new", force: 1 }, "force"],
  ])("refuses %j", async (body, param) => {
    const refused = await new Client().call("PUT", "/migrations/calls", { body });
    expect(refused).toMatchObject({ status: 422, body: { param } });
  });
});
