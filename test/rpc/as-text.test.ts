import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { accountRpc } from "../../src/account/account-client.ts";
import { Account } from "../../src/account/account.ts";
import type { AnyMethod } from "../../src/account/rpc/facet.ts";
import { FACETS } from "../../src/account/rpc/facets.ts";
import type { RequestContext } from "../../src/observe/request-context.ts";
import type { Maintained } from "../../src/directory/failing-maintenance.ts";
import { maintainAccount } from "../../src/jobs/maintain.ts";
import { callObject } from "../../src/rpc/call.ts";
import { serveInContext } from "../../src/rpc/carry-context.ts";

import { currentContext, runInContext } from "../../src/observe/request-context.ts";
import { sendAsText, serveAsText } from "../../src/rpc/as-text.ts";

const CONTEXT = { request_id: "r1" };

it("a call as JSON brings its arguments, its result and the caller's context", async () => {
  const texts: unknown[] = [];
  const stub = {
    async "echo.json"(text: string) {
      const reply = await serveAsText(text, { account_id: "acme" }, async (args) => ({
        args,
        context: currentContext(),
      }));
      texts.push(text, reply);
      return reply;
    },
  };
  const args = [null, { text: "é\u0000\u2028\ud800", count: 12345678901234567000 }, 7];
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
      return { args: given.slice(1) };
    },
    "echo.json": (text: string) => serveAsText(text, {}, async () => ({ long })),
  };
  expect(await sendAsText(stub, "echo", [{ long }])).toEqual({ args: [{ long }] });
  expect(sent).toEqual([currentContext(), { long }]);
  expect(await sendAsText(stub, "echo", ["short"])).toEqual({ long });
});

it("a value with a bigint crosses field by field, in each direction", async () => {
  const id = 12345678901234567890n;
  const stub = {
    echo: async (_context: unknown, ...args: unknown[]) => ({ args }),
    "echo.json": (text: string) => serveAsText(text, {}, async () => ({ items: [{ id }] })),
  };
  expect(await sendAsText(stub, "echo", [[{ id }]])).toEqual({ args: [[{ id }]] });
  expect(await sendAsText(stub, "echo", ["plain"])).toEqual({ items: [{ id }] });
});

it("a call outside of any request has no context", async () => {
  const stub = {
    "echo.json": (text: string) => serveAsText(text, {}, async (args) => [args, currentContext()]),
  };
  expect(await sendAsText(stub, "echo", ["x"])).toEqual([["x"], null]);
});

it("a call that rejects rejects here, with the runtime's error untouched", async () => {
  const failed = Object.assign(new Error("lost"), { retryable: true });
  await expect(sendAsText({ "call.json": () => Promise.reject(failed) }, "call", [])).rejects.toBe(
    failed,
  );
});

it("an object also takes a call in the other form", async () => {
  const stub = env.CONVERSATIONS.getByName(`as-text-${crypto.randomUUID()}`);
  const methods = stub as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const begin = { new_session_id: "s1", models: ["local"], input: "Hi", on_busy: "queue" };
  const args = [null, begin, Date.now()];
  const plain = await methods["turns.begin"]?.(CONTEXT, ...args);
  expect(plain).toMatchObject({ ok: true, value: { kind: "begun" } });
  const text = await methods["turns.begin.json"]?.(
    JSON.stringify([CONTEXT, null, { ...begin, new_session_id: "s2" }, Date.now()]),
  );
  expect(JSON.parse(String(text))).toMatchObject({ ok: true, value: { kind: "begun" } });
});

const unknown = (name: string) => async () => {
  throw new TypeError(`The RPC receiver does not implement the method "${name}".`);
};

const begin = (new_session_id: string) => ({
  new_session_id,
  models: ["local"],
  input: "Hi",
  on_busy: "queue" as const,
});
const outcome = {
  status: "completed",
  output: "Hello",
  model: "local",
  usage: null,
} as never;

/** The methods of an object as the version before served them: their arguments are no text. */
function earlierObject(account: Account): {
  object: never;
  known: Map<string, unknown>;
  calls: string[];
} {
  const calls: string[] = [];
  const methods = Object.entries<Record<string, AnyMethod>>(FACETS).flatMap(([facet, named]) =>
    Object.entries(named).map(([name, { serve }]) => {
      const rpc = `${facet}.${name}`;
      const method = (context: RequestContext | null, ...args: unknown[]) => {
        calls.push(rpc);
        return serveInContext(context, { account_id: "acme" }, () =>
          serve(rpc, account, args as never),
        );
      };
      return [rpc, method] as const;
    }),
  );
  const known = new Map<string, unknown>(methods);
  const object = new Proxy({}, { get: (_, name: string) => known.get(name) ?? unknown(name) });
  return { object: object as never, known, calls };
}

describe("while two versions of the Worker are deployed", () => {
  it("a Worker of the new one begins and settles turns in an object of the one before", async () => {
    const stub = env.CONVERSATIONS.getByName(`as-text-${crypto.randomUUID()}`);
    await runInDurableObject(stub, async (_object, state) => {
      const { object, calls } = earlierObject(new Account(state, env));
      const { turns, sessions } = accountRpc(object);
      const begun = await callObject(() => turns.begin(null, begin("s"), Date.now()));
      if (begun.kind !== "begun") throw new Error("the turn was not begun");
      await callObject(() => turns.settle(begun.turn, outcome, Date.now()));
      expect(await callObject(() => sessions.get(null, "s"))).toMatchObject({ turns: 1 });
      expect(calls.filter((name) => name.startsWith("turns."))).toEqual([
        "turns.begin",
        "turns.settle",
      ]);
    });
  });

  it("a Worker of the one before begins and settles turns in an object of the new one", async () => {
    const stub = env.CONVERSATIONS.getByName(`as-text-${crypto.randomUUID()}`);
    const methods = stub as unknown as Record<string, (...args: unknown[]) => Promise<any>>;
    const begun = await methods["turns.begin"]?.(CONTEXT, null, begin("s"), Date.now());
    expect(begun).toMatchObject({ ok: true, value: { kind: "begun" } });
    const settled = await methods["turns.settle"]?.(CONTEXT, begun.value.turn, outcome, Date.now());
    expect(settled).toMatchObject({ ok: true });
    expect(await callObject(() => accountRpc(stub).sessions.get(null, "s"))).toMatchObject({
      turns: 1,
    });
  });

  it("a method that the object does not have is refused, and may be tried again", async () => {
    const { object, known } = earlierObject({} as Account);
    known.delete("turns.begin");
    await expect(
      callObject(() => accountRpc(object).turns.begin(null, begin("s"), Date.now())),
    ).rejects.toMatchObject({ code: "storage_unavailable" });
  });

  // Its argument was a limit and its result a list, before imports came in pages.
  it("a list of imports is refused in both directions, and may be tried again", async () => {
    const stub = env.CONVERSATIONS.getByName(`as-text-${crypto.randomUUID()}`);
    const methods = stub as unknown as Record<string, (...args: unknown[]) => Promise<any>>;
    // Awaited, for a promise of its own: the one of an RPC can be called, and so Vitest takes it for a function.
    const byEarlierWorker = async () => await methods["transfer.listImports"]!(CONTEXT, null, 50);
    await expect(byEarlierWorker()).rejects.toThrow("does not implement");
    const { object, known } = earlierObject({} as Account);
    known.set("transfer.listImports", async () => ({ ok: true, value: [] }));
    known.delete("transfer.pageImports");
    const query = { limit: 50, order: "desc" } as const;
    const ofEarlierObject = () => accountRpc(object).transfer.pageImports(null, query);
    for (const call of [byEarlierWorker, ofEarlierObject])
      await expect(callObject(call)).rejects.toMatchObject({ code: "storage_unavailable" });
  });

  it("an account is maintained whose object does not tell which steps failed", async () => {
    const account_id = `as-text-${crypto.randomUUID()}`;
    const stub = env.CONVERSATIONS.getByName(account_id);
    const send =
      (name: string) =>
      async (...args: unknown[]) => {
        const methods = stub as unknown as Record<string, (...args: unknown[]) => Promise<any>>;
        const reply = await methods[name]!(...args);
        if (name === "archives.maintain") delete reply.value.failed_steps;
        return reply;
      };
    const object = new Proxy({}, { get: (_, name: string) => send(name) });
    const earlier = { ...env, CONVERSATIONS: { getByName: () => object } } as unknown as Env;
    const noted: Maintained[] = [];
    const job = { account_id, now: Date.now() };
    expect(await maintainAccount(earlier, job, (each) => noted.push(each))).toEqual({
      complete: true,
      errors: 0,
    });
    expect(noted).toMatchObject([{ errors: 0, failed_steps: [], complete: true }]);
  });

  it("the runtime says of a method that an object lacks what is looked for", async () => {
    const stub = env.CONVERSATIONS.getByName(`as-text-${crypto.randomUUID()}`);
    const sent = sendAsText(stub, "sessions.get", [null, "s"]);
    // That method takes no text: it is called field by field.
    expect(await sent).toMatchObject({ ok: false, error: { code: "session_not_found" } });
  });
});
