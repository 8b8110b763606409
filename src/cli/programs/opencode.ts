import { contentOf } from "../reading/content.ts";
import { documentsIn, fieldsIn, idIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { MessageBuilder } from "../reading/message-builder.ts";
import { modelOf } from "../reading/model.ts";
import { momentOf } from "../reading/moment.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import { roleOf } from "../reading/roles.ts";
import type { Tally } from "../reading/tally.ts";
import type { FoundRole } from "../reading/turns.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { outputText } from "../shapes/content-parts.ts";
import type { Row } from "../sql/database.ts";
import { columnIn, jsonIn } from "./program.ts";
import type { Program } from "./program.ts";

/** Parts that say nothing: where steps begin and end, and what files were like. */
const SILENT = new Set(["step-start", "step-finish", "snapshot", "patch"]);

/** opencode's sessions in its SQLite file. A message has its parts in rows of their own. */
export const opencode: Program = {
  name: "opencode",
  tables: ["part", "message", "session", "project", "session_message|session_share"],
  count: () => "select count(distinct session_id) as sessions from message",
  rowsAfter: (database, after) => {
    const key = database.idText("s.id", "text");
    const onlyAfter = after === null ? "" : `where ${key} > ${database.idLiteral(after)}`;
    return `select ${key} as session_key, s.title, s.directory, s.parent_id, s.version, s.time_created as created,
       s.time_updated as updated, m.id, m.data as message, p.data as part
       from session s join message m on m.session_id = s.id left join part p on p.message_id = m.id ${onlyAfter}
       order by ${key}, m.time_created, m.id, p.id`;
  },
  conversation(id, rows) {
    const [first] = rows;
    const at = (name: string) => momentOf(columnIn(first, name)) ?? undefined;
    const messages = Map.groupBy(rows, (row) => columnIn(row, "id") ?? "");
    return {
      id,
      source: "opencode",
      title: columnIn(first, "title"),
      created: at("created"),
      accessed: at("updated"),
      metadata: {
        cwd: columnIn(first, "directory"),
        cli_version: columnIn(first, "version"),
        parent_session: columnIn(first, "parent_id"),
      },
      messages: [...messages].map(([name, parts]) => rawOf(name, parts)),
    };
  },
};

function rawOf(id: string, rows: readonly Row[]): RawMessage {
  const message = fieldsIn(jsonIn(rows[0], "message"));
  const at = momentOf(fieldsIn(message["time"])["created"]) ?? undefined;
  return {
    at,
    addTo(calls, left) {
      const role = roleOf(textIn(message["role"]) ?? "");
      if (role === null) throw new Unreadable("it does not say who wrote it");
      const by = modelOf(textIn(message["modelID"]), textIn(message["providerID"]) ?? "opencode");
      const model = role === "assistant" ? by : undefined;
      const builder = new MessageBuilder(calls, { role, id, at, model }, id);
      for (const [place, part] of documentsIn(rows.map((row) => jsonIn(row, "part"))).entries())
        addPart(builder, part, { place, role }, left);
      if (message["error"]) left.add("error_marks");
      builder.flush();
    },
  };
}

function addPart(
  builder: MessageBuilder,
  part: Fields,
  { place, role }: { place: number; role: FoundRole },
  left: Tally,
): void {
  const type = textIn(part["type"]) ?? "of no type";
  const text = textIn(part["text"]) ?? "";
  // Files that the program read for the user stand in the user's message.
  if (type === "text" && part["synthetic"] === true) left.add("instructions");
  else if (type === "text") builder.text(role === "user" ? unquoted(text) : text);
  else if (type === "tool") addTool(builder, part, place, left);
  else if (!SILENT.has(type)) {
    const content = contentOf([part], role, left);
    if (typeof content !== "string") builder.add(...content);
  }
}

function addTool(builder: MessageBuilder, part: Fields, place: number, left: Tally): void {
  const name = textIn(part["tool"]) ?? "tool";
  const id = idIn(part["callID"]) ?? builder.callId(place);
  const { status, input, output, error, time } = fieldsIn(part["state"]);
  builder.call(id, name, input);
  const at = momentOf(fieldsIn(time)["end"]) ?? undefined;
  if (status === "error") left.add("error_marks");
  if (status === "error" || status === "completed")
    builder.result(name, id, outputText(output ?? error), at);
}

/** `opencode run` puts quotes round an argument with a space in it. */
const unquoted = (text: string): string =>
  /^"(?:[^"]|\\")*"$/.test(text) && text.includes(" ")
    ? text.slice(1, -1).replaceAll('\\"', '"')
    : text;
