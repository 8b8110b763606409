import { seqOf, turnId } from "../../../shared/ids.ts";
import type { Database } from "../../../sqlite/database.ts";
import { ARCHIVE, insertSegment, recordStaleCopy } from "../../store/archive/archives.ts";
import { putCall } from "../../store/calls/calls.ts";
import { erasedAt, findSession } from "../../store/sessions/sessions.ts";
import { JOURNAL, flagsOf } from "../../store/sessions/session-flags.ts";
import { summed } from "../../store/usage/analytics.ts";
import type { DailyCounts } from "../../store/usage/analytics.ts";
import { countsOfTurn } from "../../store/usage/count-turns.ts";
import { tallyFound } from "../../store/usage/roll-up.ts";
import { RecordReader, corrupt } from "../format/record.ts";
import type { SessionRecord } from "../format/record.ts";
import { sha256 } from "../../../shared/sha256.ts";
import { readIndex, readMember } from "../format/segment.ts";
import type { Member } from "../format/segment.ts";
import { insertArchivedRecord } from "../sessions/insert-archived.ts";
import type { InsertParts } from "../sessions/insert-record.ts";
import type { BackupParts } from "../backup/backup-parts.ts";

type FindParts = BackupParts & InsertParts;

/** A session, or a part of one, in a segment that SQLite does not know. */
interface FoundRecord {
  record: Omit<SessionRecord, "turns">;
  turns: number;
  first_seq: number;
  last_seq: number;
  /** Ids that callers gave its calls, and their places. */
  calls: [id: string, seq: number][];
  member: number;
  daily: DailyCounts[];
}

/** A segment that SQLite does not know. */
export interface FoundSegment {
  object: R2Object;
  members: Member[];
  found: FoundRecord[];
}

export const writtenAt = ({ customMetadata, uploaded }: R2Object): number =>
  Number(customMetadata?.["created_at"] ?? uploaded.getTime());

/** @throws ApiError `archive_corrupt` unless every byte is as it was written */
export async function readSegment(
  { store, keyring }: FindParts,
  object: R2Object,
): Promise<FoundSegment> {
  const open = (stored: Uint8Array) => keyring.open(stored);
  const offset = Number(object.customMetadata?.["index_offset"]);
  if (!Number.isInteger(offset)) throw corrupt("it lacks the offset of its index");
  const hash = object.customMetadata?.["index_sha256"];
  return store.read(object.key, (bytes) => {
    // Unknown of those that were written before format 3.
    if (hash !== undefined && sha256(bytes.subarray(offset)) !== hash)
      throw corrupt("its index has another checksum");
    const members = readIndex(bytes, offset, open);
    return { object, members, found: recordsIn(bytes, members, open) };
  });
}

function recordsIn(
  bytes: Uint8Array,
  members: readonly Member[],
  open: (stored: Uint8Array) => Uint8Array,
): FoundRecord[] {
  const reader = new RecordReader(null);
  const found = members.flatMap((member, index) => {
    const text = readMember(bytes.subarray(member[0], member[0] + member[1]), member, open);
    return reader.readAll(text, index).map(({ record: { turns, ...record }, member: begins }) => ({
      record,
      turns: turns.length,
      first_seq: seqOf(turns[0]?.id ?? 0),
      last_seq: seqOf(turns.at(-1)?.id ?? 0),
      calls: turns.flatMap(({ id, extra }): [string, number][] =>
        extra.call?.id === undefined ? [] : [[extra.call.id, seqOf(id)]],
      ),
      member: begins,
      daily: summed(turns.map((turn) => countsOfTurn(turn, record.assistant ?? null))),
    }));
  });
  reader.end();
  return found;
}

/** Puts the parts of sessions together that were archived over several segments. */
export class LooseParts {
  readonly #sets = new Map<string, FoundSegment[]>();

  /** @returns the segments that can be indexed now; null while parts are missing */
  add(segment: FoundSegment): FoundSegment[] | null {
    const { record } = segment.found[0] ?? {};
    if (!record?.part) return [segment];
    const name = `${writtenAt(segment.object)} ${nameOf(segment)}`;
    const set = inOrder([...(this.#sets.get(name) ?? []), segment]);
    this.#sets.set(name, set);
    if (!isWhole(set, record.part.all)) return null;
    this.#sets.delete(name);
    return set;
  }

  /** Takes the sets that are whole, where of each part the newest is taken: one may have been written once more. */
  takeMixed(): FoundSegment[][] {
    const mixed = Map.groupBy([...this.#sets.values()].flat(), nameOf);
    const whole = [...mixed.values()].map(newestOfEach).filter((set) => isWhole(set, allOf(set)));
    const taken = new Set(whole.flat());
    for (const [name, set] of this.#sets)
      this.#sets.set(
        name,
        set.filter((segment) => !taken.has(segment)),
      );
    return whole;
  }

  /** Parts without the others. */
  left(): FoundSegment[][] {
    return [...this.#sets.values()];
  }
}

/** The same for all parts of a session, whenever they were written. */
function nameOf({ found }: FoundSegment): string {
  const { session_id, key, part } = (found[0] as FoundRecord).record;
  return `${part?.all} ${key} ${session_id}`;
}

const inOrder = (set: readonly FoundSegment[]): FoundSegment[] =>
  set.toSorted((a, b) => numberOf(a) - numberOf(b));

function newestOfEach(set: readonly FoundSegment[]): FoundSegment[] {
  const oldestFirst = set.toSorted((a, b) => writtenAt(a.object) - writtenAt(b.object));
  const newest = new Map(oldestFirst.map((segment) => [numberOf(segment), segment]));
  return inOrder([...newest.values()]);
}

const allOf = ([first]: readonly FoundSegment[]): number => first?.found[0]?.record.part?.all ?? 0;

const numberOf = ({ found }: FoundSegment): number => found[0]?.record.part?.number ?? 0;

function isWhole(set: readonly FoundSegment[], all: number): boolean {
  let before = 0;
  for (const [index, segment] of set.entries()) {
    const { record, turns } = segment.found[0] as FoundRecord;
    if (record.part?.number !== index + 1 || record.part.before !== before) return false;
    before += turns;
  }
  return before === all;
}

/** Whether the session of these parts is there, or was erased: then they are old copies of it. */
export function isKnown(db: Database, [first]: readonly FoundSegment[]): boolean {
  const id = first?.found[0]?.record.session_id ?? "";
  return erasedAt(db, id) !== null || findSession(db, id) !== null;
}

/**
 * Indexes a segment, or all that hold the parts of one session, in a transaction. What was erased is taken out of them.
 *
 * @returns how many sessions they gave
 */
export async function takeSegments(
  parts: FindParts,
  segments: readonly FoundSegment[],
): Promise<number> {
  const { db, keyring, counters, archivist } = parts;
  const erased = new Set<string>();
  const taken = db.transaction(() => {
    counters.changing();
    const ids = segments.map(({ object, members }) =>
      insertSegment(db, {
        ...ARCHIVE,
        object_key: object.key,
        bytes: object.size,
        members: JSON.stringify(members),
        created_at: writtenAt(object),
        key_id: object.key.endsWith(".enc") ? (keyring.rows().at(-1)?.id ?? null) : null,
      }),
    );
    // The parts of one session are one; each of them has its head.
    const [first] = segments;
    const sessions = (first?.found ?? []).filter(({ record: { session_id } }) => {
      if (erasedAt(db, session_id) !== null) {
        erased.add(session_id);
        return false;
      }
      const current = findSession(db, session_id);
      if (current) for (const id of ids) recordStaleCopy(db, current.key, id);
      return !current;
    });
    const own = sessions.filter((found) => insertFound(parts, found, segments, ids));
    const bytes = segments.reduce((sum, { object }) => sum + object.size, 0);
    counters.archivesChanged(own.length, bytes);
    return { ids, sessions: sessions.length };
  });
  if (erased.size > 0) for (const id of taken.ids) await archivist.rewriteSegment(id, erased);
  return taken.sessions;
}

/** In a transaction. @returns whether it is one of the account's own sessions */
function insertFound(
  parts: FindParts,
  { record, turns, calls, member, daily }: FoundRecord,
  segments: readonly FoundSegment[],
  ids: readonly number[],
): boolean {
  const rest = record.part === undefined ? [] : segments.flatMap(({ found }) => found);
  const { key, isOwn } = insertArchivedRecord(parts, record, {
    turns: record.part?.all ?? turns,
    segment: ids[0] as number,
    member,
    parts: rest.map(({ first_seq, last_seq }, index) => ({
      segment: ids[index] as number,
      first_seq,
      last_seq,
    })),
  });
  for (const [id, seq] of rest.length > 0 ? rest.flatMap((each) => each.calls) : calls)
    putCall(parts.db, id, turnId(key, seq));
  if ((flagsOf(record.session_id) & JOURNAL) === 0)
    tallyFound(parts.db, rest.length > 0 ? rest.flatMap((each) => each.daily) : daily);
  return isOwn;
}
