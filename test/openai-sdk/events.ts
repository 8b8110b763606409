import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";

import { conforms } from "./client.ts";

/** What the document calls an event: `response.output_text.delta` is a ResponseOutputTextDeltaStreamingEvent. */
export const schemaOf = (type: string): string => {
  if (type === "error") return "ErrorStreamingEvent";
  const name = type
    .replace("reasoning_summary_text", "reasoning_summary")
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  return `${name}StreamingEvent`;
};

/** @throws unless it is a response by Open Responses */
export function checked<T extends Response>(response: T): T {
  conforms("ResponseResource", response);
  return response;
}

/**
 * @param after - the number of the event before them
 * @throws unless each is an event by Open Responses, they are numbered without a gap, and each item has one place
 */
export function checkEvents(events: readonly ResponseStreamEvent[], after = -1): void {
  const ids = new Map<number, string>();
  for (const [index, event] of events.entries()) {
    conforms(schemaOf(event.type), event);
    const expected = after + 1 + index;
    if (event.sequence_number !== expected)
      throw new Error(`${event.type} has the number ${event.sequence_number}, not ${expected}`);
    if (!("output_index" in event)) continue;
    const { output_index } = event;
    const id = "item" in event ? event.item.id : "item_id" in event ? event.item_id : undefined;
    const known = ids.get(output_index) ?? id ?? "";
    if (id !== known) throw new Error(`${event.type} has ${id} where ${known} is: ${output_index}`);
    ids.set(output_index, known);
  }
  if (new Set(ids.values()).size !== ids.size) throw new Error("Two items have one id");
}

/** All events of a stream, as {@link checkEvents} has them. */
export async function eventsOf(
  stream: AsyncIterable<ResponseStreamEvent>,
  after = -1,
): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  checkEvents(events, after);
  return events;
}

/** The first events of a stream, up to one of this type; then its reader goes away. */
export async function readUntil(
  stream: AsyncIterable<ResponseStreamEvent>,
  type: ResponseStreamEvent["type"],
): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) {
    events.push(event);
    if (event.type === type) break;
  }
  return events;
}

/** Of the response that the events tell of. */
export function idIn(events: readonly ResponseStreamEvent[]): string {
  const [first] = events;
  if (first?.type !== "response.created") throw new Error(`It begins with ${first?.type}`);
  return first.response.id;
}

/** The text that the events bring, piece by piece. */
export const textIn = (events: readonly ResponseStreamEvent[]): string =>
  events.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("");

/** A function whose arguments are a city. */
export const WEATHER = {
  type: "function" as const,
  name: "get_weather",
  description: "The weather of a city.",
  strict: true,
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};
