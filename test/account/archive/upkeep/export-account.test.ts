import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { exportPage } from "../../../../src/account/archive/upkeep/export-account.ts";
import { EXPORT_START } from "../../../../src/account/archive/upkeep/export-cursor.ts";
import type { ExportCursor } from "../../../../src/account/archive/upkeep/export-cursor.ts";
import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { insertRecord } from "../../../../src/account/archive/sessions/insert-record.ts";
import type { SessionRecord } from "../../../../src/account/archive/format/record.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import type { ExportFilter } from "../../../../src/account/store/sessions/export-filter.ts";
import { insertHeldVersions } from "../../../../src/account/store/sessions/held-versions.ts";
import { frameId } from "../../../../src/account/store/turns/system-prompts.ts";
import { findSession, patchSession } from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, withShelf } from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

const TEACHER = "You teach.";
const JOKER = "You joke.";
const FRAME = frameId(TEACHER);

interface Line {
  type: string;
  session_id?: string;
  turns?: number;
  sessions?: number;
  input?: string;
  status?: string;
  system?: string | null;
  pinned?: true;
  hold?: string;
  state?: object;
  key?: number;
  part?: { number: number; before: number; all: number };
}

const page = (tools: Tools, cursor: ExportCursor = EXPORT_START, filter: ExportFilter = {}) =>
  exportPage(tools, filter, cursor, THEN);

async function pages(tools: Tools, filter: ExportFilter = {}) {
  const all: { total: number | null; lines: Line[] }[] = [];
  for (let cursor: ExportCursor | null = EXPORT_START; cursor;) {
    const next = await page(tools, cursor, filter);
    all.push({ total: next.total, lines: next.lines.map((line) => JSON.parse(line) as Line) });
    cursor = next.cursor;
  }
  return all;
}

const linesOf = async (tools: Tools, filter?: ExportFilter) =>
  (await pages(tools, filter)).flatMap(({ lines }) => lines);

/** What an export says in short: sessions, and the turns in each. */
const told = (lines: readonly Line[]) =>
  lines.map(({ type, session_id, input, sessions, turns }) =>
    type === "session" ? `${session_id}: ${turns}` : (input ?? `${sessions} with ${turns}`),
  );

const many = (count: number, text = "") =>
  Array.from({ length: count }, (_, index) => `${index} ${text}`);
/** So long that a page holds a few. */
const LONG = "x".repeat(20_000);

const archive = ({ db }: Shelf, { archivist }: Tools, id: string) =>
  archivist.archiveNow(findSession(db, id)!, THEN);

const withState = (session_id: string): SessionRecord => ({
  session_id,
  key: 0,
  created_at: THEN,
  accessed_at: THEN,
  assistant: null,
  user_id: "u",
  metadata: {},
  state: { n: 1 },
  state_version: 2,
  turns: [],
});

describe("an export", () => {
  it("has each session with its turns, live or archived, and the counts at its end", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("a", ["one", "two"]);
      shelf.add("empty", []);
      shelf.add("b", ["three"]);
      const expected = ["a: 2", "one", "two", "empty: 0", "b: 1", "three", "3 with 3"];
      const live = await pages(tools);
      expect(told(live.flatMap(({ lines }) => lines))).toEqual(expected);
      expect(live.map(({ total }) => total)).toEqual([3]);
      for (const id of ["a", "empty"]) await archive(shelf, tools, id);
      expect(await linesOf(tools)).toEqual(live.flatMap(({ lines }) => lines));
    });
  });

  it("of nothing is its end", async () => {
    await withShelf(async (shelf) => {
      const [only] = await pages(shelf.tools());
      expect(only).toEqual({ total: 0, lines: [{ type: "end", sessions: 0, turns: 0 }] });
    });
  });

  it("comes in pages of the same lines, and says on the first how many sessions there are", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("a", many(40, LONG));
      shelf.add("b", many(40));
      const all = await pages(tools);
      expect(all.length).toBeGreaterThan(2);
      expect(all.map(({ total }) => total)).toEqual([2, ...all.slice(1).map(() => null)]);
      for (const { lines } of all.slice(0, -1)) {
        const size = lines.map((line) => JSON.stringify(line).length).reduce((a, b) => a + b, 0);
        expect(size).toBeGreaterThan(512 * 1024);
        expect(size).toBeLessThan(1024 * 1024);
      }
      const inputs = all.flatMap(({ lines }) => lines).map(({ input }) => input?.split(" ")[0]);
      const numbers = many(40).map((text) => text.trim());
      expect(inputs.filter((input) => input !== undefined)).toEqual([...numbers, ...numbers]);
      expect(all.at(-1)?.lines.at(-1)).toEqual({ type: "end", sessions: 2, turns: 80 });
      await archive(shelf, tools, "a");
      expect((await pages(tools)).flatMap(({ lines }) => lines)).toEqual(
        all.flatMap(({ lines }) => lines),
      );
    });
  });

  it("reads an archive once a page, however many of its turns that has", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", many(40));
      shelf.add("b", many(3));
      const tools = shelf.tools();
      for (const id of ["a", "b"]) await archive(shelf, tools, id);
      const read: number[] = [];
      const counting = {
        get: (key: string, options?: R2GetOptions & { range: { offset: number } }) => {
          read.push(options?.range.offset ?? -1);
          return env.ARCHIVE.get(key, options);
        },
      };
      await page(shelf.tools(counting as never));
      expect(read).toEqual([0, 0]);
    });
  });

  it("tells a session's flags and state as they are now, archived or not", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      for (const id of ["a", "b"]) insertRecord(tools, withState(id));
      await archive(shelf, tools, "a");
      for (const id of ["a", "b"])
        patchSession(shelf.db, findSession(shelf.db, id)!, { pinned: true, hold: "case" });
      const [a, b] = await linesOf(tools);
      expect(a).toMatchObject({ session_id: "a", pinned: true, hold: "case", state: { n: 1 } });
      expect(b).toMatchObject({ session_id: "b", pinned: true, hold: "case", state: { n: 1 } });
      patchSession(shelf.db, findSession(shelf.db, "a")!, { pinned: false, hold: null });
      const [free] = await linesOf(tools);
      expect([free?.pinned, free?.hold]).toEqual([undefined, undefined]);
    });
  });

  it("counts no turn that is gone from between others", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("a", ["one", "two", "three"]);
      const { key } = findSession(shelf.db, "a")!;
      shelf.db.run("delete from turns where id = ?", turnId(key, 2));
      shelf.db.run("insert into session_details (key, missing) values (?, 1)", key);
      expect(told(await linesOf(tools))).toEqual(["a: 2", "one", "three", "1 with 2"]);
    });
  });

  it("has a session beyond the size of a part in parts, live or archived, on whatever page", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools(undefined, { segmentBytes: 1_000_000 });
      shelf.add("small", ["one"]);
      shelf.add("a", many(120, LONG));
      const { key } = findSession(shelf.db, "a")!;
      shelf.db.run(
        "update turns set frame = ? where id > ? and id < ?",
        FRAME,
        key * 2 ** 20,
        (key + 1) * 2 ** 20,
      );
      tools.frames.put(key, TEACHER);
      const live = await linesOf(tools);
      const heads = live.filter(({ session_id }) => session_id === "a");
      expect(heads.length).toBeGreaterThan(2);
      let before = 0;
      for (const [index, { part, turns, key: own }] of heads.entries()) {
        expect([part, own]).toEqual([{ number: index + 1, before, all: 120 }, key]);
        before += turns ?? 0;
      }
      expect(before).toBe(120);
      // Each part can be read without the others.
      const named = live.flatMap(({ system }, at) => (system === TEACHER ? [live[at - 1]] : []));
      expect(named).toEqual(heads);
      expect(live.at(-1)).toEqual({ type: "end", sessions: 2, turns: 121 });
      await archive(shelf, tools, "a");
      expect(await linesOf(tools)).toEqual(live);
    });
  });

  it.each([
    ["first", 0, 1],
    ["last", -1, 1],
    ["middle", 1, 2],
  ])("goes on after a session whose %s part is damaged", async (_, place, sessions) => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools(undefined, { segmentBytes: 600_000 });
      shelf.add("a", many(120, LONG));
      await archive(shelf, tools, "a");
      shelf.add("b", ["one"]);
      const { key } = findSession(shelf.db, "a")!;
      const keys = shelf.db.all<{ object_key: string }>(
        `select object_key from session_parts join segments on segments.id = segment
         where session_parts.key = ? order by session_parts.part`,
        key,
      );
      expect(keys.length).toBeGreaterThan(2);
      await env.ARCHIVE.put(keys.at(place)!.object_key, "damaged");
      const lines = await linesOf(tools);
      const at = lines.findIndex(({ type }) => type === "skipped");
      const skipped = { type: "skipped", session_id: "a", code: "archive_corrupt" };
      const turns = lines.filter(({ type }) => type === "turn").length;
      expect(turns > 1).toBe(sessions === 2);
      expect(lines[at]).toEqual(skipped);
      expect(told(lines.slice(at + 1, -1))).toEqual(["b: 1", "one"]);
      expect(lines.at(-1)).toEqual({ type: "end", sessions, turns, skipped: 1 });
    });
  });

  it.each([
    ["comes back", ["a: 1", "one", "b: 1", "two", "2 with 2"]],
    ["is erased", ["b: 1", "two", "1 with 1"]],
  ])("names none whose archive goes while it is read, because it %s", async (change, all) => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("a", ["one"]);
      shelf.add("b", ["two"]);
      await archive(shelf, tools, "a");
      let isDone = false;
      const get = async (...args: [string, R2GetOptions]) => {
        if (!isDone) {
          isDone = true;
          if (change === "is erased")
            await eraseSession({ ...tools, turns: shelf.turns }, "a", THEN);
          else await tools.archivist.restore("a", THEN);
          await tools.archivist.clean();
        }
        return env.ARCHIVE.get(...args);
      };
      const lines = await linesOf(shelf.tools({ get } as unknown as R2Bucket));
      expect(isDone).toBe(true);
      expect(told(lines)).toEqual(all);
    });
  });

  it("cuts what was archived in one piece so that an import takes each part", async () => {
    await withShelf(async (shelf) => {
      const texts = many(60, `"${LONG}`);
      shelf.add("a", texts);
      await archive(shelf, shelf.tools(), "a");
      const lines = await linesOf(shelf.tools(undefined, { segmentBytes: 500_000 }));
      const heads = lines.filter(({ type }) => type === "session");
      expect(heads.length).toBeGreaterThan(2);
      expect(heads.map(({ turns = 0 }) => turns).every((turns) => turns <= 38)).toBe(true);
      const turns = lines.filter(({ type }) => type === "turn");
      expect(turns.map(({ input }) => input)).toEqual(texts);
      const before = heads.map(({ part }) => part?.before);
      const sums = heads.map((_, at) =>
        heads.slice(0, at).reduce((sum, head) => sum + (head.turns ?? 0), 0),
      );
      expect(before).toEqual(sums);
    });
  });

  it.each(["live", "archived"])(
    "cuts a session by the bytes of its JSON, with system messages and held versions: %s",
    async (state) => {
      await withShelf(async (shelf) => {
        const tools = shelf.tools(undefined, { segmentBytes: 500_000 });
        shelf.add("escaped", many(20, '"'.repeat(20_000)));
        shelf.add("systems", many(20));
        shelf.add("held", many(20, "x".repeat(20_000)));
        const key = (id: string) => findSession(shelf.db, id)!.key;
        for (let seq = 1; seq <= 20; seq += 1) {
          const text = `${seq} ${"\n".repeat(50_000)}`;
          tools.frames.put(key("systems"), text);
          const id = turnId(key("systems"), seq);
          shelf.db.run("update turns set frame = ? where id = ?", frameId(text), id);
        }
        const value = JSON.stringify({ text: "x".repeat(20_000) });
        const version = { name: "state" as const, value, replaced_at: THEN };
        insertHeldVersions(
          shelf.db,
          key("held"),
          many(20).map(() => version),
        );
        const ids = ["escaped", "systems", "held"];
        if (state === "archived") for (const id of ids) await archive(shelf, tools, id);
        const lines = await linesOf(tools);
        const partsOf = (id: string) =>
          lines.flatMap(({ session_id, turns = 0 }, at) => {
            if (session_id !== id) return [];
            const next = lines.findIndex(
              ({ type }, index) => index > at && type !== "turn" && type !== "version",
            );
            const own = lines.slice(at + 1, next);
            expect(own.filter(({ type }) => type === "turn")).toHaveLength(turns);
            return [own.reduce((sum, line) => sum + JSON.stringify(line).length + 1, 0)];
          });
        for (const sizes of ids.map(partsOf)) {
          expect(sizes.length).toBeGreaterThan(1);
          expect(Math.max(...sizes)).toBeLessThan(750_000);
        }
        expect(lines.at(-1)).toEqual({ type: "end", sessions: 3, turns: 60 });
      });
    },
  );

  it("counts more than the texts of many short turns", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools(undefined, { segmentBytes: 100_000 });
      shelf.add("a", many(900, "x"));
      const lines = await linesOf(tools);
      const heads = lines.filter(({ type }) => type === "session");
      expect(heads.length).toBeGreaterThan(2);
      expect(heads.every(({ turns = 0 }) => turns < 400)).toBe(true);
      expect(lines.at(-1)).toEqual({ type: "end", sessions: 1, turns: 900 });
    });
  });

  it("names a system message where it changes, on whatever page that is", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const systems = many(36).map((_, index) =>
        index < 20 ? TEACHER : index < 30 ? JOKER : null,
      );
      const turns = systems.map((system, index): Turn => ({
        id: turnId(0, index + 1),
        status: "completed",
        created_at: THEN,
        duration_ms: 1,
        model: null,
        input_tokens: null,
        output_tokens: null,
        input: LONG + LONG,
        output: null,
        ...(system !== null && { frame: frameId(system) }),
        extra: {},
      }));
      const frames = Object.fromEntries([TEACHER, JOKER].map((text) => [frameId(text), text]));
      const more = { assistant: null, user_id: null, metadata: {}, frames, turns };
      insertRecord(tools, {
        session_id: "a",
        key: 0,
        created_at: THEN,
        accessed_at: THEN,
        ...more,
      });
      const named = async () => (await linesOf(tools)).slice(1, -1).map(({ system }) => system);
      const expected = systems.map((system, index) =>
        system === (systems[index - 1] ?? null) ? undefined : system,
      );
      expect(await named()).toEqual(expected);
      await archive(shelf, tools, "a");
      expect(await named()).toEqual(expected);
    });
  });

  it("tells of a turn past its lease what it is by now", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", ["one"]);
      const { key } = findSession(shelf.db, "a")!;
      const last = shelf.turns.last(key)!;
      const lease = { token: "t", until: THEN - 1 };
      shelf.turns.update({ ...last, status: "in_progress", output: null, extra: { lease } });
      const lines = await linesOf(shelf.tools());
      expect(lines[1]?.status).toBe("abandoned");
    });
  });
});

/** The first page of a session of many, and where it goes on. */
const begun = async (shelf: Shelf, tools: Tools) => {
  shelf.add("a", many(40, LONG));
  shelf.add("b", ["last"]);
  const { cursor } = await page(tools);
  return cursor!;
};

const stay = async () => undefined;

describe("an export that goes on", () => {
  it("leaves out the turns that came after it had begun with their session", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      let cursor: ExportCursor | null = await begun(shelf, tools);
      const { key } = findSession(shelf.db, "a")!;
      const last = shelf.turns.last(key)!;
      shelf.turns.insert({ ...last, id: turnId(key, 41), input: "late" });
      const lines: Line[] = [];
      while (cursor) {
        const next = await page(tools, cursor);
        lines.push(...next.lines.map((line) => JSON.parse(line) as Line));
        cursor = next.cursor;
      }
      expect(told(lines).slice(-3)).toEqual(["b: 1", "last", "2 with 41"]);
      expect(lines.some(({ input }) => input === "late")).toBe(false);
    });
  });

  it.each([
    ["live", stay],
    ["archived", archive],
  ] as const)("breaks off where its session is erased (%s)", async (_, prepare) => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const cursor = await begun(shelf, tools);
      await prepare(shelf, tools, "a");
      await eraseSession(tools, "a", THEN);
      await expect(page(tools, cursor)).rejects.toMatchObject({ code: "session_erased" });
    });
  });

  it("breaks off where another turn is in the place of its last, or some are gone", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const cursor = await begun(shelf, tools);
      const { key, seq } = cursor;
      const busy = { code: "session_busy" };
      shelf.db.run("update turns set created_at = created_at + 1 where id = ?", turnId(key, seq));
      await expect(page(tools, cursor)).rejects.toMatchObject(busy);
      shelf.db.run("update turns set created_at = created_at - 1 where id = ?", turnId(key, seq));
      expect((await page(tools, cursor)).lines.length).toBeGreaterThan(0);
      shelf.db.run("delete from turns where id = ?", turnId(key, 40));
      const end = async () => {
        for (let next: ExportCursor | null = cursor; next;) next = (await page(tools, next)).cursor;
      };
      await expect(end()).rejects.toMatchObject({
        code: expect.stringMatching(/session_(busy|erased)/),
      });
      shelf.db.run("delete from turns where id = ?", turnId(key, seq));
      await expect(page(tools, cursor)).rejects.toMatchObject(busy);
    });
  });

  it("breaks off where a turn is gone from between those to come", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      let cursor: ExportCursor | null = await begun(shelf, tools);
      shelf.db.run("delete from turns where id = ?", turnId(cursor.key, 38));
      const end = async () => {
        while (cursor) ({ cursor } = await page(tools, cursor));
      };
      await expect(end()).rejects.toMatchObject({ code: "session_busy" });
    });
  });

  it("goes on in an archive where the session is archived meanwhile", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const cursor = await begun(shelf, tools);
      const before = await page(tools, cursor);
      await archive(shelf, tools, "a");
      expect(await page(tools, cursor)).toEqual(before);
    });
  });
});

it("an export is of what its filter names", async () => {
  await withShelf(async (shelf) => {
    const tools = shelf.tools();
    for (const id of ["a", "b", "c"]) shelf.add(id, [id]);
    const { key } = findSession(shelf.db, "b")!;
    shelf.db.run("insert into session_details (key, user_id) values (?, 'ann')", key);
    const filter = { user: { user_id: "ann" } };
    expect(told(await linesOf(tools, filter))).toEqual(["b: 1", "b", "1 with 1"]);
    expect((await page(tools, EXPORT_START, filter)).total).toBe(1);
  });
});
