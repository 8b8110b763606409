import type { Found, Source } from "../source.ts";
import type { ReadOptions } from "../reading/reader.ts";
import { openConversations } from "./conversations.ts";
import type { Conversations, Read } from "./conversations.ts";
import type { Database } from "./database.ts";
import { programIn } from "../programs/programs.ts";
import type { Layout } from "./layout.ts";
import { parseMapping } from "./mapping.ts";
import { openMysql } from "./mysql.ts";
import { openPostgres } from "./postgres.ts";

/** Where LangChain's `SQLChatMessageHistory` keeps all sessions, unless it was told otherwise. */
const LANGCHAIN_TABLE = "message_store";

export interface SqlSourceOptions extends Partial<ReadOptions> {
  /** `mysql://user:password@host:port/database`, `postgres://…`, or the path of a SQLite file. */
  url: string;
  /** Which columns have what, as in the mapping file. Without one, the tables of a known program are looked for. */
  mapping?: unknown;
  /** Instead of a mapping: it is LangChain's table, of this name where it is not `message_store`. */
  langchain?: boolean | string | undefined;
}

/** Conversations of a MySQL or a MariaDB, in the order of their ids. @throws Error where the mapping is none */
export const mysqlSource = (options: SqlSourceOptions): Source => sqlSource(openMysql, options);

/** Conversations of a PostgreSQL, in the order of their ids. @throws Error where the mapping is none */
export const postgresSource = (options: SqlSourceOptions): Source =>
  sqlSource(openPostgres, options);

/** Conversations of a SQLite file, in the order of their ids. @throws Error where the mapping is none */
export const sqliteSource = (options: SqlSourceOptions): Source =>
  sqlSource(async (path) => (await import("./sqlite.ts")).openSqlite(path), options);

function sqlSource(open: (url: string) => Promise<Database>, given: SqlSourceOptions): Source {
  const { url, mapping: _mapping, langchain: _langchain, ...rest } = given;
  const options = { now: Date.now(), ...rest };
  const named = layoutOf(given);
  let opened: Promise<Opened> | null = null;
  const openOnce = () => (opened ??= openAll());

  async function openAll(): Promise<Opened> {
    const database = await open(url);
    try {
      const layout = named ?? { program: await programIn(database) };
      return { database, conversations: await openConversations(database, layout, options) };
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async function* read(after: string | null): AsyncGenerator<Found> {
    const { database, conversations } = await openOnce();
    let isWhole = false;
    try {
      let before = after ?? "";
      // A problem ahead of the first session has no position to go on from.
      for await (const found of conversations.read(after === "" ? null : after)) {
        yield* toldOf(found, before, conversations.from);
        if ("id" in found) before = found.id;
      }
      isWhole = true;
    } finally {
      // Rows that were not taken, or a statement that failed, block the connection.
      if (!isWhole) {
        opened = null;
        await database.close();
      }
    }
  }

  return {
    total: async () => (await openOnce()).conversations.count(),
    read,
    close: async () => (await opened?.catch(() => null))?.database.close(),
  };
}

/** @param before - the position of the session before: an import that goes on from there finds this one still */
function* toldOf(found: Read, before: string, table: string): Generator<Found> {
  if ("problem" in found) {
    yield { from: table, position: before, problem: found.problem };
    return;
  }
  const { id, outcomes } = found;
  const from = `${table} ${id}`;
  for (const [index, outcome] of outcomes.entries())
    yield { from, position: index === outcomes.length - 1 ? id : before, ...outcome };
}

interface Opened {
  database: Database;
  conversations: Conversations;
}

/** Null where the tables say what they are. */
function layoutOf({ mapping, langchain }: SqlSourceOptions): Layout | null {
  const isLangchain = langchain !== undefined && langchain !== false;
  if (isLangchain && mapping !== undefined)
    throw new Error("The table is either LangChain's or one with a mapping, not both.");
  if (isLangchain) return { langchain: langchain === true ? LANGCHAIN_TABLE : langchain };
  return mapping === undefined ? null : { mapping: parseMapping(mapping) };
}
