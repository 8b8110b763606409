import type { Conversation } from "../source.ts";
import { conversationOf } from "../reading/conversation.ts";
import type { History } from "../reading/history.ts";
import type { Database, Row } from "./database.ts";
import type { Layout } from "./layout.ts";
import { prepare } from "./prepare.ts";
import type { Prepared } from "./prepare.ts";

/** A session of the table, or what of the table is in no session. */
export type Read =
  | { id: string; conversation: Conversation; unread: History["unread"] }
  | { problem: string };

export interface Conversations {
  count(): Promise<number>;
  /** In the order of their ids' bytes, one in memory at a time. */
  read(after: string | null): AsyncIterable<Read>;
  /** What one session says. */
  historyOf(id: string): Promise<History>;
}

/**
 * @param now - ms since the epoch: no message was said later
 * @throws Error where there is no such table or column
 */
export async function openConversations(
  database: Database,
  layout: Layout,
  now: number,
): Promise<Conversations> {
  const prepared = await prepare(database, layout);
  return {
    count: async () => Number((await database.all(prepared.count))[0]?.["sessions"] ?? 0),
    read: (after) => readAll({ database, prepared, now }, after),
    historyOf: async (id) => prepared.historyOf(await database.all(prepared.rowsOf(id))),
  };
}

async function* readAll(
  { database, prepared, now }: { database: Database; prepared: Prepared; now: number },
  after: string | null,
): AsyncGenerator<Read> {
  if (after === null) {
    for (const { sql, problem } of prepared.strays) {
      const rows = Number((await database.all(sql))[0]?.["rows_of_none"] ?? 0);
      if (rows > 0) yield { problem: problem(rows) };
    }
  }
  let id: string | null = null;
  let rows: Row[] = [];
  for await (const row of database.stream(prepared.rowsAfter(after))) {
    const next = String(row["session_key"]);
    if (next !== id && id !== null) {
      yield whole(prepared, id, rows, now);
      rows = [];
    }
    id = next;
    rows.push(row);
  }
  if (id !== null) yield whole(prepared, id, rows, now);
}

function whole(prepared: Prepared, id: string, rows: readonly Row[], now: number): Read {
  const history = prepared.historyOf(rows);
  const draft = prepared.draftOf(id, history, rows);
  return { id, conversation: conversationOf(draft, now), unread: history.unread };
}
