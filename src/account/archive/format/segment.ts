import { nodeCrypto, nodeZlib } from "../../../shared/node-modules.ts";
import { sha256 } from "../../../shared/sha256.ts";
import { z } from "zod";

import { ApiError } from "../../../shared/errors.ts";
import { corrupt } from "./record.ts";
import { parseJson } from "../../../shared/json.ts";
import { letOthersRun } from "../../../shared/let-others-run.ts";
import { WorkSlices } from "../../../shared/work-slices.ts";

/** Bytes of a member before compression; it has one line at least. A read of one session inflates no more. */
const MEMBER_BYTES = 64 * 1024;
/** No line is longer: a turn takes 20 MiB, and its short texts may be escaped. */
const MEMBER_MAX_BYTES = 32 * 1024 * 1024;

/**
 * Text that is read back, compressed or parsed before other calls run, in UTF-16 units: some 5 ms of a core. A call of a
 * few steps waits for a slice at each. A pause is four turns of the event loop, of
 * some 60 µs each, and takes ms where other programs want the core.
 */
export const SLICE_TEXT = MEMBER_BYTES / 2;
/** Bytes that are hashed before other calls run: 2 ms of a core. */
const SLICE_HASHED = 1024 * 1024;

/** Where a gzip member lies in its segment, and the sha256 of its compressed bytes. */
export type Member = [offset: number, length: number, sha256: string];

const membersSchema = z.array(z.tuple([z.int(), z.int(), z.string()]));
export const parseMembers = (json: string): Member[] => membersSchema.parse(parseJson(json));

export interface Segment {
  bytes: Uint8Array;
  members: Member[];
}

/** Encrypts a compressed member, and decrypts it; both leave it as it is where encryption is off. */
export type Seal = (compressed: Uint8Array) => Uint8Array;
export type Open = (stored: Uint8Array) => Uint8Array;
const plain: Seal & Open = (bytes) => bytes;

/**
 * Builds a segment: NDJSON in complete gzip members, one after the other, so that `zcat` reads the whole and a range
 * read of one member a session. The last member is the index again, so that the segment explains itself.
 */
export class SegmentWriter {
  readonly #seal: Seal;
  readonly #open: Open;
  #lines: string[] = [];
  #lineBytes = 0;
  #textLength = 0;
  #parts: Uint8Array[] = [];
  #members: Member[] = [];
  #offset = 0;

  constructor(seal: Seal = plain, open: Open = plain) {
    this.#seal = seal;
    this.#open = open;
  }

  /** @returns what takes back everything that is added from here on, as often as it is called */
  mark(): () => void {
    const lines = [...this.#lines];
    const [lineBytes, textLength, offset] = [this.#lineBytes, this.#textLength, this.#offset];
    const [parts, members] = [this.#parts.length, this.#members.length];
    return () => {
      this.#lines = [...lines];
      this.#lineBytes = lineBytes;
      this.#textLength = textLength;
      this.#offset = offset;
      this.#parts.length = parts;
      this.#members.length = members;
    };
  }

  /** @returns the member in which the lines begin */
  add(lines: readonly string[]): number {
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
    if (this.#lineBytes > 0 && this.#lineBytes + bytes > MEMBER_BYTES) this.#flush();
    const begins = this.#members.length;
    for (const line of lines) {
      if (this.#lineBytes > 0 && this.#lineBytes + line.length > MEMBER_BYTES) this.#flush();
      this.#lines.push(line);
      this.#lineBytes += line.length + 1;
    }
    this.#textLength += bytes;
    return begins;
  }

  /** Takes a member of another segment as it is. */
  copy(stored: Uint8Array): void {
    this.#append(stored);
  }

  /** Takes a damaged member of another segment, which stays damaged: it fails the checksum that it has. Bytes that are cut off are zero. */
  keepDamaged(stored: Uint8Array, [, length, hash]: Member): void {
    const bytes = new Uint8Array(length);
    bytes.set(stored);
    this.#append(bytes, hash);
  }

  /** Takes what is to stay of another segment's member, as one member even when nothing is: the others keep their numbers. */
  rewrite(lines: readonly string[]): void {
    this.#append(this.#compress(bytesOf(lines)));
  }

  finish(): Segment {
    this.#flush();
    const members = [...this.#members];
    this.#append(this.#compress(bytesOf([JSON.stringify({ type: "index", members })])));
    const bytes = new Uint8Array(this.#offset);
    let offset = 0;
    for (const part of this.#parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return { bytes, members };
  }

  /** Length of all added lines, in UTF-16 units. */
  get textLength(): number {
    return this.#textLength;
  }

  get compressedBytes(): number {
    return this.#offset;
  }

  /** Compressed bytes plus UTF-16 units that are not compressed yet: usually an upper bound of the segment's size. */
  get pendingBytes(): number {
    return this.#offset + this.#lineBytes;
  }

  #flush(): void {
    if (this.#lineBytes === 0) return;
    const text = bytesOf(this.#lines);
    // One line may be 20 MiB: it goes before its compressed bytes come.
    this.#lines = [];
    this.#lineBytes = 0;
    this.#append(this.#compress(text));
  }

  /** A member that does not open to what went into it is never written. */
  #compress(text: Buffer): Uint8Array {
    const stored = this.#seal(nodeZlib().gzipSync(text));
    if (!inflated(this.#open(stored)).equals(text))
      throw corrupt("a member decompresses to other bytes");
    return stored;
  }

  #append(stored: Uint8Array, hash = sha256(stored)): void {
    this.#parts.push(stored);
    this.#members.push([this.#offset, stored.length, hash]);
    this.#offset += stored.length;
  }
}

/**
 * The text of one member.
 *
 * @throws ApiError `archive_corrupt` unless the bytes are the ones that were written
 */
export function readMember(stored: Uint8Array, member: Member, open: Open = plain): string {
  checkMember(stored, member);
  return openMember(stored, open);
}

/** Whether these are the bytes of a member that were written. */
export const isAsWritten = (stored: Uint8Array, [, length, hash]: Member): boolean =>
  stored.length === length && sha256(stored) === hash;

function checkMember(stored: Uint8Array, member: Member): void {
  if (!isAsWritten(stored, member)) throw corrupt("a checksum is wrong");
}

/** The bytes of a member of a segment. @throws ApiError `archive_corrupt` unless they are the ones that were written */
export function checkedMember(segment: Uint8Array, member: Member): Uint8Array {
  const [offset, length] = member;
  const stored = segment.subarray(offset, offset + length);
  checkMember(stored, member);
  return stored;
}

/** The text of a member whose bytes were checked. @throws ApiError `archive_corrupt` */
export const openMember = (stored: Uint8Array, open: Open): string => inflate(open(stored));

/**
 * The members of a segment by what it says of itself.
 *
 * @param begins - where its last member, the index, begins
 * @throws ApiError `archive_corrupt` unless it says so
 */
export function readIndex(stored: Uint8Array, begins: number, open: Open = plain): Member[] {
  try {
    const index: unknown = parseJson(inflate(open(stored.subarray(begins))));
    return z.object({ type: z.literal("index"), members: membersSchema }).parse(index).members;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw corrupt("it has no index");
  }
}

/** Offset of a segment's index: after its last member. */
export function indexOffset(members: readonly Member[]): number {
  const last = members.at(-1);
  return last ? last[0] + last[1] : 0;
}

const inflated = (compressed: Uint8Array): Buffer =>
  nodeZlib().gunzipSync(compressed, { maxOutputLength: MEMBER_MAX_BYTES });

const inflate = (compressed: Uint8Array): string => inflated(compressed).toString();

/** Each line with its newline, in UTF-8. @throws ApiError `archive_corrupt` for half of a surrogate pair, which UTF-8 lacks */
function bytesOf(lines: readonly string[]): Buffer {
  if (!lines.every((line) => line.isWellFormed())) throw corrupt("a line is no Unicode");
  const size = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const line of lines) {
    at += bytes.write(line, at);
    at += bytes.write("\n", at);
  }
  return bytes;
}

/** {@link sha256} of a whole segment, in slices. Other calls run before, since its last member was compressed just now. */
export async function sha256OfSegment(bytes: Uint8Array): Promise<string> {
  await letOthersRun();
  const hash = nodeCrypto().createHash("sha256");
  const slices = new WorkSlices(SLICE_HASHED);
  for (let from = 0; from < bytes.length; from += SLICE_HASHED) {
    const slice = bytes.subarray(from, from + SLICE_HASHED);
    hash.update(slice);
    await slices.did(slice.length);
  }
  return hash.digest("hex");
}

/**
 * The bytes of all members of a segment, in slices.
 *
 * @throws ApiError `archive_corrupt` unless they are the ones that were written
 */
export async function checkedMembers(
  segment: Uint8Array,
  members: readonly Member[],
): Promise<Uint8Array[]> {
  const slices = new WorkSlices(SLICE_HASHED);
  const checked: Uint8Array[] = [];
  for (const member of members) {
    const bytes = checkedMember(segment, member);
    checked.push(bytes);
    await slices.did(bytes.length);
  }
  return checked;
}
