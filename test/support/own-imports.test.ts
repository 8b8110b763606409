import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";

import { freshAccount, objectOf } from "./client.ts";

it("lets objects that import a module at once go on as themselves", async () => {
  const objects = Array.from({ length: 4 }, () => objectOf(freshAccount()));
  // They are awake.
  const ids = await Promise.all(
    objects.map((stub) => runInDurableObject(stub, (_, { id }) => id.toString())),
  );
  const seen = await Promise.all(
    objects.map((stub) =>
      runInDurableObject(stub, async (_, { id, storage }) => {
        // It has others below it, and takes a while.
        const { retrying } = await import("../../src/outbound/retry.ts");
        storage.sql.exec("create table imported as select 1 as one");
        await scheduler.wait(1);
        const row = storage.sql.exec("select one from imported").one();
        return { id: id.toString(), row, is: typeof retrying };
      }),
    ),
  );
  expect(seen).toEqual(ids.map((id) => ({ id, row: { one: 1 }, is: "function" })));
}, 20_000);
