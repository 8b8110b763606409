import { entryOf } from "../reading/history.ts";
import type { Entry, History } from "../reading/history.ts";
import { langchainHistory } from "../shapes/langchain.ts";
import { Tally } from "../reading/tally.ts";
import type { Row } from "./database.ts";
import { timeOf } from "./message-rows.ts";

/**
 * Reads rows of LangChain's tables: `SQLChatMessageHistory`'s has JSON as text, `PostgresChatMessageHistory`'s as
 * jsonb and, in newer versions, the time.
 */
export function langchainRows(rows: readonly Row[]): History {
  const left = new Tally();
  return langchainHistory(
    rows.map((row) => ({ ...messageIn(row), ...timeOf(row, left) })),
    left,
  );
}

const messageIn = ({ content = null }: Row): Entry =>
  content === null ? { why: "it is null" } : entryOf(typeof content === "string" ? content : null);
