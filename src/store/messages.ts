import { parseCallId } from "../ids.ts";
import { lengthOf } from "../items.ts";
import type { Message } from "../items.ts";
import { readPage } from "./page.ts";
import type { Order, Page, PageQuery } from "./page.ts";
import { turnMessages } from "./turns.ts";
import type { Turn } from "./turns.ts";

/** Up to `count` turns of a session in a direction, beginning with the turn `from` or with the session's end. */
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
  // A turn holds at least one message, and the cursor's own turn may hold some that come before it.
  const turns = read(order, after?.turn ?? null, count + 1);
  const messages = turns.flatMap((turn) => {
    const placed = turnMessages(turn).map((message, index) => ({ message, turn, index }));
    return order === "asc" ? placed : placed.toReversed();
  });
  const behind = ({ turn, index }: PlacedMessage) =>
    after === null ||
    turn.id !== after.turn ||
    (order === "asc" ? index > after.index : index < after.index);
  return messages.filter(behind).slice(0, count);
}

export const messageId = (callId: string, index: number): string =>
  `msg_${callId.slice("call_".length)}_${index}`;

function parseMessageId(id: string): MessagePlace | null {
  const match = /^msg_([0-9a-z]+)_(\d{1,9})$/.exec(id);
  const turn = parseCallId(`call_${match?.[1] ?? ""}`);
  return turn === null ? null : { turn, index: Number(match?.[2]) };
}
