import { afterEach, describe, expect, inject, it, vi } from "vitest";

import { SLICE_TEXT } from "../../../../src/account/archive/format/segment.ts";
import { exportPage } from "../../../../src/account/archive/upkeep/export-account.ts";
import { EXPORT_START } from "../../../../src/account/archive/upkeep/export-cursor.ts";
import type { ExportCursor } from "../../../../src/account/archive/upkeep/export-cursor.ts";
import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";

const TURNS = 15;
/** A turn says it twice, and its JSON is twice as long. */
const TEXT = '"'.repeat(60_000);
const LINE = 4 * TEXT.length + 1_000;
/** A page ends past so much. */
const PAGE = 512 * 1024;
/** Stored, the session fits into a part of this size. Its JSON fits into two. */
const SIZE = { segmentBytes: 1_920_000 };

afterEach(() => void vi.restoreAllMocks());

const fill = (shelf: Shelf): Tools => {
  shelf.add("a", ["small"]);
  shelf.add("large", Array<string>(TURNS).fill(TEXT));
  shelf.add("z", ["small"]);
  return shelf.tools(undefined, SIZE);
};

const archive = ({ db }: Shelf, { archivist }: Tools, id: string) =>
  archivist.archiveNow(findSession(db, id)!, THEN);

const page = (tools: Tools, cursor: ExportCursor) => exportPage(tools, {}, cursor, THEN);

async function linesOf(tools: Tools, from = EXPORT_START): Promise<string[]> {
  const lines: string[] = [];
  for (let cursor: ExportCursor | null = from; cursor;) {
    const next = await page(tools, cursor);
    lines.push(...next.lines);
    cursor = next.cursor;
  }
  return lines;
}

/** Of one turn of the event loop: the most text that is read from rows, and the most that is made JSON. */
function mostText({ db }: Shelf): { rows: number; json: number; waits: number } {
  const most = { rows: 0, json: 0, waits: 0 };
  let current = { rows: 0, json: 0 };
  const all = db.all.bind(db);
  vi.spyOn(db, "all").mockImplementation((sql, ...params) => {
    const rows = all(sql, ...params);
    for (const { input, output } of rows)
      for (const text of [input, output]) if (typeof text === "string") current.rows += text.length;
    most.rows = Math.max(most.rows, current.rows);
    return rows;
  });
  const { stringify } = JSON;
  vi.spyOn(JSON, "stringify").mockImplementation((...params: Parameters<typeof stringify>) => {
    const json = stringify(...params);
    current.json += json?.length ?? 0;
    most.json = Math.max(most.json, current.json);
    return json;
  });
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
    await wait(ms);
    current = { rows: 0, json: 0 };
    most.waits += 1;
  });
  return most;
}

/** Calls `change` once, at the nth turn of the event loop that is given to others. */
function atWait(nth: number, change: () => unknown): { isDone: boolean } {
  const state = { isDone: false };
  let waits = 0;
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
    await wait(ms);
    waits += 1;
    if (state.isDone || waits < nth) return;
    state.isDone = true;
    await change();
  });
  return state;
}

describe("an export of a session whose JSON is measured", () => {
  it.each(["live", "archived"])("gives others their turn between its turns: %s", (state) =>
    withShelf(async (shelf) => {
      const tools = fill(shelf);
      if (state === "archived") await archive(shelf, tools, "large");
      const most = mostText(shelf);
      const heads: string[] = [];
      for (let cursor: ExportCursor | null = EXPORT_START; cursor;) {
        const next = await page(tools, cursor);
        heads.push(...next.lines.filter((line) => line.includes('"part"')));
        cursor = next.cursor;
        // Each page is a call of its own.
        await scheduler.wait(0);
      }
      expect(heads).toHaveLength(2);
      expect(most.waits).toBeGreaterThan(TURNS);
      expect(most.rows).toBeLessThan(PAGE + LINE / 2);
      expect(most.json).toBeLessThan(PAGE + 2 * LINE + SLICE_TEXT);
    }),
  );

  it("measures it once for its first part, and reads none of the texts that lie beside their rows", () =>
    withShelf(async (shelf) => {
      shelf.add("large", []);
      const text = "plum ".repeat(400_000);
      const turns = [1, 2, 3].map((n) => turnOf(turnId(1, n), text, { output: null }));
      shelf.turns.insertAll(turns);
      const tools = shelf.tools(undefined, { segmentBytes: 2_100_000 });
      let read = 0;
      const all = shelf.db.all.bind(shelf.db);
      vi.spyOn(shelf.db, "all").mockImplementation((sql, ...params) => {
        const rows = all(sql, ...params);
        if (sql.includes("from turn_parts"))
          read += rows.reduce((sum, row) => sum + String(row["text"]).length, 0);
        return rows;
      });
      const { lines } = await page(tools, EXPORT_START);
      expect(lines).toHaveLength(2);
      expect(read).toBeLessThan(text.length + 100);
      vi.restoreAllMocks();
      const all3 = await linesOf(tools);
      expect(all3.filter((line) => line.includes(text))).toHaveLength(3);
    }));

  it("is the same where the session is archived meanwhile", () =>
    withShelf(async (shelf) => {
      const tools = fill(shelf);
      const before = await linesOf(tools);
      expect(before.filter((line) => line.includes('"part"'))).toHaveLength(2);
      // While it is measured, and while its parts are written.
      for (const nth of inject("isLarge") ? [1, 2, 11, 13] : [2, 13]) {
        const change = atWait(nth, () => archive(shelf, tools, "large"));
        const lines = await linesOf(tools);
        vi.restoreAllMocks();
        expect([nth, change.isDone, lines.length]).toEqual([nth, true, before.length]);
        expect(lines.every((line, n) => line === before[n])).toBe(true);
        await tools.archivist.restoreThrough(findSession(shelf.db, "large")!);
        expect(findSession(shelf.db, "large")?.segment).toBe(null);
      }
    }));

  it("leaves out a session that is erased before a line of it is written", () =>
    withShelf(async (shelf) => {
      const tools = fill(shelf);
      const change = atWait(2, () => eraseSession(tools, "large", THEN));
      const lines = await linesOf(tools);
      expect([change.isDone, lines.length]).toEqual([true, 5]);
      expect(JSON.parse(lines.at(-1)!)).toEqual({ type: "end", sessions: 2, turns: 2 });
    }));

  it.each([
    ["is erased", (_shelf: Shelf, tools: Tools) => eraseSession(tools, "large", THEN)],
    ["loses a turn", ({ turns }: Shelf) => turns.remove([turnId(2, TURNS), turnId(2, TURNS + 1)])],
  ])("breaks off where some of the session is written and it %s", (_name, change) =>
    withShelf(async (shelf) => {
      const tools = fill(shelf);
      // The last page that ends amid the first part.
      let cursor = EXPORT_START;
      for (let next: ExportCursor | null = cursor; next !== null && next.key !== 3;) {
        if (next.key === 2 && next.part === 1) cursor = next;
        ({ cursor: next } = await page(tools, next));
      }
      expect([cursor.part, cursor.seq < cursor.end]).toEqual([1, true]);
      const state = atWait(1, () => change(shelf, tools));
      await expect(linesOf(tools, cursor)).rejects.toMatchObject({
        code: expect.stringMatching(/session_(busy|erased)/),
      });
      expect(state.isDone).toBe(true);
    }),
  );

  it("leaves out a turn that comes meanwhile", () =>
    withShelf(async (shelf) => {
      const tools = fill(shelf);
      const change = atWait(2, () => shelf.turns.insert(turnOf(turnId(2, TURNS + 1), "late")));
      const lines = await linesOf(tools);
      expect(change.isDone).toBe(true);
      expect(lines.some((line) => line.includes("late"))).toBe(false);
      expect(JSON.parse(lines.at(-1)!)).toMatchObject({ sessions: 3, turns: TURNS + 2 });
    }));
});
