import { turnId } from "../../../shared/ids.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { nextSpan } from "../../store/turns/turn-spans.ts";
import { backupPrefix, segmentName } from "../format/keys.ts";
import { partHead } from "../format/record-lines.ts";
import { corrupt } from "../format/record.ts";
import { sha256OfSegment } from "../format/segment.ts";
import type { Segment } from "../format/segment.ts";
import { factsIn, recordFlags, versionsIn } from "../sessions/record-head.ts";
import { spanTurns } from "../sessions/live-record.ts";
import { partSegment } from "../sessions/write-parts.ts";
import { writeSegment } from "../sessions/write-segment.ts";
import type { BackupParts } from "./backup-parts.ts";
import { TRIES, settledSession } from "./settled-session.ts";

/** A part of a backup that lies in R2. */
export interface WrittenPart {
  object_key: string;
  bytes: number;
  /** JSON, see `parseMembers`. */
  members: string;
  /** The first part of a session counts as the session. */
  sessions: number;
  turns: number;
}

/**
 * Writes a session that is too large for one part of a backup to several, one after the other. One part is in memory at
 * a time, and other calls run in between.
 *
 * @throws ApiError `archive_corrupt` where the session cannot be read
 */
export function writeLargeSession(
  parts: BackupParts,
  backupId: string,
  session: SessionRow,
  key_id: number | null,
  now: number,
): Promise<WrittenPart[]> {
  return parts.turns.watching(async (changed) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await writeOnce(parts, backupId, session, key_id, now);
      } catch (error) {
        if (tries === TRIES || !changed.has(session.key)) throw error;
      }
    }
  });
}

async function writeOnce(
  parts: BackupParts,
  backupId: string,
  session: SessionRow,
  key_id: number | null,
  now: number,
): Promise<WrittenPart[]> {
  const written: WrittenPart[] = [];
  const read = session.segment === null ? liveParts : archivedParts;
  for await (const { segment, turns } of read(parts, session, key_id, now)) {
    const object = await writeSegmentOf(parts, backupId, segment, key_id, now);
    written.push({ ...object, sessions: written.length === 0 ? 1 : 0, turns });
  }
  return written;
}

/** Writes a part of a backup to R2, where it is verified. Its deletion is scheduled until it is indexed. */
export async function writeSegmentOf(
  parts: BackupParts,
  backupId: string,
  segment: Segment,
  key_id: number | null,
  now: number,
): Promise<Omit<WrittenPart, "sessions" | "turns">> {
  const hash = await sha256OfSegment(segment.bytes);
  const name = segmentName(hash, key_id !== null);
  const object_key = `${backupPrefix(parts.accountId, backupId)}${name}`;
  await writeSegment(parts, object_key, { ...segment, hash }, now);
  return { object_key, bytes: segment.bytes.length, members: JSON.stringify(segment.members) };
}

interface PartSegment {
  segment: Segment;
  turns: number;
}

/** Its turns up to the last one that is settled now. One that changes meanwhile is there as it was, or as it is. */
async function* liveParts(
  parts: BackupParts,
  { key }: SessionRow,
  key_id: number | null,
  now: number,
): AsyncGenerator<PartSegment> {
  const { db, turns, frames, archivist } = parts;
  const settled = settledSession({ db, turns }, key, now);
  if (!settled) return;
  const { head, versions, through, count: all } = settled;
  let before = 0;
  let after = turnId(key, 0);
  for (let number = 1; after < through; number += 1) {
    const span = nextSpan(db, { after, through, bytes: archivist.partBytes });
    if (!span) break;
    const { segment } = await partSegment(
      parts,
      {
        head: partHead(head, { number, before, all }),
        ...(number === 1 && { versions }),
        count: span.turns,
        turns: spanTurns({ db, turns }, key, { after, last: span.last }, now),
        textOf: (frame) => frames.text(key, frame),
      },
      key_id,
    );
    yield { segment, turns: span.turns };
    before += span.turns;
    after = span.last;
  }
  if (before !== all) throw corrupt("its turns changed meanwhile");
}

/** The parts that it has in its archive. */
async function* archivedParts(
  parts: BackupParts,
  session: SessionRow,
  key_id: number | null,
): AsyncGenerator<PartSegment> {
  const { db, archivist } = parts;
  const { key } = session;
  const all = session.turns ?? 0;
  const { versions = [] } = versionsIn(db, key);
  const own = { ...recordFlags(db, key), ...factsIn(db, key) };
  let number = 0;
  let before = 0;
  for await (const { turns, frames, ...record } of archivist.readParts(session)) {
    number += 1;
    const { segment } = await partSegment(
      parts,
      {
        head: partHead({ ...record, ...own }, { number, before, all }),
        ...(number === 1 && { versions }),
        count: turns.length,
        turns,
        textOf: (frame) => frames?.[frame] ?? null,
      },
      key_id,
    );
    yield { segment, turns: turns.length };
    before += turns.length;
  }
  if (before !== all) throw corrupt("its parts hold other turns than its row counts");
}
