import { describe, expect, inject, it } from "vitest";

import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { SearchIndex } from "../../../../src/account/store/turns/search.ts";
import { hitsOf as readHits } from "../../../../src/account/store/turns/search-hits.ts";
import { SearchPieces } from "../../../../src/account/store/turns/search-pieces.ts";
import { indexedWords } from "../../../support/search-index.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import type { Item } from "../../../../src/shared/items.ts";
import { THEN, dueAt, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { Client, DAY } from "../../../support/client.ts";

const ALL = { limit: 100, offset: 0 };
const NOW = THEN + 60 * DAY;
const PICTURE = `data:image/png;base64,${Buffer.from("zebra crossing ".repeat(300_000)).toString("base64")}`;

/** As a model and its client's tools leave a turn. */
const INPUT: Item[] = [
  {
    type: "message",
    role: "user",
    content: [
      { type: "input_text", text: 'Look:\nthe "plum" \u00fc\\nice' },
      { type: "input_image", image_url: PICTURE.slice(0, 900) },
    ],
  },
];
const OUTPUT: Item[] = [
  { type: "reasoning", text: "", summary: ["A\nquince."], encrypted_content: "opaquequince" },
  {
    type: "function_call",
    call_id: "call_secretid",
    name: "find_fruit",
    arguments: '{"kind":"pear","note":"one\\nfig"}',
  },
  {
    type: "function_call_output",
    call_id: "call_secretid",
    output: '{"price":"twenty\\nmedlars"}',
  },
  {
    type: "mcp_call",
    id: "mcp_secretid",
    arguments: '{"q":"a\\ncherry"}',
    output: "so\napricot",
  },
  { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "No\nmango" }] },
];
const FOUND = [
  "plum",
  "nice",
  "ü",
  "quince",
  "find",
  "fruit",
  "pear",
  "fig",
  "twenty",
  "medlars",
  "cherry",
  "apricot",
  "mango",
];
const NOT_FOUND =
  "nplum nthe nquince nfig nmedlars ncherry napricot nmango u00fc type message input_text function_call kind price secretid opaquequince base64 iVBOR".split(
    " ",
  );

const addItems = ({ add, turns }: Shelf, id: string, key: number) => {
  add(id, []);
  turns.insert(turnOf(turnId(key, 1), "", { input: INPUT, output: OUTPUT }));
};
const hitsOf = async ({ db }: Shelf, word: string) =>
  (await new SearchIndex(db).search(`"${word}"`, ALL)).hits;

async function expectWords(shelf: Shelf): Promise<void> {
  for (const word of FOUND) expect([word, (await hitsOf(shelf, word)).length]).toEqual([word, 1]);
  for (const word of NOT_FOUND)
    expect([word, (await hitsOf(shelf, word)).length]).toEqual([word, 0]);
}

describe("items of turns", () => {
  it("are found by their own words, live, archived and brought back, and leave none", () =>
    withShelf(async (shelf) => {
      addItems(shelf, "a", 1);
      await expectWords(shelf);
      await shelf.archivist().archiveDue(dueAt(NOW), 0);
      await expectWords(shelf);
      await shelf.archivist().restore("a", NOW);
      await expectWords(shelf);
      await shelf.archivist().archiveDue(dueAt(NOW + 60 * DAY), 0);
      await eraseSession(shelf.tools(), "a", NOW + 60 * DAY);
      await scheduler.wait(1);
      expect(indexedWords(shelf.db)).toBe(0);
    }));

  it("are found by their own words where the first search comes after the archive, and leave none", () =>
    withShelf(async (shelf) => {
      addItems(shelf, "a", 1);
      await shelf.archivist().archiveDue(dueAt(NOW), 0);
      const { archiveIndexer } = shelf.tools();
      while (await archiveIndexer.step());
      await expectWords(shelf);
      await eraseSession(shelf.tools(), "a", NOW);
      await scheduler.wait(1);
      expect(indexedWords(shelf.db)).toBe(0);
    }));

  it("are shown in hits as their texts", () =>
    withShelf(async (shelf) => {
      addItems(shelf, "a", 1);
      expect(await hitsOf(shelf, "medlars")).toMatchObject([
        {
          role: "assistant",
          snippet:
            "A\nquince.\nfind_fruit\npear\none\nfig\ntwenty\nmedlars\na\ncherry\nso\napricot\nNo\nmango",
        },
      ]);
      expect(await hitsOf(shelf, "plum")).toMatchObject([
        { role: "user", snippet: 'Look:\nthe "plum" ü\\nice', highlights: [[11, 15]] },
      ]);
    }));
});

/** 2 MiB, in long words where it has to be quick: the index is charged by the word. */
const [WORDS, DIGITS] = inject("isLarge") ? [260_000, 6] : [32_500, 62];
const filler = Array.from({ length: WORDS }, (_none, n) => `w${String(n).padStart(DIGITS, "0")}`);
const [FIRST = "", LAST = ""] = [filler[0], filler.at(-1)];

const saying = (word: string) =>
  turnOf(turnId(1, 1), "", {
    input: [word, ...Array.from({ length: 3 }, () => filler.join(" "))].map((text) => ({
      type: "message",
      role: "user",
      content: text,
    })),
  });

describe("a turn that is too large for a row", () => {
  it("is found by all of its words, and leaves none", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      shelf.add("a", []);
      const content = [`Look\nplum`, `${filler.join(" ")}\npear`, PICTURE];
      turns.insert(
        turnOf(turnId(1, 1), "", {
          input: content.map((text) => ({ type: "message", role: "user", content: text })),
        }),
      );
      expect(Number(db.scalar("select count(*) from turn_parts"))).toBeGreaterThan(1);
      for (const word of ["plum", "pear", FIRST, LAST])
        expect([word, (await hitsOf(shelf, word)).length]).toEqual([word, 1]);
      for (const word of ["npear", "base64", "type"])
        expect([word, (await hitsOf(shelf, word)).length]).toEqual([word, 0]);
      expect((await hitsOf(shelf, "plum"))[0]?.snippet).toMatch(/^Look\nplum\nw0000/);
      await eraseSession(shelf.tools(), "a", NOW);
      await scheduler.wait(1);
      expect(indexedWords(db)).toBe(0);
      expect(db.scalar("select count(*) from search_parts")).toBe(0);
    }));

  it("is read some pieces at a time, for index and hits, and again where it is written meanwhile", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      shelf.add("a", []);
      turns.insert(saying("a plum"));
      const all = db.all.bind(db);
      let most = 0;
      let onRead: (() => void) | null = null;
      db.all = (sql, ...params) => {
        const rows = all(sql, ...params);
        if (!sql.includes("from turn_parts")) return rows as never;
        const read = rows.reduce((sum, { text }) => sum + String(text ?? "").length, 0);
        most = Math.max(most, read);
        onRead?.();
        return rows as never;
      };
      expect(await hitsOf(shelf, "plum")).toMatchObject([{ highlights: [[2, 6]] }]);
      expect(most).toBeGreaterThan(0);
      onRead = () => {
        onRead = null;
        turns.update(saying("the plum"));
      };
      const [hit] = await readHits(db, [turnId(1, 1)], [["plum"]], new SearchPieces());
      expect(hit?.snippet).toMatch(/^the plum/);
      expect(most).toBeLessThanOrEqual(4 * 512 * 1024);
    }));

  it("takes one row of the index where it is large by a picture", () =>
    withShelf(async (shelf) => {
      shelf.add("a", []);
      const content: Extract<Item, { type: "message" }>["content"] = [
        { type: "input_text", text: "What is this zebra?" },
        { type: "input_image", image_url: PICTURE },
      ];
      shelf.turns.insert(
        turnOf(turnId(1, 1), "", { input: [{ type: "message", role: "user", content }] }),
      );
      expect(await hitsOf(shelf, "zebra")).toMatchObject([{ snippet: "What is this zebra?" }]);
      expect(shelf.db.scalar("select count(*) from search_parts")).toBe(0);
    }));
});

const foundBy = async (each: Client, word: string) =>
  (await each.get(`/search?q=${word}`)).body.data.length;

const counts = async (each: Client) => [
  await foundBy(each, "plum"),
  await foundBy(each, "pear"),
  await foundBy(each, "fig"),
  await foundBy(each, "nfig"),
];

it("what was imported, and an item that was deleted, are searched by their texts", async () => {
  const client = new Client();
  const { body: made } = await client.post("/v1/conversations", { body: { items: [] } });
  await client.post("/v1/responses", {
    body: {
      model: "local",
      conversation: made.id,
      input: [
        { role: "user", content: "Look:\nplum" },
        { type: "function_call", call_id: "c", name: "find", arguments: '{"a":"x\\npear"}' },
        { type: "function_call_output", call_id: "c", output: "so\nfig" },
      ],
    },
  });
  expect(await counts(client)).toEqual([1, 1, 1, 0]);
  const lines = await (await client.fetch("GET", "/export")).text();
  const other = new Client();
  await other.post("/import", { body: lines });
  expect(await counts(other)).toEqual([1, 1, 1, 0]);

  const path = `/v1/conversations/${made.id}/items`;
  const { body: items } = await client.get(`${path}?order=asc`);
  const call = items.data.find(({ type }: { type: string }) => type === "function_call");
  expect((await client.call("DELETE", `${path}/${call.id}`)).status).toBe(200);
  expect(await counts(client)).toEqual([1, 0, 1, 0]);
  await client.call("DELETE", `/sessions/${made.id}`);
  expect(await counts(client)).toEqual([0, 0, 0, 0]);
});
