import { isObject } from "../../shared/json-merge-patch.ts";
import type { Calls } from "../reading/calls.ts";
import { textIn } from "../reading/fields.ts";
import { MessageBuilder } from "../reading/message-builder.ts";
import type { FoundMessage } from "../reading/turns.ts";
import { addParts, hasCalls } from "../shapes/content-parts.ts";
import { addUiMessage, isUiParts } from "../shapes/ui-message.ts";
import { contentOf, isParts } from "../reading/content.ts";
import type { Draft } from "../reading/conversation.ts";
import { historyOf } from "../reading/history.ts";
import { Unreadable } from "../reading/unreadable.ts";
import type { History } from "../reading/history.ts";
import type { Tally } from "../reading/tally.ts";
import { idOf } from "../shapes/untyped-message.ts";
import { momentOf } from "../reading/moment.ts";
import { roleOf } from "../reading/roles.ts";
import type { ColumnType, Row, Value } from "./database.ts";
import type { Mapping } from "./mapping.ts";
import { parseJson } from "../../shared/json.ts";

/** The table that rows come from. */
export interface Known {
  source: string;
  mapping: Mapping;
  columns: Map<string, ColumnType>;
  /** Whether sessions have bytes as ids. */
  isBytes: boolean;
}

/** Collects the rows of a session as they come. */
export const messageRows =
  (known: Known) =>
  (rows: readonly Row[]): History =>
    historyOf(
      rows.map((value) => ({ value })),
      (value, calls, left) => addRow(calls, value as Row, known, left),
    );

/** @throws Unreadable */
function addRow(calls: Calls, row: Row, { mapping, columns }: Known, left: Tally): void {
  const { role: said = null, content: raw = null } = row;
  if (typeof said !== "string") throw new Unreadable(`it has no ${mapping.role}`);
  const role = roleOf(said, mapping.roles);
  if (role === null)
    throw new Unreadable(
      `its ${mapping.role} "${said.slice(0, 40)}" is not known: name it under roles in the mapping`,
    );
  if (raw === null) {
    left.add("messages without content");
    return;
  }
  if (typeof raw !== "string") throw new Unreadable(`its ${mapping.content} is not UTF-8`);
  const isDocument = columns.get(mapping.content) === "json";
  const id = idOf(row["id"], left);
  const model = textIn(row["model"]);
  const about = { role, ...timeOf(row, left), id, model };
  addContent(calls, { raw, content: contentIn(raw, isDocument) }, about, left);
}

interface Content {
  /** The column's text. */
  raw: string;
  /** The value of its JSON; the text itself where it is none. */
  content: unknown;
}

type About = Pick<FoundMessage, "role" | "id" | "at" | "model">;

/** A text, or what a document says: parts, a message of the AI SDK or of Mastra, or a text in an object. */
function addContent(calls: Calls, { raw, content }: Content, about: About, left: Tally): void {
  const { role } = about;
  const parts = isObject(content) ? content["parts"] : content;
  if (isUiParts(parts, isObject(content))) {
    const own = isObject(content) ? content : {};
    const message = { ...own, parts, role, id: about.id, createdAt: about.at, model: about.model };
    addUiMessage(calls, message, { index: calls.messages.length, model: undefined }, left);
  } else if (isParts(content) && hasCalls(content)) {
    const builder = new MessageBuilder(calls, about, about.id ?? `row_${calls.messages.length}`);
    addParts(builder, content, role, left);
    builder.flush();
  } else {
    const isForeign =
      typeof content === "object" &&
      !isParts(content) &&
      contentOf(content, "tool", left) === JSON.stringify(content);
    if (isForeign) left.add("JSON that is kept as text");
    calls.add({ ...about, content: isForeign ? raw : contentOf(content, role, left) });
  }
}

/** The JSON of a JSON column; of another only where it is a document. */
function contentIn(raw: string, isDocument: boolean): unknown {
  if (!isDocument && !/^(?:\[\s*)?\{/.test(raw)) return raw;
  try {
    return parseJson(raw);
  } catch {
    return raw;
  }
}

/** When a row was written, in UTC where it does not say. */
export function timeOf(row: Row, left: Tally): { at?: number } {
  const said = row["created_at"];
  if (said === null || said === undefined) return {};
  const at = typeof said === "string" ? momentOf(said) : null;
  if (at !== null) return { at };
  left.add("time that cannot be read");
  return {};
}

/** The session's owner and fields, from the first row that has any. */
export const draftOfRows =
  ({ source, mapping, isBytes }: Known) =>
  (id: string, history: History, rows: readonly Row[]): Draft => {
    const { session_table } = mapping;
    const first = (what: string, ...names: string[]): string | undefined => {
      const values = names.flatMap((name) => rows.map((row) => labelIn(row[name])));
      const found = values.filter((value) => value !== null);
      const others = found.filter((value) => value !== found[0]).length;
      history.left.add(`another ${what}`, others);
      return found[0];
    };
    const pairs = (of: object | undefined, prefix: string): [string, string][] =>
      Object.keys(of ?? {}).flatMap((name, at) => {
        const value = first(name, `${prefix}_${at}`);
        return value === undefined ? [] : [[name, value] satisfies [string, string]];
      });
    const created = first("created_at", "session_created_at");
    return {
      id: isBytes ? uuidOf(id) : id,
      source,
      ...history,
      user: first("user_id", "session_user_id", "user_id"),
      assistant: first("assistant", "session_assistant", "assistant"),
      metadata: {
        ...Object.fromEntries([
          ...pairs(session_table?.metadata, "session_metadata"),
          ...pairs(mapping.metadata, "metadata"),
        ]),
        table: mapping.table,
      },
      created: created === undefined ? undefined : (momentOf(created) ?? undefined),
    };
  };

const labelIn = (value: Value | undefined): string | null =>
  value === undefined || value === null || value === ""
    ? null
    : typeof value === "string"
      ? value
      : Buffer.from(value).toString("hex");

/** Bytes as a server writes them in hex: 16 of them are a UUID. */
function uuidOf(id: string): string {
  const hex = id.replace(/^\\x/, "");
  const parts = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex);
  return parts ? parts.slice(1).join("-") : hex;
}
