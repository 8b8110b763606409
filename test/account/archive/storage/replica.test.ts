import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { maintain, nextMaintenance } from "../../../../src/account/archive/upkeep/maintain.ts";
import { reindex } from "../../../../src/account/archive/upkeep/reindex.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, dueAt, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;

/** A second bucket: the same one, under other keys. */
function secondBucket(): { bucket: R2Bucket; keys: () => Promise<string[]>; isAway: boolean } {
  const prefix = `replica-${crypto.randomUUID()}/`;
  const own = (key: string) => prefix + key;
  const state = { isAway: false };
  const there = <T>(work: () => Promise<T>) =>
    state.isAway ? Promise.reject(new Error("the replica is away")) : work();
  const list = async (options: R2ListOptions = {}) => {
    const page = await env.ARCHIVE.list({ ...options, prefix: own(options.prefix ?? "") });
    const objects = page.objects.map(({ key, size, customMetadata, uploaded }) => ({
      key: key.slice(prefix.length),
      size,
      customMetadata,
      uploaded,
    }));
    return { ...page, objects };
  };
  const bucket = {
    put: (key: string, bytes: Uint8Array, options?: R2PutOptions) =>
      there(() => env.ARCHIVE.put(own(key), bytes, options)),
    get: (key: string, options?: R2GetOptions) => there(() => env.ARCHIVE.get(own(key), options)),
    delete: (keys: string[]) => there(() => env.ARCHIVE.delete(keys.map(own))),
    list: (options?: R2ListOptions) => there(() => list(options)),
  };
  return Object.assign(state, {
    bucket: bucket as unknown as R2Bucket,
    keys: async () => (await list()).objects.map(({ key }) => key),
  });
}

const archive = async (shelf: Shelf, replica: R2Bucket) => {
  shelf.add("a", ["one"]);
  shelf.add("b", ["two"]);
  const tools = shelf.tools(env.ARCHIVE, { replica });
  await tools.archivist.archiveDue(dueAt(LATER), 0);
  return tools;
};

const lost = { get: () => Promise.reject(new Error("R2 is away")) } as unknown as R2Bucket;

describe("a replica", () => {
  it("holds each part of a large session, and gives it back part by part", async () => {
    await withShelf(async (shelf) => {
      const replica = secondBucket();
      const texts = ["one", "heron ".repeat(500_000), "three"];
      shelf.add("large", texts);
      const about = { replica: replica.bucket, segmentBytes: 100_000 };
      await shelf.tools(env.ARCHIVE, about).archivist.archiveDue(dueAt(LATER), 0);
      expect(shelf.db.scalar("select count(*) from session_parts")).toBe(3);
      expect((await replica.keys()).toSorted()).toEqual((await shelf.objects()).toSorted());
      expect(await shelf.tools(lost, about).archivist.restore("large", LATER)).toBe(3);
      const back = (await shelf.read("large")).map(({ input }) => input);
      expect(back.map((input, n) => input === texts[n])).toEqual([true, true, true]);
      await shelf.tools(env.ARCHIVE, about).archivist.clean();
      expect([await replica.keys(), await shelf.objects()]).toEqual([[], []]);
    });
  });

  it("holds what the first bucket holds, and is read when that fails", async () => {
    await withShelf(async (shelf) => {
      const replica = secondBucket();
      await archive(shelf, replica.bucket);
      expect(await replica.keys()).toEqual(await shelf.objects());
      const { archivist } = shelf.tools(lost, { replica: replica.bucket });
      const { turns } = await archivist.readWhole(findSession(shelf.db, "a")!, Infinity);
      expect(turns.map(({ input }) => input)).toEqual(["one"]);
      // An operator hears of it.
      expect(shelf.errors).toHaveLength(1);
    });
  });

  it("is read when the first bucket's bytes are not what was written", async () => {
    await withShelf(async (shelf) => {
      const replica = secondBucket();
      const { archivist } = await archive(shelf, replica.bucket);
      const [key = ""] = await shelf.objects();
      await env.ARCHIVE.put(key, "damaged");
      expect(await archivist.restore("a", LATER)).toBe(1);
      await env.ARCHIVE.delete(key);
      expect(await archivist.restore("b", LATER)).toBe(1);
    });
  });

  it("that is away holds nothing up, and is caught up by maintenance", async () => {
    await withShelf(async (shelf) => {
      const replica = secondBucket();
      replica.isAway = true;
      const tools = await archive(shelf, replica.bucket);
      expect(shelf.errors).toHaveLength(1);
      expect(await maintain(tools, LATER)).toMatchObject({ replicated: 0, errors: 1, more: false });
      replica.isAway = false;
      expect(await maintain(tools, LATER)).toMatchObject({ replicated: 1, errors: 0, more: false });
      expect(await replica.keys()).toEqual(await shelf.objects());
      expect(await maintain(tools, LATER)).toMatchObject({ replicated: 0 });
    });
  });

  it("that is new gets all that was there before it", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", ["one"]);
      await shelf.tools().archivist.archiveDue(dueAt(LATER), 0);
      const replica = secondBucket();
      const tools = shelf.tools(env.ARCHIVE, { replica: replica.bucket });
      expect(nextMaintenance(tools, null, LATER)).toBe(LATER);
      await maintain(tools, LATER);
      expect(nextMaintenance(tools, null, LATER)).toBeGreaterThan(LATER);
      expect(await replica.keys()).toEqual(await shelf.objects());
    });
  });

  it("keeps nothing that was erased, even if it was away then", async () => {
    await withShelf(async (shelf) => {
      const replica = secondBucket();
      const tools = await archive(shelf, replica.bucket);
      replica.isAway = true;
      await eraseSession(tools, "a", LATER);
      await expect(tools.archivist.clean()).rejects.toMatchObject({ code: "archive_unavailable" });
      replica.isAway = false;
      await tools.archivist.clean();
      await maintain(tools, LATER);
      expect(await replica.keys()).toEqual(await shelf.objects());
      expect(await shelf.objects()).toHaveLength(1);
    });
  });

  it("is enough to index an account again, where the first bucket lost it", async () => {
    await withShelf(async (shelf) => {
      const replica = secondBucket();
      const tools = await archive(shelf, replica.bucket);
      await env.ARCHIVE.delete(await shelf.objects());
      for (const table of ["sessions", "segments", "unreplicated"])
        shelf.db.run(`delete from ${table}`);
      expect(await reindex(tools)).toMatchObject({ sessions: 2, errors: [] });
      expect(await tools.archivist.restore("b", LATER)).toBe(1);
    });
  });
});
