import { basename } from "node:path";

import { contentOf } from "../reading/content.ts";
import { documentsIn, fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import type { Calls } from "../reading/calls.ts";
import { MessageBuilder } from "../reading/message-builder.ts";
import { sessionsOf } from "../reading/message-tree.ts";
import { modelOf } from "../reading/model.ts";
import { momentOf } from "../reading/moment.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import type { Outcome, ReadOptions, Reader } from "../reading/reader.ts";
import { Tally } from "../reading/tally.ts";
import { outputText } from "../shapes/content-parts.ts";
import { jsonValues } from "./json-values.ts";
import type { JsonValue } from "./json-value.ts";
import { readableFields } from "./readable-fields.ts";

/** Texts that the program itself says in the user's name. Source: `isIgnoredUserContent` of its bundle. */
const OWN_TEXT = /^\s*<(?:session_context|hook_context)>/;

/** Whether a document is the first line of a chat, or a whole chat of older versions. */
export const isGeminiCli = ({ sessionId, projectHash }: Fields): boolean =>
  idIn(sessionId) !== undefined && typeof projectHash === "string";

/** Chats of Gemini CLI: a file is a session. Its lines are messages, and changes of what came before. */
export const geminiCli: Reader = async function* (path, options) {
  const lines: JsonValue[] = [];
  for await (const line of jsonValues(path, options)) lines.push(line);
  yield { from: basename(path), read: () => told(lines, options) };
};

function told(lines: readonly JsonValue[], options: ReadOptions): Outcome[] {
  const left = new Tally();
  const about: Fields = {};
  let messages = new Map<string, Fields>();
  /** Also those that are not in the chat any more: when it goes on, it is emptied and written again. */
  const seen = new Map<string, Fields>();
  const put = (message: Fields) => {
    const id = idIn(message["id"]) ?? `#${messages.size + 1}`;
    const known = newer(seen.get(id), message);
    seen.set(id, known);
    messages.set(id, known);
  };
  for (const fields of readableFields(lines, left)) {
    const { $rewindTo: rewound, $set: set, messages: whole, ...rest } = fields;
    const changed = fieldsIn(set);
    const list = Array.isArray(changed["messages"]) ? changed["messages"] : whole;
    if (typeof rewound === "string") messages = until(messages, rewound);
    else if (idIn(fields["id"]) !== undefined) put(fields);
    else {
      const { messages: _list, ...others } = { ...rest, ...changed };
      // The program writes its start again each time that it goes on.
      Object.assign(about, others, { startTime: about["startTime"] ?? others["startTime"] });
    }
    if (!Array.isArray(list)) continue;
    messages = new Map();
    for (const message of documentsIn(list)) put(message);
  }
  const id = idIn(about["sessionId"]);
  if (id === undefined) return [{ problem: "is no chat: it has no session" }];
  return sessionsOf(
    {
      id,
      source: "gemini-cli",
      left,
      messages: [...messages].map(([name, message]) => rawOf(name, message)),
      title: textIn(about["summary"]),
      created: momentOf(about["startTime"]) ?? undefined,
      accessed: momentOf(about["lastUpdated"]) ?? undefined,
    },
    options,
  );
}

/** The last line of an id counts. When a chat goes on, its messages are written again: with less in them, and a later time. */
function newer(before: Fields | undefined, message: Fields): Fields {
  if (!before) return message;
  const isLess = Array.isArray(message["content"]) && typeof before["content"] === "string";
  return { ...before, ...(isLess ? {} : message), timestamp: before["timestamp"] };
}

/** Messages before one that was taken back, with all after it; none where it is not known. */
function until(messages: ReadonlyMap<string, Fields>, id: string): Map<string, Fields> {
  const place = [...messages.keys()].indexOf(id);
  return new Map([...messages].slice(0, Math.max(place, 0)));
}

function rawOf(id: string, message: Fields): RawMessage {
  const at = momentOf(message["timestamp"]) ?? undefined;
  return {
    at,
    addTo(calls, left) {
      const type = textIn(message["type"]) ?? "of no type";
      const role = type === "gemini" ? "assistant" : "user";
      if (type !== "user" && type !== "gemini") {
        left.add(`notes of the program (${type})`);
        return;
      }
      const by = role === "assistant" ? modelOf(textIn(message["model"]), "google") : undefined;
      const builder = new MessageBuilder(calls, { role, id, at, model: by }, id);
      const { content } = message;
      for (const part of typeof content === "string" ? [{ text: content }] : listIn(content))
        addPart(builder, calls, typeof part === "string" ? { text: part } : fieldsIn(part), left);
      left.add("reasoning", listIn(message["thoughts"]).length);
      for (const [place, call] of documentsIn(message["toolCalls"]).entries()) {
        const callId = idIn(call["id"]) ?? builder.callId(place);
        builder.call(callId, textIn(call["name"]) ?? "tool", call["args"]);
        for (const part of documentsIn(call["result"])) addPart(builder, calls, part, left);
      }
      builder.flush();
    },
  };
}

function addPart(builder: MessageBuilder, calls: Calls, part: Fields, left: Tally): void {
  const { text, thought, functionCall, functionResponse, inlineData, fileData } = part;
  const call = fieldsIn(functionCall ?? functionResponse);
  const name = textIn(call["name"]) ?? "tool";
  const id = idIn(call["id"]) ?? null;
  if (thought === true) left.add("reasoning");
  else if (typeof text === "string" && OWN_TEXT.test(text)) left.add("instructions");
  else if (typeof text === "string") builder.text(text);
  else if (functionCall) builder.call(id ?? builder.callId(0), name, call["args"]);
  else if (functionResponse) {
    // A result is in the call, and again as a message of the user.
    const isTold = calls.messages.some(({ tool_call_id }) => id !== null && tool_call_id === id);
    const { output, ...more } = fieldsIn(call["response"]);
    const isText = typeof output === "string" && Object.keys(more).length === 0;
    if (!isTold) builder.result(name, id, isText ? output : outputText(call["response"]));
  } else {
    const file = fieldsIn(inlineData ?? fileData);
    const { fileUri, displayName: filename } = file;
    const found = contentOf([{ ...file, type: "file", url: fileUri, filename }], "user", left);
    if (typeof found !== "string") builder.add(...found);
  }
}
