import { gunzipSync } from "node:zlib";

import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import { expireArchives } from "../../../../src/account/archive/erasure/expire-archives.ts";
import { maintain, nextMaintenance } from "../../../../src/account/archive/upkeep/maintain.ts";
import { noteUnreplicated } from "../../../../src/account/store/archive/archives.ts";
import { writeValue } from "../../../../src/account/store/account/account-values.ts";
import { findSession, patchSession } from "../../../../src/account/store/sessions/sessions.ts";
import {
  RETENTION,
  THEN,
  addRequestKeys,
  backUp,
  dueAt,
  failingBucket,
  rowsOfTransactions,
  withShelf,
} from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const ARCHIVED = THEN + 40 * DAY;
const OVER = ARCHIVED + 90 * DAY + 1;
const archive = async (shelf: Shelf) => {
  for (const id of ["a", "b", "c"]) shelf.add(id, ["first", "second"]);
  await shelf.archivist().archiveDue(dueAt(ARCHIVED), 0);
};
const left = ({ db }: Shelf) =>
  db.all<{ session_id: string }>("select session_id from sessions").map((row) => row.session_id);

afterEach(() => void vi.restoreAllMocks());

/** Rows that it reads in all, and in a transaction at most, beside so many keys of other sessions. */
const rowsWith = async (others: number) => {
  const read = { all: 0, most: 0 };
  await withShelf(async (shelf) => {
    const { db } = shelf;
    for (let n = 0; n < 300; n += 1) shelf.add(`s${n}`, ["pear"]);
    await shelf.archivist().archiveDue(dueAt(ARCHIVED), 0);
    if (others > 0) addRequestKeys(shelf, 1_000, others);
    const tools = shelf.tools();
    const rows = rowsOfTransactions(shelf);
    const before = db.rowsRead;
    expect(await expireArchives(tools, OVER)).toMatchObject({ sessions: 300, errors: 0 });
    Object.assign(read, { all: db.rowsRead - before, most: Math.max(...rows) });
  });
  return read;
};

describe("archive retention", () => {
  it("ends to the millisecond, and takes rows and object", async () => {
    await withShelf(async (shelf) => {
      await archive(shelf);
      const tools = shelf.tools();
      expect(await expireArchives(tools, OVER - 1)).toMatchObject({ sessions: 0 });
      expect(await expireArchives(tools, OVER)).toMatchObject({ sessions: 3, errors: 0 });
      await tools.archivist.clean();
      expect([left(shelf), await shelf.objects()]).toEqual([[], []]);
      expect(shelf.counters.read()).toMatchObject({ archived: 0, archived_bytes: 0 });
      // Its id may begin anew.
      expect(shelf.db.scalar("select count(*) from tombstones")).toBe(0);
    });
  });

  it("spares what is pinned or held, and writes the segment again without the rest", async () => {
    await withShelf(async (shelf) => {
      await archive(shelf);
      const before = await shelf.read("b");
      patchSession(shelf.db, findSession(shelf.db, "b")!, { hold: "case 1" });
      patchSession(shelf.db, findSession(shelf.db, "c")!, { pinned: true });
      const tools = shelf.tools();
      expect(await expireArchives(tools, OVER)).toMatchObject({ sessions: 1 });
      await tools.archivist.clean();
      expect(left(shelf)).toEqual(["b", "c"]);
      expect(await shelf.objects()).toHaveLength(1);
      expect(await shelf.read("b")).toEqual(before);
      writeValue(shelf.db, "hold", "case 2");
      patchSession(shelf.db, findSession(shelf.db, "b")!, { hold: null });
      expect(await expireArchives(tools, OVER)).toMatchObject({ sessions: 0 });
    });
  });

  it("spares a session that is held while its segment is being written again", async () => {
    await withShelf(async (shelf) => {
      await archive(shelf);
      patchSession(shelf.db, findSession(shelf.db, "c")!, { pinned: true });
      const holding = {
        get: (key: string) => {
          patchSession(shelf.db, findSession(shelf.db, "a")!, { hold: "case 3" });
          return env.ARCHIVE.get(key);
        },
        put: (...args: Parameters<R2Bucket["put"]>) => env.ARCHIVE.put(...args),
        delete: (keys: string[]) => env.ARCHIVE.delete(keys),
      } as unknown as R2Bucket;
      const tools = shelf.tools(holding);
      expect(await expireArchives(tools, OVER)).toMatchObject({ sessions: 0, errors: 0 });
      await tools.archivist.clean();
      expect(left(shelf)).toEqual(["a", "b", "c"]);
      expect((await shelf.read("a")).map(({ input }) => input)).toEqual(["first", "second"]);
    });
  });

  it("goes over more sessions than one step takes, and past those that cannot be taken", async () => {
    await withShelf(async (shelf) => {
      for (let n = 0; n < 501; n += 1) shelf.add(`s${n}`, []);
      const { archivist, ...tools } = shelf.tools();
      for (const after of [0, 500]) await archivist.archiveDue(dueAt(ARCHIVED), after);
      const failing = { withoutSessions: () => Promise.reject(new Error("R2 is away")) };
      const about: object[] = [];
      const onError = (_: unknown, what: object) => void about.push(what);
      const stuck = { ...tools, archivist: failing as never, onError };
      const none = { sessions: 0, errors: 500, more: false };
      expect(await expireArchives(stuck, OVER)).toEqual(none);
      expect(about).toEqual([{ segment: 1, sessions: 500 }]);
      const expire = () => expireArchives({ ...tools, archivist }, OVER);
      // The same maintenance tries those again that could not be taken.
      expect(await expire()).toEqual({ sessions: 1, errors: 0, more: true });
      expect(await expire()).toEqual({ sessions: 500, errors: 0, more: true });
      expect(await expire()).toEqual({ sessions: 0, errors: 0, more: false });
      expect(shelf.counters.read()).toMatchObject({ archived: 0, archived_bytes: 0 });
    });
  });

  it.each([0, 1, 2])(
    "takes a bounded number of sessions in a transaction, also after a crash at slice %i",
    async (crash) => {
      await withShelf(async (shelf) => {
        const { db } = shelf;
        const SESSIONS = 300;
        const MOST = 125;
        shelf.add("kept", ["plum"]);
        for (let n = 0; n < SESSIONS; n += 1) shelf.add(`s${n}`, [`pear-${n}`]);
        await shelf.archivist().archiveDue(dueAt(ARCHIVED), 0);
        patchSession(db, findSession(db, "kept")!, { pinned: true });
        const { archivist, ...tools } = shelf.tools();
        const counts = [left(shelf).length];
        const wait = scheduler.wait.bind(scheduler);
        vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
          counts.push(left(shelf).length);
          if (crash > 0 && left(shelf).length <= SESSIONS + 1 - crash * MOST)
            throw new Error("evicted");
          await wait(ms);
        });
        const expire = () => expireArchives({ ...tools, archivist }, OVER);
        const gone = crash === 0 ? SESSIONS : crash * MOST;
        expect(await expire()).toMatchObject({ sessions: gone, errors: SESSIONS - gone });
        vi.restoreAllMocks();
        counts.push(left(shelf).length);
        const steps = counts.slice(1).map((count, at) => (counts[at] ?? 0) - count);
        expect(Math.max(...steps)).toBe(MOST);
        const rest = crash === 0 ? 0 : SESSIONS - crash * MOST;
        expect(await expire()).toMatchObject({ sessions: rest, errors: 0 });
        await archivist.clean();
        expect(left(shelf)).toEqual(["kept"]);
        const [objectKey = ""] = await shelf.objects();
        const object = await env.ARCHIVE.get(objectKey);
        const text = gunzipSync(await object!.arrayBuffer()).toString();
        expect([text.includes("plum"), text.includes("pear")]).toEqual([true, false]);
        for (const table of ["stale_copies", "former_sessions", "tombstones"])
          expect([table, db.scalar(`select count(*) from ${table}`)]).toEqual([table, 0]);
        expect(db.scalar("select count(*) from expired_sessions")).toBe(SESSIONS);
        shelf.counters.forget();
        expect(shelf.counters.read()).toMatchObject({ archived: 1 });
      });
    },
  );

  it("leaves no copy of what went before all others of its archive were pinned", async () => {
    await withShelf(async (shelf) => {
      const { db } = shelf;
      const SESSIONS = 200;
      for (let n = 0; n < SESSIONS; n += 1) shelf.add(`s${n}`, [`pear-${n}-`]);
      await shelf.archivist().archiveDue(dueAt(ARCHIVED), 0);
      db.run("insert into idempotency select key, '', key * 1048576 + 1, ? from sessions", OVER);
      const tools = shelf.tools();
      const reads = vi.spyOn(db, "one");
      const wait = scheduler.wait.bind(scheduler);
      vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
        if (left(shelf).length < SESSIONS) db.run("update sessions set flags = 1");
        await wait(ms);
      });
      expect(await expireArchives(tools, OVER)).toMatchObject({ sessions: 125, errors: 0 });
      const byKey = reads.mock.calls.filter(([sql]) => sql.includes("from sessions where key = ?"));
      vi.restoreAllMocks();
      expect([left(shelf).length, db.scalar("select count(*) from idempotency")]).toEqual([75, 75]);
      // Two times before the slices. In them each session is read when it goes, and no other one with it.
      expect(byKey.length).toBeLessThan(3 * SESSIONS);
      const retention = { ...RETENTION, archive_days: null };
      const due = nextMaintenance(shelf.tools(env.ARCHIVE, { retention }), THEN, OVER);
      expect(due).toBe(OVER);
      expect(await maintain(tools, OVER)).toMatchObject({ expired: 0, errors: 0 });
      await tools.archivist.clean();
      const [objectKey = "", ...others] = await shelf.objects();
      const text = gunzipSync(await (await env.ARCHIVE.get(objectKey))!.arrayBuffer()).toString();
      expect([text.includes("pear-0-"), text.includes("pear-199-")]).toEqual([false, true]);
      for (const table of ["stale_copies", "former_sessions"])
        expect([table, db.scalar(`select count(*) from ${table}`)]).toEqual([table, 0]);
      expect([others, db.scalar("select 1 from account where name = 'expired_copies'")]).toEqual([
        [],
        null,
      ]);
    });
  });

  it("reads the keys of others' requests in no transaction, and once", async () => {
    const OTHERS = 5_000;
    const alone = await rowsWith(0);
    const beside = await rowsWith(OTHERS);
    expect(beside.most).toBe(alone.most);
    expect(beside.all - alone.all).toBeLessThan(1.5 * OTHERS);
  });

  it("tries a damaged archive with copies of expired sessions once a maintenance", async () => {
    await withShelf(async (shelf) => {
      const { db } = shelf;
      for (let n = 0; n < 200; n += 1) shelf.add(`s${n}`, ["pear"]);
      await shelf.archivist().archiveDue(dueAt(ARCHIVED), 0);
      const wait = scheduler.wait.bind(scheduler);
      vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
        if (left(shelf).length < 200) db.run("update sessions set flags = 1");
        await wait(ms);
      });
      await expireArchives(shelf.tools(), OVER);
      vi.restoreAllMocks();
      const [damaged = ""] = await shelf.objects();
      const whole = await (await env.ARCHIVE.get(damaged))!.arrayBuffer();
      await env.ARCHIVE.put(damaged, "damaged");
      // The replica lacks objects for four steps. They are gone meanwhile.
      writeValue(db, "replicated", true);
      for (let n = 0; n < 70; n += 1) noteUnreplicated(db, `gone-${n}`);
      const { bucket } = failingBucket(0, "before");
      const got = vi.spyOn(bucket, "get");
      const tools = shelf.tools(bucket, { replica: env.ARCHIVE });
      const maintenance = async (now: number) => {
        got.mockClear();
        const steps = [await maintain(tools, now)];
        while (steps.at(-1)?.more) steps.push(await maintain(tools, now));
        const reads = got.mock.calls.filter(([key]) => key === damaged).length;
        return { reads, errors: steps.map(({ errors }) => errors) };
      };
      // It is read twice before it counts as damaged.
      expect(await maintenance(OVER + 1)).toEqual({ reads: 2, errors: [1, 0, 0, 0] });
      expect(await maintenance(OVER + 2)).toEqual({ reads: 2, errors: [1] });
      await env.ARCHIVE.put(damaged, whole);
      expect(await maintenance(OVER + 3)).toMatchObject({ errors: [0] });
      expect(
        db.scalar("select count(*) from account where name in ('expired_copies', 'copies_failed')"),
      ).toBe(0);
    });
  });

  it("is not held up by a segment that cannot be read", async () => {
    await withShelf(async (shelf) => {
      await archive(shelf);
      const [damaged = ""] = await shelf.objects();
      patchSession(shelf.db, findSession(shelf.db, "a")!, { pinned: true });
      shelf.add("d", ["first"]);
      await shelf.archivist().archiveDue(dueAt(ARCHIVED), 0);
      await env.ARCHIVE.put(damaged, "damaged");
      expect(await expireArchives(shelf.tools(), OVER)).toMatchObject({ sessions: 1, errors: 2 });
      expect(left(shelf)).toEqual(["a", "b", "c"]);
    });
  });

  it("loses nothing that stays when R2 fails at any operation, and is finished by the next", async () => {
    for (const when of ["before", "after"] as const) {
      let operated = 0;
      for (let failed = 1; operated >= failed - 1; failed += 1) {
        await withShelf(async (shelf) => {
          await archive(shelf);
          patchSession(shelf.db, findSession(shelf.db, "b")!, { pinned: true });
          const { bucket, operations } = failingBucket(failed, when);
          const failing = shelf.tools(bucket);
          await maintain(failing, OVER).catch(() => undefined);
          await failing.archivist.clean().catch(() => undefined);
          operated = operations();
          const tools = shelf.tools();
          await maintain(tools, OVER);
          await tools.archivist.clean();
          expect(left(shelf)).toEqual(["b"]);
          expect((await shelf.read("b")).map(({ input }) => input)).toEqual(["first", "second"]);
          expect(await shelf.objects()).toHaveLength(1);
        });
      }
    }
  });
});

const backUpAt = (shelf: Shelf, at: number, reason: "policy" | "request" = "policy") =>
  backUp(shelf.tools(), `backup_${at}`, { reason, at });

const kept = ({ db }: Shelf) =>
  db
    .all<{ backup_id: string }>("select backup_id from backups order by 1")
    .map(({ backup_id }) => (Number(backup_id.slice(7)) - THEN) / DAY);

describe("backup retention", () => {
  it("keeps so many of the policy's, so many days of any, and what is held", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", ["first"]);
      for (const day of [0, 1, 2, 3]) await backUpAt(shelf, THEN + day * DAY);
      await backUpAt(shelf, THEN + 4 * DAY, "request");
      const retention = { ...RETENTION, backups_kept: 2, backup_days: 10 };
      const tools = shelf.tools(env.ARCHIVE, { retention });
      expect(await maintain(tools, THEN + 5 * DAY)).toMatchObject({ backups_deleted: 2 });
      expect(kept(shelf)).toEqual([2, 3, 4]);
      patchSession(shelf.db, findSession(shelf.db, "a")!, { hold: "case 1" });
      expect(await maintain(tools, THEN + 60 * DAY)).toMatchObject({ backups_deleted: 0 });
      patchSession(shelf.db, findSession(shelf.db, "a")!, { hold: null });
      expect(await maintain(tools, THEN + 13 * DAY)).toMatchObject({ backups_deleted: 1 });
      expect(kept(shelf)).toEqual([3, 4]);
      await tools.archivist.clean();
      expect(await shelf.objects()).toHaveLength(4);
    });
  });

  it("makes one when it is time, and not of an account that holds nothing", async () => {
    await withShelf(async (shelf) => {
      const retention = { ...RETENTION, backup_every_days: 1 };
      const tools = shelf.tools(env.ARCHIVE, { retention });
      expect((await maintain(tools, THEN)).backup).toBeNull();
      shelf.add("a", ["first"]);
      expect((await maintain(tools, THEN)).backup).toBe("due");
      await backUpAt(shelf, THEN);
      expect((await maintain(tools, THEN + DAY - 1)).backup).toBeNull();
      expect((await maintain(tools, THEN + DAY)).backup).toBe("due");
    });
  });
});
