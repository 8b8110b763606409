import { ApiError } from "../../../shared/errors.ts";
import { loadOnce } from "../../../shared/load-once.ts";
import { corrupt } from "../format/record.ts";
import { sha256 } from "../../../shared/sha256.ts";
import { readMember, sha256OfSegment } from "../format/segment.ts";
import type { Member, Open } from "../format/segment.ts";
import { putInSlices, readInSlices } from "./object-slices.ts";

/** At most so many keys go into one R2 delete. */
export const DELETE_KEYS = 1_000;

/** R2's codes for what may work in a moment: internal error, unavailable, too many requests, too many writes of a key. */
const PASSING = /\((?:10001|10043|10054|10058)\)/;
const isPassing = (error: Error): boolean => PASSING.test(error.message);
const retries = loadOnce(() => import("../../../outbound/retry.ts"));

export interface WrittenObject {
  contentType: string;
  metadata?: Record<string, string>;
  /** Of the bytes, where it is known: then they are not hashed again. */
  sha256?: string;
}

export interface ObjectStoreParts {
  primary: R2Bucket;
  /** A second bucket that holds the same, if there is one. */
  replica?: R2Bucket | undefined;
  /** Told that the replica lacks the object, before it is written, and that it no longer does. */
  lacks: (objectKey: string) => void;
  has: (objectKey: string) => void;
  onError: (error: unknown, about: Record<string, string | number>) => void;
}

/**
 * The objects in R2. Writes are verified, and copied to the replica at once or later. Reads fall back to the replica
 * when the first bucket fails or holds other bytes.
 */
export class ObjectStore {
  readonly #parts: ObjectStoreParts;

  constructor(parts: ObjectStoreParts) {
    this.#parts = parts;
  }

  get isReplicated(): boolean {
    return this.#parts.replica !== undefined;
  }

  /** @throws ApiError `archive_unavailable` when R2 refuses, or holds something else */
  async write(objectKey: string, bytes: Uint8Array, about: WrittenObject): Promise<void> {
    const { primary, replica, lacks, has, onError } = this.#parts;
    if (replica) lacks(objectKey);
    await put(primary, objectKey, bytes, about);
    if (!replica) return;
    try {
      await put(replica, objectKey, bytes, about);
      has(objectKey);
    } catch (error) {
      onError(error, { object_key: objectKey, bucket: "replica" });
    }
  }

  /** The text of one member of a segment, by a range read. */
  readMember(objectKey: string, member: Member, open: Open): Promise<string> {
    const [offset, length] = member;
    return this.#fromEither(async (bucket) =>
      readMember(await bytesOf(bucket, objectKey, { offset, length }), member, open),
    );
  }

  /**
   * A whole object.
   *
   * @param check - throws unless the bytes are the ones that were written
   */
  read<T>(objectKey: string, check: (bytes: Uint8Array) => T | Promise<T>): Promise<T> {
    return this.#fromEither(async (bucket) => check(await bytesOf(bucket, objectKey)));
  }

  /**
   * The copies of an object that both buckets have. None may be whole.
   *
   * @throws ApiError `archive_corrupt` where there is none, `archive_unavailable` where a bucket is away
   */
  async readCopies(objectKey: string): Promise<Uint8Array[]> {
    const { primary, replica } = this.#parts;
    const copies: Uint8Array[] = [];
    for (const bucket of replica ? [primary, replica] : [primary]) {
      const object = await callR2(() => bucket.get(objectKey));
      if (object) copies.push(await callR2(() => readInSlices(object, object.size)));
    }
    if (copies.length === 0) throw corrupt("its object is missing");
    return copies;
  }

  /** Null where there is no such object. */
  async readIfThere(objectKey: string): Promise<Uint8Array | null> {
    const read = async (bucket: R2Bucket) => {
      const object = await callR2(() => bucket.get(objectKey));
      return object && new Uint8Array(await callR2(() => object.arrayBuffer()));
    };
    const { replica } = this.#parts;
    const first = replica ? await this.#fromEither(read) : await read(this.#parts.primary);
    return first ?? (replica ? read(replica) : null);
  }

  /** From both buckets. Twice is once. */
  async delete(objectKeys: string[]): Promise<void> {
    const { primary, replica, has } = this.#parts;
    await callR2(() => primary.delete(objectKeys));
    if (!replica) return;
    await callR2(() => replica.delete(objectKeys));
    for (const objectKey of objectKeys) has(objectKey);
  }

  /** Whether one of the buckets has the object. */
  async has(which: "primary" | "replica", objectKey: string): Promise<boolean> {
    const bucket = this.#parts[which];
    return bucket !== undefined && (await callR2(() => bucket.head(objectKey))) !== null;
  }

  /** How many objects one of the buckets has under a prefix, counted to the size of one delete. */
  async count(which: "primary" | "replica", prefix: string): Promise<number> {
    const bucket = this.#parts[which];
    return bucket === undefined ? 0 : (await listed(bucket, prefix)).length;
  }

  /** The objects under a prefix, at most as many as one delete takes, from either bucket's listing. */
  async list(prefix: string, after?: string): Promise<R2Object[]> {
    const { primary, replica } = this.#parts;
    const objects = await listed(primary, prefix, after);
    return objects.length > 0 || !replica ? objects : listed(replica, prefix, after);
  }

  /** Copies an object to the replica, unless it is gone meanwhile. */
  async replicate(objectKey: string): Promise<void> {
    const { primary, replica, has } = this.#parts;
    if (!replica) return;
    const object = await callR2(() => primary.get(objectKey));
    if (object) {
      const bytes = await callR2(() => readInSlices(object, object.size));
      const hash = object.checksums.sha256;
      if (!hash || toHex(hash) !== (await sha256OfSegment(bytes)))
        throw corrupt("a checksum is wrong");
      await put(replica, objectKey, bytes, {
        contentType: object.httpMetadata?.contentType ?? "application/octet-stream",
        ...(object.customMetadata && { metadata: object.customMetadata }),
      });
    }
    has(objectKey);
  }

  /** From the first bucket, or where that fails or what it holds is damaged, from the replica. */
  async #fromEither<T>(read: (bucket: R2Bucket) => Promise<T>): Promise<T> {
    const { primary, replica, onError } = this.#parts;
    try {
      return await read(primary);
    } catch (error) {
      if (!replica) throw error;
      onError(error, { bucket: "primary" });
      return read(replica);
    }
  }
}

/** R2 refuses bytes that don't have this sha256, and says what it has. */
async function put(
  bucket: R2Bucket,
  objectKey: string,
  bytes: Uint8Array,
  { contentType, metadata, sha256: known }: WrittenObject,
): Promise<void> {
  const hash = known ?? sha256(bytes);
  const object = await callR2(() =>
    putInSlices(bucket, objectKey, bytes, {
      sha256: hash,
      httpMetadata: { contentType },
      ...(metadata && { customMetadata: metadata }),
    }),
  );
  const held = object.checksums.sha256;
  if (object.size === bytes.length && held && toHex(held) === hash) return;
  throw new ApiError(
    "archive_unavailable",
    "R2 returned other bytes than were written. Nothing was deleted. Try again.",
  );
}

/** Includes custom metadata, for which R2 may return fewer objects than the limit. */
async function listed(bucket: R2Bucket, prefix: string, after?: string): Promise<R2Object[]> {
  const objects: R2Object[] = [];
  for (let truncated = true; truncated && objects.length < DELETE_KEYS;) {
    const startAfter = objects.at(-1)?.key ?? after;
    const page = await callR2(() =>
      bucket.list({
        prefix,
        limit: DELETE_KEYS - objects.length,
        include: ["customMetadata"],
        ...(startAfter !== undefined && { startAfter }),
      }),
    );
    objects.push(...page.objects);
    truncated = page.truncated && page.objects.length > 0;
  }
  return objects;
}

async function bytesOf(
  bucket: R2Bucket,
  objectKey: string,
  range?: { offset: number; length: number },
): Promise<Uint8Array> {
  try {
    const object = await callR2(() => bucket.get(objectKey, range && { range }));
    if (!object) throw corrupt("its object is missing");
    return await callR2(() => readInSlices(object, range?.length ?? object.size));
  } catch (error) {
    if (range && (await isCutOff(bucket, objectKey, range))) throw corrupt("it is cut off");
    throw error;
  }
}

/**
 * Whether an object ends before a range does. R2 refuses a range after the end (10039), and may fail otherwise at the very
 * end: the size tells.
 */
async function isCutOff(
  bucket: R2Bucket,
  objectKey: string,
  { offset, length }: { offset: number; length: number },
): Promise<boolean> {
  const object = await callR2(() => bucket.head(objectKey)).catch(() => null);
  return object !== null && object.size < offset + length;
}

/** R2's own errors name keys and internals: the caller learns only that it could not be reached. */
/** Every operation here can run twice. */
async function callR2<T>(work: () => Promise<T>): Promise<T> {
  const { retrying } = await retries();
  try {
    return await retrying(isPassing).execute(work);
  } catch (cause) {
    throw Object.assign(
      new ApiError("archive_unavailable", "The archive cannot be reached. Try again.", {
        retry_after_ms: 1_000,
      }),
      { cause },
    );
  }
}

const toHex = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString("hex");
