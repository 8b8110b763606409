import { afterEach, describe, expect, inject, it, vi } from "vitest";

import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { reindexTurn } from "../../../../src/account/store/turns/indexed-turns.ts";
import { indexedWords } from "../../../support/search-index.ts";
import type { SearchPieces } from "../../../../src/account/store/turns/search-pieces.ts";
import {
  storedText,
  storedTextInPieces,
} from "../../../../src/account/store/turns/searched-turns.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { THEN, dueAt, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const ID = turnId(1, 1);
const ALL = { limit: 100, offset: 0 };
/** All of it is escapes: each piece ends inside of one. A shorter text lies in its row, in no piece. */
const ESCAPES = "\n".repeat(2_000_000);
const PIECES = 8;
/** After these it is written. */
const TRIED = Array.from({ length: PIECES }, (_none, n) => n + 1).filter(
  (nth) => inject("isLarge") || [1, 4, PIECES].includes(nth),
);
const OTHER = "x ".repeat(1_300_000);

afterEach(() => void vi.restoreAllMocks());

const long = (input: string, id = ID) => turnOf(id, input, { output: null });

const say = ({ turns, search }: Shelf, input: string) => {
  turns.update(long(input));
  search.turnWritten(1);
};

/** Reads a long turn in pieces. @param change - called once, after the nth of them */
async function readWhile({ db }: Shelf, nth: number, change: () => void) {
  let n = 0;
  const pieces = {
    next: async () => {
      n += 1;
      await scheduler.wait(0);
      if (n === nth) change();
    },
  };
  const text = await storedTextInPieces(db, ID, pieces as SearchPieces);
  return { text, n };
}

/** Calls `change` once, where others have their turn after the nth piece of a turn that is read. */
function afterPiece({ db }: Shelf, nth: number, change: () => void): { isDone: boolean } {
  const state = { isDone: false };
  let read = 0;
  const all = db.all.bind(db);
  vi.spyOn(db, "all").mockImplementation((sql, ...params) => {
    if (sql.includes("from turn_parts") && sql.includes("offset")) read += 1;
    return all(sql, ...params);
  });
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
    await wait(ms);
    if (state.isDone || read < nth) return;
    state.isDone = true;
    change();
  });
  return state;
}

describe("a long turn that is written while its parts are read for a search", () => {
  it.each([
    ["says something else, as long", (shelf: Shelf) => say(shelf, OTHER)],
    ["says something short", (shelf: Shelf) => say(shelf, "plum")],
    ["is gone", ({ turns }: Shelf) => turns.remove([ID, ID + 1])],
    [
      "says something else, and the same again",
      (shelf: Shelf) => {
        say(shelf, OTHER);
        say(shelf, ESCAPES);
      },
    ],
  ])("is read as it is then: it %s", (_name, change) =>
    withShelf(async (shelf) => {
      shelf.add("s", [""]);
      for (const nth of TRIED) {
        shelf.turns.remove([ID, ID + 2]);
        shelf.turns.insert(long(ESCAPES));
        // Its pieces come after: what is written again has other ids.
        shelf.turns.insert(long(OTHER, ID + 1));
        const { text, n } = await readWhile(shelf, nth, () => change(shelf));
        const now = storedText(shelf.db, ID);
        // Lengths first: a difference of such texts is not printed.
        expect([nth, text?.input.length, text?.output]).toEqual([
          nth,
          now?.input.length,
          now?.output,
        ]);
        expect(text?.input === now?.input).toBe(true);
        expect(n).toBeGreaterThanOrEqual(nth);
      }
    }),
  );

  it("is indexed as it is then, and leaves no word when it goes", () =>
    withShelf(async (shelf) => {
      const { db, turns, search } = shelf;
      const texts = { fig: `fig ${ESCAPES}`, plum: `plum ${OTHER}` };
      shelf.add("s", ["fig", "pear"]);
      const { key } = findSession(db, "s")!;
      const rewrite = (text: string) => {
        const [before, after] = [turns.get(ID)!, long(text)];
        db.transaction(() => {
          turns.update(after);
          reindexTurn(db, findSession(db, "s")!.indexed, before, after);
          search.turnWritten(key);
        });
      };
      const found = async (word: string) =>
        (await search.search(`"${word}"`, ALL)).hits.map(({ turn_id }) => turn_id);
      rewrite("");
      await found("pear");
      const words = indexedWords(db);
      for (const nth of [1, 4, PIECES]) {
        rewrite(texts.fig);
        const change = afterPiece(shelf, nth, () => rewrite(texts.plum));
        expect(await found("pear")).toEqual([turnId(1, 2)]);
        expect(change.isDone).toBe(true);
        vi.restoreAllMocks();
        expect([await found("fig"), await found("plum")]).toEqual([[], [ID]]);
        rewrite("");
        expect([await found("plum"), await found("x")]).toEqual([[], []]);
        expect(indexedWords(db)).toBe(words);
      }
    }));

  it.each([1, PIECES - 1])("is shown as it is then, after %i pieces", (nth) =>
    withShelf(async (shelf) => {
      shelf.add("s", [""]);
      say(shelf, `fig plum ${ESCAPES}`);
      await shelf.search.search('"fig"', ALL);
      const change = afterPiece(shelf, nth, () => say(shelf, `plum ${OTHER}`));
      const { hits } = await shelf.search.search('"plum"', ALL);
      expect([change.isDone, hits.length, hits[0]?.snippet?.slice(0, 8)]).toEqual([
        true,
        1,
        "plum x x",
      ]);
    }),
  );
});

it("a long turn that lacks a piece is searched by its other texts, and archived with its account", () =>
  withShelf(async (shelf) => {
    const { db, turns, search } = shelf;
    shelf.add("s", ["", "pear"]);
    const text = ESCAPES.slice(0, 300_000) + OTHER;
    turns.update(turnOf(ID, text, { output: "plum" }));
    db.run("delete from turn_parts where id = (select min(id) + 1 from turn_parts)");
    const found = async (word: string) => (await search.search(`"${word}"`, ALL)).hits;
    expect(await found("pear")).toMatchObject([{ turn_id: turnId(1, 2) }]);
    expect(await found("plum")).toMatchObject([{ turn_id: ID, snippet: "plum" }]);
    shelf.add("t", ["fig"]);
    const archived = await shelf.tools().archivist.archiveDue(dueAt(THEN + 40 * DAY), 0);
    expect(archived).toMatchObject({ archived: 1, errors: 1 });
    expect(findSession(db, "t")?.segment).not.toBe(null);
  }));
