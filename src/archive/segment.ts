import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";

import { z } from "zod";

import { corrupt } from "./record.ts";

/** What a member holds before compression, at least one line. A read of one session inflates no more than that. */
const MEMBER_BYTES = 64 * 1024;
/** No line is longer than a turn of 1 MiB with every character escaped. */
const MEMBER_MAX_BYTES = 16 * 1024 * 1024;

/** Where a gzip member lies in its segment, and the sha256 of its compressed bytes. */
export type Member = [offset: number, length: number, sha256: string];

const membersSchema = z.array(z.tuple([z.int(), z.int(), z.string()]));
export const parseMembers = (json: string): Member[] => membersSchema.parse(JSON.parse(json));

export interface Segment {
  bytes: Uint8Array;
  members: Member[];
}

/**
 * Builds a segment: NDJSON in complete gzip members, one after the other, so that `zcat` reads the whole and a range
 * read of one member a session. The last member is the index again, so that the segment explains itself.
 */
export class SegmentWriter {
  #lines: string[] = [];
  #lineBytes = 0;
  #parts: Uint8Array[] = [];
  #members: Member[] = [];
  #offset = 0;

  /** @returns the member in which the lines begin */
  add(lines: readonly string[]): number {
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
    if (this.#lineBytes > 0 && this.#lineBytes + bytes > MEMBER_BYTES) this.#flush();
    const begins = this.#members.length;
    for (const line of lines) {
      if (this.#lineBytes > 0 && this.#lineBytes + line.length > MEMBER_BYTES) this.#flush();
      this.#lines.push(line, "\n");
      this.#lineBytes += line.length + 1;
    }
    return begins;
  }

  /** Takes a member of another segment as it is. */
  copy(compressed: Uint8Array): void {
    this.#append(compressed);
  }

  /** Takes what is to stay of another segment's member, as one member even when nothing is: the others keep their numbers. */
  rewrite(lines: readonly string[]): void {
    this.#append(gzipSync(lines.map((line) => `${line}\n`).join("")));
  }

  finish(): Segment {
    this.#flush();
    const members = [...this.#members];
    this.#append(gzipSync(`${JSON.stringify({ type: "index", members })}\n`));
    const bytes = new Uint8Array(this.#offset);
    let offset = 0;
    for (const part of this.#parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return { bytes, members };
  }

  get compressedBytes(): number {
    return this.#offset;
  }

  #flush(): void {
    if (this.#lineBytes === 0) return;
    this.#append(gzipSync(this.#lines.join("")));
    this.#lines = [];
    this.#lineBytes = 0;
  }

  #append(compressed: Uint8Array): void {
    this.#parts.push(compressed);
    this.#members.push([this.#offset, compressed.length, sha256(compressed)]);
    this.#offset += compressed.length;
  }
}

/**
 * The text of one member.
 *
 * @throws ApiError `archive_corrupt` unless the bytes are the ones that were written
 */
export function readMember(compressed: Uint8Array, [, length, hash]: Member): string {
  if (compressed.length !== length || sha256(compressed) !== hash) {
    throw corrupt("a checksum is wrong");
  }
  return gunzipSync(compressed, { maxOutputLength: MEMBER_MAX_BYTES }).toString("utf8");
}

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");
