import { describe, expect, it } from "vitest";

import { callId, turnId } from "../../src/shared/ids.ts";
import { drainCounts } from "../../src/observe/metrics.ts";
import type { Outcome } from "../../src/account/conversation/turn-contract.ts";
import { recordTurn } from "../../src/turn/record-turn.ts";
import { replyOf } from "../../src/turn/reply.ts";
import { SETTLED } from "./pretend.ts";
import type { Turn } from "../../src/shared/turn.ts";

const TURN: Turn = { ...SETTLED, id: turnId(3, 2) };

describe("the reply of a turn", () => {
  it("says what was answered, and only what there is to say", () => {
    expect(replyOf("s", TURN)).toEqual({
      success: true,
      response: "Hello",
      session_id: "s",
      call_id: callId(TURN.id),
      stored: true,
      model: "test",
      usage: { input_tokens: 7, output_tokens: 3 },
      created_at: "2026-01-01T00:00:00.000Z",
    });
  });

  it("says what happened on the way", () => {
    const extra: Turn["extra"] = {
      restored: true,
      state_version: 0,
      cached: true,
      policy: { outcome: "blocked", events: [] },
    };
    expect(replyOf("s", { ...TURN, id: turnId(3, 1), extra })).toMatchObject({
      new_session: true,
      restored: true,
      state_version: 0,
      cached: true,
      blocked: true,
    });
    const policy: Turn["extra"]["policy"] = { outcome: "modified", events: [] };
    expect(replyOf("s", { ...TURN, extra: { policy } })).not.toHaveProperty("blocked");
  });

  it.each([{ input_tokens: null }, { output_tokens: null }])("says no usage with %o", (tokens) => {
    expect(replyOf("s", { ...TURN, ...tokens })).not.toHaveProperty("usage");
  });

  it("of a turn without an answer is empty", () => {
    expect(replyOf("s", { ...TURN, output: null }).response).toBe("");
  });
});

describe("what is counted of a turn", () => {
  const OUTCOME: Outcome = {
    status: "completed",
    output: "Hello",
    model: "test",
    input_tokens: 7,
    output_tokens: 3,
    duration_ms: 5,
  };

  const recorded = (outcome: Partial<Outcome> = {}) => {
    const points: unknown[] = [];
    const ANALYTICS = { writeDataPoint: (point: unknown) => void points.push(point) };
    drainCounts();
    recordTurn({ ANALYTICS }, "a".repeat(100), "tutor", { ...OUTCOME, ...outcome });
    return { points, counts: Object.fromEntries(drainCounts()) };
  };

  it("is its tokens, its model and its time, without a word of it", () => {
    const { points, counts } = recorded();
    expect(counts).toEqual({
      'turns_total{model="test",status="completed"}': 1,
      'turn_duration_ms_bucket{le="5",model="test"}': 1,
      'turn_duration_ms_sum{model="test"}': 5,
      'turn_duration_ms_count{model="test"}': 1,
      'tokens_total{direction="input"}': 7,
      'tokens_total{direction="output"}': 3,
    });
    // Analytics Engine takes an index of 96 bytes.
    expect(points).toEqual([
      {
        indexes: ["a".repeat(96)],
        blobs: ["tutor", "test", "completed", ""],
        doubles: [1, 7, 3, 5],
      },
    ]);
  });

  it("is no time where the cache answered, and no tokens where no model did", () => {
    const cached = recorded({ cached: true, model: null, input_tokens: null, output_tokens: null });
    expect(cached.counts).toEqual({ 'turns_total{model="none",status="completed"}': 1 });
    expect(cached.points).toMatchObject([
      { blobs: ["tutor", "none", "completed", "cached"], doubles: [1, 0, 0, 5] },
    ]);
  });

  it("needs no dataset", () => {
    drainCounts();
    recordTurn({}, "a", "tutor", OUTCOME);
    expect(drainCounts().length).toBeGreaterThan(0);
  });
});
