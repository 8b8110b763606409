import { contentOf } from "../reading/content.ts";
import { documentsIn, fieldsIn, idIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { MessageBuilder } from "../reading/message-builder.ts";
import { momentOf } from "../reading/moment.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import { roleOf } from "../reading/roles.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { modelOf } from "../reading/model.ts";
import type { Database, Row } from "../sql/database.ts";
import { columnIn, jsonIn } from "./program.ts";
import type { Program } from "./program.ts";

/**
 * Open WebUI's chats in SQLite or PostgreSQL: a tree in the column `chat`, with `currentId` for the branch that is shown;
 * since 2026 a row of `chat_message` for each message, which counts where both have it. Times are seconds or ms.
 * Source: open-webui, backend/open_webui/models/chats.py and chat_messages.py.
 */
const openWebUi = (hasRows: boolean): Program => ({
  name: "open-webui",
  tables: hasRows ? ["chat", "chat_message"] : ["chat", "chatidtag|auth|model"],
  count: () => "select count(*) as sessions from chat",
  rowsAfter: (database, after) => {
    const key = database.idText("session_id", "text");
    const onlyAfter = after === null ? "" : `where ${key} > ${database.idLiteral(after)}`;
    return `select ${key} as session_key, u.* from (${chats(database)} ${hasRows ? `union all ${messages(database)}` : ""}) u
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
      active: textIn(history["currentId"]),
      messages: [...all].map(([name, message]) => rawOf(name, message)),
    };
  },
});

export const openWebUiRows = openWebUi(true);
export const openWebUiTree = openWebUi(false);

/** Both parts have the same columns. */
const text = (database: Database, name: string): string =>
  database.name === "PostgreSQL" ? `${name}::text` : name;
const chats = (database: Database): string =>
  `select id as session_id, 0 as part, id, title, user_id, created_at, updated_at, ${text(database, "chat")} as document,
   null as role, null as parent_id, null as model_id, null as output, null as files from chat`;
const messages = (database: Database): string =>
  `select chat_id as session_id, 1 as part, id, null as title, user_id, created_at, updated_at,
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
    timestamp: columnIn(row, "created_at"),
  };
  // What a row does not say is as the tree has it.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** How an answer's text has what the model thought, and the tools that it called. */
const DETAILS = /<details\b([^>]*)>[^]*?<\/details>\s*/g;
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;

function rawOf(id: string, message: Fields): RawMessage {
  const at = momentOf(message["timestamp"]) ?? undefined;
  return {
    id,
    parent: idIn(message["parentId"]) ?? null,
    at,
    addTo(calls, left) {
      const role = roleOf(textIn(message["role"]) ?? "");
      if (role === null) throw new Unreadable("it does not say who wrote it");
      const model =
        role === "assistant" ? modelOf(textIn(message["model"]), "open-webui") : undefined;
      const builder = new MessageBuilder(calls, { role, id, at, model }, id);
      const content = contentOf(message["content"], role, left);
      let said = typeof content === "string" ? content : "";
      if (role === "assistant")
        said = said.replaceAll(DETAILS, (whole, head: string) => {
          const named = Object.fromEntries(
            [...head.matchAll(ATTRIBUTE)].map(([, name = "", value = ""]) => [
              name,
              unescaped(value),
            ]),
          );
          if (named["type"] === "reasoning") left.add("reasoning");
          else if (named["type"] === "tool_calls") {
            const tool = named["name"] ?? "tool";
            const call = named["id"] ?? builder.callId(0);
            builder.call(call, tool, named["arguments"]);
            if (named["result"] !== undefined) builder.result(tool, call, named["result"]);
          } else return whole;
          return "";
        });
      builder.text(said);
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

const ENTITIES: Record<string, string> = {
  quot: '"',
  amp: "&",
  lt: "<",
  gt: ">",
  "#x27": "'",
  "#39": "'",
};
const unescaped = (value: string): string =>
  value.replaceAll(/&([#\w]+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
