import { isClientCall } from "../../shared/client-items.ts";
import type { ClientCall } from "../../shared/client-items.ts";
import { plainContent, refusalOf, textOfParts } from "../../shared/items.ts";
import type { Content, Item } from "../../shared/items.ts";
import type { ReplyPart } from "../../models/model.ts";

/** A streamed piece of an answer. Items and events are made from pieces. */
export type Piece = (
  | Exclude<ReplyPart, { type: "call" }>
  | { type: "text"; delta: string }
  | {
      type: "call";
      call_id: string;
      name: string;
      namespace?: string | undefined;
      /** Whether the tool is freeform: then the arguments are its input. */
      custom?: true;
    }
  /** An item that comes in one piece: the call of a tool that the client runs; of an import, whatever no model streams. */
  | { type: "item"; item: Item }
) & {
  /** It begins an item, although it could go on with the last: an import may hold messages that follow one another. */
  begins?: true;
  /** The item that it begins, where the pieces do not make all of it: an import may hold what no model streams. */
  whole?: Item;
};

export type NonTextPiece = Exclude<Piece, { type: "text" }>;

/** An answer's first pieces pass unchanged. The lengths of more pieces would not fit into the turn's row. */
const MAX_PIECES = 16_384;
/** In UTF-16 units. Later pieces are joined until they are this long. */
const MIN_PIECE_LENGTH = 256;

/** Passes pieces on, and joins them when there are very many. */
export class PieceCoalescer {
  readonly #listener: (piece: Piece) => void;
  #count = 0;
  #held: TextPiece | null = null;

  constructor(listener: (piece: Piece) => void) {
    this.#listener = listener;
  }

  add(piece: Piece): void {
    if (!("delta" in piece)) {
      this.flush();
      this.#pass(piece);
      return;
    }
    const held = this.#held;
    if (held && isMoreOf(held, piece)) this.#held = { ...held, delta: held.delta + piece.delta };
    else {
      this.flush();
      this.#held = piece;
    }
    if (this.#count < MAX_PIECES || (this.#held?.delta.length ?? 0) >= MIN_PIECE_LENGTH)
      this.flush();
  }

  flush(): void {
    const held = this.#held;
    this.#held = null;
    if (held) this.#pass(held);
  }

  #pass(piece: Piece): void {
    this.#count += 1;
    this.#listener(piece);
  }
}

type TextPiece = Extract<Piece, { delta: string }>;

const isMoreOf = (held: TextPiece, piece: TextPiece): boolean =>
  held.type === piece.type &&
  (held.type !== "arguments" || piece.type !== "arguments" || held.call_id === piece.call_id);

/** Assembles pieces into items, and keeps the lengths of the pieces: a replay cuts the items into the same pieces. */
export class StreamAccumulator {
  readonly items: Item[] = [];
  /** The lengths of each item's pieces, in UTF-16 units. */
  readonly lengths: number[][] = [];

  /** @returns whether the piece begins an item. Late arguments of a finished call belong to none. */
  add(piece: Piece): boolean {
    const last = piece.begins ? undefined : this.items.at(-1);
    if (piece.type === "call" || piece.type === "item") {
      this.items.push(piece.type === "item" ? { ...piece.item } : begunCall(piece));
      this.lengths.push([]);
      return true;
    }
    if (piece.type === "seal") return this.#seal(piece.value, last);
    this.#count(piece, last);
    if (piece.type === "arguments") {
      if (last?.type === "function_call" && last.call_id === piece.call_id)
        last.arguments += piece.delta;
      if (last?.type === "custom_tool_call" && last.call_id === piece.call_id)
        last.input += piece.delta;
      return false;
    }
    if (piece.type === "reasoning") {
      if (last?.type === "reasoning" && last.encrypted_content === undefined) {
        last.text += piece.delta;
        return false;
      }
      this.items.push({ type: "reasoning", text: piece.delta });
      return true;
    }
    if (last?.type === "message" && isMoreOfItem(piece, last)) {
      const content = `${textOfParts(last.content)}${piece.delta}`;
      last.content = piece.type === "refusal" ? [{ type: "refusal", refusal: content }] : content;
      return false;
    }
    if (piece.type === "refusal") {
      const content = [{ type: "refusal" as const, refusal: piece.delta }];
      this.items.push({ type: "message", role: "assistant", content });
      return true;
    }
    this.items.push({ type: "message", role: "assistant", content: piece.delta });
    return true;
  }

  /** The content of an answer that was stopped. An unfinished call is marked `incomplete`, so that no client makes it. */
  cutOff(): Content {
    const items = this.items.map((item, index) =>
      index === this.items.length - 1 && isCall(item)
        ? { ...item, status: "incomplete" as const }
        : item,
    );
    return plainContent(items, "assistant");
  }

  /** A seal that comes first is reasoning without text. */
  #seal(value: string, last: Item | undefined): boolean {
    if (last && isCall(last)) last.signature = value;
    else if (last?.type === "reasoning" && last.encrypted_content === undefined)
      last.encrypted_content = value;
    else {
      this.items.push({ type: "reasoning", text: "", encrypted_content: value });
      this.lengths.push([]);
      return true;
    }
    return false;
  }

  #count(piece: TextPiece, last: Item | undefined): void {
    const { length } = piece.delta;
    if (piece.type === "arguments" || (last && isMoreOfItem(piece, last)))
      this.lengths.at(-1)?.push(length);
    else this.lengths.push([length]);
  }
}

/** Whether a piece extends an item. A refusal and a text are two messages. */
function isMoreOfItem({ type }: TextPiece, last: Item): boolean {
  if (type === "arguments")
    return last.type === "function_call" || last.type === "custom_tool_call";
  if (type === "reasoning")
    return last.type === "reasoning" && last.encrypted_content === undefined;
  return last.type === "message" && (refusalOf(last) !== null) === (type === "refusal");
}

/**
 * The pieces that make these items again, as many as they are. An item without lengths is one piece.
 *
 * @param from - the number of the first item whose pieces are wanted
 */
export const piecesOf = (items: readonly Item[], lengths: readonly number[][], from = 0): Piece[] =>
  items.slice(from).flatMap((item, n) => {
    const index = from + n;
    const [first, ...more] = piecesOfItem(item, lengths[index] ?? []);
    if (!first) return [{ type: "item", item }];
    const before = items[index - 1];
    const begins = before && goesOn(first, before) ? { begins: true as const } : {};
    const whole = isMadeOfPieces(item) ? {} : { whole: item };
    return [{ ...first, ...begins, ...whole }, ...more];
  });

/** Whether its pieces make all of an item, but for its id and its time. */
function isMadeOfPieces(item: Item): boolean {
  if ("status" in item && item.status !== undefined) return false;
  if (item.type === "reasoning") return item.summary === undefined;
  if (item.type !== "message") return true;
  const { role, phase, content } = item;
  const isPlain = typeof content === "string" || refusalOf(item) !== null;
  return role === "assistant" && phase === undefined && isPlain;
}

/** Whether the piece would become a part of the item before it. */
function goesOn(piece: Piece, last: Item): boolean {
  if (piece.type === "call" || piece.type === "item") return false;
  if (piece.type === "seal") return isCall(last) || isMoreOfItem(NO_REASONING, last);
  return isMoreOfItem(piece, last);
}
const NO_REASONING = { type: "reasoning", delta: "" } as const;

/** An item that is the call of a tool. */
export const isCall = (item: Item): item is ClientCall | Extract<Item, { type: "function_call" }> =>
  item.type === "function_call" || isClientCall(item);

function begunCall(piece: Extract<Piece, { type: "call" }>): Item {
  const { call_id, name, namespace, custom } = piece;
  const named = { call_id, name, ...(namespace !== undefined && { namespace }) };
  return custom
    ? { type: "custom_tool_call", ...named, input: "" }
    : { type: "function_call", ...named, arguments: "" };
}

/** None of an item that no model streams. */
function piecesOfItem(item: Item, lengths: readonly number[]): Piece[] {
  if (item.type === "function_call" || item.type === "custom_tool_call") {
    const { call_id, name, namespace } = item;
    const isCustom = item.type === "custom_tool_call";
    const args = cut(isCustom ? item.input : item.arguments, lengths);
    return [
      {
        type: "call",
        call_id,
        name,
        ...(namespace !== undefined && { namespace }),
        ...(isCustom && { custom: true as const }),
      },
      ...args.map((delta): Piece => ({ type: "arguments", call_id, delta })),
      ...sealOf(item.signature),
    ];
  }
  if (isClientCall(item)) {
    const { signature, ...whole } = item;
    return [{ type: "item", item: whole as ClientCall }, ...sealOf(signature)];
  }
  if (item.type === "message") {
    const type = refusalOf(item) === null ? "text" : "refusal";
    const texts = cut(textOfParts(item.content), lengths);
    // An empty answer is a message, too.
    return (texts.length > 0 ? texts : [""]).map((delta) => ({ type, delta }));
  }
  if (item.type === "reasoning")
    return [
      ...cut(item.text, lengths).map((delta): Piece => ({ type: "reasoning", delta })),
      ...sealOf(item.encrypted_content),
    ];
  return [];
}

const sealOf = (value: string | undefined): Piece[] =>
  value === undefined ? [] : [{ type: "seal", value }];

function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return [...pieces, text.slice(at)].filter((piece) => piece !== "");
}
