import { parseCallId } from "../../shared/ids.ts";
import { lengthOf } from "../../shared/message-length.ts";
import type { Message } from "../../shared/items.ts";
import { readPage } from "../../sqlite/keyset-page.ts";
import type { Order, Page, PageQuery } from "../../sqlite/keyset-page.ts";
import { turnMessages } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";

/**
 * Up to `count` turns of a session in a direction, beginning with the turn `from` or with the session's end. Long turns
 * make it fewer: only none is the end.
 */
export type TurnReader = (order: Order, from: number | null, count: number) => Turn[];

/** A message where it stands: in which turn, and the how-manieth of it. */
export interface PlacedMessage {
  turn: Turn;
  index: number;
  message: Message;
}

/** The reader of turns that are in memory, such as an archive's. */
export const readerOf = (turns: readonly Turn[]): TurnReader => {
  const newestFirst = turns.toReversed();
  return (order, from, count) =>
    (order === "asc" ? turns : newestFirst)
      .filter(({ id }) => from === null || (order === "asc" ? id >= from : id <= from))
      .slice(0, count);
};

const lengthOfTurn = (turn: Turn): number =>
  turnMessages(turn).reduce((sum, message) => sum + lengthOf(message), 0);

export function pageTurns(read: TurnReader, query: PageQuery): Page<Turn> {
  return readPage(query, {
    cursorOf: parseCallId,
    walk: (order, after, count) =>
      read(order, after === null ? null : after + (order === "asc" ? 1 : -1), count),
    placeOf: ({ id }) => id,
    sizeOf: (turn) => 2 * lengthOfTurn(turn),
  });
}

export function pageMessages(read: TurnReader, query: PageQuery): Page<PlacedMessage> {
  return readPage(query, {
    cursorOf: parseMessageId,
    walk: (order, after, count) => walkMessages(read, order, after, count),
    placeOf: ({ turn, index }) => ({ turn: turn.id, index }),
    // A message travels with its turn.
    sizeOf: ({ turn, message }) => 2 * (lengthOf(message) + lengthOfTurn(turn)),
  });
}

interface MessagePlace {
  turn: number;
  index: number;
}

function walkMessages(
  read: TurnReader,
  order: Order,
  after: MessagePlace | null,
  count: number,
): PlacedMessage[] {
  const behind = ({ turn, index }: PlacedMessage) =>
    after === null ||
    turn.id !== after.turn ||
    (order === "asc" ? index > after.index : index < after.index);
  return walkTurns(read, order, after?.turn ?? null, count, (turn) =>
    turnMessages(turn)
      .map((message, index) => ({ message, turn, index }))
      .filter(behind),
  );
}

/**
 * Up to `count` of what turns hold, in a direction. A turn may hold nothing of it.
 *
 * @param heldBy - what the turn holds, in order
 */
export function walkTurns<T>(
  read: TurnReader,
  order: Order,
  from: number | null,
  count: number,
  heldBy: (turn: Turn) => T[],
): T[] {
  const found: T[] = [];
  // Long turns are not gathered: a page goes on until nothing comes.
  for (let next = from; found.length === 0;) {
    const turns = read(order, next, count + 1);
    for (const turn of turns) {
      const held = heldBy(turn);
      found.push(...(order === "asc" ? held : held.toReversed()));
    }
    const last = turns.at(-1);
    if (!last) break;
    next = last.id + (order === "asc" ? 1 : -1);
  }
  return found.slice(0, count);
}

export const messageId = (callId: string, index: number): string =>
  `msg_${callId.slice("call_".length)}_${index}`;

function parseMessageId(id: string): MessagePlace | null {
  const match = /^msg_([0-9a-z]+)_(\d{1,9})$/.exec(id);
  const turn = parseCallId(`call_${match?.[1] ?? ""}`);
  return turn === null ? null : { turn, index: Number(match?.[2]) };
}
