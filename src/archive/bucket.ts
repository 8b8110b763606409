import { ApiError } from "../errors.ts";
import { FORMAT, corrupt } from "./record.ts";
import { readMember, sha256 } from "./segment.ts";
import type { Member, Segment } from "./segment.ts";

/** At most so many keys go into one R2 delete. */
export const DELETE_KEYS = 1_000;

/**
 * Writes a segment and makes sure that R2 holds it: R2 refuses bytes that don't have this sha256, and says what it has.
 *
 * @throws ApiError `archive_unavailable` when R2 refuses, or holds something else
 */
export async function writeSegment(
  bucket: R2Bucket,
  objectKey: string,
  { bytes, members }: Segment,
): Promise<void> {
  const hash = sha256(bytes);
  const index = members.at(-1);
  const object = await reach(() =>
    bucket.put(objectKey, bytes, {
      sha256: hash,
      httpMetadata: { contentType: "application/gzip" },
      customMetadata: {
        format: String(FORMAT),
        index_offset: String(index ? index[0] + index[1] : 0),
      },
    }),
  );
  const held = object.checksums.sha256;
  if (object.size !== bytes.length || !held || toHex(held) !== hash) {
    throw new ApiError(
      "archive_unavailable",
      "R2 does not hold what was written; nothing was deleted.",
    );
  }
}

/** The text of one member of a segment, by a range read. */
export async function readSegmentMember(
  bucket: R2Bucket,
  objectKey: string,
  member: Member,
): Promise<string> {
  const [offset, length] = member;
  const object = await reach(() => bucket.get(objectKey, { range: { offset, length } }));
  if (!object) throw corrupt("its object is missing");
  return readMember(new Uint8Array(await reach(() => object.arrayBuffer())), member);
}

/** A whole segment, cut into its members. */
export async function readMembers(
  bucket: R2Bucket,
  objectKey: string,
  members: readonly Member[],
): Promise<Uint8Array[]> {
  const object = await reach(() => bucket.get(objectKey));
  if (!object) throw corrupt("its object is missing");
  const bytes = new Uint8Array(await reach(() => object.arrayBuffer()));
  return members.map(([offset, length]) => bytes.subarray(offset, offset + length));
}

export const deleteObjects = (bucket: R2Bucket, objectKeys: string[]): Promise<void> =>
  reach(() => bucket.delete(objectKeys));

/** The first objects under a prefix, at most as many as one delete takes. */
export async function listObjects(bucket: R2Bucket, prefix: string): Promise<R2Object[]> {
  const { objects } = await reach(() => bucket.list({ prefix, limit: DELETE_KEYS }));
  return objects;
}

/** R2's own errors name keys and internals: the caller learns only that it could not be reached. */
async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw Object.assign(
      new ApiError("archive_unavailable", "The archive cannot be reached. Try again.", {
        retry_after_ms: 1_000,
      }),
      { cause },
    );
  }
}

const toHex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
