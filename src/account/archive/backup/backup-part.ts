import { ApiError } from "../../../shared/errors.ts";
import { turnId } from "../../../shared/ids.ts";
import { WorkSlices } from "../../../shared/work-slices.ts";
import { backupSessionKeys } from "../../store/archive/backups.ts";
import type { CountedBackup, Skipped } from "../../store/archive/backups.ts";
import { partsOf } from "../../store/archive/session-parts.ts";
import { sessionByKey } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { LineProof } from "../format/line-proof.ts";
import { sessionLine, versionLine } from "../format/record-lines.ts";
import { TurnLines } from "../format/record.ts";
import { SLICE_TEXT, SegmentWriter } from "../format/segment.ts";
import { factsIn, recordFlags, versionsIn } from "../sessions/record-head.ts";
import { spanTurns } from "../sessions/live-record.ts";
import type { BackupParts } from "./backup-parts.ts";
import { settledSession } from "./settled-session.ts";

/** Bytes of compressed text after which a part ends: what a backup has in memory, and what erasing a session rewrites. */
const PART_BYTES = 8 * 1024 * 1024;
/** And past so much of it before, in UTF-16 units: what a restore has in memory, however well it is compressed. */
const PART_TEXT = 16 * 1024 * 1024;
/** Sessions that are looked up at a time. */
const READ_SESSIONS = 50;

/**
 * Reads sessions from `backup.next_key` on into a segment, until it is full.
 *
 * @returns `large`: the session with which it ends because that goes over several parts; nothing of it is written
 */
export async function writePart(
  parts: BackupParts,
  backup: CountedBackup,
  keyId: number | null,
  now: number,
) {
  const { db, keyring } = parts;
  const writer = new SegmentWriter(
    (bytes) => keyring.seal(bytes, keyId),
    (bytes) => keyring.open(bytes),
  );
  const slices = new WorkSlices(SLICE_TEXT);
  let worked = 0;
  const skipped: Skipped = [];
  const total = { sessions: 0, turns: 0, first_key: 0, last_key: 0 };
  let large: SessionRow | null = null;
  let next_key = backup.next_key;
  while (!large && next_key <= backup.through_key && !isFull(writer)) {
    const keys = backupSessionKeys(db, backup, next_key, READ_SESSIONS);
    if (keys.length === 0) {
      next_key = backup.through_key + 1;
      break;
    }
    for (const key of keys) {
      await slices.did(writer.textLength - worked);
      worked = writer.textLength;
      next_key = key + 1;
      const session = sessionByKey(db, key);
      if (!session) continue;
      const takeBack = writer.mark();
      try {
        const turns = await addSession(parts, writer, session, now);
        if (turns === null) {
          takeBack();
          next_key = key;
          large = session;
          break;
        }
        total.sessions += 1;
        total.turns += turns;
        total.first_key ||= key;
        total.last_key = key;
      } catch (error) {
        // One that cannot be read is named, and does not keep the rest from being saved.
        if (!isUnreadable(error)) throw error;
        takeBack();
        skipped.push([session.session_id, "archive_corrupt"]);
      }
      if (isFull(writer)) break;
    }
    await scheduler.wait(0);
  }
  return { writer, ...total, next_key, skipped, large };
}

/** Whether the session is at fault, and not R2 or the disk. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof ApiError
    ? error.code === "archive_corrupt"
    : error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError;

const isFull = ({ compressedBytes, textLength }: SegmentWriter): boolean =>
  compressedBytes >= PART_BYTES || textLength >= PART_TEXT;

/** Turn by turn. @returns how many turns; null where they are too many for one part */
async function addSession(
  { db, turns, frames: prompts, archivist }: BackupParts,
  writer: SegmentWriter,
  session: SessionRow,
  now: number,
): Promise<number | null> {
  const { key } = session;
  const proof = new LineProof();
  const add = (lines: string[]) => {
    proof.read(lines);
    writer.add(lines);
  };
  if (session.segment !== null) {
    if (partsOf(db, session).length > 1) return null;
    const count = session.turns ?? 0;
    const { versions = [] } = versionsIn(db, key);
    for await (const { turns: read, frames, ...record } of archivist.readParts(session)) {
      const head = { ...record, ...recordFlags(db, key), ...factsIn(db, key) };
      add([sessionLine(head, count, versions.length), ...versions.map(versionLine)]);
      const lines = new TurnLines((frame) => frames?.[frame] ?? null);
      for (const turn of read) add([lines.of(turn)]);
    }
    proof.end();
    return count;
  }
  // From here without a pause, so that all of it is of one moment.
  const settled = settledSession({ db, turns }, key, now);
  if (!settled) return 0;
  const { head, versions, through, count } = settled;
  add([sessionLine(head, count, versions.length), ...versions.map(versionLine)]);
  const turnLines = new TurnLines((frame) => prompts.text(key, frame));
  const begun = writer.textLength;
  let mayBeLarge = true;
  for (const turn of spanTurns({ db, turns }, key, { after: turnId(key, 0), last: through }, now)) {
    add([turnLines.of(turn)]);
    if (!mayBeLarge || writer.textLength - begun < archivist.partBytes) continue;
    if (archivist.needsParts(key, through)) return null;
    mayBeLarge = false;
  }
  proof.end();
  return count;
}
