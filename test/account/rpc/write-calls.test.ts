import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

import { Account } from "../../../src/account/account.ts";
import type { CallWrite } from "../../../src/account/conversation/external-calls.ts";
import { callsFacet } from "../../../src/account/rpc/calls.ts";
import { Client } from "../../support/client.ts";

const callAt = (now: number): CallWrite => ({
  session_id: "s",
  status: "completed",
  created_at: now,
  duration_ms: null,
  model: null,
  input_tokens: null,
  output_tokens: null,
  input: "apricot",
  output: "quince",
  call: {},
});

const ANSWERED = {
  status: "completed",
  model: "local",
  input_tokens: null,
  output_tokens: null,
  duration_ms: 1,
} as const;

/** Writes a call into the session "s" of one turn, and does something else while the call waits for its commit. */
async function whileACallWaits(
  client: Client,
  meanwhile: (account: Account, now: number) => Promise<unknown>,
): Promise<unknown> {
  await client.ask("Hi", { session_id: "s" });
  await evictDurableObject(client.object);
  return runInDurableObject(client.object, async (_, ctx) => {
    const account = new Account(ctx, env);
    const now = Date.now();
    const { commits } = account.services;
    const run = commits.run.bind(commits);
    const waits = vi.spyOn(commits, "run").mockImplementationOnce(async (write) => {
      await meanwhile(account, now);
      return run(write);
    });
    const result = await callsFacet.create.serve("", account, [null, callAt(now), now]);
    expect(waits).toHaveBeenCalled();
    return result;
  });
}

describe("a call that waits for its commit", () => {
  it("brings the session back that a sweep archives meanwhile", async () => {
    const client = new Client();
    const result = await whileACallWaits(client, async (account, now) => {
      await account.services.archivist.archiveNow(account.find(null, "s"), now);
      expect(account.find(null, "s").segment).not.toBeNull();
    });
    expect(result).toMatchObject({ ok: true, value: { created: true } });
    await evictDurableObject(client.object);
    const { body } = await client.get("/sessions/s/turns?order=asc");
    expect(body.data).toMatchObject([{ input: "Hi" }, { input: "apricot", output: "quince" }]);
  });

  it("is refused when an erasure of the account begins meanwhile", async () => {
    const client = new Client();
    const result = await whileACallWaits(client, async (account) => account.beginErasing());
    expect(result).toMatchObject({ ok: false, error: { code: "storage_unavailable" } });
  });

  it("is refused when the account is erased meanwhile, and leaves nothing", async () => {
    const client = new Client();
    const result = await whileACallWaits(client, async (account) => {
      await account.ctx.storage.deleteAll();
      account.reopen();
    });
    expect(result).toMatchObject({ ok: false, error: { code: "storage_unavailable" } });
    await evictDurableObject(client.object);
    expect((await client.get("/sessions/s")).status).toBe(404);
  });
});

describe("calls of two sessions whose turns are begun and not written", () => {
  it("leave the first one's turn as it was, when the second one's cannot be written", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "other" });
    await evictDurableObject(client.object);
    await runInDurableObject(client.object, async (_, ctx) => {
      const account = new Account(ctx, env);
      const { lifecycle } = account.services;
      const now = Date.now();
      const begun = await lifecycle.begin(
        {
          session_id: "s",
          new_session_id: "new",
          input: "medlar",
          models: ["local"],
          on_busy: "reject",
        },
        now,
      );
      if (begun.kind !== "begun") throw new Error(begun.kind);
      const flush = lifecycle.flush.bind(lifecycle);
      vi.spyOn(lifecycle, "flush").mockImplementation((sessionId) => {
        if (sessionId === "other") throw new Error("the disk is full");
        flush(sessionId);
      });
      const writes = [callAt(now), { ...callAt(now), session_id: "other" }];
      const result = await callsFacet.write.serve("", account, [null, writes, now]);
      expect(result).toMatchObject({ ok: false, error: { code: "storage_unavailable" } });
      await lifecycle.settle(begun.turn, { ...ANSWERED, output: "loquat" }, now);
    });
    await evictDurableObject(client.object);
    const { body } = await client.get("/sessions/s/turns");
    expect(body.data).toMatchObject([{ input: "medlar", output: "loquat" }]);
  });
});
