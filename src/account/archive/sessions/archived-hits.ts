import { ApiError } from "../../../shared/errors.ts";
import { keyOf, parseCallId } from "../../../shared/ids.ts";
import { isObject } from "../../../shared/json-merge-patch.ts";
import { parseJson } from "../../../shared/json.ts";
import { findSegment } from "../../store/archive/archives.ts";
import { readWhereItLies } from "../../store/archive/read-where-it-lies.ts";
import { partsOf } from "../../store/archive/session-parts.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { sessionByKey } from "../../store/sessions/sessions.ts";
import type { SearchPieces } from "../../store/turns/search-pieces.ts";
import { archivedHit, hitsOf } from "../../store/turns/search-hits.ts";
import type { SearchHit } from "../../store/turns/search-hits.ts";
import { excerptOf } from "../format/line-excerpt.ts";
import type { TurnExcerpt } from "../format/line-excerpt.ts";
import { parseLine, turnOf } from "../format/record.ts";
import { parseMembers } from "../format/segment.ts";
import type { Member } from "../format/segment.ts";
import type { ReadArchiveParts } from "./read-archive.ts";

/** Hits whose members are read from R2 at once: as many connections as an object has. */
const READS_TOGETHER = 6;

/** In UTF-16 units. Of a longer line only the beginnings of its texts are parsed. */
const LONG_LINE = 64 * 1024;
/** In bytes, compressed. A larger member holds a long line. */
const LARGE_MEMBER = 256 * 1024;
/** How a turn's line begins, as it is written: its id is read without the rest. */
const TURN_LINE = /^\{"type":"turn","call_id":"([^"\\]+)"/;

type Parts = ReadArchiveParts & {
  search: { pieces: SearchPieces };
  onError: (error: unknown, about: Record<string, string | number>) => void;
};

/**
 * The hits, with role, time and snippet of the archived ones. Only the members that hold these turns are read from R2.
 * What cannot be read stays without.
 *
 * @param phrases - what was looked for, see `phrasesIn`
 */
export async function withArchivedTexts(
  parts: Parts,
  hits: readonly SearchHit[],
  phrases: readonly string[][],
): Promise<SearchHit[]> {
  const members = new Members(parts);
  const all: SearchHit[] = [];
  let isAway = false;
  const read = async (hit: SearchHit): Promise<SearchHit> => {
    if (hit.status === "live" || isAway) return hit;
    try {
      return await textOf(parts, members, hit, phrases);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      isAway ||= error.code === "archive_unavailable";
      parts.onError(error, { hit: hit.session_id });
      return hit;
    }
  };
  for (let from = 0; from < hits.length; from += READS_TOGETHER)
    all.push(...(await Promise.all(hits.slice(from, from + READS_TOGETHER).map(read))));
  return all;
}

/** Of a session that came back meanwhile, as it is then. */
const textOf = (
  parts: Parts,
  members: Members,
  hit: SearchHit,
  phrases: readonly string[][],
): Promise<SearchHit> =>
  readWhereItLies(parts.db, keyOf(hit.turn_id), () => readText(parts, members, hit, phrases));

async function readText(
  { db, search }: Parts,
  members: Members,
  hit: SearchHit,
  phrases: readonly string[][],
): Promise<SearchHit> {
  const session = sessionByKey(db, keyOf(hit.turn_id));
  const place = session && partsOf(db, session).find(({ last }) => hit.turn_id <= last);
  const segment = place ? findSegment(db, place.segment) : null;
  // It is live.
  if (!segment || !place)
    return (await hitsOf(db, [hit.turn_id], phrases, search.pieces))[0] ?? hit;
  let turn: TurnExcerpt | null;
  try {
    turn = await members.find(segment, place.member, hit.turn_id);
  } catch (error) {
    // Rewritten meanwhile, because another session in it was erased.
    const now = findSegment(db, segment.id);
    if (!now || now.object_key === segment.object_key) throw error;
    turn = await members.find(now, place.member, hit.turn_id);
  }
  return turn ? archivedHit(hit, turn, phrases) : hit;
}

/** What is known of a member's turns: their ids, and the one that is looked for. */
interface Look {
  ids: number[];
  turn: TurnExcerpt | null;
}

/** Members of segments. Each is read once, but for those that take tens of MB: these are read one after the other. */
class Members {
  readonly #parts: Parts;
  readonly #places = new Map<string, Member[]>();
  readonly #lines = new Map<string, Promise<Map<number, string>>>();
  #lastLarge: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * A turn by its id. A segment's turns are in the order of their ids, so that one in a long session is found by halving.
   *
   * @param first - the member in which its session begins, and most sessions end
   */
  async find(segment: SegmentRow, first: number, id: number): Promise<TurnExcerpt | null> {
    let [low, high, at] = [first, this.#placesOf(segment).length - 1, first];
    while (low <= high) {
      const { ids, turn } = await this.#look(segment, at, id);
      if (turn) return turn;
      // It holds the beginning of a session and no turn, or an erasure emptied it: this does not tell which way to go.
      if (ids.length === 0) return this.#scan(segment, [low, high], id);
      if (id > Math.max(...ids)) low = at + 1;
      else high = at - 1;
      at = (low + high) >> 1;
    }
    return null;
  }

  async #scan(
    segment: SegmentRow,
    [low, high]: readonly [number, number],
    id: number,
  ): Promise<TurnExcerpt | null> {
    for (let at = low; at <= high; at += 1) {
      const { ids, turn } = await this.#look(segment, at, id);
      if (turn) return turn;
      if (ids.length > 0 && Math.min(...ids) > id) return null;
    }
    return null;
  }

  async #look(segment: SegmentRow, at: number, id: number): Promise<Look> {
    const [, length = 0] = this.#placesOf(segment)[at] ?? [];
    const look = async (reading: Promise<Map<number, string>>): Promise<Look> => {
      const lines = await reading;
      const line = lines.get(id);
      return { ids: [...lines.keys()], turn: line === undefined ? null : await this.#turnIn(line) };
    };
    if (length <= LARGE_MEMBER) return look(this.#read(segment, at));
    const mine = () => look(this.#readLines(segment, at));
    const result = this.#lastLarge.then(mine, mine);
    this.#lastLarge = result;
    return result;
  }

  async #turnIn(text: string): Promise<TurnExcerpt | null> {
    const { pieces } = this.#parts.search;
    if (text.length <= LONG_LINE) {
      const { line } = parseLine(text);
      return line.type === "turn" ? turnOf(line, {}, undefined) : null;
    }
    const excerpt = excerptOf(text);
    // Others run between reading and looking at it, and before its text is looked at.
    for (;;) {
      await pieces.next();
      const step = excerpt.next();
      if (!step.done) continue;
      await pieces.next();
      return step.value;
    }
  }

  #placesOf({ object_key, members }: SegmentRow): Member[] {
    const places = this.#places.get(object_key) ?? parseMembers(members);
    this.#places.set(object_key, places);
    return places;
  }

  #read(segment: SegmentRow, at: number): Promise<Map<number, string>> {
    const name = `${segment.object_key} ${at}`;
    const lines = this.#lines.get(name) ?? this.#readLines(segment, at);
    this.#lines.set(name, lines);
    return lines;
  }

  /** The lines of a member's turns, by their ids. */
  async #readLines(segment: SegmentRow, at: number): Promise<Map<number, string>> {
    const { store, keyring, search } = this.#parts;
    const found = new Map<number, string>();
    const member = this.#placesOf(segment)[at];
    if (!member) return found;
    const text = await store.readMember(segment.object_key, member, (bytes) => keyring.open(bytes));
    await search.pieces.next();
    for (const line of text.split("\n")) {
      const id = line === "" ? null : idIn(line);
      if (id !== null) found.set(id, line);
    }
    return found;
  }
}

/** The id of a line's turn; null where the line is a session's. Parsing takes tens of ms for the longest. */
function idIn(line: string): number | null {
  const head = TURN_LINE.exec(line)?.[1];
  if (head !== undefined) return parseCallId(head);
  const parsed: unknown = parseJson(line);
  return isObject(parsed) && parsed["type"] === "turn" && typeof parsed["call_id"] === "string"
    ? parseCallId(parsed["call_id"])
    : null;
}
