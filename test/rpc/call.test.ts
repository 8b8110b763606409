import { describe, expect, it } from "vitest";

import { ok } from "../../src/shared/errors.ts";
import { callAccount } from "../../src/account/account-client.ts";
import type { AccountRpc } from "../../src/account/rpc/facets.ts";
import type { OpenTurn } from "../../src/account/conversation/turn-contract.ts";

const call = (account: AccountRpc) => account.turns.renew({} as OpenTurn);

/** An object that is away the first time, and what the runtime says of that. */
function flaky(failure: object) {
  const calls: string[] = [];
  const renew = (name: string) => {
    calls.push(name);
    return calls.length === 1
      ? Promise.reject(Object.assign(new Error("broken"), failure))
      : Promise.resolve(ok("there"));
  };
  const env = {
    CONVERSATIONS: { getByName: (name: string) => ({ "turns.renew": () => renew(name) }) },
  } as unknown as Pick<Env, "CONVERSATIONS">;
  return { env, calls };
}

describe("an object that cannot be reached", () => {
  it("is tried again where the runtime says that this may help", async () => {
    const { env, calls } = flaky({ retryable: true });
    expect(await callAccount(env, "a", call)).toBe("there");
    expect(calls).toEqual(["a", "a"]);
  });

  it.each([
    ["that it is overloaded", { retryable: true, overloaded: true }],
    ["nothing of the kind", {}],
  ])("is left alone where it says %s", async (_, failure) => {
    const { env, calls } = flaky(failure);
    await expect(callAccount(env, "a", call)).rejects.toMatchObject({
      code: "storage_unavailable",
    });
    expect(calls).toHaveLength(1);
  });
});
