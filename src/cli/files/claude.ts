import type { Part } from "../../shared/items.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { documentsIn, fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { MessageBuilder } from "../reading/message-builder.ts";
import { sessionsOf } from "../reading/message-tree.ts";
import { modelOf } from "../reading/model.ts";
import { momentOf } from "../reading/moment.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import type { Outcome, ReadOptions, Reader } from "../reading/reader.ts";
import { roleOf } from "../reading/roles.ts";
import { Tally } from "../reading/tally.ts";
import type { Calls } from "../reading/calls.ts";
import { Unreadable } from "../reading/unreadable.ts";
import type { Size } from "./copies.ts";
import { jsonValues } from "./json-values.ts";

/** Kinds that are counted under another name. */
const COUNTED: Partial<Record<string, string>> = {
  thinking: "reasoning",
  redacted_thinking: "reasoning",
};

/** Claude's data export: `conversations.json`. */
export const claude: Reader = async function* (path, options) {
  for await (const { from, parse } of jsonValues(path, options)) {
    yield { from, read: () => told(parse(), options) };
  }
};

/** The conversation of an entry, and how many messages it has. */
export function claudeSizes(value: unknown): Size[] {
  const found = fieldsIn(value);
  const id = idIn(found["uuid"]);
  return id === undefined ? [] : [[id, listIn(found["chat_messages"]).length]];
}

function told(value: unknown, options: ReadOptions): Outcome[] {
  const found = fieldsIn(value);
  const id = idIn(found["uuid"]);
  if (id === undefined) return [{ problem: "uuid: the conversation has no id" }];
  const all = listIn(found["chat_messages"]);
  if (options.copies?.isShorter(id, all.length)) return [];
  const left = new Tally();
  left.add("shorter copies", options.copies?.others(id) ?? 0);
  const model = modelOf(textIn(found["model"]), "anthropic");
  // Older exports know no parents: each message follows the one before.
  const ids = new Set(all.map((each) => idIn(fieldsIn(each)["uuid"])));
  const isTree = documentsIn(all).some(({ parent_message_uuid: parent }) =>
    ids.has(idIn(parent) ?? "\0"),
  );
  return sessionsOf(
    {
      messages: all.map((each, index) => rawOf(each, { index, isTree, model })),
      left,
      active: textIn(found["current_leaf_message_uuid"]),
      id,
      source: "claude",
      title: textIn(found["name"]),
      created: momentOf(found["created_at"]) ?? undefined,
      accessed: momentOf(found["updated_at"]) ?? undefined,
      metadata: { summary: textIn(found["summary"]) },
    },
    options,
  );
}

interface Place {
  index: number;
  isTree: boolean;
  model: string | undefined;
}

function rawOf(value: unknown, { index, isTree, model }: Place): RawMessage {
  const fields = fieldsIn(value);
  const id = idIn(fields["uuid"]);
  const parent = idIn(fields["parent_message_uuid"]);
  return {
    id,
    // A message of no shape is a link of the chain, and no beginning of its own.
    parent: isTree && isObject(value) ? (parent ?? null) : undefined,
    at: momentOf(fields["created_at"]) ?? undefined,
    addTo: (calls, left) => add(calls, fields, { model, name: id ?? `message_${index}` }, left),
  };
}

/** One message, tools included. */
function add(
  calls: Calls,
  message: Fields,
  { model, name }: { model: string | undefined; name: string },
  left: Tally,
): void {
  const sender = textIn(message["sender"]) ?? textIn(message["role"]);
  if (sender === undefined) throw new Unreadable("it has no sender");
  const role = roleOf(sender);
  if (role === null) throw new Unreadable(`its sender "${sender.slice(0, 40)}" is not known`);
  const at = momentOf(message["created_at"]) ?? undefined;
  const by = role === "assistant" ? model : undefined;
  const builder = new MessageBuilder(
    calls,
    { role, id: idIn(message["uuid"]), at, model: by },
    name,
  );
  for (const [index, block] of blocksOf(message).entries()) {
    const type = textIn(block["type"]) ?? "content of no type";
    if (type === "text") {
      builder.text(textIn(block["text"]) ?? "");
      left.add("citations", listIn(block["citations"]).length);
    } else if (type === "tool_use") {
      const id = idIn(block["id"]) ?? builder.callId(index);
      builder.call(id, textIn(block["name"]) ?? "tool", block["input"]);
    } else if (type === "tool_result") {
      if (block["is_error"] === true) left.add("error_marks");
      const tool = textIn(block["name"]) ?? "tool";
      builder.result(tool, idIn(block["tool_use_id"]) ?? null, resultOf(block["content"]));
    } else left.add(COUNTED[type] ?? type);
  }
  builder.add(...filesOf(message));
  builder.flush();
}

/** Older exports have one text. Newer ones have blocks, and the text once more. */
function blocksOf({ content, text }: Fields): Fields[] {
  if (Array.isArray(content) && content.length > 0)
    return content.map((block) =>
      typeof block === "string" ? { type: "text", text: block } : fieldsIn(block),
    );
  const said = textIn(content) ?? textIn(text);
  return said === undefined ? [] : [{ type: "text", text: said }];
}

/** A file by its name; after it, as it was shown to the model, what Claude read in it. */
function filesOf({ attachments, files }: Fields): Part[] {
  const read = documentsIn(attachments).flatMap(({ file_name, extracted_content }): Part[] => {
    const [filename, text] = [textIn(file_name), textIn(extracted_content)];
    return [
      ...(filename ? [{ type: "input_file" as const, filename }] : []),
      ...(text ? [{ type: "input_text" as const, text }] : []),
    ];
  });
  const named = documentsIn(files).flatMap(({ file_name, file_uuid }): Part[] => {
    const [filename, file_id] = [textIn(file_name), idIn(file_uuid)];
    if (!filename && !file_id) return [];
    return [{ type: "input_file", ...(file_id && { file_id }), ...(filename && { filename }) }];
  });
  return [...read, ...named];
}

/** A tool's result as text; where it is something else than text, as its JSON. */
function resultOf(content: unknown): string {
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return content;
  const texts = listIn(content).map((each) =>
    fieldsIn(each)["type"] === "text" ? textIn(fieldsIn(each)["text"]) : undefined,
  );
  const isText = Array.isArray(content) && texts.every((text) => text !== undefined);
  return isText ? texts.join("\n") : JSON.stringify(content);
}
