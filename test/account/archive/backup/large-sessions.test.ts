import { gunzipSync } from "node:zlib";

import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { removeBackup, stepBackup } from "../../../../src/account/archive/backup/backup.ts";
import { finishRestores } from "../../../../src/account/archive/backup/restore-large.ts";
import { stepRestore } from "../../../../src/account/archive/backup/restore-backup.ts";
import { verifyPart } from "../../../../src/account/archive/backup/verify-backup.ts";
import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { expireArchives } from "../../../../src/account/archive/erasure/expire-archives.ts";
import { recordLines } from "../../../../src/account/archive/format/record-lines.ts";
import { SegmentWriter } from "../../../../src/account/archive/format/segment.ts";
import { sha256 } from "../../../../src/shared/sha256.ts";
import { liveRecord } from "../../../../src/account/archive/sessions/live-record.ts";
import { maintain } from "../../../../src/account/archive/upkeep/maintain.ts";
import { reindex } from "../../../../src/account/archive/upkeep/reindex.ts";
import { writeValue } from "../../../../src/account/store/account/account-values.ts";
import { insertSegment } from "../../../../src/account/store/archive/archives.ts";
import {
  insertBackup,
  sessionsRestoredFrom,
} from "../../../../src/account/store/archive/backups.ts";
import { buryCallId, findCall, putCall } from "../../../../src/account/store/calls/calls.ts";
import {
  findSession,
  insertSession,
  putDetails,
} from "../../../../src/account/store/sessions/sessions.ts";
import { insertHeldVersions } from "../../../../src/account/store/sessions/held-versions.ts";
import { insertFacts } from "../../../../src/account/store/sessions/user-facts.ts";
import { readDaily, rollUp } from "../../../../src/account/store/usage/roll-up.ts";
import { SystemPrompts, frameId } from "../../../../src/account/store/turns/system-prompts.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { dayOf } from "../../../../src/shared/time.ts";
import {
  RESTORE_ALL,
  RETENTION,
  THEN,
  alteredBucket,
  backUp,
  bucketBeforePut,
  expectCounted,
  failingBucket,
  restoreBackup,
  turnOf,
  withShelf,
  partsOf,
} from "../../../support/archive.ts";
import type { Shelf, ShelfOptions, Tools } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const OPTIONS = { segmentBytes: 10_000 };
const KEY = 2;
/** No two are the same, and none gets much shorter by compression. */
const noise = (n: number): string => {
  let state = n + 1;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
  return Array.from({ length: 250 }, () => next().toString(16).padStart(8, "0")).join("");
};
/** Some 4 kB a turn, with the answer: two turns a part. */
const TEXTS = Array.from({ length: 9 }, (_, n) => `zebra${n} ${noise(n)}`);
const PARTS = 5;
const toolsOf = (shelf: Shelf, bucket?: R2Bucket, options: ShelfOptions = {}): Tools =>
  shelf.tools(bucket ?? env.ARCHIVE, { ...OPTIONS, ...options });
const fill = (shelf: Shelf) => {
  shelf.add("small", ["first"]);
  shelf.add("large", TEXTS);
  shelf.add("other", ["second"]);
};
const inputs = async (shelf: Shelf) => (await shelf.read("large")).map(({ input }) => input);
const row = ({ db }: Shelf) => findSession(db, "large");
const archive = (shelf: Shelf) => toolsOf(shelf).archivist.archiveNow(row(shelf)!, THEN);
const places = (shelf: Shelf) => partsOf(shelf.db, "backup_1");
const wipeSessions = ({ db, counters }: Shelf) => {
  for (const table of [
    "sessions",
    "session_details",
    "session_parts",
    "turns",
    "frames",
    "stale_copies",
    "held_versions",
    "user_facts",
    "calls",
    "daily",
  ])
    db.run(`delete from ${table}`);
  counters.forget();
};
const daily = async ({ db }: Shelf) =>
  (await readDaily(db, dayOf(THEN), dayOf(THEN))).reduce(
    (sum, { counts }) => sum + counts.turns,
    0,
  );
async function verdicts(tools: Tools): Promise<(string | null)[]> {
  const errors: (string | null)[] = [];
  for (let after: number | null = null; ;) {
    const verdict = await verifyPart(tools, "backup_1", after);
    if (!verdict) return errors;
    errors.push(verdict.error);
    after = verdict.part;
  }
}
const wholeRecord = ({ db, turns }: Shelf) =>
  liveRecord({ db, turns, frames: new SystemPrompts(db) }, KEY);
const objectsWith = async (shelf: Shelf, text: string): Promise<string[]> => {
  const found: string[] = [];
  for (const key of await shelf.objects()) {
    const bytes = new Uint8Array((await (await env.ARCHIVE.get(key))?.arrayBuffer()) ?? []);
    const plain = key.endsWith(".gz") ? gunzipSync(bytes) : Buffer.from(bytes);
    if (plain.includes(text)) found.push(key);
  }
  return found;
};

describe("a backup of a session that is too large for one part", () => {
  it.each(["live", "archived"])(
    "goes over several, and comes back as it was: %s",
    async (state) => {
      await withShelf(async (shelf) => {
        const { db } = shelf;
        fill(shelf);
        // Its eighth turn is gone.
        shelf.turns.remove([turnId(KEY, 8), turnId(KEY, 9)]);
        new SystemPrompts(db).put(KEY, "Be brief.");
        const frame = frameId("Be brief.");
        for (const seq of [3, 4, 5, 6])
          shelf.turns.update(turnOf(turnId(KEY, seq), TEXTS[seq - 1]!, { frame, shown: 2 }));
        const details = { state: '{"a":1}', state_version: 3, facts: '["likes tea"]', missing: 1 };
        putDetails(db, KEY, {
          ...details,
          user_id: "ann",
          summary: "Zebras",
          summary_turn: turnId(KEY, 2),
        });
        insertHeldVersions(db, KEY, [{ name: "metadata", value: '{"a":"b"}', replaced_at: THEN }]);
        const fact = {
          fact_id: "fact_aaaaaaaaaaaa",
          text: "tea",
          seq: 3,
          created_at: THEN,
          updated_at: THEN,
        };
        insertFacts(db, KEY, [fact]);
        shelf.turns.update(turnOf(turnId(KEY, 9), TEXTS[8]!, { extra: { call: { id: "ext-9" } } }));
        putCall(db, "ext-9", turnId(KEY, 9));
        shelf.counters.forget();
        shelf.counters.read();
        const counted = await daily(shelf);
        const before = wholeRecord(shelf);
        if (state === "archived") await archive(shelf);
        const tools = toolsOf(shelf);
        await backUp(tools);
        expect(places(shelf).map(({ sessions, turns }) => [sessions, turns])).toEqual([
          [1, 1],
          [1, 2],
          [0, 2],
          [0, 2],
          [0, 2],
          [1, 1],
        ]);
        for (const { bytes } of places(shelf)) expect(bytes).toBeLessThan(10_000);
        expect(await verdicts(tools)).toEqual(Array(7).fill(null));

        wipeSessions(shelf);
        db.run("delete from segments");
        db.run("delete from backups");
        // The archive of it, too, would be found.
        for (const key of await shelf.objects())
          if (key.startsWith("conversations/")) await env.ARCHIVE.delete(key);
        expect(await reindex(tools)).toMatchObject({ sessions: 0, backups: 1, errors: [] });
        const report = await restoreBackup(tools);
        expect(report).toMatchObject({ restored: 3, turns: 10, conflicts: [] });
        expect(wholeRecord(shelf)).toEqual(before);
        expect(row(shelf)).toMatchObject({ key: KEY, segment: null, accessed_at: THEN });
        expect(findCall(db, "ext-9")).toBe(turnId(KEY, 9));
        expect(db.scalar("select count(*) from session_parts")).toBe(0);
        expect(await daily(shelf)).toBe(counted);
        expectCounted(shelf);
        expect(await restoreBackup(tools, { on_conflict: "replace" })).toMatchObject({
          unchanged: 3,
        });
        await tools.archivist.clean();
        expect(await shelf.objects()).toHaveLength(7);
      });
    },
  );

  it("leaves out a turn that is on its way, and those that come after it began", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const lease = { token: "t", until: LATER };
      const open = turnOf(turnId(KEY, 9), TEXTS[8]!, {
        status: "in_progress",
        output: null,
        extra: { lease },
      });
      shelf.turns.update(open);
      const growing = bucketBeforePut(3, () => {
        shelf.turns.update(turnOf(turnId(KEY, 9), TEXTS[8]!));
        shelf.turns.insert(turnOf(turnId(KEY, 10), "late"));
      });
      await backUp(toolsOf(shelf, growing));
      wipeSessions(shelf);
      await restoreBackup(toolsOf(shelf));
      expect(await inputs(shelf)).toEqual(TEXTS.slice(0, 8));
    });
  });

  it("reads it again where a turn goes meanwhile", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const changing = bucketBeforePut(3, () => {
        shelf.turns.remove([turnId(KEY, 9), turnId(KEY, 10)]);
        shelf.turns.update(turnOf(turnId(KEY, 8), "said otherwise"));
      });
      const tools = toolsOf(shelf, changing);
      await backUp(tools);
      expect(shelf.db.scalar("select skipped from backups")).toBe("[]");
      await tools.archivist.clean();
      expect(await shelf.objects()).toHaveLength(places(shelf).length + 1);
      wipeSessions(shelf);
      await restoreBackup(toolsOf(shelf));
      expect(await inputs(shelf)).toEqual([...TEXTS.slice(0, 7), "said otherwise"]);
    });
  });

  it("is encrypted, part by part", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const key = Buffer.alloc(32, 7).toString("base64");
      const tools = toolsOf(shelf, undefined, { key });
      await backUp(tools);
      expect(places(shelf).every(({ object_key }) => object_key.endsWith(".enc"))).toBe(true);
      wipeSessions(shelf);
      await restoreBackup(tools);
      expect(await inputs(shelf)).toEqual(TEXTS);
    });
  });
});

describe("a large session in a backup, with R2 failing at any operation", () => {
  it.each(["before", "after"] as const)("is backed up by the next try (%s)", async (when) => {
    let failed = 0;
    let operated = 0;
    do {
      failed += 1;
      await withShelf(async (shelf) => {
        fill(shelf);
        const { bucket, operations } = failingBucket(failed, when);
        await backUp(toolsOf(shelf, bucket)).catch(() => undefined);
        operated = operations();
        const tools = toolsOf(shelf);
        while (!(await stepBackup(tools, "backup_1", THEN)));
        await tools.archivist.clean();
        const parts = places(shelf).map(({ part, sessions }) => [part, sessions]);
        expect(parts).toEqual([
          [1, 1],
          [2, 1],
          [3, 0],
          [4, 0],
          [5, 0],
          [6, 0],
          [7, 1],
        ]);
        expect(await shelf.objects()).toHaveLength(8);
        wipeSessions(shelf);
        await restoreBackup(tools);
        expect(await inputs(shelf)).toEqual(TEXTS);
      });
    } while (operated >= failed);
    expect(operated).toBeGreaterThan(PARTS);
  });

  it("is there whole or not at all, and the next try goes on", async () => {
    let failed = 0;
    let operated = 0;
    await withShelf(async (shelf) => {
      fill(shelf);
      shelf.counters.read();
      const counted = await daily(shelf);
      await backUp(toolsOf(shelf));
      do {
        failed += 1;
        wipeSessions(shelf);
        const { bucket, operations } = failingBucket(failed, "before");
        await restoreBackup(toolsOf(shelf, bucket)).catch(() => undefined);
        operated = operations();
        const left = await inputs(shelf);
        expect([[], TEXTS]).toContainEqual(left);
        if (failed % 2 === 0) await toolsOf(shelf).archivist.clean();
        expectCounted(shelf);
        await restoreBackup(toolsOf(shelf));
        expect(await inputs(shelf)).toEqual(TEXTS);
        expect(row(shelf)?.segment).toBeNull();
        expect(await daily(shelf)).toBe(counted);
        expectCounted(shelf);
      } while (operated >= failed);
    });
    expect(operated).toBeGreaterThan(2 * PARTS);
  });
});

/** Restores until some of the large session's turns are in SQLite, and it is not live yet. */
const restoreSome = async (shelf: Shelf, tools = toolsOf(shelf)) => {
  for (;;) {
    await stepRestore(tools, "backup_1", RESTORE_ALL);
    if (shelf.db.scalar("select count(*) from session_parts where is_back = 1") !== 0) return;
  }
};

describe("a restore that is cut off in a large session", () => {
  it("brings one part a step, and the session is read from the backup until then", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(toolsOf(shelf));
      wipeSessions(shelf);
      const tools = toolsOf(shelf);
      await restoreSome(shelf, tools);
      for (let n = 1; n < PARTS; n += 1) {
        expect(row(shelf)?.segment).not.toBeNull();
        expect(shelf.db.scalar("select sum(is_back) from session_parts")).toBe(n);
        expect(await inputs(shelf)).toEqual(TEXTS);
        await stepRestore(tools, "backup_1", RESTORE_ALL);
      }
      expect(row(shelf)?.segment).toBeNull();
      expect(await inputs(shelf)).toEqual(TEXTS);
    });
  });

  it.each(["question", "deletion"])("is done by the next %s", async (how) => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(toolsOf(shelf));
      wipeSessions(shelf);
      const tools = toolsOf(shelf);
      await restoreSome(shelf);
      if (how === "question") await tools.archivist.restore("large", LATER);
      expect(sessionsRestoredFrom(shelf.db, "backup_1").length).toBe(how === "question" ? 0 : 1);
      await finishRestores(tools, "backup_1");
      removeBackup(tools, "backup_1");
      await tools.archivist.clean();
      expect(await shelf.objects()).toEqual([]);
      expect(row(shelf)?.segment).toBeNull();
      expect(await inputs(shelf)).toEqual(TEXTS);
      expect(await daily(shelf)).toBe(10);
      expectCounted(shelf);
    });
  });

  it.each(["stays", "goes"])("outlives archives of its backup's age, which %s", async (backup) => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(toolsOf(shelf));
      wipeSessions(shelf);
      await restoreSome(shelf);
      const backup_days = backup === "goes" ? 30 : null;
      const retention = { ...RETENTION, archive_days: 30, backup_days };
      const tools = toolsOf(shelf, undefined, { retention });
      expect(await maintain(tools, LATER)).toMatchObject({ expired: 0, errors: 0 });
      if (backup === "stays") await restoreBackup(tools);
      expect(row(shelf)?.segment).toBeNull();
      expect(await inputs(shelf)).toEqual(TEXTS);
    });
  });

  it("blocks no maintenance where it cannot be finished", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(toolsOf(shelf));
      await backUp(toolsOf(shelf), "backup_2");
      wipeSessions(shelf);
      await restoreSome(shelf);
      await env.ARCHIVE.delete(places(shelf).at(-2)!.object_key);
      const retention = { ...RETENTION, backup_days: 30 };
      const done = await maintain(toolsOf(shelf, undefined, { retention }), LATER);
      expect(done).toMatchObject({ backups_deleted: 1, errors: 1 });
      expect(shelf.errors).toHaveLength(1);
      expect(shelf.db.scalar("select group_concat(backup_id) from backups")).toBe("backup_1");
    });
  });

  it("keeps its backup", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(toolsOf(shelf));
      wipeSessions(shelf);
      await restoreSome(shelf);
      expect(() => removeBackup(toolsOf(shelf), "backup_1")).toThrow("no other copy");
      expect(await inputs(shelf)).toEqual(TEXTS);
    });
  });

  it("leaves nothing when the session is erased then", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(toolsOf(shelf));
      wipeSessions(shelf);
      const tools = toolsOf(shelf);
      await restoreSome(shelf);
      await eraseSession({ ...tools, turns: shelf.turns }, "large", LATER);
      await tools.archivist.clean();
      const report = await restoreBackup(tools);
      expect(report).toMatchObject({ complete: true });
      expect(row(shelf)).toBeNull();
      expect(
        shelf.db.scalar(
          "select count(*) from turns where id >= ? and id < ?",
          turnId(KEY, 0),
          turnId(KEY + 1, 0),
        ),
      ).toBe(0);
      expect(await objectsWith(shelf, "zebra")).toEqual([]);
      expectCounted(shelf);
    });
  });
});

const UNCHANGED = { unchanged: 3 };
const REPLACED = { unchanged: 2, replaced: 1 };
const EXISTS = { unchanged: 2, exists: 1 };

describe("a large session that is there already", () => {
  it.each([
    ["newer", "same", UNCHANGED],
    ["skip", "same", UNCHANGED],
    ["newer", "fewer", REPLACED],
    ["newer", "more", EXISTS],
    ["newer", "other", EXISTS],
    ["skip", "fewer", EXISTS],
    ["replace", "other", REPLACED],
    ["replace", "held", { held: 1, unchanged: 2 }],
    ["replace", "busy", { busy: 1, unchanged: 2 }],
    // It is in no backup any more.
    ["replace", "erased", { erased: 0, unchanged: 2 }],
  ] as const)("%s, where it is %s", async (on_conflict, there, expected) => {
    for (const isArchived of [false, true]) {
      await withShelf(async (shelf) => {
        const { db } = shelf;
        fill(shelf);
        shelf.counters.read();
        const tools = toolsOf(shelf);
        await backUp(tools);
        if (there === "fewer") shelf.turns.remove([turnId(KEY, 8), turnId(KEY, 10)]);
        if (there === "more") shelf.turns.insert(turnOf(turnId(KEY, 10), "late"));
        if (there === "other" || there === "held" || there === "busy")
          shelf.turns.update(turnOf(turnId(KEY, 5), "said otherwise"));
        if (there === "erased") {
          await eraseSession({ ...tools, turns: shelf.turns }, "large", LATER);
          await tools.archivist.clean();
        }
        shelf.counters.forget();
        if (isArchived && there !== "erased") await archive(shelf);
        if (there === "held") db.run("update sessions set flags = flags | 2 where key = ?", KEY);
        if (there === "busy") shelf.busy.add("large");
        const before = await inputs(shelf);
        const restore = async (dry_run: boolean) => {
          const { skipped, unchanged, replaced } = await restoreBackup(tools, {
            on_conflict,
            dry_run,
          });
          return { ...skipped, unchanged, replaced };
        };
        expect(await restore(true)).toMatchObject(expected);
        expect(await restore(false)).toMatchObject(expected);
        const isReplaced = expected === REPLACED;
        expect(await inputs(shelf)).toEqual(isReplaced ? TEXTS : before);
        const isStill = isArchived && !isReplaced && there !== "erased";
        expect((row(shelf)?.segment ?? null) !== null).toBe(isStill);
        shelf.busy.clear();
        await tools.archivist.clean();
        expectCounted(shelf);
      });
    }
  });

  it("makes on_conflict=fail restore nothing", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(toolsOf(shelf));
      shelf.turns.update(turnOf(turnId(KEY, 5), "said otherwise"));
      const before = await inputs(shelf);
      await expect(restoreBackup(toolsOf(shelf), { on_conflict: "fail" })).rejects.toMatchObject({
        code: "restore_conflict",
      });
      expect(await inputs(shelf)).toEqual(before);
    });
  });

  it("whose key is taken gets another one, and its turns with it", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(toolsOf(shelf));
      shelf.db.run("update sessions set session_id = 'another' where key = ?", KEY);
      writeValue(shelf.db, "next_key", 10);
      await restoreBackup(toolsOf(shelf), { session_ids: ["large"] });
      expect(row(shelf)).toMatchObject({ key: 10, segment: null });
      expect(await inputs(shelf)).toEqual(TEXTS);
      expect((await shelf.read("another")).map(({ input }) => input)).toEqual(TEXTS);
    });
  });

  it("comes without a call that was erased since", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const about = { extra: { call: { id: "ext-6", request: '{"q":1}' } } };
      shelf.turns.update(turnOf(turnId(KEY, 6), TEXTS[5]!, about));
      await backUp(toolsOf(shelf));
      wipeSessions(shelf);
      shelf.counters.read();
      buryCallId(shelf.db, "ext-6", LATER);
      await restoreBackup(toolsOf(shelf));
      const turns = await shelf.read("large");
      expect(turns).toHaveLength(9);
      expect(JSON.stringify(turns[5])).not.toContain("zebra5");
      expectCounted(shelf);
    });
  });
});

describe("days that are rolled up, when a backup brings a large session", () => {
  /** Of the three sessions. */
  const TURNS = TEXTS.length + 2;
  const rolledUp = async (shelf: Shelf) => {
    fill(shelf);
    await backUp(toolsOf(shelf));
    await rollUp(shelf.db, THEN + 2 * DAY);
    expect(await daily(shelf)).toBe(TURNS);
  };

  it("count its turns", async () => {
    await withShelf(async (shelf) => {
      await rolledUp(shelf);
      wipeSessions(shelf);
      await restoreSome(shelf);
      expect(await daily(shelf)).toBe(1);
      await restoreBackup(toolsOf(shelf));
      expect(await daily(shelf)).toBe(TURNS);
    });
  });

  it.each(["live", "archived"])("count them once where they replace others: %s", async (state) => {
    await withShelf(async (shelf) => {
      await rolledUp(shelf);
      shelf.turns.update(turnOf(turnId(KEY, 5), "said otherwise"));
      if (state === "archived") await archive(shelf);
      const report = await restoreBackup(toolsOf(shelf), { on_conflict: "replace" });
      expect(report).toMatchObject({ replaced: 1 });
      expect(await inputs(shelf)).toEqual(TEXTS);
      expect(await daily(shelf)).toBe(TURNS);
    });
  });

  it("count them once after its archive expired", async () => {
    await withShelf(async (shelf) => {
      await rolledUp(shelf);
      const retention = { ...RETENTION, archive_days: 30 };
      const tools = toolsOf(shelf, undefined, { retention });
      await archive(shelf);
      expect(await expireArchives(tools, LATER)).toMatchObject({ sessions: 1 });
      await restoreBackup(tools);
      expect(await inputs(shelf)).toEqual(TEXTS);
      expect(await daily(shelf)).toBe(TURNS);
      expect(shelf.db.scalar("select count(*) from expired_sessions")).toBe(0);
    });
  });

  it.each([0, 2])(
    "count them once where its archive was found again, %i days later",
    async (days) => {
      await withShelf(async (shelf) => {
        fill(shelf);
        const tools = toolsOf(shelf);
        await backUp(tools);
        shelf.turns.update(turnOf(turnId(KEY, 5), "said otherwise"));
        await archive(shelf);
        wipeSessions(shelf);
        for (const table of ["segments", "backups"]) shelf.db.run(`delete from ${table}`);
        await rollUp(shelf.db, THEN + days * DAY);
        expect(await reindex(tools)).toMatchObject({ sessions: 1, backups: 1 });
        expect(await daily(shelf)).toBe(TEXTS.length);
        const report = await restoreBackup(tools, { on_conflict: "replace" });
        expect(report).toMatchObject({ replaced: 1, restored: 2 });
        expect(await inputs(shelf)).toEqual(TEXTS);
        expect(await daily(shelf)).toBe(TURNS);
      });
    },
  );
});

describe("a damaged backup of a large session", () => {
  it("is named by its part, and nothing of it is restored", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(toolsOf(shelf));
      wipeSessions(shelf);
      const { object_key } = places(shelf)[3]!;
      const { bucket, alter } = await alteredBucket("backups/", shelf.account);
      const one = {
        ...bucket,
        get: (key: string, options?: R2GetOptions) =>
          key === object_key ? bucket.get(key, options) : env.ARCHIVE.get(key, options),
      };
      alter(0);
      const tools = toolsOf(shelf, one);
      const errors = await verdicts(tools);
      expect(errors.map((error) => error === null)).toEqual([
        true,
        true,
        true,
        true,
        false,
        true,
        true,
        true,
      ]);
      await expect(restoreBackup(tools)).rejects.toMatchObject({ code: "archive_corrupt" });
      expect(shelf.counters.read().sessions).toBe(0);
      expect(shelf.db.scalar("select count(*) from turns")).toBe(0);
    });
  });

  it.each([2, 3, 6])("is refused where its part %i is missing", async (part) => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(toolsOf(shelf));
      wipeSessions(shelf);
      shelf.db.run("delete from segments where part = ?", part);
      await expect(restoreBackup(toolsOf(shelf))).rejects.toMatchObject({
        code: "archive_corrupt",
      });
      expect(shelf.counters.read().sessions).toBe(0);
    });
  });
});

describe("erasing, where a backup holds a large session in parts", () => {
  it("rewrites the part with the turn alone", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = toolsOf(shelf);
      await backUp(tools);
      const before = places(shelf).map(({ object_key }) => object_key);
      const commit = await tools.archivist.withoutTurn(row(shelf)!, 6);
      shelf.db.transaction(commit);
      await tools.archivist.clean();
      const after = places(shelf).map(({ object_key }) => object_key);
      expect(after.map((key, at) => key === before[at])).toEqual([
        true,
        true,
        true,
        false,
        true,
        true,
        true,
      ]);
      expect(await objectsWith(shelf, "zebra5")).toEqual([]);
      expect(await verdicts(tools)).toEqual(Array(8).fill(null));
      wipeSessions(shelf);
      await restoreBackup(tools);
      const left = await shelf.read("large");
      expect(left.map(({ input }) => input.length === 0)).toEqual(TEXTS.map((_, n) => n === 5));
    });
  });

  it.each(["newer", "skip", "replace"] as const)("finds it under another key: %s", async (how) => {
    await withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      await backUp(toolsOf(shelf));
      wipeSessions(shelf);
      const at = { created_at: THEN, accessed_at: THEN, flags: 0 };
      for (const key of [1, KEY]) insertSession(db, { key, session_id: `another${key}`, ...at });
      writeValue(db, "next_key", 10);
      const tools = toolsOf(shelf);
      if (how !== "newer")
        for (const [key, session_id] of [[10, "small"] as const, [11, "large"] as const]) {
          insertSession(db, { key, session_id, ...at });
          shelf.turns.insert(turnOf(turnId(key, 1), "begun again"));
        }
      await restoreBackup(tools, { on_conflict: how });
      expect(row(shelf)).toMatchObject({ key: 11, segment: null });
      // As when an item of it is deleted: the copies in backups stay.
      const copies = await tools.archivist.withoutSessions([row(shelf)!], { backups: false });
      db.transaction(copies.commit);
      expect(await objectsWith(shelf, "zebra")).toHaveLength(PARTS);
      for (const id of ["large", "small"])
        await eraseSession({ ...tools, turns: shelf.turns }, id, LATER);
      await tools.archivist.clean();
      expect(await objectsWith(shelf, "zebra")).toEqual([]);
      expect(await objectsWith(shelf, "first!")).toEqual([]);
      expect(await objectsWith(shelf, "second!")).toHaveLength(1);
    });
  });

  it.each([7, 99])("of all of it leaves the others, of %i operations of R2", async (failed) => {
    await withShelf(async (shelf) => {
      fill(shelf);
      shelf.add("last", ["third"]);
      // The seventh comes after the parts of the large one.
      await backUp(toolsOf(shelf, failingBucket(failed, "before").bucket)).catch(() => undefined);
      expect(places(shelf).length).toBeGreaterThan(PARTS);
      const tools = toolsOf(shelf);
      await eraseSession({ ...tools, turns: shelf.turns }, "large", LATER);
      while (!(await stepBackup(tools, "backup_1", THEN)));
      await tools.archivist.clean();
      expect(await objectsWith(shelf, "zebra")).toEqual([]);
      const numbers = places(shelf).map(({ part }) => part);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(await verdicts(tools)).toEqual([null, ...numbers.map(() => null)]);
      wipeSessions(shelf);
      expect(await restoreBackup(tools)).toMatchObject({ restored: 3 });
    });
  });
});

it("a backup that an older version made has a large session as one record, and is restored", async () => {
  await withShelf(async (shelf) => {
    const { db } = shelf;
    fill(shelf);
    const lines = recordLines(wholeRecord(shelf)!);
    const writer = new SegmentWriter();
    writer.add(lines.map((line) => line.replace('"format":14,', '"format":11,')));
    const { bytes, members } = writer.finish();
    const object_key = `backups/${shelf.account}/backup_1/${sha256(bytes)}.ndjson.gz`;
    await env.ARCHIVE.put(object_key, bytes);
    insertBackup(db, {
      backup_id: "backup_1",
      status: "complete",
      reason: "request",
      created_at: THEN,
      completed_at: THEN,
      session_ids: null,
      through_key: 3,
      next_key: 4,
      skipped: "[]",
      restore: null,
    });
    insertSegment(db, {
      object_key,
      bytes: bytes.length,
      members: JSON.stringify(members),
      created_at: THEN,
      key_id: null,
      backup_id: "backup_1",
      part: 1,
      first_key: KEY,
      last_key: KEY,
      sessions: 1,
      turns: 9,
      indexed: null,
    });
    wipeSessions(shelf);
    expect(await restoreBackup(toolsOf(shelf))).toMatchObject({ restored: 1, turns: 9 });
    expect(await inputs(shelf)).toEqual(TEXTS);
  });
});
