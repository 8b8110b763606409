import { ApiError } from "../../../shared/errors.ts";
import type { Database } from "../../../sqlite/database.ts";
import {
  nextToIndex,
  noteDamaged,
  noteIndexed,
  wordsMissing,
} from "../../store/archive/archived-words.ts";
import { partIn } from "../../store/archive/session-parts.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { JOURNAL } from "../../store/sessions/session-flags.ts";
import { findSession, sessionByKey } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { dropOldIndex, dropOldVolumes, indexedSeq } from "../../store/turns/index-version.ts";
import { indexArchivedParts, indexArchivedTurns } from "../../store/turns/indexed-turns.ts";
import { mergeSegments } from "../../store/turns/index-merges.ts";
import { SearchPieces } from "../../store/turns/search-pieces.ts";
import { keyOf, seqOf } from "../../../shared/ids.ts";
import { searchedText } from "../../../shared/searched-text.ts";
import type { Turn } from "../../../shared/turn.ts";
import { parseMembers } from "../format/segment.ts";
import type { Member } from "../format/segment.ts";
import type { Keyring } from "../storage/keyring.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { SegmentTurns } from "./segment-turns.ts";
import type { SegmentTurn } from "./segment-turns.ts";

export interface ArchiveIndexerParts {
  db: Database;
  store: ObjectStore;
  keyring: Keyring;
  onError: (error: unknown, about: Record<string, string | number>) => void;
}

/** What trying again does not mend: `reindex` does, after the operator has. */
const UNREADABLE: ReadonlySet<string> = new Set(["archive_corrupt", "archive_locked"]);

interface Walk {
  segment: number;
  objectKey: string;
  members: Member[];
  /** The next member to read. */
  member: number;
  turns: SegmentTurns;
}

/**
 * Puts the words of archived sessions into the search index, a member of a segment at a time: 64 KiB of lines, or one
 * turn. Each step is a transaction of its own, so that a crash costs one session's members at most. See
 * docs/decisions/0031.
 */
export class ArchiveIndexer {
  readonly #parts: ArchiveIndexerParts;
  /** Not those of the searches: erasures and archiving wait for a step, which must not wait for searches. */
  readonly #pieces = new SearchPieces();
  #walk: Walk | null = null;

  constructor(parts: ArchiveIndexerParts) {
    this.#parts = parts;
  }

  /**
   * Indexes the next member. A damaged or locked archive is left out, and does not keep the others from being indexed.
   * Call it in `account.archiving`: an erasure must not come in between.
   *
   * @returns whether there is more
   * @throws ApiError `archive_unavailable` while R2 is away
   */
  async step(): Promise<boolean> {
    const { db, onError } = this.#parts;
    await dropOldVolumes(db);
    if (db.transaction(() => dropOldIndex(db))) this.#walk = null;
    const segment = nextToIndex(db);
    if (!segment) return false;
    try {
      await this.#index(segment);
    } catch (error) {
      // What was read of it is not written: the next step begins where the last transaction ended.
      this.#walk = null;
      if (!(error instanceof ApiError) || !UNREADABLE.has(error.code)) throw error;
      onError(error, { object_key: segment.object_key });
      noteDamaged(db, segment.id);
    }
    return wordsMissing(db).isPending;
  }

  async #index(segment: SegmentRow): Promise<void> {
    const { db, store, keyring } = this.#parts;
    if (this.#lacksPartBefore(segment.id)) {
      // It is tried again with that part, which is damaged.
      noteDamaged(db, segment.id);
      this.#walk = null;
      return;
    }
    const walk = this.#walkOf(segment);
    const member = walk.members[walk.member];
    const read = member
      ? walk.turns.read(
          await store.readMember(segment.object_key, member, (bytes) => keyring.open(bytes)),
        )
      : [];
    walk.member += 1;
    await this.#pieces.next();
    for (const [, turns] of this.#written(segment.id, read))
      for (const turn of turns) {
        const text = searchedText(turn);
        while (!db.transaction(() => indexArchivedParts(db, turn.id, text))) await this.#merge();
      }
    const isLast = walk.member >= walk.members.length;
    db.transaction(() => {
      this.#write(segment.id, read);
      if (isLast) noteIndexed(db, segment.id, null);
      else if (walk.turns.isBetweenSessions) noteIndexed(db, segment.id, walk.member);
    });
    if (isLast) this.#walk = null;
    await this.#merge();
  }

  /** What the last transaction left to merge. */
  async #merge(): Promise<void> {
    const { db } = this.#parts;
    do await this.#pieces.next();
    while (db.transaction(() => mergeSegments(db)));
  }

  #walkOf({ id, object_key, members, indexed }: SegmentRow): Walk {
    const isSame = this.#walk?.segment === id && this.#walk.objectKey === object_key;
    if (this.#walk && isSame) return this.#walk;
    this.#walk = {
      segment: id,
      objectKey: object_key,
      members: parseMembers(members),
      member: indexed ?? 0,
      turns: new SegmentTurns(),
    };
    return this.#walk;
  }

  /** An index is complete up to a turn: without the part before there is nothing to add to. */
  #lacksPartBefore(segment: number): boolean {
    const place = partIn(this.#parts.db, segment);
    const session = place && sessionByKey(this.#parts.db, place.key);
    if (!session || (session.flags & JOURNAL) !== 0) return false;
    return indexedSeq(session.indexed) < place.before;
  }

  #write(segment: number, read: readonly SegmentTurn[]): void {
    for (const [session, turns] of this.#written(segment, read))
      indexArchivedTurns(this.#parts.db, session.key, turns);
  }

  /** The turns to index. A session that has come back, or was archived again, has its words from elsewhere. */
  #written(segment: number, read: readonly SegmentTurn[]): [SessionRow, Turn[]][] {
    const bySession = Map.groupBy(read, ({ session_id }) => session_id);
    return [...bySession].flatMap(([sessionId, turns]): [SessionRow, Turn[]][] => {
      const session = findSession(this.#parts.db, sessionId);
      if (!session || (session.flags & JOURNAL) !== 0) return [];
      const { key } = session;
      const indexed = indexedSeq(session.indexed);
      const place = partIn(this.#parts.db, segment);
      if (place ? place.key !== key : session.segment !== segment) return [];
      const final = turns.filter(({ turn, isLast }) => turn.status === "completed" || !isLast);
      const fresh = final.filter(({ turn: { id } }) => keyOf(id) === key && seqOf(id) > indexed);
      return [[session, fresh.map(({ turn }) => turn)]];
    });
  }
}
