import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { ObjectStore } from "../../../../src/account/archive/storage/object-store.ts";
import { SegmentWriter } from "../../../../src/account/archive/format/segment.ts";
import type { Member } from "../../../../src/account/archive/format/segment.ts";
import { freshAccount } from "../../../support/client.ts";

type Operation = "put" | "get" | "head" | "list" | "delete";

/** A bucket of its own, that can be away, and counts what it is asked. */
function bucketOf() {
  const prefix = `${crypto.randomUUID()}/`;
  const asked: Operation[] = [];
  const state: { error: Error | null; times: number; page: number } = {
    error: null,
    times: Infinity,
    page: 1_000,
  };
  const there = async <T>(operation: Operation, work: () => Promise<T>): Promise<T> => {
    asked.push(operation);
    if (state.error === null || state.times <= 0) return work();
    state.times -= 1;
    throw state.error;
  };
  const bucket = {
    put: (key: string, bytes: Uint8Array, options?: R2PutOptions) =>
      there("put", () => env.ARCHIVE.put(prefix + key, bytes, options)),
    get: (key: string, options?: R2GetOptions) =>
      there("get", () => env.ARCHIVE.get(prefix + key, options)),
    head: (key: string) => there("head", () => env.ARCHIVE.head(prefix + key)),
    delete: (keys: string[]) =>
      there("delete", () => env.ARCHIVE.delete(keys.map((key) => prefix + key))),
    list: (options: R2ListOptions) =>
      there("list", async () => {
        const { startAfter, ...more } = options;
        const found = await env.ARCHIVE.list({
          ...more,
          limit: Math.min(state.page, more.limit ?? Infinity),
          prefix: prefix + options.prefix,
          ...(startAfter !== undefined && { startAfter: prefix + startAfter }),
        });
        const objects = found.objects.map(({ key, customMetadata }) => ({
          key: key.slice(prefix.length),
          customMetadata,
        }));
        return { objects, truncated: found.truncated };
      }),
  };
  const fail = (message: string | null, times = Infinity) => {
    state.error = message === null ? null : new Error(message);
    state.times = times;
  };
  /** From now on a listing has no more objects than that, however many are asked for. */
  const listBy = (page: number) => {
    state.page = page;
  };
  const text = async (key: string) => (await env.ARCHIVE.get(prefix + key))?.text() ?? null;
  const put = (key: string, value: string) => env.ARCHIVE.put(prefix + key, value);
  return { bucket: bucket as unknown as R2Bucket, asked, fail, listBy, text, put };
}

const ABOUT = { contentType: "text/plain" };
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const AWAY = "R2 is away";
const unavailable = { code: "archive_unavailable", retry_after_ms: 1_000 };

/** A store over two buckets, or over one. */
function storeOf(buckets: "one" | "two") {
  const [primary, replica] = [bucketOf(), bucketOf()];
  const lacking = new Set<string>();
  const errors: object[] = [];
  const store = new ObjectStore({
    primary: primary.bucket,
    replica: buckets === "two" ? replica.bucket : undefined,
    lacks: (key) => void lacking.add(key),
    has: (key) => void lacking.delete(key),
    onError: (_, about) => void errors.push(about),
  });
  return { store, primary, replica, lacking, errors, key: freshAccount() };
}

const member = (): { bytes: Uint8Array; second: Member } => {
  const writer = new SegmentWriter();
  for (const text of ["first", "second"]) writer.rewrite([text]);
  const { bytes, members } = writer.finish();
  return { bytes, second: members[1]! };
};
const open = (bytes: Uint8Array) => bytes;

describe("R2 that fails for a moment", () => {
  it.each([
    "put: We encountered an internal error. (10001)",
    "get: Unavailable (10043)",
    "Too many requests (10054)",
    "Too many writes (10058)",
  ])("is asked again: %s", async (message) => {
    const { store, primary, key } = storeOf("one");
    primary.fail(message, 2);
    await store.write(key, bytesOf("hi"), ABOUT);
    expect(primary.asked).toEqual(["put", "put", "put"]);
    expect(await primary.text(key)).toBe("hi");
  });

  it("is not asked for ever, and nothing else is asked twice", async () => {
    const { store, primary, key } = storeOf("one");
    primary.fail("get: Unavailable (10043)");
    await expect(store.readIfThere(key)).rejects.toMatchObject(unavailable);
    expect(primary.asked.length).toBeGreaterThan(2);
    primary.asked.length = 0;
    for (const message of [AWAY, "get: no such bucket (10006)", "10001"]) {
      primary.fail(message);
      await expect(store.readIfThere(key)).rejects.toMatchObject(unavailable);
    }
    expect(primary.asked).toHaveLength(3);
  });

  it("tells the caller nothing of what R2 said, and the log all", async () => {
    const { store, primary, key } = storeOf("one");
    primary.fail("secret/key");
    const error = await store.list(key).catch((thrown: Error) => thrown);
    expect(JSON.stringify(error)).not.toContain("secret");
    expect((error as Error).message).not.toContain("secret");
    expect((error as Error).cause).toMatchObject({ message: "secret/key" });
  });
});

describe("one bucket", () => {
  it("holds what is written, and gives it back", async () => {
    const { store, primary, lacking, key } = storeOf("one");
    await store.write(key, bytesOf("hi"), { ...ABOUT, metadata: { a: "b" } });
    expect([await store.read(key, textOf), await primary.text(key)]).toEqual(["hi", "hi"]);
    expect([store.isReplicated, [...lacking]]).toEqual([false, []]);
    await store.replicate(key);
    expect(primary.asked).toEqual(["put", "get"]);
  });

  it("says that an object is missing, or cannot be reached", async () => {
    const { store, primary, errors, key } = storeOf("one");
    const { second } = member();
    const tries = () => [store.read(key, textOf), store.readMember(key, second, open)];
    for (const tried of tries())
      await expect(tried).rejects.toMatchObject({ code: "archive_corrupt" });
    expect(await store.readIfThere(key)).toBeNull();
    primary.fail(AWAY);
    for (const tried of [
      ...tries(),
      store.readIfThere(key),
      store.list(key),
      store.delete([key]),
      store.write(key, bytesOf("hi"), ABOUT),
    ])
      await expect(tried).rejects.toMatchObject(unavailable);
    expect(errors).toEqual([]);
  });

  it("gives a member of a segment by a range read, and refuses another than was written", async () => {
    const { store, key } = storeOf("one");
    const { bytes, second } = member();
    await store.write(key, bytes, ABOUT);
    expect(await store.readMember(key, second, open)).toBe("second\n");
    const [offset, length, hash] = second;
    for (const wrong of [
      [0, length, hash],
      [offset, length - 1, hash],
      [offset, length, "0".repeat(64)],
    ] as Member[])
      await expect(store.readMember(key, wrong, open)).rejects.toMatchObject({
        code: "archive_corrupt",
      });
  });

  it.each([
    ["emptied", () => 0],
    ["cut off before a member", ([offset]: Member) => offset - 1],
    ["cut off where a member begins", ([offset]: Member) => offset],
    ["cut off in a member", ([offset]: Member) => offset + 1],
    ["cut off where a member ends", ([offset, length]: Member) => offset + length - 1],
  ])("says that an object is damaged that is %s", async (_, cutAt) => {
    const { store, primary, key } = storeOf("one");
    const { bytes, second } = member();
    await primary.bucket.put(key, bytes.subarray(0, cutAt(second)));
    await expect(store.readMember(key, second, open)).rejects.toMatchObject({
      code: "archive_corrupt",
    });
    primary.fail(AWAY);
    await expect(store.readMember(key, second, open)).rejects.toMatchObject(unavailable);
  });
});

describe("a listing", () => {
  const names = Array.from({ length: 7 }, (_, n) => `${n}`);

  it("is whole where R2 gives less at a time than it is asked for", async () => {
    const { store, primary, key } = storeOf("one");
    for (const name of names) await primary.put(key + name, "hi");
    primary.listBy(2);
    const found = async (after?: string) =>
      (await store.list(key, after)).map((object) => object.key.slice(key.length));
    expect(await found()).toEqual(names);
    expect(await found(`${key}3`)).toEqual(["4", "5", "6"]);
    expect(await found(`${key}6`)).toEqual([]);
  });

  it("is asked for once where R2 gives all of it", async () => {
    const { store, primary, key } = storeOf("one");
    for (const name of names) await primary.put(key + name, "hi");
    expect(await store.list(key)).toHaveLength(7);
    expect(primary.asked).toEqual(["list"]);
  });
});

describe("a bucket and its replica", () => {
  it("hold the same, and lose the same", async () => {
    const { store, primary, replica, lacking, key } = storeOf("two");
    await store.write(key, bytesOf("hi"), ABOUT);
    expect([await primary.text(key), await replica.text(key)]).toEqual(["hi", "hi"]);
    lacking.add(key);
    await store.delete([key]);
    expect([await primary.text(key), await replica.text(key), [...lacking]]).toEqual([
      null,
      null,
      [],
    ]);
  });

  it("are known to differ while the replica was not written, even by a crash", async () => {
    const { store, primary, replica, lacking, errors, key } = storeOf("two");
    primary.fail(AWAY);
    await expect(store.write(key, bytesOf("hi"), ABOUT)).rejects.toMatchObject(unavailable);
    expect([[...lacking], replica.asked, errors]).toEqual([[key], [], []]);
    primary.fail(null);
    replica.fail(AWAY);
    await store.write(key, bytesOf("hi"), ABOUT);
    expect([[...lacking], errors]).toEqual([[key], [{ object_key: key, bucket: "replica" }]]);
    replica.fail(null);
    await store.replicate(key);
    expect([[...lacking], await replica.text(key)]).toEqual([[], "hi"]);
  });

  it("are both read where it must be: the second when the first fails or holds something else", async () => {
    const { store, primary, replica, errors, key } = storeOf("two");
    const { bytes, second } = member();
    await store.write(key, bytes, ABOUT);
    replica.asked.length = 0;
    expect(await store.readMember(key, second, open)).toBe("second\n");
    expect([replica.asked, errors]).toEqual([[], []]);
    await primary.put(key, "damaged");
    expect(await store.readMember(key, second, open)).toBe("second\n");
    primary.fail(AWAY);
    expect(await store.readMember(key, second, open)).toBe("second\n");
    expect(await store.read(key, (found) => found.length)).toBe(bytes.length);
    expect(await store.readIfThere(key)).toEqual(bytes);
    expect(errors).toEqual(Array.from({ length: 4 }, () => ({ bucket: "primary" })));
    replica.fail(AWAY);
    await expect(store.read(key, textOf)).rejects.toMatchObject(unavailable);
  });

  it("are both asked for what may be missing in the first", async () => {
    const { store, replica, errors, key } = storeOf("two");
    await replica.put(key, "hi");
    const found = await store.readIfThere(key);
    expect([found && textOf(found), await store.readIfThere(`${key}-none`), errors]).toEqual([
      "hi",
      null,
      [],
    ]);
  });

  it("are listed by the first, and by the second where that has nothing", async () => {
    const { store, primary, replica, key } = storeOf("two");
    const keys = async () => (await store.list(key)).map((object) => object.key);
    for (const name of ["a", "b"]) await replica.put(key + name, "hi");
    expect(await keys()).toEqual([`${key}a`, `${key}b`]);
    expect((await store.list(key, `${key}a`)).map((object) => object.key)).toEqual([`${key}b`]);
    await primary.put(`${key}c`, "hi");
    replica.asked.length = 0;
    expect([await keys(), replica.asked]).toEqual([[`${key}c`], []]);
  });

  it("do not lose an object in part: what is left in the replica is still to be deleted", async () => {
    const { store, replica, lacking, key } = storeOf("two");
    await store.write(key, bytesOf("hi"), ABOUT);
    lacking.add(key);
    replica.fail(AWAY);
    await expect(store.delete([key])).rejects.toMatchObject(unavailable);
    expect([...lacking]).toEqual([key]);
  });

  it("are made the same where nothing is known of what an object is", async () => {
    const { store, primary, replica, lacking, key } = storeOf("two");
    const { bucket } = primary;
    const plain = bytesOf("hi");
    await bucket.put(key, plain, { sha256: await crypto.subtle.digest("SHA-256", plain) });
    lacking.add(key);
    await store.replicate(key);
    expect([await replica.text(key), [...lacking]]).toEqual(["hi", []]);
    await primary.put(`${key}-unsigned`, "hi");
    await expect(store.replicate(`${key}-unsigned`)).rejects.toMatchObject({
      code: "archive_corrupt",
    });
    primary.fail(AWAY);
    lacking.add(key);
    await expect(store.replicate(key)).rejects.toMatchObject(unavailable);
    expect([...lacking]).toEqual([key]);
  });
});
