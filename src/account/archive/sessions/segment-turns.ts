import type { Turn } from "../../../shared/turn.ts";
import { parseLine, turnOf } from "../format/record.ts";

/** A turn as a segment holds it. */
export interface SegmentTurn {
  session_id: string;
  turn: Turn;
  /** The session's last turn. */
  isLast: boolean;
}

/**
 * Reads a segment's turns, a member at a time. It holds no session as a whole, however long that is. Members that a
 * rewriting emptied are no fault: their sessions are erased.
 */
export class SegmentTurns {
  #sessionId: string | null = null;
  /** Turns of the session that are to come. */
  #left = 0;
  /** Turns that later parts of the session have. */
  #later = 0;

  /** Whether the next member begins with a session. */
  get isBetweenSessions(): boolean {
    return this.#left === 0;
  }

  /** @throws ApiError `archive_corrupt` when a line is not what was written */
  read(text: string): SegmentTurn[] {
    const found: SegmentTurn[] = [];
    for (const each of text.split("\n")) {
      if (each === "") continue;
      const { line } = parseLine(each);
      if (line.type === "session") {
        this.#sessionId = line.session_id;
        this.#left = line.turns;
        const { before = 0, all = line.turns } = line.part ?? {};
        this.#later = all - before - line.turns;
      } else if (line.type === "turn" && this.#sessionId !== null) {
        this.#left -= 1;
        const turn = turnOf(line, {}, undefined);
        found.push({ session_id: this.#sessionId, turn, isLast: this.#left + this.#later === 0 });
      }
    }
    return found;
  }
}
