import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { parseConfig } from "../../src/config.ts";
import { resetCircuit } from "../../src/outbound/circuit-breaker.ts";
import { policies as policiesShape } from "../../src/policies/policy.ts";
import type { Outcome } from "../../src/account/conversation/turn-contract.ts";
import type { AnswerResult, AnswerOptions } from "../../src/turn/answer.ts";
import { answerWithPolicies } from "../../src/turn/answer-with-policies.ts";
import type { PolicyEvent } from "../../src/shared/policy-record.ts";

const COMPLETED: Outcome = {
  status: "completed",
  output: "The secret is 7",
  model: "test",
  input_tokens: 10,
  output_tokens: 20,
  duration_ms: 5,
};
const USAGE = { input_tokens: 10, output_tokens: 20 };
const REDACT = { type: "redact", on: "response", pattern: "secret", replacement: "-" };
const BLOCK = { type: "block", on: "response", pattern: "secret", message: "No." };
const COST = {
  type: "max_cost",
  usd: 0.000_001,
  usd_per_million_input: 1,
  usd_per_million_output: 1,
};

const judge = (on: string) => ({
  type: "judge",
  on,
  instructions: "No bombs.",
  model: "openai/judge",
  message: `No bombs in the ${on}.`,
});

/** One answer under policies, and what was told on the way. */
async function police(
  policies: object[],
  more: {
    outcome?: Partial<Outcome>;
    text?: string;
    refusal?: string;
    parts?: boolean;
    events?: PolicyEvent[];
  } = {},
) {
  const config = parseConfig({
    OPENAI_BASE_URL: inject("modelServer"),
    OPENAI_API_KEY: "none",
  });
  const told: string[] = [];
  const asked: AnswerOptions[] = [];
  const options: AnswerOptions = {
    signal: new AbortController().signal,
    onDelta: (text) => void told.push(text),
    ...(more.parts && { onPart: () => {} }),
  };
  const outcome = { ...COMPLETED, ...more.outcome };
  const answered = await answerWithPolicies(
    env,
    config,
    {
      account_id: "a",
      session_id: "s",
      models: ["local"],
      messages: [{ role: "user", content: "Hi" }],
    },
    {
      policies: policiesShape.parse(policies),
      text: more.text ?? "Hi",
      refusal: more.refusal ?? null,
      events: more.events ?? [],
    },
    async (how): Promise<AnswerResult> => {
      asked.push(how);
      how.onDelta?.("streamed");
      const text = typeof outcome.output === "string" ? outcome.output : "";
      return {
        reply: outcome.status === "completed" ? { text, model: "test", usage: USAGE } : null,
        outcome,
      };
    },
    options,
  );
  return { ...answered, told, asked, options };
}

/** The tokens of an answer that nobody counted. */
const estimated = async (output: string) => {
  const outcome = { output, input_tokens: null, output_tokens: null };
  const [event] = (await police([COST], { outcome })).outcome.policy?.events ?? [];
  return (JSON.parse(event?.metadata ?? "") as { output: number }).output;
};

beforeEach(() => resetCircuit(env, "openai"));

describe("an answer under policies", () => {
  it("is not asked for where the request was refused", async () => {
    const { reply, outcome, told, asked } = await police([], { refusal: "Never." });
    expect(asked).toEqual([]);
    expect(told).toEqual(["Never."]);
    expect(reply).toEqual({ text: "Never.", model: null });
    expect(outcome).toEqual({
      status: "completed",
      output: "Never.",
      model: null,
      input_tokens: null,
      output_tokens: null,
      duration_ms: expect.any(Number),
      policy: { outcome: "allowed", events: [] },
    });
    expect(outcome.duration_ms).toBeLessThan(60_000);
  });

  it("keeps streaming when no policy reads the answer", async () => {
    const { told, asked, options, outcome } = await police([COST], { parts: true });
    expect(asked).toEqual([options]);
    expect(told).toEqual(["streamed"]);
    expect(outcome).not.toHaveProperty("response");
  });

  it("is sent whole when a policy reads the answer", async () => {
    const { told, asked, reply, outcome } = await police([REDACT]);
    expect(asked[0]).toMatchObject({ onDelta: undefined, onPart: undefined });
    expect(told).toEqual(["The - is 7"]);
    expect(reply).toEqual({ text: "The - is 7", model: "test", usage: USAGE });
    expect(outcome).toMatchObject({ output: "The - is 7", policy: { outcome: "modified" } });
    expect(outcome).not.toHaveProperty("response");
  });

  it("was streamed as nothing where it was told in one piece", async () => {
    const response = { cached_tokens: 2, pieces: [[3]] };
    const { outcome } = await police([REDACT], { parts: true, outcome: { response } });
    expect(outcome.response).toEqual({ cached_tokens: 2, pieces: [] });
  });

  it("that is blocked is the policy's words", async () => {
    const { told, reply, outcome } = await police([BLOCK]);
    expect([told, reply?.text, outcome.output]).toEqual([["No."], "No.", "No."]);
    expect(outcome.policy?.outcome).toBe("blocked");
  });

  it("of items has each of its texts looked at, and is not told as text", async () => {
    const call = { type: "function_call", call_id: "c", name: "f", arguments: '"secret"' } as const;
    const thought = { type: "reasoning", text: "secret", encrypted_content: "secret" } as const;
    const said = { type: "message", role: "assistant", content: "A secret" } as const;
    const output = [thought, said, call];
    const { outcome, told } = await police([REDACT], { outcome: { output } });
    expect(told).toEqual([]);
    expect(outcome.output).toEqual([
      { ...thought, text: "-" },
      { ...said, content: "A -" },
      { ...call, arguments: '"-"' },
    ]);
  });

  it("is blocked for a call's arguments alone", async () => {
    const call = { type: "function_call", call_id: "c", name: "f", arguments: '{"a":["secret"]}' };
    const output = [call] as Outcome["output"];
    const { outcome, told } = await police([BLOCK], { outcome: { output } });
    expect([told, outcome.output, outcome.policy?.outcome]).toEqual([["No."], "No.", "blocked"]);
  });

  it("that failed keeps what was said of the request", async () => {
    const { reply, outcome } = await police([REDACT], {
      outcome: { status: "failed", output: null },
    });
    expect(reply).toBeNull();
    expect(outcome).toEqual({
      ...COMPLETED,
      status: "failed",
      output: null,
      policy: { outcome: "allowed", events: [] },
    });
  });

  it.each([
    ["as the model counted them", {}, { input: 10, output: 20 }],
    [
      "by estimate where it counted none",
      { input_tokens: null, output_tokens: null },
      { input: expect.any(Number), output: expect.any(Number) },
    ],
  ])("costs what its tokens cost, %s", async (_, outcome, tokens) => {
    const { outcome: kept } = await police([COST], { outcome });
    const [event] = kept.policy?.events ?? [];
    expect(event).toMatchObject({ event_type: "exceeded", sequence: 1 });
    const counted = JSON.parse(event?.metadata ?? "") as { input: number; output: number };
    expect(counted).toMatchObject(tokens);
    expect(Math.min(counted.input, counted.output)).toBeGreaterThan(0);
  });

  it("costs more by estimate where more was said", async () => {
    expect(await estimated("One word, and another one, and many more.")).toBeGreaterThan(
      await estimated("One."),
    );
  });

  it("is asked of judges, of the request and of the response apart", async () => {
    const judges = [judge("request"), judge("response")];
    const refused = await police(judges, { text: "a bomb" });
    expect([refused.asked.length, refused.reply?.text]).toEqual([0, "No bombs in the request."]);
    const blocked = await police(judges, { outcome: { output: "a bomb" } });
    expect([blocked.told, blocked.reply?.text]).toEqual([
      ["No bombs in the response."],
      "No bombs in the response.",
    ]);
    const allowed = await police(judges);
    expect([allowed.told, allowed.outcome.policy?.events.length]).toEqual([["The secret is 7"], 2]);
    // There is nothing to judge in an answer without words.
    const wordless = await police(judges, { outcome: { output: "" } });
    expect(wordless.outcome.policy?.events).toHaveLength(1);
  });

  it("has the events of its request before its own, however it ends", async () => {
    const before: PolicyEvent = {
      policy_class: "redact",
      policy_config: "{}",
      event_type: "modified",
      sequence: 0,
      created_at: 1,
    };
    const events = [before];
    const refused = await police([], { refusal: "Never.", events });
    const failed = await police([REDACT], { outcome: { status: "failed", output: null }, events });
    for (const { outcome } of [refused, failed])
      expect(outcome.policy).toEqual({ outcome: "modified", events });
    const began = Date.now();
    const { outcome } = await police([judge("request"), BLOCK], { events });
    expect(outcome.policy).toMatchObject({
      outcome: "blocked",
      events: [
        before,
        { policy_class: "judge", event_type: "judged", sequence: 0 },
        { policy_class: "block", event_type: "blocked", sequence: 1 },
      ],
    });
    for (const { created_at } of outcome.policy?.events.slice(1) ?? [])
      expect(created_at).toBeGreaterThanOrEqual(began);
    expect(events).toEqual([before]);
  });

  it("of items is blocked as a whole, in one piece", async () => {
    const output = [{ type: "message", role: "assistant", content: "A secret" } as const];
    const { outcome, told } = await police([judge("response"), BLOCK], { outcome: { output } });
    expect(outcome.policy?.events.map(({ event_type }) => event_type)).toEqual(["allowed"]);
    expect([outcome.output, told]).toEqual([output, []]);
    const text = await police([judge("response"), BLOCK], { parts: true });
    expect([text.outcome.output, text.told]).toEqual(["No.", ["No."]]);
  });

  it("is judged as the policies before the judge made it", async () => {
    const defuse = { type: "redact", on: "response", pattern: "bomb", replacement: "-" };
    const { told, outcome } = await police([judge("response"), defuse], {
      outcome: { output: "a bomb" },
    });
    expect(told).toEqual(["a -"]);
    expect(outcome.policy?.events.map(({ event_type }) => event_type)).toEqual([
      "modified",
      "judged",
    ]);
  });
});
