import { describe, expect, it } from "vitest";

import { drainCounts } from "../../src/observe/metrics.ts";
import type { StoredFlag } from "../../src/directory/flags-table.ts";
import type { Call } from "../../src/turn/answer.ts";
import { answerTravel } from "../../src/turn/answer-travel.ts";
import { configWith, pretend } from "./pretend.ts";

/** A Saturday. */
const NOW = Date.parse("2026-11-21T12:00:00Z");

interface Travelled {
  models?: string[];
  state?: string | undefined;
  before?: Call["messages"];
  flags?: StoredFlag[];
  user_id?: string;
}

/** The travel assistant's answer to one message, and what was told on the way. */
async function travel(
  content: string,
  { models = ["local"], state = "{}", before = [], flags = [], user_id }: Travelled = {},
) {
  const told: string[] = [];
  const progress: string[] = [];
  const call: Call = {
    account_id: "acme",
    session_id: "s",
    models,
    messages: [...before, { role: "user", content }],
  };
  const { own } = pretend({}, flags);
  const subject = { account_id: "acme", user_id, state };
  const answered = await answerTravel(own, configWith(), call, subject, {
    now: NOW,
    onDelta: (text) => void told.push(text),
    onProgress: async (text) => void progress.push(text),
  });
  const { state_patch } = answered.outcome;
  const after = state_patch === undefined ? null : JSON.parse(state_patch);
  return { ...answered, told, progress, after };
}

describe("the travel assistant's answer", () => {
  it("is told in one piece, with the state that is to be kept", async () => {
    const { reply, outcome, told, after } = await travel("I want to go to London");
    const text = "Got it: to London. Where are you flying from and when do you want to leave?";
    expect(reply).toEqual({ text, model: "travel" });
    expect(told).toEqual([text]);
    expect(outcome).toEqual({
      status: "completed",
      output: text,
      model: "travel",
      input_tokens: null,
      output_tokens: null,
      duration_ms: expect.any(Number),
      state_patch: expect.any(String),
    });
    expect(outcome.duration_ms).toBeLessThan(60_000);
    expect(after.trip.destination).toBe("LON");
    const next = await travel("Boston", { state: outcome.state_patch });
    expect(next.reply?.text).toContain("from Boston to London");
  });

  it("says that it searches before it does", async () => {
    const { reply, progress } = await travel("Boston to London next Friday");
    expect(progress).toEqual([expect.stringContaining("London")]);
    expect(reply?.text).toMatch(/^DEMO flights from Boston to London/);
  });

  it("to a tool result without a question is the answer to an empty message", async () => {
    const nothing = await travel("");
    const { own } = pretend({});
    const call: Call = { account_id: "acme", session_id: "s", models: ["local"], messages: [] };
    const subject = { account_id: "acme", state: "{}" };
    const { reply } = await answerTravel(own, configWith(), call, subject, { now: NOW });
    expect(reply).toEqual(nothing.reply);
  });

  it("has failed where it breaks, and nothing is told", async () => {
    const { reply, outcome, told } = await travel("Boston", { state: "no JSON" });
    expect([reply, told]).toEqual([null, []]);
    expect(outcome).toEqual({
      status: "failed",
      output: null,
      model: "travel",
      input_tokens: null,
      output_tokens: null,
      duration_ms: expect.any(Number),
      error: { code: "model_failed", message: "The model failed" },
    });
    expect(outcome.duration_ms).toBeLessThan(60_000);
  });

  it("goes step by step for whom the flag is off", async () => {
    const flag: StoredFlag = {
      name: "use_smart_handler",
      flag: { default: false, allow: ["acme/u"], percentage: 0 },
      changed_at: 1,
    };
    const said = "I want to go to London";
    const smart = await travel(said, { flags: [flag], user_id: "u" });
    expect(smart.reply?.text).toContain("to London");
    const stepwise = await travel(said, { flags: [flag], user_id: "other" });
    expect(stepwise.reply?.text).not.toBe(smart.reply?.text);
    expect(stepwise.after.dialogue.step).not.toBeNull();
  });
});

describe("a model that reads for the travel assistant", () => {
  const SLOTS = '<<{"origin":"BER","destination":"LIS","departure_date":"2026-12-01"}>>';
  const before: Call["messages"] = [
    { role: "user", content: "<<{}>>" },
    { role: "assistant", content: `Where to? ${SLOTS}` },
  ];

  it("is the first that can, and where none can, the grammar reads alone", async () => {
    const able = await travel("There, please", { models: ["local", "openai/slots"], before });
    expect(able.reply?.text).toMatch(/^DEMO flights from Berlin to Lisbon on Tue 1 Dec/);
    drainCounts();
    const alone = await travel("There, please", { models: ["local"], before });
    expect(alone.reply?.text).not.toContain("Lisbon");
    expect(drainCounts().filter(([series]) => series.startsWith("travel_understood"))).toEqual([]);
  });

  it("is told what the assistant said last", async () => {
    const { reply } = await travel("There, please", { models: ["openai/slots"], before });
    expect(reply?.text).toMatch(/^DEMO flights from Berlin to Lisbon on Tue 1 Dec/);
    const [asked] = before;
    const first = await travel("There, please", { models: ["openai/slots"], before: [asked!] });
    expect(first.reply?.text).not.toContain("Lisbon");
  });
});
