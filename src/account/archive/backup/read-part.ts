import { WorkSlices } from "../../../shared/work-slices.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { RecordReader, corrupt, isFirstPart } from "../format/record.ts";
import type { SessionRecord } from "../format/record.ts";
import { SLICE_TEXT, parseMembers, readMember, sha256OfSegment } from "../format/segment.ts";
import type { BackupParts } from "./backup-parts.ts";
import { sha256Of } from "./write-manifest.ts";

/**
 * Every record of a part: a session, or a part of one.
 *
 * @throws ApiError `archive_corrupt` unless every byte is as it was written, and every record complete
 */
export function readPart(
  { store, keyring }: Pick<BackupParts, "store" | "keyring">,
  part: Pick<SegmentRow, "object_key" | "members" | "sessions" | "turns">,
): Promise<SessionRecord[]> {
  const members = parseMembers(part.members);
  return store.read(part.object_key, async (bytes) => {
    if ((await sha256OfSegment(bytes)) !== sha256Of(part.object_key))
      throw corrupt("a checksum is wrong");
    const reader = new RecordReader(null);
    const slices = new WorkSlices(SLICE_TEXT);
    const records: SessionRecord[] = [];
    for (const member of members) {
      const stored = bytes.subarray(member[0], member[0] + member[1]);
      const text = readMember(stored, member, (each) => keyring.open(each));
      records.push(...reader.readAll(text).map(({ record }) => record));
      await slices.did(text.length);
    }
    reader.end();
    const turns = records.reduce((sum, record) => sum + record.turns.length, 0);
    if (records.filter(isFirstPart).length !== part.sessions || turns !== part.turns)
      throw corrupt("its sessions differ from its index");
    return records;
  });
}
