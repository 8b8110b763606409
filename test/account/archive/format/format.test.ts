import { describe, expect, it } from "vitest";

import { endLine, sessionLine, turnLine } from "../../../../src/account/archive/format/format.ts";
import { readableLine } from "../../../../src/account/archive/format/record.ts";
import { extraOf } from "../../../../src/account/archive/format/turn-extra.ts";

const AT = "2026-01-01T00:00:00.000Z";
const SESSION = { type: "session", format: 6, session_id: "s" };
const TURN = { type: "turn", input: "Hi" };
const END = { type: "end", sessions: 0, turns: 0 };

const takes = (shape: typeof sessionLine | typeof turnLine | typeof endLine, line: object) =>
  shape.safeParse(line).success;

/** Each of these alone beside what a line has to have: those that a line takes. */
const taken = (shape: typeof sessionLine | typeof turnLine, least: object, each: object[]) =>
  each.filter((more) => takes(shape, { ...least, ...more }));

describe("a session line", () => {
  it("takes what a session may have", () => {
    const good = [
      {},
      { format: 1 },
      { key: 1, turns: 0, state_version: 0 },
      { created_at: AT, accessed_at: AT },
      { assistant: null, user_id: null },
      { assistant: "tutor", user_id: "u", role: "pupil" },
      { metadata: { a: "b" }, facts: ["likes tea"], state: { n: 1 } },
      { summary: { text: "They met.", turn: "call_1" } },
      { pinned: true, hold: "case" },
    ];
    expect(taken(sessionLine, SESSION, good)).toEqual(good);
  });

  it("takes nothing else", () => {
    const bad = [
      { type: "turn" },
      { format: 0 },
      { format: 1.5 },
      { session_id: 1 },
      { key: 0 },
      { turns: -1 },
      { turns: 0.5 },
      { state_version: -1 },
      { created_at: 1 },
      { created_at: "yesterday" },
      { metadata: { a: 1 } },
      { facts: [1] },
      { state: [] },
      { state: null },
      { summary: "They met." },
      { summary: { text: "They met." } },
      { pinned: false },
      { hold: null },
      { more: 1 },
    ];
    expect(taken(sessionLine, SESSION, bad)).toEqual([]);
  });

  it("has its state as it came, whatever the names in it", () => {
    const line = JSON.parse('{"__proto__":1}') as object;
    expect(JSON.stringify(sessionLine.parse({ ...SESSION, state: line }).state)).toBe(
      '{"__proto__":1}',
    );
  });
});

const extra = (each: object) => ({ extra: each });
const response = (each: object) => extra({ response: each });

describe("a turn line", () => {
  it("takes what a turn may have", () => {
    const good = [
      {},
      ...["in_progress", "completed", "failed", "abandoned", "interrupted"].map((status) => ({
        status,
      })),
      { call_id: "call_1", created_at: AT, duration_ms: 0, model: "a/b", shown: 0 },
      { duration_ms: null, model: null, input_tokens: null, output_tokens: null, output: null },
      { duration_ms: 0.5, input_tokens: 0, output_tokens: 1, output: "Yes" },
      { input: [{ type: "message", role: "user", content: "Hi" }], system: "You teach." },
      { system: null },
      extra({}),
      extra({ error: { code: "model_failed", message: "no" } }),
      extra({ restored: true, cached: true, state_version: 3 }),
      extra({ policy: { outcome: "blocked", events: [] } }),
      extra({ call: {} }),
      extra({
        call: {
          id: "x",
          request: "{}",
          response: "{}",
          chunks: [{ index: 0, payload: "{}" }],
          metadata: "{}",
        },
      }),
      response({}),
      response({ settings: '{"temperature":1}' }),
      ...["max_output_tokens", "content_filter", "cancelled"].map((cut) => response({ cut })),
      response({ cached_tokens: 0, reasoning_tokens: 0, pieces: [[1, 2], []], deleted: true }),
    ];
    expect(taken(turnLine, TURN, good)).toEqual(good);
  });

  it("takes nothing else", () => {
    const bad = [
      { type: "session" },
      { input: null },
      { input: [{ type: "poem" }] },
      { status: "done" },
      { duration_ms: -1 },
      { input_tokens: -1 },
      { output_tokens: 0.5 },
      { shown: -1 },
      { system: 1 },
      { more: 1 },
      extra({ more: 1 }),
      extra({ error: { code: "x" } }),
      extra({ restored: false }),
      extra({ cached: false }),
      extra({ state_version: "3" }),
      extra({ policy: {} }),
      extra({ call: { more: 1 } }),
      extra({ call: { request: {} } }),
      extra({ call: { chunks: [{ payload: "{}" }] } }),
      extra({ call: { chunks: [{ index: 0.5, payload: "{}" }] } }),
      extra({ call: { chunks: [{ index: 0, payload: "{}", more: 1 }] } }),
      response({ more: 1 }),
      response({ settings: "{" }),
      response({ settings: '{"more":1}' }),
      response({ cut: "" }),
      response({ cached_tokens: -1 }),
      response({ pieces: [1] }),
      response({ pieces: [[-1]] }),
      response({ deleted: false }),
    ];
    expect(taken(turnLine, TURN, bad)).toEqual([]);
  });

  it("says where settings are not of a response", () => {
    const found = turnLine.safeParse({ ...TURN, ...response({ settings: "{" }) });
    expect(found.error?.issues).toMatchObject([{ path: ["extra", "response", "settings"] }]);
    expect(found.error?.issues[0]?.message).toContain("settings");
  });
});

it("an end line has its counts, and nothing else", () => {
  expect(takes(endLine, END)).toBe(true);
  for (const wrong of [{ type: "session" }, { sessions: -1 }, { turns: 0.5 }, { more: 1 }])
    expect(takes(endLine, { ...END, ...wrong })).toBe(false);
  expect(takes(endLine, { type: "end", sessions: 0 })).toBe(false);
});

describe("what of a turn lasts", () => {
  it("is all but its lease", () => {
    const lasting = {
      error: { code: "model_failed", message: "no" },
      restored: true,
      state_version: 0,
      cached: true,
      policy: { outcome: "blocked", events: [] },
      call: { id: "x" },
      response: { deleted: true },
    } as const;
    const { error, ...rest } = lasting;
    expect(extraOf({ ...lasting, lease: { token: "t", until: 1 } } as never)).toEqual(lasting);
    expect(extraOf({ ...rest, error: { ...error, more: 1 } } as never)).toEqual(lasting);
    expect(extraOf({ lease: { token: "t", until: 1 } } as never)).toEqual({});
  });

  it("is in the same order, whatever order it came in", () => {
    const there = { error: { code: "a", message: "b" }, restored: true, cached: true } as const;
    const turned = { cached: true, restored: true, error: { message: "b", code: "a" } } as const;
    expect(JSON.stringify(extraOf(turned))).toBe(JSON.stringify(extraOf(there)));
  });
});

it("a line tells the session that it begins, if it begins one", () => {
  const archived = {
    ...SESSION,
    key: 1,
    created_at: AT,
    accessed_at: AT,
    assistant: null,
    user_id: null,
    metadata: {},
    turns: 1,
  };
  const turn = {
    ...TURN,
    call_id: "call_1",
    status: "completed",
    created_at: AT,
    duration_ms: null,
    model: null,
    input_tokens: null,
    output_tokens: null,
    output: null,
  };
  const read = [archived, turn].map((line) => readableLine(JSON.stringify(line)).session);
  expect(read).toMatchObject([{ session_id: "s" }, null]);
  // What an import may leave out, an archive has.
  for (const whole of [archived, turn]) {
    const optional = Object.keys(whole).filter((name) => !["type", "format"].includes(name));
    for (const name of optional) {
      const { [name as keyof typeof whole]: _, ...rest } = whole;
      expect(() => readableLine(JSON.stringify(rest))).toThrow("not of the format");
    }
  }
});
