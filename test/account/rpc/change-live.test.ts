import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

import { Account } from "../../../src/account/account.ts";
import { callsFacet } from "../../../src/account/rpc/calls.ts";
import { responsesFacet } from "../../../src/account/rpc/responses.ts";
import { sessionsFacet } from "../../../src/account/rpc/sessions.ts";
import { callId, turnId } from "../../../src/shared/ids.ts";
import type { Result } from "../../../src/shared/errors.ts";
import { Client } from "../../support/client.ts";

const FIRST_ITEM = { limit: 1, order: "asc" } as const;

/** Each erases something of the first of three turns. */
const CHANGES = {
  "DELETE /v1/responses/{id}": (account: Account, now: number) =>
    responsesFacet.delete.serve("", account, [null, turnId(1, 1), now]),
  "DELETE /calls/{id}": (account: Account, now: number) =>
    callsFacet.erase.serve("", account, [null, callId(turnId(1, 1)), now]),
  "DELETE /v1/conversations/{id}/items/{id}": async (account: Account, now: number) => {
    const read = await sessionsFacet.items.serve("", account, [null, "s", FIRST_ITEM, now]);
    if (!read.ok) throw new Error(read.error.code);
    const id = read.value.data[0]?.id ?? "";
    return sessionsFacet.removeItem.serve("", account, [null, "s", id, now]);
  },
};

describe("a change that waits for its turn while the session is archived", () => {
  it.each(Object.entries(CHANGES))("%s erases its own part and no other", async (_, change) => {
    const client = new Client();
    for (const text of ["apricot", "quince", "medlar"]) await client.ask(text, { session_id: "s" });
    await evictDurableObject(client.object);
    await runInDurableObject(client.object, async (__, ctx) => {
      const account = new Account(ctx, env);
      const now = Date.now();
      const run = vi.spyOn(account.archiving, "run");
      const gate = Promise.withResolvers<void>();
      const archived = account.archiving.run(async () => {
        await gate.promise;
        await account.services.archivist.archiveNow(account.find(null, "s"), now);
        expect(account.find(null, "s").segment).not.toBeNull();
      });
      const changed: Promise<Result<unknown>> = change(account, now);
      await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
      gate.resolve();
      await archived;
      expect(await changed).toMatchObject({ ok: true });
    });
    await evictDurableObject(client.object);
    const { body } = await client.get("/sessions/s/turns");
    const told = JSON.stringify(body.data);
    expect(told).not.toContain('"apricot"');
    for (const word of ["quince", "medlar"]) {
      expect(told).toContain(word);
      expect((await client.get(`/search?q=${word}`)).body.data).not.toEqual([]);
    }
    expect((await client.get("/storage-stats")).body.total_turns).toBe(3);
  });
});
