import type { Database } from "../../../sqlite/database.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import { snapshots } from "../../store/retention/retention.ts";
import { statesOf } from "../../store/sessions/session-state.ts";
import { afterTurnsOf, firstTurnOf } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { settledTurn } from "../../store/turns/stream-pieces.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { factsIn, recordHead, versionsIn } from "./record-head.ts";
import { framesOf } from "../format/frames.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { SessionRecord } from "../format/record.ts";
import { settledView } from "../../../shared/turn.ts";

/** Turns that are read together. */
const READ_TURNS = 16;

/** What is there of a session. Its turns are read as they are asked for. */
export interface CurrentSession {
  head: Omit<SessionRecord, "turns">;
  turns: () => Iterable<Turn>;
}

/** An archived session, as it was read before the transaction that compares or changes it. */
export interface ArchivedSession extends CurrentSession {
  /** Whether its turns can still be read. */
  isThere: (session: SessionRow) => boolean;
  /** In a transaction: makes the session live. */
  comeBack: (session: SessionRow, now: number) => void;
}

/** A live session, a page of turns in memory at a time. Null: there is none. */
export function openLive(parts: LiveParts, key: number): CurrentSession | null {
  const head = liveHead(parts, key);
  return head && { head, turns: () => liveTurns(parts, key) };
}

/** A live session's turns, or those of an archived one that are in SQLite. */
export const liveTurns = (parts: Pick<LiveParts, "db" | "turns">, key: number): Generator<Turn> =>
  spanTurns(parts, key, { after: firstTurnOf(key), last: afterTurnsOf(key) - 1 }, Date.now());

/**
 * A live session's turns, read as they are asked for. Those that are gone meanwhile are missing.
 *
 * @param at - turns whose lease ended before are abandoned
 */
export function* spanTurns(
  { db, turns }: Pick<LiveParts, "db" | "turns">,
  key: number,
  { after, last }: { after: number; last: number },
  at: number,
): Generator<Turn> {
  for (let from = after + 1; from <= last;) {
    const page: Turn[] = turns
      .list(key, { order: "asc", from, limit: READ_TURNS })
      .filter(({ id }) => id <= last);
    if (page.length === 0) return;
    for (const turn of page) yield settledTurn(db, turn, at);
    from = (page.at(-1)?.id ?? last) + 1;
  }
}

/** Pages of a live session's turns up to one of them, without long texts that do not lie in their rows. */
export function* liveHeads({ turns }: LiveParts, key: number, through: number): Generator<Turn[]> {
  for (let from: number | null = null; ;) {
    const page: Turn[] = turns
      .list(key, { order: "asc", from, limit: READ_TURNS, heads: true })
      .filter(({ id }) => id <= through);
    const last = page.at(-1);
    if (!last) return;
    yield page.map((turn) => settledView(turn, Date.now()));
    from = last.id + 1;
  }
}

/** A live session without its turns and their frames. */
export function liveHead({ db }: LiveParts, key: number): Omit<SessionRecord, "turns"> | null {
  const [snapshot] = snapshots(db, [key]);
  if (!snapshot) return null;
  return {
    ...recordHead(snapshot, statesOf(db, [key]).get(key)),
    ...versionsIn(db, key),
    ...factsIn(db, key),
  };
}

interface LiveParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
}

/** A live session as a record. Only for one that is known to be small, such as one that was just brought. */
export function liveRecord(parts: LiveParts, key: number): SessionRecord | null {
  const live = openLive(parts, key);
  if (!live) return null;
  const all = [...live.turns()];
  return { ...live.head, turns: all, frames: framesOf(parts.frames, key, all) };
}
