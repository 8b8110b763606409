import { textOfParts } from "../../shared/items.ts";
import type { Item } from "../../shared/items.ts";
import { itemId, itemResource, placedItems } from "./item.ts";
import type { ItemResource } from "./item.ts";
import { StreamAccumulator, piecesOf } from "./response-pieces.ts";
import type { Piece } from "./response-pieces.ts";
import { outputOf, responseOf } from "./response.ts";
import type { ResponseResource } from "./response.ts";
import type { Turn } from "../../shared/turn.ts";

/** Source: Open Responses, the `…StreamingEvent`s. */
export interface ResponseEvent {
  type: string;
  sequence_number: number;
  [field: string]: unknown;
}

const ENDINGS: Record<string, string> = {
  completed: "response.completed",
  incomplete: "response.incomplete",
  cancelled: "response.incomplete",
};

/**
 * The events of one response's stream. They depend on its pieces alone: told again later, out of what is kept, they are
 * the same, with the same numbers.
 */
export class ResponseEvents {
  /** As it is while it is made. */
  readonly #response: ResponseResource;
  readonly #idOf: (item: Item, index: number) => string;
  readonly #gathered = new StreamAccumulator();
  #sequence = 0;
  /** Whether the last item that was begun is not told to be done yet. */
  #isOpen = false;

  /** @param idOf - the id of an item of its output */
  constructor(response: ResponseResource, idOf: (item: Item, index: number) => string) {
    const status = "in_progress" as const;
    const unknown = { completed_at: null, error: null, incomplete_details: null, usage: null };
    this.#response = { ...response, ...unknown, status, output: [] };
    this.#idOf = idOf;
  }

  begin(): ResponseEvent[] {
    const response = this.#response;
    if (!response.background)
      return [
        this.#event("response.created", { response }),
        this.#event("response.in_progress", { response }),
      ];
    const queued = { ...response, status: "queued" };
    return [
      this.#event("response.created", { response: queued }),
      this.#event("response.queued", { response: queued }),
      this.#event("response.in_progress", { response }),
    ];
  }

  add(piece: Piece): ResponseEvent[] {
    const last = this.#gathered.items.at(-1);
    const isNew = this.#gathered.add(piece);
    if (!isNew) return this.#delta(piece);
    const before = this.#gathered.items.length - 2;
    return [...(last ? this.#close(before, last) : []), ...this.#open(), ...this.#delta(piece)];
  }

  /** @param output - all of it; what was not streamed is told now. @param response - as it ended */
  end(response: ResponseResource, output: readonly Item[]): ResponseEvent[] {
    const told = this.#gathered.items.length;
    const rest = piecesOf(output.slice(told), []).flatMap((piece) => this.add(piece));
    const index = this.#gathered.items.length - 1;
    const last = output[index] ?? this.#gathered.items[index];
    const done = last ? this.#close(index, last, response.output[index]) : [];
    const type = ENDINGS[response.status] ?? "response.failed";
    return [...rest, ...done, this.#event(type, { response })];
  }

  #open(): ResponseEvent[] {
    const item = this.#gathered.items.at(-1) as Item;
    this.#isOpen = true;
    const place = this.#place();
    const { output_index, item_id } = place;
    const added = this.#event("response.output_item.added", {
      output_index,
      item: begun(itemResource(item_id, item)),
    });
    if (item.type === "message") {
      const part = { type: "output_text", text: "", annotations: [], logprobs: [] };
      return [
        added,
        this.#event("response.content_part.added", { ...place, content_index: 0, part }),
      ];
    }
    if (item.type === "reasoning") {
      const part = { type: "summary_text", text: "" };
      const type = "response.reasoning_summary_part.added";
      return [added, this.#event(type, { ...place, summary_index: 0, part })];
    }
    return [added];
  }

  #delta(piece: Piece): ResponseEvent[] {
    if (piece.type === "call" || piece.delta === "") return [];
    const place = this.#place();
    const { delta } = piece;
    if (piece.type === "arguments")
      return [this.#event("response.function_call_arguments.delta", { ...place, delta })];
    if (piece.type === "reasoning")
      return [
        this.#event("response.reasoning_summary_text.delta", { ...place, summary_index: 0, delta }),
      ];
    return [
      this.#event("response.output_text.delta", {
        ...place,
        content_index: 0,
        delta,
        logprobs: [],
      }),
    ];
  }

  /** @param told - the item as its response tells it, where that is known */
  #close(index: number, item: Item, told?: ItemResource): ResponseEvent[] {
    if (!this.#isOpen) return [];
    this.#isOpen = false;
    const place = this.#place(index);
    const { output_index, item_id } = place;
    const done = () =>
      this.#event("response.output_item.done", {
        output_index,
        item: told ?? itemResource(item_id, item),
      });
    if (item.type === "function_call") {
      const { name, arguments: args } = item;
      const type = "response.function_call_arguments.done";
      return [this.#event(type, { ...place, name, arguments: args }), done()];
    }
    if (item.type === "reasoning") {
      const { text } = item;
      const part = { type: "summary_text", text };
      return [
        this.#event("response.reasoning_summary_text.done", { ...place, summary_index: 0, text }),
        this.#event("response.reasoning_summary_part.done", { ...place, summary_index: 0, part }),
        done(),
      ];
    }
    if (item.type !== "message") return [done()];
    const text = textOfParts(item.content);
    const part = { type: "output_text", text, annotations: [], logprobs: [] };
    return [
      this.#event("response.output_text.done", { ...place, content_index: 0, text, logprobs: [] }),
      this.#event("response.content_part.done", { ...place, content_index: 0, part }),
      done(),
    ];
  }

  /** Of the last item, unless another one is named. */
  #place(output_index = this.#gathered.items.length - 1): {
    item_id: string;
    output_index: number;
  } {
    const item = this.#gathered.items[output_index] as Item;
    return { item_id: this.#idOf(item, output_index), output_index };
  }

  #event(type: string, fields: object): ResponseEvent {
    const event = { type, sequence_number: this.#sequence, ...fields };
    this.#sequence += 1;
    return event;
  }
}

/** The events of a turn, in progress or over: what is not known before its end is in none but the last. */
export function eventsOf(turn: Turn, sessionId: string | null): ResponseEvents {
  const { settings } = turn.extra.response ?? {};
  const placed = placedItems(turn);
  const told = placed.filter(({ side }) => side === "output");
  const before = placed.length - told.length;
  const unanswered: Turn = {
    ...turn,
    status: "in_progress",
    output: null,
    model: null,
    extra: settings === undefined ? {} : { response: { settings } },
  };
  return new ResponseEvents(
    responseOf(unanswered, sessionId),
    (item, index) => told[index]?.id ?? itemId(item, turn.id, before + index),
  );
}

/** All events of a response that is over. */
export function allOf(
  turn: Turn,
  sessionId: string | null,
  events: ResponseEvents,
): ResponseEvent[] {
  const output = outputOf(turn);
  const pieces = piecesOf(output, turn.extra.response?.pieces ?? []);
  return [
    ...events.begin(),
    ...pieces.flatMap((piece) => events.add(piece)),
    ...events.end(responseOf(turn, sessionId), output),
  ];
}

/** An item of which nothing is said yet. */
function begun(item: ItemResource): object {
  if (item.type === "message") return { ...item, status: "in_progress", content: [] };
  if (item.type === "function_call") return { ...item, status: "in_progress", arguments: "" };
  if (item.type === "reasoning") return { ...item, summary: [] };
  return item;
}
