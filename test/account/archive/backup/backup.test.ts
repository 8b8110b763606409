import { gunzipSync } from "node:zlib";

import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

import {
  beginBackup,
  stepBackup,
  removeBackup,
} from "../../../../src/account/archive/backup/backup.ts";
import { prunable } from "../../../../src/account/archive/backup/prune-backups.ts";
import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { reindex } from "../../../../src/account/archive/upkeep/reindex.ts";
import { batchesOf, stepRestore } from "../../../../src/account/archive/backup/restore-backup.ts";
import { verifyPart } from "../../../../src/account/archive/backup/verify-backup.ts";
import { writeValue } from "../../../../src/account/store/account/account-values.ts";
import {
  findSession,
  insertSession,
  patchSession,
} from "../../../../src/account/store/sessions/sessions.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import {
  ALTERATIONS,
  RETENTION,
  THEN,
  alteredBucket,
  backUp,
  dueAt,
  failingBucket,
  RESTORE_ALL,
  restoreBackup,
  turnOf,
  withShelf,
  partsOf,
} from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const ids = ["a", "b", "c"];
const texts = ["first", "second"];
const fill = (shelf: Shelf) => ids.forEach((sessionId) => shelf.add(sessionId, texts));
/** Everything that SQLite has of the account, as after a disaster: nothing. */
const wipe = ({ db }: Shelf) =>
  db.transaction(() => {
    const tables = [
      "sessions",
      "session_details",
      "turns",
      "segments",
      "backups",
      "archive_keys",
      "doomed_objects",
      "stale_copies",
      "tombstones",
      "account",
    ];
    for (const table of tables) db.run(`delete from ${table}`);
  });

const read = async (shelf: Shelf) =>
  Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await shelf.read(id)] as const)));

/** Backs up, archives one of the sessions, and wipes SQLite. @returns what was there */
async function lose(shelf: Shelf, tools: Tools) {
  fill(shelf);
  await tools.archivist.archiveNow(findSession(shelf.db, "b")!, THEN);
  const before = await read(shelf);
  await backUp(tools);
  wipe(shelf);
  return before;
}

it("has a session whose turns leave while it is read", () =>
  withShelf(async (shelf) => {
    const { add, db, turns } = shelf;
    const said = Array.from({ length: 20 }, (_none, n) => `turn ${n + 1}`);
    add("a", said);
    const watching = turns.watching.bind(turns);
    let tries = 0;
    vi.spyOn(turns, "watching").mockImplementation((work) =>
      watching((written) => {
        tries += 1;
        // Its first turns are read then.
        const done = work(written);
        if (tries <= 3) turns.remove([turnId(1, 21 - tries), turnId(1, 22 - tries)]);
        return done;
      }),
    );
    await backUp(shelf.tools());
    vi.restoreAllMocks();
    expect(tries).toBe(4);
    expect(db.scalar("select skipped from backups")).toBe("[]");
    wipe(shelf);
    await reindex(shelf.tools());
    await restoreBackup(shelf.tools());
    expect((await shelf.read("a")).map(({ input }) => input)).toHaveLength(17);
  }));

describe("a backup, with R2 failing at any operation", () => {
  it.each(["before", "after"] as const)("is completed by the next try (%s)", async (when) => {
    let operated = 0;
    for (let failed = 1; operated >= failed - 1; failed += 1) {
      await withShelf(async (shelf) => {
        fill(shelf);
        await shelf.tools().archivist.archiveNow(findSession(shelf.db, "b")!, THEN);
        const before = await read(shelf);
        const { bucket, operations } = failingBucket(failed, when);
        await backUp(shelf.tools(bucket)).catch(() => undefined);
        operated = operations();
        const tools = shelf.tools();
        while (!(await stepBackup(tools, "backup_1", THEN)));
        await tools.archivist.clean();
        const parts = partsOf(shelf.db, "backup_1");
        expect(parts.map(({ part, sessions, turns }) => [part, sessions, turns])).toEqual([
          [1, 3, 6],
        ]);
        // The archive, the part and its manifest: no orphan.
        expect(await shelf.objects()).toHaveLength(3);
        wipe(shelf);
        await reindex(tools);
        await restoreBackup(tools);
        expect(await read(shelf)).toEqual(before);
      });
    }
  });

  it.each(["before", "after"] as const)("is restored whole by the next try (%s)", async (when) => {
    let operated = 0;
    for (let failed = 1; operated >= failed - 1; failed += 1) {
      await withShelf(async (shelf) => {
        const before = await lose(shelf, shelf.tools());
        const { bucket, operations } = failingBucket(failed, when);
        const failing = shelf.tools(bucket);
        await reindex(failing).catch(() => undefined);
        await restoreBackup(failing).catch(() => undefined);
        operated = operations();
        for (const [id, turns] of Object.entries(await read(shelf)))
          expect([[], before[id]]).toContainEqual(turns);
        await reindex(shelf.tools());
        await restoreBackup(shelf.tools());
        expect(await read(shelf)).toEqual(before);
        // Where the archive could not be read, its session came from the backup, and is live.
        const { sessions, turns, archived } = shelf.counters.read();
        expect([sessions + archived, turns]).toEqual([3, sessions * 2]);
      });
    }
  });

  it.each(["before", "after"] as const)("holds nothing that was erased (%s)", async (when) => {
    let operated = 0;
    for (let failed = 1; operated >= failed - 1; failed += 1) {
      await withShelf(async (shelf) => {
        shelf.add("secret", ["canary-7f3a"]);
        fill(shelf);
        await backUp(shelf.tools());
        await backUp(shelf.tools(), "backup_2");
        const { bucket, operations } = failingBucket(failed, when);
        const erase = async (tools: Tools) => {
          if (findSession(shelf.db, "secret")) await eraseSession(tools, "secret", LATER);
          await tools.archivist.clean();
        };
        await erase(shelf.tools(bucket)).catch(() => undefined);
        operated = operations();
        await erase(shelf.tools());
        expect(await bytesWith(shelf, "canary-7f3a")).toEqual([]);
        expect(await verify(shelf.tools())).toEqual([null, null]);
        expect(await restoreBackup(shelf.tools(), {}, "backup_2")).toMatchObject({ unchanged: 3 });
      });
    }
  });
});

async function verify(tools: Tools, backup_id = "backup_1"): Promise<(string | null)[]> {
  const errors: (string | null)[] = [];
  for (let behind: number | null = null; ;) {
    const verdict = await verifyPart(tools, backup_id, behind);
    if (!verdict) return errors;
    errors.push(verdict.error);
    behind = verdict.part;
  }
}

/** The objects that hold a text, compressed or not. */
async function bytesWith(shelf: Shelf, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const key of await shelf.objects()) {
    const bytes = new Uint8Array((await (await env.ARCHIVE.get(key))?.arrayBuffer()) ?? []);
    const plain = key.endsWith(".gz") ? gunzipSync(bytes) : Buffer.from(bytes);
    if (plain.includes(text) || Buffer.from(bytes).includes(text)) found.push(key);
  }
  return found;
}

describe("a backup that was altered", () => {
  it("is found at any flipped bit and any cut, and nothing of it is restored", async () => {
    await withShelf(async (shelf) => {
      await lose(shelf, shelf.tools());
      await reindex(shelf.tools());
      wipeSessions(shelf);
      const { bucket, alter } = await alteredBucket("backups/", shelf.account);
      const tools = shelf.tools(bucket);
      for (let n = 0; n < ALTERATIONS; n += 1) {
        alter(n);
        const error = await stepRestore(tools, "backup_1", RESTORE_ALL).catch(
          (thrown: unknown) => thrown,
        );
        expect(error).toMatchObject({ code: "archive_corrupt" });
      }
      expect(shelf.counters.read().sessions).toBe(0);
      expect(shelf.db.scalar("select count(*) from turns")).toBe(0);
      alter(null);
      expect(await restoreBackup(tools)).toMatchObject({ restored: 3 });
    });
  });

  it("is refused where its manifest is another account's", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      const key = `backups/${shelf.account}/backup_1/manifest.json`;
      const text = (await (await env.ARCHIVE.get(key))?.text()) ?? "";
      await env.ARCHIVE.put(key, text.replace(`"${shelf.account}"`, '"another"'));
      expect(await verify(tools)).toEqual([expect.stringContaining("manifest"), null]);
      wipe(shelf);
      expect(await reindex(tools)).toMatchObject({
        backups: 0,
        errors: [{ object_key: key, code: "archive_corrupt" }],
      });
    });
  });
});

const wipeSessions = ({ db, counters }: Shelf) => {
  for (const table of ["sessions", "session_details", "turns", "stale_copies"])
    db.run(`delete from ${table}`);
  counters.forget();
};

const change = (shelf: Shelf) => {
  const { key } = findSession(shelf.db, "a")!;
  shelf.db.run("update turns set output = 'changed' where id = ?", turnId(key, 1));
};

describe("restoring a backup", () => {
  it("leaves what is there, unless it is asked to replace it", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const before = await read(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      change(shelf);
      const changed = await read(shelf);
      expect(await restoreBackup(tools)).toMatchObject({
        restored: 0,
        unchanged: 2,
        skipped: { exists: 1 },
        conflicts: ["a"],
      });
      await expect(restoreBackup(tools, { on_conflict: "fail" })).rejects.toMatchObject({
        code: "restore_conflict",
      });
      expect(await restoreBackup(tools, { on_conflict: "replace", dry_run: true })).toMatchObject({
        replaced: 1,
        turns: 2,
      });
      expect(await read(shelf)).toEqual(changed);
      expect(await restoreBackup(tools, { on_conflict: "replace" })).toMatchObject({ replaced: 1 });
      expect(await read(shelf)).toEqual(before);
      // Twice is once.
      expect(await restoreBackup(tools, { on_conflict: "replace" })).toMatchObject({
        unchanged: 3,
      });
      expect(shelf.counters.read()).toMatchObject({ sessions: 3, turns: 6 });
    });
  });

  it("replaces an archived session as well, and search knows what it says now", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      change(shelf);
      const found = async (word: string) =>
        (await shelf.search.search(`"${word}"`, { limit: 10, offset: 0 })).hits.length;
      expect(await found("changed")).toBe(1);
      await tools.archivist.archiveNow(findSession(shelf.db, "a")!, THEN);
      expect(await found("changed")).toBe(1);
      expect(await restoreBackup(tools, { on_conflict: "replace" })).toMatchObject({ replaced: 1 });
      expect([await found("changed"), await found("first")]).toEqual([0, 3]);
      await tools.archivist.clean();
      expect(await shelf.objects()).toHaveLength(2);
    });
  });

  it("touches neither what is held, nor what is busy, nor what was erased", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      change(shelf);
      shelf.db.run("update turns set output = 'changed'");
      patchSession(shelf.db, findSession(shelf.db, "a")!, { hold: "case 1" });
      shelf.busy.add("b");
      shelf.db.run("insert into tombstones (session_id, erased_at) values ('c', 1)");
      expect(await restoreBackup(tools, { on_conflict: "replace" })).toMatchObject({
        replaced: 0,
        skipped: { held: 1, busy: 1, erased: 1 },
      });
    });
  });

  it("does not replace a session whose turn was begun before a restart", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      change(shelf);
      const { key } = findSession(shelf.db, "b")!;
      const last = shelf.turns.last(key)!;
      const lease = { token: "of the object before", until: Date.now() + 60_000 };
      shelf.turns.update({ ...last, status: "in_progress", output: null, extra: { lease } });
      const restored = await restoreBackup(tools, { on_conflict: "replace", session_ids: ["b"] });
      expect(restored).toMatchObject({ replaced: 0, skipped: { busy: 1 } });
      expect(shelf.turns.last(key)).toMatchObject({ status: "in_progress", extra: { lease } });
    });
  });

  it("brings back what was pinned and held as pinned and held", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      patchSession(shelf.db, findSession(shelf.db, "a")!, { hold: "case 1", pinned: true });
      const tools = shelf.tools();
      await backUp(tools);
      wipeSessions(shelf);
      await restoreBackup(tools, { session_ids: ["a"] });
      expect(findSession(shelf.db, "a")?.flags).toBe(3);
      expect(findSession(shelf.db, "b")).toBeNull();
    });
  });

  it("gives a session another key where its own is taken", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      const { key } = findSession(shelf.db, "a")!;
      shelf.db.run("update sessions set session_id = 'other' where key = ?", key);
      writeValue(shelf.db, "next_key", 10);
      expect(await restoreBackup(shelf.tools())).toMatchObject({ restored: 1 });
      expect(findSession(shelf.db, "a")?.key).toBe(10);
      expect((await shelf.read("a")).map(({ input }) => input)).toEqual(texts);
      expect((await shelf.read("other")).map(({ input }) => input)).toEqual(texts);
    });
  });
});

const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(48_000))).toString("base64");

describe("a backup", () => {
  it("of some sessions holds these", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools, "backup_1", { session_ids: ["c", "a"] });
      wipeSessions(shelf);
      expect(await restoreBackup(tools)).toMatchObject({ restored: 2, turns: 4 });
      expect(() =>
        beginBackup(tools, { backup_id: "x", session_ids: ["none"], reason: "request" }, THEN),
      ).toThrow("no session none");
    });
  });

  it("leaves out a turn that is on its way, and an archive that is damaged by name", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      const lease = JSON.stringify({ lease: { token: "t", until: THEN + 1 } });
      const { key } = findSession(shelf.db, "a")!;
      shelf.db.run(
        "update turns set status = 0, output = null, extra = ? where id = ?",
        lease,
        turnId(key, 2),
      );
      await tools.archivist.archiveNow(findSession(shelf.db, "b")!, THEN);
      const [archive = ""] = await shelf.objects();
      await env.ARCHIVE.put(archive, "damaged");
      await backUp(tools);
      const [part] = partsOf(shelf.db, "backup_1");
      expect(part).toMatchObject({ sessions: 2, turns: 3 });
      expect(shelf.db.scalar("select skipped from backups")).toBe('[["b","archive_corrupt"]]');
    });
  });

  it("is not deleted while a session in it is held, and goes with its objects after", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      patchSession(shelf.db, findSession(shelf.db, "b")!, { hold: "case 1" });
      expect(() => removeBackup(tools, "backup_1")).toThrow("legal hold");
      patchSession(shelf.db, findSession(shelf.db, "b")!, { hold: null });
      writeValue(shelf.db, "hold", "case 2");
      expect(() => removeBackup(tools, "backup_1")).toThrow("legal hold");
      shelf.db.run("delete from account where name = 'hold'");
      removeBackup(tools, "backup_1");
      await tools.archivist.clean();
      expect(await shelf.objects()).toEqual([]);
    });
  });

  it("is not deleted while a session is held that came from it under another key", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      await backUp(tools, "backup_2");
      const { key } = findSession(shelf.db, "a")!;
      shelf.db.run("update sessions set session_id = 'other' where key = ?", key);
      writeValue(shelf.db, "next_key", 10);
      await restoreBackup(shelf.tools());
      expect(findSession(shelf.db, "a")?.key).toBe(10);
      patchSession(shelf.db, findSession(shelf.db, "a")!, { hold: "case 1" });
      const over = { ...RETENTION, backup_days: 1 };
      const both = ["backup_1", "backup_2"];
      for (const id of both) expect(() => removeBackup(tools, id)).toThrow("legal hold");
      expect(prunable(tools, over, THEN + 9 * DAY)).toEqual([]);
      patchSession(shelf.db, findSession(shelf.db, "a")!, { hold: null });
      expect(prunable(tools, over, THEN + 9 * DAY).toSorted()).toEqual(both);
    });
  });

  it("goes over many parts, each within its bound", async () => {
    await withShelf(async (shelf) => {
      for (let n = 0; n < 110; n += 1) shelf.add(`s${n}`, [noise(), noise()]);
      const tools = shelf.tools();
      await backUp(tools);
      const parts = partsOf(shelf.db, "backup_1");
      expect(parts.length).toBeGreaterThan(2);
      expect(Math.max(...parts.map(({ bytes }) => bytes))).toBeLessThan(9 * 1024 * 1024);
      const before = await shelf.read("s109");
      wipeSessions(shelf);
      expect(await restoreBackup(tools)).toMatchObject({ restored: 110, turns: 220 });
      expect(await shelf.read("s109")).toEqual(before);
    });
  });
});

it("a backup of text that is compressed well has parts, too, that fit into memory", async () => {
  await withShelf(async (shelf) => {
    const text = "walnut ".repeat(100_000);
    for (let n = 0; n < 28; n += 1) shelf.add(`s${n}`, [text]);
    const tools = shelf.tools();
    await backUp(tools);
    const parts = partsOf(shelf.db, "backup_1").map(({ sessions }) => sessions);
    expect(parts).toEqual([12, 12, 4]);
    wipeSessions(shelf);
    expect(await restoreBackup(tools)).toMatchObject({ restored: 28, turns: 28 });
    expect((await shelf.read("s27")).map(({ input }) => input)).toEqual([text]);
  });
});

it("an account that was archived, lost and indexed again can be archived again", async () => {
  await withShelf(async (shelf) => {
    fill(shelf);
    const tools = shelf.tools();
    await tools.archivist.archiveDue(dueAt(LATER), 0);
    const before = await read(shelf);
    wipe(shelf);
    expect(await reindex(tools)).toMatchObject({ sessions: 3, segments: 1, errors: [] });
    expect(await reindex(tools)).toMatchObject({ sessions: 0, segments: 0 });
    expect(await read(shelf)).toEqual(before);
    for (const id of ids) await tools.archivist.restore(id, LATER);
    await tools.archivist.archiveDue(dueAt(LATER + 40 * DAY), 0);
    await tools.archivist.clean();
    expect(await shelf.objects()).toHaveLength(1);
    expect(await read(shelf)).toEqual(before);
  });
});

it("an archive that is found again is read and restored under another key where its own is taken", async () => {
  await withShelf(async (shelf) => {
    fill(shelf);
    const tools = shelf.tools();
    await tools.archivist.archiveDue(dueAt(LATER), 0);
    wipe(shelf);
    const key = 1;
    insertSession(shelf.db, {
      key,
      session_id: "new",
      flags: 0,
      created_at: THEN,
      accessed_at: THEN,
    });
    shelf.turns.insert(turnOf(turnId(key, 1), "of another session"));
    writeValue(shelf.db, "next_key", 10);
    expect(await reindex(shelf.tools())).toMatchObject({ sessions: 3, errors: [] });
    const session = findSession(shelf.db, "a")!;
    expect(session.key).toBeGreaterThan(3);
    expect((await shelf.read("a")).map(({ id }) => id)).toEqual([
      turnId(session.key, 1),
      turnId(session.key, 2),
    ]);
    await tools.archivist.restore("a", LATER);
    expect((await shelf.read("a")).map(({ input }) => input)).toEqual(texts);
    expect((await shelf.read("new")).map(({ input }) => input)).toEqual(["of another session"]);
  });
});

/** The numbers of turns of each batch. */
const batched = (...turns: number[]) => {
  const records = turns.map((length) => ({ turns: Array.from({ length }, () => turnOf(1, "")) }));
  return batchesOf(records).map((batch) => batch.map((record) => record.turns.length));
};

it("restores a bounded number of sessions and of turns in a transaction", () => {
  expect(batched()).toEqual([]);
  expect(batched(400, 600, 1)).toEqual([[400, 600], [1]]);
  expect(batched(1, 2_000, 1)).toEqual([[1], [2_000], [1]]);
  expect(batched(...Array<number>(201).fill(1)).map(({ length }) => length)).toEqual([100, 100, 1]);
});
