import { contentOf } from "../reading/content.ts";
import type { Calls } from "../reading/calls.ts";
import { documentsIn, fieldsIn, idIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { MessageBuilder } from "../reading/message-builder.ts";
import { momentOf } from "../reading/moment.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import { roleOf } from "../reading/roles.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { modelOf } from "../reading/model.ts";
import type { Tally } from "../reading/tally.ts";
import type { AboutMessage } from "../shapes/chat-message.ts";
import { addResponseItem } from "../shapes/response-item.ts";
import type { Database, Row } from "../sql/database.ts";
import { addDetailed } from "./details.ts";
import { columnIn, jsonIn } from "./program.ts";
import type { Program } from "./program.ts";

/**
 * Open WebUI's chats in SQLite or PostgreSQL: a tree in the column `chat`, with `currentId` for the branch that is shown;
 * since 2026 a row of `chat_message` for each message, which counts where both have it. Newer versions name the branch in
 * the column `current_message_id`. Times are seconds or ms.
 * Source: open-webui, backend/open_webui/models/chats.py (00059776) and chat_messages.py (02530d50).
 */
const openWebUi = (hasRows: boolean, hasCurrent = false): Program => ({
  name: "open-webui",
  tables: hasRows
    ? [hasCurrent ? "chat#current_message_id" : "chat", "chat_message"]
    : ["chat", "chatidtag|auth|model"],
  count: () => "select count(*) as sessions from chat",
  rowsAfter: (database, after) => {
    const key = database.idText("session_id", "text");
    const onlyAfter = after === null ? "" : `where ${key} > ${database.idLiteral(after)}`;
    return `select ${key} as session_key, u.* from (${chats(database, hasCurrent)} ${hasRows ? `union all ${messages(database)}` : ""}) u
      ${onlyAfter} order by ${key}, part, created_at, id`;
  },
  conversation(id, [chat, ...rows]) {
    const document = fieldsIn(jsonIn(chat, "document"));
    const history = fieldsIn(document["history"]);
    const tree = fieldsIn(history["messages"]);
    const all = new Map<string, Fields>(
      Object.entries(tree).map(([name, message]) => [name, fieldsIn(message)]),
    );
    for (const row of rows) {
      const message = messageOf(id, row);
      const name = idIn(message["id"]) ?? "";
      all.set(name, { ...all.get(name), ...message });
    }
    return {
      id,
      source: "open-webui",
      title: columnIn(chat, "title"),
      user: columnIn(chat, "user_id"),
      created: momentOf(columnIn(chat, "created_at")) ?? undefined,
      accessed: momentOf(columnIn(chat, "updated_at")) ?? undefined,
      active: columnIn(chat, "current") ?? textIn(history["currentId"]),
      messages: [...all].map(([name, message]) => rawOf(name, message)),
    };
  },
});

export const openWebUiCurrent = openWebUi(true, true);
export const openWebUiRows = openWebUi(true);
export const openWebUiTree = openWebUi(false);

/** Both parts have the same columns. */
const text = (database: Database, name: string): string =>
  database.name === "PostgreSQL" ? `${name}::text` : name;
const chats = (database: Database, hasCurrent: boolean): string =>
  `select id as session_id, 0 as part, ${hasCurrent ? "current_message_id" : "null"} as current, id, title, user_id, created_at, updated_at, ${text(database, "chat")} as document,
   null as role, null as parent_id, null as model_id, null as output, null as files from chat`;
const messages = (database: Database): string =>
  `select chat_id as session_id, 1 as part, null as current, id, null as title, user_id, created_at, updated_at,
   ${text(database, "content")} as document, role, parent_id, model_id, ${text(database, "output")} as output,
   ${text(database, "files")} as files from chat_message`;

/** A row's id is the chat's, a hyphen, and the message's. */
function messageOf(chat: string, row: Row): Fields {
  const id = columnIn(row, "id") ?? "";
  const fields = {
    id: id.startsWith(`${chat}-`) ? id.slice(chat.length + 1) : id,
    role: columnIn(row, "role"),
    parentId: columnIn(row, "parent_id") ?? null,
    content: jsonIn(row, "document") ?? columnIn(row, "document"),
    model: columnIn(row, "model_id"),
    files: jsonIn(row, "files"),
    output: jsonIn(row, "output"),
    timestamp: columnIn(row, "created_at"),
  };
  // A field that a row does not have is taken from the tree.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function rawOf(id: string, message: Fields): RawMessage {
  const at = momentOf(message["timestamp"]) ?? undefined;
  return {
    id,
    parent: idIn(message["parentId"]) ?? null,
    at,
    addTo(calls, left) {
      const role = roleOf(textIn(message["role"]) ?? "");
      if (role === null) throw new Unreadable("it does not say who wrote it");
      const before = calls.messages.length;
      const model =
        role === "assistant" ? modelOf(textIn(message["model"]), "open-webui") : undefined;
      const builder = new MessageBuilder(calls, { role, id, at, model }, id);
      // Newer versions keep an answer's items beside its text, which is then the same without calls.
      const items = role === "assistant" ? documentsIn(message["output"]) : [];
      const content = items.length > 0 ? "" : contentOf(message["content"], role, left);
      for (const [index, item] of items.entries()) addItem(calls, item, { index, model }, left);
      for (const said of calls.messages.slice(before)) said.at ??= at;
      if (typeof content === "string" && role === "assistant") addDetailed(builder, content, left);
      else if (typeof content === "string") builder.text(content);
      if (typeof content !== "string") builder.add(...content);
      for (const file of documentsIn(message["files"])) {
        const part = contentOf(
          [{ ...file, type: file["type"] === "image" ? "image" : "file" }],
          role,
          left,
        );
        if (typeof part !== "string") builder.add(...part);
      }
      left.add("citations", documentsIn(message["sources"]).length);
      if (message["error"]) left.add("error_marks");
      builder.flush();
    },
  };
}

/** An item of an answer: one of the Responses API, or a program that the model wrote and that was run. */
function addItem(calls: Calls, item: Fields, about: AboutMessage, left: Tally): void {
  if (item["type"] !== "open_webui:code_interpreter")
    return addResponseItem(calls, { role: "assistant", ...item }, about, left);
  const { code, id, output } = item;
  const call = { type: "code_interpreter_call", id, code, output };
  return addResponseItem(calls, call, about, left);
}
