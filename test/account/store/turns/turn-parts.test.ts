import { describe, expect, it } from "vitest";

import { forkSession } from "../../../../src/account/archive/sessions/fork-session.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import type { Content } from "../../../../src/shared/items.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";

const LONG = 2_000_000;
const LARGE = 6 * 1024 * 1024;
const picture = (image_url: string): Content => [
  {
    type: "message",
    role: "user",
    content: [
      { type: "input_text", text: "What is this?" },
      { type: "input_image", image_url },
    ],
  },
];
const partsIn = ({ db }: Pick<Shelf, "db">, id: number) =>
  db.all<{ id: number }>("select id from turn_parts where turn_id = ? order by id", id);
const countParts = ({ db }: Pick<Shelf, "db">) => db.scalar("select count(*) from turn_parts");
/** Three turns, each of more than a third of what is read together. */
const addLarge = ({ turns }: Shelf) =>
  turns.insertAll(
    ["a", "b", "c"].map((letter, n) =>
      turnOf(turnId(1, n + 1), "", { input: picture(letter.repeat(LARGE)) }),
    ),
  );
const letters = (all: readonly { input: Content }[]) =>
  all.map(({ input }) => JSON.stringify(input).slice(-6, -5));

describe("the parts of a turn", () => {
  it("are read back, whatever stands where they are cut", () =>
    withShelf(async ({ turns }) => {
      for (const [n, text] of [
        `a${"😀".repeat(700_000)}`,
        "😀".repeat(700_000),
        "漢".repeat(700_001),
        `"\\\u0000\n${"x".repeat(LONG)}`,
      ].entries()) {
        const turn = turnOf(turnId(1, n + 1), text);
        turns.insert(turn);
        expect(turns.get(turn.id)).toEqual(turn);
      }
    }));

  it("cost nothing where a row is enough, and a row each where it is not", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      turns.insert(turnOf(turnId(1, 1), "The model is known from here on"));
      const written = (work: () => void) => {
        const before = db.rowsWritten;
        work();
        return db.rowsWritten - before;
      };
      const plain = turnOf(turnId(1, 2), "Hi");
      expect(written(() => turns.insert(plain))).toBe(1);
      expect(written(() => turns.update({ ...plain, status: "failed" }))).toBe(1);
      const long = turnOf(turnId(1, 3), "x".repeat(LONG), { output: "ok" });
      const pieces = Math.ceil(LONG / (512 * 1024));
      // Each has its row, and one in the index.
      expect(written(() => turns.insert(long))).toBe(1 + 2 * pieces);
      const before = partsIn(shelf, long.id);
      expect(written(() => turns.update({ ...long, status: "failed" }))).toBe(1);
      expect(partsIn(shelf, long.id)).toEqual(before);
    }));

  it("go with what their turn said, with the turn, and with its transaction", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      const long = turnOf(turnId(1, 1), "x".repeat(LONG), { output: "ok" });
      turns.insert(long);
      const other = { ...long, input: "y".repeat(LONG) };
      turns.update(other);
      expect(turns.get(long.id)).toEqual(other);
      turns.update({ ...long, input: "short" });
      expect(countParts(shelf)).toBe(0);
      turns.update(long);
      expect(() =>
        db.transaction(() => {
          turns.update({ ...long, input: "short" });
          throw new Error("the disk");
        }),
      ).toThrow("the disk");
      expect(turns.get(long.id)).toEqual(long);
      turns.remove([long.id, long.id + 1]);
      expect(countParts(shelf)).toBe(0);
      expect(() =>
        db.transaction(() => {
          turns.insert(long);
          throw new Error("the disk");
        }),
      ).toThrow("the disk");
      expect([turns.get(long.id), countParts(shelf)]).toEqual([null, 0]);
    }));

  it("are never read in part", () =>
    withShelf(async ({ db, turns }) => {
      turns.insert(turnOf(turnId(1, 1), "x".repeat(LONG)));
      db.run("delete from turn_parts where id = (select max(id) from turn_parts)");
      expect(() => turns.get(turnId(1, 1))).toThrow("lacks some of its texts");
    }));

  it("make pages shorter, and only an empty page is the end", () =>
    withShelf(async (shelf) => {
      const { turns } = shelf;
      addLarge(shelf);
      for (const order of ["asc", "desc"] as const) {
        const pages: string[][] = [];
        for (let from: number | null = null; ;) {
          const page = turns.list(1, { order, from, limit: 10 });
          if (page.length === 0) break;
          pages.push(letters(page));
          from = (page.at(-1)?.id ?? 0) + (order === "asc" ? 1 : -1);
        }
        expect(pages.flat()).toEqual(order === "asc" ? ["a", "b", "c"] : ["c", "b", "a"]);
        expect(pages.length).toBeGreaterThan(1);
      }
      for (let time = 0; time < 2; time += 1) {
        const newest = turns.newest(1, 10, null);
        expect(letters(newest)).toEqual(["c", "b"]);
        expect(letters(turns.newest(1, 10, (newest.at(-1)?.id ?? 0) - 1))).toEqual(["a"]);
      }
      expect(turns.allOf([1], 3 * LARGE)).toBeNull();
      expect(turns.allOf([1], 4 * LARGE)?.get(1)).toHaveLength(3);
    }));

  it("are left where they are for lists, and copied for forks", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      const tools = shelf.tools();
      expect(tools.sessionKeys.next()).toBe(1);
      shelf.add("a", []);
      addLarge(shelf);
      expect(JSON.stringify(turns.head(turnId(1, 1))).length).toBeLessThan(1_000);
      db.transaction(() => forkSession(tools, turnId(1, 2), "fork", THEN));
      const { key } = findSession(db, "fork")!;
      const read = (n: number, of: number) => turns.get(turnId(of, n));
      for (const n of [1, 2]) expect(read(n, key)?.input).toEqual(read(n, 1)?.input);
      expect(read(3, key)).toBeNull();
      turns.remove([turnId(1, 1), turnId(1, 9)]);
      expect(letters(turns.list(key, { order: "asc", limit: -1 }))).toEqual(["a", "b"]);
    }));
});
