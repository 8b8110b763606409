import { ApiError } from "../../shared/errors.ts";
import { keyOf } from "../../shared/ids.ts";
import { previousNotFound, responseInProgress } from "../../shared/not-found-errors.ts";
import type { Principal } from "../../shared/principal.ts";
import { isVisible, settledView } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";
import type { Database } from "../../sqlite/database.ts";
import { mayReach } from "../store/sessions/session-access.ts";
import { sessionByKey } from "../store/sessions/sessions.ts";
import type { SessionRow } from "../store/sessions/sessions.ts";
import type { Turns } from "../store/turns/turns.ts";
import type { TurnReader } from "./read-messages.ts";
import { isAnswered } from "./window.ts";

/** How many failed turns may follow a turn that is still the last one to continue. */
const MAX_FAILED_AFTER = 20;
const PARAM = "previous_response_id";

/** An archived session, read where it lies. Each method throws an ApiError when it cannot be read. */
export interface ArchiveReader {
  find: (turn: number) => Promise<Turn | null>;
  /** @param work - only reads: it runs once more for each part of the archive that it needs */
  reading: <T>(work: (read: TurnReader) => T) => Promise<T>;
  head: () => Promise<{ state?: Record<string, unknown> | undefined }>;
}

export interface PreviousTurnParts {
  db: Database;
  turns: Turns;
  clock: () => number;
  /** Brings an archived session back. @throws ApiError when it cannot */
  restore: (sessionId: string, now: number) => Promise<unknown>;
  archiveOf: (session: SessionRow) => ArchiveReader;
  /** Writes the session's begun turn. */
  flush: (sessionId: string) => void;
}

/**
 * The session of a turn that a request continues. Brings an archived session back.
 *
 * @throws ApiError when there is no such turn for the caller, or it has no answer to continue
 */
export async function findPrevious(
  parts: PreviousTurnParts,
  turn_id: number,
  caller: Principal | null,
  now: number,
): Promise<SessionRow> {
  const { session_id, segment } = sessionOfPrevious(parts.db, turn_id, caller);
  if (segment === null) return readPrevious(parts, turn_id, caller);
  await parts.restore(session_id, now);
  return findPrevious(parts, turn_id, caller, now);
}

/**
 * The session of a turn that a request continues. An archived session stays in its archive.
 *
 * @throws ApiError as {@link findPrevious} does
 */
export async function readPrevious(
  { db, turns, clock, archiveOf, flush }: Omit<PreviousTurnParts, "restore">,
  turn_id: number,
  caller: Principal | null,
): Promise<SessionRow> {
  const session = sessionOfPrevious(db, turn_id, caller);
  flush(session.session_id);
  const stored =
    session.segment === null ? turns.get(turn_id) : await archiveOf(session).find(turn_id);
  if (!stored || stored.extra.response?.deleted) throw previousNotFound();
  const turn = settledView(stored, clock());
  if (turn.status === "in_progress") throw responseInProgress(PARAM);
  if (isVisible(turn)) return session;
  throw new ApiError(
    "invalid_request",
    "A failed response cannot be continued. Resend its input with the previous response's id.",
    { param: PARAM },
  );
}

function sessionOfPrevious(db: Database, turn_id: number, caller: Principal | null): SessionRow {
  const session = sessionByKey(db, keyOf(turn_id));
  if (!session || !mayReach(db, caller, session.key)) throw previousNotFound();
  return session;
}

/** Whether no turn with a visible answer follows, and none that may get one. */
export function isLastTurn(
  { turns, clock }: Pick<PreviousTurnParts, "turns" | "clock">,
  turn_id: number,
): boolean {
  const page = { order: "asc", from: turn_id + 1, limit: MAX_FAILED_AFTER, heads: true } as const;
  const after = turns.list(keyOf(turn_id), page);
  return (
    after.length < MAX_FAILED_AFTER &&
    after.every((turn) => hasNoVisibleAnswer(settledView(turn, clock())))
  );
}

const hasNoVisibleAnswer = (turn: Turn): boolean =>
  turn.status !== "in_progress" && !isAnswered(turn);
