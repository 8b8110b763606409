import { documentsIn, fieldsIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import type { Tally } from "../reading/tally.ts";
import { isResponseItem } from "../shapes/response-item.ts";
import { documentOf } from "../reading/documents.ts";
import { attributesOf, valueOf } from "./attributes.ts";
import { chatMessagesOf } from "./messages.ts";

/** Events that carry one message each, in the conventions before 1.37. */
const MESSAGE_EVENT = /^gen_ai\.(system|user|assistant|tool)\.message$/;

/** An event of a span, or a log record that names the span. */
export interface SpanEvent {
  name: string;
  about: Fields;
  body: Fields;
}

export function eventOf(event: Fields): SpanEvent {
  const about = attributesOf(event["attributes"]);
  const name = [event["name"], event["eventName"], about["event.name"]].flatMap(
    (each) => textIn(each) ?? [],
  );
  return { name: name[0] ?? "", about, body: fieldsIn(valueOf(event["body"])) };
}

/** The request's words, as `messages`. Traceloop has the items of a response in one text, as their JSON: they are `input`. */
export function wordsIn(
  input: unknown,
  scope: string,
  instructions: string,
  events: readonly SpanEvent[],
  left: Tally,
): Fields {
  const [only, ...more] = chatMessagesOf(input, left);
  const items =
    more.length === 0 && scope.startsWith("@traceloop/") ? documentOf(only?.["content"]) : null;
  if (Array.isArray(items) && items.some((item) => isResponseItem(fieldsIn(item))))
    return { input: items };
  const told = events.flatMap(({ name, body }) => {
    const [, role] = MESSAGE_EVENT.exec(name) ?? [];
    if (role === undefined || Object.keys(body).length === 0) return [];
    const { id, ...message } = body;
    return [{ role, ...message, ...(role === "tool" && { tool_call_id: id }) }];
  });
  const messages = only ? [only, ...more] : told;
  const isSaid = messages.some(
    ({ role, content }) => role === "system" && content === instructions,
  );
  const first = instructions === "" || isSaid ? [] : [{ role: "system", content: instructions }];
  return messages.length + first.length === 0 ? {} : { messages: [...first, ...messages] };
}

/** The choices of the response: one, or as many as were asked for. */
export function answersIn(output: unknown, events: readonly SpanEvent[], left: Tally): Fields[] {
  const said = documentsIn(output).flatMap((answer, index) =>
    chatMessagesOf([answer], left).map((message) => ({
      index,
      message,
      finish_reason: reasonOf(answer["finish_reason"]),
    })),
  );
  if (said.length > 0) return said;
  return events.flatMap(({ name, body: { message, ...choice } }) => {
    const { content = null, ...rest } = fieldsIn(message);
    const isAnswer = name === "gen_ai.choice" && Object.keys(fieldsIn(message)).length > 0;
    return isAnswer ? [{ ...choice, message: { role: "assistant", content, ...rest } }] : [];
  });
}

/** Why an answer ended, as chat completions name it. */
const reasonOf = (reason: unknown): unknown =>
  reason === "tool_call" ? "tool_calls" : (reason ?? null);
