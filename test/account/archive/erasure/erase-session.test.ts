import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";

import { unwrap } from "../../../../src/shared/errors.ts";
import type { BeginRequest } from "../../../../src/account/conversation/turn-contract.ts";
import { freshAccount, objectOf } from "../../../support/client.ts";
import { DONE } from "../../../support/desk.ts";
import { accountRpc } from "../../../../src/account/account-client.ts";

const NOW = Date.UTC(2026, 5, 1, 12);
const ASKED: BeginRequest = {
  session_id: "s",
  new_session_id: "fresh",
  models: ["local"],
  input: "Hi",
  on_busy: "queue",
};

it("leaves nothing of a turn that is settled while its session is erased", async () => {
  // The settle is to come when the erasure is done and has not returned yet: some milliseconds after the last commit.
  for (const wait of [0, 20, 40, 60]) {
    await runInDurableObject(objectOf(freshAccount()), async (object, { storage }) => {
      const ask = async () => {
        const begun = unwrap(await accountRpc(object).turns.begin(null, ASKED, NOW));
        if (begun.kind !== "begun") throw new Error("a replay");
        return accountRpc(object).turns.settle(begun.turn, DONE, NOW);
      };
      unwrap(await ask());
      await scheduler.wait(wait);
      const [, erased] = await Promise.all([
        ask(),
        accountRpc(object).erasure.eraseSession(null, "s", NOW),
      ]);
      unwrap(erased);
      expect(storage.sql.exec("select * from turns").toArray()).toEqual([]);
      expect(unwrap(await accountRpc(object).settings.stats(null, NOW))).toMatchObject({
        turns: 0,
        messages: 0,
      });
    });
  }
});
