import { doomObject } from "../store/archives.ts";
import type { SegmentRow } from "../store/archives.ts";
import type { Database } from "../store/database.ts";
import { readMembers, writeSegment } from "./bucket.ts";
import { segmentName } from "./keys.ts";
import { sessionOf } from "./record.ts";
import { SegmentWriter, parseMembers, readMember } from "./segment.ts";
import type { Member } from "./segment.ts";

/**
 * Writes a segment anew without some sessions, beside the old one. Members keep their numbers, so that the rows of the
 * others need not change.
 *
 * @returns the segment as it lies in R2 now, or null when nothing is left in it
 */
export async function rewriteWithout(
  { db, bucket }: { db: Database; bucket: R2Bucket },
  old: SegmentRow,
  gone: ReadonlySet<string>,
): Promise<SegmentRow | null> {
  const members = parseMembers(old.members);
  const writer = new SegmentWriter();
  let inside = false;
  let left = false;
  for (const [index, compressed] of (
    await readMembers(bucket, old.object_key, members)
  ).entries()) {
    const lines = readMember(compressed, members[index] as Member)
      .split("\n")
      .filter((line) => line !== "");
    const kept = lines.filter((line) => {
      const named = sessionOf(line);
      if (named !== null) inside = gone.has(named);
      return !inside;
    });
    left ||= kept.length > 0;
    if (kept.length === lines.length) writer.copy(compressed);
    else writer.rewrite(kept);
  }
  if (!left) return null;
  const segment = writer.finish();
  const folder = old.object_key.slice(0, old.object_key.lastIndexOf("/"));
  const objectKey = `${folder}/${segmentName(segment.bytes)}`;
  db.transaction(() => doomObject(db, objectKey));
  await writeSegment(bucket, objectKey, segment);
  return {
    id: old.id,
    object_key: objectKey,
    bytes: segment.bytes.length,
    members: JSON.stringify(segment.members),
  };
}
