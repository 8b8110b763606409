import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

import { currentContext, runInContext } from "../../src/observe/request-context.ts";
import { sendAsText, serveAsText } from "../../src/rpc/as-text.ts";

const CONTEXT = { request_id: "r1" };

it("a call as JSON brings its arguments, its result and the caller's context", async () => {
  const texts: unknown[] = [];
  const stub = {
    async echo(text: string) {
      const reply = await serveAsText(text, { account_id: "acme" }, async (args) => ({
        args,
        context: currentContext(),
      }));
      texts.push(text, reply);
      return reply;
    },
  };
  const args = [null, { text: "é\u0000\u2028\ud800", id: 12345678901234567890n }, 7];
  const reply = await runInContext(CONTEXT, () => sendAsText(stub, "echo", args));
  expect(reply).toEqual({ args, context: { ...CONTEXT, account_id: "acme" } });
  expect(texts.every((text) => typeof text === "string")).toBe(true);
});

it("a long value crosses field by field, in each direction", async () => {
  const long = "x".repeat(1024 * 1024 + 1);
  const sent: unknown[] = [];
  const stub = {
    async echo(...given: unknown[]) {
      sent.push(...given);
      return typeof given[0] === "string"
        ? serveAsText(given[0], {}, async () => ({ long }))
        : { args: given.slice(1) };
    },
  };
  expect(await sendAsText(stub, "echo", [{ long }])).toEqual({ args: [{ long }] });
  expect(sent).toEqual([currentContext(), { long }]);
  expect(await sendAsText(stub, "echo", ["short"])).toEqual({ long });
});

it("a call outside of any request has no context", async () => {
  const stub = {
    echo: (text: string) => serveAsText(text, {}, async (args) => [args, currentContext()]),
  };
  expect(await sendAsText(stub, "echo", ["x"])).toEqual([["x"], null]);
});

it("a call that rejects rejects here, with the runtime's error untouched", async () => {
  const failed = Object.assign(new Error("lost"), { retryable: true });
  await expect(sendAsText({ call: () => Promise.reject(failed) }, "call", [])).rejects.toBe(failed);
});

it("an object also takes a call in the other form", async () => {
  const stub = env.CONVERSATIONS.getByName(`as-text-${crypto.randomUUID()}`);
  const methods = stub as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const begin = { new_session_id: "s1", models: ["local"], input: "Hi", on_busy: "queue" };
  const args = [null, begin, Date.now()];
  const plain = await methods["turns.begin"]?.(CONTEXT, ...args);
  expect(plain).toMatchObject({ ok: true, value: { kind: "begun" } });
  const text = await methods["turns.begin"]?.(
    JSON.stringify([CONTEXT, null, { ...begin, new_session_id: "s2" }, Date.now()]),
  );
  expect(JSON.parse(String(text))).toMatchObject({ ok: true, value: { kind: "begun" } });
});
