import { env } from "cloudflare:workers";
import { beforeEach, expect, inject, it } from "vitest";

import { resetCircuit } from "../../../../src/outbound/circuit-breaker.ts";
import { script } from "../../../clients/script.ts";
import { Client } from "../../../support/client.ts";

beforeEach(() => resetCircuit(env, "openai"));

const policed = async (model: string, on: string, type: string) => {
  const client = new Client({
    MODEL: `openai/${model}`,
    OPENAI_BASE_URL: inject("modelServer"),
    OPENAI_API_KEY: "test-key",
  });
  const policy = { type, on, pattern: "hidden", ...(type === "redact" && { replacement: "-" }) };
  const path = `/admin/accounts/${client.account}/assistants/clerk`;
  expect(await client.call("PUT", path, { body: { policies: [policy] } })).toMatchObject({
    status: 200,
  });
  return client;
};
const complete = (client: Client, messages: object[], more: object = {}) =>
  client.post("/v1/chat/completions", {
    body: { model: "assistant/clerk", messages, store: true, ...more },
  });
const user = (content: string) => ({ role: "user", content });

it.each([{ reasoning_content: "A hidden thought" }, {}])(
  "a thought of the answer is redacted wherever the provider sent it: %j",
  async (shown) => {
    const client = await policed("script", "response", "redact");
    const reasoning_details = [{ type: "reasoning.text", index: 0, text: "A hidden thought" }];
    const answer = { content: "Yes", ...shown, reasoning_details };
    const { status, body } = await complete(client, [user(script("Hi", [answer]))]);
    expect([status, body.choices[0].message.content]).toEqual([200, "Yes"]);
    const told = JSON.stringify(body.choices[0].message);
    expect(told).not.toMatch(/hidden|reasoning_details/);
    expect(told.includes("A - thought")).toBe("reasoning_content" in shown);
    const items = await client.get(`/v1/conversations/${body.id}/items`);
    expect(JSON.stringify(items.body.data)).not.toContain("clq1.");
  },
);

it.each(["redact", "block"])(
  "a signed thought that a client sends is seen by a policy: %s",
  async (type) => {
    const client = await policed("record", "request", type);
    const thinking_blocks = [{ type: "thinking", thinking: "A hidden thought", signature: "s" }];
    const messages = [
      user("Hi"),
      { role: "assistant", content: "Ok", thinking_blocks },
      user("Go"),
    ];
    const { status, body } = await complete(client, messages);
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toMatch(/hidden|thinking_blocks/);
    expect(body.choices[0].finish_reason).toBe(type === "block" ? "content_filter" : "stop");
  },
);
