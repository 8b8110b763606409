import type { Database } from "../../../sqlite/database.ts";
import { scheduleDeletion } from "../../store/archive/archives.ts";
import { FORMAT } from "../format/format.ts";
import { sha256 } from "../../../shared/sha256.ts";
import { indexOffset } from "../format/segment.ts";
import type { Segment } from "../format/segment.ts";
import type { ObjectStore } from "../storage/object-store.ts";

/** Writes a segment, whose sha256 is `hash`, that is indexed next. Until then its deletion is scheduled, so that no crash leaves an orphan. */
export async function writeSegment(
  { db, store }: { db: Database; store: ObjectStore },
  objectKey: string,
  segment: Segment & { hash: string },
  createdAt: number,
): Promise<void> {
  db.transaction(() => scheduleDeletion(db, objectKey));
  const offset = indexOffset(segment.members);
  await store.write(objectKey, segment.bytes, {
    contentType: "application/gzip",
    sha256: segment.hash,
    metadata: {
      format: String(FORMAT),
      index_offset: String(offset),
      index_sha256: sha256(segment.bytes.subarray(offset)),
      created_at: String(createdAt),
    },
  });
}
