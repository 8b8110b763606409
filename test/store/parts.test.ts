import { describe, expect, it } from "vitest";

import { PLAIN } from "../../src/assistants/shipped.ts";
import { turnId } from "../../src/ids.ts";
import { deleteValue, readValue } from "../../src/store/account.ts";
import { Assistants } from "../../src/store/assistants.ts";
import {
  cachePrefixes,
  embeddingKey,
  flightsKey,
  isCacheKey,
  queryKey,
} from "../../src/store/cache-keys.ts";
import { accountContents, heldSessions, lastActiveAt } from "../../src/store/contents.ts";
import { Counters } from "../../src/store/counters.ts";
import type { Database } from "../../src/store/database.ts";
import { Frames, dropFrames, dropUnseenFrames, frameId } from "../../src/store/frames.ts";
import {
  deleteImport,
  findImport,
  forgetImport,
  importsOf,
  insertImport,
  keysOfImport,
  listImports,
  markTurns,
  passOn,
  rangesOfImport,
  turnsOfImport,
  updateImport,
} from "../../src/store/imports.ts";
import {
  HELD,
  PINNED,
  flagsOf,
  journalId,
  ownSessions,
  JOURNAL,
} from "../../src/store/session-flags.ts";
import { SessionKeys } from "../../src/store/session-keys.ts";
import {
  bringState,
  changeState,
  checkStateSize,
  dropStates,
  settleState,
  stateOf,
  statesOf,
} from "../../src/store/state.ts";
import { findDetails } from "../../src/store/sessions.ts";
import { readStats } from "../../src/store/stats.ts";
import { Quotas } from "../../src/store/quotas.ts";
import { dropStalePieces, piecesFrom, putPieces } from "../../src/store/streamed.ts";
import { THEN, turnOf, withShelf } from "../support/archive.ts";
import { DAY } from "../support/client.ts";

const refusal = (code: string, more: object = {}) => expect.objectContaining({ code, ...more });

/** Runs work in a transaction that is undone. */
const undone = (db: Database, work: () => void) =>
  expect(() =>
    db.transaction(() => {
      work();
      throw new Error("undone");
    }),
  ).toThrow("undone");

describe("an account's assistants", () => {
  const shipped = [
    { ...PLAIN, name: "default" },
    { ...PLAIN, name: "support", retention_days: 3 },
  ];

  it("are the deployment's as the account changed them, then its own by name", () =>
    withShelf(async ({ db }) => {
      const assistants = new Assistants(db, shipped);
      expect(assistants.list()).toEqual(shipped);
      assistants.set("zoo", { instructions: "Roar." });
      assistants.set("ape", { retention_days: 9 });
      assistants.set("default", { instructions: "Be kind." });
      const expected = [
        { ...PLAIN, name: "default", instructions: "Be kind." },
        shipped[1],
        { ...PLAIN, name: "ape", retention_days: 9 },
        { ...PLAIN, name: "zoo", instructions: "Roar." },
      ];
      expect(assistants.list()).toEqual(expected);
      expect(new Assistants(db, shipped).list()).toEqual(expected);
      expect(assistants.retentionDays()).toEqual({ support: 3, ape: 9 });
      assistants.set("zoo", null);
      assistants.set("default", null);
      expect(assistants.list().map(({ name }) => name)).toEqual(["default", "support", "ape"]);
      assistants.set("ape", null);
      expect([assistants.list(), assistants.settings()]).toEqual([shipped, {}]);
      expect(readValue(db, "assistants")).toBeNull();
      expect(() => assistants.set("ape", null)).toThrow(refusal("assistant_not_found"));
    }));

  it("are changed in 32 at most, of which each may be changed again", () =>
    withShelf(async ({ db }) => {
      const assistants = new Assistants(db, shipped);
      for (let n = 0; n < 32; n += 1) assistants.set(`a${n}`, {});
      expect(() => assistants.set("more", {})).toThrow(refusal("invalid_request"));
      assistants.set("a3", { summary: true });
      assistants.set("a3", null);
      assistants.set("more", {});
      expect(Object.keys(assistants.settings())).toHaveLength(32);
    }));

  it("are as before where a change is undone", () =>
    withShelf(async ({ db }) => {
      const assistants = new Assistants(db, shipped);
      undone(db, () => {
        assistants.set("zoo", {});
        expect(assistants.list()).toHaveLength(3);
      });
      expect(assistants.list()).toHaveLength(2);
    }));
});

describe("a name in the cache", () => {
  const asked = {
    assistant: "a",
    models: ["m", "n"],
    instructions: null,
    question: "Who are you?",
  };

  it("is one for a question, however it is written, and by all that its answer hangs on", () => {
    const name = queryKey("u", asked);
    for (const question of ["who ARE  you?", " Who\n are you? ", "Who are\u00a0you?"])
      expect(queryKey("u", { ...asked, question })).toBe(name);
    const others = [
      queryKey("v", asked),
      queryKey("u", { ...asked, assistant: "b" }),
      queryKey("u", { ...asked, models: ["n", "m"] }),
      queryKey("u", { ...asked, instructions: "Be kind." }),
      queryKey("u", { ...asked, question: "Who are we?" }),
      queryKey("u", { ...asked, question: "Whoareyou?" }),
    ];
    expect(new Set([name, ...others]).size).toBe(7);
  });

  it("says whose it is, and of what kind", () => {
    const [query, embedding, flights] = [
      queryKey("u", asked),
      embeddingKey("u", "m", 3, "text"),
      flightsKey("p", { from: "NYC" }),
    ];
    expect([isCacheKey(query), isCacheKey(embedding), isCacheKey(flights)]).toEqual([
      true,
      true,
      false,
    ]);
    const [ofQuery, ofEmbedding] = cachePrefixes("u");
    expect([query.startsWith(ofQuery!), embedding.startsWith(ofEmbedding!)]).toEqual([true, true]);
    expect(cachePrefixes("u")).toHaveLength(2);
    expect(queryKey("v", asked).startsWith(ofQuery!)).toBe(false);
    const all = cachePrefixes();
    for (const [index, name] of [query, embedding, flights].entries())
      expect(name.startsWith(all[index]!)).toBe(true);
    expect(
      new Set([
        embedding,
        embeddingKey("u", "m", 4, "text"),
        embeddingKey("u", "n", 3, "text"),
        embeddingKey("u", "m", 3, "Text"),
      ]).size,
    ).toBe(4);
    expect(flightsKey("q", { from: "NYC" })).not.toBe(flights);
  });
});

describe("a frame", () => {
  it("is kept once, for all or for one session, and goes with that", () =>
    withShelf(async ({ db, add, turns }) => {
      const frames = new Frames(db);
      const rows = () => db.scalar<number>("select count(*) from frames");
      frames.put(null, "All");
      frames.put(1, "One");
      frames.put(1, "One");
      frames.put(2, "One");
      const before = db.rowsWritten;
      frames.put(null, "All");
      new Frames(db).put(null, "All");
      expect([rows(), db.rowsWritten]).toEqual([3, before]);
      const text = (key: number, said: string) => frames.text(key, frameId(said));
      expect([text(1, "All"), text(1, "One"), text(3, "One")]).toEqual(["All", "One", null]);
      dropFrames(db, [0, 1]);
      expect([text(1, "All"), text(1, "One"), text(2, "One")]).toEqual(["All", null, "One"]);
      frames.put(1, "One");
      frames.put(1, "Two");
      add("s", []);
      turns.insert(turnOf(turnId(1, 1), "Hi", { frame: frameId("Two") }));
      dropUnseenFrames(db, 1);
      expect([text(1, "One"), text(1, "Two"), text(2, "One")]).toEqual([null, "Two", "One"]);
    }));

  it("is written again where its write was undone", () =>
    withShelf(async ({ db }) => {
      const frames = new Frames(db);
      undone(db, () => frames.put(null, "All"));
      frames.put(null, "All");
      expect(frames.text(1, frameId("All"))).toBe("All");
    }));
});

describe("a session's key", () => {
  it("is never given out again, not after an eviction, and not where a write was undone", () =>
    withShelf(async ({ db }) => {
      const keys = new SessionKeys(db);
      const [first, second] = [keys.next(), keys.next()];
      expect([first, second]).toEqual([1, 2]);
      undone(db, () => keys.reserve(first));
      keys.reserve(first);
      const before = db.rowsWritten;
      keys.reserve(second);
      expect(db.rowsWritten).toBe(before);
      expect(new SessionKeys(db).next()).toBeGreaterThan(1_000);
      for (let key = keys.next(); key < 1_030; key = keys.next()) keys.reserve(key);
      expect(new SessionKeys(db).next()).toBeGreaterThan(2_000);
    }));

  it("that it had is its own again where that is free", () =>
    withShelf(async ({ db, add }) => {
      const keys = new SessionKeys(db);
      add("s", []);
      expect(keys.claim(5)).toBe(5);
      expect(keys.next()).toBe(6);
      expect(keys.claim(6)).toBe(7);
      expect(keys.claim(1)).toBe(8);
      expect(keys.claim(0)).toBe(9);
      expect(keys.claim(2 ** 32 + 1)).toBe(10);
      expect(keys.claim(3)).toBe(3);
      expect(keys.next()).toBe(11);
      expect(keys.claim(2 ** 32)).toBe(2 ** 32);
    }));

  it("says by the session's id what that is", () => {
    expect([flagsOf(journalId(3)), flagsOf("s"), flagsOf("journal")]).toEqual([JOURNAL, 0, 0]);
    expect(ownSessions([{ flags: JOURNAL }, { flags: PINNED }])).toEqual([{ flags: PINNED }]);
  });
});

const holding = (text: string) => JSON.stringify({ a: text });

describe("a state", () => {
  it("is replaced or patched, by whoever read it last", () =>
    withShelf(async ({ db }) => {
      const read = () => stateOf(findDetails(db, 1));
      const put = (json: string, if_match: number[] | "any" | null) =>
        changeState(db, 1, { kind: "put", json, if_match });
      expect(read()).toEqual({ json: "{}", version: 0 });
      expect(() => put('{"a":1}', null)).toThrow(
        refusal("precondition_required", { param: "If-Match" }),
      );
      expect(put('{"a":1}', [0])).toEqual({ json: '{"a":1}', version: 1 });
      expect(() => put('{"a":2}', [0, 2])).toThrow(
        refusal("precondition_failed", { param: "If-Match" }),
      );
      expect(put('{"a":1}', "any")).toEqual({ json: '{"a":1}', version: 1 });
      const patch = (json: string, if_match: number[] | null = null) =>
        changeState(db, 1, { kind: "patch", json, if_match });
      expect(patch('{"b":{"c":[2]}}')).toEqual({ json: '{"a":1,"b":{"c":[2]}}', version: 2 });
      expect(() => patch("{}", [1])).toThrow(refusal("precondition_failed"));
      expect(patch('{"a":null}', [2, 9])).toEqual({ json: '{"b":{"c":[2]}}', version: 3 });
      expect(settleState(db, 1, '{"b":null}')).toBe(4);
      expect(settleState(db, 1, '{"b":null}')).toBe(4);
      expect(read()).toEqual({ json: "{}", version: 4 });
    }));

  it("takes 64 KiB of UTF-8", () =>
    withShelf(async ({ db }) => {
      const room = 64 * 1024 - holding("").length;
      checkStateSize(holding("x".repeat(room)));
      checkStateSize(holding("é".repeat(Math.floor(room / 2))));
      expect(() => checkStateSize(holding("x".repeat(room + 1)))).toThrow(
        refusal("state_too_large"),
      );
      expect(() => checkStateSize(holding("é".repeat(room / 2 + 1)), "p")).toThrow(
        refusal("state_too_large", { param: "p" }),
      );
      const change = { kind: "patch", json: holding("x".repeat(70_000)), if_match: null } as const;
      expect(() => changeState(db, 1, change)).toThrow(refusal("state_too_large"));
    }));

  it("goes to the archive, and its version stays", () =>
    withShelf(async ({ db }) => {
      for (const key of [1, 2]) settleState(db, key, `{"a":${key}}`);
      expect([...statesOf(db, [1, 2, 3])]).toEqual([
        [1, '{"a":1}'],
        [2, '{"a":2}'],
      ]);
      dropStates(db, [1, 3]);
      expect([...statesOf(db, [1, 2])]).toEqual([[2, '{"a":2}']]);
      expect(stateOf(findDetails(db, 1))).toEqual({ json: "{}", version: 1 });
      bringState(db, 1, '{"a":1}');
      expect(stateOf(findDetails(db, 1))).toEqual({ json: '{"a":1}', version: 1 });
    }));
});

describe("counters", () => {
  it("tell how many sessions are due, without those that are to stay", () =>
    withShelf(async ({ db, add, turns }) => {
      for (let n = 0; n < 6; n += 1) {
        add(`s${n}`, []);
        db.run("update sessions set accessed_at = ? where key = ?", THEN + (n % 3) * DAY, n + 1);
      }
      db.run("update sessions set flags = ? where key = 1", PINNED);
      db.run("update sessions set flags = ? where key = 3", HELD);
      turns.insert(turnOf(turnId(6, 1), "Hi", { created_at: THEN + 2 * DAY + 5 }));
      const counters = new Counters(db);
      const due = (days: number, ms = 0) => counters.due(THEN + days * DAY + ms);
      expect([due(0), due(0, 1), due(1), due(1, 1), due(2), due(2, 5), due(2, 6), due(9)]).toEqual([
        0, 1, 1, 3, 3, 3, 4, 4,
      ]);
      expect(counters.sessions()).toMatchObject({ sessions: 6, archived: 0 });
    }));

  it("are told of changes, and forget what was undone", () =>
    withShelf(async ({ db, add }) => {
      add("s", ["Hi"]);
      const counters = new Counters(db);
      const before = JSON.stringify([counters.read(), counters.bounds(), counters.due(THEN + 1)]);
      const at = { created_at: THEN + DAY, accessed_at: THEN + DAY, flags: 0 };
      undone(db, () => {
        counters.changing();
        counters.sessionAdded(at);
        counters.turnsChanged(3, 6);
        counters.archivesChanged(1, 9);
        expect(counters.read()).toMatchObject({
          sessions: 2,
          turns: 4,
          messages: 8,
          archived: 1,
          archived_bytes: 9,
        });
        expect(counters.bounds()).toEqual({ oldest_at: THEN, newest_at: THEN + DAY });
      });
      expect(JSON.stringify([counters.read(), counters.bounds(), counters.due(THEN + 1)])).toBe(
        before,
      );
    }));

  it("are saved once, and dropped by the first change", () =>
    withShelf(async ({ db, add }) => {
      add("s", ["Hi"]);
      const counters = new Counters(db);
      counters.save();
      expect(readValue(db, "counters")).toBeNull();
      const counts = counters.read();
      counters.save();
      expect(readValue(db, "counters")).toEqual(counts);
      db.run("delete from turns");
      expect(new Counters(db).read()).toEqual(counts);
      undone(db, () => counters.changing());
      counters.changing();
      expect(readValue(db, "counters")).toBeNull();
      counters.forget();
      expect(counters.read()).toMatchObject({ turns: 0, messages: 0 });
      deleteValue(db, "counters");
    }));

  it("are what an account holds, and says of itself", () =>
    withShelf(async ({ db, add, counters }) => {
      expect(lastActiveAt(db)).toBeNull();
      for (const id of ["s1", "s2", "s3"]) add(id, ["Hi"]);
      db.run("update sessions set segment = 1, turns = 5, flags = ? where key = 3", HELD);
      db.run("update sessions set accessed_at = ? where key = 2", THEN - 40 * DAY);
      expect(accountContents(db, counters)).toEqual({
        sessions: 2,
        archived_sessions: 1,
        turns: 8,
      });
      expect([heldSessions(db), lastActiveAt(db)]).toEqual([1, THEN]);
      const stats = readStats({ db, counters, quotas: new Quotas(db, counters) }, 7, THEN);
      expect(stats).toMatchObject({
        conversations: 2,
        turns: 3,
        messages: 6,
        archived: 1,
        due_for_purge: 7,
        last_accessed_earlier: 1,
        last_purge: null,
        oldest_at: THEN,
        newest_at: THEN,
      });
      expect(stats.last_accessed).toHaveLength(30);
      expect(stats.last_accessed[0]).toEqual({ day: THEN, conversations: 1 });
      expect(stats.last_accessed[29]).toEqual({ day: THEN - 29 * DAY, conversations: 0 });
    }));
});

const insert = (db: Database, import_id: string) => {
  insertImport(db, {
    import_id,
    options: "{}",
    line: 0,
    position: null,
    report: "[]",
    created_at: THEN,
    updated_at: 0,
  });
  return findImport(db, import_id)!;
};

describe("an import", () => {
  it("is kept, changed in what is named, listed newest first, and deleted", () =>
    withShelf(async ({ db }) => {
      const [first, second] = [insert(db, "a"), insert(db, "b")];
      expect(first).toEqual({
        number: first.number,
        import_id: "a",
        status: "running",
        options: "{}",
        line: 0,
        position: null,
        report: "[]",
        created_at: THEN,
        updated_at: THEN,
      });
      updateImport(db, first.number, { line: 7, status: "complete" });
      expect(findImport(db, "a")).toEqual({ ...first, line: 7, status: "complete" });
      expect(findImport(db, "b")).toEqual(second);
      expect(listImports(db, 9).map(({ import_id }) => import_id)).toEqual(["b", "a"]);
      expect(listImports(db, 1)).toHaveLength(1);
      deleteImport(db, second.number);
      expect([findImport(db, "b"), listImports(db, 9).length]).toEqual([null, 1]);
    }));

  it("knows which turns it brought, and to which sessions", () =>
    withShelf(async ({ db, add }) => {
      add("s", ["1", "2", "3", "4"]);
      add("t", ["1"]);
      const ranges = [
        { first: 1, last: 2, import: 1 },
        { first: 4, last: 9, import: 2 },
      ];
      markTurns(db, 1, ranges, 1);
      markTurns(db, 2, [{ first: 1, last: 1, import: 2 }], 3);
      const { of, maker } = importsOf(db, 1);
      expect([maker, of(1), of(2), of(3), of(4), of(10)]).toEqual([1, 1, 1, null, 2, null]);
      expect(importsOf(db, 2).maker).toBe(3);
      expect(importsOf(db, 2).of(1)).toBe(2);
      expect(importsOf(db, 9)).toMatchObject({ maker: null });
      expect([
        keysOfImport(db, 2, 0, 9),
        keysOfImport(db, 2, 1, 9),
        keysOfImport(db, 2, 0, 1),
      ]).toEqual([[1, 2], [2], [1]]);
      expect(rangesOfImport(db, 2, 1)).toEqual([{ first: 4, last: 9 }]);
      expect([turnsOfImport(db, 1, 1), turnsOfImport(db, 2, 1), turnsOfImport(db, 3, 2)]).toEqual([
        2, 1, 0,
      ]);
      forgetImport(db, 1, 1);
      expect(importsOf(db, 1).maker).toBeNull();
      expect([importsOf(db, 1).of(1), importsOf(db, 1).of(4)]).toEqual([null, 2]);
    }));

  it("passes a session on to the one that brought its first turn, where nobody else has one in it", () =>
    withShelf(async ({ db, add }) => {
      add("s", ["1", "2"]);
      const marks = [
        { first: 2, last: 2, import: 2 },
        { first: 1, last: 1, import: 3 },
      ];
      markTurns(db, 1, marks.slice(0, 1), null);
      passOn(db, 1);
      expect(importsOf(db, 1).maker).toBeNull();
      markTurns(db, 1, marks.slice(1), null);
      passOn(db, 1);
      expect(importsOf(db, 1).maker).toBe(3);
    }));
});

it("pieces of turns that are over, or gone, are stale", () =>
  withShelf(async ({ db, add, turns }) => {
    add("s", ["over"]);
    turns.insert(turnOf(turnId(1, 2), "open", { status: "in_progress", output: null }));
    const ids = [1, 2, 3].map((seq) => turnId(1, seq));
    for (const id of ids) putPieces(db, id, 0, '[{"type":"text","delta":"a"}]');
    dropStalePieces(db);
    expect(ids.map((id) => piecesFrom(db, id, 0).length)).toEqual([0, 1, 0]);
  }));
