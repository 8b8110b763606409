import type { RawConversation } from "../reading/message-tree.ts";
import type { Database, Row } from "../sql/database.ts";
import { parseJson } from "../../shared/json.ts";

/** A program whose tables are known: it needs no mapping. */
export interface Program {
  /** Its name in the command. */
  name: string;
  /** Its tables, by which it is found: `a|b` is either, `a#b` a table with a column. */
  tables: readonly string[];
  /** @returns a statement that counts conversations, as `sessions` */
  count: (database: Database) => string;
  /**
   * @param after - a `session_key` to go on after; null from the beginning
   * @returns a statement whose rows have a `session_key` and are ordered by its bytes
   */
  rowsAfter: (database: Database, after: string | null) => string;
  /** @throws Error where the conversation cannot be read */
  conversation: (id: string, rows: readonly Row[]) => RawConversation;
}

/** A column's value as text; nothing where it is none. */
export const columnIn = (row: Row | undefined, name: string): string | undefined => {
  const value = row?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** A column's document; undefined where it is none. */
export function jsonIn(row: Row | undefined, name: string): unknown {
  const text = columnIn(row, name);
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
