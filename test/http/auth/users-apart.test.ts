import { describe, expect, it } from "vitest";

import { accountRpc } from "../../../src/account/account-client.ts";
import type { BeginRequest } from "../../../src/account/conversation/turn-contract.ts";
import { unwrap } from "../../../src/shared/errors.ts";
import { Client, freshAccount } from "../../support/client.ts";
import { DONE, withDesk } from "../../support/desk.ts";
import { keyHolder } from "../../support/keys.ts";

const NOW = Date.UTC(2026, 6, 1, 12);

/** Two users of one account, each with a key of their own, and the account's. */
async function users() {
  const account = freshAccount();
  const holder = async (more: object) =>
    (await keyHolder(["query", "read", "manage"], account, more)).client;
  return {
    all: await holder({}),
    ann: await holder({ user_id: "ann" }),
    bob: await holder({ user_id: "bob" }),
  };
}
const ask = (client: Client, query: string, key: string, more: object = {}) =>
  client.post("/query", { body: { query, ...more }, headers: { "idempotency-key": key } });

const make = (client: Client, topic: string) =>
  client.post("/v1/conversations", {
    body: { metadata: { topic } },
    headers: { "idempotency-key": "k" },
  });
const of = (user_id: string): Partial<BeginRequest> => ({
  caller: { key: null, user_id },
  user_id,
  session_id: "hers",
  on_busy: "reject",
});

describe("an idempotency key", () => {
  it("is a user's own: another's with the same key never meets it", async () => {
    const { all, ann, bob } = await users();
    const first = await ask(ann, "My name is Ann", "k");
    const others = [await ask(bob, "My name is Bob", "k"), await ask(all, "Hello", "k")];
    expect([first, ...others].map(({ status }) => status)).toEqual([200, 200, 200]);
    const calls = [first, ...others].map(({ body }) => body.call_id);
    expect(new Set(calls).size).toBe(3);
    // Each is repeated to the caller that sent it.
    expect((await ask(ann, "My name is Ann", "k")).body.call_id).toBe(calls[0]);
    expect((await ask(bob, "My name is Bob", "k")).body.call_id).toBe(calls[1]);
    expect((await ask(all, "Hello", "k")).body.call_id).toBe(calls[2]);
    expect(await ask(bob, "Something else", "k")).toMatchObject({
      status: 422,
      body: { code: "idempotency_mismatch" },
    });
  });

  it("is a user's own in /v1, too", async () => {
    const { ann, bob } = await users();
    const [hers, his] = [await make(ann, "tea"), await make(bob, "coffee")];
    expect([hers.status, his.status]).toEqual([200, 200]);
    expect(his.body.id).not.toBe(hers.body.id);
    expect((await make(ann, "tea")).body.id).toBe(hers.body.id);
  });

  it("from before keys were the users' own is still repeated to its user", () =>
    withDesk(async ({ begin, lifecycle, db }) => {
      const caller = { key: null, user_id: "ann" };
      const request = {
        caller,
        user_id: "ann",
        session_id: "s",
        idempotency: { key: "k", hash: "h" },
      };
      const begun = await begin(request);
      if (begun.kind !== "begun") throw new Error("not begun");
      await lifecycle.settle(begun.turn, DONE, NOW);
      db.run("update idempotency set key = 'k'");
      expect((await begin(request)).kind).toBe("replay");
      const other = { ...request, caller: { key: null, user_id: "bob" }, session_id: "t" };
      expect((await begin({ ...other, user_id: "bob" })).kind).toBe("begun");
    }));
});

describe("a foreign session", () => {
  it("looks like none, live or erased", async () => {
    const { all, ann, bob } = await users();
    await ann.ask("Hi", { session_id: "hers" });
    const none = { status: 404, body: { code: "session_not_found" } };
    expect(await bob.ask("Hi", { session_id: "hers" })).toMatchObject(none);
    expect((await ann.call("DELETE", "/sessions/hers")).status).toBe(200);
    expect(await bob.ask("Hi", { session_id: "hers" })).toMatchObject(none);
    expect((await bob.call("DELETE", "/sessions/hers")).status).toBe(404);
    for (const client of [ann, all])
      expect(await client.ask("Hi", { session_id: "hers" })).toMatchObject({
        status: 410,
        body: { code: "session_erased" },
      });
  });

  it("is refused under /v1 in the words for a conversation that never was", async () => {
    const { ann, bob } = await users();
    await ann.ask("Hi", { session_id: "hers" });
    const told = async (conversation: string) => {
      const asked = { input: "Hi", conversation };
      const posts: [string, object][] = [
        ["/v1/responses", asked],
        ["/v1/responses", { ...asked, store: false }],
        ["/v1/responses/input_tokens", asked],
        [`/v1/conversations/${conversation}/items`, { items: [{ role: "user", content: "Hi" }] }],
      ];
      return Promise.all(
        posts.map(async ([path, body]) => {
          const { status, body: reply } = await bob.call("POST", path, { body });
          return { status, reply };
        }),
      );
    };
    const never = await told("never");
    expect(never.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(await told("hers")).toEqual(never);
    await ann.call("DELETE", "/sessions/hers");
    expect(await told("hers")).toEqual(never);
  });

  it("looks like none when its user was erased while its first turn was on its way", async () => {
    const { ann, bob, all } = await users();
    const request = { session_id: "hers", new_session_id: "x", user_id: "ann", input: "Hi" };
    unwrap(
      await accountRpc(ann.object).turns.begin(
        { key: null, user_id: "ann" },
        { ...request, models: ["local"], on_busy: "queue" },
        NOW,
      ),
    );
    await all.call("DELETE", "/users/ann");
    expect((await bob.ask("Hi", { session_id: "hers" })).status).toBe(404);
    expect((await ann.ask("Hi", { session_id: "hers" })).status).toBe(410);
  });

  it.each(["written", "begun"])("has no line for others: a session that is %s", (state) =>
    withDesk(async ({ begin, lifecycle, settled }) => {
      if (state === "written") await settled(of("ann"));
      const open = await begin({ ...of("ann"), on_busy: "reject" });
      if (open.kind !== "begun") throw new Error("not begun");
      const refused = { code: "session_not_found" };
      for (const on_busy of ["queue", "reject"] as const)
        await expect(begin({ ...of("bob"), on_busy })).rejects.toMatchObject(refused);
      // A service that names another user is told which field is wrong, and does not wait either.
      const service = { session_id: "hers", user_id: "bob", on_busy: "queue" as const };
      await expect(begin(service)).rejects.toMatchObject({ code: "invalid_request" });
      await lifecycle.settle(open.turn, DONE, NOW);
      expect((await begin({ ...of("ann"), on_busy: "reject" })).kind).toBe("begun");
    }),
  );

  it("is not made busy by others' turns", () =>
    withDesk(async ({ begin, settled }) => {
      await settled(of("ann"));
      const foreign = Array.from({ length: 20 }, () => begin(of("bob")).catch(() => null));
      expect((await begin(of("ann"))).kind).toBe("begun");
      expect(await Promise.all(foreign)).toEqual(Array.from({ length: 20 }, () => null));
    }));
});
