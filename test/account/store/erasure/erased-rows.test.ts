import { expect, it } from "vitest";

import { countRowsOf } from "../../../../src/account/store/erasure/erased-rows.ts";
import { segmentsInUse, staleSegments } from "../../../../src/account/store/archive/archives.ts";
import type { Database } from "../../../../src/sqlite/database.ts";
import { withShelf } from "../../../support/archive.ts";
import { largestTurn } from "../../../support/rows-a-turn.ts";

const SESSIONS = 24_000;
/** Fewer than there are sessions, so that a look at all of them in one go is found. A slice reads 15,000. */
const MAX_ROWS = 20_000;

/** Each has an idempotency key; the last one lies in segment 2, and the others in segment 1. */
function fill(db: Database): void {
  const numbers = `with recursive n(value) as (select 1 union all select value + 1 from n where value < ${SESSIONS})`;
  db.run(
    `${numbers} insert into sessions (key, session_id, created_at, accessed_at, flags, segment, member, turns)
     select value, 's-' || value, 0, 0, 0, iif(value = ${SESSIONS}, 2, 1), 0, 0 from n`,
  );
  db.run(
    `${numbers} insert into idempotency select 'k' || value, '', value * 1048576 + 1, 0 from n`,
  );
  db.run(
    "insert into segments (object_key, bytes, members) values ('a', 1, '[]'), ('b', 1, '[]'), ('c', 1, '[]')",
  );
  db.run("insert into stale_copies values (1, 3)");
}

it("looks for rows without an index a slice at a time, and finds each once", () =>
  withShelf(async ({ db }) => {
    fill(db);
    const found: unknown[] = [];
    for (const look of [
      // A session and a key each, and a stale copy.
      () => countRowsOf(db, [1, 2, 6_000, SESSIONS]),
      async () => [...(await segmentsInUse(db, [1, 2, 3]))],
      async () => [...(await segmentsInUse(db, [1, 2, 3], [SESSIONS]))],
      async () => (await staleSegments(db)).map(({ object_key }) => object_key),
    ]) {
      const { rows, statement } = await largestTurn(async () => found.push(await look()));
      expect([rows < MAX_ROWS, rows, statement]).toEqual([true, rows, statement]);
    }
    expect(found).toEqual([4 * 2 + 1, [1, 2], [1], ["c"]]);
  }));
