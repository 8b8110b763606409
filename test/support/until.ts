import { runInDurableObject } from "cloudflare:test";
import { expect, vi } from "vitest";

import type { objectOf } from "./client.ts";

type Stub = ReturnType<typeof objectOf>;

/** As long as a busy machine may take. */
export const PATIENCE = { timeout: 60_000, interval: 5 };

/** Waits until an object's SQLite has such a row. @param where - a table and a condition */
export const untilRow = (object: Stub, where: string): Promise<void> =>
  vi.waitFor(
    () =>
      runInDurableObject(object, (_, { storage: { sql } }) => {
        expect(sql.exec(`select 1 from ${where}`).toArray()).toHaveLength(1);
      }),
    PATIENCE,
  );

/** Waits until the directory was told of the account, which the account's object notes in a row. */
export const untilListed = (object: Stub): Promise<void> =>
  untilRow(object, `account where name = 'directory' and value != '"pending"'`);

/** Looks at a queue this often, in ms, and so many times. */
const LOOK_MS = 20;
const LOOKS = 1_000;

/** Waits until no job of a queue waits, but not for one that is retried much later. */
export async function untilIdle(queue: Queue): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    if ((await queue.metrics()).backlogCount === 0) return;
    await scheduler.wait(LOOK_MS);
  }
}
