import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

import { listArchivedCalls } from "../../../src/account/calls/list-archived.ts";
import { findSession } from "../../../src/account/store/sessions/sessions.ts";
import { turnId } from "../../../src/shared/ids.ts";
import { HOUR_MS } from "../../../src/shared/time.ts";
import { THEN, failingBucket, openTurnOf, withShelf } from "../../support/archive.ts";

const LEASE = { extra: { lease: { token: "t", until: THEN + HOUR_MS } } };

it.each([
  ["is on its way", THEN, "in_progress"],
  ["lost its worker", THEN + 2 * HOUR_MS, "abandoned"],
])("lists a question that %s where its session came back meanwhile", async (_, now, status) => {
  await withShelf(async (shelf) => {
    const { db, turns } = shelf;
    shelf.add("s", ["first"]);
    await shelf.archivist().archiveNow(findSession(db, "s")!, THEN);
    let reads = 0;
    const get = async (objectKey: string, options?: R2GetOptions) => {
      reads += 1;
      if (reads === 1) {
        await shelf.archivist().restore("s", THEN);
        turns.insert(openTurnOf(turnId(1, 2), "second", LEASE));
        await env.ARCHIVE.delete(objectKey);
      }
      return env.ARCHIVE.get(objectKey, options);
    };
    const tools = shelf.tools({ ...failingBucket(0, "before").bucket, get });
    const { data } = await listArchivedCalls(tools, {}, { limit: 10, order: "asc" }, now);
    expect(reads).toBeGreaterThan(0);
    expect(data.map((call) => call.status)).toEqual(["completed", status]);
  });
});
