import { ApiError } from "../shared/errors.ts";
import { keyOf } from "../shared/ids.ts";
import type { Item } from "../shared/items.ts";
import { parseItemId, placedItems } from "../openai/responses/item.ts";
import { checkItemsSize } from "../openai/responses/items-size.ts";
import type { InputItem } from "../openai/responses/item-input.ts";
import type { Piece } from "../openai/responses/response-pieces.ts";
import { readWhereItLies } from "./store/archive/read-where-it-lies.ts";
import { isAwaited, isTakenUpAgain } from "./store/turns/background-turns.ts";
import { mayReach } from "./store/sessions/session-access.ts";
import { itemNotFound, responseInProgress, responseNotFound } from "../shared/not-found-errors.ts";
import { findSession, sessionByKey } from "./store/sessions/sessions.ts";
import type { SessionRow } from "./store/sessions/sessions.ts";
import { piecesFrom, settledTurn } from "./store/turns/stream-pieces.ts";
import { SECOND_MS } from "../shared/time.ts";
import type { AccountServices } from "./account-services.ts";
import type { Principal } from "../shared/principal.ts";
import { isVisible } from "../shared/turn.ts";
import type { Turn } from "../shared/turn.ts";

/** How long a follower waits for something new before it asks again. */
const FOLLOW_MS = 10 * SECOND_MS;

/** A turn where it stands. */
export interface FoundTurn {
  session_id: string;
  turn: Turn;
}

export interface Followed extends FoundTurn {
  /** New pieces as JSON lists; none once the turn is settled, because the turn holds them all. */
  pieces: Piece[];
}

/** The session that a request goes on with. */
interface ShownSession {
  key: number;
  /** The turn that the request continues from. Later turns belong to another branch. */
  previous_turn_id?: number | undefined;
}

const isShown = (turn: number, { key, previous_turn_id = Infinity }: ShownSession): boolean =>
  keyOf(turn) === key && turn <= previous_turn_id;

/** Responses as they are read while they are made, and after. */
export class Responses {
  readonly #account: () => AccountServices;
  /** Waiting readers, by turn. */
  readonly #followers = new Map<number, Set<() => void>>();

  constructor(account: () => AccountServices) {
    this.#account = account;
  }

  /** An archived session's is read where it lies. @throws ApiError `response_not_found` */
  async find(caller: Principal | null, turnId: number, now: number): Promise<FoundTurn> {
    const { session, turn } = await this.#locate(caller, turnId, now);
    if (turn.extra.response?.deleted) throw responseNotFound();
    return { session_id: session.session_id, turn };
  }

  /**
   * The turn that the session waits for. Null when there is none, or no such session for the caller: a client asks this of
   * a chat that has not begun.
   */
  current(caller: Principal | null, sessionId: string, now: number): FoundTurn | null {
    const { db, turns, lifecycle } = this.#account();
    lifecycle.flush(sessionId);
    const session = findSession(db, sessionId);
    if (!session || session.segment !== null || !mayReach(db, caller, session.key)) return null;
    const turn = turns.last(session.key);
    if (!turn || turn.extra.call || !isAwaited(db, turn, now)) return null;
    return { session_id: sessionId, turn };
  }

  /** The turn, and the pieces of its answer from a number on: at once where there are any, else once there are. */
  async follow(
    caller: Principal | null,
    turnId: number,
    from: number,
    clock: () => number,
  ): Promise<Followed> {
    const look = async (): Promise<Followed> => {
      const found = await this.find(caller, turnId, clock());
      const isOver = found.turn.status !== "in_progress";
      return { ...found, pieces: isOver ? [] : piecesFrom(this.#account().db, turnId, from) };
    };
    const seen = await look();
    if (seen.pieces.length > 0 || seen.turn.status !== "in_progress") return seen;
    await this.#news(turnId);
    return look();
  }

  /** Something new has come of the turn. @returns whether a reader waited for it */
  tell(turnId: number): boolean {
    const waiting = this.#followers.get(turnId);
    this.#followers.delete(turnId);
    const isFollowed = waiting !== undefined && waiting.size > 0;
    for (const wake of waiting ?? []) wake();
    return isFollowed;
  }

  /**
   * Resolves item references to their items. Items that the target session has already are left out: its window shows
   * them.
   *
   * @param session - null for a new one
   * @throws ApiError `item_not_found`
   */
  async resolve(
    caller: Principal | null,
    items: readonly InputItem[],
    session: ShownSession | null,
    now: number,
    field = "input",
  ): Promise<Item[]> {
    const resolved: Item[] = [];
    for (const [index, item] of items.entries()) {
      const param = `${field}.${index}.id`;
      if (item.type !== "item_reference") {
        resolved.push(item);
        continue;
      }
      const place = parseItemId(item.id);
      if (!place) throw itemNotFound(param);
      const { turn } = await this.#locate(caller, place.turn, now).catch((error: unknown) => {
        const isNowhere = error instanceof ApiError && error.code === "response_not_found";
        throw isNowhere ? itemNotFound(param) : error;
      });
      const found = placedItems(turn).find(({ id }) => id === item.id);
      if (!found || !isVisible(turn)) throw itemNotFound(param);
      if (session && isShown(place.turn, session)) continue;
      const { id: _id, ...rest } = found.item;
      resolved.push(rest);
    }
    if (resolved.length > 0) checkItemsSize(resolved, field);
    return resolved;
  }

  /** @throws ApiError `response_in_progress` for one that is still being made */
  async settled(caller: Principal | null, turnId: number, now: number): Promise<FoundTurn> {
    const found = await this.find(caller, turnId, now);
    if (found.turn.status === "in_progress") throw responseInProgress();
    return found;
  }

  async #locate(
    caller: Principal | null,
    turnId: number,
    now: number,
  ): Promise<{ session: SessionRow; turn: Turn }> {
    const { db, turns, archivist, lifecycle } = this.#account();
    lifecycle.flushTurn(turnId);
    const key = keyOf(turnId);
    return readWhereItLies(db, key, async () => {
      const session = sessionByKey(db, key);
      if (!session || !mayReach(db, caller, key)) throw responseNotFound();
      const { segment } = session;
      const stored =
        segment === null ? turns.get(turnId) : await archivist.turnsOf(session).find(turnId);
      if (!stored || stored.extra.call) throw responseNotFound();
      return { session, turn: isTakenUpAgain(db, stored) ? stored : settledTurn(db, stored, now) };
    });
  }

  #news(turnId: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#followers.get(turnId) ?? new Set();
      this.#followers.set(turnId, waiting);
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, FOLLOW_MS);
      waiting.add(wake);
    });
  }
}
