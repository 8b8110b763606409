import type { History } from "../stored/history.ts";
import { parseMapping } from "../sql/mapping.ts";
import { openMysql } from "../sql/mysql.ts";
import { openConversations } from "../sql/conversations.ts";

/** Where the messages of `admin:context:` keys lay, unless a mapping says otherwise. */
export const ADMIN_MAPPING = {
  table: "admin_messages",
  session_id: "admin_id",
  role: "role",
  content: "content",
  created_at: "created_at",
};

export interface AdminMessages {
  /** All that an admin and the assistant said, in order. */
  of(adminId: string): Promise<History>;
  close(): Promise<void>;
}

export interface AdminMessagesOptions {
  /** Where they are, if not as {@link ADMIN_MAPPING} says. */
  mapping?: unknown;
  /** So many of each admin's, the last ones. */
  last?: number | undefined;
}

/** @throws Error where there is no such server, table or column */
export async function openAdminMessages(
  url: string,
  { mapping, last = Infinity }: AdminMessagesOptions = {},
): Promise<AdminMessages> {
  const known = parseMapping(mapping ?? ADMIN_MAPPING);
  const database = await openMysql(url);
  try {
    const conversations = await openConversations(database, { mapping: known });
    return {
      of: async (adminId) => lastOf(await conversations.historyOf(adminId), last),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function lastOf(history: History, last: number): History {
  const { messages } = history;
  const from = Math.max(0, messages.length - last);
  history.left.add("older messages", from);
  return { ...history, messages: messages.slice(from) };
}
