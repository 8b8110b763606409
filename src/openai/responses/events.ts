import { refusalOf, textOfParts } from "../../shared/items.ts";
import type { Item } from "../../shared/items.ts";
import { emptyItem } from "./empty-item.ts";
import { itemId, itemResource, placedItems } from "./item.ts";
import type { ItemResource } from "./item.ts";
import { StreamAccumulator, piecesOf } from "./response-pieces.ts";
import type { Piece } from "./response-pieces.ts";
import { outputOf, responseOf } from "./response.ts";
import type { ResponseResource } from "./response.ts";
import type { Turn } from "../../shared/turn.ts";
import { eventsOfWhole } from "./whole-item-events.ts";

/** Source: Open Responses, the `…StreamingEvent`s. */
export interface ResponseEvent {
  type: string;
  sequence_number: number;
  [field: string]: unknown;
}

/** The events of a call that comes in pieces, by its item's type. */
const ARGUMENTS: { [type: string]: string | undefined } & Record<
  "function_call" | "custom_tool_call",
  string
> = {
  function_call: "response.function_call_arguments",
  custom_tool_call: "response.custom_tool_call_input",
};

interface Place {
  item_id: string;
  output_index: number;
}

const ENDINGS: Record<string, string> = {
  completed: "response.completed",
  incomplete: "response.incomplete",
  cancelled: "response.incomplete",
};

/**
 * The events of one response's stream. They depend on its pieces only: a replay from stored pieces gives the same events
 * with the same numbers.
 */
export class ResponseEvents {
  /** The response while it is in progress. */
  readonly #response: ResponseResource;
  readonly #idOf: (item: Item, index: number) => string;
  readonly #accumulator = new StreamAccumulator();
  /** Made once: each delta names its item's. */
  readonly #places: Place[] = [];
  /** Items that their pieces do not make all of, by their places. */
  readonly #wholes = new Map<number, Item>();
  #sequence = 0;
  /** Whether the last item has no `done` event yet. */
  #isOpen = false;

  /** @param idOf - the id of an output item */
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
    const last = this.#accumulator.items.at(-1);
    const isNew = this.#accumulator.add(piece);
    if (!isNew) return this.#delta(piece);
    const before = this.#accumulator.items.length - 2;
    if (piece.whole) this.#wholes.set(before + 1, piece.whole);
    return [
      ...(last ? this.#close(before, last) : []),
      ...this.#open(piece),
      ...this.#delta(piece),
    ];
  }

  /** Streams what was not streamed before, then the end. @param response - as it ended. @param output - all of it */
  end(response: ResponseResource, output: readonly Item[]): ResponseEvent[] {
    const streamed = this.#accumulator.items.length;
    const rest = piecesOf(output, [], streamed).flatMap((piece) => this.add(piece));
    const index = this.#accumulator.items.length - 1;
    const last = output[index] ?? this.#accumulator.items[index];
    const done = last ? this.#close(index, last, response.output[index]) : [];
    const type = ENDINGS[response.status] ?? "response.failed";
    return [...rest, ...done, this.#event(type, { response })];
  }

  #open(piece: Piece): ResponseEvent[] {
    this.#isOpen = true;
    const place = this.#place();
    const { output_index, item_id } = place;
    const whole = this.#wholes.get(output_index);
    const made = this.#accumulator.items[output_index] as Item;
    const item = whole ?? made;
    const added = this.#event("response.output_item.added", {
      output_index,
      item: emptyItem(itemResource(item_id, item)),
    });
    if (whole && isToldAtOnce(whole)) {
      const told = eventsOfWhole(itemResource(item_id, whole));
      return [added, ...told.map(([type, fields]) => this.#event(type, { ...place, ...fields }))];
    }
    if (item.type === "message") {
      return [
        added,
        this.#event("response.content_part.added", {
          ...place,
          content_index: 0,
          part: refusalOf(item) === null ? textPart("") : { type: "refusal", refusal: "" },
        }),
      ];
    }
    if (item.type === "shell_call") return [added, ...this.#commands(item, output_index)];
    if (piece.type === "reasoning") {
      const part = { type: "summary_text", text: "" };
      const type = "response.reasoning_summary_part.added";
      return [added, this.#event(type, { ...place, summary_index: 0, part })];
    }
    return [added];
  }

  /** The lines of a shell call, which come whole. */
  #commands({ action }: Extract<Item, { type: "shell_call" }>, output_index: number) {
    return action.commands.flatMap((command, command_index) => {
      const place = { output_index, command_index };
      return [
        this.#event("response.shell_call_command.added", { ...place, command: "" }),
        ...(command === ""
          ? []
          : [this.#event("response.shell_call_command.delta", { ...place, delta: command })]),
        this.#event("response.shell_call_command.done", { ...place, command }),
      ];
    });
  }

  #delta(piece: Piece): ResponseEvent[] {
    if (!("delta" in piece) || piece.delta === "") return [];
    const place = this.#place();
    const whole = this.#wholes.get(place.output_index);
    if (whole && isToldAtOnce(whole)) return [];
    const { delta } = piece;
    if (piece.type === "arguments") {
      const { type } = this.#accumulator.items.at(-1) as Item;
      return [
        this.#event(`${ARGUMENTS[type] ?? ARGUMENTS.function_call}.delta`, { ...place, delta }),
      ];
    }
    if (piece.type === "reasoning")
      return [
        this.#event("response.reasoning_summary_text.delta", { ...place, summary_index: 0, delta }),
      ];
    if (piece.type === "refusal")
      return [this.#event("response.refusal.delta", { ...place, content_index: 0, delta })];
    return [
      this.#event("response.output_text.delta", {
        ...place,
        content_index: 0,
        delta,
        logprobs: [],
      }),
    ];
  }

  /** @param resource - the item in its finished response, if there is one */
  #close(index: number, item: Item, resource?: ItemResource): ResponseEvent[] {
    if (!this.#isOpen) return [];
    this.#isOpen = false;
    const place = this.#place(index);
    const { output_index, item_id } = place;
    const whole = this.#wholes.get(index);
    const done = () =>
      this.#event("response.output_item.done", {
        output_index,
        item: resource ?? itemResource(item_id, whole ?? item),
      });
    if (whole && isToldAtOnce(whole)) return [done()];
    if (item.type === "function_call") {
      const { name, arguments: args } = item;
      const type = `${ARGUMENTS.function_call}.done`;
      return [this.#event(type, { ...place, name, arguments: args }), done()];
    }
    if (item.type === "custom_tool_call") {
      const { input } = item;
      return [this.#event(`${ARGUMENTS.custom_tool_call}.done`, { ...place, input }), done()];
    }
    if (item.type === "reasoning" && item.text !== "") {
      const { text } = item;
      const part = { type: "summary_text", text };
      return [
        this.#event("response.reasoning_summary_text.done", { ...place, summary_index: 0, text }),
        this.#event("response.reasoning_summary_part.done", { ...place, summary_index: 0, part }),
        done(),
      ];
    }
    if (item.type !== "message") return [done()];
    const refusal = refusalOf(item);
    if (refusal !== null) {
      const part = { type: "refusal", refusal };
      return [
        this.#event("response.refusal.done", { ...place, content_index: 0, refusal }),
        this.#event("response.content_part.done", { ...place, content_index: 0, part }),
        done(),
      ];
    }
    const text = textOfParts(item.content);
    const part = textPart(text);
    return [
      this.#event("response.output_text.done", { ...place, content_index: 0, text, logprobs: [] }),
      this.#event("response.content_part.done", { ...place, content_index: 0, part }),
      done(),
    ];
  }

  /** The place of an item; by default of the last. */
  #place(output_index = this.#accumulator.items.length - 1): Place {
    const known = this.#places[output_index];
    if (known) return known;
    const item = this.#accumulator.items[output_index] as Item;
    const place = { item_id: this.#idOf(item, output_index), output_index };
    this.#places[output_index] = place;
    return place;
  }

  #event(type: string, fields: object): ResponseEvent {
    const event = { type, sequence_number: this.#sequence, ...fields };
    this.#sequence += 1;
    return event;
  }
}

/** The events of a turn, in progress or finished. Only the last event holds what is known at its end. */
export function eventsOf(turn: Turn, sessionId: string | null): ResponseEvents {
  const { settings } = turn.extra.response ?? {};
  const placed = placedItems(turn);
  const outputs = placed.filter(({ side }) => side === "output");
  const inputCount = placed.length - outputs.length;
  const unanswered: Turn = {
    ...turn,
    status: "in_progress",
    output: null,
    model: null,
    extra: settings === undefined ? {} : { response: { settings } },
  };
  return new ResponseEvents(
    responseOf(unanswered, sessionId),
    (item, index) => outputs[index]?.id ?? itemId(item, turn.id, inputCount + index),
  );
}

/** All events of a finished response. */
export function allEvents(
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

/** Its text is told with its beginning. */
const isToldAtOnce = ({ type }: Item): boolean => type === "message" || type === "reasoning";

const textPart = (text: string) => ({
  type: "output_text",
  text,
  annotations: [],
  logprobs: [],
});
