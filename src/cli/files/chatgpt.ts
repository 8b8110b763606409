import { fieldsIn, idIn, textIn } from "../reading/fields.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { sessionsOf } from "../reading/message-tree.ts";
import { momentOf } from "../reading/moment.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import type { Outcome, ReadOptions, Reader } from "../reading/reader.ts";
import { Tally } from "../reading/tally.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { CONVERSATION_FIELDS, isNothing } from "./chatgpt-fields.ts";
import { addMessage } from "./chatgpt-message.ts";
import type { Size } from "./copies.ts";
import { jsonValues } from "./json-values.ts";

/** ChatGPT's data export: `conversations.json`, or the numbered files of a great one. */
export const chatgpt: Reader = async function* (path, options) {
  for await (const { from, parse } of jsonValues(path, options)) {
    yield { from, read: () => conversationsIn(parse()).flatMap((each) => told(each, options)) };
  }
};

/** The conversations of an entry, and how many messages each has. */
export const chatgptSizes = (value: unknown): Size[] =>
  conversationsIn(value).flatMap((each): Size[] => {
    const found = fieldsIn(each);
    const id = idIn(found["conversation_id"]) ?? idIn(found["id"]);
    return id === undefined ? [] : [[id, Object.keys(fieldsIn(found["mapping"])).length]];
  });

/** An entry is a conversation, or an object around an array of them. */
const conversationsIn = (value: unknown): unknown[] =>
  isObject(value) && Array.isArray(value["conversations"]) ? value["conversations"] : [value];

function told(value: unknown, options: ReadOptions): Outcome[] {
  const found = fieldsIn(value);
  const { mapping } = found;
  const id = idIn(found["conversation_id"]) ?? idIn(found["id"]);
  if (id === undefined) return [{ problem: "has no id" }];
  if (!isObject(mapping)) return [{ problem: "mapping: is no object with messages" }];
  if (options.copies?.isShorter(id, Object.keys(mapping).length)) return [];
  const left = new Tally();
  left.add("shorter copies", options.copies?.others(id) ?? 0);
  for (const [name, field] of Object.entries(found))
    if (!CONVERSATION_FIELDS.has(name) && !isNothing(field)) left.add(name);
  const usual = textIn(found["default_model_slug"]);
  return sessionsOf(
    {
      messages: Object.entries(mapping).map(([node, each], index) =>
        rawOf(node, each, { own: `call_${index}`, usual }),
      ),
      active: textIn(found["current_node"]),
      left,
      id,
      source: "chatgpt",
      title: textIn(found["title"]),
      created: momentOf(found["create_time"]) ?? undefined,
      accessed: momentOf(found["update_time"]) ?? undefined,
      metadata: {
        gizmo_id: textIn(found["gizmo_id"]),
        is_archived: found["is_archived"] === true ? "true" : null,
        is_starred: found["is_starred"] === true ? "true" : null,
      },
    },
    options,
  );
}

function rawOf(
  id: string,
  node: unknown,
  about: { own: string; usual: string | undefined },
): RawMessage {
  const { message, parent } = fieldsIn(node);
  return {
    id,
    parent: idIn(parent) ?? null,
    at: momentOf(fieldsIn(message)["create_time"]) ?? undefined,
    addTo(calls, left) {
      // The root has none.
      if (message === null || message === undefined) return;
      if (!isObject(message)) throw new Unreadable("it is no object");
      addMessage(calls, message, about, left);
    },
  };
}
