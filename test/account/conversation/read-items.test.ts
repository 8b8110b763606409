import { afterEach, describe, expect, it, vi } from "vitest";

import { callId, turnId } from "../../../src/shared/ids.ts";
import type { Content, Item } from "../../../src/shared/items.ts";
import { objectsToDelete } from "../../../src/account/store/archive/archives.ts";
import { putKey, findKey } from "../../../src/account/store/turns/idempotency.ts";
import { UNKNOWN_KEYS } from "../../../src/account/store/turns/request-keys.ts";
import { findItem, pageItems } from "../../../src/account/conversation/read-items.ts";
import {
  messageId,
  pageMessages,
  pageTurns,
  readerOf,
} from "../../../src/account/conversation/read-messages.ts";
import type { PageQuery } from "../../../src/sqlite/keyset-page.ts";
import {
  removeCall,
  removeItem,
  removeResponse,
} from "../../../src/account/conversation/remove-item.ts";
import {
  findDetails,
  findSession,
  putDetails,
} from "../../../src/account/store/sessions/sessions.ts";
import { SLICE_BYTES } from "../../../src/account/store/turns/index-slices.ts";
import { turnHasParts } from "../../../src/account/store/turns/search-parts.ts";
import { putPieces, settledTurn } from "../../../src/account/store/turns/stream-pieces.ts";
import { indexedWords } from "../../support/search-index.ts";
import { frameId, SystemPrompts } from "../../../src/account/store/turns/system-prompts.ts";
import { THEN, turnOf, withShelf } from "../../support/archive.ts";
import { refusal } from "../../support/desk.ts";
import type { Shelf } from "../../support/archive.ts";
import type { Turn } from "../../../src/shared/turn.ts";

const said = (content: string): Item => ({ type: "message", role: "user", content });
const told = (content: string): Item => ({ type: "message", role: "assistant", content });
const thought: Item = { type: "reasoning", text: "Hm." };
const part = (id: number) => callId(id).slice("call_".length);
const idOf = (seq: number, n: number, kind = "msg") => `${kind}_${part(turnId(1, seq))}_${n}`;

/** Turns of one item, of four, of one that is not told, and of one. */
const TURNS: Turn[] = [
  turnOf(turnId(1, 1), "a", { output: "b" }),
  turnOf(turnId(1, 2), "", { input: [said("c"), said("d")], output: [thought, told("e")] }),
  turnOf(turnId(1, 3), "in vain", { status: "failed", output: null }),
  turnOf(turnId(1, 4), "f", { status: "interrupted", output: null }),
];
const textOf = (item: Item) =>
  item.type === "reasoning" ? item.text : JSON.stringify("content" in item && item.content);

const page = (query: Partial<PageQuery> = {}, key = 1) => {
  const found = pageItems(readerOf(TURNS), key, { limit: 3, order: "asc", ...query });
  return [found.data.map(({ item }) => textOf(item).replaceAll('"', "")).join(" "), found.has_more];
};

describe("a page of items", () => {
  it("goes through told turns, from either end and from any item", () => {
    expect(page()).toEqual(["a b c", true]);
    expect(page({ limit: 20 })).toEqual(["a b c d Hm. e f", false]);
    expect(page({ order: "desc" })).toEqual(["f e Hm.", true]);
    expect(page({ after: idOf(2, 0) })).toEqual(["d Hm. e", true]);
    expect(page({ after: idOf(2, 3) })).toEqual(["f", false]);
    expect(page({ after: idOf(2, 1), order: "desc" })).toEqual(["c b a", false]);
    expect(page({ before: idOf(2, 1), limit: 1 })).toEqual(["c", true]);
    for (const after of ["nonsense", `msg_${part(turnId(2, 1))}_0`])
      expect(() => page({ after })).toThrow(refusal("invalid_request", { param: "after" }));
  });

  it("is shorter where they are large", () => {
    const large = Array.from({ length: 10 }, () => said("x".repeat(2_000_000)));
    const turns = [turnOf(turnId(1, 1), "", { input: large, output: null })];
    const found = pageItems(readerOf(turns), 1, { limit: 10, order: "asc" });
    expect([found.data.length, found.has_more]).toEqual([4, true]);
  });

  it("is found item by item, of its own session", () => {
    const find = (id: string, key = 1) => findItem(readerOf(TURNS), key, id);
    expect(find(idOf(2, 3))).toMatchObject({
      turn: { id: turnId(1, 2) },
      placed: { item: told("e") },
    });
    expect(find(idOf(2, 2, "rs"))?.placed).toEqual({
      id: idOf(2, 2, "rs"),
      item: thought,
      side: "output",
    });
    for (const id of [idOf(2, 4), idOf(9, 0), idOf(2, 2), "nonsense"]) expect(find(id)).toBeNull();
    expect(find(idOf(2, 3), 2)).toBeNull();
    expect(findItem(readerOf(TURNS.slice(1)), 1, idOf(1, 0))).toBeNull();
  });
});

const seqsOf = (query: Partial<PageQuery>) =>
  pageTurns(readerOf(TURNS), { limit: 2, order: "asc", ...query }).data.map(
    ({ id }) => id - turnId(1, 0),
  );

const wordsOf = (query: Partial<PageQuery>) =>
  pageMessages(readerOf(TURNS), { limit: 3, order: "asc", ...query })
    .data.map(({ message }) => message.content)
    .join(" ");

const messageAt = (seq: number, index: number) => messageId(callId(turnId(1, seq)), index);

describe("pages of turns and messages", () => {
  it("start after any item, in either order", () => {
    expect(seqsOf({ after: callId(turnId(1, 2)) })).toEqual([3, 4]);
    expect(seqsOf({ after: callId(turnId(1, 3)), order: "desc" })).toEqual([2, 1]);
    expect(wordsOf({})).toBe("a b c");
    expect(wordsOf({ after: messageAt(2, 0) })).toBe("d e in vain");
    expect(wordsOf({ after: messageAt(2, 1), order: "desc" })).toBe("c b a");
    expect(wordsOf({ after: messageAt(3, 0) })).toBe("f");
  });

  it("are shorter where their turns are large", () => {
    const large = Array.from({ length: 10 }, (_, index) =>
      turnOf(turnId(1, index + 1), "x".repeat(1_000_000), { output: "y".repeat(1_000_000) }),
    );
    const query = { limit: 10, order: "asc" } as const;
    expect(pageTurns(readerOf(large), query)).toMatchObject({ has_more: true });
    expect(pageTurns(readerOf(large), query).data).toHaveLength(4);
    expect(pageMessages(readerOf(large), query).data).toHaveLength(2);
  });
});

/** The session "s" of two such turns, of which a search knows the first. */
async function fill(shelf: Shelf, more: Partial<Turn> = {}): Promise<void> {
  shelf.add("s", []);
  shelf.turns.insert({ ...TURNS[1]!, id: turnId(1, 1), ...more });
  await shelf.search.search('"c"', { limit: 1, offset: 0 });
  shelf.turns.insert(turnOf(turnId(1, 2), "f", { status: "in_progress", output: null }));
  shelf.counters.read();
}
const partsOf = (shelf: Shelf) => ({
  ...shelf,
  turnsWritten: (key: number) => shelf.search.turnWritten(key),
});
const remove = (shelf: Shelf, id: string, now = THEN) =>
  shelf.db.transaction(() => removeItem(partsOf(shelf), UNKNOWN_KEYS, 1, id, now));
const hits = async ({ search }: Shelf, word: string) =>
  (await search.search(`"${word}"`, { limit: 9, offset: 0 })).hits.length;
const contentOf = ({ turns }: Shelf): [Content, Content | null] => {
  const turn = turns.get(turnId(1, 1))!;
  return [turn.input, turn.output];
};

afterEach(() => void vi.restoreAllMocks());

describe("an item that is taken out", () => {
  it("is not indexed by a search that has indexed a part of its turn", () =>
    withShelf(async (shelf) => {
      const { db, search, turns } = shelf;
      shelf.add("s", []);
      const input = [said("pear ".repeat(SLICE_BYTES / 2)), said("zebra")];
      turns.insert({ ...TURNS[1]!, id: turnId(1, 1), input });
      shelf.counters.read();
      const wait = scheduler.wait.bind(scheduler);
      const indexed: unknown[] = [];
      vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
        if (indexed.length === 0 && turnHasParts(db, turnId(1, 1))) {
          indexed.push(findSession(db, "s")?.indexed);
          remove(shelf, idOf(1, 1));
        }
        await wait(ms);
      });
      expect(await hits(shelf, "zebra")).toBe(0);
      // The first part alone was indexed then.
      expect(indexed).toEqual([0]);
      expect(await hits(shelf, "pear")).toBe(1);
      await search.forget([1]);
      await scheduler.wait(1);
      expect(indexedWords(db)).toBe(0);
    }));

  it("leaves the others with their ids, and no word of it", () =>
    withShelf(async (shelf) => {
      await fill(shelf);
      expect(await hits(shelf, "c")).toBe(1);
      remove(shelf, idOf(1, 0));
      expect([await hits(shelf, "c"), await hits(shelf, "d")]).toEqual([0, 1]);
      expect(contentOf(shelf)).toEqual([[{ ...said("d"), id: idOf(1, 1) }], [thought, told("e")]]);
      expect(shelf.counters.read().messages).toBe(3);
      remove(shelf, idOf(1, 3));
      remove(shelf, idOf(1, 1));
      expect(contentOf(shelf)).toEqual([[], [{ ...thought, id: idOf(1, 2, "rs") }]]);
      expect(() => remove(shelf, idOf(1, 1))).toThrow(refusal("item_not_found"));
      remove(shelf, idOf(1, 2, "rs"));
      expect(contentOf(shelf)).toEqual([[], []]);
    }));

  it("is taken out of what was made of it: how it came, what it was cached and summed up as", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      const call = { id: "c", request: "{}", response: "{}", chunks: [], metadata: "{}" };
      const response = { settings: "{}", pieces: [[1]] };
      await fill(shelf, { extra: { call, response, cached: true } });
      putDetails(db, 1, { summary: "Hello", summary_turn: turnId(1, 1), cache_key: "query:k" });
      new SystemPrompts(db).put(1, "What was said");
      remove(shelf, idOf(1, 0));
      expect(turns.get(turnId(1, 1))?.extra).toEqual({
        cached: true,
        call: { id: "c", metadata: "{}" },
        response: { settings: "{}" },
      });
      expect(findDetails(db, 1)).toMatchObject({
        summary: null,
        summary_turn: null,
        cache_key: null,
      });
      expect(objectsToDelete(db, 9)).toEqual(["query:k"]);
      expect(db.scalar("select count(*) from frames")).toBe(0);
    }));

  it("changes neither a summary of what came before it nor the session's first answer", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      await fill(shelf);
      turns.update(turnOf(turnId(1, 2), "f"));
      putDetails(db, 1, { summary: "Hello", summary_turn: turnId(1, 1), cache_key: "query:k" });
      remove(shelf, idOf(2, 0));
      expect(findDetails(db, 1)).toMatchObject({ summary: "Hello", cache_key: "query:k" });
      expect(objectsToDelete(db, 9)).toEqual([]);
      expect(turns.get(turnId(1, 2))).toMatchObject({ input: [], extra: {} });
    }));

  it("is refused while its turn is answered, and of a turn that is not told", () =>
    withShelf(async (shelf) => {
      await fill(shelf);
      const leased = turnOf(turnId(1, 2), "f", { status: "in_progress", output: null });
      shelf.turns.update({ ...leased, extra: { lease: { token: "t", until: THEN + 1 } } });
      expect(() => remove(shelf, idOf(2, 0))).toThrow(
        refusal("session_busy", { retry_after_ms: 1_000 }),
      );
      expect(() => remove(shelf, idOf(2, 0), THEN + 1)).toThrow(refusal("item_not_found"));
      expect(() => remove(shelf, "nonsense")).toThrow(refusal("item_not_found"));
    }));
});

const take = (shelf: Shelf, keepsItems: boolean) => {
  const turn = shelf.turns.get(turnId(1, 1))!;
  shelf.db.transaction(() =>
    removeResponse(partsOf(shelf), UNKNOWN_KEYS, turn, keepsItems, Date.now()),
  );
  return shelf.turns.get(turnId(1, 1))!;
};

describe("a call that is taken out", () => {
  it("takes along what a lost worker had sent of its answer", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      const id = turnId(1, 1);
      const lost = { status: "in_progress", output: null, extra: { response: {} } } as const;
      await fill(shelf, lost);
      putPieces(db, id, 0, JSON.stringify([{ type: "text", delta: "zebra" }]));
      expect(JSON.stringify(settledTurn(db, turns.get(id)!, Infinity))).toContain("zebra");
      db.transaction(() => removeCall(partsOf(shelf), UNKNOWN_KEYS, id, THEN));
      expect(settledTurn(db, turns.get(id)!, Infinity)).toMatchObject({
        status: "abandoned",
        output: null,
      });
    }));
});

describe("a response that is taken out", () => {
  const extra = { response: { settings: "{}" }, cached: true } as const;
  const frame = frameId("Only its own");
  const framed = async (shelf: Shelf) => {
    await fill(shelf, { extra, frame, shown: 2 });
    new SystemPrompts(shelf.db).put(1, "Only its own");
    putKey(shelf.db, { key: "k", hash: "h" }, turnId(1, 1), THEN);
    putKey(shelf.db, { key: "l", hash: "h" }, turnId(1, 2), THEN);
  };

  it("takes all that it said with it, and what it was asked by", () =>
    withShelf(async (shelf) => {
      await framed(shelf);
      expect(take(shelf, false)).toEqual({
        id: turnId(1, 1),
        status: "completed",
        created_at: THEN,
        duration_ms: 12,
        model: "local",
        input_tokens: 3,
        output_tokens: 4,
        input: [],
        output: [],
        extra: { response: { deleted: true } },
      });
      expect(await hits(shelf, "c")).toBe(0);
      expect(shelf.counters.read().messages).toBe(1);
      expect([findKey(shelf.db, "k"), findKey(shelf.db, "l")]).toEqual([null, expect.any(Object)]);
      expect(shelf.db.scalar("select count(*) from frames")).toBe(0);
      expect(findSession(shelf.db, "s")).not.toBeNull();
    }));

  it("leaves its items where a conversation keeps them", () =>
    withShelf(async (shelf) => {
      await framed(shelf);
      const { input, output } = TURNS[1]!;
      expect(take(shelf, true)).toMatchObject({
        input,
        output,
        shown: 2,
        extra: { response: { deleted: true }, cached: true },
      });
      expect(shelf.turns.get(turnId(1, 1))).not.toHaveProperty("frame");
      expect(await hits(shelf, "c")).toBe(1);
      expect(findKey(shelf.db, "k")).toBeNull();
    }));
});

describe("turns", () => {
  it("are written one by one or many at once, and read as they were", () =>
    withShelf(async ({ turns, add }) => {
      add("s", []);
      const all = Array.from({ length: 20 }, (_, index) =>
        turnOf(turnId(1, index + 1), `q${index}`, {
          model: index % 3 === 0 ? null : `m${index % 3}`,
        }),
      );
      turns.insertAll([]);
      turns.insertAll(all);
      expect(turns.list(1, { order: "asc", limit: 99 })).toEqual(all);
      expect(turns.list(1, { order: "desc", limit: 2 })).toEqual(all.slice(-2).toReversed());
      expect(turns.list(1, { order: "asc", from: turnId(1, 19), limit: 9 })).toEqual(all.slice(18));
      expect(turns.list(1, { order: "desc", from: turnId(1, 2), limit: 9 })).toEqual(
        all.slice(0, 2).toReversed(),
      );
      expect([turns.last(1), turns.last(2), turns.get(turnId(2, 1))]).toEqual([
        all[19],
        null,
        null,
      ]);
      expect(turns.models().map(({ name }) => name)).toEqual(["m1", "m2"]);
      const changed = turnOf(turnId(1, 3), "other", {
        status: "interrupted",
        created_at: THEN + 1,
        duration_ms: null,
        model: "new",
        input_tokens: null,
        output_tokens: 9,
        output: null,
        shown: 0,
        frame: 7,
        extra: { restored: true },
      });
      turns.update(changed);
      expect(turns.get(changed.id)).toEqual(changed);
      turns.remove([turnId(1, 3), turnId(1, 20)]);
      expect(turns.list(1, { order: "asc", limit: 99 }).map(({ id }) => id)).toEqual([
        turnId(1, 1),
        turnId(1, 2),
        turnId(1, 20),
      ]);
    }));

  it("are counted, with their messages, where thoughts are none", () =>
    withShelf(async (shelf) => {
      await fill(shelf);
      shelf.add("t", ["Hi"]);
      expect([shelf.turns.count(1), shelf.turns.count(2), shelf.turns.count(3)]).toEqual([
        { turns: 2, messages: 4 },
        { turns: 1, messages: 2 },
        { turns: 0, messages: 0 },
      ]);
    }));

  it("of many sessions are read at once, up to so many bytes", () =>
    withShelf(async ({ turns, add }) => {
      add("s", ["né", "b"]);
      add("t", ["c"]);
      add("u", []);
      // né né! b b! c c!
      expect(turns.allOf([1, 2, 3], 12)).toBeNull();
      const all = turns.allOf([2, 1, 3], 13);
      expect([...all!].map(([key, list]) => [key, list.map(({ input }) => input)])).toEqual([
        [2, ["c"]],
        [1, ["né", "b"]],
        [3, []],
      ]);
      expect(turns.allOf([], 0)).toEqual(new Map());
    }));

  it("know their models where the first of one was undone", () =>
    withShelf(async ({ db, turns, add }) => {
      add("s", []);
      const first = turnOf(turnId(1, 1), "Hi", { model: "new" });
      expect(() =>
        db.transaction(() => {
          turns.insert(first);
          throw new Error("undone");
        }),
      ).toThrow("undone");
      turns.insert({ ...first, model: "other" });
      turns.insert({ ...first, id: turnId(1, 2) });
      expect(turns.list(1, { order: "asc", limit: 9 }).map(({ model }) => model)).toEqual([
        "other",
        "new",
      ]);
    }));
});
