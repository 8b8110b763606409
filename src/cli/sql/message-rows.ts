import type { FoundMessage, FoundRole } from "../reading/turns.ts";
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

/** What is known of the table that rows come from. */
export interface Known {
  source: string;
  mapping: Mapping;
  columns: Map<string, ColumnType>;
  /** Whether sessions have bytes as ids. */
  isBytes: boolean;
}

/** What rows of a session say, as they come. */
export const messageRows =
  ({ mapping, columns }: Known) =>
  (rows: readonly Row[]): History =>
    historyOf(
      rows.map((value) => ({ value })),
      (value, calls, left) => calls.add(...messageOf(value as Row, left, mapping, columns)),
    );

/** @throws Unreadable */
function messageOf(
  row: Row,
  left: Tally,
  mapping: Mapping,
  columns: Map<string, ColumnType>,
): FoundMessage[] {
  const { role: said = null, content: raw = null } = row;
  if (typeof said !== "string") throw new Unreadable(`it has no ${mapping.role}`);
  const role = roleOf(said, mapping.roles);
  if (role === null)
    throw new Unreadable(
      `its ${mapping.role} "${said.slice(0, 40)}" is not known: name it under roles in the mapping`,
    );
  if (raw === null) {
    left.add("messages without content");
    return [];
  }
  if (typeof raw !== "string") throw new Unreadable(`its ${mapping.content} is not UTF-8`);
  const content = contentIn(raw, role, columns.get(mapping.content) === "json", left);
  const id = idOf(row["id"], left);
  const { model } = row;
  const message: FoundMessage = {
    role,
    content,
    ...timeOf(row, left),
    ...(id !== undefined && { id }),
    ...(typeof model === "string" && model !== "" && { model }),
  };
  return [message];
}

/** The JSON of a JSON column; of another only where it is a list of parts, as a model takes them. */
function contentIn(
  raw: string,
  role: FoundRole,
  isJson: boolean,
  left: Tally,
): FoundMessage["content"] {
  if (!isJson && !raw.startsWith("[{")) return raw;
  try {
    const value: unknown = JSON.parse(raw);
    return isJson || isParts(value) ? contentOf(value, role, left) : raw;
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

/** Of whom and of what a session is: what the first row says that says anything. */
export const draftOfRows =
  ({ source, mapping, isBytes }: Known) =>
  (id: string, history: History, rows: readonly Row[]): Draft => {
    const { session_table } = mapping;
    const first = (what: string, ...names: string[]): string | undefined => {
      const values = names.flatMap((name) => rows.map((row) => textIn(row[name])));
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

const textIn = (value: Value | undefined): string | null =>
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
