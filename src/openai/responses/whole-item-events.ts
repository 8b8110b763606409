import type { ContentResource, ItemResource } from "./item.ts";

/** An event without its number and its place. */
export type PlacelessEvent = [type: string, fields: object];

/** The events between the beginning and the end of an item that pieces do not make: of each of its parts all that there is. */
export function eventsOfWhole(item: ItemResource): PlacelessEvent[] {
  if (item.type === "message") return item.content.flatMap(eventsOfContent);
  if (item.type !== "reasoning") return [];
  return [
    ...item.summary.flatMap(({ text }, index) => eventsOfSummary(text, index)),
    ...(item.content ?? []).flatMap(({ text }, content_index) => [
      ...deltaOf("response.reasoning_text.delta", text, { content_index }),
      event("response.reasoning_text.done", { content_index, text }),
    ]),
  ];
}

function eventsOfContent(part: ContentResource, content_index: number): PlacelessEvent[] {
  const at = { content_index };
  const added = (empty: object) => event("response.content_part.added", { ...at, part: empty });
  const done = event("response.content_part.done", { ...at, part });
  if (part.type === "output_text") {
    const { text } = part;
    return [
      added({ ...part, text: "" }),
      ...deltaOf("response.output_text.delta", text, { ...at, logprobs: [] }),
      event("response.output_text.done", { ...at, text, logprobs: [] }),
      done,
    ];
  }
  if (part.type === "refusal") {
    const { refusal } = part;
    return [
      added({ ...part, refusal: "" }),
      ...deltaOf("response.refusal.delta", refusal, at),
      event("response.refusal.done", { ...at, refusal }),
      done,
    ];
  }
  return [added(part), done];
}

function eventsOfSummary(text: string, summary_index: number): PlacelessEvent[] {
  const at = { summary_index };
  const part = { type: "summary_text", text };
  return [
    event("response.reasoning_summary_part.added", { ...at, part: { ...part, text: "" } }),
    ...deltaOf("response.reasoning_summary_text.delta", text, at),
    event("response.reasoning_summary_text.done", { ...at, text }),
    event("response.reasoning_summary_part.done", { ...at, part }),
  ];
}

const event = (type: string, fields: object): PlacelessEvent => [type, fields];

/** None of an empty text. */
const deltaOf = (type: string, delta: string, fields: object): PlacelessEvent[] =>
  delta === "" ? [] : [[type, { ...fields, delta }]];
