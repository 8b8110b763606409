import type { Found, Source } from "../source.ts";
import { openConversations } from "./conversations.ts";
import type { Conversations, Read } from "./conversations.ts";
import type { Database } from "./database.ts";
import type { Layout } from "./layout.ts";
import { parseMapping } from "./mapping.ts";
import { openMysql } from "./mysql.ts";
import { openPostgres } from "./postgres.ts";

/** Where LangChain's `SQLChatMessageHistory` keeps all sessions, unless it was told otherwise. */
const LANGCHAIN_TABLE = "message_store";

export interface SqlSourceOptions {
  /** `mysql://user:password@host:port/database`, or `postgres://` likewise. */
  url: string;
  /** Which columns have what, as in the mapping file. */
  mapping?: unknown;
  /** Instead of a mapping: it is LangChain's table, of this name where it is not `message_store`. */
  langchain?: boolean | string | undefined;
  /** Ms since the epoch; no message was said later. */
  now?: number;
}

/** Conversations of a MySQL or a MariaDB, in the order of their ids. @throws Error where the mapping is none */
export const mysqlSource = (options: SqlSourceOptions): Source => sqlSource(openMysql, options);

/** Conversations of a PostgreSQL, in the order of their ids. @throws Error where the mapping is none */
export const postgresSource = (options: SqlSourceOptions): Source =>
  sqlSource(openPostgres, options);

function sqlSource(open: (url: string) => Promise<Database>, options: SqlSourceOptions): Source {
  const { url, now = Date.now() } = options;
  const layout = layoutOf(options);
  const table = "mapping" in layout ? layout.mapping.table : layout.langchain;
  let opened: Promise<Opened> | null = null;
  const openOnce = () => (opened ??= openAll());

  async function openAll(): Promise<Opened> {
    const database = await open(url);
    try {
      return { database, conversations: await openConversations(database, layout, now) };
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
      // What is told ahead of the first session goes on from nowhere.
      for await (const found of conversations.read(after === "" ? null : after)) {
        yield* toldOf(found, before);
        if ("id" in found) before = found.id;
      }
      isWhole = true;
    } finally {
      // Rows that nobody took, or a statement that failed, stand in the way of others.
      if (!isWhole) {
        opened = null;
        await database.close();
      }
    }
  }

  /** @param before - the position of the session before: whoever goes on from there finds this one still */
  function* toldOf(found: Read, before: string): Generator<Found> {
    if ("problem" in found) {
      yield { from: table, position: before, problem: found.problem };
      return;
    }
    const { id, conversation, unread } = found;
    const from = `${table} ${id}`;
    const [torn] = unread;
    if (torn && conversation.turns.length === 0) {
      const problem = `The session ${id} has no message that can be read: ${torn.why}.`;
      yield { from, position: id, problem };
      return;
    }
    for (const { at, why } of unread) {
      const problem = `Message ${at + 1} of session ${id} is left out: ${why}.`;
      yield { from, position: before, problem };
    }
    yield { from, position: id, conversation };
  }

  return {
    total: async () => (await openOnce()).conversations.count(),
    read,
    close: async () => (await opened?.catch(() => null))?.database.close(),
  };
}

interface Opened {
  database: Database;
  conversations: Conversations;
}

function layoutOf({ mapping, langchain }: SqlSourceOptions): Layout {
  const isLangchain = langchain !== undefined && langchain !== false;
  if (isLangchain && mapping !== undefined)
    throw new Error("The table is either LangChain's or one with a mapping, not both.");
  if (isLangchain) return { langchain: langchain === true ? LANGCHAIN_TABLE : langchain };
  if (mapping === undefined)
    throw new Error("It takes a mapping, or has to be told that the table is LangChain's.");
  return { mapping: parseMapping(mapping) };
}
