import { letOthersRun } from "../../../shared/let-others-run.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import type { Keyring } from "../storage/keyring.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { readableLine } from "../format/record.ts";
import type { ArchivedTurnLine } from "../format/record.ts";
import { parseCallId, seqOf } from "../../../shared/ids.ts";
import { parseJson } from "../../../shared/json.ts";
import type { UserFact } from "../../../shared/user-facts.ts";
import { WorkSlices } from "../../../shared/work-slices.ts";
import { emptiedContent } from "../../../shared/erased-turn.ts";
import {
  SLICE_TEXT,
  SegmentWriter,
  checkedMembers,
  openMember,
  parseMembers,
} from "../format/segment.ts";
import type { Member, Open, Segment } from "../format/segment.ts";
import { NO_DAMAGE, membersOf, planDamage } from "./damaged-members.ts";
import type { DamagePlan } from "./damaged-members.ts";
import type { ArchivedPlaces } from "./archived-places.ts";
import type { GoneSessions } from "./gone-sessions.ts";
import { whyUnreadable } from "./read-archive.ts";

/** Bytes of members that are copied before other calls run: copying hashes them. */
const SLICE_COPIED = 1024 * 1024;

/** A turn by its session's id and its number there: a backup may have it under an older key. */
export interface ErasedTurn {
  session_id: string;
  seq: number;
}

/** A turn's line, without its content where it has that number. */
function emptiedLine(line: string, seq: number): string {
  const { shown: _, ...turn } = parseJson(line) as ArchivedTurnLine;
  if (seqOf(parseCallId(turn.call_id) ?? 0) !== seq) return line;
  return JSON.stringify({ ...turn, ...emptiedContent({ ...turn, extra: turn.extra ?? {} }) });
}

/** A session's line, without the facts that came from the turn with that number. */
function withoutFactsOf(line: string, seq: number): string {
  const session = parseJson(line) as { user_facts?: UserFact[] };
  const kept = session.user_facts?.filter((fact) => fact.seq !== seq);
  if (kept?.length === session.user_facts?.length) return line;
  return JSON.stringify({ ...session, user_facts: kept?.length ? kept : undefined });
}

export interface Rewritten {
  segment: Segment;
  /** What it is encrypted with. Damaged members keep the old key: they cannot be opened. */
  keyId: number | null;
  /** Sessions that begin in what is left of it, and its turns. */
  sessions: number;
  turns: number;
  /** Sessions with values out of bounds that were brought inside. */
  repaired: string[];
}

/**
 * A segment written again without some sessions, and with all values within bounds. Members keep their numbers, so that
 * the rows of the others need not change.
 *
 * @param newKeyId - what it is to be encrypted with; null for not at all
 * @param erased - a turn whose content goes; its line stays
 * @param begins - the members in which the sessions that go begin, by their ids: no other is opened but those that follow.
 * Null where that is not known, and where all values are to be brought within bounds
 * @param places - where sessions begin, for members that are damaged; null: a damaged member is refused
 * @returns null when nothing is left in it, `unchanged` when it is as it shall be
 */
export async function rewriteWithout(
  parts: { store: ObjectStore; keyring: Keyring },
  old: SegmentRow,
  gone: GoneSessions,
  newKeyId: number | null,
  erased: ErasedTurn | null = null,
  begins: ReadonlyMap<string, number> | null = null,
  places: (() => Promise<ArchivedPlaces>) | null = null,
): Promise<Rewritten | "unchanged" | null> {
  const { store, keyring } = parts;
  const members = parseMembers(old.members);
  const open = (stored: Uint8Array) => keyring.open(stored);
  const { stored, damage } = await readStored(store, old, members, { gone, open, places });
  const isKept = [...damage.members.values()].includes("keep");
  const keyId = isKept ? old.key_id : newKeyId;
  // Another key opens every member, and so does damage.
  const isWhole = damage.members.size === 0;
  const opened = isWhole && keyId === old.key_id && begins ? new Set(begins.values()) : null;
  const unseen = new Set(begins?.keys());
  const writer = new SegmentWriter((bytes) => keyring.seal(bytes, keyId), open);
  const copied = new WorkSlices(SLICE_COPIED);
  const parsed = new WorkSlices(SLICE_TEXT);
  let inside = false;
  let current = "";
  const repaired = new Set<string>();
  const left = { sessions: 0, turns: 0 };
  // A later part of a session counts as none.
  let isEmpty = opened === null && !isKept;
  let changed = keyId !== old.key_id;
  for (const [index, member] of stored.entries()) {
    const damaged = damage.members.get(index);
    if (damaged) {
      // Lines that follow are of the last session in it.
      inside = damaged === "empty";
      current = "";
      changed ||= inside;
      if (inside) writer.rewrite([]);
      else writer.keepDamaged(member, members[index] as Member);
      continue;
    }
    if (opened && !inside && !opened.has(index)) {
      writer.copy(member);
      await copied.did(member.length);
      continue;
    }
    // One text at a time is in memory, and other calls run in between.
    await letOthersRun();
    const text = openMember(member, open);
    const lines = text.split("\n").filter((line) => line !== "");
    const kept: string[] = [];
    for (const line of lines) {
      await parsed.did(line.length);
      const { type, session, isFirst, text: whole } = readableLine(line);
      if (session) {
        current = session.session_id;
        inside = gone.has(current, session) || damage.cut.has(current);
        unseen.delete(current);
      }
      if (inside) continue;
      isEmpty = false;
      if (isFirst) left.sessions += 1;
      if (type === "turn") left.turns += 1;
      if (whole !== line) repaired.add(current);
      if (current !== erased?.session_id) kept.push(whole);
      else if (type === "session") kept.push(withoutFactsOf(whole, erased.seq));
      else kept.push(type === "turn" ? emptiedLine(whole, erased.seq) : whole);
    }
    const isSame = kept.length === lines.length && kept.every((line, at) => line === lines[at]);
    changed ||= !isSame;
    if (isSame && keyId === old.key_id) writer.copy(member);
    else writer.rewrite(kept);
  }
  // A row that names another member keeps nothing from being erased.
  if (opened && unseen.size > 0)
    return rewriteWithout(parts, old, gone, newKeyId, erased, null, places);
  if (isEmpty) return null;
  return changed
    ? { segment: writer.finish(), keyId, ...left, repaired: [...repaired] }
    : "unchanged";
}

/** The bytes of a segment's members, and what becomes of damaged ones. */
async function readStored(
  store: ObjectStore,
  { object_key }: SegmentRow,
  members: readonly Member[],
  {
    gone,
    open,
    places,
  }: { gone: GoneSessions; open: Open; places: (() => Promise<ArchivedPlaces>) | null },
): Promise<{ stored: Uint8Array[]; damage: DamagePlan }> {
  try {
    const stored = await store.read(object_key, (bytes) => checkedMembers(bytes, members));
    return { stored, damage: NO_DAMAGE };
  } catch (error) {
    if (places === null || whyUnreadable(error) !== "damaged") throw error;
    // R2, or the way there, may fail once: it is read again.
    const found = membersOf(await store.readCopies(object_key), members);
    const refuse = () => error;
    const damage = await planDamage(found, await places(), { gone, open, refuse });
    return { stored: found.map(({ bytes }) => bytes), damage };
  }
}
