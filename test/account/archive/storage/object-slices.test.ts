import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import {
  SLICE_BYTES,
  putInSlices,
  readInSlices,
} from "../../../../src/account/archive/storage/object-slices.ts";
import { ObjectStore } from "../../../../src/account/archive/storage/object-store.ts";
import { LOOP_TURNS } from "../../../../src/shared/let-others-run.ts";
import { sha256 } from "../../../../src/shared/sha256.ts";
import { freshAccount } from "../../../support/client.ts";

const LARGE = 5 * SLICE_BYTES + 7;

afterEach(() => void vi.restoreAllMocks());

/** Of different bytes, so that no slice can stand in the place of another. */
function bytesOf(length: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4)).map((_, n) => Math.imul(n, 2_654_435_761));
  return new Uint8Array(words.buffer, 0, length);
}

const storeOf = (primary: R2Bucket) =>
  new ObjectStore({
    primary,
    lacks: () => undefined,
    has: () => undefined,
    onError: () => undefined,
  });

/** How often others get their turn at the event loop. */
function pauses() {
  const wait = vi.spyOn(scheduler, "wait");
  return () => {
    const { length } = wait.mock.calls;
    wait.mockClear();
    return length / LOOP_TURNS;
  };
}

async function read(key: string, length = LARGE, range?: { offset: number; length: number }) {
  const object = await env.ARCHIVE.get(key, range && { range });
  return object && readInSlices(object, range?.length ?? length);
}

describe("large objects", () => {
  it("are written and read a slice at a time, and other calls run in between", async () => {
    const key = freshAccount();
    const bytes = bytesOf(LARGE);
    const paused = pauses();
    const object = await putInSlices(env.ARCHIVE, key, bytes, { sha256: sha256(bytes) });
    expect([object.size, paused()]).toEqual([LARGE, 7]);
    expect(sha256((await read(key))!)).toBe(sha256(bytes));
    expect(paused()).toBe(6);
    const range = { offset: 3, length: SLICE_BYTES + 1 };
    const part = bytes.subarray(range.offset, range.offset + range.length);
    expect(sha256((await read(key, 0, range))!)).toBe(sha256(part));
    expect(paused()).toBe(2);
  });

  it("end where they are cut off", async () => {
    const key = freshAccount();
    const bytes = bytesOf(LARGE);
    await putInSlices(env.ARCHIVE, key, bytes, {});
    expect(sha256((await read(key, LARGE + SLICE_BYTES))!)).toBe(sha256(bytes));
  });

  it("that R2 refuses, before it reads them or after, are not waited for", async () => {
    const key = freshAccount();
    const bytes = bytesOf(LARGE);
    const about = { contentType: "application/gzip", sha256: sha256(bytesOf(LARGE - 1)) };
    const unavailable = { code: "archive_unavailable" };
    await expect(storeOf(env.ARCHIVE).write(key, bytes, about)).rejects.toMatchObject(unavailable);
    const away = { put: () => Promise.reject(new Error("R2 is away")) } as unknown as R2Bucket;
    await expect(storeOf(away).write(key, bytes, about)).rejects.toMatchObject(unavailable);
    expect(await env.ARCHIVE.head(key)).toBeNull();
  });

  it("are sent from their beginning when R2 fails for a moment", async () => {
    const key = freshAccount();
    const bytes = bytesOf(LARGE);
    let puts = 0;
    const put = async (...args: Parameters<R2Bucket["put"]>) => {
      puts += 1;
      if (puts > 1) return env.ARCHIVE.put(...args);
      await (args[1] as ReadableStream).getReader({ mode: "byob" }).read(new Uint8Array(100));
      throw new Error("put: Unavailable (10043)");
    };
    const store = storeOf({ put } as unknown as R2Bucket);
    await store.write(key, bytes, { contentType: "application/gzip" });
    expect([puts, sha256((await read(key))!)]).toEqual([2, sha256(bytes)]);
  });
});

it("writes and reads a small object in one go", async () => {
  const key = freshAccount();
  const paused = pauses();
  const bytes = bytesOf(SLICE_BYTES);
  await putInSlices(env.ARCHIVE, key, bytes, {});
  expect(sha256((await read(key, SLICE_BYTES))!)).toBe(sha256(bytes));
  expect(paused()).toBe(0);
});
