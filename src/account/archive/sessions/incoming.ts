import { seqOf } from "../../../shared/ids.ts";
import { sortedJson } from "../../../shared/json.ts";
import type { Turn } from "../../../shared/turn.ts";
import { markTurns } from "../../store/archive/imports.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { SessionRecord } from "../format/record.ts";
import type { ImportParts, ImportRecordOptions, RecordImportResult } from "./bring.ts";
import type { BroughtSession } from "./brought-facts.ts";
import { insertRecord } from "./insert-record.ts";
import type { CurrentSession } from "./live-record.ts";
import { mergeRecord } from "./merge-record.ts";

/** A session that comes from outside, and how it is written. */
export interface Incoming extends BroughtSession {
  /** Whether its turn at that place, from 0, is the one that is there. */
  isAt: (place: number, there: Turn) => boolean;
  /**
   * In a transaction: writes the session.
   *
   * @param head - its own, or one that keeps something of what is there
   * @param by - the import; null for none
   * @returns its key
   */
  insert: (head: Incoming["head"], by: number | null) => number;
  /** In a transaction: adds its missing turns to what is there. */
  merge: (
    there: CurrentSession,
    comeBack: () => SessionRow,
    options: ImportRecordOptions,
  ) => RecordImportResult;
}

/** A session that is in memory. */
export function wholeIncoming(parts: ImportParts, record: SessionRecord): Incoming {
  const { turns, ...head } = record;
  // A record without times got those of its first import, so its times differ now.
  const content = record.untimed ? contentWithoutTime : contentOfTurn;
  const isAlike = (place: number, there: Turn, text: (turn: Turn) => string): boolean => {
    const turn = turns[place];
    return turn !== undefined && text(turn) === text(there);
  };
  return {
    head,
    turns: turns.length,
    isAt: (place, there) => isAlike(place, there, content),
    asksAt: (place, there) => isAlike(place, there, questionOfTurn),
    seqAt: (place) => turns[place] && seqOf(turns[place].id),
    insert: (own, by) => {
      const key = insertRecord(parts, { ...own, turns });
      const last = turns.at(-1);
      if (by !== null)
        markTurns(parts.db, key, [{ first: 1, last: last ? seqOf(last.id) : 0, import: by }], by);
      return key;
    },
    merge: (there, comeBack, options) => mergeRecord(parts, there, comeBack, record, options),
  };
}

/** All of a turn, whatever key its session has. */
export const contentOfTurn = (turn: Turn): string => sortedJson({ ...turn, id: seqOf(turn.id) });

const contentWithoutTime = (turn: Turn): string => contentOfTurn({ ...turn, created_at: 0 });

/** Input and time of a turn. */
export const questionOfTurn = ({ created_at, input }: Turn): string =>
  `${created_at} ${sortedJson(input)}`;
