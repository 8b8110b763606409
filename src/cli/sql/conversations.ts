import { conversationOf } from "../reading/conversation.ts";
import type { History } from "../reading/history.ts";
import { sessionsOf } from "../reading/message-tree.ts";
import type { Outcome, ReadOptions } from "../reading/reader.ts";
import type { Program } from "../programs/program.ts";
import type { Database, Row } from "./database.ts";
import type { Layout, TableLayout } from "./layout.ts";
import { prepare } from "./prepare.ts";
import type { Prepared } from "./prepare.ts";

/** A session of the tables, or rows that are in no session. */
export type Read = { id: string; outcomes: Outcome[] } | { problem: string };

export interface Conversations {
  /** The tables, for a person. */
  from: string;
  count(): Promise<number>;
  /** In the order of their ids' bytes, one in memory at a time. */
  read(after: string | null): AsyncIterable<Read>;
}

/** The conversations of one table, of which each can be asked for. */
export interface TableConversations extends Conversations {
  historyOf(id: string): Promise<History>;
}

/** @throws Error where there is no such table or column */
export async function openConversations(
  database: Database,
  layout: Layout,
  options: ReadOptions,
): Promise<Conversations> {
  if (!("program" in layout)) return openTable(database, layout, options);
  const { program } = layout;
  return {
    from: program.name,
    count: () => countOf(database, program.count(database)),
    read: (after) =>
      bySession(database, program.rowsAfter(database, after), (id, rows) =>
        ofProgram(program, { id, rows }, options),
      ),
  };
}

/** @throws Error where there is no such table or column */
export async function openTable(
  database: Database,
  layout: TableLayout,
  options: ReadOptions,
): Promise<TableConversations> {
  const prepared = await prepare(database, layout);
  return {
    from: "mapping" in layout ? layout.mapping.table : layout.langchain,
    count: () => countOf(database, prepared.count),
    async *read(after) {
      if (after === null) yield* straysOf(database, prepared);
      yield* bySession(database, prepared.rowsAfter(after), (id, rows) =>
        ofTable(prepared, { id, rows }, options),
      );
    },
    historyOf: async (id) => prepared.historyOf(await database.all(prepared.rowsOf(id))),
  };
}

const countOf = async (database: Database, sql: string): Promise<number> =>
  Number((await database.all(sql))[0]?.["sessions"] ?? 0);

async function* straysOf(database: Database, { strays }: Prepared): AsyncGenerator<Read> {
  for (const { sql, problem } of strays) {
    const rows = Number((await database.all(sql))[0]?.["rows_of_none"] ?? 0);
    if (rows > 0) yield { problem: problem(rows) };
  }
}

/** Rows with the same key, which follow each other, together. */
async function* bySession(
  database: Database,
  sql: string,
  outcomesOf: (id: string, rows: readonly Row[]) => Outcome[],
): AsyncGenerator<Read> {
  let id: string | null = null;
  let rows: Row[] = [];
  for await (const row of database.stream(sql)) {
    const next = String(row["session_key"]);
    if (next !== id && id !== null) {
      yield { id, outcomes: outcomesOf(id, rows) };
      rows = [];
    }
    id = next;
    rows.push(row);
  }
  if (id !== null) yield { id, outcomes: outcomesOf(id, rows) };
}

interface Session {
  id: string;
  rows: readonly Row[];
}

function ofProgram(program: Program, { id, rows }: Session, options: ReadOptions): Outcome[] {
  try {
    return sessionsOf(program.conversation(id, rows), options).map((outcome) =>
      "problem" in outcome ? { problem: `The session ${id}: ${outcome.problem}` } : outcome,
    );
  } catch (error) {
    return [{ problem: `The session ${id} cannot be read: ${(error as Error).message}.` }];
  }
}

function ofTable(prepared: Prepared, { id, rows }: Session, { now }: ReadOptions): Outcome[] {
  const { unread, ...history } = prepared.historyOf(rows);
  const conversation = conversationOf(prepared.draftOf(id, { ...history, unread }, rows), now);
  const [torn] = unread;
  if (torn && conversation.turns.length === 0)
    return [{ problem: `The session ${id} has no message that can be read: ${torn.why}.` }];
  return [
    ...unread.map(({ at, why }) => ({
      problem: `Message ${at + 1} of session ${id} is left out: ${why}.`,
    })),
    { conversation },
  ];
}
