import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterAll, describe, expect, inject, it } from "vitest";

import { accountRpc } from "../../../src/account/account-client.ts";
import { MAX_TIME_MS } from "../../../src/shared/time.ts";
import { Client } from "../../support/client.ts";
import { Traveller, settleTravellers } from "../../support/traveller.ts";
import { DOORS, OPEN_DOORS, UNKNOWN_NAMES } from "./write-doors/doors.ts";
import {
  backUp,
  difference,
  exported,
  granted,
  repairedLines,
  restoreBackup,
  sessionIds,
  storedTurns,
  unreadable,
} from "./write-doors/kept.ts";
import { writeThroughAll } from "./write-doors/write.ts";

/**
 * Whatever a write door accepts survives archive and restore, backup and wipe and restore, export and import, to the
 * byte. More of it: `CASES=2400 SEED=7 npx vitest run --project worker test/account/archive/write-doors.test.ts`; with
 * `--reporter=json` each round's `meta` says how many writes each door accepted.
 */
const { seed, cases } = inject("wire");
/** At least so many that each door accepts one. */
const WRITES = Math.max(cases * 10, 150);
/** Of one account. */
const ROUND = 1_000;

const VARS = {
  MODEL: "local,openai/told",
  OPENAI_BASE_URL: inject("modelServer"),
  WHATSAPP_MESSAGES_A_MINUTE: "1000000",
};

afterAll(settleTravellers);

/** Everything but R2 is lost. */
async function wipe(client: Client): Promise<void> {
  await runInDurableObject(client.object, (_, { storage }) => storage.deleteAll());
  await evictDurableObject(client.object);
}

/** A sweep far in the future archives everything that a clock can reach. @returns what it could not archive */
async function archiveAll(client: Client): Promise<number> {
  let errors = 0;
  for (let after: number | null = 0; after !== null;) {
    const batch = {
      now: MAX_TIME_MS,
      older_than_ms: 0,
      after,
      so_far: { deleted: 0, errors: 0, bytes: 0 },
    };
    const swept: { cursor: number | null; errors: number } = granted(
      await accountRpc(client.object).archives.sweep(null, batch),
    );
    errors += swept.errors;
    after = swept.cursor;
  }
  return errors;
}

describe("the doors", () => {
  it("are all that write, but for those that are named, which are there", () => {
    expect(UNKNOWN_NAMES).toEqual([]);
    expect(DOORS.map(({ id }) => id)).toContain("createResponse");
    // A message's status is of no session.
    expect(OPEN_DOORS.toSorted()).toEqual(["noteWhatsAppStatus", "receiveWhatsApp"]);
  });
});

describe(`${WRITES} writes through every door, with the seed ${seed}`, () => {
  const rounds = Array.from({ length: Math.ceil(WRITES / ROUND) }, (_none, round) => round);
  it.for(rounds)(
    "are what they were after archive, backup and export (%i)",
    { timeout: 1_200_000 },
    async (round, { task }) => {
      const traveller = new Traveller(VARS);
      const client = new Client(VARS, traveller.account);
      const writes = Math.min(WRITES, ROUND);
      const accepted = await writeThroughAll(client, traveller, seed * 100 + round, writes);
      const all = Object.values(accepted).reduce((sum, count) => sum + count, 0);
      Object.assign(task.meta, { seed, all, accepted });
      const unused = Object.keys(accepted).filter((door) => accepted[door] === 0);
      expect(unused).toEqual([]);
      const [before, stored] = [await exported(client), await storedTurns(client)];
      expect(before.at(-1)).toMatch(/^\{"type":"end"/);
      expect(repairedLines(before)).toEqual([]);
      const ids = sessionIds(before);
      expect(await unreadable(client, ids)).toEqual([]);

      const other = new Client();
      const imported = await other.post("/import", { body: before.join("\n") });
      expect(imported.body).toMatchObject({ status: "complete", problem_count: 0 });
      expect(difference(before, await exported(other))).toBeNull();

      expect((await backUp(client, "backup_1")).skipped ?? []).toEqual([]);
      await wipe(client);
      expect(granted(await accountRpc(client.object).archives.reindex()).errors).toEqual([]);
      expect((await restoreBackup(client, "backup_1", "replace")).complete).toBe(true);
      expect(difference(before, await exported(client))).toBeNull();
      expect(difference(stored, await storedTurns(client))).toBeNull();

      expect(await archiveAll(client)).toBe(0);
      expect(difference(before, await exported(client))).toBeNull();
      expect(await unreadable(client, ids)).toEqual([]);
      for (const id of ids) {
        const restored = await client.fetch("POST", `/archives/${encodeURIComponent(id)}/restore`);
        await restored.arrayBuffer();
        if (restored.status !== 200) throw new Error(`${id} is not restored: ${restored.status}`);
      }
      expect(difference(before, await exported(client))).toBeNull();

      // Restored over what is there, the backup finds nothing to change.
      expect((await restoreBackup(client, "backup_1", "fail")).conflicts).toEqual([]);
    },
  );
});
