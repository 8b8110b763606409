import { randomBytes } from "node:crypto";

import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { beginBackup } from "../../../../src/account/archive/backup/backup.ts";
import {
  maintain,
  nextMaintenance,
  tryRetention,
} from "../../../../src/account/archive/upkeep/maintain.ts";
import {
  PART_SESSIONS,
  dueAt as dueOf,
  reportDue,
  sweep,
} from "../../../../src/account/archive/upkeep/sweep.ts";
import type { SweepRequest } from "../../../../src/account/archive/upkeep/sweep.ts";
import {
  deleteValue,
  readValue,
  writeValue,
} from "../../../../src/account/store/account/account-values.ts";
import { archivePrefix } from "../../../../src/account/archive/format/keys.ts";
import {
  ARCHIVE,
  insertSegment,
  noteUnreplicated,
} from "../../../../src/account/store/archive/archives.ts";
import type { Retention } from "../../../../src/account/store/retention/retention-policy.ts";
import {
  findSession,
  patchSession,
  putDetails,
} from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, backUp, dueAt, withShelf } from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const NOW = THEN + 400 * DAY;
const NEVER: Retention = {
  idle_days: null,
  age_days: null,
  archive_days: null,
  rows: null,
  live_bytes: null,
  journal_rows: null,
  backup_days: null,
  backup_every_days: null,
  backups_kept: null,
  cache_hours: null,
  rules: [],
};

const under = (shelf: Shelf, retention: Partial<Retention> = {}): Tools =>
  shelf.tools(env.ARCHIVE, { retention: { ...NEVER, ...retention } });

const backUpAt = (tools: Tools, at: number, reason: "policy" | "request" = "policy") =>
  backUp(tools, `backup_${at}`, { reason, at });

const archiveAll = (tools: Tools, at: number) => tools.archivist.archiveDue(dueAt(at, 0), 0);

/** When an account whose oldest live session is of {@link THEN} needs looking after; null: never. */
const next = (tools: Tools, oldest: number | null = THEN) => nextMaintenance(tools, oldest, NOW);

describe("when an account next needs looking after", () => {
  it("is never, where nothing of it is ever due", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", ["first"]);
      const tools = under(shelf);
      await backUpAt(tools, THEN);
      await archiveAll(tools, THEN + DAY);
      expect(next(tools)).toBeNull();
    });
  });

  it("is when the first archive is over, by the shortest time of any", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf, { archive_days: 90 });
      expect(next(tools)).toBeNull();
      shelf.add("a", ["first"]);
      await backUpAt(tools, THEN);
      // A backup is none.
      expect(next(tools)).toBeNull();
      await archiveAll(tools, THEN + 2 * DAY);
      shelf.add("b", ["first"]);
      await archiveAll(tools, THEN + 9 * DAY);
      expect(next(tools)).toBe(THEN + 92 * DAY + 1);
      const rules = [{ assistant: "x", archive_days: 30 }];
      expect(next(under(shelf, { archive_days: 90, rules }))).toBe(THEN + 32 * DAY + 1);
    });
  });

  it("is when the oldest session is too old, or could be where there is none yet", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf, { age_days: 7, rules: [{ assistant: "x", age_days: 5 }] });
      expect([next(tools), next(tools, null)]).toEqual([THEN + 5 * DAY + 1, NOW + 5 * DAY + 1]);
    });
  });

  it("is when the oldest backup is too old", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf, { backup_days: 30 });
      shelf.add("a", ["first"]);
      expect(next(tools)).toBeNull();
      for (const day of [3, 1]) await backUpAt(tools, THEN + day * DAY, "request");
      expect(next(tools)).toBe(THEN + 31 * DAY + 1);
    });
  });

  it("is when a backup is due by policy, and not before there is something to back up", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf, { backup_every_days: 2 });
      expect(next(tools, null)).toBe(NOW + 2 * DAY + 1);
      expect(next(tools)).toBe(2 * DAY + 1);
      shelf.add("a", ["first"]);
      await backUpAt(tools, THEN, "request");
      expect(next(tools)).toBe(2 * DAY + 1);
      await backUpAt(tools, THEN + DAY);
      expect(next(tools)).toBe(THEN + 3 * DAY + 1);
      await archiveAll(tools, THEN + 5 * DAY);
      expect(next(tools, null)).toBe(THEN + 3 * DAY + 1);
    });
  });

  it("is the earliest of all", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf, { age_days: 9, backup_every_days: 2, backup_days: 5 });
      shelf.add("a", ["first"]);
      await backUpAt(tools, THEN);
      expect(next(tools)).toBe(THEN + 2 * DAY + 1);
      expect(next(under(shelf, { age_days: 1, backup_every_days: 2 }))).toBe(THEN + DAY + 1);
    });
  });

  it("is every day, where so many turns or calls may be kept and no more", async () => {
    await withShelf(async (shelf) => {
      expect(next(under(shelf, { rows: 1 }))).toBe(NOW + DAY + 1);
      writeValue(shelf.db, "journal", 1);
      expect(next(under(shelf))).toBe(NOW + DAY + 1);
    });
  });

  it.each<[string, (shelf: Shelf) => void]>([
    ["something was asked for", ({ db }) => writeValue(db, "maintain_soon", true)],
    [
      "a backup is being made",
      (shelf) => {
        shelf.add("a", ["first"]);
        const request = { backup_id: "b", session_ids: null, reason: "request" } as const;
        beginBackup(shelf, request, THEN);
      },
    ],
    [
      "old rows are being compared",
      ({ db }) => writeValue(db, "compared", { after: "call_1", calls: 1, at: THEN }),
    ],
    ["the replica lacks something", ({ db }) => noteUnreplicated(db, "x")],
  ])("is now, where %s", async (_, change) => {
    await withShelf(async (shelf) => {
      expect(next(under(shelf))).toBeNull();
      change(shelf);
      expect(next(under(shelf))).toBe(NOW);
    });
  });

  it("is not now, where old rows were compared to their end", async () => {
    await withShelf(async (shelf) => {
      writeValue(shelf.db, "compared", { after: null, calls: 1, at: THEN });
      expect(next(under(shelf))).toBeNull();
    });
  });

  it("is not now, where a replica or a key is new and nothing lies in R2 yet", async () => {
    await withShelf(async (shelf) => {
      const key = randomBytes(32).toString("base64");
      const tools = shelf.tools(env.ARCHIVE, { retention: NEVER, replica: env.ARCHIVE, key });
      expect(next(tools)).toBeNull();
      shelf.add("a", ["first"]);
      await archiveAll(shelf.tools(env.ARCHIVE, { key }), NOW);
      expect(next(tools)).toBe(NOW);
      await maintain(tools, NOW);
      expect(next(tools)).toBeNull();
      // A replica that was away for a while has to be looked at anew.
      await maintain(shelf.tools(env.ARCHIVE, { retention: NEVER, key }), NOW);
      expect(next(shelf.tools(env.ARCHIVE, { retention: NEVER, key }))).toBeNull();
      expect(next(tools)).toBe(NOW);
    });
  });
});

describe("a step of maintenance", () => {
  it("does nothing where nothing is to be done", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", ["first"]);
      expect(await maintain(under(shelf), NOW)).toEqual({
        expired: 0,
        backups_deleted: 0,
        replicated: 0,
        errors: 0,
        failed_steps: [],
        repaired: { turns: 0, sessions: [], unreadable: [] },
        more: false,
        backup: null,
      });
      expect(readValue(shelf.db, "replicated")).toBeNull();
    });
  });

  it("has done what was asked for, once all of it is", async () => {
    await withShelf(async (shelf) => {
      for (let n = 0; n < 22; n += 1) {
        shelf.add(`s${n}`, [`text ${n}`]);
        await archiveAll(shelf.tools(), NOW + n * DAY);
      }
      writeValue(shelf.db, "maintain_soon", true);
      const key = randomBytes(32).toString("base64");
      const tools = shelf.tools(env.ARCHIVE, { retention: NEVER, key });
      expect(await maintain(tools, NOW)).toMatchObject({ more: true, errors: 0 });
      expect(readValue(shelf.db, "maintain_soon")).toBe(true);
      expect(await maintain(tools, NOW)).toMatchObject({ more: false });
      expect(readValue(shelf.db, "maintain_soon")).toBeNull();
      expect(shelf.db.scalar("select count(*) from segments where key_id is null")).toBe(0);
    });
  });

  it("goes on with a backup that is being made before it begins another", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf, { backup_every_days: 1 });
      shelf.add("a", ["first"]);
      expect((await maintain(tools, NOW)).backup).toBe("due");
      beginBackup(tools, { backup_id: "b", session_ids: null, reason: "policy" }, NOW);
      expect((await maintain(tools, NOW)).backup).toBe("running");
      expect((await maintain(under(shelf), NOW)).backup).toBe("running");
    });
  });

  it("copies to a new replica archives, backups with their manifests, and keys, some at a time", async () => {
    await withShelf(async (shelf) => {
      const key = randomBytes(32).toString("base64");
      const tools = shelf.tools(env.ARCHIVE, { retention: NEVER, key });
      for (let n = 0; n < 22; n += 1) {
        shelf.add(`s${n}`, [`text ${n}`]);
        await archiveAll(tools, NOW + n * DAY);
      }
      await backUpAt(tools, NOW);
      const held = new Set<string>();
      const replica = {
        put: (name: string, ...more: [Uint8Array, R2PutOptions]) => {
          held.add(name);
          return env.ARCHIVE.put(name, ...more);
        },
      } as unknown as R2Bucket;
      const copying = shelf.tools(env.ARCHIVE, { retention: NEVER, key, replica });
      expect(await maintain(copying, NOW)).toMatchObject({ replicated: 20, more: true, errors: 0 });
      expect(await maintain(copying, NOW)).toMatchObject({ replicated: 5, more: false, errors: 0 });
      expect([...held].toSorted()).toEqual((await shelf.objects()).toSorted());
      expect(await maintain(copying, NOW)).toMatchObject({ replicated: 0, more: false });
    });
  });

  it("counts what it could not copy, names it, and copies the rest", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf);
      shelf.add("a", ["first"]);
      await archiveAll(tools, NOW);
      shelf.add("b", ["first"]);
      await archiveAll(tools, NOW + DAY);
      const [damaged = ""] = await shelf.objects();
      await env.ARCHIVE.put(damaged, "damaged");
      const errors: object[] = [];
      const copying = {
        ...shelf.tools(env.ARCHIVE, { retention: NEVER, replica: env.ARCHIVE }),
        onError: (_: unknown, about: object) => void errors.push(about),
      };
      const done = { replicated: 1, errors: 1, more: true };
      expect(await maintain(copying, NOW)).toMatchObject(done);
      expect(errors).toEqual([{ object_key: damaged, bucket: "replica" }]);
      // Nothing was copied: whoever goes on at once would go on for ever.
      expect(await maintain(copying, NOW)).toMatchObject({ ...done, replicated: 0, more: false });
    });
  });
});

/** A replica that notes what is written to it. */
const copies = (held: Set<string>) =>
  ({
    put: (name: string, ...more: [Uint8Array, R2PutOptions]) => {
      held.add(name);
      return env.ARCHIVE.put(name, ...more);
    },
  }) as unknown as R2Bucket;

describe("a step of maintenance that meets what it cannot do", () => {
  it("names a damaged archive that it cannot encrypt again, and does all that follows", async () => {
    await withShelf(async (shelf) => {
      for (const id of ["a", "b"]) {
        shelf.add(id, ["first"]);
        await archiveAll(under(shelf), NOW);
      }
      const [damaged, whole] = ["a", "b"].map((id) => {
        const { segment } = findSession(shelf.db, id)!;
        return shelf.db.one<{ id: number; object_key: string }>(
          "select id, object_key from segments where id = ?",
          segment,
        )!;
      });
      await env.ARCHIVE.put(damaged!.object_key, "damaged");
      const held = new Set<string>();
      const errors: object[] = [];
      const tools = {
        ...shelf.tools(env.ARCHIVE, {
          retention: NEVER,
          key: randomBytes(32).toString("base64"),
          replica: copies(held),
        }),
        onError: (_: unknown, about: object) => void errors.push(about),
      };
      const { errors: counted, failed_steps } = await maintain(tools, NOW);
      const keyOf = (id: number) => shelf.db.scalar("select key_id from segments where id = ?", id);
      expect([keyOf(damaged!.id), keyOf(whole!.id)]).toEqual([null, 1]);
      expect(counted).toBe(2);
      expect(failed_steps).toEqual(["reencrypt", "replicate"]);
      expect(errors).toContainEqual({ object_key: damaged!.object_key, bucket: "replica" });
      expect([...held].some((name) => name.endsWith(".enc"))).toBe(true);
    });
  });

  it("names a part of itself that fails, and does the others", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf, { backup_days: 1 });
      shelf.add("a", ["first"]);
      await backUpAt(tools, THEN, "request");
      const errors: object[] = [];
      const failing: Tools = {
        ...tools,
        keyring: { isOn: true, rewrap: () => Promise.reject(new Error("locked")) } as never,
        archivist: { reencrypt: () => Promise.reject(new Error("R2 is away")) } as never,
        onError: (_: unknown, about: object) => void errors.push(about),
      };
      // An import left a part of a session that cannot be dropped.
      const part = "'import:1:9:z', 'p', 1, '[]', 0";
      shelf.db.run(
        `insert into segments (backup_id, object_key, bytes, members, created_at) values (${part})`,
      );
      shelf.db.run(
        `create trigger damaged before delete on segments when old.object_key = 'p'
         begin select raise(abort, 'damaged'); end`,
      );
      const failed_steps = ["expire", "rewrap", "reencrypt"];
      const done = { backups_deleted: 1, errors: 3, failed_steps, more: false };
      expect(await maintain(failing, NOW)).toMatchObject(done);
      expect(errors).toEqual(failed_steps.map((step) => ({ step })));
      shelf.db.run("drop trigger damaged");
    });
  });

  it.each([
    ["reencrypt", { key: randomBytes(32).toString("base64") }],
    ["replicate", { replica: copies(new Set()) }],
  ])("tells of as many damaged objects as one step takes each time: %s", async (step, options) => {
    await withShelf(async (shelf) => {
      for (let n = 0; n < 20; n += 1) {
        shelf.add(`s${n}`, ["first"]);
        await archiveAll(under(shelf), NOW);
      }
      for (const objectKey of await shelf.objects()) await env.ARCHIVE.put(objectKey, "damaged");
      const tools = shelf.tools(env.ARCHIVE, { retention: NEVER, ...options });
      for (let night = 0; night < 3; night += 1)
        expect(await maintain(tools, NOW + night * DAY)).toMatchObject({
          errors: 20,
          failed_steps: [step],
          more: false,
        });
    });
  });

  it("copies the rest by and by, where more objects than one step takes cannot be copied", async () => {
    await withShelf(async (shelf) => {
      for (let n = 10; n < 32; n += 1) {
        const object_key = `${archivePrefix(shelf.account)}0/${n}`;
        await env.ARCHIVE.put(object_key, "damaged");
        const segment = { ...ARCHIVE, bytes: 1, members: "[]", created_at: NOW, key_id: null };
        insertSegment(shelf.db, { ...segment, object_key, indexed: null });
      }
      const tools = under(shelf);
      shelf.add("a", ["first"]);
      await archiveAll(tools, NOW);
      const held = new Set<string>();
      const copying = shelf.tools(env.ARCHIVE, { retention: NEVER, replica: copies(held) });
      const steps = [];
      for (let n = 0; n < 3; n += 1) steps.push(await maintain(copying, NOW));
      expect(steps.map(({ replicated, errors }) => [replicated, errors])).toEqual([
        [0, 20],
        [1, 2],
        [0, 20],
      ]);
    });
  });
});

const firsts = (name: string) => Array.from({ length: 20 }, (_, n) => `${name}-${n}`);

describe("a retention that is tried", () => {
  it("says what it would take: sessions, archives and backups, and the first of each", async () => {
    await withShelf(async (shelf) => {
      for (let n = 0; n < 25; n += 1) shelf.add(`old-${n}`, ["12345"]);
      const tools = under(shelf, { idle_days: 30, archive_days: 90, backups_kept: 1 });
      await backUpAt(tools, THEN);
      await backUpAt(tools, THEN + DAY);
      await archiveAll(tools, THEN + DAY);
      for (let n = 0; n < 25; n += 1) shelf.add(`live-${n}`, ["12345"]);
      expect(await tryRetention(tools, NOW)).toEqual({
        would_archive: { sessions: 25, bytes: 25 * 11, first_session_ids: firsts("live") },
        would_delete: { sessions: 25, first_session_ids: firsts("old") },
        would_delete_backups: [`backup_${THEN}`],
      });
      expect(shelf.db.scalar("select count(*) from sessions where segment is null")).toBe(25);
      writeValue(shelf.db, "hold", "case");
      const nothing = { sessions: 0, first_session_ids: [] };
      expect(await tryRetention(tools, NOW)).toEqual({
        would_archive: { ...nothing, bytes: 0 },
        would_delete: nothing,
        would_delete_backups: [],
      });
    });
  });
});

const request: SweepRequest = {
  now: NOW,
  older_than_ms: null,
  after: 0,
  so_far: { deleted: 5, errors: 2, bytes: 100 },
};

describe("a sweep", () => {
  it("archives what is due, and writes down what it did with those before", async () => {
    await withShelf(async (shelf) => {
      let told = 0;
      const parts = {
        ...under(shelf, { idle_days: 30 }),
        outbox: { idleChanged: () => void (told += 1) },
      };
      shelf.add("a", ["first"]);
      shelf.add("b", ["second"]);
      patchSession(shelf.db, findSession(shelf.db, "b")!, { pinned: true });
      shelf.counters.read();
      const swept = await sweep(parts, request);
      expect(swept).toMatchObject({ archived: 1, errors: 0, cursor: null, remaining: 0 });
      expect(swept.bytes).toBeGreaterThan(0);
      expect(readValue(shelf.db, "last_purge")).toEqual({
        at: NOW,
        deleted: 6,
        errors: 2,
        bytes: 100 + swept.bytes,
      });
      expect(told).toBe(1);
      expect(readValue(shelf.db, "counters")).toMatchObject({ sessions: 1, archived: 1, turns: 1 });
    });
  });

  it("says what it had to leave", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf, { idle_days: 30 });
      shelf.add("a", ["first"]);
      shelf.add("b", ["first"]);
      shelf.busy.add("b");
      shelf.add("c", ["first"]);
      shelf.db.run("update turns set status = 17 where id / 1048576 = 3");
      expect(await sweep(tools, request)).toMatchObject({ archived: 1, errors: 1, remaining: 2 });
      expect(readValue(shelf.db, "last_purge")).toMatchObject({ deleted: 6, errors: 3 });
    });
  });

  it("of a batch that is not the last says where the next begins, and writes nothing down", async () => {
    await withShelf(async (shelf) => {
      let told = 0;
      const parts = {
        ...under(shelf, { idle_days: 30 }),
        outbox: { idleChanged: () => void (told += 1) },
      };
      for (let n = 1; n <= 501; n += 1) shelf.add(`s${n}`, []);
      expect(await sweep(parts, request)).toMatchObject({
        archived: 500,
        cursor: 500,
        remaining: 0,
      });
      expect([readValue(shelf.db, "last_purge"), told]).toEqual([null, 0]);
      const last = await sweep(parts, { ...request, after: 500 });
      expect(last).toMatchObject({ archived: 1, cursor: null, remaining: 0 });
      expect([readValue(shelf.db, "last_purge")?.deleted, told]).toEqual([6, 1]);
    });
  });

  it("takes nothing under legal hold, and has been for all that", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf, { idle_days: 30 });
      shelf.add("a", ["first"]);
      writeValue(shelf.db, "hold", "case");
      expect(await reportDue(tools, NOW, null)).toEqual({
        sessions: 0,
        bytes: 0,
        first_ids: [],
        first: [],
        reasons: {},
        is_held: true,
        retention_days: 30,
      });
      expect(await sweep(tools, request)).toEqual({
        archived: 0,
        errors: 0,
        bytes: 0,
        cursor: null,
        remaining: 0,
        storage_bytes: shelf.db.sizeBytes,
      });
      expect(readValue(shelf.db, "last_purge")).toMatchObject({ at: NOW, deleted: 5 });
      deleteValue(shelf.db, "hold");
      expect(await reportDue(tools, NOW, null)).toEqual({
        sessions: 1,
        bytes: 11,
        first_ids: ["a"],
        first: [{ session_id: "a", reason: "idle", days: 30 }],
        reasons: { idle: 1 },
        is_held: false,
        retention_days: 30,
      });
    });
  });

  it("says of each session why it is due", async () => {
    await withShelf(async (shelf) => {
      const rules = [{ assistant: "support", idle_days: 7 }];
      const tools = under(shelf, { idle_days: 30, age_days: 60, rows: 3, rules });
      for (const id of ["crowded", "idle", "short", "old", "kept"])
        shelf.add(id, id === "kept" ? ["1", "2", "3"] : ["1"]);
      const set = (id: string, created_at: number, accessed_at: number) =>
        shelf.db.transaction(() => {
          const { key } = findSession(shelf.db, id)!;
          shelf.db.run(
            "update sessions set created_at = ?, accessed_at = ? where key = ?",
            created_at,
            accessed_at,
            key,
          );
          shelf.db.run(
            "update turns set created_at = ? where id between ? * 1048576 and ? * 1048576 + 1048575",
            accessed_at,
            key,
            key,
          );
        });
      set("crowded", NOW - 5 * DAY, NOW - 5 * DAY);
      set("idle", NOW - 31 * DAY, NOW - 31 * DAY);
      set("short", NOW - 8 * DAY, NOW - 8 * DAY);
      set("old", NOW - 61 * DAY, NOW - 2 * DAY);
      set("kept", NOW - DAY, NOW - DAY);
      putDetails(shelf.db, findSession(shelf.db, "short")!.key, { assistant: "support" });
      expect(await reportDue(tools, NOW, null)).toMatchObject({
        sessions: 4,
        first: [
          { session_id: "crowded", reason: "rows", days: null },
          { session_id: "idle", reason: "idle", days: 30 },
          { session_id: "short", reason: "idle", days: 7 },
          { session_id: "old", reason: "age", days: 60 },
        ],
        reasons: { rows: 1, idle: 2, age: 1 },
      });
      expect(await reportDue(tools, NOW, 3 * DAY)).toMatchObject({
        first: [
          { session_id: "crowded", reason: "idle", days: 3 },
          { session_id: "idle", reason: "idle", days: 3 },
          { session_id: "short", reason: "idle", days: 3 },
        ],
        reasons: { idle: 3 },
      });
    });
  });

  it("is counted in parts, with other calls in between", async () => {
    await withShelf(async (shelf) => {
      const { db } = shelf;
      const tools = under(shelf, { idle_days: 30 });
      const sessions = 3 * PART_SESSIONS + 1;
      for (let n = 0; n < sessions; n += 1) shelf.add(`s-${n}`, ["Hi"]);
      const all = db.all.bind(db);
      let most = 0;
      db.all = (sql, ...params) => {
        const before = db.rowsRead;
        const rows = all(sql, ...params);
        most = Math.max(most, db.rowsRead - before);
        return rows as never;
      };
      let others = 0;
      const other = setInterval(() => (others += 1), 0);
      const due = await reportDue(tools, NOW, null);
      clearInterval(other);
      expect(due).toMatchObject({ sessions, bytes: sessions * 5, reasons: { idle: sessions } });
      expect(due.first).toHaveLength(20);
      // A few rows for each session: of the sessions, their details and their turns.
      expect(most).toBeLessThan(8 * PART_SESSIONS);
      expect(others).toBeGreaterThan(1);
    });
  });

  it("of an age that is asked for obeys no other retention", async () => {
    await withShelf(async (shelf) => {
      const rules = [{ assistant: "support", idle_days: 1 }];
      const tools = under(shelf, { idle_days: 1, age_days: 1, rows: 1, journal_rows: 1, rules });
      writeValue(shelf.db, "journal", 1);
      for (const id of ["a", "b"]) shelf.add(id, ["first", "second"]);
      const asked = (older_than_ms: number) =>
        sweep(tools, { ...request, now: THEN + 10 * DAY, older_than_ms });
      expect((await reportDue(tools, THEN + 10 * DAY, 10 * DAY)).sessions).toBe(0);
      expect((await reportDue(tools, THEN + 10 * DAY, 10 * DAY - 1)).sessions).toBe(2);
      expect(await asked(10 * DAY)).toMatchObject({ archived: 0, remaining: 0 });
      expect(await asked(10 * DAY - 1)).toMatchObject({ archived: 2, remaining: 0 });
    });
  });

  it("takes the oldest where there are too many turns, and the first blocks of a journal that is too long", async () => {
    await withShelf(async (shelf) => {
      const tools = under(shelf, { rows: 3, journal_rows: 2 });
      shelf.add("a", ["first", "second"]);
      shelf.add("b", ["first", "second"]);
      shelf.db.run("update sessions set accessed_at = accessed_at + 5 where session_id = 'b'");
      shelf.db.run("update turns set created_at = created_at + 5 where id / 1048576 = 2");
      expect(await dueOf(tools, NOW)).toMatchObject({
        now: NOW,
        crowded_before: THEN,
        journal_through: null,
      });
      shelf.add("journal/3", ["call", "call"]);
      shelf.db.run("update sessions set flags = 4 where key = 3");
      expect((await dueOf(tools, NOW)).journal_through).toBeNull();
      writeValue(shelf.db, "journal", 3);
      expect((await dueOf(tools, NOW)).journal_through).toBe(3);
    });
  });
});

it("an archive of a backup alone makes no account one that holds archives", async () => {
  await withShelf(async (shelf) => {
    const tools = under(shelf, { backup_every_days: 2 });
    insertSegment(shelf.db, {
      object_key: "x",
      bytes: 1,
      members: "[]",
      created_at: THEN,
      key_id: null,
      backup_id: "backup_1",
      part: 1,
      first_key: 1,
      last_key: 1,
      sessions: 1,
      turns: 1,
      indexed: null,
    });
    expect(next(tools, null)).toBe(NOW + 2 * DAY + 1);
  });
});
