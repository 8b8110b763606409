import { ApiError } from "../../shared/errors.ts";
import { callId as callIdOf, keyOf } from "../../shared/ids.ts";
import type { Turn } from "../../shared/turn.ts";
import { settledView } from "../../shared/turn.ts";
import type { Order, Page, PageQuery } from "../../sqlite/keyset-page.ts";
import { readWhereItLies } from "../store/archive/read-where-it-lies.ts";
import { archivedSessions } from "../store/calls/archived-sessions.ts";
import { findCall } from "../store/calls/calls.ts";
import type { CallFilter } from "../store/calls/calls.ts";
import { findDetails, sessionByKey } from "../store/sessions/sessions.ts";
import type { SessionRow } from "../store/sessions/sessions.ts";
import { settledTurn } from "../store/turns/stream-pieces.ts";
import { callOf } from "./call.ts";
import type { Call } from "./call.ts";
import type { ReadParts } from "./read.ts";

/** Archives that one page reads. Each is a read from R2, so a page may end before it is full. */
const MAX_READ_SESSIONS = 50;
/** Turns of an archive that are looked at together. */
const READ_TURNS = 16;

export interface ArchivedCallPage extends Page<Call> {
  /** Continues the list, also after a page of no call; null after the last. */
  next: string | null;
}

/**
 * Calls of archived sessions, read where they lie. One archive that is damaged leaves the others alone.
 *
 * @throws ApiError `archive_unavailable` while R2 is away
 */
export async function listArchivedCalls(
  parts: ReadParts,
  filter: CallFilter,
  { limit, order, after }: Pick<PageQuery, "limit" | "order" | "after">,
  now: number,
): Promise<ArchivedCallPage> {
  const cursor = after === undefined ? null : findCall(parts.db, after);
  const isNext = ({ id }: Turn) => cursor === null || (order === "asc" ? id > cursor : id < cursor);
  const sessions = archivedSessions(parts.db, filter, {
    order,
    from: cursor === null ? null : keyOf(cursor),
    limit: MAX_READ_SESSIONS + 1,
  });
  const data: Call[] = [];
  let scanned: Turn | null = null;
  for (const session of sessions.slice(0, MAX_READ_SESSIONS)) {
    const userId = findDetails(parts.db, session.key)?.user_id ?? null;
    const from = cursor !== null && keyOf(cursor) === session.key ? cursor : null;
    for await (const turn of turnsIn(parts, session, { order, from, now })) {
      if (!isNext(turn)) continue;
      const call = callOf(turn, session.session_id, userId);
      const isShown = !isErased(turn) && matches(call, filter);
      if (isShown && data.length === limit)
        return { data, has_more: true, next: scanned && callIdOf(scanned.id) };
      if (isShown) data.push(call);
      scanned = turn;
    }
  }
  const has_more = sessions.length > MAX_READ_SESSIONS && scanned !== null;
  return { data, has_more, next: has_more && scanned !== null ? callIdOf(scanned.id) : null };
}

interface TurnsFrom {
  order: Order;
  from: number | null;
  now: number;
}

/**
 * The turns of an archived session from one on, a part at a time, also where it comes back meanwhile: then a question may be
 * on its way. What is damaged or erased has none.
 */
async function* turnsIn(
  { db, archivist, turns: live }: ReadParts,
  session: SessionRow,
  { order, from: begin, now }: TurnsFrom,
): AsyncGenerator<Turn> {
  const { key } = session;
  let archive = { segment: session.segment, turns: archivist.turnsOf(session) };
  for (let from = begin; ;) {
    const turns = await readWhereItLies(db, key, () => {
      const there = sessionByKey(db, key);
      if (!there) return [];
      const { segment } = there;
      if (segment === null) {
        const stored = live.list(key, { order, from, limit: READ_TURNS });
        return stored.map((turn) => settledTurn(db, turn, now));
      }
      if (segment !== archive.segment) archive = { segment, turns: archivist.turnsOf(there) };
      return archive.turns.reading((read) =>
        read(order, from, READ_TURNS).map((turn) => settledView(turn, Infinity)),
      );
    }).catch(orDamaged);
    yield* turns;
    const last = turns.at(-1);
    if (!last) return;
    from = last.id + (order === "asc" ? 1 : -1);
  }
}

function orDamaged(error: unknown): Turn[] {
  if (error instanceof ApiError && error.code === "archive_corrupt") return [];
  throw error;
}

/** As a live call that was erased: no item is left of it. */
const isErased = ({ input, extra }: Turn): boolean =>
  extra.response?.deleted === true && typeof input !== "string" && input.length === 0;

function matches(
  call: Call,
  { model, provider, status, from, to, policy_outcome }: CallFilter,
): boolean {
  const names = [call.model, `${call.provider}/${call.model}`];
  return (
    (model === undefined || names.includes(model)) &&
    (provider === undefined || call.provider === provider) &&
    (status === undefined || call.status === status) &&
    (from === undefined || call.created_at >= from) &&
    (to === undefined || call.created_at < to) &&
    (policy_outcome === undefined || (call.policy_outcome ?? "none") === policy_outcome)
  );
}
