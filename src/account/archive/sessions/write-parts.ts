import { WorkSlices } from "../../../shared/work-slices.ts";
import { seqOf, turnId } from "../../../shared/ids.ts";
import { messageCount } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import { ARCHIVE } from "../../store/archive/archives.ts";
import type { Archived, Snapshot } from "../../store/retention/retention.ts";
import type { HeldVersion } from "../../store/sessions/held-versions.ts";
import { statesOf } from "../../store/sessions/session-state.ts";
import { nextSpan } from "../../store/turns/turn-spans.ts";
import { segmentKey } from "../format/keys.ts";
import { LineProof } from "../format/line-proof.ts";
import { partHead, sessionLine, versionLine } from "../format/record-lines.ts";
import { TurnLines, corrupt } from "../format/record.ts";
import type { SessionHead } from "../format/record.ts";
import { SLICE_TEXT, SegmentWriter, sha256OfSegment } from "../format/segment.ts";
import type { Segment } from "../format/segment.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { checkDetails } from "./check-details.ts";
import { countLostAnswers, partBytes } from "./compress-sessions.ts";
import type { CompressParts } from "./compress-sessions.ts";
import type { WrittenSegment } from "./move-to-archive.ts";
import { spanTurns } from "./live-record.ts";
import { recordHead } from "./record-head.ts";
import { writeSegment } from "./write-segment.ts";

/** A session in several segments, all of which lie in R2. */
export interface WrittenParts {
  archived: Archived;
  segments: [WrittenSegment, ...WrittenSegment[]];
}

/**
 * Writes a session that is too large for one segment to several, one after the other. One part is in memory at a time.
 * Other calls run in between: `moveToArchive` takes nothing of a session that changed meanwhile.
 *
 * @throws ApiError `archive_corrupt` where the lines cannot be read back, `archive_unavailable`
 */
export async function writeParts(
  parts: CompressParts & { accountId: string; store: ObjectStore },
  snapshot: Snapshot,
  key_id: number | null,
  now: number,
): Promise<WrittenParts> {
  const { db, turns } = parts;
  const { key, last_accessed_at } = snapshot;
  const isIndexed = await parts.keepWords([key]);
  const state = statesOf(db, [key]).get(key);
  checkDetails(snapshot, state);
  const head = recordHead(snapshot, state);
  const all = turns.countOf(key);
  const through = snapshot.last_id ?? 0;
  const bytes = partBytes(parts);
  const segments: WrittenSegment[] = [];
  const sum = { turns: 0, messages: 0 };
  for (let after = turnId(key, 0); after < through;) {
    const span = nextSpan(db, { after, through, bytes });
    if (!span) break;
    const part = { number: segments.length + 1, before: sum.turns, all };
    const written = await writePart(
      parts,
      {
        head: partHead(head, part),
        count: span.turns,
        turns: spanTurns(parts, key, { after, last: span.last }, Number.POSITIVE_INFINITY),
        textOf: (frame) => parts.frames.text(key, frame),
      },
      { at: last_accessed_at, key_id, now },
    );
    segments.push({
      row: { ...written.row, ...(isIndexed && { indexed: null }) },
      first_seq: seqOf(after) + 1,
      last_seq: seqOf(span.last),
    });
    sum.turns += span.turns;
    sum.messages += written.messages;
    after = span.last;
  }
  const [first, ...rest] = segments;
  if (!first || sum.turns !== all) throw corrupt("its turns changed meanwhile");
  sum.messages -= countLostAnswers(parts, key);
  return { archived: { snapshot, member: 0, ...sum }, segments: [first, ...rest] };
}

/**
 * Writes a part to R2. Nothing of it is in memory after that.
 *
 * @param about.at - the last access of its session
 */
async function writePart(
  parts: Pick<CompressParts, "db" | "keyring"> & { accountId: string; store: ObjectStore },
  part: PartTurns,
  { at, key_id, now }: { at: number; key_id: number | null; now: number },
): Promise<{ row: WrittenSegment["row"]; messages: number }> {
  const { segment, messages } = await partSegment(parts, part, key_id);
  const hash = await sha256OfSegment(segment.bytes);
  const object_key = segmentKey(parts.accountId, at, hash, key_id !== null);
  await writeSegment(parts, object_key, { ...segment, hash }, now);
  const members = JSON.stringify(segment.members);
  const bytes = segment.bytes.length;
  return { row: { ...ARCHIVE, object_key, bytes, members, created_at: now, key_id }, messages };
}

/** Turns of a session that make a part of it. */
interface PartTurns {
  head: SessionHead;
  /** Only the first part has some. */
  versions?: readonly HeldVersion[];
  count: number;
  turns: Iterable<Turn>;
  /** The text of a frame of its turns. */
  textOf: (frame: number) => string | null;
}

/** Turn by turn, so that a large part needs little more memory than its segment. */
export async function partSegment(
  { keyring }: Pick<CompressParts, "keyring">,
  { head, versions = [], count, turns, textOf }: PartTurns,
  key_id: number | null,
): Promise<{ segment: Segment; messages: number }> {
  const writer = new SegmentWriter(
    (stored) => keyring.seal(stored, key_id),
    (stored) => keyring.open(stored),
  );
  const proof = new LineProof();
  const add = (line: string) => {
    proof.read([line]);
    writer.add([line]);
  };
  add(sessionLine(head, count, versions.length));
  for (const version of versions) add(versionLine(version));
  const lines = new TurnLines(textOf);
  const slices = new WorkSlices(SLICE_TEXT);
  const rest = turns[Symbol.iterator]();
  let messages = 0;
  // In a function, so that no turn and no line is held while it is compressed: each may be 20 MiB.
  const addNext = (): number | null => {
    const next = rest.next();
    if (next.done) return null;
    const line = lines.of(next.value);
    messages += messageCount(next.value);
    add(line);
    return line.length;
  };
  for (let length = addNext(); length !== null; length = addNext()) await slices.did(length);
  proof.end();
  return { segment: writer.finish(), messages };
}
