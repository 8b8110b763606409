import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { CircuitOpenError, throughCircuit } from "../../../src/outbound/circuit-breaker.ts";
import { METRICS } from "../../../src/observe/metric-list.ts";
import { toPrometheus } from "../../../src/observe/exposition.ts";
import { replaceArchiveKeys } from "../../../src/account/store/archive/archive-keys.ts";
import { OPERATIONS } from "../../../src/directory/account-directory-do.ts";
import { callDirectory } from "../../../src/directory/directory-client.ts";
import type { FailingAccount } from "../../../src/directory/failing-maintenance.ts";
import { ok } from "../../../src/shared/errors.ts";
import { Database } from "../../../src/sqlite/database.ts";
import { Client, DAY } from "../../support/client.ts";
import { LOCKED, ROOT_KEY, root } from "../../support/keys.ts";

describe("GET /metrics", () => {
  it("counts turns, tokens, requests and refusals, as JSON", async () => {
    const before = (await root.get("/metrics")).body;
    const client = new Client();
    await client.ask("Hi");
    await client.ask("Hi");
    await client.get("/sessions/none");
    await runInDurableObject(client.object, (instance) => instance.alarm());
    const after = (await root.get("/metrics")).body;
    const grown = (read: (body: typeof after) => number) => read(after) - read(before);
    expect(grown((body) => body.turns.total)).toBe(2);
    expect(grown((body) => body.turns.completed)).toBe(2);
    expect(grown((body) => body.turns.duration_ms.count)).toBe(2);
    expect(grown((body) => body.tokens.output)).toBeGreaterThan(0);
    expect(grown((body) => body.requests.refused)).toBe(1);
    expect(grown((body) => body.requests.total)).toBe(4);
    expect(after.storage.accounts).toBeGreaterThan(0);
  });

  it("answers in Prometheus format when text is accepted", async () => {
    await new Client().ask("Hi");
    const response = await root.fetch("GET", "/metrics", { headers: { accept: "text/plain" } });
    expect(response.headers.get("content-type")).toContain("version=0.0.4");
    const lines = (await response.text()).trimEnd().split("\n");
    expect(lines).toContain("# TYPE colloquy_turns_total counter");
    expect(lines).toContainEqual(
      expect.stringMatching(/^colloquy_turns_total\{model="local",status="completed"\} \d+$/),
    );
    for (const line of lines)
      expect(line).toMatch(/^(# (HELP|TYPE) colloquy_\w+ .+|colloquy_\w+(\{.*\})? [\d.]+)$/);
    const typed = lines.flatMap((line) => {
      const [, name, type] = /^# TYPE colloquy_(\w+) (\w+)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, type]];
    });
    const listed = Object.entries(METRICS).map(([name, { type }]) => [name, type]);
    expect(listed).toEqual(expect.arrayContaining(typed));
  });

  it("tells buckets one within the other", () => {
    const counters = {
      'd_bucket{le="5",model="a"}': 2,
      'd_bucket{le="50",model="a"}': 1,
      'd_bucket{le="+Inf",model="a"}': 1,
      'd_sum{model="a"}': 99_000,
      'd_count{model="a"}': 4,
    };
    const lines = toPrometheus(counters, {}).split("\n");
    expect(lines).toContain('colloquy_d_bucket{model="a",le="5"} 2');
    expect(lines).toContain('colloquy_d_bucket{model="a",le="25"} 2');
    expect(lines).toContain('colloquy_d_bucket{model="a",le="50"} 3');
    expect(lines).toContain('colloquy_d_bucket{model="a",le="+Inf"} 4');
    expect(lines).toContain('colloquy_d_count{model="a"} 4');
  });
});

const named = (body: { checks: { name: string }[] }) =>
  Object.fromEntries(body.checks.map((check) => [check.name, check]));

/** The queues of the tests go by the machine's time, whatever the clock says. */
const EMPTY = { metrics: async () => ({ backlogCount: 0, backlogBytes: 0 }) };
const detailed = (vars: object) =>
  new Client({ ...LOCKED, JOBS: EMPTY, MESSAGES: EMPTY, ...vars }, undefined, ROOT_KEY).get(
    "/health/detailed",
  );

/** The directory, whose deployment's object tells of these accounts. Other tests may leave some there. */
const directoryWith = (failing_maintenance: FailingAccount[]) => {
  const operations = async () =>
    ok({ circuits: [], dead_letters: 0, failing_maintenance, runs: [] });
  const getByName = (name: string) =>
    new Proxy(env.DIRECTORY.getByName(name), {
      get: (stub, method) =>
        method === "operations"
          ? operations
          : (...params: unknown[]) =>
              (stub as unknown as Record<PropertyKey, (...all: unknown[]) => unknown>)[method]?.(
                ...params,
              ),
    });
  return { DIRECTORY: { getByName } };
};

it("tries everything, and remembers since when it has been so", async () => {
  const { status, body } = await detailed(directoryWith([]));
  expect(body.checks.filter((each: { status: string }) => each.status !== "up")).toEqual([]);
  expect([status, body.status]).toEqual([200, "up"]);
  expect(Object.keys(named(body))).toEqual([
    "sqlite",
    "directory",
    "r2",
    "archive_key",
    "kv",
    "queue",
    "messages",
    "model",
    "room",
    "maintenance",
  ]);
  expect(body.checks[0]).toMatchObject({
    needed: true,
    status: "up",
    latency_ms: expect.any(Number),
  });
  const again = (await detailed(directoryWith([]))).body;
  expect(named(again)["r2"]).toMatchObject({
    since: body.checks[1].since,
  });
});

const failing = (account_id: string, at: number): FailingAccount => ({
  account_id,
  since: at,
  at: at + DAY,
  errors: 1,
  failed_steps: ["expire"],
});

it("is degraded where the maintenance of accounts fails, since the first did, and names none", async () => {
  const at = Date.parse("2026-03-01T02:00:00.000Z");
  const some = [failing("acme", at), failing("shop", at + DAY)];
  const { status, body } = await detailed(directoryWith(some));
  expect([status, body.status]).toEqual([200, "degraded"]);
  expect(named(body)["maintenance"]).toEqual({
    name: "maintenance",
    needed: false,
    status: "degraded",
    latency_ms: expect.any(Number),
    detail: "it fails in 2 accounts: GET /admin/operations names accounts and steps",
    since: "2026-03-01T02:00:00.000Z",
  });
  expect(JSON.stringify(named(body)["maintenance"])).not.toMatch(/acme|shop/);
  const one = named((await detailed(directoryWith(some.slice(1)))).body)["maintenance"];
  expect(one).toMatchObject({ detail: expect.stringContaining("in 1 account:") });
  const most = Array.from({ length: 200 }, (_, n) => failing(`a${n}`, at));
  expect(named((await detailed(directoryWith(most))).body)["maintenance"]).toMatchObject({
    detail: expect.stringContaining("in 200 or more accounts:"),
  });
  const none = named((await detailed(directoryWith([]))).body)["maintenance"];
  expect(none).toMatchObject({ status: "up", detail: null });
});

const away = () => Promise.reject(new Error("away"));

const CONVERSATIONS = { getByName: () => ({ "settings.probe": away }) };

describe("GET /health/detailed", () => {
  it("is degraded while something is down that turns do without, and 503 for what they need", async () => {
    const withoutR2 = new Client({ ...LOCKED, ARCHIVE: { head: away } }, undefined, ROOT_KEY);
    const degraded = await withoutR2.get("/health/detailed");
    expect([degraded.status, degraded.body.status]).toEqual([200, "degraded"]);
    expect(named(degraded.body)["r2"]).toMatchObject({ status: "down", needed: false });
    expect(JSON.stringify(degraded.body)).not.toContain("away");
    const DIRECTORY = { getByName: () => ({ circuits: away, noteHealth: away, list: away }) };
    const withoutDirectory = await detailed({ DIRECTORY });
    expect([withoutDirectory.status, withoutDirectory.body.status]).toEqual([200, "degraded"]);
    const down = await detailed({ CONVERSATIONS });
    expect([down.status, down.body.status]).toEqual([503, "down"]);
    expect(named(down.body)["sqlite"]).toMatchObject({ status: "down", needed: true });
  });

  it("is degraded without storage where answers go on without it", async () => {
    const { status, body } = await detailed({ CONVERSATIONS, ON_STORAGE_ERROR: "answer" });
    expect([status, body.status]).toEqual([200, "degraded"]);
    expect(named(body)["sqlite"]).toMatchObject({ status: "down", needed: false });
  });

  it("is degraded while the circuit of a model or of the provider of flights is open", async () => {
    const vars = {
      MODEL: "openai/a,local",
      FLIGHTS_PROVIDER: "amadeus",
      AMADEUS_CLIENT_ID: "id",
      AMADEUS_CLIENT_SECRET: "secret",
      OPENAI_API_KEY: "key",
    };
    expect((await detailed(vars)).body.status).toBe("up");
    const open = { opened_at: Date.now(), until: Date.now() + 30_000, failures: 5 };
    for (const [name, check] of [
      ["openai/a", "model"],
      ["amadeus_api", "flights"],
    ] as const) {
      await callDirectory(env, OPERATIONS, (each) => each.openCircuit({ name, ...open }));
      const { status, body } = await detailed(vars);
      await callDirectory(env, OPERATIONS, (each) => each.closeCircuit(name, Date.now()));
      expect([status, body.status]).toEqual([200, "degraded"]);
      const broken = body.checks.filter((each: { status: string }) => each.status !== "up");
      expect(broken).toMatchObject([{ name: check, status: "degraded" }]);
      expect(broken[0].detail).toContain(name);
    }
  });

  it("is degraded while a queue does not move, and says since when its oldest job waits", async () => {
    const oldest = new Date(Date.now() - 11 * 60_000);
    const JOBS = {
      metrics: () =>
        Promise.resolve({ backlogCount: 3, backlogBytes: 9, oldestMessageTimestamp: oldest }),
    };
    const { status, body } = await detailed({ JOBS });
    expect([status, body.status]).toEqual([200, "degraded"]);
    expect(named(body)["queue"]).toMatchObject({
      status: "degraded",
      detail: "3 jobs waiting, the oldest for 11 minutes",
    });
    expect(body.counts).toMatchObject({ jobs_waiting: 3, oldest_job_at: oldest.toISOString() });
  });

  it("is degraded, with the reason, while ARCHIVE_KEY does not open the archives", async () => {
    const before = (await detailed({})).body.counts;
    const client = new Client();
    await client.ask("Hi", {}, { at: Date.now() - 40 * DAY });
    await client.post("/purge");
    await runInDurableObject(client.object, async (instance, { storage }) => {
      await instance.alarm();
      const key = { id: 1, wrapped: "AAAA", wrapped_by: "another key", created_at: 1 };
      replaceArchiveKeys(new Database(storage), [key]);
    });
    // Other tests have accounts with more archives.
    const list = async () => ({
      ok: true,
      value: [{ account_id: client.account, archived_sessions: 1 }],
    });
    const only = (stub: object) =>
      new Proxy(stub, {
        get: (target, name) =>
          name === "list"
            ? list
            : (...args: unknown[]): unknown =>
                (target as Record<typeof name, (...args: unknown[]) => unknown>)[name]?.(...args),
      });
    const DIRECTORY = { getByName: (name: string) => only(env.DIRECTORY.getByName(name)) };
    const { status, body } = await detailed({ DIRECTORY });
    expect([status, body.status]).toEqual([200, "degraded"]);
    expect(named(body)["archive_key"]).toMatchObject({
      status: "degraded",
      detail: expect.stringContaining("ARCHIVE_KEY"),
    });
    expect(body.counts.archived_sessions).toBe(before.archived_sessions + 1);
    expect(body.counts.queries).toBeGreaterThanOrEqual(1);
    await runInDurableObject(client.object, (_, { storage }) =>
      replaceArchiveKeys(new Database(storage), []),
    );
  });
});

const fail = () => Promise.reject(new Error("the service fails"));

const work = () => Promise.resolve("works");

/** Another isolate: another binding of the same directory. */
const isolate = () => ({
  DIRECTORY: { getByName: (name: string) => env.DIRECTORY.getByName(name) },
});

describe("a circuit", () => {
  type CircuitEnv = Parameters<typeof throughCircuit>[0];
  const call = (where: object, name: string, work_: () => Promise<string>) =>
    throughCircuit(where as CircuitEnv, name, {
      resultOf: () => "failure",
      timeoutMs: 1_000,
      call: work_,
    }).catch((error: unknown) => error);

  it("opens after five failures in a row, is listed, and can be reset", async () => {
    const name = `service-${crypto.randomUUID().slice(0, 8)}`;
    const here = isolate();
    for (let n = 0; n < 5; n += 1)
      expect(await call(here, name, fail)).toMatchObject({ message: "the service fails" });
    expect(await call(here, name, work)).toBeInstanceOf(CircuitOpenError);
    await expect
      .poll(async () => (await root.get("/metrics")).body.circuits)
      .toContainEqual(expect.objectContaining({ name, state: "open", failures: 5 }));
    const reset = (await root.post(`/admin/circuit/${name}/reset`)).body;
    expect(reset).toMatchObject({ name, state: "closed", was_open: true });
    expect(await call(isolate(), name, work)).toBe("works");
    // This deployment has no such service: the circuit was there while it was open.
    expect((await root.post(`/admin/circuit/${name}/reset`)).status).toBe(404);
  });

  it("is found by its name, and by its provider's", async () => {
    for (const name of ["openai", "openai/gpt-5", "workers-ai"])
      expect(await root.post(`/admin/circuit/${encodeURIComponent(name)}/reset`)).toMatchObject({
        status: 200,
        body: { name, was_open: false },
      });
    for (const name of [
      "nope",
      "local",
      "amadeus_api",
      "constructor",
      "__proto__",
      "x".repeat(300),
    ])
      expect(await root.post(`/admin/circuit/${name}/reset`)).toMatchObject({
        status: 404,
        body: { code: "circuit_not_found" },
      });
  });

  it("that is closed is listed, of each model and of the provider of flights", async () => {
    const vars = {
      ...LOCKED,
      MODEL: "openai/a,openai/b,local",
      FLIGHTS_PROVIDER: "amadeus",
      AMADEUS_CLIENT_ID: "id",
      AMADEUS_CLIENT_SECRET: "secret",
    };
    const { body } = await new Client(vars, undefined, ROOT_KEY).get("/metrics");
    const closed = { state: "closed", failures: 0, opened_at: null, until: null };
    for (const name of ["openai/a", "openai/b", "amadeus_api"])
      expect(body.circuits).toContainEqual({ name, ...closed });
    expect(body.circuits).not.toContainEqual(expect.objectContaining({ name: "local" }));
  });

  it("stays closed for answers that are no failures, and for four in a row", async () => {
    const name = `service-${crypto.randomUUID().slice(0, 8)}`;
    const here = isolate();
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 4; n += 1) await call(here, name, fail);
      expect(await call(here, name, work)).toBe("works");
    }
    const refused = () =>
      throughCircuit(here as CircuitEnv, `${name}-2`, {
        resultOf: () => "undecided",
        timeoutMs: 1_000,
        call: fail,
      }).catch(() => "refused");
    for (let n = 0; n < 9; n += 1) expect(await refused()).toBe("refused");
    expect(await call(here, `${name}-2`, work)).toBe("works");
  });
});
