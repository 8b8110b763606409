import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";

import { unwrap } from "../../../../src/shared/errors.ts";
import { freshAccount, objectOf } from "../../../support/client.ts";
import { accountRpc } from "../../../../src/account/account-client.ts";

const NOW = Date.UTC(2026, 5, 1, 12);
const REQUEST = { backup_id: "backup_1", session_ids: null, reason: "request" } as const;

/** @returns whether the backup was begun although the `nth` statement failed: there were fewer */
const beginFailing = (nth: number): Promise<boolean> =>
  runInDurableObject(objectOf(freshAccount()), async (object, { storage: { sql } }) => {
    const { exec } = Object.getPrototypeOf(sql) as { exec: (...args: unknown[]) => unknown };
    const own: { exec?: unknown } = sql;
    let statements = 0;
    own.exec = (...args: unknown[]) => {
      statements += 1;
      if (statements === nth) throw new Error("The disk is full");
      return exec.apply(sql, args);
    };
    const { ok } = await accountRpc(object).backups.begin(null, REQUEST, NOW);
    delete own.exec;
    expect(unwrap(await accountRpc(object).backups.running())).toBe(ok ? "backup_1" : null);
    return ok;
  });

it("begins a backup wholly or not at all, whichever statement fails", async () => {
  let nth = 1;
  while (!(await beginFailing(nth))) nth += 1;
  expect(nth).toBeGreaterThan(2);
});
