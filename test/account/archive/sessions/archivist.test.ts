import { gunzipSync } from "node:zlib";

import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { reindex } from "../../../../src/account/archive/upkeep/reindex.ts";
import { parseMembers } from "../../../../src/account/archive/format/segment.ts";
import { writeValue } from "../../../../src/account/store/account/account-values.ts";
import {
  findDetails,
  findSession,
  sessionByKey,
} from "../../../../src/account/store/sessions/sessions.ts";
import { changeState, stateOf } from "../../../../src/account/store/sessions/session-state.ts";
import {
  ALTERATIONS,
  THEN,
  alteredBucket,
  dueAt,
  failingBucket,
  withShelf,
} from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const DUE = dueAt(LATER + 30 * DAY);
const ids = ["a", "b", "c"];
const texts = ["first", "second"];
const fill = (shelf: Shelf) => ids.forEach((sessionId) => shelf.add(sessionId, texts));

/** Invariant 4: every session is somewhere, whole, and R2 holds no object that is not accounted for. */
async function expectWhole(shelf: Shelf, sessionIds = ids) {
  for (const sessionId of sessionIds) {
    expect((await shelf.read(sessionId)).map(({ input }) => input)).toEqual(texts);
  }
  const known = shelf.db.all<{ object_key: string }>(
    "select object_key from segments union select object_key from doomed_objects",
  );
  expect(known.map(({ object_key }) => object_key)).toEqual(
    expect.arrayContaining(await shelf.objects()),
  );
}

/** Runs `work` with R2 failing its first operation, then its second, and so on until none fails. */
async function failEach(
  work: (bucket: R2Bucket, shelf: Shelf) => Promise<unknown>,
  check: (shelf: Shelf) => Promise<void>,
  prepare = fill,
) {
  for (const when of ["before", "after"] as const) {
    let failed = 0;
    let operated = 0;
    do {
      failed += 1;
      await withShelf(async (shelf) => {
        prepare(shelf);
        const { bucket, operations } = failingBucket(failed, when);
        await work(bucket, shelf).catch(() => undefined);
        await check(shelf);
        operated = operations();
      });
    } while (operated >= failed);
  }
}

const sweep = async (bucket: R2Bucket, { archivist }: Shelf) => {
  await archivist(bucket).archiveDue(DUE, 0);
  await archivist(bucket).clean();
};

describe("archiving, with R2 failing at any operation", () => {
  it("loses nothing, and the next sweep finishes with one object and no orphan", async () => {
    await failEach(sweep, async (shelf) => {
      await expectWhole(shelf);
      await shelf.archivist().clean();
      await shelf.archivist().archiveDue(DUE, 0);
      await expectWhole(shelf);
      expect(ids.map((sessionId) => findSession(shelf.db, sessionId)?.segment)).not.toContain(null);
      expect(await shelf.objects()).toHaveLength(1);
    });
  });

  it("counts the sessions that it had to leave, and says why", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const swept = await shelf.archivist(failingBucket(1, "before").bucket).archiveDue(DUE, 0);
      expect(swept).toMatchObject({ archived: 0, errors: 3, bytes: 0 });
      expect(shelf.errors).toMatchObject([{ code: "archive_unavailable" }]);
    });
  });

  it("deletes nothing when R2 holds something else than was written", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const corrupting = {
        put: (key: string, bytes: Uint8Array, options: R2PutOptions) =>
          env.ARCHIVE.put(
            key,
            bytes.map((byte) => byte ^ 1),
            options,
          ),
      };
      const swept = await shelf.archivist(corrupting as unknown as R2Bucket).archiveDue(DUE, 0);
      expect(swept).toMatchObject({ archived: 0, errors: 3 });
      await expectWhole(shelf);
    });
  });

  it.each([
    ["less than was written", { size: 1 }],
    ["no checksum", { checksums: {} }],
    ["another checksum", { checksums: { sha256: new ArrayBuffer(32) } }],
  ])("deletes nothing when R2 says that it holds %s", async (_, lie) => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const lying = {
        put: async (...args: Parameters<R2Bucket["put"]>) => {
          const { size, checksums } = (await env.ARCHIVE.put(...args)) ?? {};
          return { size, checksums, ...lie };
        },
      };
      const swept = await shelf.archivist(lying as unknown as R2Bucket).archiveDue(DUE, 0);
      expect(swept).toMatchObject({ archived: 0, errors: 3 });
      await expectWhole(shelf);
    });
  });

  it("moves nothing when the account is put under legal hold meanwhile", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const holding = {
        put: (...args: Parameters<R2Bucket["put"]>) => {
          writeValue(shelf.db, "hold", "case 3");
          return env.ARCHIVE.put(...args);
        },
      };
      expect(
        await shelf.archivist(holding as unknown as R2Bucket).archiveDue(DUE, 0),
      ).toMatchObject({ archived: 0 });
      await shelf.archivist().clean();
      expect(await shelf.objects()).toEqual([]);
      await expectWhole(shelf);
    });
  });

  it("leaves a session that changes while it is being written, and takes it the next time", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const changing = {
        put: async (...args: Parameters<R2Bucket["put"]>) => {
          shelf.db.run("update sessions set accessed_at = ? where session_id = 'b'", LATER - DAY);
          shelf.busy.add("c");
          return env.ARCHIVE.put(...args);
        },
      };
      expect(
        await shelf.archivist(changing as unknown as R2Bucket).archiveDue(DUE, 0),
      ).toMatchObject({ archived: 1 });
      expect(ids.map((sessionId) => findSession(shelf.db, sessionId)?.segment === null)).toEqual([
        false,
        true,
        true,
      ]);
      await expectWhole(shelf);
      shelf.busy.clear();
      expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({ archived: 2 });
      await expectWhole(shelf);
    });
  });

  it("leaves a session whose state changes while it is being written, and loses no change", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const key = findSession(shelf.db, "b")?.key as number;
      const set = (n: number) =>
        changeState(shelf.db, key, { kind: "put", json: `{"n":${n}}`, if_match: "any" });
      set(1);
      const changing = {
        put: async (...args: Parameters<R2Bucket["put"]>) => {
          set(2);
          return env.ARCHIVE.put(...args);
        },
      };
      const { archived } = await shelf
        .archivist(changing as unknown as R2Bucket)
        .archiveDue(DUE, 0);
      expect(archived).toBe(2);
      expect(stateOf(findDetails(shelf.db, key))).toEqual({ json: '{"n":2}', version: 2 });
      expect((await shelf.archivist().archiveDue(DUE, 0)).archived).toBe(1);
      expect(findDetails(shelf.db, key)).toMatchObject({ state: null, state_version: 2 });
      await shelf.archivist().restore("b", LATER);
      expect(stateOf(findDetails(shelf.db, key))).toEqual({ json: '{"n":2}', version: 2 });
    });
  });

  it("is not held up by one session whose words the search index cannot take", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await shelf.search.search('"first"', { limit: 1, offset: 0 });
      const index = shelf.search.indexBeforeArchive.bind(shelf.search);
      const spy = vi.spyOn(shelf.search, "indexBeforeArchive").mockImplementation((keys) => {
        if (keys.includes(2)) throw new Error("the index is damaged");
        return index(keys);
      });
      const archivist = shelf.archivist();
      expect(await archivist.archiveDue(DUE, 0)).toMatchObject({ archived: 2, errors: 1 });
      expect(shelf.errors).toEqual([new Error("the index is damaged")]);
      expect(sessionByKey(shelf.db, 2)?.segment).toBeNull();
      spy.mockRestore();
      expect(await archivist.archiveDue(DUE, 0)).toMatchObject({ archived: 1, errors: 0 });
    });
  });

  it("ends with the first error where the search index takes no session's words", async () => {
    await withShelf(async (shelf) => {
      for (let n = 0; n < 12; n += 1) shelf.add(`s${n}`, texts);
      const spy = vi.spyOn(shelf.search, "indexBeforeArchive").mockImplementation(() => {
        throw new Error("the index is damaged");
      });
      const archivist = shelf.archivist();
      await expect(archivist.archiveDue(DUE, 0)).rejects.toThrow("the index is damaged");
      expect([shelf.errors, await shelf.objects()]).toEqual([[], []]);
      spy.mockRestore();
      expect(await archivist.archiveDue(DUE, 0)).toMatchObject({ archived: 12, errors: 0 });
    });
  });

  it("is not held up by one session that cannot be read", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      shelf.db.run("update turns set status = 17 where id / 1048576 = 2");
      expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({
        archived: 2,
        errors: 1,
      });
    });
  });
});

describe("restoring, with R2 failing at any operation", () => {
  it("brings the session back whole or not at all, and twice is once", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const original = await shelf.read("b");
      await shelf.archivist().archiveDue(DUE, 0);
      await expect(
        shelf.archivist(failingBucket(1, "before").bucket).restore("b", LATER),
      ).rejects.toMatchObject({ code: "archive_unavailable" });
      expect(await shelf.read("b")).toEqual(original);
      expect(await shelf.archivist().restore("b", LATER)).toBe(2);
      expect(await shelf.archivist().restore("b", LATER)).toBeNull();
      expect(await shelf.read("b")).toEqual(original);
      expect(findSession(shelf.db, "b")).toMatchObject({
        segment: null,
        accessed_at: LATER,
        created_at: THEN,
      });
    });
  });

  it("refuses a segment whose bytes were altered, and changes nothing", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await shelf.archivist().archiveDue(DUE, 0);
      const [objectKey = ""] = await shelf.objects();
      const bytes = new Uint8Array((await (await env.ARCHIVE.get(objectKey))?.arrayBuffer()) ?? []);
      await env.ARCHIVE.put(
        objectKey,
        bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte)),
      );
      await expect(shelf.archivist().restore("a", LATER)).rejects.toMatchObject({
        code: "archive_corrupt",
      });
      expect(findSession(shelf.db, "a")?.segment).not.toBeNull();
      expect(shelf.db.scalar("select count(*) from turns")).toBe(0);
    });
  });
});

const canary = "XYZZY-canary";
const prepare = (shelf: Shelf) => {
  fill(shelf);
  shelf.add("secret", [canary, `${canary} again`]);
};

async function expectNoCanary(shelf: Shelf) {
  for (const objectKey of await shelf.objects()) {
    const object = await env.ARCHIVE.get(objectKey);
    const text = gunzipSync(new Uint8Array((await object?.arrayBuffer()) ?? [])).toString();
    expect(text).toContain("session");
    expect(text).not.toContain(canary);
  }
}

const erase = async (bucket: R2Bucket, shelf: Shelf) => {
  await shelf.archivist().archiveDue(DUE, 0);
  await shelf.archivist().restore("secret", LATER);
  await shelf.archivist().archiveDue(dueAt(LATER + 40 * DAY, 0), 0);
  const archivist = shelf.archivist(bucket);
  await eraseSession({ ...shelf, archivist }, "secret", LATER);
  await archivist.clean();
};

const checkErased = async (shelf: Shelf) => {
  await expectWhole(shelf);
  if (findSession(shelf.db, "secret"))
    await eraseSession({ ...shelf, archivist: shelf.archivist() }, "secret", LATER);
  await shelf.archivist().clean();
  await expectWhole(shelf);
  expect(await shelf.read("secret")).toEqual([]);
  const segments = shelf.db.all<{ object_key: string }>("select object_key from segments");
  expect(await shelf.objects()).toEqual(segments.map(({ object_key }) => object_key).toSorted());
  await expectNoCanary(shelf);
};

describe("erasing, with R2 failing at any operation", () => {
  it("is either not done, or done in every archived copy, and never touches the others", async () => {
    await failEach(erase, checkErased, prepare);
  });
});

it("erases the archived copy of a session that stayed live, too", async () => {
  await withShelf(async (shelf) => {
    prepare(shelf);
    const touching = {
      put: (...args: Parameters<R2Bucket["put"]>) => {
        shelf.busy.add("secret");
        return env.ARCHIVE.put(...args);
      },
    };
    expect(await shelf.archivist(touching as unknown as R2Bucket).archiveDue(DUE, 0)).toMatchObject(
      { archived: 3 },
    );
    shelf.busy.clear();
    const archivist = shelf.archivist();
    expect(await eraseSession({ ...shelf, archivist }, "secret", LATER)).toMatchObject({
      segments: 1,
    });
    await archivist.clean();
    await expectNoCanary(shelf);
    await expectWhole(shelf);
  });
});

it("erases nothing when a legal hold comes while the archive is being rewritten", async () => {
  await withShelf(async (shelf) => {
    prepare(shelf);
    await shelf.search.search('"anything"', { limit: 1, offset: 0 });
    await shelf.archivist().archiveDue(DUE, 0);
    const { indexed } = findSession(shelf.db, "secret") ?? {};
    expect(indexed).toBeGreaterThan(0);
    const holding = {
      get: (key: string) => env.ARCHIVE.get(key),
      put: (...args: Parameters<R2Bucket["put"]>) => {
        shelf.db.run("update sessions set flags = 2 where session_id = 'secret'");
        return env.ARCHIVE.put(...args);
      },
    };
    const archivist = shelf.archivist(holding as unknown as R2Bucket);
    await expect(eraseSession({ ...shelf, archivist }, "secret", LATER)).rejects.toMatchObject({
      code: "session_held",
    });
    expect(await shelf.read("secret")).toHaveLength(2);
    // It is as findable as before.
    expect(findSession(shelf.db, "secret")?.indexed).toBe(indexed);
    await shelf.archivist().clean();
    expect(await shelf.objects()).toHaveLength(1);
    await expectWhole(shelf);
  });
});

it("deletes a segment once all of its sessions have come back", async () => {
  await withShelf(async (shelf) => {
    fill(shelf);
    await shelf.archivist().archiveDue(DUE, 0);
    for (const sessionId of ids) await shelf.archivist().restore(sessionId, LATER);
    await shelf.archivist().clean();
    expect(await shelf.objects()).toEqual([]);
    expect(shelf.counters.read()).toMatchObject({ sessions: 3, archived: 0, archived_bytes: 0 });
    await expectWhole(shelf);
  });
});

it("archives a session that spans many members, and restores it byte for byte", async () => {
  await withShelf(async (shelf) => {
    const long = Array.from(
      { length: 40 },
      (_, n) => `${n} ${'ä\u0000\u0001"\\ 👩‍👩‍👧'.repeat(1_500)}`,
    );
    shelf.add("a", texts);
    shelf.add("long", long);
    shelf.add("empty", []);
    const original = await shelf.read("long");
    expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({ archived: 3, errors: 0 });
    expect(await shelf.read("long")).toEqual(original);
    await shelf.archivist().restore("long", LATER);
    expect(await shelf.read("long")).toEqual(original);
    expect(await shelf.archivist().restore("empty", LATER)).toBe(0);
  });
});

const live = ({ db }: Shelf) => [
  db.scalar("select count(*) from turns"),
  db.scalar("select count(*) from sessions where segment is null"),
];

describe("a segment that was altered", () => {
  it("is found at any flipped bit and any cut, and nothing of it is restored", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(env.ARCHIVE, shelf);
      const members = parseMembers(shelf.db.scalar("select members from segments") ?? "");
      // What follows the members is the index, which a restore has in SQLite.
      const [offset, length] = members.at(-1) ?? [0, 0];
      const { bucket, alter } = await alteredBucket(
        "conversations/",
        shelf.account,
        offset + length,
      );
      const archivist = shelf.archivist(bucket);
      for (let n = 0; n < ALTERATIONS; n += 1) {
        alter(n);
        const failed: string[] = [];
        for (const sessionId of ids) {
          const error = await archivist
            .restore(sessionId, LATER)
            .catch((thrown: unknown) => thrown);
          expect(error).toMatchObject({ code: "archive_corrupt" });
          failed.push(sessionId);
        }
        expect(failed).toEqual(ids);
      }
      expect(live(shelf)).toEqual([0, 0]);
      alter(null);
      for (const sessionId of ids) expect(await archivist.restore(sessionId, LATER)).toBe(2);
      await expectWhole(shelf);
    });
  });

  it("is not taken back into the index, wherever a bit is flipped or it is cut", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await sweep(env.ARCHIVE, shelf);
      for (const table of ["sessions", "segments"]) shelf.db.run(`delete from ${table}`);
      const { bucket, alter } = await alteredBucket("conversations/", shelf.account);
      const tools = shelf.tools(bucket);
      for (let n = 0; n < ALTERATIONS; n += 1) {
        alter(n);
        expect(await reindex(tools)).toMatchObject({
          sessions: 0,
          errors: [{ code: "archive_corrupt" }],
        });
      }
      expect(shelf.db.scalar("select count(*) from sessions")).toBe(0);
      expect(shelf.db.scalar("select count(*) from segments")).toBe(0);
      alter(null);
      expect(await reindex(tools)).toMatchObject({ sessions: 3, errors: [] });
      await expectWhole(shelf);
    });
  });

  it("ends where the whole storage fails while a session is read", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const failing = (["allOf", "list"] as const).map((name) =>
        vi.spyOn(shelf.turns, name).mockImplementation(() => {
          throw new Error("disk I/O error: SQLITE_IOERR");
        }),
      );
      await expect(shelf.archivist().archiveDue(DUE, 0)).rejects.toThrow("SQLITE_IOERR");
      expect(shelf.errors).toEqual([]);
      for (const spy of failing) spy.mockRestore();
      expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({ archived: 3, errors: 0 });
    });
  });
});
