import type { History } from "../reading/history.ts";
import { parseMapping } from "../sql/mapping.ts";
import { openMysql } from "../sql/mysql.ts";
import { openTable } from "../sql/conversations.ts";
import type { TableConversations } from "../sql/conversations.ts";
import type { Database } from "../sql/database.ts";
import { isObject } from "../../shared/json-merge-patch.ts";

/** The kinds of keys whose messages lie in MySQL, and where, unless a mapping says otherwise. */
export const MYSQL_MAPPINGS = {
  admin: {
    table: "admin_messages",
    session_id: "admin_id",
    role: "role",
    content: "content",
    created_at: "created_at",
  },
  customer: {
    table: "customer_messages",
    session_id: "customer_id",
    role: "role",
    content: "content",
    created_at: "created_at",
  },
};
export type MysqlKind = keyof typeof MYSQL_MAPPINGS;

/** The last messages of an admin or a customer. */
export interface LastMessages extends History {
  /** There are older ones, which were not asked for. */
  isCut: boolean;
}

export interface MysqlHistory {
  /** All messages of an admin or a customer, in order; null where MySQL has no table of the kind. */
  of(kind: MysqlKind, id: string): Promise<LastMessages | null>;
  close(): Promise<void>;
}

export interface MysqlHistoryOptions {
  /** The mapping file: a mapping of the admins' table, or `{admin, customer}` with one each. */
  mapping?: unknown;
  /** How many messages of each admin or customer are read, counted from the last. */
  last?: number | undefined;
  /** Ms since the epoch; no message was said later. */
  now: number;
}

/** @throws Error where there is no such server, or no such table or column as a mapping names */
export async function openMysqlHistory(
  url: string,
  { mapping, last = Infinity, now }: MysqlHistoryOptions,
): Promise<MysqlHistory> {
  const named = mappingsIn(mapping);
  const database = await openMysql(url);
  try {
    const tables = new Map<MysqlKind, TableConversations>();
    for (const kind of ["admin", "customer"] as const) {
      const conversations = await openKind(database, kind, named[kind], now);
      if (conversations) tables.set(kind, conversations);
    }
    if (tables.size === 0) {
      const names = Object.values(MYSQL_MAPPINGS).map(({ table }) => table);
      throw new Error(
        `MySQL has neither table ${names.join(" nor ")} there: name yours with --mysql-mapping.`,
      );
    }
    return {
      async of(kind, id) {
        const conversations = tables.get(kind);
        return conversations ? lastOf(await conversations.historyOf(id), last) : null;
      },
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A table that a mapping names has to be there; one of those that are usual may be missing. */
async function openKind(
  database: Database,
  kind: MysqlKind,
  named: unknown,
  now: number,
): Promise<TableConversations | null> {
  const mapping = parseMapping(named ?? MYSQL_MAPPINGS[kind]);
  if (named === undefined && !(await database.columns(mapping.table))) return null;
  return openTable(database, { mapping }, { now });
}

function mappingsIn(mapping: unknown): Partial<Record<MysqlKind, unknown>> {
  const isOne = !isObject(mapping) || "table" in mapping;
  return isOne ? { admin: mapping } : { admin: mapping["admin"], customer: mapping["customer"] };
}

function lastOf(history: History, last: number): LastMessages {
  const { messages } = history;
  const from = Math.max(0, messages.length - last);
  history.left.add("older messages", from);
  return { ...history, messages: messages.slice(from), isCut: from > 0 };
}
