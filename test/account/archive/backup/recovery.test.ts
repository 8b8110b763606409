import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { backupOf, skippedOf } from "../../../../src/account/archive/backup/backup-row.ts";
import {
  beginBackup,
  removeBackup,
  stepBackup,
} from "../../../../src/account/archive/backup/backup.ts";
import { prunable, pruneBackups } from "../../../../src/account/archive/backup/prune-backups.ts";
import {
  checkErasable,
  deleteAccountObjects,
  lookForAccount,
  rowsFound,
  placesOf,
} from "../../../../src/account/archive/erasure/erase-account.ts";
import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { reindex } from "../../../../src/account/archive/upkeep/reindex.ts";
import { stepRestore } from "../../../../src/account/archive/backup/restore-backup.ts";
import type { RestoreOptions } from "../../../../src/account/archive/backup/restore-backup.ts";
import { verifyPart } from "../../../../src/account/archive/backup/verify-backup.ts";
import type { PartVerdict } from "../../../../src/account/archive/backup/verify-backup.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { deleteValue, writeValue } from "../../../../src/account/store/account/account-values.ts";
import type { SegmentRow } from "../../../../src/account/store/archive/archives.ts";
import { Counters } from "../../../../src/account/store/usage/counters.ts";
import {
  findSession,
  patchSession,
  putDetails,
} from "../../../../src/account/store/sessions/sessions.ts";
import {
  RETENTION,
  THEN,
  backUp,
  dueAt,
  restoreBackup,
  withShelf,
  partsOf,
} from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const ALL: RestoreOptions = { dry_run: false, session_ids: null, on_conflict: "skip" };
const texts = ["first", "second"];
const ids = ["a", "b", "c"];
const fill = (shelf: Shelf) => ids.forEach((id) => shelf.add(id, texts));
const keyOf = ({ db }: Pick<Shelf, "db">, id: string) => findSession(db, id)!.key;

async function verify(tools: Tools): Promise<PartVerdict[]> {
  const verdicts: PartVerdict[] = [];
  for (let behind: number | null = null; ;) {
    const verdict = await verifyPart(tools, "backup_1", behind);
    if (!verdict) return verdicts;
    verdicts.push(verdict);
    behind = verdict.part;
  }
}

const manifestKey = ({ account }: Shelf, id = "backup_1") =>
  `backups/${account}/${id}/manifest.json`;
const manifestOf = async (shelf: Shelf, id?: string) =>
  (await env.ARCHIVE.get(manifestKey(shelf, id)))!.json<Record<string, unknown>>();
const forget = ({ db, counters }: Shelf) => {
  for (const table of [
    "sessions",
    "session_details",
    "turns",
    "segments",
    "stale_copies",
    "backups",
  ])
    db.run(`delete from ${table}`);
  counters.forget();
};
const forgetSessions = ({ db, counters }: Shelf) => {
  for (const table of ["sessions", "session_details", "turns"]) db.run(`delete from ${table}`);
  counters.forget();
};

describe("a backup that is begun", () => {
  it("is of what is there by then, one at a time", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      beginBackup(tools, { backup_id: "b", session_ids: null, reason: "policy" }, THEN);
      expect(backupOf(shelf.db, "b")).toMatchObject({
        status: "running",
        reason: "policy",
        created_at: THEN,
        completed_at: null,
        session_ids: null,
        through_key: 3,
        sessions: 0,
      });
      shelf.add("late", ["late"]);
      expect(() =>
        beginBackup(tools, { backup_id: "c", session_ids: null, reason: "policy" }, THEN),
      ).toThrow(
        expect.objectContaining({ code: "backup_running", retry_after_ms: 1_000 }) as Error,
      );
      while (!(await stepBackup(tools, "b", THEN + 5)));
      expect(backupOf(shelf.db, "b")).toMatchObject({
        status: "complete",
        completed_at: THEN + 5,
        sessions: 3,
        turns: 6,
      });
      expect(await stepBackup(tools, "b", THEN + 9)).toBe(true);
      expect(backupOf(shelf.db, "b").completed_at).toBe(THEN + 5);
      expect(() => backupOf(shelf.db, "none")).toThrow(
        expect.objectContaining({ code: "backup_not_found" }) as Error,
      );
    });
  });

  it("is refused where a session that is named is not there", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      expect(() =>
        beginBackup(
          shelf.tools(),
          { backup_id: "b", session_ids: ["a", "none"], reason: "request" },
          THEN,
        ),
      ).toThrow(
        expect.objectContaining({ code: "session_not_found", param: "session_ids" }) as Error,
      );
      expect(shelf.db.scalar("select count(*) from backups")).toBe(0);
    });
  });

  it("of nothing is complete, with a manifest and no part", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      await backUp(tools);
      expect(await shelf.objects()).toEqual([manifestKey(shelf)]);
      expect(await restoreBackup(tools)).toMatchObject({ complete: true, restored: 0 });
    });
  });

  it("leaves nothing where it is deleted while it is made", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const deleting = {
        put: (...args: Parameters<R2Bucket["put"]>) => {
          if (shelf.db.scalar("select 1 from backups") !== null) removeBackup(shelf.tools(), "b");
          return env.ARCHIVE.put(...args);
        },
      } as unknown as R2Bucket;
      const tools = shelf.tools(deleting);
      beginBackup(tools, { backup_id: "b", session_ids: null, reason: "request" }, THEN);
      await expect(stepBackup(tools, "b", THEN)).rejects.toMatchObject({
        code: "backup_not_found",
      });
      await shelf.tools().archivist.clean();
      expect([await shelf.objects(), partsOf(shelf.db, "b")]).toEqual([[], []]);
    });
  });

  it("holds sessions without turns, with gaps, and with more turns than are read together", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("empty", []);
      shelf.add(
        "long",
        Array.from({ length: 40 }, (_, n) => `${n}`),
      );
      shelf.add("under way", ["first", "second"]);
      const long = keyOf(shelf, "long");
      shelf.db.run("delete from turns where id = ?", turnId(long, 20));
      putDetails(shelf.db, long, { missing: 1 });
      const last = shelf.turns.last(keyOf(shelf, "under way"))!;
      const lease = { token: "t", until: THEN + 1_000 };
      shelf.turns.update({ ...last, status: "in_progress", output: null, extra: { lease } });
      const inputs = Array.from({ length: 40 }, (_, n) => `${n}`).filter((input) => input !== "19");
      await backUp(tools);
      expect(partsOf(shelf.db, "backup_1")).toMatchObject([{ sessions: 3, turns: 40 }]);
      forgetSessions(shelf);
      expect(await restoreBackup(tools)).toMatchObject({ restored: 3, turns: 40 });
      expect(await shelf.read("empty")).toEqual([]);
      expect((await shelf.read("long")).map(({ input }) => input)).toEqual(inputs);
      expect((await shelf.read("under way")).map(({ input }) => input)).toEqual(["first"]);
    });
  });

  it("goes over more sessions than are read together, and those that are named alone", async () => {
    await withShelf(async (shelf) => {
      for (let n = 1; n <= 120; n += 1) shelf.add(`s${n}`, ["x"]);
      const tools = shelf.tools();
      await backUp(tools);
      expect(partsOf(shelf.db, "backup_1")).toMatchObject([
        { part: 1, sessions: 120, turns: 120, first_key: 1, last_key: 120 },
      ]);
      await backUp(tools, "backup_2", { session_ids: ["s60", "s118"] });
      expect(partsOf(shelf.db, "backup_2")).toMatchObject([
        { part: 1, sessions: 2, turns: 2, first_key: 60, last_key: 118 },
      ]);
    });
  });
});

describe("a manifest", () => {
  it("describes the backup in a manifest that stands in the bucket", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      await backUp(tools, "backup_2", { session_ids: ["a", "c"], took: 5 });
      const [part] = partsOf(shelf.db, "backup_2");
      expect(await manifestOf(shelf, "backup_2")).toEqual({
        format: 1,
        backup_id: "backup_2",
        account_id: shelf.account,
        reason: "request",
        created_at: new Date(THEN).toISOString(),
        completed_at: new Date(THEN + 5).toISOString(),
        made_by: expect.stringMatching(/^colloquy \d/),
        made_from: { session_ids: ["a", "c"], through_key: 3, after_backup: "backup_1" },
        sessions: 2,
        turns: 4,
        bytes: part!.bytes,
        skipped: [],
        parts: [
          {
            part: 1,
            object_key: part!.object_key,
            bytes: part!.bytes,
            sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
            sessions: 2,
            turns: 4,
            first_key: 1,
            last_key: 3,
            key_id: null,
            index_offset: expect.any(Number),
          },
        ],
      });
      expect(part!.object_key).toContain(`backups/${shelf.account}/backup_2/`);
      const head = await env.ARCHIVE.head(manifestKey(shelf));
      expect(head?.httpMetadata?.contentType).toBe("application/json");
    });
  });
});

describe("the manifest of a backup", () => {
  it("names the backup before it, also when it is written again later", async () => {
    await withShelf(async (shelf) => {
      shelf.add("gone", ["first"]);
      fill(shelf);
      const tools = shelf.tools();
      const made = ["backup_1", "backup_2", "backup_3"];
      for (const id of made) await backUp(tools, id);
      const before = async () =>
        Promise.all(
          made.map(async (id) => (await manifestOf(shelf, id))["made_from"] as object | undefined),
        );
      const named = [null, "backup_1", "backup_2"].map((after_backup) =>
        expect.objectContaining({ after_backup }),
      );
      expect(await before()).toEqual(named);
      await eraseSession(tools, "gone", LATER);
      await tools.archivist.clean();
      expect(await before()).toEqual(named);
    });
  });
});

describe("backups that are too many", () => {
  it("are deleted, unless something in them is held", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools, "backup_1", { session_ids: ["a"] });
      await backUp(tools, "backup_2", { session_ids: ["c"] });
      const retention = { ...RETENTION, backup_days: 1 };
      const due = () => prunable(tools, retention, LATER).toSorted();
      expect(due()).toEqual(["backup_1", "backup_2"]);
      expect(prunable(tools, retention, THEN + DAY)).toEqual([]);
      patchSession(shelf.db, findSession(shelf.db, "a")!, { hold: "case" });
      expect(due()).toEqual(["backup_2"]);
      expect(() => removeBackup(tools, "backup_1")).toThrow(
        expect.objectContaining({ code: "session_held" }) as Error,
      );
      writeValue(shelf.db, "hold", "case");
      expect(due()).toEqual([]);
      expect(() => removeBackup(tools, "backup_2")).toThrow(
        expect.objectContaining({ code: "account_held" }) as Error,
      );
      deleteValue(shelf.db, "hold");
      expect(await pruneBackups(tools, retention, LATER)).toEqual({ deleted: 1, errors: 0 });
      await tools.archivist.clean();
      expect(await shelf.objects()).toHaveLength(2);
    });
  });
});

describe("a restore", () => {
  it("is checked part by part before anything is written, and is remembered in between", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      forgetSessions(shelf);
      const steps: [boolean, number, number][] = [];
      for (let complete = false; !complete;) {
        const report = await stepRestore(shelf.tools(), "backup_1", ALL);
        ({ complete } = report);
        const there = shelf.db.scalar<number>("select count(*) from sessions") ?? 0;
        steps.push([complete, report.restored, there]);
      }
      expect(steps).toEqual([
        [false, 3, 0],
        [false, 0, 0],
        [false, 3, 3],
        [true, 3, 3],
      ]);
      expect(backupOf(shelf.db, "backup_1").restore).toBeNull();
    });
  });

  it("that is tried says what would become of each, and writes nothing", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      shelf.db.run(
        "update turns set output = 'changed' where id = ?",
        turnId(keyOf(shelf, "a"), 1),
      );
      await eraseSession(tools, "c", LATER);
      const nothing = { exists: 0, erased: 0, held: 0, busy: 0, facts_full: 0, damaged: 0 };
      const same = {
        backup_id: "backup_1",
        dry_run: true,
        complete: true,
        restored: 0,
        repaired: 0,
        unchanged: 1,
      };
      expect(await restoreBackup(tools, { dry_run: true })).toEqual({
        ...same,
        on_conflict: "skip",
        replaced: 0,
        skipped: { ...nothing, exists: 1 },
        turns: 0,
        conflicts: ["a"],
      });
      expect(await restoreBackup(tools, { dry_run: true, on_conflict: "replace" })).toEqual({
        ...same,
        on_conflict: "replace",
        replaced: 1,
        skipped: nothing,
        turns: 2,
        conflicts: ["a"],
      });
      expect(await restoreBackup(tools, { dry_run: true, on_conflict: "fail" })).toMatchObject({
        complete: true,
        conflicts: ["a"],
      });
      expect(await restoreBackup(tools, { dry_run: true, session_ids: ["b"] })).toMatchObject({
        unchanged: 1,
        skipped: nothing,
        conflicts: [],
      });
    });
  });

  it("starts over when it is called for other sessions", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      forgetSessions(shelf);
      for (let step = 0; step < 3; step += 1)
        await stepRestore(tools, "backup_1", { ...ALL, session_ids: ["a"] });
      expect(findSession(shelf.db, "a")).not.toBeNull();
      const first = await stepRestore(tools, "backup_1", ALL);
      expect(first).toMatchObject({ complete: false, restored: 2, unchanged: 1 });
      expect(await restoreBackup(tools)).toMatchObject({ restored: 2, unchanged: 1, turns: 4 });
    });
  });

  it("names twenty conflicts and counts them all", async () => {
    await withShelf(async (shelf) => {
      for (let n = 1; n <= 130; n += 1) shelf.add(`s${n}`, ["x"]);
      const tools = shelf.tools();
      await backUp(tools);
      shelf.db.run("update turns set output = 'changed'");
      const report = await restoreBackup(tools);
      expect(report.skipped.exists).toBe(130);
      expect(report.conflicts).toEqual(Array.from({ length: 20 }, (_, n) => `s${n + 1}`));
      const replaced = await restoreBackup(tools, { on_conflict: "replace" });
      expect([replaced.replaced, replaced.turns, replaced.conflicts.length]).toEqual([
        130, 130, 20,
      ]);
      await expect(restoreBackup(tools, { on_conflict: "fail" })).resolves.toMatchObject({
        unchanged: 130,
      });
    });
  });

  it("is refused while the backup is being made, and of one that is not there", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      beginBackup(tools, { backup_id: "backup_1", session_ids: null, reason: "request" }, THEN);
      const running = { code: "backup_running", retry_after_ms: 1_000 };
      await expect(restoreBackup(tools)).rejects.toMatchObject(running);
      await expect(verify(tools)).rejects.toMatchObject(running);
      await expect(stepRestore(tools, "none", ALL)).rejects.toMatchObject({
        code: "backup_not_found",
      });
    });
  });
});

describe("a backup that is verified", () => {
  it("is whole, part by part, its manifest first", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      expect(await verify(tools)).toEqual([
        { part: 0, sessions: 0, turns: 0, error: null },
        { part: 1, sessions: 3, turns: 6, error: null },
      ]);
    });
  });

  it("says of each part what is wrong with it", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      const whole = await (await env.ARCHIVE.get(manifestKey(shelf)))!.text();
      const [part] = partsOf(shelf.db, "backup_1");
      const said = async () => (await verify(tools)).map(({ error }) => error);
      const manifests = [
        ["{", "not JSON"],
        [whole.replace('"backup_id"', '"id"'), "not of the format"],
        [whole.replaceAll(part!.object_key, `${part!.object_key}x`), "other parts"],
        [JSON.stringify({ ...(JSON.parse(whole) as object), parts: [] }), "other parts"],
      ] as const;
      for (const [text, why] of manifests) {
        await env.ARCHIVE.put(manifestKey(shelf), text);
        expect(await said()).toEqual([expect.stringContaining(why), null]);
      }
      await env.ARCHIVE.put(manifestKey(shelf), whole);
      shelf.db.run("update segments set turns = 5");
      expect(await said()).toEqual([null, expect.stringContaining("its sessions differ")]);
      shelf.db.run("update segments set turns = 6, sessions = 2");
      expect(await said()).toEqual([null, expect.stringContaining("its sessions differ")]);
      await env.ARCHIVE.delete([part!.object_key, manifestKey(shelf)]);
      expect(await said()).toEqual([
        expect.stringContaining("missing"),
        expect.stringContaining("missing"),
      ]);
    });
  });

  it("is not damaged where R2 is away", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await backUp(shelf.tools());
      const away = { get: () => Promise.reject(new Error("R2 is away")) } as unknown as R2Bucket;
      await expect(verify(shelf.tools(away))).rejects.toMatchObject({
        code: "archive_unavailable",
      });
    });
  });
});

/** A part is as old as its backup then. */
const byKey = (segments: object[]) =>
  (segments as SegmentRow[])
    .map(({ object_key, bytes, members, key_id, backup_id, part, sessions, turns }) => ({
      object_key,
      bytes,
      members,
      key_id,
      backup_id,
      part,
      sessions,
      turns,
    }))
    .toSorted((one, other) => (one.object_key < other.object_key ? -1 : 1));

describe("an account that is indexed again", () => {
  it("has its archives and backups again, with all that is counted of them", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      fill(shelf);
      putDetails(shelf.db, keyOf(shelf, "a"), { user_id: "u", metadata: '{"a":"b"}' });
      patchSession(shelf.db, findSession(shelf.db, "b")!, { hold: "case" });
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      await tools.archivist.archiveNow(findSession(shelf.db, "b")!, LATER);
      await backUp(tools);
      const tables = ["sessions", "session_details", "segments", "backups"];
      const rows = () => tables.map((table) => shelf.db.all(`select * from ${table} order by 1`));
      const before = rows();
      forget(shelf);
      shelf.counters.read();
      expect(await reindex(tools)).toEqual({ sessions: 3, segments: 2, backups: 1, errors: [] });
      const after = rows();
      expect(byKey(after[2]!)).toEqual(byKey(before[2]!));
      expect(after[3]).toEqual(before[3]);
      expect(after[1]).toEqual(before[1]);
      expect(shelf.counters.read()).toMatchObject({ sessions: 0, archived: 3 });
      const counted = shelf.counters.read();
      expect(counted).toEqual(new Counters(shelf.db).read());
      for (const id of ids) expect((await shelf.read(id)).map(({ input }) => input)).toEqual(texts);
      expect(findSession(shelf.db, "b")?.flags).toBe(2);
      expect(await reindex(tools)).toEqual({ sessions: 0, segments: 0, backups: 0, errors: [] });
    });
  });

  it("has of several copies of a session the last, and erases the others with it", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("a", ["first"]);
      shelf.add("b", ["other"]);
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      await tools.archivist.restore("a", LATER);
      const last = shelf.turns.last(keyOf(shelf, "a"))!;
      shelf.turns.insert({ ...last, id: last.id + 1, input: "second" });
      await tools.archivist.archiveNow(findSession(shelf.db, "a")!, LATER + DAY);
      forget(shelf);
      expect(await reindex(tools)).toMatchObject({ sessions: 2, segments: 2, errors: [] });
      expect((await shelf.read("a")).map(({ input }) => input)).toEqual(texts);
      expect(await eraseSession(tools, "a", LATER)).toMatchObject({ segments: 2, turns: 2 });
      await tools.archivist.clean();
      expect(await shelf.objects()).toHaveLength(1);
      expect((await shelf.read("b")).map(({ input }) => input)).toEqual(["other"]);
    });
  });

  it("has nothing again that was erased, and it is gone from R2, too", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      fill(shelf);
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      forget(shelf);
      shelf.db.run("insert into tombstones (session_id, erased_at) values ('b', 1)");
      const [before = ""] = await shelf.objects();
      expect(await reindex(tools)).toMatchObject({ sessions: 2, segments: 1, errors: [] });
      await tools.archivist.clean();
      const [after = "", ...more] = await shelf.objects();
      expect([more, after === before, findSession(shelf.db, "b")]).toEqual([[], false, null]);
      for (const id of ["a", "c"])
        expect((await shelf.read(id)).map(({ input }) => input)).toEqual(texts);
    });
  });

  it("takes no other object for an archive, and names those that cannot be read", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("a", ["first"]);
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      forget(shelf);
      const at = (name: string) => `conversations/${shelf.account}/${name}`;
      await env.ARCHIVE.put(at("notes.txt"), "x");
      await env.ARCHIVE.put(at("1.ndjson.gz"), "x");
      await env.ARCHIVE.put(at("2.ndjson.gz"), "x", { customMetadata: { index_offset: "0" } });
      await env.ARCHIVE.put(`backups/${shelf.account}/x/part.ndjson.gz`, "x");
      await env.ARCHIVE.put(manifestKey(shelf, "x"), "{");
      const { sessions, errors } = await reindex(tools);
      expect([sessions, errors.toSorted((a, b) => (a.object_key < b.object_key ? -1 : 1))]).toEqual(
        [
          1,
          [manifestKey(shelf, "x"), at("1.ndjson.gz"), at("2.ndjson.gz")].map((object_key) => ({
            object_key,
            code: "archive_corrupt",
          })),
        ],
      );
      expect(shelf.errors).toHaveLength(3);
    });
  });

  it("names what fails otherwise as such, and goes on", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      fill(shelf);
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      forget(shelf);
      const sessionKeys = {
        claim: () => {
          throw new Error("no key");
        },
      };
      const failing = { ...tools, sessionKeys: sessionKeys as never };
      const [object_key = ""] = await shelf.objects();
      expect(await reindex(failing)).toMatchObject({ errors: [{ object_key, code: "internal" }] });
      expect(shelf.db.scalar("select count(*) from segments")).toBe(0);
    });
  });
});

describe("what is skipped by a backup", () => {
  it("is named, and of what is left nothing is missing", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      for (const id of ["a", "c"]) {
        await tools.archivist.archiveNow(findSession(shelf.db, id)!, LATER);
        for (const key of await shelf.objects()) await env.ARCHIVE.put(key, "damaged");
      }
      await backUp(tools);
      expect(skippedOf(backupOf(shelf.db, "backup_1"))).toEqual([
        ["a", "archive_corrupt"],
        ["c", "archive_corrupt"],
      ]);
      expect(partsOf(shelf.db, "backup_1")).toMatchObject([
        { first_key: 2, last_key: 2, turns: 2 },
      ]);
      expect(await manifestOf(shelf)).toMatchObject({
        skipped: [
          ["a", "archive_corrupt"],
          ["c", "archive_corrupt"],
        ],
      });
    });
  });
});

describe("an account that is erased", () => {
  it("is not while it, or a session of it, is held", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const refusal = (): unknown => {
        try {
          checkErasable(shelf.db);
          return null;
        } catch (error) {
          return error;
        }
      };
      expect(refusal()).toBeNull();
      patchSession(shelf.db, findSession(shelf.db, "b")!, { hold: "case" });
      expect(refusal()).toMatchObject({
        code: "account_held",
        message: expect.stringContaining("1 sessions"),
      });
      writeValue(shelf.db, "hold", "case");
      patchSession(shelf.db, findSession(shelf.db, "b")!, { hold: null });
      expect(refusal()).toMatchObject({
        code: "account_held",
        message: expect.not.stringContaining("sessions"),
      });
    });
  });

  it("leaves no object, however many there are, and says how many there were", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      await backUp(tools);
      const sizes = await Promise.all(
        (await shelf.objects()).map(async (key) => (await env.ARCHIVE.head(key))!.size),
      );
      expect(await deleteAccountObjects(tools.store, shelf.account)).toEqual({
        archives: 1,
        backups: 2,
        object_bytes: sizes.reduce((sum, size) => sum + size, 0),
      });
      expect(await shelf.objects()).toEqual([]);
      expect(await deleteAccountObjects(tools.store, shelf.account)).toEqual({
        archives: 0,
        backups: 0,
        object_bytes: 0,
      });
    });
  });

  it("is gone once nothing is left of it, in rows or in R2", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const none = { archives: 0, backups: 0, cached: 0, directory: 0 };
      const left = async () => {
        const places = await lookForAccount(
          { ...tools, cache: env.CACHE },
          { ...rowsFound(shelf.db), ...none },
          () => Promise.resolve(0),
        );
        return places.filter(({ state }) => state === "left").map(({ place }) => place);
      };
      expect(await left()).toEqual([]);
      shelf.add("empty", []);
      expect(await left()).toEqual(["sqlite"]);
      await tools.archivist.archiveNow(findSession(shelf.db, "empty")!, LATER);
      expect(await left()).toEqual(["sqlite", "r2_archives"]);
      for (const key of await shelf.objects()) await env.ARCHIVE.delete(key);
      expect(await left()).toEqual(["sqlite"]);
      for (const table of ["sessions", "segments"]) shelf.db.run(`delete from ${table}`);
      expect(await left()).toEqual([]);
      for (const [place, folder] of [
        ["r2_archives", "conversations"],
        ["r2_backups", "backups"],
      ]) {
        const key = `${folder}/${shelf.account}/x`;
        await env.ARCHIVE.put(key, "x");
        expect(await left()).toEqual([place]);
        await env.ARCHIVE.delete(key);
      }
    });
  });

  it("is erased from where it lies", () => {
    expect(placesOf("acme")).toEqual([
      "sqlite",
      "directory",
      "r2:conversations/acme/",
      "r2:backups/acme/",
      // Answers and embeddings, by a hash of the account's id.
      expect.stringMatching(/^kv:query:[0-9a-f]{16}/),
      expect.stringMatching(/^kv:embedding:[0-9a-f]{16}/),
    ]);
  });
});
