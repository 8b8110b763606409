import { listIn, fieldsIn, textIn } from "../reading/fields.ts";
import { momentOf } from "../reading/moment.ts";
import { Tally } from "../reading/tally.ts";
import { langchainMessages } from "../shapes/langchain.ts";
import { columnIn, jsonIn } from "./program.ts";
import type { Program } from "./program.ts";

/** A value over the checkpoints of the same thread. */
const ofThread = (what: string, where: string): string =>
  `(select ${what} from checkpoints o where o.thread_id = c.thread_id and ${where})`;
const IN_GRAPH = "o.checkpoint_ns = ''";

const timeOf = (checkpoint: unknown): number | undefined =>
  momentOf(textIn(fieldsIn(checkpoint)["ts"])) ?? undefined;

/**
 * LangGraph's checkpoints in PostgreSQL or SQLite. Each has the whole history of its thread: only the newest counts.
 * PostgreSQL has the messages in `checkpoint_blobs`, under the version that the checkpoint names; SQLite, and older
 * versions of PostgreSQL's, in the checkpoint.
 */
export const langgraph: Program = {
  name: "langgraph",
  tables: ["checkpoints", "checkpoint_blobs|writes"],
  count: () => "select count(distinct thread_id) as sessions from checkpoints",
  rowsAfter: (database, after) => {
    const key = database.idText("c.thread_id", "text");
    const isPostgres = database.name === "PostgreSQL";
    const text = isPostgres ? "checkpoint::text" : "checkpoint";
    const first = ofThread("min(o.checkpoint_id)", IN_GRAPH);
    const messages = isPostgres
      ? "b.type as type, b.blob as messages"
      : "c.type as type, null as messages";
    const joined = isPostgres
      ? `left join checkpoint_blobs b on b.thread_id = c.thread_id and b.checkpoint_ns = c.checkpoint_ns
         and b.channel = 'messages' and b.version = c.checkpoint -> 'channel_versions' ->> 'messages'`
      : "";
    const onlyAfter = after === null ? "" : `and ${key} > ${database.idLiteral(after)}`;
    return `select ${key} as session_key, ${messages}, c.${text} as checkpoint,
       ${ofThread(text, `${IN_GRAPH} and o.checkpoint_id = ${first}`)} as first,
       ${ofThread("count(distinct checkpoint_ns)", "o.checkpoint_ns <> ''")} as subgraphs
       from checkpoints c ${joined}
       where c.checkpoint_ns = '' and c.checkpoint_id = ${ofThread("max(o.checkpoint_id)", IN_GRAPH)} ${onlyAfter}
       order by ${key}`;
  },
  conversation(id, [row]) {
    const left = new Tally();
    left.add("subgraphs", Number(columnIn(row, "subgraphs") ?? 0));
    const checkpoint = fieldsIn(jsonIn(row, "checkpoint"));
    const type = columnIn(row, "type") ?? "json";
    const isRead = type === "json" || Object.keys(checkpoint).length > 0;
    const inline = fieldsIn(checkpoint["channel_values"])["messages"];
    const messages = jsonIn(row, "messages") ?? inline;
    if (messages === undefined && (!isRead || type !== "json"))
      throw new Error(`its messages are ${type}, as LangGraph for Python writes them: not JSON`);
    return {
      id,
      source: "langgraph",
      left,
      messages: langchainMessages(listIn(messages)),
      // Messages have no times; checkpoints have.
      created: timeOf(jsonIn(row, "first")) ?? timeOf(checkpoint),
      accessed: timeOf(checkpoint),
    };
  },
};
