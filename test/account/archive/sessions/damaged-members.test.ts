import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import {
  eraseSession,
  eraseSessions,
} from "../../../../src/account/archive/erasure/erase-session.ts";
import {
  checkedMembers,
  indexOffset,
  parseMembers,
  readIndex,
} from "../../../../src/account/archive/format/segment.ts";
import { findSegment } from "../../../../src/account/store/archive/archives.ts";
import type { SegmentRow } from "../../../../src/account/store/archive/archives.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import {
  backUp,
  dueAt,
  expectCounted,
  restoreBackup,
  THEN,
  withShelf,
} from "../../../support/archive.ts";
import type { Shelf, ShelfOptions } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const IDS = ["a", "s", "c"] as const;
const TURNS = 2;
const corrupt = { code: "archive_corrupt" };

const keyOf = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
const row = ({ db }: Shelf, id: string) => findSession(db, id);
const segments = ({ db }: Shelf): SegmentRow[] =>
  db.all<SegmentRow>("select * from segments where backup_id is null");
const segmentOf = ({ db }: Shelf, id: string): SegmentRow =>
  findSegment(db, findSession(db, id)?.segment ?? 0)!;
const bytesOf = async (objectKey: string, bucket = env.ARCHIVE) =>
  new Uint8Array(await (await bucket.get(objectKey))!.arrayBuffer());

interface Filled extends ShelfOptions {
  /** Characters of each turn. */
  length?: number;
  isBackedUp?: boolean;
}

/** Three sessions in one segment. By default each line has a member to itself: a session begins in every third. */
async function fill(
  shelf: Shelf,
  { length = 70_000, isBackedUp = false, ...options }: Filled = {},
) {
  const text = (id: string) => `${id} ${crypto.randomUUID().repeat(length / 36)}`;
  for (const id of IDS)
    shelf.add(
      id,
      Array.from({ length: TURNS }, () => text(id)),
    );
  const tools = shelf.tools(env.ARCHIVE, options);
  if (isBackedUp) await backUp(tools);
  await tools.archivist.archiveDue(dueAt(LATER), 0);
  shelf.counters.forget();
  expect(segments(shelf)).toHaveLength(1);
  return tools;
}

async function alter(
  { object_key }: SegmentRow,
  change: (bytes: Uint8Array) => Uint8Array,
): Promise<void> {
  await env.ARCHIVE.put(object_key, change(await bytesOf(object_key)));
}

/** Flips a bit of a member, so many after the one in which a session begins. */
async function flip(shelf: Shelf, id: string, after: number): Promise<void> {
  const segment = segmentOf(shelf, id);
  const [offset = 0] = parseMembers(segment.members)[(row(shelf, id)?.member ?? 0) + after] ?? [];
  await alter(segment, (bytes) => {
    bytes[offset + 20] = (bytes[offset + 20] ?? 0) ^ 1;
    return bytes;
  });
}

const inReplica = (objectKey: string) => `replica/${objectKey}`;

const erase = (shelf: Shelf, id: string, options: ShelfOptions = {}) =>
  eraseSession(shelf.tools(env.ARCHIVE, options), id, LATER);

async function expectReadable(shelf: Shelf, ids: readonly string[]): Promise<void> {
  for (const id of ids) expect([id, (await shelf.read(id)).length]).toEqual([id, TURNS]);
}

/** The object says of itself what the database says. */
async function expectIndexed(segment: SegmentRow): Promise<void> {
  const members = parseMembers(segment.members);
  const bytes = await bytesOf(segment.object_key);
  expect(readIndex(bytes, indexOffset(members))).toEqual(members);
}

async function expectWhole(segment: SegmentRow): Promise<void> {
  await expectIndexed(segment);
  await checkedMembers(await bytesOf(segment.object_key), parseMembers(segment.members));
}

describe.each([
  ["first", 0],
  ["second", 1],
  ["last", TURNS],
])("a session whose %s member is damaged", (_, after) => {
  it.each([false, true])(
    "is erased, and the others stay; repaired before: %s",
    async (isBackedUp) => {
      await withShelf(async (shelf) => {
        const tools = await fill(shelf, { isBackedUp });
        await flip(shelf, "s", after);
        const report = isBackedUp ? await restoreBackup(tools, { on_conflict: "newer" }) : null;
        expect(report?.repaired).toBe(isBackedUp ? 1 : undefined);
        await erase(shelf, "s");
        await tools.archivist.clean();
        expect(row(shelf, "s")).toBeNull();
        await expectReadable(shelf, ["a", "c"]);
        await expectWhole(segmentOf(shelf, "a"));
        expectCounted(shelf);
        for (const id of ["a", "c"]) await erase(shelf, id);
        await tools.archivist.clean();
        expect(segments(shelf)).toEqual([]);
      });
    },
  );

  it.each([
    ["a", "c"],
    ["c", "a"],
  ])("keeps no other from being erased: %s, then %s", async (first, second) => {
    await withShelf(async (shelf) => {
      const tools = await fill(shelf);
      await flip(shelf, "s", after);
      const hashes = parseMembers(segmentOf(shelf, "s").members).map(([, , hash]) => hash);
      await erase(shelf, first);
      await tools.archivist.clean();
      await expectReadable(shelf, [second]);
      const { members } = segmentOf(shelf, "s");
      const at = (row(shelf, "s")?.member ?? 0) + after;
      expect(parseMembers(members)[at]?.[2]).toBe(hashes[at]);
      await expectIndexed(segmentOf(shelf, "s"));
      await expect(shelf.read("s")).rejects.toMatchObject(corrupt);
      await erase(shelf, second);
      await expect(shelf.read("s")).rejects.toMatchObject(corrupt);
      await erase(shelf, "s");
      await tools.archivist.clean();
      expect([segments(shelf), await shelf.objects()]).toEqual([[], []]);
      expectCounted(shelf);
    });
  });

  it.each([
    ["a", "c"],
    ["c", "a"],
  ])("keeps no other from being erased once it is repaired: %s, then %s", async (first, second) => {
    await withShelf(async (shelf) => {
      const tools = await fill(shelf, { isBackedUp: true });
      await flip(shelf, "s", after);
      await restoreBackup(tools, { on_conflict: "newer" });
      await erase(shelf, first);
      await expectReadable(shelf, ["s", second]);
      await expectWhole(segmentOf(shelf, second));
      await erase(shelf, "s");
      await expectReadable(shelf, [second]);
      await erase(shelf, second);
      await tools.archivist.clean();
      expect(segments(shelf)).toEqual([]);
      expectCounted(shelf);
    });
  });

  it("goes with another that is erased at once", async () => {
    await withShelf(async (shelf) => {
      const tools = await fill(shelf);
      await flip(shelf, "s", after);
      await eraseSessions(tools, ["a", "s"], LATER);
      expect([row(shelf, "a"), row(shelf, "s")]).toEqual([null, null]);
      await expectReadable(shelf, ["c"]);
      await expectWhole(segmentOf(shelf, "c"));
    });
  });

  it("can be repaired after another was erased", async () => {
    await withShelf(async (shelf) => {
      const tools = await fill(shelf, { isBackedUp: true });
      await flip(shelf, "s", after);
      await erase(shelf, "a");
      await tools.archivist.clean();
      expect(await restoreBackup(tools, { on_conflict: "newer" })).toMatchObject({ repaired: 1 });
      await expectReadable(shelf, ["s", "c"]);
    });
  });

  it("keeps its key: a damaged member cannot be opened", async () => {
    await withShelf(async (shelf) => {
      const previousKey = keyOf();
      await fill(shelf, { key: previousKey });
      await flip(shelf, "s", after);
      const { key_id } = segmentOf(shelf, "s");
      const options = { key: keyOf(), previousKey };
      const tools = shelf.tools(env.ARCHIVE, options);
      await tools.keyring.rotate(LATER);
      await erase(shelf, "a", options);
      expect(segmentOf(shelf, "s").key_id).toBe(key_id);
      const read = (id: string) => tools.archivist.readWhole(row(shelf, id)!, Infinity);
      expect((await read("c")).turns).toHaveLength(TURNS);
      await expect(read("s")).rejects.toMatchObject(corrupt);
      await expect(
        tools.archivist.rewriteSegment(segmentOf(shelf, "s").id, new Set()),
      ).rejects.toMatchObject(corrupt);
    });
  });
});

describe("an archive that is damaged", () => {
  it("is not rewritten where a member has sessions that stay and that go", async () => {
    await withShelf(async (shelf) => {
      const tools = await fill(shelf, { length: 360 });
      await flip(shelf, "s", 0);
      const before = segments(shelf);
      await expect(erase(shelf, "s")).rejects.toMatchObject(corrupt);
      expect([segments(shelf), row(shelf, "s")?.segment]).toEqual([before, before[0]?.id]);
      await eraseSessions(tools, [...IDS], LATER);
      await tools.archivist.clean();
      expect(await shelf.objects()).toEqual([]);
    });
  });

  it.each(["a", "s", "c"])(
    "by being cut off after its first session loses %s all the same",
    async (id) => {
      await withShelf(async (shelf) => {
        const tools = await fill(shelf);
        const segment = segmentOf(shelf, "s");
        const [offset = 0] =
          parseMembers(segment.members)[(row(shelf, "s")?.member ?? 0) + 1] ?? [];
        await alter(segment, (bytes) => bytes.subarray(0, offset + 100));
        await erase(shelf, id);
        await tools.archivist.clean();
        if (id !== "a") await expectReadable(shelf, ["a"]);
        for (const other of ["s", "c"].filter((each) => each !== id)) {
          // There was nothing of the last one to take out.
          if (id !== "c") await expectIndexed(segmentOf(shelf, other));
          await expect(shelf.read(other)).rejects.toMatchObject(corrupt);
        }
        for (const other of IDS.filter((each) => each !== id)) await erase(shelf, other);
        await tools.archivist.clean();
        expect(await shelf.objects()).toEqual([]);
      });
    },
  );

  it("by being lost says so until all in it are erased", async () => {
    await withShelf(async (shelf) => {
      const tools = await fill(shelf);
      await env.ARCHIVE.delete(segmentOf(shelf, "s").object_key);
      await expect(erase(shelf, "s")).rejects.toMatchObject(corrupt);
      await eraseSessions(tools, [...IDS], LATER);
      expect(segments(shelf)).toEqual([]);
    });
  });

  it("in both buckets, and differently, is put together from them", async () => {
    await withShelf(async (shelf) => {
      const replica = {
        get: (key: string) => env.ARCHIVE.get(inReplica(key)),
        put: (key: string, bytes: Uint8Array, options?: R2PutOptions) =>
          env.ARCHIVE.put(inReplica(key), bytes, options),
      } as unknown as R2Bucket;
      await fill(shelf);
      const { object_key } = segmentOf(shelf, "s");
      await flip(shelf, "a", 1);
      await replica.put(object_key, await bytesOf(object_key));
      await flip(shelf, "a", 1);
      await flip(shelf, "c", 1);
      await erase(shelf, "s", { replica });
      expect(row(shelf, "s")).toBeNull();
      await expectReadable(shelf, ["a", "c"]);
      await expectWhole(segmentOf(shelf, "a"));
    });
  });
});
