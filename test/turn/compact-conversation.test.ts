import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, inject, it, vi } from "vitest";

import { parseConfig } from "../../src/config.ts";
import { resetCircuit } from "../../src/outbound/circuit-breaker.ts";
import type { Item } from "../../src/shared/items.ts";
import type { Policy } from "../../src/policies/policy.ts";
import type { TurnPreview } from "../../src/account/conversation/turn-contract.ts";
import { compactConversation } from "../../src/turn/compact-conversation.ts";
import type { RespondRequest } from "../../src/turn/respond-request.ts";
import { objectStub } from "../support/object-stub.ts";

const say = (role: "user" | "assistant", content: string): Item => ({
  type: "message",
  role,
  content,
});
const REQUEST: RespondRequest = {
  account_id: "a",
  principal: null,
  scopes: [],
  input: [],
  settings: {},
  store: false,
};

/** What becomes of a conversation of which an account shows this. */
function compact(peeked: Partial<TurnPreview>) {
  const value = { window: [], models: ["local"], assistant: "default", input: [], ...peeked };
  const previewTurn = async () => ({ ok: true, value });
  const own = {
    ...env,
    CONVERSATIONS: { getByName: () => objectStub({ "turns.preview": previewTurn }) },
  } as unknown as Env;
  const config = parseConfig({
    OPENAI_BASE_URL: inject("modelServer"),
    OPENAI_API_KEY: "none",
  });
  return compactConversation(own, config, REQUEST, 1);
}

/** A chat completion that says nothing of its usage. */
const completion = (content: string) => ({
  id: "1",
  object: "chat.completion",
  created: 1,
  model: "plain",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
});

/** What a summary by quotes counts. */
const quotedUsage = async (content: string) =>
  (await compact({ window: [{ role: "user", content }], input: [say("user", "Hi")] })).usage;

beforeEach(() => resetCircuit(env, "openai"));

describe("a conversation in fewer words", () => {
  it("is what was said before the user's last message, and that and all after it as they are", async () => {
    const input = [
      say("user", "one"),
      say("assistant", "two"),
      say("user", "three"),
      say("assistant", "four"),
    ];
    const { items, usage } = await compact({
      window: [{ role: "user", content: "zero" }],
      input,
    });
    expect(items).toEqual([
      { type: "compaction", text: "user: zero\nuser: one\nassistant: two" },
      ...input.slice(2),
    ]);
    expect(Math.min(usage.input_tokens, usage.output_tokens)).toBeGreaterThan(0);
  });

  it("is all of it where the user says nothing", async () => {
    const { items } = await compact({
      window: [{ role: "user", content: "zero" }],
      input: [say("assistant", "one")],
    });
    expect(items).toEqual([{ type: "compaction", text: "user: zero\nassistant: one" }]);
  });

  it("begins with a compaction also where nothing was said before", async () => {
    const input = [say("user", "one")];
    expect(await compact({ input })).toEqual({
      items: [{ type: "compaction", text: "Nothing was said before." }, ...input],
      usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
    });
  });

  it("quotes the last forty messages, and two hundred letters of each", async () => {
    const window = Array.from({ length: 41 }, (_, index) => ({
      role: "user" as const,
      content: index === 40 ? "x".repeat(201) : index === 39 ? "y".repeat(200) : `said ${index}`,
    }));
    const { items } = await compact({ window, input: [say("user", "Hi")] });
    const lines = (items[0] as { text: string }).text.split("\n");
    expect([lines.length, lines[0]]).toEqual([40, "user: said 1"]);
    expect(lines.slice(-2)).toEqual([`user: ${"y".repeat(200)}`, `user: ${"x".repeat(200)}…`]);
  });

  it("is a model's where one can sum up, with what that counted", async () => {
    const { items, usage } = await compact({
      models: ["local", "openai/record"],
      window: [{ role: "user", content: "zero" }],
      input: [say("user", "Hi")],
    });
    expect(JSON.parse((items[0] as { text: string }).text)).toEqual([
      { role: "system", content: expect.stringContaining("summary") },
      { role: "user", content: "What was said since:\nuser: zero" },
    ]);
    expect(usage).toMatchObject({ input_tokens: 7, output_tokens: 3 });
  });

  it("is counted by estimate where the model counts nothing", async () => {
    const send = vi.spyOn(globalThis, "fetch");
    const summed = async (summary: string, content: string) => {
      send.mockImplementationOnce(async () => Response.json(completion(summary)));
      const { items, usage } = await compact({
        models: ["openai/plain"],
        window: [{ role: "user", content }],
        input: [say("user", "Hi")],
      });
      expect(items[0]).toEqual({ type: "compaction", text: summary });
      return usage;
    };
    const short = await summed("They met.", "zero");
    const long = await summed("They met, they talked, and they parted.", "zero and one and two");
    send.mockRestore();
    expect(Math.min(short.input_tokens, short.output_tokens)).toBeGreaterThan(0);
    expect(short.input_tokens).toBeGreaterThan(short.output_tokens);
    expect(long.input_tokens).toBeGreaterThan(short.input_tokens);
    expect(long.output_tokens).toBeGreaterThan(short.output_tokens);
  });

  it("by quotes is counted by estimate", async () => {
    const short = await quotedUsage("zero");
    const long = await quotedUsage("zero and one and two");
    expect(Math.min(short.input_tokens, short.output_tokens)).toBeGreaterThan(0);
    expect(long.input_tokens).toBeGreaterThan(short.input_tokens);
    expect(long.output_tokens).toBeGreaterThan(short.output_tokens);
  });

  it("quotes no empty message, no call without its result and no half character", async () => {
    const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" } as const;
    const { items } = await compact({
      window: [
        { role: "user", content: "" },
        { role: "user", content: `${"x".repeat(199)}😀 and more` },
      ],
      input: [call, say("user", "Hi")],
    });
    expect(items.slice(1)).toEqual([say("user", "Hi")]);
    const { text } = items[0] as { text: string };
    expect(text.isWellFormed()).toBe(true);
    expect(text).toMatch(/^user: x{199}.…$/);
  });

  it("keeps the results of calls after the user's last message", async () => {
    const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" } as const;
    const result = { type: "function_call_output", call_id: "c", output: "7" } as const;
    const behind = [say("user", "Hi"), call, result];
    const { items } = await compact({ input: [say("user", "one"), call, result, ...behind] });
    expect(items.slice(1)).toEqual(behind);
    expect(items[0]).toMatchObject({ text: expect.stringMatching(/^user: one\n.*tool: 7$/s) });
  });

  it("is under the policies: the request's refusal refuses it, and the response's are heard", async () => {
    const policed = { policies: [], text: "Hi", events: [], refusal: "Never." };
    await expect(compact({ policed })).rejects.toMatchObject({
      code: "invalid_request",
      param: "input",
      message: "Never.",
    });
    const block: Policy = {
      type: "block",
      on: "response",
      pattern: "zero",
      ignore_case: false,
      message: "Not this.",
    };
    const { items } = await compact({
      policed: { ...policed, refusal: null, policies: [block] },
      window: [{ role: "user", content: "zero" }],
      input: [say("user", "Hi")],
    });
    expect(items[0]).toEqual({ type: "compaction", text: "Not this." });
    const cost: Policy = {
      type: "max_cost",
      usd: 1,
      usd_per_million_input: 1,
      usd_per_million_output: 1,
      message: "Too dear.",
    };
    const allowed = await compact({
      policed: { ...policed, refusal: null, policies: [cost] },
      window: [{ role: "user", content: "zero" }],
    });
    expect(allowed.items).toEqual([{ type: "compaction", text: "user: zero" }]);
  });
});
