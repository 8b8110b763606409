import { seqOf, turnId } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import { WorkSlices } from "../../../shared/work-slices.ts";
import type { Database } from "../../../sqlite/database.ts";
import { heldVersions } from "../../store/sessions/held-versions.ts";
import { sessionByKey } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { settledTurn } from "../../store/turns/stream-pieces.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import { LINE_BYTES, longTextBytes, nextSpan, systemBytes } from "../../store/turns/turn-spans.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { SLICE_TEXT } from "../format/segment.ts";
import { versionLine } from "../format/record-lines.ts";
import type { ArchivedTurns } from "../sessions/archived-turns.ts";
import type { Archivist } from "../sessions/archivist.ts";

/** JSON that a part has at most, for each byte of text that it may have: an import takes 26 MiB where an archive has 16. */
const JSON_SHARE = 1.5;
/** Bytes that JSON in UTF-8 takes for a UTF-16 unit, or for a byte in UTF-8, at most. */
const UNIT_BYTES = 6;

/** Turns whose sizes are measured together. */
const READ_TURNS = 16;

interface SpanParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  archivist: Archivist;
}

/** Turns of a part: the seq of the last, and how many. */
export interface PartSpan {
  last: number;
  turns: number;
}

/** The turns after one, through another. */
interface Between {
  after: number;
  through: number;
}

/**
 * The turns of the part of an export that begins after `seq`, of a session up to `through`. A session is cut as its archive
 * is, and further where an import would not take the JSON: that of its turns, of their system messages and, in the first
 * part, of the versions that a hold keeps. Others run meanwhile: they may archive the session, which is measured again then.
 *
 * @param archiveOf - null: the session is live
 * @returns null where there are no turns, or the session is gone
 */
export async function nextTurnSpan(
  parts: SpanParts,
  archiveOf: (session: SessionRow) => ArchivedTurns | null,
  key: number,
  { seq, through }: { seq: number; through: number },
): Promise<PartSpan | null> {
  const { db, archivist } = parts;
  const between = { after: turnId(key, seq), through: turnId(key, through) };
  for (;;) {
    const session = sessionByKey(db, key);
    if (!session) return null;
    const bytes = archivist.partBytes * JSON_SHARE - (seq === 0 ? versionBytes(db, key) : 0);
    const archive = archiveOf(session);
    if (archive) return archivedSpan(archive, between, bytes);
    const span = await liveSpan(parts, key, between, bytes);
    if (sessionByKey(db, key)?.segment === null) return span;
  }
}

async function archivedSpan(
  archive: ArchivedTurns,
  { after, through }: Between,
  bytes: number,
): Promise<PartSpan | null> {
  const [next] = await archive.reading((read) => read("asc", after + 1, 1));
  const record = next ? await archive.partWith(next.id) : null;
  const own = (record?.turns ?? []).filter(({ id }) => id > after && id <= through);
  const systems = Object.values(record?.frames ?? {});
  const slices = new WorkSlices(SLICE_TEXT);
  let units = systems.reduce((sum, { length }) => sum + length, 0);
  for (const turn of own) {
    const length = unitsOf(turn);
    units += length;
    await slices.did(length);
  }
  const fitting = new FittingSpan(bytes, (frame) => record?.frames?.[frame] ?? null);
  const isShort = units * UNIT_BYTES <= bytes;
  for (const turn of own) {
    const size = isShort ? 0 : jsonBytes(turn);
    if (!fitting.takes(turn, size)) break;
    await slices.did(size);
  }
  return fitting.span;
}

async function liveSpan(
  { db, turns, frames, archivist }: SpanParts,
  key: number,
  between: Between,
  bytes: number,
): Promise<PartSpan | null> {
  const span = nextSpan(db, { ...between, bytes: archivist.partBytes });
  if (span === null) return null;
  const { last } = span;
  const isShort = span.bytes * UNIT_BYTES <= bytes;
  const systems = isShort ? systemBytes(db, key, { ...between, through: last }) : Infinity;
  if ((span.bytes + systems) * UNIT_BYTES <= bytes) return { last: seqOf(last), turns: span.turns };
  const fitting = new FittingSpan(bytes, (frame) => frames.text(key, frame));
  const slices = new WorkSlices(SLICE_TEXT);
  for (let { after } = between; after < last;) {
    const next = { after, through: last };
    const some = nextSpan(db, { ...next, bytes: SLICE_TEXT, most: READ_TURNS });
    if (some === null) break;
    const long = longTextBytes(db, { after, through: some.last });
    const page = { order: "asc", from: after + 1, limit: some.turns, heads: true } as const;
    // An answer that was cut off has its pieces then: more than it may have when it is written.
    for (const turn of turns.list(key, page).map((each) => settledTurn(db, each, Infinity))) {
      const size = jsonBytes(turn) + (long.get(turn.id) ?? 0);
      if (!fitting.takes(turn, size)) return fitting.span;
      await slices.did(size);
    }
    after = some.last;
  }
  return fitting.span;
}

/** The first turns that have so many bytes of JSON together, at most; one at least. */
class FittingSpan {
  readonly #textOf: (frame: number) => string | null;
  readonly #systems = new Set<number>();
  #left: number;
  span: PartSpan | null = null;

  constructor(bytes: number, textOf: (frame: number) => string | null) {
    this.#left = bytes;
    this.#textOf = textOf;
  }

  /** @returns whether the next turn, which has so many bytes, is one of them */
  takes(turn: Turn, bytes: number): boolean {
    this.#left -= bytes + this.#newSystemBytes(turn);
    if (this.span && this.#left < 0) return false;
    this.span = { last: seqOf(turn.id), turns: (this.span?.turns ?? 0) + 1 };
    return true;
  }

  /** Of a system message, the first time that a turn of the part has it. */
  #newSystemBytes({ frame }: Turn): number {
    if (frame === undefined || this.#systems.has(frame)) return 0;
    this.#systems.add(frame);
    return jsonBytes(this.#textOf(frame));
  }
}

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Bytes of the lines of the versions that a hold keeps. */
const versionBytes = (db: Database, key: number): number =>
  heldVersions(db, key).reduce((sum, version) => sum + Buffer.byteLength(versionLine(version)), 0);

/** The length of its texts, without the work of making JSON of them. */
const unitsOf = ({ input, output, extra }: Turn): number =>
  LINE_BYTES + lengthOf(input) + lengthOf(output) + lengthOf(extra);

const lengthOf = (value: unknown): number =>
  typeof value === "string" ? value.length : JSON.stringify(value).length;
