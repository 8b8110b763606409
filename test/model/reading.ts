import * as fc from "fast-check";
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

import { accountPrefixes } from "../../src/account/archive/format/keys.ts";
import { unwrap } from "../../src/shared/errors.ts";
import { seqOf } from "../../src/shared/ids.ts";
import type { AccountRpc } from "../../src/account/rpc/facets.ts";
import { Counters } from "../../src/account/store/usage/counters.ts";
import { Database } from "../../src/sqlite/database.ts";
import { forgetTurnSlice } from "../../src/account/store/turns/forget-slices.ts";
import { matchExpression } from "../../src/account/store/turns/match-expression.ts";
import { Broken, codeOf, granted, same } from "./account.ts";
import type { Account } from "./account.ts";
import { HOSTILE, WORDS } from "./asking.ts";
import { command } from "./command.ts";
import type { Share } from "./command.ts";
import { changeState, patchState } from "./model.ts";

const PAGE = 100;
type Reader = Pick<AccountRpc, "sessions" | "settings">;

/** Waits until all archives are indexed. */
export async function untilIndexed(object: Reader): Promise<void> {
  const page = { limit: 1, offset: 0 };
  while (granted("a search", await object.sessions.search(null, '"alpha"', page)).indexing);
}

/** A search finds what the text says, and nothing else. */
async function searchFor(account: Account, object: Reader, query: string): Promise<void> {
  const expression = matchExpression(query);
  if (expression === null) throw new Broken(`${query} holds words`);
  await untilIndexed(object);
  const hits = new Set<string>();
  for (let offset = 0, more = true; more; offset += PAGE) {
    const page = await object.sessions.search(null, expression, { limit: PAGE, offset });
    const result = granted(`a search for ${query}`, page);
    for (const { session_id, turn_id, role } of result.hits) {
      hits.add(`${session_id} ${seqOf(turn_id)}`);
      same("whether a hit has its text", role !== null, true);
    }
    more = result.has_more;
  }
  const found = account.model.search(query);
  same(`what a search for ${query} finds`, [...hits].toSorted(), [...found].toSorted());
}

const search = command<{ query: string }>(
  "search",
  {
    query: fc.constantFrom(
      ...WORDS,
      ...HOSTILE,
      "alpha bravo",
      "race",
      "imported",
      "nowhere",
      "zebra",
    ),
  },
  (_world, account, { query }) =>
    account.inside(null, (object) => searchFor(account, object, query)),
);

/** The sessions that are listed, and all that is counted. */
async function lookAround({ model }: Account, object: Reader, now: number): Promise<void> {
  const listed = await object.sessions.list(null, {}, { limit: PAGE, order: "asc" });
  const ids = granted("a list", listed).data.map(({ session_id }) => session_id);
  same("sessions in the list", ids.toSorted(), [...model.sessions.keys()].toSorted());
  const { conversations, archived, turns, messages, due_for_purge } = granted(
    "stats",
    await object.settings.stats(null, now),
  );
  same(
    "what is counted",
    { conversations, archived, turns, messages, due_for_purge },
    model.counts(now),
  );
}

const list = command("list", {}, ({ now }, account) =>
  account.inside(null, (object) => lookAround(account, object, now)),
);

/** A session is read whole, wherever it lies. */
const read = command("read", {}, ({ now }, account, { id }) =>
  account.inside(null, (object) => account.look(object, id, now, true)),
);

const state = command<{
  kind: "put" | "patch";
  json: string;
  match: "current" | "stale" | "any" | null;
}>(
  "state",
  {
    kind: fc.constantFrom("put", "patch"),
    json: fc.constantFrom("{}", '{"step":3}', '{"step":4,"cart":[1,2]}', '{"cart":null}'),
    match: fc.constantFrom("current", "current", "stale", "any", null),
  },
  async ({ now }, account, { id, fault, kind, json, match }) => {
    const session = account.model.sessions.get(id);
    const version = session?.version ?? 0;
    const if_match = { current: [version], stale: [version + 1, version - 1], any: "any" as const };
    const change = { kind, json, if_match: match === null ? null : if_match[match] };
    await account.inside(fault, async (object, attempt) => {
      const changed = await attempt(() => object.sessions.changeState(null, id, change, now));
      if (!session) return same("a state", codeOf(changed), "session_not_found");
      account.model.bringBack(id, now);
      if (kind === "put" && match === null)
        same("a state without If-Match", codeOf(changed), "precondition_required");
      else if (match === "stale") same("a stale state", codeOf(changed), "precondition_failed");
      else {
        granted("a state", changed);
        if (kind === "put") changeState(session, json);
        else patchState(session, json);
      }
      return account.look(object, id, now);
    });
  },
);

/** At the end: every session read whole over RPC, each word searched for, every count and every object accounted for. */
export async function lookOver(account: Account, now: number): Promise<void> {
  const { object, model, name } = account;
  for (const id of [...model.sessions.keys(), ...model.erased])
    await account.look(account.rpc, id, now, true);
  await account.inside(null, async (inner) => {
    await lookAround(account, inner, now);
    for (const word of [...WORDS, "race", "imported", "zebra"])
      await searchFor(account, inner, word);
  });
  const counted = unwrap(await account.rpc.settings.stats(null, now));
  const { known, recount } = await runInDurableObject(object, (_, { storage }) => {
    const db = new Database(storage);
    const keys = db.all<{ key: string }>(
      "select object_key as key from segments union select object_key from doomed_objects",
    );
    db.run("delete from account where name = 'counters'");
    return { known: new Set(keys.map(({ key }) => key)), recount: new Counters(db).read() };
  });
  same(
    "the counters and a recount",
    [
      counted.conversations,
      counted.archived,
      counted.turns,
      counted.messages,
      counted.archived_bytes,
    ],
    [recount.sessions, recount.archived, recount.turns, recount.messages, recount.archived_bytes],
  );
  for (const prefix of accountPrefixes(name)) {
    const { objects } = await env.ARCHIVE.list({ prefix });
    const stray = objects.filter(({ key }) => !known.has(key) && !key.endsWith("manifest.json"));
    same(
      "objects in R2 that nobody knows of",
      stray.map(({ key }) => key),
      [],
    );
  }
}

/**
 * A long turn leaves the search index part by part, to be erased, and the object ends in the middle of it. Then the turn is
 * as if nothing had begun.
 */
const cutOff = command<{ slices: number }>(
  "erasure that was cut off",
  { slices: fc.integer({ min: 1, max: 16 }) },
  async ({ now }, account, { id, slices }) => {
    await runInDurableObject(account.object, (_, { storage }) => {
      const db = new Database(storage);
      const turn = db.scalar<number>(
        `select p.turn_id from search_parts p join sessions s on s.key = p.turn_id / 1048576
         where s.segment is null limit 1`,
      );
      if (turn === null) return;
      for (let n = 0; n < slices; n += 1) forgetTurnSlice(db, turn);
    });
    await account.evict();
    await account.look(account.rpc, id, now);
  },
);

export const reading: Share[] = [
  [12, cutOff],
  [60, search],
  [80, list],
  [40, read],
  [100, state],
];
