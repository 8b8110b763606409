import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import * as fc from "fast-check";
import { expect, inject, it } from "vitest";

import { Database } from "../../src/sqlite/database.ts";
import { Client, DAY } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { largestTurn } from "../support/rows-a-turn.ts";

/** `npm run test:large` calls in several orders, and on more sessions. */
const isLarge = inject("isLarge");
const SESSIONS = isLarge ? 20_000 : 4_000;
const TURNS = isLarge ? 4 : 9;
/** So many are due for a sweep. */
const OLD = SESSIONS / 20;
/** Fewer than there are turns: what reads each of them in one go is found. A slice of analytics reads some 24,000. */
const MAX_ROWS = isLarge ? 60_000 : 30_000;
/** Three a session: the bound of calls that look at sessions alone. The most is 1.5 a session, by `stats`. */
const MAX_SESSION_ROWS = 3 * SESSIONS;
const OF_SESSIONS: ReadonlySet<string> = new Set([
  "stats",
  "try retention",
  "rare metadata",
  "dry run",
  "backup",
  "erase a user",
  "turn",
]);
const IMPORTED = 300;
const IMPORTED_TURNS = 4;
const HISTORIES = isLarge ? 2 : 0;

function fill(db: Database, now: number): void {
  db.run(
    `with recursive n(value) as (select 1 union all select value + 1 from n where value < ?)
     insert into sessions (key, session_id, created_at, accessed_at, flags)
     select value, 's-' || value, a.at, a.at, 0 from n
     join (select ?2 as at, 0 as is_old union all select ?2 - ${60 * DAY}, 1) a on a.is_old = (value <= ?3)`,
    SESSIONS,
    now - 2 * DAY,
    OLD,
  );
  db.run(
    `insert into session_details (key, user_id, metadata)
     select key, case when key % 500 then 'u' || key % 50 else 'erased' end,
       json_object('tenant', iif(key = 77, 'rare', 'usual')) from sessions`,
  );
  db.run(
    `with recursive n(value) as (select 1 union all select value + 1 from n where value < ?)
     insert into turns (id, status, created_at, input, output)
     select s.key * 1048576 + n.value, 1, s.accessed_at, 'Question ' || s.key, 'Answer ' || n.value
     from sessions s cross join n`,
    TURNS,
  );
  db.run("insert into account (name, value) values ('next_key', ?)", String(SESSIONS + 1));
}

/** Else files that come after this one, and have all accounts swept, would wait for this one. */
async function leave(client: Client): Promise<void> {
  await runInDurableObject(client.object, async (_, { storage }) => {
    await storage.deleteAlarm();
    await storage.deleteAll();
  });
  await evictDurableObject(client.object);
}

function linesOf(importId: number): string {
  const lines = Array.from({ length: IMPORTED }, (_, n) => [
    { type: "session", format: 5, session_id: `i-${importId}-${n}`, turns: IMPORTED_TURNS },
    ...Array.from({ length: IMPORTED_TURNS }, () => ({
      type: "turn",
      input: "imported",
      output: "Yes.",
    })),
  ]);
  return lines.flatMap((all) => all.map((line) => `${JSON.stringify(line)}\n`)).join("");
}

/** Calls that look at, change, or move much of an account. */
const CALLS: Record<string, (client: Client, nth: number) => Promise<Answer>> = {
  stats: (client) => client.get("/storage-stats"),
  analytics: (client) => client.get("/analytics"),
  overview: (client) => client.get("/overview"),
  "try retention": (client) =>
    client.call("PUT", "/retention?dry_run=true", { body: { rows: 1_000_000 } }),
  "try few rows": (client) =>
    client.call("PUT", "/retention?dry_run=true", { body: { rows: SESSIONS } }),
  summary: (client) => client.get(`/admin/accounts/${client.account}`),
  search: (client) => client.get("/search?q=question"),
  "rare metadata": (client) => client.get("/sessions?metadata[tenant]=rare"),
  "dry run": (client) => client.post("/purge", { body: { dry_run: true } }),
  purge: (client) => client.post("/purge", { body: {} }),
  import: (client, nth) => client.post("/import?mode=skip_bad", { body: linesOf(nth) }),
  backup: (client) => client.post("/backups"),
  "erase a user": (client) => client.call("DELETE", "/users/erased"),
  turn: async (client) => {
    const answer = await client.ask("Hi", { session_id: `s-${SESSIONS - 1}` });
    expect(answer.body).not.toHaveProperty("new_session");
    return answer;
  },
};

/** Orders that once read too many. */
const FOUND = [["erase a user", "import", "search"]];

it(
  "reads no more rows in a turn of the event loop than a slice has, whatever is called in whatever order",
  { timeout: 600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(Object.keys(CALLS), { minLength: Object.keys(CALLS).length }),
        fc.subarray(Object.keys(CALLS)),
        async (order, evictedBefore) => {
          const client = new Client();
          await runInDurableObject(client.object, (_, { storage }) =>
            fill(new Database(storage), Date.now()),
          );
          for (const [nth, name] of order.entries()) {
            if (nth === 0 || evictedBefore.includes(name)) await evictDurableObject(client.object);
            const { rows, statement } = await largestTurn(async () => {
              const answer = await CALLS[name]?.(client, nth);
              expect([name, [200, 201, 202].includes(answer?.status ?? 0)]).toEqual([name, true]);
            });
            if (rows > (OF_SESSIONS.has(name) ? MAX_SESSION_ROWS : MAX_ROWS))
              throw new Error(
                `${name} read ${rows} rows in one go, most of them by:\n${statement}`,
              );
          }
          await leave(client);
        },
      ),
      {
        seed: inject("model").seeds[0] ?? 1,
        numRuns: HISTORIES + FOUND.length,
        endOnFailure: true,
        examples: FOUND.map((first) => [
          [...first, ...Object.keys(CALLS).filter((name) => !first.includes(name))],
          [],
        ]),
      },
    );
  },
);
