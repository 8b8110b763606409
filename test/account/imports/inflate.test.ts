import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { inflated } from "../../../src/account/imports/inflate.ts";

const LIMITS = { freeBytes: 64 * 1024, expansion: 20 };
/** zlib gives out pieces of this size. */
const PIECE = 16 * 1024;

/** @returns how many bytes came out, and whether all did */
async function inflate(bytes: Uint8Array) {
  async function* body() {
    for (let at = 0; at < bytes.length; at += 1_024) yield bytes.subarray(at, at + 1_024);
  }
  let came = 0;
  try {
    for await (const piece of inflated(body(), LIMITS)) came += piece.length;
    return { came, code: null };
  } catch (error) {
    return { came, code: (error as { code?: string }).code };
  }
}

describe("a gzip body", () => {
  it("that expands far beyond its size is refused early", async () => {
    const { came, code } = await inflate(gzipSync(Buffer.alloc(2 * 1024 * 1024, " ")));
    expect(code).toBe("expansion_too_large");
    expect(came).toBeLessThanOrEqual(LIMITS.freeBytes + PIECE);
  });

  it("is inflated whole where it is small, and where it is as large as its size allows", async () => {
    const small = gzipSync(Buffer.alloc(LIMITS.freeBytes, " "));
    expect(await inflate(small)).toEqual({ came: LIMITS.freeBytes, code: null });
    const random = crypto.getRandomValues(new Uint8Array(32 * 1024));
    const text = Buffer.from(
      Array.from({ length: 8 }, () => Buffer.from(random).toString("hex")).join(""),
    );
    expect(await inflate(gzipSync(text))).toEqual({ came: text.length, code: null });
  });

  it("is not measured where it is plain", async () => {
    expect((await inflate(Buffer.alloc(256 * 1024, " "))).code).toBeNull();
  });
});
