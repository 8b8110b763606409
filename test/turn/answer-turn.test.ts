import { afterEach, describe, expect, it, vi } from "vitest";

import { drainCounts } from "../../src/observe/metrics.ts";
import { policies as policiesShape } from "../../src/policies/policy.ts";
import { LEASE_MS } from "../../src/account/conversation/session-queue.ts";
import { answerTurn } from "../../src/turn/answer-turn.ts";
import type { Call } from "../../src/turn/answer.ts";
import { NOW, OPEN, away, configWith, pretend } from "./pretend.ts";
import { keepLease } from "../../src/turn/keep-lease.ts";

const CALL: Call = {
  account_id: "acme",
  session_id: "s",
  models: ["openai/echo"],
  messages: [{ role: "user", content: "Hi" }],
};
const CACHE = { key: "query:1", seconds: 60 };
const TRAVEL = { name: "travel", state: "{}" } as const;

/** An answer, and what was told of it on the way. */
async function answering(
  account: ReturnType<typeof pretend>,
  answerer: Parameters<typeof answerTurn>[3],
  call: Partial<Call> = {},
) {
  const told: string[] = [];
  const onDelta = (text: string) => void told.push(text);
  const subject = { account_id: "acme" };
  const options = { now: NOW, onDelta };
  const whole = { ...CALL, ...call };
  const answered = await answerTurn(account.own, configWith(), whole, answerer, subject, options);
  return { ...answered, told };
}

const cacheCounts = () =>
  drainCounts()
    .map(([series]) => series)
    .filter((series) => series.startsWith("cache_requests_total"));

const policed = (...policies: object[]) => ({
  policies: policiesShape.parse(policies),
  text: "Hi",
  refusal: null,
  events: [],
});

afterEach(() => vi.useRealTimers());

describe("the answer of a turn", () => {
  it("is the model's, and not kept, where nothing else is said", async () => {
    const account = pretend({});
    const { reply, outcome, told } = await answering(account, {});
    expect(reply).toMatchObject({ text: "You said: Hi", model: "openai/echo" });
    expect(outcome).toMatchObject({ status: "completed", input_tokens: 7 });
    expect(told).toEqual(["You", " said:", " Hi"]);
    expect(account.kept.size).toBe(0);
  });

  it("is kept in the cache, and told from there the next time", async () => {
    const account = pretend({});
    const puts = vi.spyOn(account.own.CACHE, "put");
    const first = await answering(account, { cache: CACHE });
    expect(first.outcome).toMatchObject({ status: "completed", input_tokens: 7 });
    expect(first.outcome).not.toHaveProperty("cached");
    expect(puts.mock.calls).toEqual([[CACHE.key, expect.any(String), { expirationTtl: 60 }]]);
    const { reply, outcome, told } = await answering(
      account,
      { cache: CACHE },
      { models: ["upstream"] },
    );
    expect(told).toEqual(["You said: Hi"]);
    expect(reply).toEqual({ text: "You said: Hi", model: "openai/echo" });
    expect(outcome).toEqual({
      status: "completed",
      output: "You said: Hi",
      model: "openai/echo",
      input_tokens: null,
      output_tokens: null,
      duration_ms: expect.any(Number),
      cached: true,
    });
    expect(outcome.duration_ms).toBeLessThan(60_000);
    expect(puts).toHaveBeenCalledTimes(1);
  });

  it("is not kept where there is none", async () => {
    const account = pretend({});
    const { reply } = await answering(account, { cache: CACHE }, { models: ["upstream"] });
    expect([reply, account.kept.size]).toEqual([null, 0]);
  });

  it("is the model's where the cache holds what is no answer", async () => {
    const account = pretend({});
    for (const value of ['{"text":"Hello"}', '{"model":"test"}', '"Hello"']) {
      account.kept.set(CACHE.key, value);
      const { reply } = await answering(account, { cache: CACHE });
      expect(reply?.text).toBe("You said: Hi");
    }
  });

  it("is counted as found in the cache or not, and given where that is away", async () => {
    const account = pretend({});
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await answering(account, { cache: CACHE });
    expect(cacheCounts()).toEqual(['cache_requests_total{cache="query",result="miss"}']);
    await answering(account, { cache: CACHE });
    expect(cacheCounts()).toEqual(['cache_requests_total{cache="query",result="hit"}']);
    Object.assign(account.own, { CACHE: { get: away, put: away } });
    const { reply } = await answering(account, { cache: CACHE });
    const logged = errors.mock.calls.map(([line]) => JSON.parse(String(line)));
    errors.mockRestore();
    expect(reply?.text).toBe("You said: Hi");
    expect(logged).toMatchObject([{ cache: "query" }, { cache: "query" }]);
  });

  it("goes through the policies, wherever it comes from", async () => {
    const account = pretend({});
    const redact = { type: "redact", on: "response", pattern: "said", replacement: "-" };
    for (const models of [["openai/echo"], ["upstream"]]) {
      const answerer = { cache: CACHE, policed: policed(redact) };
      const { reply, outcome, told } = await answering(account, answerer, { models });
      expect([reply?.text, outcome.output, told]).toEqual([
        "You -: Hi",
        "You -: Hi",
        ["You -: Hi"],
      ]);
    }
    expect(JSON.parse(account.kept.get(CACHE.key) ?? "")).toMatchObject({
      value: { text: "You said: Hi" },
    });
  });

  it("is the travel assistant's where that answers, and told once where policies look at it", async () => {
    const account = pretend({});
    const plain = await answering(account, { responder: TRAVEL, cache: CACHE });
    expect(plain.outcome).toMatchObject({ status: "completed", model: "travel" });
    expect(plain.outcome.state_patch).toContain("dialogue");
    expect(plain.told).toEqual([plain.reply?.text]);
    expect(account.kept.size).toBe(0);
    const block = { type: "block", on: "response", pattern: ".", message: "No." };
    const blocked = await answering(account, { responder: TRAVEL, policed: policed(block) });
    expect(blocked.told).toEqual(["No."]);
  });
});

/** Work that takes until it is told, under a lease of an account that does as it is told. */
const keeping = (renew: () => unknown, how?: Parameters<typeof keepLease>[4]) => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const account = pretend({ renew });
  const work = Promise.withResolvers<string>();
  const kept = keepLease(account.own, "acme", OPEN, () => work.promise, how);
  return { account, work, kept };
};

describe("a turn's lease", () => {
  it("is renewed for as long as the work takes, and no longer", async () => {
    let lost = 0;
    const onLost = () => void (lost += 1);
    const { account, work, kept } = keeping(() => true, { onLost, every: 10 });
    await vi.advanceTimersByTimeAsync(25);
    expect(account.calls).toEqual([
      ["renew", OPEN],
      ["renew", OPEN],
    ]);
    work.resolve("done");
    expect(await kept).toBe("done");
    await vi.advanceTimersByTimeAsync(100);
    expect([account.calls.length, lost]).toEqual([2, 0]);
  });

  it("is renewed three times before it would be over, and no longer where the work fails", async () => {
    const { account, work, kept } = keeping(() => true);
    await vi.advanceTimersByTimeAsync(LEASE_MS - 1);
    expect(account.calls).toHaveLength(2);
    work.reject(new Error("broken"));
    await expect(kept).rejects.toThrow("broken");
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(account.calls).toHaveLength(2);
  });

  it("that is lost is reported to a worker that asks for it", async () => {
    const lost = Promise.withResolvers<void>();
    const told = keeping(() => false, { onLost: lost.resolve, every: 10 });
    await vi.advanceTimersByTimeAsync(10);
    await lost.promise;
    told.work.resolve("done");
    expect(await told.kept).toBe("done");
    const untold = keeping(() => false, { every: 10 });
    await vi.advanceTimersByTimeAsync(10);
    untold.work.resolve("done");
    expect(await untold.kept).toBe("done");
  });

  it("is tried again where the account is away, and the work goes on", async () => {
    let lost = 0;
    const { account, work, kept } = keeping(away, { onLost: () => void (lost += 1), every: 10 });
    await vi.advanceTimersByTimeAsync(20);
    expect(account.calls).toHaveLength(2);
    work.resolve("done");
    expect([await kept, lost]).toEqual(["done", 0]);
  });
});
