import { basename } from "node:path";

import { isObject } from "../../shared/json-merge-patch.ts";
import { fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import { labelsOf } from "../reading/labels.ts";
import { sessionsOf } from "../reading/message-tree.ts";
import { modelOf } from "../reading/model.ts";
import { momentOf } from "../reading/moment.ts";
import type { Outcome, ReadOptions, Reader } from "../reading/reader.ts";
import { Tally } from "../reading/tally.ts";
import { addAnyMessage } from "../shapes/any-message.ts";
import { isResponseItem } from "../shapes/response-item.ts";
import { jsonValues } from "./json-values.ts";
import type { JsonValue } from "./json-value.ts";

/**
 * Messages as models take them, of chat completions, Responses, the Agents SDKs or the AI SDK: one array of messages, or
 * many conversations with `messages`, `items` or `input` each.
 */
export const openai: Reader = async function* (path, options) {
  const name = basename(path);
  /** The messages, one by one, of a file that is one conversation. */
  const messages: JsonValue[] = [];
  let isFirst = true;
  for await (const value of jsonValues(path, options)) {
    if (messages.length > 0 || (isFirst && isMessage(value))) messages.push(value);
    else
      yield {
        from: value.from,
        read: () => told(value.parse(), `${name}:${value.number}`, options),
      };
    isFirst = false;
  }
  const all = (): unknown[] => messages.map(({ parse }) => parse());
  if (messages.length > 0) yield { from: name, read: () => told(all(), name, options) };
};

function isMessage({ parse }: JsonValue): boolean {
  try {
    const value = fieldsIn(parse());
    return textIn(value["role"]) !== undefined || isResponseItem(value);
  } catch {
    return false;
  }
}

/** @param place - its id, where it has none of its own */
function told(value: unknown, place: string, options: ReadOptions): Outcome[] {
  const found = fieldsIn(value);
  const messages = Array.isArray(value) ? value : messagesIn(found);
  if (!messages) return [{ problem: "has no messages" }];
  const left = new Tally();
  left.add("tools", listIn(found["tools"]).length);
  const model = modelOf(textIn(found["model"]), "openai");
  const time = (...names: string[]): number | undefined =>
    names.map((name) => momentOf(found[name])).find((at) => at !== null) ?? undefined;
  return sessionsOf(
    {
      messages: messages.map((message, index) => ({
        addTo: (calls, tally) => addAnyMessage(calls, message, { index, model }, tally),
      })),
      left,
      id:
        idIn(found["session_id"]) ??
        idIn(found["conversation_id"]) ??
        idIn(found["sessionId"]) ??
        idIn(found["chatId"]) ??
        idIn(found["id"]) ??
        place,
      source: "openai",
      title: textIn(found["title"]),
      created: time("created", "created_at", "createdAt"),
      accessed: time("updated_at", "updatedAt"),
      user: idIn(found["user"]) ?? idIn(found["userId"]),
      metadata: labelsOf(found["metadata"]),
    },
    options,
  );
}

/** The first of these that is a list. */
function messagesIn(found: Record<string, unknown>): unknown[] | null {
  for (const name of ["messages", "items", "input"]) {
    const value = found[name];
    if (Array.isArray(value)) return value;
    // The API's form of a list.
    if (isObject(value) && Array.isArray(value["data"])) return value["data"];
  }
  return null;
}
