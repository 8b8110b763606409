import { describe, expect, it } from "vitest";

import { Client, DAY } from "../../support/client.ts";

const START = Date.UTC(2026, 3, 1, 12);
const range = "from=2026-04-01&to=2026-04-30";
const read = async (client: Client, query = range, at = START + 20 * DAY) =>
  (await client.get(`/analytics?${query}`, { at })).body;

async function fill(client: Client): Promise<void> {
  const ask = (session_id: string, at: number, more = {}) =>
    client.ask("x", { session_id, ...more }, { at });
  await ask("a", START, { user_id: "ann" });
  await ask("a", START + 1_000, { user_id: "ann" });
  await ask("b", START, { user_id: "bob" });
  await ask("c", START + DAY, { user_id: "ann", assistant: "support" });
}

describe("GET /analytics", () => {
  it("counts by day, assistant and model", async () => {
    const client = new Client();
    await fill(client);
    expect((await read(client)).data).toMatchObject([
      { day: "2026-04-01", turns: 3, completed: 3, failed: 0, sessions: 2, users: 2 },
      { day: "2026-04-02", turns: 1, sessions: 1, users: 1 },
    ]);
    expect((await read(client, `${range}&by=assistant`)).data).toMatchObject([
      { assistant: "default", turns: 3, sessions: 2 },
      { assistant: "support", turns: 1, sessions: 1 },
    ]);
    const byModel = await read(client, `${range}&by=model`);
    expect(byModel.data).toMatchObject([{ model: "local", turns: 4 }]);
    expect(byModel.total.output_tokens).toBeGreaterThan(0);
    expect(byModel.total.duration_ms.p50).toBeGreaterThan(0);
    expect((await read(client, "from=2026-04-02&to=2026-04-02")).total.turns).toBe(1);
  });

  it("outlives purge, restore, erasure and archiving on the day itself", async () => {
    const client = new Client();
    await fill(client);
    const before = await read(client, range, START + DAY + 2_000);
    expect(before.total.turns).toBe(4);
    // On the second day, of which nothing is rolled up yet.
    await client.post("/sessions/c/archive", { at: START + DAY + 2_000 });
    expect(await read(client, range, START + DAY + 3_000)).toEqual(before);
    await client.post("/archives/c/restore", { at: START + DAY + 3_000 });
    expect(await read(client, range, START + DAY + 4_000)).toEqual(before);
    await client.call("DELETE", "/sessions/b", { at: START + DAY + 4_000 });
    await client.post("/purge", { at: START + 60 * DAY });
    expect((await client.get("/sessions?status=live")).body.data).toEqual([]);
    expect(await read(client, range, START + 60 * DAY)).toEqual(before);
    await client.call("DELETE", "/users/ann");
    expect(await read(client, range, START + 60 * DAY)).toEqual(before);
  });

  it("counts failures and cached answers", async () => {
    const client = new Client({ MODEL: "openai/none", OPENAI_BASE_URL: "http://127.0.0.1:9/" });
    await client.ask("x", {}, { at: START });
    const cached = new Client({}, client.account);
    await cached.ask("x", { assistant: "support" }, { at: START });
    await cached.ask("x", { assistant: "support" }, { at: START });
    expect((await read(client)).total).toMatchObject({
      turns: 3,
      failed: 1,
      completed: 2,
      cached: 1,
    });
  });

  it("counts calls from outside on their own day, however late they come or end", async () => {
    const client = new Client();
    await client.ask("x", { session_id: "s" }, { at: START });
    const later = START + 3 * DAY;
    await client.post("/purge", { at: later });
    const call = (call_id: string, more: object) =>
      client.post("/calls", {
        body: { call_id, session_id: "s", created_at: new Date(START).toISOString(), ...more },
        at: later,
      });
    const usage = { prompt_tokens: 5, completion_tokens: 7 };
    await call("whole", { request: {}, response: { model: "m", usage }, duration_ms: 40 });
    await call("open", {});
    const total = async () => (await read(client, range, later)).total;
    expect(await total()).toMatchObject({ turns: 3, completed: 2, abandoned: 1, sessions: 1 });
    await client.post("/calls/open/complete", { body: { duration_ms: 9 }, at: later });
    const done = await total();
    expect(done).toMatchObject({ turns: 3, completed: 3, abandoned: 0 });
    expect(done.output_tokens).toBeGreaterThanOrEqual(7);
    await client.post("/sessions/s/archive", { at: later });
    expect(await total()).toEqual(done);
  });

  it.each([
    ["from=yesterday", "from"],
    ["from=2026-02-30", "from"],
    ["from=2026-05-01&to=2026-04-01", "from"],
    ["from=1990-01-01&to=2026-04-01", "from"],
    ["by=user", "by"],
    ["group=day", "group"],
  ])("refuses %s", async (query, param) => {
    const answer = await new Client().get(`/analytics?${query}`);
    expect([answer.status, answer.body.param]).toEqual([422, param]);
  });
});
