import type { Entry, History } from "../stored/history.ts";
import { langchainHistory } from "../stored/langchain.ts";
import { Tally } from "../tally.ts";
import type { Row } from "./database.ts";
import { timeOf } from "./message-rows.ts";

/**
 * What rows of LangChain's tables say: `SQLChatMessageHistory`'s has JSON as text, `PostgresChatMessageHistory`'s as
 * jsonb and, in newer versions, the time.
 */
export function langchainRows(rows: readonly Row[]): History {
  const left = new Tally();
  return langchainHistory(
    rows.map((row) => ({ ...entryOf(row), ...timeOf(row, left) })),
    left,
  );
}

function entryOf({ content = null }: Row): Entry {
  if (content === null) return { why: "it is null" };
  if (typeof content !== "string") return { why: "it is not UTF-8" };
  try {
    return { value: JSON.parse(content) as unknown };
  } catch {
    return { why: "it is not JSON" };
  }
}
