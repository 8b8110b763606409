import type { Database } from "../../../sqlite/database.ts";
import { piecesFrom } from "./stream-pieces.ts";
import type { Turns } from "./turns.ts";
import type { Turn } from "../../../shared/turn.ts";

/** How often one is begun to be answered. */
export const BACKGROUND_ATTEMPTS = 3;

/** A turn that is answered without anybody waiting for it. */
export type BackgroundTurn = {
  turn_id: number;
  /** Number of attempts to answer it. */
  attempts: number;
  /** Not taken up again before then, in ms since the epoch. */
  due_at: number;
};

export function putBackground(db: Database, turn: BackgroundTurn): void {
  const { turn_id, attempts, due_at } = turn;
  db.run(
    `insert into background_turns values (?, ?, ?)
     on conflict (turn_id) do update set attempts = excluded.attempts, due_at = excluded.due_at`,
    turn_id,
    attempts,
    due_at,
  );
}

export const findBackground = (db: Database, turn: number): BackgroundTurn | null =>
  db.one<BackgroundTurn>("select * from background_turns where turn_id = ?", turn);

/** In the transaction that settles it. */
export function dropBackground(db: Database, range: readonly [number, number]): void {
  db.run("delete from background_turns where turn_id >= ? and turn_id < ?", ...range);
}

export const backgroundTurns = (db: Database): BackgroundTurn[] =>
  db.all<BackgroundTurn>("select * from background_turns order by due_at");

/** Whether a turn is tried again after its worker was lost. A turn with streamed pieces is not. */
export function isTakenUpAgain(db: Database, { id, status }: Turn): boolean {
  const known = status === "in_progress" ? findBackground(db, id) : null;
  if (!known || known.attempts >= BACKGROUND_ATTEMPTS) return false;
  return known.attempts === 0 || piecesFrom(db, id, 0).length === 0;
}

/** Whether the last turn of a session is awaited. Until an eviction, its line (`busy`) tells that, too. */
export function isLastAwaited(
  { db, turns }: { db: Database; turns: Turns },
  key: number,
  now: number,
): boolean {
  const last = turns.lastHead(key);
  return last !== null && isAwaited(db, last, now);
}

/**
 * Whether a worker is answering a turn, or will. After an eviction only its row shows it; an outside call has no token.
 */
export function isAwaited(db: Database, turn: Turn, now: number): boolean {
  const { token = "", until = 0 } = turn.extra.lease ?? {};
  return (
    turn.status === "in_progress" && ((token !== "" && until > now) || isTakenUpAgain(db, turn))
  );
}
