import { letOthersRun } from "../../../shared/let-others-run.ts";
import { isUnreadable } from "../../../shared/errors.ts";
import { turnId } from "../../../shared/ids.ts";
import { WorkSlices } from "../../../shared/work-slices.ts";
import { backupSessionKeys } from "../../store/archive/backups.ts";
import type { BackupRow, Skipped } from "../../store/archive/backups.ts";
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
import { TRIES, settledSession } from "./settled-session.ts";
import type { SettledSession } from "./settled-session.ts";

/** Bytes of compressed text after which a part ends: what a backup has in memory, and what erasing a session rewrites. */
const PART_BYTES = 8 * 1024 * 1024;
/** And past so much of it before, in UTF-16 units: what a restore has in memory, however well it is compressed. */
const PART_TEXT = 16 * 1024 * 1024;
/** How often a session is read whose turns leave meanwhile. */
const MOST_TRIES = 4 * TRIES;
/** Sessions that are looked up at a time. */
const READ_SESSIONS = 50;

/**
 * Reads sessions from `backup.next_key` on into a segment, until it is full.
 *
 * @returns `large`: the session with which it ends because that goes over several parts; nothing of it is written
 */
export async function writePart(
  parts: BackupParts,
  backup: BackupRow,
  keyId: number | null,
  now: number,
) {
  const { db, keyring } = parts;
  const writer = new SegmentWriter(
    (bytes) => keyring.seal(bytes, keyId),
    (bytes) => keyring.open(bytes),
  );
  const slices = new WorkSlices(SLICE_TEXT);
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
      next_key = key + 1;
      const session = sessionByKey(db, key);
      if (!session) continue;
      const takeBack = writer.mark();
      try {
        const turns = await addSession(parts, writer, key, { now, slices });
        if (typeof turns !== "number") {
          takeBack();
          if (turns === "gone") continue;
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
    await letOthersRun();
  }
  return { writer, ...total, next_key, skipped, large };
}

const isFull = ({ compressedBytes, textLength }: SegmentWriter): boolean =>
  compressedBytes >= PART_BYTES || textLength >= PART_TEXT;

interface Adding {
  now: number;
  /** Counts the text that is added. */
  slices: WorkSlices;
}

/** `large`: there are too many for one part. `gone`: there is no such session any more. */
type AddedTurns = number | "large" | "gone";

/**
 * Turn by turn. A live session is added as it is when its reading begins. Turns that come later are not in it, so that a
 * session with a turn every few ms is read once. One of whose turns some change meanwhile is read again. After some times it
 * is taken as it was read: each of its turns as it was, or as it is. Where turns left, it is read again a few times more.
 *
 * @returns how many turns
 */
async function addSession(
  parts: BackupParts,
  writer: SegmentWriter,
  key: number,
  adding: Adding,
): Promise<AddedTurns> {
  const { db, turns } = parts;
  const takeBack = writer.mark();
  for (let tries = 1; ; tries += 1) {
    const session = sessionByKey(db, key);
    if (!session) return "gone";
    if (session.segment !== null) return addArchived(parts, writer, session, adding);
    const added = await turns.watching(async (written) => {
      const settled = settledSession({ db, turns }, key, adding.now);
      if (!settled) return "gone";
      const isLive = () => sessionByKey(db, key)?.segment === null;
      const isSame = () => isLive() && !written.hasThrough(settled.through);
      try {
        const count = await addLive(parts, writer, key, settled, adding);
        return isSame() || (isLive() && tries >= TRIES) ? count : null;
      } catch (error) {
        // Turns that go meanwhile are fewer than were counted: the session is sound.
        if (isSame() || tries >= MOST_TRIES) throw error;
        return null;
      }
    });
    if (added !== null) return added;
    takeBack();
  }
}

async function addArchived(
  { db, archivist }: BackupParts,
  writer: SegmentWriter,
  session: SessionRow,
  { slices }: Adding,
): Promise<AddedTurns> {
  if (partsOf(db, session).length > 1) return "large";
  const proof = new LineProof();
  const count = session.turns ?? 0;
  const { versions = [] } = versionsIn(db, session.key);
  for await (const { turns: read, frames, ...record } of archivist.readParts(session)) {
    const head = { ...record, ...recordFlags(db, session.key), ...factsIn(db, session.key) };
    const begin = [sessionLine(head, count, versions.length), ...versions.map(versionLine)];
    add(writer, proof, begin);
    const lines = new TurnLines((frame) => frames?.[frame] ?? null);
    for (const turn of read) await slices.did(add(writer, proof, [lines.of(turn)]));
  }
  proof.end();
  return count;
}

async function addLive(
  { db, turns, frames, archivist }: BackupParts,
  writer: SegmentWriter,
  key: number,
  { head, versions, through, count }: SettledSession,
  { now, slices }: Adding,
): Promise<AddedTurns> {
  const proof = new LineProof();
  const begun = writer.textLength;
  const begin = [sessionLine(head, count, versions.length), ...versions.map(versionLine)];
  add(writer, proof, begin);
  const turnLines = new TurnLines((frame) => frames.text(key, frame));
  let mayBeLarge = true;
  for (const turn of spanTurns({ db, turns }, key, { after: turnId(key, 0), last: through }, now)) {
    await slices.did(add(writer, proof, [turnLines.of(turn)]));
    if (!mayBeLarge || writer.textLength - begun < archivist.partBytes) continue;
    if (archivist.needsParts(key, through)) return "large";
    mayBeLarge = false;
  }
  proof.end();
  return count;
}

/** Adds lines that are proven to be readable. @returns their length */
function add(writer: SegmentWriter, proof: LineProof, lines: string[]): number {
  proof.read(lines);
  const before = writer.textLength;
  writer.add(lines);
  return writer.textLength - before;
}
