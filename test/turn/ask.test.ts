import { describe, expect, it } from "vitest";

import { PLAIN } from "../../src/assistants/shipped.ts";
import { callId } from "../../src/shared/ids.ts";
import { ask } from "../../src/turn/ask.ts";
import type { AskOptions, AskRequest } from "../../src/turn/ask.ts";
import { BEGUN, NOW, OPEN, SETTLED, away, configWith, pretend, refusing } from "./pretend.ts";

const REQUEST: AskRequest = {
  account_id: "acme",
  principal: { key: null, user_id: "u" },
  query: "Hi",
  scopes: ["query"],
  on_busy: "queue",
};
const OPENAI = { MODEL: "openai/record" };
const ANSWERING = { ...OPENAI, ON_STORAGE_ERROR: "answer" };
const ALSO_LOCAL = { ON_STORAGE_ERROR: "answer" };

interface Told {
  vars?: object;
  request?: Partial<AskRequest>;
  options?: Partial<AskOptions>;
}

/** Asks an account that does as it is told. */
function asking(
  pretended: ReturnType<typeof pretend>,
  { vars = OPENAI, request = {}, options = {} }: Told = {},
) {
  const behind: Promise<void>[] = [];
  const reply = ask(
    pretended.own,
    configWith(vars),
    { ...REQUEST, ...request },
    { now: NOW, background: (work) => void behind.push(work), ...options },
  );
  return { reply, behind };
}

const unable = { ...BEGUN, models: ["upstream"] };
const settling = (_: object, outcome: object) => ({ ...SETTLED, ...outcome, id: OPEN.turn_id });
const resolved = (more: object = {}, models = ["openai/record"]) => ({
  assistant: { name: "tutor", ...PLAIN, ...more },
  role: null,
  models,
});

describe("a question that the local model answers", () => {
  const local = { ...BEGUN, models: ["local"] };

  it("is two calls to the account, the first with all that was asked", async () => {
    const account = pretend({ begin: () => local, settle: settling });
    const request = {
      user_id: "u",
      session_id: "s",
      assistant: "tutor",
      metadata: { topic: "sums" },
      state_patch: "{}",
      idempotency: { key: "k", hash: "h" } as never,
    };
    const { reply, behind } = asking(account, { vars: {}, request });
    expect(await reply).toMatchObject({
      success: true,
      session_id: "s",
      call_id: callId(OPEN.turn_id),
      stored: true,
      model: "local",
    });
    const beginning = {
      ...request,
      new_session_id: "s",
      models: ["local"],
      input: "Hi",
      scopes: ["query"],
      on_busy: "queue",
    };
    expect(account.called("begin")).toEqual([[REQUEST.principal, beginning, NOW]]);
    expect(account.calls.map(([name]) => name)).toEqual(["begin", "settle"]);
    expect(account.points).toMatchObject([
      { indexes: ["acme"], blobs: ["tutor", "local", "completed", ""] },
    ]);
    expect(behind).toEqual([]);
  });

  it("has an id at hand for a session that has to be opened", async () => {
    const account = pretend({ begin: () => local, settle: settling });
    await asking(account, { vars: {} }).reply;
    const [[, beginning] = []] = account.called("begin");
    expect(beginning).toMatchObject({ new_session_id: expect.stringMatching(`^session_${NOW}_.`) });
    expect(beginning).not.toHaveProperty("session_id");
  });

  it("is streamed word by word where that is wanted", async () => {
    const begun = { ...BEGUN, models: ["local"], turn: { ...OPEN, input: "my name is Ann" } };
    const account = pretend({ begin: () => begun, settle: settling });
    const told: string[] = [];
    const onDelta = (text: string) => void told.push(text);
    const { response } = await asking(account, { vars: {}, options: { onDelta } }).reply;
    expect(told.join("")).toBe(response);
    expect(told.length).toBeGreaterThan(2);
    expect(account.calls.map(([name]) => name)).toEqual(["begin", "settle"]);
  });
});

describe("a question that was asked before", () => {
  it("has the answer of then, told in one piece", async () => {
    const account = pretend({ begin: () => ({ kind: "replay", session_id: "s", turn: SETTLED }) });
    const told: string[] = [];
    const onDelta = (text: string) => void told.push(text);
    const reply = await asking(account, { options: { onDelta } }).reply;
    expect(reply).toMatchObject({ response: "Hello", session_id: "s", stored: true });
    expect(told).toEqual(["Hello"]);
    expect(await asking(account).reply).toEqual(reply);
    expect([account.calls.length, account.points]).toEqual([2, []]);
  });
});

describe("a question for a model that is outside", () => {
  it("follows the window, and the account gets the answer", async () => {
    const account = pretend({ begin: () => BEGUN, settle: settling });
    const { reply, behind } = asking(account);
    const { response, call_id } = await reply;
    expect(JSON.parse(response)).toEqual([
      { role: "system", content: "Be kind." },
      { role: "user", content: "Hi" },
    ]);
    expect(call_id).toBe(callId(OPEN.turn_id));
    expect(account.called("settle")).toEqual([
      [OPEN, expect.objectContaining({ status: "completed", output: response }), NOW],
    ]);
    expect(account.points).toMatchObject([
      { indexes: ["acme"], blobs: ["tutor", "openai/record", "completed", ""] },
    ]);
    expect(behind).toEqual([]);
  });

  it("has its session summed up after the reply, whether a model answered or not", async () => {
    for (const models of [["openai/record"], ["workers-ai/none"]]) {
      const account = pretend({
        begin: () => ({ ...BEGUN, models, to_summarise: 7 }),
        settle: settling,
        beginSummary: () => null,
      });
      const { reply, behind } = asking(account);
      await reply.catch(() => undefined);
      await Promise.all(behind);
      expect(account.called("beginSummary")).toEqual([["s", 7]]);
    }
  });

  it("is counted for the default assistant where its session names none", async () => {
    const begun = { ...BEGUN, turn: { ...OPEN, assistant: null } };
    const account = pretend({ begin: () => begun, settle: settling });
    await asking(account).reply;
    expect(account.points).toMatchObject([
      { blobs: ["default", "openai/record", "completed", ""] },
    ]);
  });

  it("that fails is kept as failed, and says where", async () => {
    const account = pretend({ begin: () => unable, settle: settling });
    await expect(asking(account).reply).rejects.toMatchObject({
      code: "model_failed",
      message: expect.stringContaining("upstream needs UPSTREAM_URL"),
      call_id: callId(OPEN.turn_id),
      session_id: "s",
    });
    expect(account.called("settle")).toMatchObject([[OPEN, { status: "failed" }, NOW]]);
    expect(account.points).toMatchObject([{ blobs: ["tutor", "none", "failed", ""] }]);
  });

  it("is refused as the account refuses it", async () => {
    for (const vars of [OPENAI, ANSWERING, ALSO_LOCAL]) {
      const account = pretend({ begin: refusing("session_busy") });
      await expect(asking(account, { vars }).reply).rejects.toMatchObject({ code: "session_busy" });
      expect(account.calls).toHaveLength(1);
    }
  });
});

describe("storage that fails before the answer", () => {
  it.each(["storage_unavailable", "archive_unavailable"] as const)(
    "with %s refuses the question, unless it may be answered without",
    async (code) => {
      const account = pretend({ begin: refusing(code), resolveAssistant: () => resolved() });
      await expect(asking(account).reply).rejects.toMatchObject({ code });
      expect(account.called("resolveAssistant")).toEqual([]);
      const request = { session_id: "s" };
      const reply = await asking(account, { vars: ANSWERING, request }).reply;
      expect(reply).toMatchObject({ session_id: "s", stored: false, model: "openai/record" });
      expect(reply.created_at).toBe("2026-01-01T00:00:00.000Z");
    },
  );

  it("leaves the assistants that are shipped, and takes no other", async () => {
    const account = pretend({ begin: away, resolveAssistant: away });
    const { response } = await asking(account, {
      vars: ANSWERING,
      request: { assistant: "support" },
    }).reply;
    expect(JSON.parse(response)).toMatchObject([{ role: "system" }, { content: "Hi" }]);
    await expect(
      asking(account, { vars: ANSWERING, request: { assistant: "mine" } }).reply,
    ).rejects.toMatchObject({ code: "assistant_not_found" });
  });
});

describe("storage that fails after the answer", () => {
  const CACHED = { ...BEGUN, cache: { key: "query:1", seconds: 60 } };

  it("refuses the question, and leaves nothing of it in the cache", async () => {
    const account = pretend({ begin: () => CACHED, settle: away });
    const { reply, behind } = asking(account);
    await expect(reply).rejects.toMatchObject({ code: "storage_unavailable" });
    await Promise.all(behind);
    expect([behind.length, account.kept.size]).toEqual([1, 0]);
  });

  it("touches no cache where there is none, and ends for none that is away", async () => {
    const uncached = asking(pretend({ begin: () => BEGUN, settle: away }));
    await expect(uncached.reply).rejects.toMatchObject({ code: "storage_unavailable" });
    expect(uncached.behind).toEqual([]);
    const account = pretend({ begin: () => CACHED, settle: away });
    account.own.CACHE.delete = () => Promise.reject(new Error("away"));
    const cached = asking(account);
    await expect(cached.reply).rejects.toMatchObject({ code: "storage_unavailable" });
    await expect(Promise.all(cached.behind)).resolves.toEqual([undefined]);
  });

  it("is said with the answer, where it may be given without", async () => {
    const account = pretend({ begin: () => BEGUN, settle: away });
    const reply = await asking(account, { vars: ANSWERING }).reply;
    expect(reply).toEqual({
      success: true,
      response: expect.stringContaining("Be kind."),
      session_id: "s",
      stored: false,
      model: "openai/record",
      usage: { input_tokens: 7, output_tokens: 3 },
      created_at: "2025-12-31T23:59:59.995Z",
    });
  });

  it("refuses a question whose turn was taken over or never answered", async () => {
    const lost = pretend({ begin: () => BEGUN, settle: refusing("turn_lost") });
    await expect(asking(lost, { vars: ANSWERING }).reply).rejects.toMatchObject({
      code: "turn_lost",
    });
    const unanswered = pretend({ begin: () => unable, settle: away });
    await expect(asking(unanswered, { vars: ANSWERING }).reply).rejects.toMatchObject({
      code: "storage_unavailable",
    });
  });
});

describe("a question of which nothing is stored", () => {
  const vars = { ...OPENAI, ENABLE_CONVERSATION_STORAGE: "false" };
  const unstored = (resolveAssistant: () => object, told: Told = {}) => {
    const account = pretend({ resolveAssistant });
    return { account, ...asking(account, { ...told, vars: { ...vars, ...told.vars } }) };
  };

  it("is answered by the account's assistant, alone, and says no session", async () => {
    const request = { session_id: "s", assistant: "tutor", role: "client", model: "record" };
    const { account, reply } = unstored(() => resolved({ instructions: "Be kind." }), { request });
    const { response, ...rest } = await reply;
    expect(JSON.parse(response)).toEqual([
      { role: "system", content: "Be kind." },
      { role: "user", content: "Hi" },
    ]);
    expect(rest).toEqual({
      success: true,
      stored: false,
      model: "openai/record",
      usage: { input_tokens: 7, output_tokens: 3 },
      created_at: "2026-01-01T00:00:00.000Z",
    });
    const { session_id: _, ...wanted } = request;
    expect(account.calls).toEqual([
      [
        "resolveAssistant",
        REQUEST.principal,
        { ...wanted, models: ["openai/record"], scopes: ["query"] },
        expect.any(Number),
      ],
    ]);
    expect(account.points).toMatchObject([{ blobs: ["tutor", "openai/record", "completed", ""] }]);
  });

  it("is shown alone where the assistant has no instructions", async () => {
    const { reply } = unstored(() => resolved());
    expect(JSON.parse((await reply).response)).toEqual([{ role: "user", content: "Hi" }]);
  });

  it("goes through the assistant's policies, before the model and after it", async () => {
    const redact = { type: "redact", on: "both", pattern: "Hi", ignore_case: false };
    const policies = [{ ...redact, replacement: "-", keep_original: true }];
    const redacted = await unstored(() => resolved({ policies })).reply;
    expect(JSON.parse(redacted.response)).toEqual([{ role: "user", content: "-" }]);
    expect(redacted).not.toHaveProperty("blocked");
    const block = { ...redact, type: "block", on: "request", message: "Never." };
    const blocked = await unstored(() => resolved({ policies: [block] })).reply;
    expect(blocked).toMatchObject({ response: "Never.", blocked: true, model: null });
    expect(blocked).not.toHaveProperty("usage");
  });

  it("is refused by what it would cost, with the instructions before it", async () => {
    const cost = {
      type: "max_cost",
      usd: 0.000_02,
      usd_per_million_input: 1,
      usd_per_million_output: 1,
      message: "Too dear.",
    };
    const said = async (instructions: string, query: string) =>
      (
        await unstored(() => resolved({ policies: [cost], instructions }), { request: { query } })
          .reply
      ).blocked;
    expect(await said("Be kind.", "Hi")).toBeUndefined();
    expect(await said("Be kind. ".repeat(20), "Hi")).toBe(true);
    expect(await said("Be kind.", "Say it. ".repeat(20))).toBe(true);
  });

  it("goes on from the state that it brings, where code answers", async () => {
    const trip = { destination: "LON", departure_date: "2026-03-01" };
    const said = [undefined, JSON.stringify({ trip })].map(async (state_patch) => {
      const request = { query: "Boston", state_patch };
      const { reply } = unstored(() => resolved({ responder: "travel" }, ["local"]), { request });
      return (await reply).response;
    });
    expect(await said[0]).not.toContain("London");
    expect(await said[1]).toContain("London");
  });

  it("that no model answers says that nothing was stored", async () => {
    const { reply } = unstored(() => resolved({}, ["upstream"]));
    const error = await reply.catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "model_failed",
      message: expect.stringMatching(/upstream needs UPSTREAM_URL.*Nothing was stored/),
    });
    expect(error).not.toHaveProperty("call_id");
  });

  it("is refused where its account refuses it, or is away", async () => {
    for (const more of [{}, { ON_STORAGE_ERROR: "answer" }]) {
      const { reply } = unstored(refusing("key_revoked"), { vars: more });
      await expect(reply).rejects.toMatchObject({ code: "key_revoked" });
    }
    await expect(unstored(away).reply).rejects.toMatchObject({ code: "storage_unavailable" });
  });
});
