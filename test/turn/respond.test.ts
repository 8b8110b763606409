import { afterEach, describe, expect, it, vi } from "vitest";

import type { Piece } from "../../src/openai/responses/response-pieces.ts";
import type { StoredFlag } from "../../src/directory/flags-table.ts";
import type { TurnPreview } from "../../src/account/conversation/turn-contract.ts";
import { checkAnswered, openResponse } from "../../src/turn/respond.ts";
import { BEGUN, NOW, OPEN, SETTLED, configWith, pretend, refusing } from "./pretend.ts";
import { estimateInput } from "../../src/turn/respond-request.ts";
import { finishTurn } from "../../src/turn/finish-turn.ts";
import type { RespondOptions } from "../../src/turn/finish-turn.ts";
import type { RespondRequest } from "../../src/turn/respond-request.ts";

const REQUEST: RespondRequest = {
  account_id: "acme",
  principal: { key: null, user_id: "u", role: "client" },
  scopes: ["query"],
  input: [{ type: "message", role: "user", content: "Hi" }],
  settings: {},
  store: true,
};
const config = configWith({ MODEL: "openai/record" });
const open = (account: ReturnType<typeof pretend>, request: Partial<RespondRequest> = {}) =>
  openResponse(account.own, config, { ...REQUEST, ...request }, NOW);
const settling = (_: object, outcome: object) => ({ ...SETTLED, ...outcome, id: OPEN.turn_id });
const peeked = (more: Partial<TurnPreview> = {}): TurnPreview => ({
  window: [{ role: "system", content: "Be kind." }],
  models: ["openai/record"],
  assistant: "tutor",
  input: "Hi",
  ...more,
});

/** What is told while it is made, and what is left to be done behind it. */
function listening(more: Partial<RespondOptions> = {}) {
  const pieces: Piece[] = [];
  const behind: Promise<unknown>[] = [];
  const options: RespondOptions = {
    now: NOW,
    onPiece: (piece) => void pieces.push(piece),
    background: (work) => void behind.push(work),
    ...more,
  };
  return { pieces, behind, options };
}

afterEach(() => vi.useRealTimers());

describe("a response that is kept", () => {
  it("begins as a turn of a new session of the user's", async () => {
    const response = { settings: '{"temperature":1}' };
    const account = pretend({ begin: () => ({ ...BEGUN, turn: { ...OPEN, response } }) });
    const settings = { temperature: 1, model: "record", instructions: "Be brief." };
    const more = { settings, metadata: { topic: "sums" }, assistant: "tutor" };
    const { turn, session_id } = await open(account, more);
    expect([session_id, turn]).toEqual([
      "s",
      {
        status: "in_progress",
        id: OPEN.turn_id,
        created_at: OPEN.created_at,
        input: "Hi",
        output: null,
        model: null,
        duration_ms: null,
        input_tokens: null,
        output_tokens: null,
        extra: { response },
      },
    ]);
    expect(account.calls).toEqual([
      [
        "begin",
        REQUEST.principal,
        {
          new_session_id: expect.stringMatching(`^session_${NOW}_.`),
          must_exist: false,
          input: "Hi",
          user_id: "u",
          role: "client",
          assistant: "tutor",
          metadata: { topic: "sums" },
          model: "record",
          models: ["openai/record"],
          scopes: ["query"],
          full_history: true,
          instructions: "Be brief.",
          response: { settings: JSON.stringify(settings) },
          on_busy: "queue",
        },
        NOW,
      ],
    ]);
  });

  it.each([
    ["a conversation", { conversation: "c" }, { session_id: "c", must_exist: true }],
    ["a turn", { previous_turn_id: 7 }, { previous_turn_id: 7, must_exist: false }],
  ])("goes on with %s, whose user it does not name", async (_, request, begun) => {
    const account = pretend({ begin: () => BEGUN });
    await open(account, request);
    const [[, beginning] = []] = account.called("begin");
    expect(beginning).toMatchObject(begun);
    expect(beginning).not.toMatchObject({ user_id: "u" });
  });

  it("says of its settings only what there is", async () => {
    const account = pretend({ begin: () => BEGUN });
    const idempotency = { key: "k", hash: "h" };
    const { turn } = await open(account, { principal: null });
    expect(turn.extra).toEqual({});
    await open(account, {
      idempotency,
      new_session_id: "mine",
      settings: { truncation: "auto", background: true },
    });
    const [[, plain] = [], [, named] = []] = account.called("begin");
    expect(plain).not.toMatchObject({ background: expect.anything() });
    expect(Object.keys(plain as object)).not.toContain("idempotency");
    expect(named).toMatchObject({
      session_id: "mine",
      new_session_id: "mine",
      must_exist: false,
      idempotency,
      background: true,
      full_history: false,
    });
  });

  it("has what was said before in front of its input, and leaves names to the account", async () => {
    const account = pretend({ begin: () => BEGUN });
    const before = [{ type: "message", role: "user", content: "Before" } as const];
    await open(account, { before });
    const named = { type: "item_reference", id: "msg_1" } as const;
    await open(account, { before, input: [named, ...REQUEST.input] });
    const [[, plain] = [], [, referring] = []] = account.called("begin");
    expect(plain).toMatchObject({ input: [...before, ...REQUEST.input] });
    expect(plain).not.toHaveProperty("named_items");
    expect(referring).toMatchObject({
      input: "",
      named_items: [...before, named, ...REQUEST.input],
    });
  });

  it("that was made before is what it was then, unless it was deleted", async () => {
    const replay = { kind: "replay", session_id: "s", turn: SETTLED };
    const account = pretend({ begin: () => replay });
    const response = await open(account);
    expect(response).toMatchObject({ turn: SETTLED, session_id: "s" });
    expect(await response.finish(listening().options)).toEqual(SETTLED);
    expect(account.calls).toHaveLength(1);
    const deleted = { ...SETTLED, extra: { response: { deleted: true } } };
    await expect(
      open(pretend({ begin: () => ({ ...replay, turn: deleted }) })),
    ).rejects.toMatchObject({ code: "response_not_found" });
  });

  it("is answered, settled and counted", async () => {
    const account = pretend({ begin: () => BEGUN, settle: settling });
    const { options, behind } = listening({ onPiece: undefined });
    const turn = await (await open(account)).finish(options);
    expect(turn).toMatchObject({ status: "completed", model: "openai/record" });
    expect(JSON.parse(turn.output as string)).toEqual([
      { role: "system", content: "Be kind." },
      { role: "user", content: "Hi" },
    ]);
    expect(account.called("settle")).toEqual([
      [OPEN, expect.objectContaining({ status: "completed", output: turn.output }), NOW],
    ]);
    expect(account.called("settle")[0]?.[1]).not.toHaveProperty("response");
    expect(account.points).toMatchObject([
      { indexes: ["acme"], blobs: ["tutor", "openai/record", "completed", ""] },
    ]);
    expect(behind).toEqual([]);
  });

  it("is told in pieces, and its session is summed up after it", async () => {
    const begun = { ...BEGUN, to_summarise: 7, turn: { ...OPEN, assistant: null } };
    const account = pretend({ begin: () => begun, settle: settling, beginSummary: () => null });
    const { options, pieces, behind } = listening();
    const { output } = await (await open(account)).finish(options);
    expect(pieces.map((piece) => (piece.type === "text" ? piece.delta : ""))).toEqual(
      (output as string).match(/^\S+| \S+/g),
    );
    expect(account.called("settle")).toMatchObject([
      [
        {},
        {
          response: { pieces: [pieces.map((piece) => (piece as { delta: string }).delta.length)] },
        },
        NOW,
      ],
    ]);
    await Promise.all(behind);
    expect(account.called("beginSummary")).toEqual([["s", 7]]);
    expect(account.points[0]?.blobs[0]).toBe("default");
  });

  it("is asked for with the settings of its request", async () => {
    const begun = { ...BEGUN, models: ["openai/raw"] };
    const account = pretend({ settle: settling });
    const { options } = listening({ onPiece: undefined });
    const settings = { temperature: 0.5, metadata: { topic: "sums" } };
    const { output } = await finishTurn(account.own, config, "acme", begun, settings, options);
    const asked: unknown = JSON.parse(output as string);
    expect(asked).toMatchObject({ temperature: 0.5 });
    expect(asked).not.toHaveProperty("metadata");
  });

  it("of thoughts is told as thoughts", async () => {
    const begun = { ...BEGUN, models: ["openai/reason"] };
    const account = pretend({ settle: settling });
    const { options, pieces } = listening();
    await finishTurn(account.own, config, "acme", begun, {}, options);
    expect(pieces[0]).toEqual({ type: "reasoning", delta: "Let me think." });
  });

  it("that a policy makes empty is told as nothing", async () => {
    const redact = {
      type: "redact",
      on: "response",
      pattern: "^.*$",
      ignore_case: false,
      replacement: "",
      keep_original: false,
    } as const;
    const policed = { policies: [redact], text: "Hi", refusal: null, events: [] };
    const begun = { ...BEGUN, window: [], models: ["openai/echo"], policed };
    const account = pretend({ settle: settling });
    const { options, pieces } = listening();
    const { output } = await finishTurn(account.own, config, "acme", begun, {}, options);
    expect([output, pieces]).toEqual(["", []]);
  });

  it("is refused where it cannot be kept", async () => {
    const account = pretend({ begin: () => BEGUN, settle: refusing("turn_lost") });
    const response = await open(account);
    await expect(response.finish(listening().options)).rejects.toMatchObject({ code: "turn_lost" });
  });
});

describe("a response that no one wants any more", () => {
  const dripping = {
    ...BEGUN,
    models: ["openai/drip"],
    turn: { ...OPEN, input: "one two three four five six seven" },
  };

  it("is stopped where its turn has lost its place", async () => {
    const lost = { isKept: false, isFollowed: true };
    const account = pretend({ append: () => lost, settle: settling });
    const { options } = listening();
    const settings = { background: true } as const;
    const finished = finishTurn(account.own, config, "acme", dripping, settings, options);
    const { status, output } = await finished;
    expect(status).toBe("interrupted");
    expect("You said: one two").toContain(output);
    expect(account.called("append")).toMatchObject([[dripping.turn, 0, expect.any(String)]]);
  });

  it("is stopped where its client has gone", async () => {
    const account = pretend({
      append: () => ({ isKept: true, isFollowed: false }),
      settle: settling,
    });
    const gone = new AbortController();
    const { options } = listening({ signal: gone.signal, onPiece: () => gone.abort() });
    const { status, output } = await finishTurn(account.own, config, "acme", dripping, {}, options);
    expect([status, output]).toEqual(["interrupted", "You"]);
  });

  it("is found out sooner where it is made in the background", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const hanging = { ...BEGUN, models: ["openai/hang"] };
    const waiting = pretend({ renew: () => true, settle: settling });
    const client = new AbortController();
    const { options } = listening({ signal: client.signal });
    const foreground = finishTurn(waiting.own, config, "acme", hanging, {}, options);
    const cancelled = pretend({ renew: () => false, settle: settling });
    const background = finishTurn(
      cancelled.own,
      config,
      "acme",
      hanging,
      { background: true },
      listening({ onPiece: undefined }).options,
    );
    await vi.advanceTimersByTimeAsync(2_000);
    expect(cancelled.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await background).toMatchObject({ status: "failed" });
    expect(cancelled.called("renew")).toEqual([[OPEN]]);
    expect(waiting.calls).toEqual([]);
    client.abort();
    expect(await foreground).toMatchObject({ status: "failed" });
  });
});

describe("a response of the travel assistant's", () => {
  const flag: StoredFlag = {
    name: "use_smart_handler",
    flag: { default: false, allow: ["acme/u"], percentage: 0 },
    changed_at: 1,
  };
  const responder = { name: "travel", state: "{}" } as const;
  const input = "I want to go to London";

  it.each([true, false])("is as the flag says for its user, kept: %s", async (store) => {
    const said = async (user_id: string) => {
      const account = pretend(
        {
          begin: () => ({ ...BEGUN, responder, turn: { ...OPEN, input, user_id } }),
          preview: () => peeked({ responder, input }),
          settle: settling,
        },
        [flag],
      );
      const response = await open(account, { store, principal: { key: null, user_id } });
      return (await response.finish(listening().options)).output;
    };
    expect(await said("u")).toMatch(/^Got it: to London/);
    expect(await said("other")).not.toMatch(/^Got it: to London/);
  });
});

describe("a response of which nothing is kept", () => {
  const stateless = { store: false };

  it("is what a turn would be, under a number that no turn has", async () => {
    const account = pretend({ preview: () => peeked() });
    const settings = { temperature: 0 };
    const response = await open(account, { ...stateless, settings, conversation: "c" });
    const { turn, session_id, finish } = response;
    const extra = { response: { settings: JSON.stringify(settings) } };
    expect(session_id).toBeNull();
    expect(turn).toMatchObject({ status: "in_progress", created_at: NOW, input: "Hi", extra });
    expect(turn.id).toBeGreaterThanOrEqual(2 ** 52);
    expect(account.called("preview")).toMatchObject([
      [REQUEST.principal, { session_id: "c", must_exist: true, input: "Hi" }, true, NOW],
    ]);
    const { options, pieces } = listening();
    const { output, ...ended } = await finish(options);
    expect(ended).toEqual({
      id: turn.id,
      created_at: NOW,
      input: "Hi",
      status: "completed",
      model: "openai/record",
      duration_ms: expect.any(Number),
      input_tokens: 7,
      output_tokens: 3,
      extra: { response: { ...extra.response, pieces: [expect.any(Array)] } },
    });
    expect(JSON.parse(output as string)).toEqual([
      { role: "system", content: "Be kind." },
      { role: "user", content: "Hi" },
    ]);
    expect(pieces.length).toBeGreaterThan(1);
    expect(account.points).toMatchObject([
      { indexes: ["acme"], blobs: ["tutor", "openai/record", "completed", ""] },
    ]);
    expect(account.calls).toHaveLength(1);
  });

  it("is asked for with its settings, and given up with its client", async () => {
    const raw = pretend({ preview: () => peeked({ models: ["openai/raw"] }) });
    const settings = { temperature: 0.5 };
    const response = await open(raw, { ...stateless, settings });
    const { output } = await response.finish(listening().options);
    expect(JSON.parse(output as string)).toMatchObject({ temperature: 0.5 });
    const hanging = await open(
      pretend({ preview: () => peeked({ models: ["openai/hang"] }) }),
      stateless,
    );
    const stopped = await hanging.finish(listening({ signal: AbortSignal.timeout(5) }).options);
    expect(stopped).toMatchObject({ status: "failed", output: null });
  });

  it("says why it failed, and what policies did", async () => {
    const policed = { policies: [], text: "Hi", refusal: null, events: [] };
    const unable = pretend({ preview: () => peeked({ models: ["upstream"], policed }) });
    const failed = await (await open(unable, stateless)).finish(listening().options);
    expect(failed).toMatchObject({
      status: "failed",
      extra: { error: { code: "model_failed" }, policy: { outcome: "allowed" } },
    });
  });

  it("is one where its flag is off for the user, and cannot be made in the background", async () => {
    const flag: StoredFlag = {
      name: "UNIFIED_CONVERSATION_ENABLED",
      flag: { default: false, allow: [], percentage: 0 },
      changed_at: 1,
    };
    const account = pretend({ preview: () => peeked(), begin: () => BEGUN }, [flag]);
    expect((await open(account)).session_id).toBeNull();
    expect((await open(account, { principal: null })).session_id).toBe("s");
    const background = { settings: { background: true } } as const;
    for (const more of [{}, stateless])
      await expect(open(account, { ...background, ...more })).rejects.toMatchObject({
        code: "invalid_request",
        param: "background",
      });
    expect(account.calls.map(([name]) => name)).toEqual(["preview", "begin"]);
  });
});

const estimate = (more: Partial<TurnPreview> = {}, settings: RespondRequest["settings"] = {}) => {
  const account = pretend({ preview: () => peeked({ window: [], ...more }) });
  return estimateInput(account.own, config, { ...REQUEST, settings }, NOW);
};

it("an estimate counts the window, the input and the tools", async () => {
  const least = await estimate();
  const tool = { type: "function", name: "get_weather" } as const;
  const tokens = await Promise.all([
    estimate({ window: [{ role: "system", content: "Be kind." }] }),
    estimate({ input: "How are you, and where are you?" }),
    estimate({}, { tools: [tool] }),
  ]);
  expect(least).toBeGreaterThan(0);
  for (const each of tokens) expect(each).toBeGreaterThan(least);
  expect(await estimate({}, { tools: [tool, tool] })).toBeGreaterThan(tokens[2]);
});

describe("a turn without an answer", () => {
  it("is an error that says whether anything is kept", () => {
    const error = { code: "model_timeout", message: "Too slow" };
    const failed = { ...SETTLED, status: "failed" as const, extra: { error } };
    const thrown = (isKept: boolean) => {
      try {
        checkAnswered(failed, isKept);
      } catch (reason) {
        return reason as Error;
      }
      return null;
    };
    expect(thrown(true)).toMatchObject({ code: "model_timeout" });
    expect(thrown(true)?.message).toMatch(/^Too slow\. .*kept as failed/);
    expect(thrown(false)?.message).toMatch(/^Too slow\. Nothing was kept/);
  });

  it.each(["completed", "interrupted", "in_progress"] as const)("is none that is %s", (status) => {
    expect(() => checkAnswered({ ...SETTLED, status }, true)).not.toThrow();
  });
});
