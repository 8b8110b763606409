import { env } from "cloudflare:workers";
import { describe, expect, inject, it, vi } from "vitest";

import { stepRestore } from "../../../../src/account/archive/backup/restore-backup.ts";
import type { RestoreReport } from "../../../../src/account/archive/backup/restore-backup.ts";
import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { archivePrefix } from "../../../../src/account/archive/format/keys.ts";
import { parseMembers } from "../../../../src/account/archive/format/segment.ts";
import { writeValue } from "../../../../src/account/store/account/account-values.ts";
import {
  findDetails,
  findSession,
  patchSession,
  putDetails,
} from "../../../../src/account/store/sessions/sessions.ts";
import { readDaily, rollUp } from "../../../../src/account/store/usage/roll-up.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { dayOf } from "../../../../src/shared/time.ts";
import {
  RESTORE_ALL,
  THEN,
  backUp,
  dueAt,
  expectCounted,
  failingBucket,
  restoreBackup,
  turnOf,
  withShelf,
} from "../../../support/archive.ts";
import type { Shelf, ShelfOptions, Tools } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const KEY = 2;
const SMALL = ["zebra", "yak"];
/** Some 4 kB a turn, with the answer: two turns a part. */
const LARGE = Array.from({ length: 3 }, (_, n) => `zebra${n} ${crypto.randomUUID().repeat(60)}`);
const OPTIONS = { segmentBytes: 10_000 };
const KINDS = [
  ["in one segment", SMALL],
  ["in parts", LARGE],
] as const;

const toolsOf = (shelf: Shelf, bucket?: R2Bucket, options: ShelfOptions = {}): Tools =>
  shelf.tools(bucket ?? env.ARCHIVE, { ...OPTIONS, ...options });
const row = ({ db }: Shelf) => findSession(db, "s");
const inputs = async (shelf: Shelf) => (await shelf.read("s")).map(({ input }) => input);
const archives = async ({ account }: Shelf): Promise<string[]> =>
  (await env.ARCHIVE.list({ prefix: archivePrefix(account) })).objects.map(({ key }) => key);
const daily = async ({ db }: Shelf): Promise<number> =>
  (await readDaily(db, dayOf(THEN), dayOf(THEN))).reduce(
    (sum, { counts }) => sum + counts.turns,
    0,
  );

/** The last object of the session: of one in parts, the others can be read. */
async function damage({ db }: Shelf): Promise<string> {
  const [{ object_key } = { object_key: "" }] = db.all<{ object_key: string }>(
    "select object_key from segments where backup_id is null order by id desc limit 1",
  );
  await env.ARCHIVE.put(object_key, "damaged");
  return object_key;
}

/** A backup of three sessions. Then one of them is archived, and its archive is damaged. */
async function withDamage(shelf: Shelf, texts: readonly string[]): Promise<string> {
  shelf.add("before", ["first"]);
  shelf.add("s", [...texts]);
  shelf.add("after", ["second"]);
  const tools = toolsOf(shelf);
  await backUp(tools);
  await tools.archivist.archiveNow(row(shelf)!, THEN);
  shelf.counters.forget();
  return damage(shelf);
}

interface Segment {
  object_key: string;
  members: string;
}
const bytesOf = async ({ object_key }: Segment) =>
  new Uint8Array(await (await env.ARCHIVE.get(object_key))!.arrayBuffer());

/** A backup of three sessions, that are archived together then. Each has a member to itself. */
async function withThree(shelf: Shelf): Promise<Segment> {
  for (const id of ["a", "s", "c"]) shelf.add(id, [`${id} ${crypto.randomUUID().repeat(2_000)}`]);
  const tools = shelf.tools();
  await backUp(tools);
  await tools.archivist.archiveDue(dueAt(LATER), 0);
  return shelf.db.one<Record<keyof Segment, string>>(
    "select object_key, members from segments where backup_id is null",
  )!;
}

const said = ({ repaired, unchanged, skipped, turns }: RestoreReport) => ({
  repaired,
  unchanged,
  turns,
  ...Object.fromEntries(Object.entries(skipped).filter(([, count]) => count > 0)),
});
const repairedOf = (texts: readonly string[]) => ({
  repaired: 1,
  unchanged: 2,
  turns: texts.length,
});

describe.each(KINDS)("a session %s whose archive is damaged", (_, texts) => {
  it.each(["newer", "replace"] as const)(
    "is repaired from a backup with on_conflict=%s, under its key",
    async (on_conflict) => {
      await withShelf(async (shelf) => {
        await withDamage(shelf, texts);
        const tools = toolsOf(shelf);
        const tried = await restoreBackup(tools, { on_conflict, dry_run: true });
        expect(said(tried)).toEqual(repairedOf(texts));
        expect(row(shelf)?.segment).not.toBeNull();
        const report = await restoreBackup(tools, { on_conflict });
        expect([said(report), report.conflicts]).toEqual([repairedOf(texts), ["s"]]);
        expect(row(shelf)).toMatchObject({ key: KEY, segment: null, accessed_at: THEN });
        expect((await shelf.read("s")).map(({ id, input }) => [id, input])).toEqual(
          texts.map((text, index) => [turnId(KEY, index + 1), text]),
        );
        expect(said(await restoreBackup(tools, { on_conflict }))).toEqual({
          repaired: 0,
          unchanged: 3,
          turns: 0,
        });
        await tools.archivist.clean();
        expect(await archives(shelf)).toEqual([]);
        expectCounted(shelf);
        const stale = "stale_copies where segment not in (select id from segments)";
        for (const table of ["expired_sessions", "session_parts", stale])
          expect([table, shelf.db.scalar(`select count(*) from ${table}`)]).toEqual([table, 0]);
      });
    },
  );

  it.each(["before", "after"] as const)(
    "is repaired once R2 failed at any operation, %s it",
    async (when) => {
      // Of one in parts there are dozens.
      const step = inject("isLarge") || texts === SMALL ? 1 : 3;
      let n = 1;
      while (await failAt(n, when)) n += step;
      expect(n).toBeGreaterThan(4);
    },
  );

  /** @returns whether there were so many operations */
  async function failAt(n: number, when: "before" | "after"): Promise<boolean> {
    const { bucket, operations } = failingBucket(n, when);
    await withShelf(async (shelf) => {
      await withDamage(shelf, texts);
      const tools = toolsOf(shelf);
      await restoreBackup(toolsOf(shelf, bucket), { on_conflict: "newer" }).catch(() => null);
      await restoreBackup(tools, { on_conflict: "newer" });
      expect(await inputs(shelf)).toEqual(texts);
      expect(row(shelf)).toMatchObject({ key: KEY, segment: null });
      await tools.archivist.clean();
      expect(await archives(shelf)).toEqual([]);
      expectCounted(shelf);
    });
    return operations() >= n;
  }

  it.each([
    ["newer", { repaired: 0, unchanged: 2, turns: 0, damaged: 1 }],
    ["replace", { repaired: 1, unchanged: 2, turns: texts.length }],
  ] as const)("and has more turns than the backup: %s", async (on_conflict, expected) => {
    await withShelf(async (shelf) => {
      shelf.add("before", ["first"]);
      shelf.add("s", [...texts]);
      shelf.add("after", ["second"]);
      const tools = toolsOf(shelf);
      await backUp(tools);
      shelf.turns.insert(turnOf(turnId(KEY, texts.length + 1), "late"));
      await tools.archivist.archiveNow(row(shelf)!, THEN);
      await damage(shelf);
      shelf.counters.forget();
      expect(said(await restoreBackup(tools, { on_conflict }))).toEqual(expected);
      expect(row(shelf)?.segment === null).toBe(on_conflict === "replace");
      expectCounted(shelf);
    });
  });

  it("has its turns counted once", async () => {
    await withShelf(async (shelf) => {
      await withDamage(shelf, texts);
      expect(await daily(shelf)).toBe(texts.length + 2);
      const tools = toolsOf(shelf);
      await restoreBackup(tools, { on_conflict: "newer" });
      expect(await daily(shelf)).toBe(texts.length + 2);
      await rollUp(shelf.db, THEN + 2 * DAY);
      await tools.archivist.archiveNow(row(shelf)!, THEN);
      await damage(shelf);
      await restoreBackup(tools, { on_conflict: "newer" });
      expect(await inputs(shelf)).toEqual(texts);
      expect(await daily(shelf)).toBe(texts.length + 2);
    });
  });

  it.each(["session", "account"])("keeps its object under a hold of the %s", async (held) => {
    await withShelf(async (shelf) => {
      const objectKey = await withDamage(shelf, texts);
      if (held === "account") writeValue(shelf.db, "hold", "case");
      else patchSession(shelf.db, row(shelf)!, { hold: "case" });
      const tools = toolsOf(shelf);
      for (const on_conflict of ["newer", "replace"] as const)
        expect(said(await restoreBackup(tools, { on_conflict }))).toEqual({
          repaired: 0,
          unchanged: 2,
          turns: 0,
          held: 1,
        });
      await tools.archivist.clean();
      expect(await archives(shelf)).toContain(objectKey);
      expect(row(shelf)?.segment).not.toBeNull();
    });
  });

  it("is left alone while a turn is on its way", async () => {
    await withShelf(async (shelf) => {
      await withDamage(shelf, texts);
      shelf.busy.add("s");
      const report = await restoreBackup(toolsOf(shelf), { on_conflict: "replace" });
      expect(said(report)).toEqual({ repaired: 0, unchanged: 2, turns: 0, busy: 1 });
    });
  });

  it("is erased afterwards with all copies of it", async () => {
    await withShelf(async (shelf) => {
      await withDamage(shelf, texts);
      const tools = toolsOf(shelf);
      await restoreBackup(tools, { on_conflict: "newer" });
      await eraseSession({ ...tools, turns: shelf.turns }, "s", LATER);
      await tools.archivist.clean();
      expect(said(await restoreBackup(tools, { on_conflict: "replace" }))).toEqual({
        repaired: 0,
        unchanged: 2,
        turns: 0,
      });
    });
  });
});

describe("many sessions that are repaired", () => {
  it("are some at a step, and the words of the index are read for many together", async () => {
    await withShelf(async (shelf) => {
      const [sessions, most] = [130, 100];
      for (let n = 1; n <= sessions; n += 1) shelf.add(`s${n}`, ["zebra"]);
      const tools = shelf.tools();
      await tools.search.search('"zebra"', { limit: 1, offset: 0 });
      await backUp(tools);
      while ((await tools.archivist.archiveDue(dueAt(LATER), 0)).archived > 0);
      const objects = await archives(shelf);
      for (const objectKey of objects) await env.ARCHIVE.put(objectKey, "damaged");
      const run = vi.spyOn(shelf.db, "run");
      const options = { ...RESTORE_ALL, on_conflict: "newer" } as const;
      const steps: number[] = [];
      let report: RestoreReport;
      do {
        report = await stepRestore(tools, "backup_1", options);
        // While it is checked, it counts what would be repaired.
        const isWritten = findSession(shelf.db, "s1")?.segment === null;
        if (isWritten) steps.push(report.repaired);
      } while (!report.complete);
      const walks = run.mock.calls.filter(([sql]) => sql.includes("index_words using")).length;
      run.mockRestore();
      expect([...new Set(steps)]).toEqual([most, sessions]);
      expect(said(report)).toEqual({ repaired: sessions, unchanged: 0, turns: sessions });
      expect(walks).toBe(2);
      const { hits } = await tools.search.search('"zebra"', { limit: 2 * sessions, offset: 0 });
      expect(hits).toHaveLength(sessions);
      expectCounted(shelf);
    });
  });
});

describe("a session that is repaired", () => {
  it.each([
    ["newer", { metadata: '{"set":"after"}', assistant: "concierge", flags: 1 }],
    ["replace", { metadata: null, assistant: null, flags: 0 }],
  ] as const)("has its details: %s", async (on_conflict, { metadata, assistant, flags }) => {
    await withShelf(async (shelf) => {
      await withDamage(shelf, SMALL);
      putDetails(shelf.db, KEY, { metadata: '{"set":"after"}', assistant: "concierge" });
      patchSession(shelf.db, row(shelf)!, { pinned: true });
      expect(await restoreBackup(toolsOf(shelf), { on_conflict })).toMatchObject({ repaired: 1 });
      const details = findDetails(shelf.db, KEY);
      expect([details?.metadata ?? null, details?.assistant ?? null]).toEqual([
        metadata,
        assistant,
      ]);
      expect(row(shelf)?.flags).toBe(flags);
    });
  });

  it("gets another key where the copy is another user's, and only with on_conflict=replace", async () => {
    await withShelf(async (shelf) => {
      shelf.add("before", ["first"]);
      shelf.add("s", SMALL);
      putDetails(shelf.db, KEY, { user_id: "u" });
      const tools = toolsOf(shelf);
      await backUp(tools);
      putDetails(shelf.db, KEY, { user_id: "v" });
      await tools.archivist.archiveNow(row(shelf)!, THEN);
      await damage(shelf);
      writeValue(shelf.db, "next_key", 10);
      const left = await restoreBackup(tools, { on_conflict: "newer" });
      expect(left).toMatchObject({ repaired: 0, skipped: { damaged: 1 } });
      const own = toolsOf(shelf);
      expect(await restoreBackup(own, { on_conflict: "replace" })).toMatchObject({ repaired: 1 });
      const key = row(shelf)?.key ?? 0;
      expect(key).toBeGreaterThanOrEqual(10);
      expect(findDetails(shelf.db, key)?.user_id).toBe("u");
      expect(shelf.db.all("select key, user_id from former_sessions")).toEqual([
        { key: KEY, user_id: "v" },
      ]);
    });
  });

  it("leaves the others in its segment as they are", async () => {
    await withShelf(async (shelf) => {
      const segment = await withThree(shelf);
      const tools = shelf.tools();
      const bytes = await bytesOf(segment);
      const [offset = 0] = parseMembers(segment.members)[row(shelf)?.member ?? 0] ?? [];
      bytes[offset + 20] = (bytes[offset + 20] ?? 0) ^ 1;
      await env.ARCHIVE.put(segment.object_key, bytes);
      const report = await restoreBackup(tools, { on_conflict: "newer" });
      expect(said(report)).toEqual({ repaired: 1, unchanged: 2, turns: 1 });
      await tools.archivist.clean();
      expect(await archives(shelf)).toEqual([segment.object_key]);
      expect(row(shelf)?.segment).toBeNull();
      for (const id of ["a", "c"]) {
        expect(findSession(shelf.db, id)?.segment).not.toBeNull();
        expect(await shelf.read(id)).toHaveLength(1);
      }
      expectCounted(shelf);
    });
  });
});

describe("a session whose archive", () => {
  it("is locked is repaired with on_conflict=replace alone", async () => {
    await withShelf(async (shelf) => {
      shelf.add("s", SMALL);
      await backUp(toolsOf(shelf));
      const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
      await toolsOf(shelf, undefined, { key }).archivist.archiveNow(row(shelf)!, THEN);
      const tools = toolsOf(shelf);
      const left = await restoreBackup(tools, { on_conflict: "newer" });
      expect(left).toMatchObject({ repaired: 0, skipped: { damaged: 1 } });
      expect(await restoreBackup(tools, { on_conflict: "replace" })).toMatchObject({ repaired: 1 });
      expect(await inputs(shelf)).toEqual(SMALL);
    });
  });

  it("is missing is repaired", async () => {
    await withShelf(async (shelf) => {
      await env.ARCHIVE.delete(await withDamage(shelf, SMALL));
      const report = await restoreBackup(toolsOf(shelf), { on_conflict: "newer" });
      expect(said(report)).toEqual(repairedOf(SMALL));
    });
  });

  it.each([0, 200])("is cut off after %s bytes is repaired", async (length) => {
    await withShelf(async (shelf) => {
      const segment = await withThree(shelf);
      await env.ARCHIVE.put(segment.object_key, (await bytesOf(segment)).subarray(0, length));
      await expect(shelf.read("c")).rejects.toMatchObject({ code: "archive_corrupt" });
      const report = await restoreBackup(shelf.tools(), { on_conflict: "newer" });
      expect(said(report)).toEqual({ repaired: 3, unchanged: 0, turns: 3 });
      expect(await shelf.read("c")).toHaveLength(1);
    });
  });

  it("was read wrongly once is not given up", async () => {
    await withShelf(async (shelf) => {
      shelf.add("s", SMALL);
      const tools = toolsOf(shelf);
      await backUp(tools);
      await tools.archivist.archiveNow(row(shelf)!, THEN);
      let isFirst = true;
      const get = async (objectKey: string, options?: R2GetOptions) => {
        const isWrong = isFirst && objectKey.startsWith(archivePrefix(shelf.account));
        if (isWrong) isFirst = false;
        return isWrong ? null : env.ARCHIVE.get(objectKey, options);
      };
      const once = { ...failingBucket(0, "before").bucket, get };
      const report = await restoreBackup(toolsOf(shelf, once), { on_conflict: "replace" });
      expect([isFirst, said(report)]).toEqual([false, { repaired: 0, unchanged: 1, turns: 0 }]);
    });
  });
});
