import { describe, expect, it } from "vitest";

import { readArchived } from "../../../../src/account/archive/sessions/archived-session.ts";
import { importRecord } from "../../../../src/account/archive/sessions/import-record.ts";
import { liveRecord } from "../../../../src/account/archive/sessions/live-record.ts";
import type { SessionRecord } from "../../../../src/account/archive/format/record.ts";
import { TURNS_PER_SESSION, callId, seqOf, turnId } from "../../../../src/shared/ids.ts";
import { deleteValue, writeValue } from "../../../../src/account/store/account/account-values.ts";
import { putBackground } from "../../../../src/account/store/turns/background-turns.ts";
import { frameId } from "../../../../src/account/store/turns/system-prompts.ts";
import { findKey, putKey } from "../../../../src/account/store/turns/idempotency.ts";
import { importsOf } from "../../../../src/account/store/archive/imports.ts";
import {
  findDetails,
  findSession,
  patchSession,
  putDetails,
} from "../../../../src/account/store/sessions/sessions.ts";
import { snapshots } from "../../../../src/account/store/retention/retention.ts";
import { DAY } from "../../../support/client.ts";
import { UNKNOWN_KEYS } from "../../../../src/account/store/turns/request-keys.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";
import type {
  ImportRecordOptions,
  RecordImportResult,
} from "../../../../src/account/archive/sessions/bring.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

import { forkSession } from "../../../../src/account/archive/sessions/fork-session.ts";
import { Counters } from "../../../../src/account/store/usage/counters.ts";

const MINUTE = 60_000;

/** What was said so many minutes after the session began. */
const said = (key: number, seq: number, minute: number, input: string): Turn =>
  turnOf(turnId(key, seq), input, { created_at: THEN + minute * MINUTE });

const recordOf = (
  session_id: string,
  lines: readonly (readonly [minute: number, input: string])[],
  more: Partial<SessionRecord> = {},
): SessionRecord => ({
  session_id,
  key: 0,
  created_at: THEN,
  accessed_at: THEN + 100 * MINUTE,
  assistant: null,
  user_id: null,
  metadata: {},
  turns: lines.map(([minute, input], index) => said(0, index + 1, minute, input)),
  ...more,
});

const bring = (tools: Tools, record: SessionRecord, options: Partial<ImportRecordOptions> = {}) =>
  tools.db.transaction(() =>
    importRecord(tools, record, {
      on_conflict: "skip",
      onlyCheck: false,
      import: null,
      archived: new Map(),
      requestKeys: UNKNOWN_KEYS,
      now: THEN + 200 * MINUTE,
      ...options,
    }),
  );

/** As an import or a restore does it: what is archived is read first. */
async function bringAny(
  tools: Tools,
  record: SessionRecord,
  options: Partial<ImportRecordOptions> & Pick<ImportRecordOptions, "on_conflict">,
): Promise<RecordImportResult> {
  const archived = await readArchived(tools, [record], options.on_conflict);
  return bring(tools, record, { ...options, archived });
}

const keyOf = ({ db }: Pick<Shelf, "db">, id: string) => findSession(db, id)!.key;
const inputs = ({ turns, db }: Shelf, id: string) =>
  turns.list(keyOf({ db }, id), { order: "asc", limit: -1 }).map(({ input }) => input);
const seqs = ({ turns, db }: Shelf, id: string) =>
  turns.list(keyOf({ db }, id), { order: "asc", limit: -1 }).map((turn) => seqOf(turn.id));

const AB = [
  [1, "first"],
  [2, "second"],
] as const;

const full = () => {
  throw new Error("no room");
};

describe("a session that is brought", () => {
  it("is created where there is room, and with onlyCheck not", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const record = recordOf("s", AB);
      expect(bring(tools, record, { onlyCheck: true, beforeCreate: full })).toEqual({
        done: "created",
        turns: 2,
      });
      expect(() => bring(tools, record, { beforeCreate: full })).toThrow("no room");
      expect(findSession(shelf.db, "s")).toBeNull();
      const { done, turns, key } = bring(tools, record, { beforeCreate: () => undefined });
      expect([done, turns, key]).toEqual(["created", 2, keyOf(shelf, "s")]);
      expect(inputs(shelf, "s")).toEqual(["first", "second"]);
      expect(shelf.counters.read()).toMatchObject({ sessions: 1, turns: 2, messages: 4 });
    });
  });

  it("is not created once it was erased, nor while its first turn is on its way", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.db.run("insert into tombstones (session_id, erased_at) values ('gone', 1)");
      shelf.busy.add("new");
      const nothing = (id: string) => bring(tools, recordOf(id, AB), { on_conflict: "replace" });
      expect([nothing("gone"), nothing("new")]).toEqual([
        { done: "erased", turns: 0 },
        { done: "busy", turns: 0 },
      ]);
      expect(shelf.db.scalar("select count(*) from sessions")).toBe(0);
    });
  });

  it("is marked as whose it is, by an import only", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      bring(tools, recordOf("s", AB), { import: 7 });
      bring(tools, recordOf("empty", []), { import: 7 });
      bring(tools, recordOf("restored", AB));
      const marks = (id: string) => {
        const { of, maker } = importsOf(shelf.db, keyOf(shelf, id));
        return [maker, of(1), of(2), of(3)];
      };
      expect([marks("s"), marks("empty"), marks("restored")]).toEqual([
        [7, 7, 7, null],
        [7, null, null, null],
        [null, null, null, null],
      ]);
    });
  });
});

const thereIn = (shelf: Shelf) => {
  const tools = shelf.tools();
  const { key = 0 } = bring(tools, recordOf("s", AB, { metadata: { a: "1", b: "2" } }));
  return { tools, key, record: liveRecord(tools, key)! };
};

describe("a session that is there already", () => {
  it("is compared, merged and forked a page of turns at a time, however many it has", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const texts = Array.from({ length: 100 }, (_, n) => `text ${n}`);
      const spoken = texts.map((text, minute) => [minute, text] as const);
      const { key = 0 } = bring(tools, recordOf("s", spoken));
      const record = liveRecord(tools, key)!;
      const pages: number[] = [];
      const list = tools.turns.list.bind(tools.turns);
      tools.turns.list = (...args) => {
        const page = list(...args);
        pages.push(page.length);
        return page;
      };
      const more = recordOf("s", [...spoken, [200, "late"]]);
      expect(bring(tools, record, { on_conflict: "skip" }).done).toBe("unchanged");
      expect(bring(tools, more, { on_conflict: "newer", onlyCheck: true }).done).toBe("replaced");
      expect(bring(tools, more, { on_conflict: "merge" })).toMatchObject({
        done: "merged",
        turns: 1,
      });
      shelf.db.transaction(() => forkSession(tools, turnId(key, 99), "fork", THEN));
      expect(pages.length).toBeGreaterThan(4 * (100 / 16));
      expect(Math.max(...pages)).toBe(16);
      tools.turns.list = list;
      expect(inputs(shelf, "s")).toEqual([...texts, "late"]);
      expect(inputs(shelf, "fork")).toEqual(texts.slice(0, 99));
      const counted = shelf.counters.read();
      shelf.db.run("delete from account where name = 'counters'");
      expect(counted).toEqual(new Counters(shelf.db).read());
    });
  });

  it("is unchanged where only its access, its pin or its hold differ, or the order of what is set", async () => {
    await withShelf(async (shelf) => {
      const { tools, record } = thereIn(shelf);
      const same: Partial<SessionRecord>[] = [
        {},
        {
          key: 99,
          turns: record.turns.map((turn) => ({ ...turn, id: turnId(99, seqOf(turn.id)) })),
        },
        { accessed_at: 1 },
        { pinned: true },
        { hold: "case" },
        { frames: { "1": "other" } },
        { metadata: { b: "2", a: "1" } },
      ];
      for (const change of same) {
        for (const on_conflict of ["skip", "fail", "replace", "merge"] as const)
          expect(bring(tools, { ...record, ...change }, { on_conflict })).toEqual({
            done: "unchanged",
            turns: 0,
          });
      }
      const others: Partial<SessionRecord>[] = [
        { created_at: 1 },
        { user_id: "u" },
        { metadata: { a: "1" } },
        { metadata: { a: "2", b: "1" } },
        { turns: record.turns.slice(1) },
        { turns: record.turns.map((turn) => ({ ...turn, output: "another" })) },
        { turns: record.turns.map((turn) => ({ ...turn, created_at: 1 })) },
      ];
      for (const change of others) {
        for (const on_conflict of ["skip", "fail"] as const)
          expect(bring(tools, { ...record, ...change }, { on_conflict })).toEqual({
            done: "exists",
            turns: 0,
          });
      }
    });
  });

  it("is unchanged when it comes without times, whatever times it got", async () => {
    await withShelf(async (shelf) => {
      const { tools, record } = thereIn(shelf);
      const later: SessionRecord = {
        ...record,
        created_at: THEN + 1,
        turns: record.turns.map((turn) => ({ ...turn, created_at: turn.created_at + 1 })),
      };
      expect(bring(tools, { ...later, untimed: true }).done).toBe("unchanged");
      expect(bring(tools, later).done).toBe("exists");
      const changed = later.turns.map((turn) => ({ ...turn, output: "another" }));
      expect(bring(tools, { ...later, turns: changed, untimed: true }).done).toBe("exists");
    });
  });

  it("is left alone under a hold, of its own or of the account", async () => {
    await withShelf(async (shelf) => {
      const { tools } = thereIn(shelf);
      const another = recordOf("s", [[3, "third"]]);
      const held = () =>
        (["replace", "merge"] as const).map(
          (on_conflict) => bring(tools, another, { on_conflict }).done,
        );
      patchSession(shelf.db, findSession(shelf.db, "s")!, { hold: "case 1" });
      expect(held()).toEqual(["held", "held"]);
      patchSession(shelf.db, findSession(shelf.db, "s")!, { hold: null, pinned: true });
      writeValue(shelf.db, "hold", "case 2");
      expect(held()).toEqual(["held", "held"]);
      expect(inputs(shelf, "s")).toEqual(["first", "second"]);
      deleteValue(shelf.db, "hold");
      expect(held()).toEqual(["replaced", "unchanged"]);
    });
  });

  it("is left alone while a turn of it is on its way, or is taken up again", async () => {
    await withShelf(async (shelf) => {
      const { tools, key } = thereIn(shelf);
      const another = recordOf("s", [[3, "third"]]);
      const busy = () =>
        (["replace", "merge"] as const).map(
          (on_conflict) => bring(tools, another, { on_conflict }).done,
        );
      shelf.busy.add("s");
      expect(busy()).toEqual(["busy", "busy"]);
      shelf.busy.clear();
      const last = shelf.turns.last(key)!;
      shelf.turns.update({ ...last, status: "in_progress", output: null });
      putBackground(shelf.db, { turn_id: last.id, attempts: 0, due_at: 0 });
      expect(busy()).toEqual(["busy", "busy"]);
      expect(seqs(shelf, "s")).toEqual([1, 2]);
    });
  });

  it("is replaced under its own key, and with onlyCheck not", async () => {
    await withShelf(async (shelf) => {
      const { tools, key } = thereIn(shelf);
      const dropped: string[] = [];
      const parts = {
        ...tools,
        lifecycle: { ...tools.lifecycle, drop: (id: string) => void dropped.push(id) },
      };
      const another = recordOf("s", [[3, "third"]], { key: 99, user_id: "u" });
      expect(bring(parts, another, { on_conflict: "replace", onlyCheck: true, import: 7 })).toEqual(
        {
          done: "replaced",
          turns: 1,
        },
      );
      expect([inputs(shelf, "s"), dropped]).toEqual([["first", "second"], []]);
      expect(bring(parts, another, { on_conflict: "replace", import: 7 })).toEqual({
        done: "replaced",
        turns: 1,
        key,
      });
      expect([inputs(shelf, "s"), dropped]).toEqual([["third"], ["s"]]);
      expect(findDetails(shelf.db, key)).toMatchObject({ user_id: "u", metadata: null });
      expect(importsOf(shelf.db, key).maker).toBe(7);
      expect(shelf.counters.read()).toMatchObject({ sessions: 1, turns: 1, messages: 2 });
    });
  });
});

const archivedIn = async (shelf: Shelf) => {
  const tools = shelf.tools();
  bring(tools, recordOf("s", AB));
  const session = findSession(shelf.db, "s")!;
  const record = liveRecord(tools, session.key)!;
  await tools.archivist.archiveNow(session, THEN);
  return { tools, record };
};

const isArchived = ({ db }: Shelf) => findSession(db, "s")?.segment !== null;

describe("an archived session", () => {
  it("is compared where it lies, and left there where it is the same", async () => {
    await withShelf(async (shelf) => {
      const { tools, record } = await archivedIn(shelf);
      for (const on_conflict of ["skip", "fail", "replace", "merge"] as const)
        expect((await bringAny(tools, record, { on_conflict })).done).toBe("unchanged");
      const another = recordOf("s", [
        [1, "first"],
        [2, "other"],
      ]);
      expect((await bringAny(tools, another, { on_conflict: "skip" })).done).toBe("exists");
      expect(isArchived(shelf)).toBe(true);
    });
  });

  it("is read only if it may be the same, or is to be changed", async () => {
    await withShelf(async (shelf) => {
      const { tools, record } = await archivedIn(shelf);
      bring(tools, recordOf("live", AB));
      const read = async (records: SessionRecord[], how: ImportRecordOptions["on_conflict"]) => [
        ...(await readArchived(tools, records, how)).keys(),
      ];
      const longer = recordOf("s", [...AB, [3, "third"]]);
      const others = [recordOf("live", AB), recordOf("unknown", AB)];
      expect([
        await read([record, ...others], "skip"),
        await read([longer, ...others], "skip"),
        await read([longer, ...others], "fail"),
        await read([longer, ...others], "replace"),
        await read([longer, ...others], "merge"),
      ]).toEqual([["s"], [], [], ["s"], ["s"]]);
    });
  });

  it("is reported as busy to an import that has not read it", async () => {
    await withShelf(async (shelf) => {
      const { tools } = await archivedIn(shelf);
      const longer = recordOf("s", [...AB, [3, "third"]]);
      for (const on_conflict of ["replace", "merge"] as const)
        expect(bring(tools, longer, { on_conflict })).toEqual({ done: "busy", turns: 0 });
      expect(isArchived(shelf)).toBe(true);
    });
  });

  it("comes back to be merged or replaced, and not to be looked at", async () => {
    await withShelf(async (shelf) => {
      const { tools } = await archivedIn(shelf);
      const longer = recordOf("s", [...AB, [3, "third"]]);
      for (const on_conflict of ["replace", "merge"] as const)
        await bringAny(tools, longer, { on_conflict, onlyCheck: true });
      expect(isArchived(shelf)).toBe(true);
      expect(await bringAny(tools, longer, { on_conflict: "merge" })).toEqual({
        done: "merged",
        turns: 1,
      });
      expect(inputs(shelf, "s")).toEqual(["first", "second", "third"]);
      await tools.archivist.archiveNow(findSession(shelf.db, "s")!, THEN);
      expect(
        await bringAny(tools, recordOf("s", [[9, "new"]]), { on_conflict: "replace" }),
      ).toMatchObject({
        done: "replaced",
        turns: 1,
      });
      expect(inputs(shelf, "s")).toEqual(["new"]);
      expect(shelf.counters.read()).toMatchObject({ sessions: 1, turns: 1, archived: 0 });
    });
  });
});

const merge = (
  tools: Tools,
  lines: readonly (readonly [minute: number, input: string])[],
  more: Partial<SessionRecord> = {},
  options: Partial<ImportRecordOptions> = {},
) => bring(tools, recordOf("s", lines, more), { on_conflict: "merge", ...options });

const shown = (text: string, minute: number) => ({
  frames: { [frameId(text)]: text },
  turns: [{ ...said(0, 1, minute, text), frame: frameId(text) }],
});

describe("merging", () => {
  it("appends turns with their times, and leaves those that are there their numbers", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      bring(
        tools,
        recordOf("s", [
          [10, "b"],
          [20, "d"],
          [15, "e"],
        ]),
      );
      const brought = [
        [5, "a"],
        [10, "c"],
        [20, "f"],
        [18, "g"],
        [30, "h"],
      ] as const;
      expect(merge(tools, brought)).toEqual({ done: "merged", turns: 5 });
      expect(inputs(shelf, "s")).toEqual(["b", "d", "e", "a", "c", "f", "g", "h"]);
      expect(seqs(shelf, "s")).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      const minutes = shelf.db.all<{ at: number }>(
        "select created_at as at from turns order by id",
      );
      expect(minutes.map(({ at }) => (at - THEN) / 60_000)).toEqual([
        10, 20, 15, 5, 10, 20, 18, 30,
      ]);
      expect(merge(tools, brought)).toEqual({ done: "unchanged", turns: 0 });
      expect(shelf.counters.read()).toMatchObject({ sessions: 1, turns: 8, messages: 16 });
    });
  });

  it("takes a turn that both have once, and as often as one has it more", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      bring(
        tools,
        recordOf("s", [
          [1, "hi"],
          [1, "hi"],
          [2, "x"],
        ]),
      );
      const brought = [
        [1, "hi"],
        [1, "hi"],
        [1, "hi"],
        [2, "x"],
        [3, "y"],
      ] as const;
      expect(merge(tools, brought, {}, { onlyCheck: true })).toEqual({
        done: "merged",
        turns: 2,
      });
      expect(inputs(shelf, "s")).toEqual(["hi", "hi", "x"]);
      expect(merge(tools, brought)).toEqual({ done: "merged", turns: 2 });
      expect(inputs(shelf, "s")).toEqual(["hi", "hi", "x", "hi", "y"]);
    });
  });

  it("knows a turn by its time, and without times by what was said", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      bring(tools, recordOf("s", AB));
      const later = [
        [7, "first"],
        [8, "second"],
        [9, "third"],
      ] as const;
      expect(merge(tools, later, { untimed: true }, { onlyCheck: true }).turns).toBe(1);
      expect(merge(tools, later, {}, { onlyCheck: true }).turns).toBe(3);
      const other = recordOf("s", AB);
      const answered = other.turns.map((turn) => ({ ...turn, output: "another" }));
      const options = { on_conflict: "merge", onlyCheck: true } as const;
      expect(bring(tools, { ...other, turns: answered, untimed: true }, options).turns).toBe(2);
    });
  });

  it("leaves all else of the session as it is", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const own = { user_id: "ann", metadata: { a: "1" }, state: { n: 1 }, state_version: 4 };
      const { key = 0 } = bring(tools, recordOf("s", AB, { ...own, pinned: true }));
      putDetails(shelf.db, key, { cache_key: "cache" });
      const other = { user_id: "bob", metadata: { b: "2" }, created_at: 1, accessed_at: 1 };
      merge(tools, [[3, "third"]], other);
      expect(liveRecord(tools, key)).toMatchObject({ ...own, created_at: THEN, pinned: true });
      expect(findDetails(shelf.db, key)?.cache_key).toBe("cache");
      merge(tools, [[4, "fourth"]], { session_id: "s" });
      expect(keyOf(shelf, "s")).toBe(key);
    });
  });

  it("brings the system messages of both", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const { key = 0 } = bring(tools, recordOf("s", [], shown("You teach.", 1)));
      bring(tools, recordOf("s", [], shown("You joke.", 2)), { on_conflict: "merge" });
      const { frames } = liveRecord(tools, key)!;
      expect(Object.values(frames ?? {}).toSorted()).toEqual(["You joke.", "You teach."]);
    });
  });

  it("tells the turns of each import apart, and who made the session", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const { key = 0 } = bring(
        tools,
        recordOf("s", [
          [10, "b"],
          [40, "e"],
        ]),
        { import: 1 },
      );
      const more = [
        [5, "a"],
        [20, "c"],
        [30, "d"],
        [50, "f"],
      ] as const;
      merge(tools, more, {}, { import: 2 });
      merge(tools, [[60, "g"]]);
      const { of, maker } = importsOf(shelf.db, key);
      expect([1, 2, 3, 4, 5, 6, 7].map(of)).toEqual([1, 1, 2, 2, 2, 2, null]);
      expect(maker).toBe(1);
      expect(inputs(shelf, "s")).toEqual(["b", "e", "a", "c", "d", "f", "g"]);
      const ranges = shelf.db.all("select first, last, import from import_turns order by first");
      expect(ranges.map((row) => Object.values(row))).toEqual([
        [1, 2, 1],
        [3, 6, 2],
      ]);
    });
  });

  it("is refused where the session would be full, to the turn", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const turns = [said(0, TURNS_PER_SESSION - 3, 1, "last but one")];
      bring(tools, recordOf("s", [], { turns }));
      expect(
        merge(tools, [
          [2, "last"],
          [3, "too many"],
        ]),
      ).toEqual({
        done: "exists",
        turns: 0,
      });
      expect(merge(tools, [[2, "last"]])).toEqual({ done: "merged", turns: 1 });
      expect(seqs(shelf, "s")).toEqual([TURNS_PER_SESSION - 3, TURNS_PER_SESSION - 2]);
    });
  });
});

describe("turns that others are merged to", () => {
  it("keep their ids, their idempotency keys and their summary", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const lines = [
        [1, "a"],
        [2, "b"],
        [3, "c"],
      ] as const;
      const summary = { text: "They met.", turn: callId(2) };
      const { key = 0 } = bring(tools, recordOf("s", lines, { summary }));
      for (const seq of [1, 2, 3])
        putKey(shelf.db, { key: `k${seq}`, hash: "h" }, turnId(key, seq), THEN);
      merge(tools, [[0, "before them all"]]);
      expect(["k1", "k2", "k3"].map((name) => findKey(shelf.db, name)?.turn_id)).toEqual(
        [1, 2, 3].map((seq) => turnId(key, seq)),
      );
      expect(inputs(shelf, "s")).toEqual(["a", "b", "c", "before them all"]);
      expect(liveRecord(tools, key)?.summary).toEqual({
        text: "They met.",
        turn: callId(turnId(key, 2)),
      });
    });
  });

  it("leave the session as young as it was, and as old as it is counted", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      bring(tools, recordOf("s", [[60 * 24 * 9, "young"]]));
      shelf.counters.read();
      merge(tools, [[1, "old"]]);
      const [snapshot] = snapshots(shelf.db, [keyOf(shelf, "s")]);
      expect(snapshot?.last_accessed_at).toBe(THEN + 9 * DAY);
      const counted = shelf.counters.read();
      shelf.counters.forget();
      expect(shelf.counters.read()).toEqual(counted);
    });
  });
});
