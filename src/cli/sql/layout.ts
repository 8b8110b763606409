import type { Mapping } from "./mapping.ts";
import type { Conversation } from "../source.ts";
import type { History } from "../stored/history.ts";

/** Which table there is: one that a mapping describes, or one of LangChain's. */
export type Layout = { mapping: Mapping } | { langchain: string };

/** A session of the table, or what of the table is in no session. */
export type Read =
  | { id: string; conversation: Conversation; unread: History["unread"] }
  | { problem: string };
