import { keyOf } from "../../shared/ids.ts";
import type { Message } from "../../shared/items.ts";
import { MINUTE_MS } from "../../shared/time.ts";
import type { Database } from "../../sqlite/database.ts";
import { findDetails, findSession, firstTurnOf, putDetails } from "../store/sessions/sessions.ts";
import type { Turns } from "../store/turns/turns.ts";
import { isAnswered } from "./window.ts";
import { turnMessages } from "../../shared/turn.ts";

/** Number of turns that must leave the window after a summary before the next one is written. */
export const SUMMARY_TURNS = 4;
/** Text that one summary reads at most, in UTF-16 units; the next one continues there. */
const READ_LENGTH = 200_000;
const READ_TURNS = 100;
/** Longer ones are cut. */
const SUMMARY_LENGTH = 8_000;
/** How long a worker may take for a summary before another one may begin. */
const WRITING_MS = 2 * MINUTE_MS;

/** Input of the model that writes the next version of a session's running summary. */
export interface SummaryWork {
  previous: string | null;
  /** Messages after the previous summary, oldest first. */
  messages: Message[];
  /** The last turn that it will cover. */
  through: number;
}

/** The running summaries: one writer at a time for each session, and each version covers more turns than the one before. */
export class Summaries {
  readonly #db: Database;
  readonly #turns: Turns;
  readonly #writing = new Map<string, number>();

  constructor(db: Database, turns: Turns) {
    this.#db = db;
    this.#turns = turns;
  }

  /**
   * @param left - the last turn that left the window. @returns null when there is nothing to do, or another worker does
   * it
   */
  begin(sessionId: string, left: number, now: number): SummaryWork | null {
    const session = findSession(this.#db, sessionId);
    if (!session || session.segment !== null || keyOf(left) !== session.key) return null;
    const { summary = null, summary_turn = null } = findDetails(this.#db, session.key) ?? {};
    const covered = summary_turn ?? firstTurnOf(session.key);
    const busyUntil = this.#writing.get(sessionId) ?? 0;
    if (left - covered < SUMMARY_TURNS || busyUntil > now) return null;
    const messages: Message[] = [];
    let through = covered;
    let length = 0;
    for (const turn of this.#turns.list(session.key, {
      order: "asc",
      from: covered + 1,
      limit: Math.min(READ_TURNS, left - covered),
    })) {
      const said = isAnswered(turn) ? turnMessages(turn) : [];
      length += said.reduce((sum, { content }) => sum + content.length, 0);
      if (length > READ_LENGTH && messages.length > 0) break;
      messages.push(...said);
      through = turn.id;
    }
    this.#writing.set(sessionId, now + WRITING_MS);
    return { previous: summary, messages, through };
  }

  /** One row. A version that covers no more than the stored one changes nothing; null for one that could not be written. */
  end(sessionId: string, through: number, text: string | null): void {
    this.#writing.delete(sessionId);
    const session = findSession(this.#db, sessionId);
    if (text === null || !session || keyOf(through) !== session.key) return;
    const covered = findDetails(this.#db, session.key)?.summary_turn ?? 0;
    if (through <= covered) return;
    const summary = text.slice(0, SUMMARY_LENGTH).toWellFormed();
    putDetails(this.#db, session.key, { summary, summary_turn: through });
  }
}
