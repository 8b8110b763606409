import { seqOf, turnId } from "../../shared/ids.ts";
import { readPart } from "../archive/backup/read-part.ts";
import { segmentKey } from "../archive/format/keys.ts";
import type { SessionRecord } from "../archive/format/record.ts";
import { sha256OfSegment } from "../archive/format/segment.ts";
import { isOthers } from "../archive/sessions/brought-facts.ts";
import { withoutErasedCalls } from "../archive/sessions/insert-record.ts";
import type { InsertParts } from "../archive/sessions/insert-record.ts";
import { partSegment } from "../archive/sessions/write-parts.ts";
import { writeSegment } from "../archive/sessions/write-segment.ts";
import type { Keyring } from "../archive/storage/keyring.ts";
import type { ObjectStore } from "../archive/storage/object-store.ts";
import type { Turn } from "../../shared/turn.ts";
import type { Database } from "../../sqlite/database.ts";
import type { SegmentRow } from "../store/archive/archives.ts";
import { stagedParts, stagedSessions } from "../store/archive/staged-parts.ts";
import type { SegmentObject, StagedSession } from "../store/archive/staged-parts.ts";
import { asFormer } from "../store/erasure/former-sessions.ts";
import { findDetails, findSession } from "../store/sessions/sessions.ts";

export type StageParts = InsertParts & { store: ObjectStore; keyring: Keyring; accountId: string };

/** A part of a session that lies in R2, and is to be staged in the transaction that notes the import's progress. */
export interface WrittenPart {
  staged: StagedSession;
  row: Omit<SegmentRow, "id" | "backup_id">;
  /** Whether all parts before it were staged, and this is the last. */
  isLast: boolean;
}

/**
 * Writes a part of a session to R2. The record loses its turns.
 *
 * @returns what is wrong, where it is not the part that comes next
 * @throws ApiError `archive_unavailable`
 */
export async function writePart(
  parts: StageParts,
  by: number,
  record: SessionRecord,
  now: number,
): Promise<WrittenPart | string> {
  const { db } = parts;
  const { session_id, part } = record;
  const count = record.turns.length;
  const { number = 1, before = 0, all = 0 } = part ?? {};
  const known = stagedSessions(db, by).find((each) => each.session_id === session_id);
  // What came after them comes again.
  const earlier = known ? stagedParts(db, known).filter((each) => (each.part ?? 0) < number) : [];
  const came = earlier.reduce((sum, { turns }) => sum + (turns ?? 0), 0);
  if (earlier.length !== number - 1 || came !== before)
    return `Part ${number} of the session came without those before it. Send the session from its first part.`;
  const staged = known ?? { import: by, key: keyFor(parts, record), session_id };
  const { key } = staged;
  const placed = record.turns.map((turn) => ({ ...turn, id: turnId(key, seqOf(turn.id)) }));
  // Each goes with its line: they may be 20 MiB.
  record.turns = [];
  const turns = drained(withoutErasedCalls(db, placed).toReversed());
  placed.length = 0;
  // All parts have the time of the first: where SQLite is lost, they are found together by it.
  const created_at = earlier[0]?.created_at ?? now;
  const object = await writeObject(parts, { ...record, key }, { count, turns }, created_at, now);
  const row = {
    ...object,
    created_at,
    part: number,
    first_key: null,
    last_key: null,
    sessions: number === 1 ? 1 : 0,
    turns: count,
    indexed: null,
  };
  return { staged, row, isLast: before + count === all };
}

/**
 * Writes the first part of a staged session once more, without the facts of its user and the versions that a hold keeps.
 * SQLite has them of an archived session, and they are erased there alone.
 *
 * @returns its object, which is deleted unless it is indexed; null where the part has none of them
 * @throws ApiError `archive_corrupt`, `archive_unavailable`
 */
export async function writeFirstWithoutFacts(
  parts: StageParts,
  staged: StagedSession,
  now: number,
): Promise<SegmentObject | null> {
  const [row] = stagedParts(parts.db, staged);
  const [record] = row ? await readPart(parts, row) : [];
  if (!row || !record) return null;
  const { turns, user_facts, versions, ...head } = record;
  if (!user_facts && !versions) return null;
  const part = { count: turns.length, turns };
  return writeObject(parts, { ...head, turns: [] }, part, row.created_at, now);
}

/** Writes a segment of one part. @param record - its turns are not looked at */
async function writeObject(
  parts: StageParts,
  record: SessionRecord,
  part: { count: number; turns: Iterable<Turn> },
  created_at: number,
  now: number,
): Promise<SegmentObject> {
  const { turns: _, frames, versions, ...head } = record;
  const key_id = await parts.keyring.current(now);
  const textOf = (frame: number) => frames?.[frame] ?? null;
  const { segment } = await partSegment(
    parts,
    { head, ...(versions && { versions }), ...part, textOf },
    key_id,
  );
  const hash = await sha256OfSegment(segment.bytes);
  const object_key = segmentKey(parts.accountId, record.accessed_at, hash, key_id !== null);
  await writeSegment(parts, object_key, { ...segment, hash }, created_at);
  const members = JSON.stringify(segment.members);
  return { object_key, bytes: segment.bytes.length, members, key_id };
}

/** @param rest - turns, the last one first. None is held after it. */
function* drained(rest: Turn[]): Generator<Turn> {
  for (let turn = rest.pop(); turn !== undefined; turn = rest.pop()) yield turn;
}

/** Its own key, where it is free; in the archive its turns have the key already under which they are searched. */
const keyFor = ({ db, sessionKeys }: StageParts, record: SessionRecord): number =>
  keptKey(db, record) ?? db.transaction(() => sessionKeys.claim(asFormer(db, record)));

/** Its key where it would replace its owner's session; null where there is none, or where that is another's. */
export function keptKey(db: Database, record: SessionRecord): number | null {
  const there = findSession(db, record.session_id);
  if (there === null) return null;
  const { user_id = null, role = null } = findDetails(db, there.key) ?? {};
  if (isOthers({ user_id, ...(role !== null && { role }) }, record)) return null;
  return asFormer(db, { ...record, key: there.key }).key;
}
