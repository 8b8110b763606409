import { createMessageBatch, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import { archivePrefix } from "../../../src/account/archive/format/keys.ts";
import worker from "../../../src/index.ts";
import { maintainAccount } from "../../../src/jobs/maintain.ts";
import { drainCounts, restoreCounts } from "../../../src/observe/metrics.ts";
import { Client } from "../../support/client.ts";

afterEach(() => void vi.restoreAllMocks());

const AT = "2020-05-01T10:00:00Z";
const request = { model: "m", messages: [{ role: "user", content: "Hi" }] };
const response = { choices: [{ index: 0, message: { content: "A" }, finish_reason: "stop" }] };
const row = (status: string, more: object = {}) => ({
  table: "conversation_calls",
  call_id: "c",
  provider: "openai",
  model_name: "m",
  status,
  created_at: AT,
  ...more,
});
const event = (id: string, event_type: string, more: object) => ({
  table: "conversation_events",
  id,
  call_id: "c",
  event_type,
  created_at: AT,
  ...more,
});
const delta = (content: string | null) => ({
  id: "x",
  choices: [
    {
      index: 0,
      delta: content === null ? {} : { content },
      finish_reason: content === null ? "stop" : null,
    },
  ],
});
const chunkRow = (index: number, content: string | null) =>
  event(`e${index}`, "chunk", { chunk_index: index, raw_chunk: delta(content) });

const upload = async (client: Client, ...rows: object[]) =>
  (
    await client.post("/migrations/calls", {
      body: rows.map((each) => JSON.stringify(each)).join("\n"),
    })
  ).body;
const setMode = (client: Client, mode: string) =>
  client.call("PUT", "/migrations/calls", { body: { mode } });
const compare = async (client: Client) => (await client.post("/migrations/calls/compare")).body;

/** Adds a chunk. */
const write = (client: Client, sequence: number, content: string | null) =>
  client.post("/calls/c/events", {
    body: { event_type: "chunk", sequence, payload: delta(content) },
  });
/** The call's answer as one text. */
const answer = async (client: Client) =>
  (await client.get("/calls/c/events")).body.data[1].payload.choices[0].message.content;

function watchLog(): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  return lines;
}

const countOf = (series: string): number => {
  const counts = drainCounts();
  restoreCounts(counts);
  return counts.find(([name]) => name === series)?.[1] ?? 0;
};

const idsIn = ({ data }: { data: { call_id: string }[] }) => data.map(({ call_id }) => call_id);

describe("a comparison", () => {
  it.each(["{", '{"table":"conversation_calls"}'])(
    "names a call whose old rows cannot be read, and compares the others: %s",
    async (damaged) => {
      const client = new Client();
      await setMode(client, "dual");
      await upload(client, row("completed"), row("completed", { call_id: "d" }));
      await runInDurableObject(client.object, (_, { storage }) => {
        storage.sql.exec("update old_rows set row = ? where call_id = 'c'", damaged);
      });
      expect(await compare(client)).toMatchObject({ compared: 2 });
      const { data } = (await client.get("/migrations/calls/mismatches")).body;
      expect(data).toContainEqual(
        expect.objectContaining({ call_id: "c", differences: ["unreadable"] }),
      );
    },
  );

  it("names what was discrepant when it was uploaded, and an operator hears of it", async () => {
    const client = new Client();
    await setMode(client, "dual");
    const asked = event("r", "request", { payload: request });
    const uploaded = await upload(
      client,
      row("completed"),
      asked,
      chunkRow(0, "He"),
      chunkRow(2, null),
    );
    expect(uploaded.discrepancies).toMatchObject([{ kind: "chunk_missing", detail: "1" }]);
    const lines = watchLog();
    const before = countOf("calls_mismatched_total");
    expect(await compare(client)).toMatchObject({
      compared: 1,
      mismatches: 1,
      first_mismatches: [{ call_id: "c", differences: ["chunk_missing"] }],
    });
    const line = { event: "calls.mismatch", account_id: client.account, call_id: "c" };
    expect(lines).toContainEqual(
      expect.objectContaining({ ...line, differences: "chunk_missing" }),
    );
    expect(countOf("calls_mismatched_total")).toBe(before + 1);
    const mismatches = (await client.get("/migrations/calls/mismatches")).body;
    expect(mismatches).toEqual({
      object: "list",
      data: [{ object: "calls.mismatch", call_id: "c", differences: ["chunk_missing"] }],
      first_id: "c",
      last_id: "c",
      has_more: false,
    });
    expect(await setMode(client, "new")).toMatchObject({ status: 409 });
    // The row that was lost is found.
    await upload(client, chunkRow(1, "llo"));
    expect(await compare(client)).toMatchObject({ mismatches: 0 });
  });

  it("lists all that differ, in pages in both orders", async () => {
    const client = new Client();
    await setMode(client, "dual");
    // As long as a page's cursor of other lists may be, and longer.
    const long = `c29-${"x".repeat(1_000)}`;
    const ids = Array.from({ length: 25 }, (_none, n) => (n === 19 ? long : `c${n + 10}`));
    const rows = ids.flatMap((call_id) => [
      row("completed", { call_id }),
      { ...chunkRow(1, "x"), id: `e-${call_id}`, call_id },
    ]);
    await upload(client, ...rows);
    expect(await compare(client)).toMatchObject({ mismatches: 25 });
    const page = async (query: string) =>
      (await client.get(`/migrations/calls/mismatches?${query}`)).body;
    const first = await page("limit=20");
    expect(first.has_more).toBe(true);
    expect([...idsIn(first), ...idsIn(await page(`after=${first.last_id}`))]).toEqual(ids);
    expect(idsIn(await page("order=desc&limit=1"))).toEqual(["c34"]);
    expect(idsIn(await page("call_id=c20"))).toEqual(["c20"]);
    expect(idsIn(await page("call_id=c99"))).toEqual([]);
    expect(idsIn(await page("call_id=c20&after=c20"))).toEqual([]);
  });

  it("is in the cron's summary", async () => {
    const client = new Client();
    await setMode(client, "dual");
    await upload(client, row("completed"), event("r", "request", { payload: request }));
    const lines = watchLog();
    const job = { type: "maintain", account_id: client.account, now: Date.now() };
    const message = { id: "m", timestamp: new Date(), attempts: 1, body: job };
    await worker.queue(createMessageBatch("colloquy-jobs", [message]), env);
    const about = { account_id: client.account };
    expect(lines).toContainEqual(
      expect.objectContaining({ event: "calls.mismatch", call_id: "c", ...about }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: "maintenance.ended",
        calls_compared: 1,
        call_mismatches: 1,
        ...about,
      }),
    );
  });

  it("that is not done when the time is up keeps no backup from being made", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" });
    await client.call("PUT", "/retention", { body: { backup_every_days: 1 } });
    await setMode(client, "dual");
    const rows = Array.from({ length: 201 }, (_none, n) => row("completed", { call_id: `c${n}` }));
    await upload(client, ...rows);
    const clock = Date.now.bind(Date);
    let passed = 0;
    vi.spyOn(Date, "now").mockImplementation(() => clock() + passed);
    vi.spyOn(console, "log").mockImplementation((line: string) => {
      // The first step's calls differ: they have no answer. Then the time is up.
      if (line.includes("calls.mismatch")) passed = 60_000;
    });
    const job = { account_id: client.account, now: clock() };
    expect(await maintainAccount(env, job)).toMatchObject({ complete: true });
    vi.restoreAllMocks();
    expect((await client.get("/migrations/calls/status")).body).toMatchObject({
      is_compared: false,
    });
    expect((await client.get("/backups")).body.data).toMatchObject([{ reason: "policy" }]);
    // The next maintenance goes on.
    expect(await maintainAccount(env, job)).toMatchObject({ complete: true });
    expect((await client.get("/migrations/calls/status")).body).toMatchObject({
      is_compared: true,
      compared: 201,
    });
  });

  it("names a call whose archive is damaged, and compares the others", async () => {
    const client = new Client();
    await setMode(client, "dual");
    const record = (call_id: string, session_id: string) =>
      client.post("/calls", { body: { call_id, session_id, request, response } });
    await record("a", "archived");
    await record("b", "live");
    await client.post("/sessions/archived/archive");
    const { objects } = await env.ARCHIVE.list({ prefix: archivePrefix(client.account) });
    for (const { key, size } of objects) await env.ARCHIVE.put(key, new Uint8Array(size).fill(7));
    expect(
      await maintainAccount(env, { account_id: client.account, now: Date.now() }),
    ).toMatchObject({ complete: true });
    expect((await client.get("/migrations/calls/status")).body).toMatchObject({
      is_compared: true,
      compared: 2,
      mismatches: 1,
      first_mismatches: [{ call_id: "a", differences: ["unreadable"] }],
    });
  });
});

describe("rows that come again", () => {
  it("are compared by their content, and the later one counts", async () => {
    const client = new Client();
    await setMode(client, "dual");
    const answered = event("a", "response", { payload: response });
    await upload(client, row("completed"), event("r", "request", { payload: request }), answered);
    const corrected = { choices: [{ index: 0, message: { content: "B" }, finish_reason: "stop" }] };
    expect(await upload(client, event("a", "response", { payload: corrected }))).toMatchObject({
      updated: 1,
      discrepancies: [{ call_id: "c", kind: "row_changed", detail: "conversation_events a" }],
    });
    const { body } = await client.get("/calls/c/events");
    expect(body.data[1].payload).toEqual(corrected);
    expect(await compare(client)).toMatchObject({ mismatches: 0 });
    // The same again, with its names in another order, is the same.
    const again = Object.entries(event("a", "response", { payload: corrected })).toReversed();
    expect((await upload(client, Object.fromEntries(again))).discrepancies).toEqual([]);
  });

  it.each(["dual", "new"])("complete a call that was under way, in mode %s", async (mode) => {
    const client = new Client();
    await setMode(client, mode);
    const asked = event("r", "request", { payload: request });
    const started = await upload(client, row("started"), asked, chunkRow(0, "He"));
    expect(started).toMatchObject({ created: 1, discrepancies: [] });
    expect((await client.get("/calls/c")).body.status).toBe("abandoned");
    const ended = row("completed", { completed_at: "2020-05-01T10:00:02Z" });
    const all = [ended, asked, chunkRow(0, "He"), chunkRow(1, "llo"), chunkRow(2, null)];
    expect(await upload(client, ...all)).toMatchObject({ updated: 1, discrepancies: [] });
    expect((await client.get("/calls/c")).body).toMatchObject({
      status: "completed",
      duration_ms: 2_000,
    });
    const { body } = await client.get("/calls/c/events");
    expect(body.data[1].payload.choices[0]).toMatchObject({
      message: { content: "Hello" },
      finish_reason: "stop",
    });
    // An older export does not take the end back.
    await upload(client, row("started"));
    expect((await client.get("/calls/c")).body.status).toBe("completed");
    expect(await compare(client)).toMatchObject({ mismatches: 0 });
  });
});

describe("chunks that come after the completion", () => {
  it.each(["dual", "new"])("repair the call where it lacks them, in mode %s", async (mode) => {
    const client = new Client();
    await setMode(client, mode);
    await client.post("/calls", { body: { call_id: "c", session_id: "s", request } });
    await write(client, 0, "mar");
    await write(client, 3, null);
    const done = await client.post("/calls/c/complete");
    expect(done.body).toMatchObject({ status: "completed", missing_chunks: [1, 2] });
    expect((await client.get("/calls/c")).body.missing_chunks).toEqual([1, 2]);
    expect(await answer(client)).toBe("mar");
    expect((await client.get("/search?q=mar")).body.data).toHaveLength(1);
    expect((await write(client, 2, "ade")).body.missing_chunks).toEqual([1]);
    // The same twice is once; another one, and one that is not missing, is refused.
    expect((await write(client, 2, "ade")).status).toBe(201);
    expect(await write(client, 2, "ine")).toMatchObject({
      status: 409,
      body: { code: "call_completed" },
    });
    expect(await write(client, 4, "!")).toMatchObject({
      status: 409,
      body: { code: "call_completed" },
    });
    const { body } = await write(client, 1, "mal");
    expect(body).toMatchObject({ status: "completed" });
    expect(body).not.toHaveProperty("missing_chunks");
    expect(await answer(client)).toBe("marmalade");
    expect((await client.get("/search?q=marmalade")).body.data).toHaveLength(1);
    expect((await client.get("/search?q=mar")).body.data).toEqual([]);
    expect((await write(client, 1, "mal")).status).toBe(409);
    const compared = mode === "dual" ? 1 : 0;
    expect(await compare(client)).toMatchObject({ compared, mismatches: 0 });
  });
});
