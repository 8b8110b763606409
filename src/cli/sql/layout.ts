import type { Mapping } from "./mapping.ts";

/** The table with the messages: one that a mapping describes, or one of LangChain's. */
export type Layout = { mapping: Mapping } | { langchain: string };
