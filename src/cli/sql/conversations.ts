import { conversationOf } from "../conversation.ts";
import type { History } from "../stored/history.ts";
import type { Database, Row } from "./database.ts";
import { prepare } from "./prepare.ts";
import type { Prepared } from "./prepare.ts";
import type { Layout, Read } from "./layout.ts";

export interface Conversations {
  count(): Promise<number>;
  /** In the order of their ids' bytes, one in memory at a time. */
  read(after: string | null): AsyncIterable<Read>;
  /** What one session says. */
  historyOf(id: string): Promise<History>;
}

/** @throws Error where there is no such table or column */
export async function openConversations(
  database: Database,
  layout: Layout,
): Promise<Conversations> {
  const prepared = await prepare(database, layout);
  return {
    count: async () => Number((await database.all(prepared.count))[0]?.["sessions"] ?? 0),
    read: (after) => readAll(database, prepared, after),
    historyOf: async (id) => prepared.historyOf(await database.all(prepared.rowsOf(id))),
  };
}

async function* readAll(
  database: Database,
  prepared: Prepared,
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
      yield whole(prepared, id, rows);
      rows = [];
    }
    id = next;
    rows.push(row);
  }
  if (id !== null) yield whole(prepared, id, rows);
}

function whole(prepared: Prepared, id: string, rows: readonly Row[]): Read {
  const history = prepared.historyOf(rows);
  const draft = prepared.draftOf(id, history, rows);
  return { id, conversation: conversationOf(draft), unread: history.unread };
}
