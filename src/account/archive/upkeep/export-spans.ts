import { seqOf, turnId } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { heldVersions } from "../../store/sessions/held-versions.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import { LINE_BYTES, nextSpan, systemBytes } from "../../store/turns/turn-spans.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { versionLine } from "../format/record-lines.ts";
import type { ArchivedTurns } from "../sessions/archived-turns.ts";
import type { Archivist } from "../sessions/archivist.ts";
import { spanTurns } from "../sessions/live-record.ts";

/** JSON that a part has at most, for each byte of text that it may have: an import takes 26 MiB where an archive has 16. */
const JSON_SHARE = 1.5;
/** Bytes that JSON in UTF-8 takes for a UTF-16 unit, or for a byte in UTF-8, at most. */
const UNIT_BYTES = 6;

interface SpanParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  archivist: Archivist;
}

/** Turns of a part: the seq of the last, and how many. */
interface PartSpan {
  last: number;
  turns: number;
}

/**
 * The turns of the part of an export that begins after `seq`, of a session up to `through`. A session is cut as its archive
 * is, and further where an import would not take the JSON: that of its turns, of their system messages and, in the first
 * part, of the versions that a hold keeps.
 *
 * @param archive - null: the session is live
 * @returns null where there are no turns
 */
export async function nextTurnSpan(
  parts: SpanParts,
  archive: ArchivedTurns | null,
  key: number,
  { seq, through }: { seq: number; through: number },
): Promise<PartSpan | null> {
  const { db, archivist } = parts;
  const bytes = archivist.partBytes * JSON_SHARE - (seq === 0 ? versionBytes(db, key) : 0);
  if (archive === null)
    return liveSpan(parts, key, { after: turnId(key, seq), through: turnId(key, through) }, bytes);
  const [next] = await archive.reading((read) => read("asc", turnId(key, seq + 1), 1));
  const record = next ? await archive.partWith(next.id) : null;
  const own = (record?.turns ?? []).filter(({ id }) => seqOf(id) > seq && seqOf(id) <= through);
  const textOf = (frame: number) => record?.frames?.[frame] ?? null;
  const systems = Object.values(record?.frames ?? {}).map(({ length }) => length);
  const units = [...own.map(unitsOf), ...systems].reduce((sum, each) => sum + each, 0);
  return fittingSpan(own, textOf, units * UNIT_BYTES <= bytes ? Infinity : bytes);
}

function liveSpan(
  { db, turns, frames, archivist }: SpanParts,
  key: number,
  between: { after: number; through: number },
  bytes: number,
): PartSpan | null {
  const span = nextSpan(db, { ...between, bytes: archivist.partBytes });
  if (span === null) return null;
  const { after } = between;
  const { last } = span;
  const isShort = span.bytes * UNIT_BYTES <= bytes;
  const all = isShort ? span.bytes + systemBytes(db, key, { after, through: last }) : Infinity;
  if (all * UNIT_BYTES <= bytes) return { last: seqOf(last), turns: span.turns };
  // An answer that was cut off has its pieces then: more than it may have when it is written.
  const own = spanTurns({ db, turns }, key, { after, last }, Infinity);
  return fittingSpan(own, (frame) => frames.text(key, frame), bytes);
}

/** The first turns that have so many bytes of JSON together, at most; one at least. */
function fittingSpan(
  turns: Iterable<Turn>,
  textOf: (frame: number) => string | null,
  bytes: number,
): PartSpan | null {
  const systems = new Set<number>();
  let left = bytes;
  const span = { last: 0, turns: 0 };
  for (const turn of turns) {
    if (left !== Infinity) left -= jsonBytes(turn) + newSystemBytes(turn, systems, textOf);
    if (span.turns > 0 && left < 0) return span;
    span.last = seqOf(turn.id);
    span.turns += 1;
  }
  return span.turns === 0 ? null : span;
}

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Of a system message, the first time that a turn of the part has it. */
function newSystemBytes(
  { frame }: Turn,
  known: Set<number>,
  textOf: (frame: number) => string | null,
): number {
  if (frame === undefined || known.has(frame)) return 0;
  known.add(frame);
  return jsonBytes(textOf(frame));
}

/** Bytes of the lines of the versions that a hold keeps. */
const versionBytes = (db: Database, key: number): number =>
  heldVersions(db, key).reduce((sum, version) => sum + Buffer.byteLength(versionLine(version)), 0);

/** The length of its texts, without the work of making JSON of them. */
const unitsOf = ({ input, output, extra }: Turn): number =>
  LINE_BYTES + lengthOf(input) + lengthOf(output) + lengthOf(extra);

const lengthOf = (value: unknown): number =>
  typeof value === "string" ? value.length : JSON.stringify(value).length;
