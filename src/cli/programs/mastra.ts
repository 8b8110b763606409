import { fieldsIn, textIn } from "../reading/fields.ts";
import { labelsOf } from "../reading/labels.ts";
import { momentOf } from "../reading/moment.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { addChatMessage } from "../shapes/chat-message.ts";
import { addUiMessage, isUiParts } from "../shapes/ui-message.ts";
import type { Row } from "../sql/database.ts";
import { columnIn, jsonIn } from "./program.ts";
import type { Program } from "./program.ts";

/** Mastra's threads in libSQL or PostgreSQL. A message may be of a thread that has no row. */
export const mastra: Program = {
  name: "mastra",
  tables: ["mastra_messages", "mastra_threads"],
  count: () => "select count(distinct thread_id) as sessions from mastra_messages",
  rowsAfter: (database, after) => {
    const q = (name: string) => database.quoted(name);
    const key = database.idText("m.thread_id", "text");
    const onlyAfter = after === null ? "" : `where ${key} > ${database.idLiteral(after)}`;
    return `select ${key} as session_key, m.id, m.role, m.content, m.${q("createdAt")} as created,
       coalesce(m.${q("resourceId")}, t.${q("resourceId")}) as resource, t.id as thread, t.title, t.metadata,
       t.${q("createdAt")} as thread_created, t.${q("updatedAt")} as thread_updated
       from mastra_messages m left join mastra_threads t on t.id = m.thread_id ${onlyAfter}
       order by ${key}, m.${q("createdAt")}, m.id`;
  },
  conversation(id, rows) {
    const [first] = rows;
    const at = (name: string) => momentOf(columnIn(first, name)) ?? undefined;
    return {
      id,
      source: "mastra",
      title: columnIn(first, "title"),
      user: columnIn(first, "resource"),
      created: at("thread_created"),
      accessed: at("thread_updated"),
      metadata: labelsOf(jsonIn(first, "metadata")),
      messages: rows.map((row, index) => rawOf(row, index)),
    };
  },
};

function rawOf(row: Row, index: number): RawMessage {
  const about = { index, model: undefined };
  return {
    addTo(calls, left) {
      const [id, role] = [columnIn(row, "id"), columnIn(row, "role")];
      const createdAt = columnIn(row, "created");
      const content = jsonIn(row, "content") ?? columnIn(row, "content");
      const fields = fieldsIn(content);
      if (isUiParts(fields["parts"], true) || typeof fields["content"] === "string") {
        const metadata = fieldsIn(fields["metadata"]);
        const named = [textIn(metadata["provider"]), textIn(metadata["modelId"])];
        const model = named[1] === undefined ? undefined : named.filter(Boolean).join("/");
        addUiMessage(calls, { ...fields, id, role, createdAt, model }, about, left);
      } else if (typeof content === "string" || Array.isArray(content))
        addChatMessage(calls, { id, role, content, createdAt }, about, left);
      else throw new Unreadable("its content is of no format that is known");
    },
  };
}
