import { env } from "cloudflare:workers";
import { describe, expect, inject, it, vi } from "vitest";

import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import {
  readArchived,
  withArchived,
} from "../../../../src/account/archive/sessions/archived-session.ts";
import { importRecord } from "../../../../src/account/archive/sessions/import-record.ts";
import type { OnConflict } from "../../../../src/account/archive/sessions/bring.ts";
import { reindex } from "../../../../src/account/archive/upkeep/reindex.ts";
import { pageTurns } from "../../../../src/account/conversation/read-messages.ts";
import { UNKNOWN_KEYS } from "../../../../src/account/store/turns/request-keys.ts";
import { findSegment } from "../../../../src/account/store/archive/archives.ts";
import { retryDamaged } from "../../../../src/account/store/archive/archived-words.ts";
import { partsOf } from "../../../../src/account/store/archive/session-parts.ts";
import { countIndexedOf, countRowsOf } from "../../../../src/account/store/erasure/erased-rows.ts";
import { readDaily } from "../../../../src/account/store/usage/roll-up.ts";
import { indexedSeq } from "../../../../src/account/store/turns/index-version.ts";
import { LINE_BYTES, nextSpan } from "../../../../src/account/store/turns/turn-spans.ts";
import { findSession, putDetails } from "../../../../src/account/store/sessions/sessions.ts";
import type { SessionRow } from "../../../../src/account/store/sessions/sessions.ts";
import { dayOf } from "../../../../src/shared/time.ts";
import { callId, turnId } from "../../../../src/shared/ids.ts";
import {
  THEN,
  backUp,
  bucketBeforePut,
  dueAt,
  expectCounted,
  failingBucket,
  restoreBackup,
  turnOf,
  withShelf,
} from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const newKey = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
const LATER = THEN + 40 * DAY;
const OPTIONS = { segmentBytes: 10_000 };
/** No two are the same, and none gets much shorter by compression. */
const noise = (n: number, bytes = 2_000): string => {
  let state = n + 1;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
  return Array.from({ length: bytes / 8 }, () => next().toString(16).padStart(8, "0")).join("");
};
/** Some 4 kB a turn, with the answer: two turns a part. */
const TEXTS = Array.from({ length: 9 }, (_, n) => `zebra${n} ${noise(n)}`);
const row = ({ db }: Pick<Shelf, "db">, id: string): SessionRow => findSession(db, id)!;
const inputs = async (shelf: Shelf, id = "large") =>
  (await shelf.read(id)).map(({ input }) => input);
const sweep = async (shelf: Shelf, bucket?: R2Bucket) => {
  const { archivist } = shelf.tools(bucket, OPTIONS);
  const total = { archived: 0, errors: 0, bytes: 0 };
  for (let after: number | null = 0; after !== null;) {
    const { cursor, ...batch } = await archivist.archiveDue(dueAt(LATER, 0), after);
    for (const name of ["archived", "errors", "bytes"] as const) total[name] += batch[name];
    after = cursor;
  }
  await archivist.clean();
  return total;
};
const fill = (shelf: Shelf) => {
  shelf.add("small", ["first"]);
  shelf.add("large", TEXTS);
  shelf.add("other", ["second"]);
};
const known = ({ db }: Shelf) =>
  db
    .all<{ object_key: string }>("select object_key from segments order by id")
    .map(({ object_key }) => object_key);
const forget = ({ db, counters }: Shelf) => {
  for (const table of [
    "sessions",
    "session_details",
    "session_parts",
    "turns",
    "segments",
    "stale_copies",
  ])
    db.run(`delete from ${table}`);
  counters.forget();
};
/** Turns and sessions of all days, live and archived. */
const counted = async ({ db }: Shelf) =>
  (await readDaily(db, dayOf(THEN), dayOf(THEN))).reduce(
    ({ turns, sessions }, { counts }) => ({
      turns: turns + counts.turns,
      sessions: sessions + counts.sessions,
    }),
    { turns: 0, sessions: 0 },
  );
const partCount = (shelf: Shelf) => partsOf(shelf.db, row(shelf, "large")).length;

describe("a session that is too large for one segment", () => {
  it("is read a part at a time, of which few stay in memory", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      const session = row(shelf, "large");
      const { bucket, operations } = failingBucket(0, "before");
      const archive = shelf.tools(bucket, OPTIONS).archivist.turnsOf(session);
      const parts = partsOf(shelf.db, session);
      expect(parts.length).toBeGreaterThan(3);
      for (const { first, last } of parts)
        for (const id of [first, last]) expect(await archive.find(id)).toMatchObject({ id });
      expect(operations()).toBe(parts.length);
      await archive.find(parts[0]!.first);
      expect(operations()).toBe(parts.length + 1);
    });
  });

  it("goes over several, each with the turns that come next, and comes back as it was", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      // Its eighth turn is gone.
      shelf.turns.remove([turnId(2, 8), turnId(2, 9)]);
      putDetails(shelf.db, 2, { state: '{"a":1}', state_version: 3, facts: '["likes tea"]' });
      shelf.counters.read();
      const before = await shelf.read("large");
      const daily = await counted(shelf);
      expect(await sweep(shelf)).toMatchObject({ archived: 3, errors: 0 });
      const session = row(shelf, "large");
      expect(session).toMatchObject({ turns: 8, member: 0 });
      expect(shelf.db.scalar("select count(*) from turns")).toBe(0);
      const parts = partsOf(shelf.db, session);
      expect(parts.map(({ first, last }) => [first - turnId(2, 0), last - turnId(2, 0)])).toEqual([
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 9],
      ]);
      expect(new Set(parts.map(({ segment }) => segment)).size).toBe(4);
      for (const { segment } of parts)
        expect(findSegment(shelf.db, segment)!.bytes).toBeLessThan(10_000);
      expect(await shelf.objects()).toHaveLength(known(shelf).length);
      expect(await shelf.read("large")).toEqual(before);
      expect(await counted(shelf)).toEqual(daily);
      expectCounted(shelf);

      expect(await shelf.archivist().restore("large", LATER)).toBe(8);
      expect(row(shelf, "large")).toMatchObject({ segment: null, member: null, turns: null });
      expect(await shelf.read("large")).toEqual(before);
      expect(shelf.db.one("select * from session_details where key = 2")).toMatchObject({
        state: '{"a":1}',
        state_version: 3,
        missing: 1,
      });
      await shelf.archivist().clean();
      expect(shelf.db.scalar("select count(*) from session_parts")).toBe(0);
      expect(await shelf.objects()).toHaveLength(known(shelf).length);
      expect(await counted(shelf)).toEqual(daily);
      expectCounted(shelf);
    });
  });

  it("is archived again when it has grown, and leaves nothing of the copy before", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      const first = new Set(known(shelf));
      await shelf.archivist().restore("large", LATER);
      shelf.turns.insert(turnOf(turnId(2, 10), `late ${noise(10)}`));
      await sweep(shelf);
      expect(await inputs(shelf)).toEqual([...TEXTS, `late ${noise(10)}`]);
      expect((await shelf.objects()).toSorted()).toEqual(known(shelf).toSorted());
      expect(known(shelf).filter((key) => first.has(key))).toHaveLength(2);
      expectCounted(shelf);
    });
  });

  it("stays live when it changes while its parts are written, and its parts go", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const changing = bucketBeforePut(3, () => {
        shelf.turns.update(turnOf(turnId(2, 1), "said otherwise"));
      });
      expect(await sweep(shelf, changing)).toMatchObject({ archived: 2, errors: 0 });
      expect(row(shelf, "large").segment).toBeNull();
      expect(await inputs(shelf)).toEqual(["said otherwise", ...TEXTS.slice(1)]);
      expect((await shelf.objects()).toSorted()).toEqual(known(shelf).toSorted());
      expectCounted(shelf);
    });
  });

  it("of one turn is one part, however long the turn is", async () => {
    await withShelf(async (shelf) => {
      shelf.add("large", [noise(1, 40_000)]);
      expect(await sweep(shelf)).toMatchObject({ archived: 1, errors: 0 });
      expect(shelf.db.scalar("select count(*) from session_parts")).toBe(0);
      expect(await inputs(shelf)).toEqual([noise(1, 40_000)]);
    });
  });

  it("is read in pages, each of which reads only the parts that it shows", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      const reads: string[] = [];
      const counting = {
        get: (key: string, options?: R2GetOptions) => {
          reads.push(key);
          return env.ARCHIVE.get(key, options);
        },
      } as unknown as R2Bucket;
      const { archivist } = shelf.tools(counting, OPTIONS);
      const page = async (after?: string, order: "asc" | "desc" = "asc") => {
        reads.length = 0;
        const query = { limit: 2, order, ...(after !== undefined && { after }) };
        const { data } = await archivist
          .turnsOf(row(shelf, "large"))
          .reading((read) => pageTurns(read, query));
        return data.map(({ id }) => id - turnId(2, 0));
      };
      expect(await page()).toEqual([1, 2]);
      // The page after it begins with the next part: whether there is more is read from there.
      expect(new Set(reads).size).toBeLessThanOrEqual(2);
      expect(await page(callId(turnId(2, 4)))).toEqual([5, 6]);
      expect(new Set(reads).size).toBeLessThanOrEqual(2);
      expect(await page(undefined, "desc")).toEqual([9, 8]);
      expect(new Set(reads).size).toBeLessThanOrEqual(2);
      expect(await page(callId(turnId(2, 5)), "desc")).toEqual([4, 3]);
      const turn = await archivist.turnsOf(row(shelf, "large")).find(turnId(2, 6));
      expect(turn?.input).toBe(TEXTS[5]);
      await expect(archivist.readWhole(row(shelf, "large"), 20_000)).rejects.toMatchObject({
        code: "archive_too_large",
      });
    });
  });
});

describe("archiving a large session, with R2 failing at any operation", () => {
  it.each(["before", "after"] as const)(
    "%s it, loses nothing and leaves no orphan",
    async (when) => {
      let failed = 0;
      let operated = 0;
      do {
        failed += 1;
        await withShelf(async (shelf) => {
          fill(shelf);
          const { bucket, operations } = failingBucket(failed, when);
          await sweep(shelf, bucket).catch(() => undefined);
          operated = operations();
          expect(await inputs(shelf)).toEqual(TEXTS);
          await sweep(shelf);
          await shelf.archivist().clean();
          expect(await inputs(shelf)).toEqual(TEXTS);
          expect(partCount(shelf)).toBe(5);
          expect((await shelf.objects()).toSorted()).toEqual(known(shelf).toSorted());
          expectCounted(shelf);
        });
      } while (operated >= failed);
      expect(failed).toBeGreaterThan(6);
    },
  );
});

/** Brings the parts back up to the one at which R2 fails. */
const restoreSome = async (shelf: Shelf, failed: number) => {
  const { bucket } = failingBucket(failed, "before");
  const { archivist } = shelf.tools(bucket, OPTIONS);
  await expect(archivist.restore("large", LATER)).rejects.toMatchObject({
    code: "archive_unavailable",
  });
};

describe("a restore that is cut off between two parts", () => {
  it("leaves the session archived and readable, and the next one goes on", async () => {
    for (const failed of [1, 2, 3, 5]) {
      await withShelf(async (shelf) => {
        fill(shelf);
        shelf.counters.read();
        const daily = await counted(shelf);
        await sweep(shelf);
        await restoreSome(shelf, failed);
        expect(row(shelf, "large").segment).not.toBeNull();
        expect(await inputs(shelf)).toEqual(TEXTS);
        expect(await counted(shelf)).toEqual(daily);
        expectCounted(shelf);
        const { bucket, operations } = failingBucket(0, "before");
        expect(await shelf.tools(bucket, OPTIONS).archivist.restore("large", LATER)).toBe(9);
        // It reads no part twice.
        expect(operations()).toBe(5 - (failed - 1));
        expect(await inputs(shelf)).toEqual(TEXTS);
        expect(await counted(shelf)).toEqual(daily);
        expectCounted(shelf);
      });
    }
  });

  it("is undone by the next clean-up", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      await restoreSome(shelf, 3);
      expect(shelf.db.scalar("select count(*) from turns")).toBe(4);
      await shelf.archivist().clean();
      expect(shelf.db.scalar("select count(*) from turns")).toBe(0);
      expect(await inputs(shelf)).toEqual(TEXTS);
      expectCounted(shelf);
      expect(await shelf.archivist().restore("large", LATER)).toBe(9);
      expect(await inputs(shelf)).toEqual(TEXTS);
    });
  });

  it("keeps no import from replacing the session", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      await restoreSome(shelf, 3);
      const tools = shelf.tools(env.ARCHIVE, OPTIONS);
      const { frames: _, ...there } = await tools.archivist.readWhole(
        row(shelf, "large"),
        Infinity,
      );
      const record = { ...there, turns: [turnOf(1, "other")] };
      const archived = await readArchived(tools, [record], "replace");
      const how = {
        onlyCheck: false,
        import: null,
        archived,
        requestKeys: UNKNOWN_KEYS,
        now: LATER,
      } as const;
      const { done } = shelf.db.transaction(() =>
        importRecord(tools, record, { ...how, on_conflict: "replace" }),
      );
      expect(done).toBe("replaced");
      await tools.archivist.clean();
      expect(await inputs(shelf)).toEqual(["other"]);
      expect(known(shelf)).toHaveLength(2);
      expectCounted(shelf);
    });
  });

  it("leaves nothing when the session is erased then", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      await restoreSome(shelf, 3);
      const tools = shelf.tools(env.ARCHIVE, OPTIONS);
      await eraseSession({ ...tools, turns: shelf.turns }, "large", LATER);
      await tools.archivist.clean();
      expect(await countRowsOf(shelf.db, [2])).toBe(0);
      expect((await shelf.objects()).toSorted()).toEqual(known(shelf).toSorted());
      expect(known(shelf)).toHaveLength(2);
      expectCounted(shelf);
    });
  });
});

/** Brings a record of its turns, with others. No call reads the whole archive. */
const bring = async (
  shelf: Shelf,
  texts: readonly string[],
  on_conflict: OnConflict,
  onlyCheck = false,
) => {
  const tools = shelf.tools(env.ARCHIVE, OPTIONS);
  const { key: _, ...head } = await tools.archivist.turnsOf(row(shelf, "large")).head();
  tools.archivist.readWhole = () => Promise.reject(new Error("it does not fit into memory"));
  const turns = texts.map((text, at) => turnOf(turnId(0, at + 1), text));
  const record = { ...head, key: 0, turns };
  const how = { on_conflict, onlyCheck, import: null, now: LATER } as const;
  return withArchived(tools, [record], on_conflict, (archived, requestKeys) =>
    importRecord(tools, record, { ...how, archived, requestKeys }),
  );
};

describe("a session in parts that an import or a backup brings, too", () => {
  const late = turnOf(turnId(2, 10), "late");
  const MORE = [...TEXTS, "late"];

  it.each([
    ["merge", ["late"], "merged", MORE],
    ["merge", TEXTS.slice(3, 4), "unchanged", TEXTS],
    ["merge", TEXTS, "unchanged", TEXTS],
    ["replace", ["late"], "replaced", ["late"]],
    ["newer", MORE, "replaced", MORE],
    ["newer", ["late"], "exists", TEXTS],
    ["skip", TEXTS, "unchanged", TEXTS],
    ["skip", MORE, "exists", TEXTS],
    ["fail", TEXTS.toReversed(), "exists", TEXTS],
  ] as const)("is compared by parts: %s", async (how, texts, expected, after) => {
    await withShelf(async (shelf) => {
      fill(shelf);
      shelf.counters.read();
      await sweep(shelf);
      expect((await bring(shelf, texts, how, true)).done).toBe(expected);
      expect(row(shelf, "large").segment).not.toBeNull();
      expect(shelf.db.scalar("select count(*) from turns")).toBe(0);
      expect((await bring(shelf, texts, how)).done).toBe(expected);
      const isChanged = expected === "merged" || expected === "replaced";
      expect(row(shelf, "large").segment === null).toBe(isChanged);
      const live = isChanged ? after.length : 0;
      expect(shelf.db.scalar("select count(*) from turns")).toBe(live);
      expect(await inputs(shelf)).toEqual(after);
      await shelf.archivist().clean();
      expect((await shelf.objects()).toSorted()).toEqual(known(shelf).toSorted());
      expectCounted(shelf);
    });
  });

  it("is restored from a backup, by parts", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      shelf.counters.read();
      await backUp(shelf.tools(), "backup_1", { at: LATER });
      await sweep(shelf);
      const tools = shelf.tools(env.ARCHIVE, OPTIONS);
      const readWhole = tools.archivist.readWhole.bind(tools.archivist);
      tools.archivist.readWhole = (session, bytes) =>
        session.key === 2
          ? Promise.reject(new Error("it does not fit into memory"))
          : readWhole(session, bytes);
      const same = await restoreBackup(tools, { on_conflict: "replace" });
      expect(same).toMatchObject({ unchanged: 3, replaced: 0, restored: 0 });
      expect(row(shelf, "large").segment).not.toBeNull();
      await shelf.archivist().restore("large", LATER);
      shelf.turns.insert(late);
      await sweep(shelf);
      const replaced = await restoreBackup(tools, { on_conflict: "replace" });
      expect(replaced).toMatchObject({ unchanged: 2, replaced: 1 });
      expect(await inputs(shelf)).toEqual(TEXTS);
      expect(shelf.db.scalar("select count(*) from turns")).toBe(TEXTS.length);
    });
  });
});

/** Fails the statement with that number, once. @returns the statement, null where it did not come, and ends it */
const failStatement = (db: Shelf["db"], failed: number): (() => string | null) => {
  let left = failed;
  let came: string | null = null;
  const own: { all?: unknown } = db;
  const all = db.all.bind(db);
  own.all = (...args: Parameters<typeof all>) => {
    left -= 1;
    if (left > 0 || came !== null) return all(...args);
    [came] = args;
    throw new Error("The disk is full");
  };
  return () => {
    delete own.all;
    return came;
  };
};

/** Parts are brought back by the same statements, six each: every fifth is each of them in turn. */
const STRIDE = inject("isLarge") ? 1 : 5;

describe("a restore of which a statement fails", () => {
  it.each(["small", "large"])("is done by the next one: %s", async (id) => {
    let failed = 0;
    const tried: string[] = [];
    await withShelf(async (shelf) => {
      fill(shelf);
      const before = await inputs(shelf, id);
      shelf.counters.read();
      await sweep(shelf);
      let came: string | null;
      do {
        failed += id === "large" ? STRIDE : 1;
        expect(row(shelf, id).segment).not.toBeNull();
        const archivist = shelf.archivist();
        const end = failStatement(shelf.db, failed);
        await archivist.restore(id, LATER).catch(() => null);
        came = end();
        if (came !== null) tried.push(came);
        expect(await inputs(shelf, id)).toEqual(before);
        const { segment } = row(shelf, id);
        const turns = segment === null ? null : before.length;
        expect(await shelf.archivist().restore(id, LATER)).toBe(turns);
        expect(await inputs(shelf, id)).toEqual(before);
        expectCounted(shelf);
        await shelf.tools(env.ARCHIVE, OPTIONS).archivist.archiveNow(row(shelf, id), LATER);
        await shelf.archivist().clean();
      } while (came !== null);
    });
    expect(failed).toBeGreaterThan(10);
    for (const kind of [
      "from sessions",
      "from segments",
      "insert into turns",
      "update session_parts",
    ])
      expect(tried.some((statement) => statement.includes(kind))).toBe(true);
  });
});

const found = async (shelf: Shelf, word: string) =>
  (await shelf.search.search(word, { limit: 20, offset: 0 })).hits.map(({ turn_id }) => turn_id);

describe("the words of a large session", () => {
  it("are found in its archive, whether they were indexed before or are read from there", async () => {
    for (const isBefore of [true, false]) {
      await withShelf(async (shelf) => {
        fill(shelf);
        // As a retried turn: the last of a part, and not of the session.
        shelf.turns.update(turnOf(turnId(2, 2), TEXTS[1]!, { status: "failed", output: null }));
        if (isBefore) await found(shelf, "zebra0");
        await sweep(shelf);
        const { archiveIndexer } = shelf.tools(env.ARCHIVE, OPTIONS);
        await shelf.search.begin();
        while (await archiveIndexer.step());
        for (const n of [0, 1, 2, 3, 5, 7, 8])
          expect(await found(shelf, `zebra${n}`)).toEqual([turnId(2, n + 1)]);
        expect(indexedSeq(row(shelf, "large").indexed)).toBe(9);
        const tools = shelf.tools(env.ARCHIVE, OPTIONS);
        await eraseSession({ ...tools, turns: shelf.turns }, "large", LATER);
        expect(await countIndexedOf(shelf.db, [2])).toBe(0);
        expect(await found(shelf, "zebra3")).toEqual([]);
        shelf.db.run("insert into turn_search (turn_search) values ('integrity-check')");
      });
    }
  });

  it("stay out of the index after a part that is damaged, so that it never lacks a turn before", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      const [, second] = partsOf(shelf.db, row(shelf, "large"));
      const { object_key } = findSegment(shelf.db, second!.segment)!;
      const bytes = new Uint8Array(await (await env.ARCHIVE.get(object_key))!.arrayBuffer());
      const whole = bytes.slice();
      await env.ARCHIVE.put(object_key, bytes.fill(0, 10, 20));
      const { archiveIndexer } = shelf.tools(env.ARCHIVE, OPTIONS);
      await shelf.search.begin();
      while (await archiveIndexer.step());
      expect(await found(shelf, "zebra1")).toHaveLength(1);
      expect(await found(shelf, "zebra6")).toEqual([]);
      expect(indexedSeq(row(shelf, "large").indexed)).toBe(2);
      // They are indexed once it is mended.
      await env.ARCHIVE.put(object_key, whole);
      retryDamaged(shelf.db);
      while (await archiveIndexer.step());
      expect(await found(shelf, "zebra6")).toHaveLength(1);
      expect(indexedSeq(row(shelf, "large").indexed)).toBe(9);
    });
  });

  it("are indexed again where an erasure could not read an earlier part", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      const tools = shelf.tools(env.ARCHIVE, OPTIONS);
      await shelf.search.begin();
      while (await tools.archiveIndexer.step());
      const [, second] = partsOf(shelf.db, row(shelf, "large"));
      const { object_key } = findSegment(shelf.db, second!.segment)!;
      const get = env.ARCHIVE.get.bind(env.ARCHIVE);
      const away = vi
        .spyOn(env.ARCHIVE, "get")
        .mockImplementation((key: string, options?: R2GetOptions) => {
          if (key === object_key) throw new Error("R2 is away");
          return get(key, options);
        });
      const erased = eraseSession({ ...tools, turns: shelf.turns }, "large", LATER);
      await expect(erased).rejects.toMatchObject({ code: "archive_unavailable" });
      expect(await found(shelf, "zebra8")).toEqual([]);
      away.mockRestore();
      while (await tools.archiveIndexer.step());
      for (const word of ["zebra1", "zebra3", "zebra6", "zebra8"])
        expect(await found(shelf, word)).toHaveLength(1);
    });
  });
});

describe("an erased large session", () => {
  it("leaves nothing, with R2 failing at any operation", async () => {
    for (let failed = 1, operated = failed; operated >= failed; failed += 1) {
      await withShelf(async (shelf) => {
        fill(shelf);
        await sweep(shelf);
        const { bucket, operations } = failingBucket(failed, "before");
        const failing = shelf.tools(bucket, OPTIONS);
        await eraseSession({ ...failing, turns: shelf.turns }, "large", LATER).catch(() => null);
        await failing.archivist.clean().catch(() => null);
        operated = operations();
        const tools = shelf.tools(env.ARCHIVE, OPTIONS);
        await eraseSession({ ...tools, turns: shelf.turns }, "large", LATER).catch(() => null);
        await tools.archivist.clean();
        expect(await countRowsOf(shelf.db, [2])).toBe(0);
        expect(known(shelf)).toHaveLength(2);
        expect((await shelf.objects()).toSorted()).toEqual(known(shelf).toSorted());
        expectCounted(shelf);
      });
    }
  });
});

describe("reindex, after SQLite was lost", () => {
  it("puts the parts of a session together again", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      forget(shelf);
      const report = await reindex(shelf.tools(env.ARCHIVE, OPTIONS));
      expect(report).toMatchObject({ sessions: 3, segments: 7, errors: [] });
      expect(await inputs(shelf)).toEqual(TEXTS);
      expect(partCount(shelf)).toBe(5);
      expect(await shelf.archivist().restore("large", LATER)).toBe(9);
      expect(await inputs(shelf)).toEqual(TEXTS);
      expectCounted(shelf);
      expect(await reindex(shelf.tools(env.ARCHIVE, OPTIONS))).toMatchObject({ sessions: 0 });
    });
  });

  it("names every part of a session of which one is missing, and takes the others", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      const [, , third] = partsOf(shelf.db, row(shelf, "large"));
      const key = findSegment(shelf.db, third!.segment)!.object_key;
      const bytes = await (await env.ARCHIVE.get(key))!.arrayBuffer();
      const { customMetadata } = (await env.ARCHIVE.head(key))!;
      await env.ARCHIVE.delete(key);
      forget(shelf);
      const report = await reindex(shelf.tools(env.ARCHIVE, OPTIONS));
      expect(report).toMatchObject({ sessions: 2, segments: 2 });
      expect(report.errors.map(({ code }) => code)).toEqual(Array(4).fill("archive_corrupt"));
      expect(await shelf.objects()).toHaveLength(6);
      // It is found with the others once it is there again.
      await env.ARCHIVE.put(key, bytes, { customMetadata: customMetadata ?? {} });
      expect(await reindex(shelf.tools(env.ARCHIVE, OPTIONS))).toMatchObject({
        sessions: 1,
        segments: 5,
        errors: [],
      });
      expect(await inputs(shelf)).toEqual(TEXTS);
    });
  });
});

describe("an archive in parts under another key", () => {
  it("is encrypted part by part, and read with it", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(shelf);
      const tools = shelf.tools(env.ARCHIVE, { ...OPTIONS, key: newKey() });
      while ((await tools.archivist.reencrypt(20)).left > 0);
      await tools.archivist.clean();
      expect(known(shelf).every((key) => key.endsWith(".enc"))).toBe(true);
      const { turns } = await tools.archivist.readWhole(row(shelf, "large"), Infinity);
      expect(turns.map(({ input }) => input)).toEqual(TEXTS);
      expect(await tools.archivist.restore("large", LATER)).toBe(9);
    });
  });
});

it("the next turns of a session are those that fit, and one at least", async () => {
  await withShelf((shelf) => {
    shelf.add("a", ["1234", "12345678901234567890", "1", "2"]);
    const span = (after: number, bytes: number) =>
      nextSpan(shelf.db, { after: turnId(1, after), through: turnId(1, 3), bytes });
    expect(span(0, 10)).toEqual({ last: turnId(1, 1), turns: 1, bytes: 9 + LINE_BYTES });
    expect(span(0, 50 + 2 * LINE_BYTES)).toMatchObject({ last: turnId(1, 2), turns: 2 });
    expect(span(1, 10)).toMatchObject({ last: turnId(1, 2), turns: 1 });
    expect(span(0, 1_000 + 3 * LINE_BYTES)).toEqual({
      last: turnId(1, 3),
      turns: 3,
      bytes: 53 + 3 * LINE_BYTES,
    });
    expect(span(3, 10)).toBeNull();
    return Promise.resolve();
  });
});
